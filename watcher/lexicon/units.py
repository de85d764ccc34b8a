"""Units: which belong to one family, how large each is, and whether two may stand for each other.

The words are data (``units.yaml``); a printed unit is a unit of the file, with a magnitude before it (万人, 亿千瓦时)
and a rate behind it (万管/日) where printed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import yaml

from watcher.text import plain

_DATA = yaml.load(files("watcher.lexicon").joinpath("units.yaml").read_text("utf-8"), yaml.CSafeLoader)
MAGNITUDES: dict[str, int] = dict(_DATA["magnitudes"])
"""万 → 10000 and the like."""
PER: tuple[str, ...] = tuple(_DATA["per"])
"""What may stand behind the stroke of a rate."""


_RATE_BASE = re.compile(r"^(?:1|人|例)?(?:/|每)(?:每)?(10+万|万)(?:人口|人|活产|剂次)?$")


def _fold(text: str) -> str:
    """One spelling: NFKC, no spaces; 1/10万, 每10万, 例/十万 are /10万."""
    folded = plain(text)
    if "万" not in folded:
        return folded
    base = _RATE_BASE.match(folded.replace("百万", "100万").replace("十万", "10万"))
    return f"/{base[1]}" if base else folded


def _printed(unit: str) -> tuple[str, ...]:
    """A unit of the file and its other signs: m3 is printed m³, μ (Greek) µ (the micro sign) or u."""
    signs = (unit, unit.replace("μ", "µ"), unit.replace("μ", "u"))
    raised = (re.sub(r"(?<=m)([23])", lambda power: "²³"[int(power[1]) - 2], sign) for sign in signs)
    return tuple(dict.fromkeys((*signs, *raised)))


_SIZE: dict[str, tuple[Decimal, str]] = {}
for _family, _units in _DATA["families"].items():
    for _unit, _size in _units.items():
        for _sign in _printed(_unit):
            _SIZE[plain(_sign)] = (Decimal(str(_size)), _family)
UNITS: tuple[str, ...] = tuple(
    sign for units in _DATA["families"].values() for unit in units for sign in _printed(unit)
)
"""Every unit of the file under all its signs, without magnitudes."""
_ORDER = sorted(MAGNITUDES, key=len, reverse=True)


@lru_cache(maxsize=4096)
def scale(unit: str) -> tuple[Decimal, str]:
    """Size of one such unit and its family: ``万人`` → (10000, persons), ``‰`` → (0.001, ratio), ``""`` → (1, ``""``).

    A rate keeps what it is divided by in the family (``万管/日`` → (10000, tests/日)). A word the file does not know is
    a family of its own.
    """
    text = _fold(unit)
    if not text:
        return Decimal(1), ""
    if text in _SIZE:
        return _SIZE[text]
    for word in _ORDER:
        rest = text.removeprefix(word)
        if rest != text and (not rest or rest in _SIZE or rest.partition("/")[0] in _SIZE):
            size, family = scale(rest)
            return size * MAGNITUDES[word], family
    upper, stroke, lower = text.partition("/")
    if stroke and upper in _SIZE:
        size, family = _SIZE[upper]
        return size, f"{family}/{lower}"
    if (also := _ALSO.fullmatch(text)) and also[2] in _SIZE:
        return scale(also[1] + also[2] * (also[1][-1:] + also[2] in _SIZE))
    return Decimal(1), text


_ALSO = re.compile(r"([^()/]+)[(]([^()/]{1,3})[)]")
"""万头(只): what some of them are counted in besides; 万人(次) is 万人次."""


_BASE_NAMED = re.compile(r"每(百万|十万|百|千|万)")
_BASE_PRINTED = re.compile(r"(百|千|万|十万|百万)(?:名)?(?:常住)?(?:人口?|居民)")


def base_of(name: str) -> Decimal:
    """How many the figure under a name is for: 1000 of 每千人口全科医生数, 1 where the name says none in words."""
    named = _BASE_NAMED.search(plain(name)) if "每" in name else None
    return Decimal(MAGNITUDES[named[1]]) if named else Decimal(1)


def apart_from_name(name: str, unit: str) -> str:
    """The unit without a base that the name says already: 每千人口…床位数 in 张/千人 is in 张, 每万人口…医生数 in 人/万人 in 人."""
    upper, stroke, lower = unit.replace("／", "/").partition("/")
    if not stroke or not upper or "每" not in name:
        return unit
    named, printed = _BASE_NAMED.search(plain(name)), _BASE_PRINTED.fullmatch(plain(lower))
    return upper if named and printed and named[1] == printed[1] else unit


_FIGURE_LAST = re.compile(r"[0-9０-９][\])）〕】]?(?=(?:以[上下内]|左右)?$)")


def with_unit(printed: str, unit: str) -> str:
    """Words of a cell with the unit that its header says: 78-82 is 78-82%, [15]以上 is [15]万人次以上. 下降15% and 提高5个百分点 say theirs."""
    last = _FIGURE_LAST.search(printed) if unit else None
    return printed[: last.end()] + unit + printed[last.end() :] if last else printed


def family(unit: str) -> str:
    """The family of a printed unit, ``""`` for none."""
    return scale(unit)[1]


def comparable(a: str, b: str) -> bool:
    """Whether figures in the two units can be compared after ``scale``: 万人 and 人, % and ‰."""
    return family(a) == family(b)


def is_unit(text: str) -> bool:
    """Whether the text is a unit of the file, with or without magnitude and rate."""
    folded = _fold(text)
    if not folded:
        return False
    known = scale(text)[1]
    if folded in MAGNITUDES:
        return True
    upper = known.partition("/")[0]
    return folded in _SIZE or upper in _DATA["families"] or known in _DATA["families"]
