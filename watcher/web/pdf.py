"""A comparison as a PDF for a report: headline, table of moves with both quotes, edits under their sections.

Chinese needs a font. One of the machine's TrueType fonts is embedded (only the characters that are used, so a report stays
small and looks alike everywhere); fonts with PostScript outlines (Noto CJK as Debian packs it) cannot be embedded by the
library. Without one the report names STSong-Light, a font of the PDF standard's Chinese collection that readers bring
along, and its last line says so.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from watcher.alert.moves import weigh
from watcher.compare.context import column_name, fold, more, sections, shown_spans
from watcher.compare.render import move_json
from watcher.compare.render_text import clean
from watcher.compare.wording import edit_word, headline, name_of, nature, sort, value, when, word
from watcher.types import Change, Indicator, Move
from watcher.web.export import labelled
from watcher.web.texts import say
from watcher.words import Language

PDF = "application/pdf"
MOVES, EDITS = 400, 1500
"""So many of each stand in a report; the rest is counted in a line."""
LONGEST = 1500
"""Characters of one piece of text."""
_NAME, _VALUE, _QUOTE = 200, 80, 300
"""Characters of a cell: a row must fit on a page, whatever a text says."""
_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/System/Library/Fonts", "/Library/Fonts",
    "C:/Windows/Fonts",
)  # fmt: skip
_NAMES = (
    "notosanssc", "sourcehansanssc", "wqy-microhei", "wqy-zenhei", "msyh", "simhei", "simsun", "droidsansfallback", "stheiti", "uming", "ukai",
)  # fmt: skip
"""How the files of fonts with simplified Chinese begin, the best first."""
_INNER = "STSong-Light"
_SIGNS = {"del": "#9a1c1c", "ins": "#0a5b2b", "soft": "#535d68", "line": "#c8ced5", "head": "#e9eef3"}
_lock = Lock()


def outlines(head: bytes, file: Path) -> bool:
    """Whether a font file (or the first font of a collection) has TrueType outlines, which can be embedded."""
    if head[:4] == b"ttcf":
        (offset,) = struct.unpack(">I", head[12:16])
        with file.open("rb") as stream:
            stream.seek(offset)
            head = stream.read(4)
    return head[:4] in (b"\x00\x01\x00\x00", b"true")


def find_font(folders: Sequence[str] = _FOLDERS) -> Path | None:
    """The best font file of this machine that holds simplified Chinese and can be embedded; ``None`` when there is none."""
    best: tuple[int, str] | None = None
    for folder in folders:
        for at, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                if not name.lower().endswith((".ttf", ".ttc")):
                    continue
                place = next((place for place, known in enumerate(_NAMES) if name.lower().startswith(known)), None)
                if place is None or "bold" in name.lower() or (best and best <= (place, f"{at}/{name}")):
                    continue
                try:
                    with open(f"{at}/{name}", "rb") as stream:
                        good = outlines(stream.read(16), Path(at, name))
                except (OSError, struct.error):
                    continue
                if good:
                    best = (place, f"{at}/{name}")
    return Path(best[1]) if best else None


@cache
def _font() -> tuple[str, bool]:
    """Name of the font that reports are set in, and whether it is embedded; looked for once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    file = find_font()
    if file is not None:
        try:
            found = TTFont("WatcherReport", str(file))
        except (TTFError, OSError, ValueError, struct.error):
            found = None
        if found is not None and ord("标") in found.face.charToGlyph:
            pdfmetrics.registerFont(found)
            return "WatcherReport", True
    pdfmetrics.registerFont(UnicodeCIDFont(_INNER))
    return _INNER, False


def pdf(
    change: Change,
    title: str,
    note: str,
    language: Language,
    *,
    links: Sequence[tuple[str, str]] = (),
    font: str | None = None,
) -> bytes:
    """The report. ``links``: names and addresses that stand at its end; ``font``: a registered font instead of the one that is found.

    The same comparison gives the same bytes.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    # Subsets of an embedded font are numbered while a document is written: one at a time.
    with _lock:
        name, embedded = (font, False) if font else _font()
        out = io.BytesIO()
        sheet = SimpleDocTemplate(
            out, pagesize=A4, leftMargin=51, rightMargin=51, topMargin=51, bottomMargin=57, invariant=1,
            title=_plain(title), author="watcher", subject=_plain(headline(change, language)), lang="zh-CN" if language == "zh" else "en",
        )  # fmt: skip

        def foot(canvas: Any, document: Any) -> None:
            canvas.saveState()
            canvas.setFont(name, 8)
            canvas.setFillColor(_SIGNS["soft"])
            canvas.drawString(51, 32, _plain(title)[:48])
            canvas.drawRightString(A4[0] - 51, 32, str(document.page))
            canvas.restoreState()

        story = list(_story(change, title, note, language, name, links, embedded))
        sheet.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(
    change: Change,
    title: str,
    note: str,
    language: Language,
    font: str,
    links: Sequence[tuple[str, str]],
    embedded: bool,
) -> Iterator[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer

    base = ParagraphStyle("base", fontName=font, fontSize=10, leading=16, wordWrap="CJK")
    small = ParagraphStyle("small", base, fontSize=8.5, leading=13, textColor=_SIGNS["soft"])
    cell = ParagraphStyle("cell", base, fontSize=9, leading=13.5)
    yield Paragraph(_text(title), ParagraphStyle("title", base, fontSize=16, leading=23, spaceAfter=2))
    yield Paragraph(_text(note), small)
    yield Paragraph(
        _text(headline(change, language)),
        ParagraphStyle("first", base, fontSize=11.5, leading=18, spaceBefore=6, spaceAfter=8),
    )
    heading = ParagraphStyle("heading", base, fontSize=12.5, leading=18, spaceBefore=10, spaceAfter=4, keepWithNext=1)
    yield Paragraph(_text(say("指标变动", language)), heading)
    if change.moves:
        moves = sorted(change.moves, key=lambda move: weigh(move_json(move)))
        yield _moves(moves[:MOVES], language, cell, small)
        if len(change.moves) > MOVES:
            yield Paragraph(_text(say("还有 {n} 项指标变动", language, n=len(change.moves) - MOVES)), small)
    else:
        yield Paragraph(_text(say("指标没有变动", language)), base)
    yield Paragraph(_text(say("文字", language)), heading)
    under = ParagraphStyle("under", base, textColor=_SIGNS["soft"], spaceBefore=8, spaceAfter=2, keepWithNext=1)
    item = ParagraphStyle("item", base, leftIndent=12, spaceAfter=3)
    for section, groups in sections(change.edits[:EDITS]):
        yield Paragraph(_text(section) or _text(say("正文开头", language)), under)
        for group in groups:
            said = f'<font color="{_SIGNS["soft"]}">{_text(edit_word(group.first, language))}</font> '
            if group.first.kind == "column" and group.first.label:
                yield Paragraph(f"{said}{_text(column_name(group))} × {len(group.edits)}", item)
            else:
                label = _text(labelled(group.first, language))
                yield Paragraph(said + label + _spans(group.first) + _text(more(group, language)), item)
    if not change.edits:
        yield Paragraph(_text(say("文字没有改动", language)), base)
    if len(change.edits) > EDITS:
        yield Paragraph(_text(say("还有 {n} 处文字改动", language, n=len(change.edits) - EDITS)), small)
    yield Spacer(1, 10)
    for name, link in links:
        shown = (
            f'<link href="{_attribute(link)}">{_text(link)}</link>'
            if link.startswith(("http://", "https://"))
            else _text(link)
        )
        yield Paragraph(f"{_text(name)}：{shown}", small)
    if not embedded:
        yield Paragraph(_text(say("本机没有可嵌入的中文字体，文字由阅读器的宋体显示。", language)), small)


def _moves(moves: Sequence[Move], language: Language, cell: Any, small: Any) -> Any:
    from reportlab.platypus import Paragraph, Table, TableStyle

    heads = ("变动", "指标", "原值", "新值", "出处")
    rows: list[list[Any]] = [[Paragraph(_text(say(one, language)), cell) for one in heads]]
    for move in moves:
        year = when(move, language).strip(" ()（）")
        name = f'{_cut(name_of(move, language), _NAME)} <font size="8" color="{_SIGNS["soft"]}">{_cut(year, 40)}</font>'
        effect = _text(word(move, language))
        kind = sort(move)
        tone = (
            _SIGNS["del"]
            if kind in ("tightened", "binding")
            else _SIGNS["ins"]
            if kind in ("relaxed", "unbinding")
            else "#1b2026"
        )
        quotes = [
            f"{_text(say(label, language))}：{_cut(side.quote, _QUOTE)}"
            for label, side in (("旧文", move.before), ("新文", move.after))
            if side is not None and side.quote
        ]
        rows.append(
            [
                Paragraph(f'<font color="{tone}">{effect}</font>', cell),
                Paragraph(name, cell),
                Paragraph(_side(move.before, language), cell),
                Paragraph(_side(move.after, language), cell),
                [Paragraph(quote, small) for quote in quotes],
            ]
        )
    table = Table(rows, colWidths=(52, 128, 68, 68, 177), repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), _SIGNS["head"]),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, _SIGNS["line"]),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _side(side: Indicator | None, language: Language) -> str:
    if side is None:
        return "—"
    kind = nature(side, language)
    return _cut(value(side, language), _VALUE) + (f" {_cut(kind, 20)}" if kind else "")


def _spans(edit: Any) -> str:
    parts = []
    for kind, text in fold(shown_spans(edit), 60):
        shown = _text(text if len(text) <= LONGEST else text[:LONGEST] + "…").replace("\n", "<br/>")
        if kind == "delete":
            shown = f'<font color="{_SIGNS["del"]}"><strike>{shown}</strike></font>'
        elif kind == "insert":
            shown = f'<font color="{_SIGNS["ins"]}"><u>{shown}</u></font>'
        parts.append(shown)
    return "".join(parts)


def _plain(text: str) -> str:
    """Text without what neither a PDF nor its mark-up can hold."""
    return "".join(
        letter
        for letter in clean(text)
        if letter == "\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
    )


def _text(text: str) -> str:
    return escape(_plain(text))


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return _text(text if len(text) <= most else text[:most] + "…")


def _attribute(text: str) -> str:
    return escape(_plain(text), {'"': "&quot;"})
