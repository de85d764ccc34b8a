"""Text edits of a diff as lines that a person reads in ten seconds, weightiest first. Pure.

Input is the JSON of ``watcher diff``; anything missing in it is left out of the line.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from watcher.alert.moves import LINE, Json, json_side, shorten, string
from watcher.alert.words import pick
from watcher.alert.writing import FIGURE, both, only_bounds, same_words, telling
from watcher.text import plain, squeeze, tidy
from watcher.types import Change, EditLine
from watcher.words import Language

EDITS_SHOWN = 3
CANDIDATES = 50
"""Edits that are looked at closely."""
SECTION = 40
"""Characters of a section or a table's label."""
SMALL = 1.0
"""The weight of an edit of one word; less have those of the letter and those that only carry a move."""
LETTER = 300
"""Characters of a paragraph in which the words of a letter are looked for."""
CONTEXT = 12
"""Characters shown on either side of what changed in a paragraph."""
NEAR = 20
"""Characters on one side that are not cut."""
FORMAT_ONLY = frozenset({"format"})
"""Kinds of edit that change width or spacing only: no message of their own."""

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(
    r"联系(?:人|电话|方式|地址)|邮箱|电子邮件|传真|邮编|[〔\[（(]\d{4}[〕\]）)]\s?\d{1,4}号|此件|印发给你们|征求意见|征集意见|反馈意见"
    r"|^各[^。]{1,60}[：:]$|^\d{4}年\d{1,2}月\d{1,2}日$"
)
"""Parts of the letter around a plan: they change with every stage and say nothing about the plan."""
_SERIAL = re.compile(r"序号?|编号|号|№|No\.?", re.IGNORECASE)
"""A column that only counts the rows."""
_COUNTED = re.compile(r"^\d{1,3} ")
"""The running number in a row's first cell."""
_CAPTION = re.compile("(?:附件|附表|专栏|表|图)[0-9一二三四五六七八九十]{0,3}.{0,8}|.{1,4}")
"""Captions and labels that come and go with a table or an annex."""
_STAGE_MARK = re.compile("[（(]?(?:公开)?(?:征求意见稿?|草案|送审稿|报批稿|公示稿?|讨论稿)[）)]?")
_LETTER_SECTION = re.compile("(?:通知|公告|公示|启事|函|征求意见稿?[）)]?)$")
_FORCE = re.compile("约束性|预期性|不得|必须|应当|严禁|鼓励|可以|不低于|不超过|以上|以下|全部|废止|取消|新增|暂缓")


def real_edits(edits: Sequence[Json], title: str = "") -> list[Json]:
    """The edits that say something: not width, spacing or order in a table alone, with some text on one side, and not the document's own
    ``title``, which one template prints above the text and another leaves out.
    """
    own = squeeze(_STAGE_MARK.sub("", title))
    return [
        edit
        for edit in edits
        if str(edit.get("kind")) not in FORMAT_ONLY
        and not _set_elsewhere(string(edit.get("kind")), string(edit.get("before")), string(edit.get("after")))
        and not (edit.get("kind") == "replace" and same_words(_spans(edit)))
        and (whole := squeeze(string(edit.get("before")) or string(edit.get("after"))))
        and not (edit.get("kind") == "column" and _SERIAL.fullmatch(_header(edit)))
        and not (own and str(edit.get("kind")) in _EDIT_WORDS and _STAGE_MARK.sub("", whole) == own)
    ]


_ORDINAL = re.compile(r"\A\d{1,3}\t")
"""The cell before a row that only counts the rows."""


def _set_elsewhere(kind: str, before: str, after: str) -> bool:
    """Whether a row or column of a table only stands in another place: cells say the same wherever they stand."""
    if kind == "row":
        return bool(before) and squeeze(_ORDINAL.sub("", before)) == squeeze(_ORDINAL.sub("", after))
    if kind != "column" or not before or not after:
        return False
    rows = zip(before.split("\n"), after.split("\n"), strict=False)
    return before.count("\n") == after.count("\n") and all(
        sorted(map(squeeze, one.split("\t"))) == sorted(map(squeeze, other.split("\t"))) for one, other in rows
    )


def _header(edit: Json) -> str:
    """Of a column's cell that came or went, what the column is called."""
    return squeeze(string(edit.get("label")).rpartition(" · ")[2])


def edit_count(edits: Sequence[Json]) -> int:
    """How many edits a reader counts: a column that came or went is one, whatever its cells."""
    columns = {(_header(edit), bool(string(edit.get("before")))) for edit in edits if edit.get("kind") == "column"}
    return len(columns) + sum(1 for edit in edits if edit.get("kind") != "column")


def edit_weight(edit: Json, quotes: Sequence[str] = (), figures: Sequence[tuple[str, str]] = ()) -> float:
    """How much an edit deserves one of the few lines: figures and words of obligation, then length.

    Edits that only carry a move which has a line of its own (``quotes`` of the moves, or their ``figures`` before and
    after) weigh nothing, and the letter around a plan little: document number, salutation, contact, date.
    """
    parts = telling(_spans(edit))
    if parts and all(kind == "equal" for kind, _ in parts):
        return SMALL / 20
    touched = "".join(text for kind, text in parts if kind != "equal")
    if not all((edit.get("before"), edit.get("after"))) and squeeze(string(edit.get("after"))) == squeeze(
        string(edit.get("section"))
    ):
        return SMALL / 2  # the heading of a new chapter says less than what stands in it
    if not parts:
        touched = string(edit.get("before")) + string(edit.get("after"))
        weight = _heavy("", touched)
    else:
        weight = _heavy(*both(parts))
    sides = (squeeze(string(edit.get("before"))), squeeze(string(edit.get("after"))))
    if _moved(edit, parts):
        weight /= 10
    elif str(edit.get("kind")) in _OF_TABLES:
        # A table speaks through its moves: beside them a figure that moved none is only set in another way.
        layout = edit.get("kind") == "column" or all(_DIGIT.search(side) for side in sides)
        weight /= 30 if layout and quotes and not _untold(edit, sides, quotes) else 3
    elif not all(sides) and _CAPTION.fullmatch(squeeze(touched)):
        weight = SMALL / 2
    whole = string(edit.get("after")) or string(edit.get("before"))
    letter = _LETTER.search(whole[:LETTER]) or any(
        _LETTER_SECTION.search(text) for text in (whole[:LETTER], string(edit.get("section")))
    )
    if letter:
        weight = min(weight / 20, 0.9 * SMALL)
    if touched and not _STAGE_MARK.sub("", squeeze(touched)):
        weight = min(weight, SMALL / 20)
    quoted = any(quote and any(quote in side or side in quote for side in sides if side) for quote in quotes)
    if all(sides) and parts and str(edit.get("kind")) not in _OF_TABLES:
        # A sentence that holds a move may change in more than that: another deadline, another duty.
        carried = (quoted or _rest(parts, figures)[1] > 0) and _told(parts, figures, quoted=quoted)
    else:
        carried = quoted
    return 0.0 if carried else weight


def _untold(edit: Json, sides: Sequence[str], quotes: Sequence[str]) -> bool:
    """Whether other figures stand in a cell from which no indicator is read: one of words (每人每月860元 under 服务标准), or one of a row that
    no move quotes.
    """
    if edit.get("kind") != "cell" or FIGURE.findall(sides[0]) == FIGURE.findall(sides[1]):
        return False
    if all(len(FIGURE.sub("", side)) >= _SENTENCE for side in sides):
        return True
    row = squeeze(string(edit.get("label")).partition(" · ")[0])
    return bool(row) and not any(row in quote for quote in quotes)


_SENTENCE = 6
"""Characters beside its figures that a cell of words has."""


def _moved(edit: Json, parts: Sequence[tuple[str, str]]) -> bool:
    """Whether an edit tells another place and nothing else: what moved and changed is read as what changed."""
    before, after = string(edit.get("before")), string(edit.get("after"))
    if edit.get("kind") == "row" and before and after:
        return plain(_COUNTED.sub("", before)) == plain(_COUNTED.sub("", after))
    return edit.get("kind") == "move" and all(kind == "equal" for kind, _ in parts)


def _heavy(gone: str, came: str) -> float:
    """How much it says that one text stands where the other stood."""
    figures = sorted(FIGURE.findall(gone)) != sorted(FIGURE.findall(came))
    words = [Counter(_FORCE.findall(side)) for side in (gone, came)]
    force = min(((words[0] - words[1]) + (words[1] - words[0])).total(), 5)
    return SMALL + min(len(squeeze(gone + came)), 150) / 10 + 8 * figures + 6 * force


_OF_TABLES = frozenset({"cell", "row", "column"})
_REST = 8
"""Characters beside each figure (its unit, 以上) that an edit may change and still say no more than the move's line."""


_WORD = 3
"""Characters of a mark or a word that came or went beside what the moves tell."""


def _rest(parts: Sequence[tuple[str, str]], figures: Sequence[tuple[str, str]]) -> tuple[str, int]:
    """What an edit changes beside the figures that the moves tell, and how many of these are in it."""
    gone, came = map(squeeze, both(parts))
    found = 0
    for old, new in figures:
        if old in gone and new in came:
            gone, came, found = gone.replace(old, "", 1), came.replace(new, "", 1), found + 1
    return "" if gone == came else gone + came, found


def _carried(run: Sequence[tuple[str, str]], figures: Sequence[tuple[str, str]]) -> bool:
    """Whether a run of changes says no more than the moves that are in it."""
    rest, found = _rest(run, figures)
    return found > 0 and len(rest) <= _REST * found and not _DIGIT.search(rest)


def _told(parts: Sequence[tuple[str, str]], figures: Sequence[tuple[str, str]], *, quoted: bool) -> bool:
    """Whether the moves tell all that an edit changes, but for single marks and words elsewhere in it.

    Where a move is ``quoted`` in the edit, it also tells of a bound that came or went: 达到99% → 不低于99%.
    """
    runs = [parts[first : last + 1] for first, last in _runs(parts)]
    rests = [squeeze("".join(both(run))) for run in runs if not _carried(run, figures)]
    return all((len(rest) <= _WORD and not _DIGIT.search(rest)) or (quoted and only_bounds(rest)) for rest in rests)


def _figures(moves: Sequence[Json]) -> list[tuple[str, str]]:
    """The figures (as printed, then alone), words and years before and after of every move, longest first."""
    pairs: dict[tuple[str, str], None] = {}
    for move in moves:
        before, after = (json_side(move.get(end)) for end in ("before", "after"))
        for fields in (("text",), ("value", "unit"), ("value",), ("year",)):
            old, new = (squeeze("".join(string(side.get(field)) for field in fields)) for side in (before, after))
            if old != new and (fields != ("year",) or (old and new)):
                pairs[old, new] = None
    return sorted(pairs, key=lambda pair: -len(pair[0] + pair[1]))


def _spans(edit: Json) -> list[tuple[str, str]]:
    spans = edit.get("spans")
    if not isinstance(spans, list | tuple):
        return []
    return [(str(span[0]), str(span[1])) for span in spans if isinstance(span, list | tuple) and len(span) == 2]


def _runs(spans: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """First and last place of each run of changes that stand close together."""
    runs: list[tuple[int, int]] = []
    for at, (kind, _) in enumerate(spans):
        if kind != "equal":
            if runs and all(len(text) <= 2 * CONTEXT for _, text in spans[runs[-1][1] + 1 : at]):
                runs[-1] = (runs[-1][0], at)
            else:
                runs.append((at, at))
    return runs


def _windows(spans: Sequence[tuple[str, str]], figures: Sequence[tuple[str, str]] = ()) -> tuple[str, str]:
    """Before and after around the weightiest run of changes: what ``figures`` of the moves carry is told already."""

    def weight(run: tuple[int, int]) -> float:
        parts = spans[run[0] : run[1] + 1]
        return _heavy(*both(parts)) / (100 if _carried(parts, figures) else 1)

    runs = _runs(spans)
    if not runs:
        return "", ""
    first, last = max(runs, key=weight)
    lead = spans[first - 1][1] if first else ""
    tail = spans[last + 1][1] if last + 1 < len(spans) else ""
    lead, tail = _before(lead), _behind(tail)
    lead = "…" * (first > 1 and not lead.startswith("…")) + lead
    tail += "…" * (last + 2 < len(spans) and not tail.endswith("…"))
    run = spans[first : last + 1]
    sides = ("".join(text for kind, text in run if kind != other) for other in ("insert", "delete"))
    old, new = (tidy(lead + side + tail) for side in sides)
    return old, new


_MARK = re.compile("[，。；：、！？]")


def _before(lead: str) -> str:
    """What stands before a change: from a mark on where one is near, so that no word is cut."""
    if len(lead) <= NEAR:
        return lead
    near = lead[-2 * CONTEXT :]
    marks = [match.end() for match in _MARK.finditer(near[: -CONTEXT // 2])]
    start = marks[-1] if marks else len(near) - CONTEXT
    # What closes something that is not shown would only puzzle.
    return "…" + near[start:].lstrip("）)】」》”")


def _behind(tail: str) -> str:
    """What stands behind a change: up to a mark where one is near."""
    if len(tail) <= NEAR:
        return tail
    near = tail[: 2 * CONTEXT]
    mark = _MARK.search(near, CONTEXT // 2)
    return near[: mark.start() if mark else CONTEXT] + "…"


def _ending(text: str, limit: int) -> str:
    return text if len(text) <= limit else "…" + text[1 - limit :]


_COLUMN_WORDS = {"insert": ("表格新增一列", "column added: "), "delete": ("表格删去一列", "column deleted: ")}
_EDIT_WORDS = {"insert": ("新增", "added"), "delete": ("删去", "deleted"), "move": ("移动", "moved")}


def edit_line(edit: Json, language: Language = "zh", figures: Sequence[tuple[str, str]] = ()) -> EditLine:
    """One edit as one line: 「…6.8张…」→「…7.5张…」, or 新增「…」, 删去「…」, 移动「…」.

    ``figures`` are those that the moves tell; of a long edit the line shows what they do not.
    """
    before, after = string(edit.get("before")), string(edit.get("after"))
    # Of a long path the end says where we are; of a table edit the label does.
    places = [string(edit.get("section")), string(edit.get("label"))]
    section = " ".join(_ending(place, SECTION) for place in places if place)
    left, right = ("「", "」") if language == "zh" else ("“", "”")
    kind = str(edit.get("kind"))
    if kind == "column" and _header(edit) and not (before and after):
        whole = pick(_COLUMN_WORDS["insert" if after else "delete"], language)
        return EditLine(_ending(places[0], SECTION), f"{whole}{left}{shorten(_header(edit), SECTION)}{right}")
    moved = _moved(edit, telling(_spans(edit)))
    if moved or not before or not after:
        word = "move" if moved else "insert" if after else "delete"
        label = pick(_EDIT_WORDS[word], language) + ("" if language == "zh" else " ")
        return EditLine(section, f"{label}{left}{shorten(after or before, LINE // 2)}{right}")
    spans = _spans(edit)
    old, new = _windows(telling(spans), figures)
    if not old and not new:
        old, new = _windows(spans)
    old, new = (old, new) if old or new else (before, after)
    return EditLine(section, f"{left}{shorten(old, LINE // 2)}{right} → {left}{shorten(new, LINE // 2)}{right}")


def _row(edit: Json) -> str:
    """The text of a row that came or went, ``""`` of any other edit."""
    sides = (squeeze(string(edit.get("before"))), squeeze(string(edit.get("after"))))
    return "" if edit.get("kind") != "row" or all(sides) else sides[0] or sides[1]


def _moved_rows(edits: Sequence[Json]) -> set[str]:
    """Rows that went in one table and came in another: their place is all that changed."""
    gone = {_row(edit) for edit in edits if not string(edit.get("after"))}
    return gone & {_row(edit) for edit in edits if not string(edit.get("before"))} - {""}


def edit_lines(
    edits: Sequence[Json],
    moves: Sequence[Json] = (),
    language: Language = "zh",
    shown: int = EDITS_SHOWN,
    title: str = "",
) -> tuple[tuple[EditLine, ...], int]:
    """The weightiest edits as lines, and how many more there are; what the moves' own lines say is not counted again."""
    real = real_edits(edits, title)
    quotes = [
        squeeze(string(side.get("quote")))
        for move in moves
        for side in (move.get("before"), move.get("after"))
        if isinstance(side, Mapping)
    ]
    # Quotes only take weight away and are dear to look for: they are asked of the heaviest edits alone.
    moved = _moved_rows(real)
    heavy = heapq.nlargest(CANDIDATES, (edit for edit in real if _row(edit) not in moved), key=edit_weight)
    figures = _figures(moves)
    weighed = sorted(((edit_weight(edit, quotes, figures), edit) for edit in heavy), key=lambda pair: -pair[0])
    # Beside moves only what has something to say of its own; without them the little there is.
    chosen = _once([edit for weight, edit in weighed if weight >= SMALL])[:shown]
    if not chosen and not moves:
        chosen = _once([edit for _, edit in weighed])[:shown]
    carried = edit_count([edit for weight, edit in weighed if not weight])
    return tuple(edit_line(edit, language, figures) for edit in chosen), edit_count(real) - carried - edit_count(chosen)


def _once(edits: Sequence[Json]) -> list[Json]:
    """The edits in their order, of each column that came or went one cell."""
    columns: set[tuple[str, bool]] = set()
    found = []
    for edit in edits:
        column = (_header(edit), bool(string(edit.get("before"))))
        if edit.get("kind") != "column" or column not in columns:
            found.append(edit)
        if edit.get("kind") == "column":
            columns.add(column)
    return found


def worth_telling(change: Change) -> bool:
    """Whether a change may become an alert: an indicator moved, or text changed by more than width, spacing and order in a table."""
    if change.moves:
        return True
    return any(
        edit.kind not in FORMAT_ONLY
        and not (edit.kind == "replace" and same_words(edit.spans))
        and (tidy(edit.before) or tidy(edit.after))
        and not _set_elsewhere(edit.kind, edit.before, edit.after)
        for edit in change.edits
    )
