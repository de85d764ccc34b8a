"""Small charts as inline SVG: no script, no style attribute, every chart with its numbers as text for who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from watcher.compare.render_text import clean

_S = Markup


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its length, the text beside it, and a second value (the baseline) as a tick."""

    label: str
    value: float
    text: str
    tick: float | None = None
    weak: bool = False
    """Drawn hollow (an expectation rather than an obligation)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line over years; points are (year, value)."""

    label: str
    points: tuple[tuple[int, float], ...]
    hopes: frozenset[int] = frozenset()
    """Years that are aimed at rather than reached: the way there is dashed."""


def spark(points: Sequence[tuple[int, float]], label: str) -> Markup:
    """Steps over version numbers: a value holds until the version that changes it."""
    width, height = 92, 24
    if not points:
        return _S("")
    values = [value for _, value in points]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    first, last = points[0][0], max(points[-1][0], points[0][0] + 1)

    def place(at: int, value: float) -> tuple[float, float]:
        x = 4 + (at - first) / (last - first) * (width - 8)
        y = height / 2 if high == low else height - 4 - (value - low) / span * (height - 8)
        return round(x, 1), round(y, 1)

    steps: list[str] = []
    for number, (at, value) in enumerate(points):
        x, y = place(at, value)
        steps.append(f"M{x} {y}" if number == 0 else f"H{x}V{y}")
    steps.append(f"H{width - 4}")
    x, y = place(*points[-1])
    return _S(
        '<svg class="spark" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}"><path d="{}"/>'
        '<circle cx="{}" cy="{}" r="2.6"/></svg>'
    ).format(clean(label), width, height, width, height, " ".join(steps), min(x, width - 4), y)


def bars(rows: Sequence[Bar], label: str) -> Markup:
    """Horizontal bars from zero, longest scale shared; a tick marks where one starts from."""
    if not rows:
        return _S("")
    most = max([abs(row.value) for row in rows] + [abs(row.tick) for row in rows if row.tick is not None]) or 1.0
    width, left, right, step = 440, 112, 96, 26
    room = width - left - right
    out = [
        _S('<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}">').format(
            clean(label), width, step * len(rows) + 6, width
        )
    ]
    for place, row in enumerate(rows):
        y = place * step + 4
        long = max(abs(row.value) / most * room, 1.5)
        out.append(
            _S(
                '<g><text class="name" x="{}" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="16" rx="2"/>'
            ).format(left - 8, y + 13, _short(row.label, 8), "weak" if row.weak else "strong", left, y, round(long, 1))
        )
        if row.tick is not None:
            x = round(left + abs(row.tick) / most * room, 1)
            out.append(_S('<path class="tick" d="M{} {}v20"/>').format(x, y - 2))
            long = max(long, abs(row.tick) / most * room)
        out.append(
            _S('<text class="value" x="{}" y="{}">{}</text></g>').format(
                round(left + long + 7, 1), y + 13, clean(row.text)
            )
        )
    out.append(_S("</svg>"))
    return _S("").join(out)


def lines(rows: Sequence[Line], label: str) -> Markup:
    """Lines over years, each named at its end; names are pushed apart so that they can be read."""
    rows = [row for row in rows if len(row.points) > 1]
    if not rows:
        return _S("")
    years = sorted({year for row in rows for year, _ in row.points})
    values = [value for row in rows for _, value in row.points]
    low, high = min(values), max(values)
    span = high - low
    if span <= 1e-9 * max(abs(low), abs(high), 1e-3):  # as good as one value
        span = max(abs(high), 1e-6)
    ticks = _ticks(low, high, span)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    width, height = 440, 260
    left, right, top, bottom = 50, 98, 12, 30

    def x(year: int) -> float:
        return round(left + (year - years[0]) / max(years[-1] - years[0], 1) * (width - left - right), 1)

    def y(value: float) -> float:
        return round(height - bottom - (value - low) / (high - low) * (height - top - bottom), 1)

    out = [
        _S('<svg class="lines" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}">').format(
            clean(label), width, height, width
        )
    ]
    out += [
        _S('<path class="grid" d="M{} {}H{}"/><text class="axis end" x="{}" y="{}">{}</text>').format(
            left, y(value), width - right, left - 8, y(value) + 4, f"{value:.6g}"
        )
        for value in ticks
    ]
    for year in years if len(years) < 9 else (years[0], years[len(years) // 2], years[-1]):
        out += [_S('<text class="axis middle" x="{}" y="{}">{}</text>').format(x(year), height - 8, year)]
    ends: list[float] = []
    for place, row in enumerate(sorted(rows, key=lambda one: -one.points[-1][1])):
        kind = f"s{place % 6}"
        for (start, low_value), (end, high_value) in pairwise(row.points):
            path = f"M{x(start)} {y(low_value)}L{x(end)} {y(high_value)}"
            out.append(_S('<path class="line {}{}" d="{}"/>').format(kind, " hope" if end in row.hopes else "", path))
        for year, value in row.points:
            hope = " hope" if year in row.hopes else ""
            out.append(_S('<circle class="{}{}" cx="{}" cy="{}" r="3.2"/>').format(kind, hope, x(year), y(value)))
        at = y(row.points[-1][1])
        while any(abs(at - other) < 14 for other in ends):
            at += 3
        ends.append(at)
        out.append(
            _S('<text class="end-name {}" x="{}" y="{}">{}</text>').format(
                kind, x(row.points[-1][0]) + 8, at + 4, _short(row.label, 7)
            )
        )
    out.append(_S("</svg>"))
    return _S("").join(out)


def _ticks(low: float, high: float, span: float) -> list[float]:
    """Four to seven round numbers (steps of 1, 2 or 5) around what is drawn."""
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(at * step, 10) for at in range(first, max(last, first + 1) + 1)]


def _short(text: str, most: int) -> str:
    text = clean(text)
    return text if len(text) <= most else text[: most - 1] + "…"
