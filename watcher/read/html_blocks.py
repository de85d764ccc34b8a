"""From a node of a page to blocks: the mark-up is taken off a serialised node in a few passes over one string.

Walking every node from Python costs a hundred times more than the parse; a serialised node is well formed, so its tags can
be replaced by expressions. Private marks (control characters, which HTML text cannot hold) stand for what they leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from selectolax.lexbor import LexborNode

from watcher.read import flat_tables, grids, wrapped
from watcher.types import Block, Dropped, Grid

TAGS = [
    "script", "style", "noscript", "template", "marquee", "iframe", "object", "embed", "svg", "canvas", "button", "input", "select", "textarea", "audio",
    "video", "link", "meta", "title", "head",
]  # fmt: skip
HIDDEN = (
    '[hidden],[aria-hidden="true"],[style*="display:none" i],[style*="display: none" i],[style*="visibility:hidden" i],'
    '[style*="visibility: hidden" i],[style*="font-size:0p" i],[style*="font-size: 0p" i]'
)
"""What no reader of a page sees."""
UNPRINTED = ".noprint,.no-print,.d-print-none,.mw-editsection,nav,[role=navigation]"
"""What a page itself takes out when it is printed, and its ways to elsewhere."""

_NOISE = ",".join(TAGS)
_NOISY = re.compile("<(?:" + "|".join(TAGS) + ")[\\s/>]")
_STYLE = re.compile(' style="([^"]*)"')
_UNSEEN_STYLES = (
    "display:none",
    "display: none",
    "visibility:hidden",
    "visibility: hidden",
    "font-size:0p",
    "font-size: 0p",
)

_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_BREAK = "\x05"
_SPACED_BREAK = re.compile("(?<![ \\t])[ \\t]*+[\\r\\n\\f][ \\t\\r\\n\\f]*+")
_NAME = re.compile("</?([a-zA-Z][^\\s/>]*)")
_ITEMS = frozenset(("li", "dt", "dd"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = frozenset(
    ("p", "div", "br", "tr", "td", "th", "ul", "ol", "dl", "table", "tbody", "thead", "tfoot", "caption", "section", "article", "header", "footer",
     "main", "nav", "aside", "center", "blockquote", "hr", "form", "fieldset", "address", "figure", "figcaption", "body", "html", *_ITEMS, *_HEADINGS)
)  # fmt: skip
_INLINE = frozenset(("</span>", "</em>", "</i>", "</b>", "</strong>", "</label>", "</font>", "</a>"))
_MARKUP = re.compile("(</?[a-zA-Z!?][^>]*>)")
_PRE = re.compile("<pre\\b[^>]*>(.*?)</pre>", re.DOTALL)
_SPACED = re.compile(
    '<[a-z]{1,9}\\b[^>]{0,600}white-space:\\s?(?:pre|pre-wrap|pre-line|break-spaces)[";\\s][^>]{0,600}>[^<]*'
)
"""The text of an element whose style keeps the line breaks of the source."""
_BROKEN = re.compile("</?(?:br|p|div)\\b[^>]*>")
_WIDE = "\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_JOIN = re.compile(f"(?<=[{_WIDE}])\x05+(?=[{_WIDE}])")
_INVISIBLE = re.compile("[\u200b\u00ad\ufeff\u2060\u200c\u200d]")
_UNSEEN = "\u200b\u00ad\ufeff\u2060\u200c\u200d"
_TABLE_EDGE = re.compile("<(/?)table\\b")
_TABLE = re.compile("\x02([0-9]+)\x02")
_CONTINUED = re.compile(
    "[（(]?续(?:上)?表\\s*[0-9]{0,2}[）)]?|.{0,40}[（(]续(?:表)?[）)]|[-—－]\\s?[0-9]{1,4}\\s?[-—－]|第\\s?[0-9]{1,4}\\s?页(?:[，,]?\\s?共\\s?[0-9]{1,4}\\s?页)?"
)
"""What stands between the parts of one table: its name with 续, or the number of the page."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
MAX_BLOCKS = 50_000


def cleaned(node: LexborNode, html: str, drop: Sequence[str], dropped: list[Dropped]) -> str:
    """Takes scripts, forms, hidden parts and what ``drop`` selects out of a node, and serialises it without comments.

    ``html`` is the node as it is. What was hidden or selected is remembered in ``dropped``.
    """
    changed = False
    if _noisy(html):
        for found in node.css(_NOISE):
            found.decompose(recursive=True)
            changed = True
        changed = remove(node, HIDDEN, dropped, _HIDDEN) or changed
    if drop and remove(node, ",".join(drop), dropped, "dropped by selector"):
        changed = True
    return without_comments((node.html or "") if changed else html)


def without_permalinks(html: str) -> str:
    """A serialised piece without what its headings show to be linked by."""
    return _PERMALINK.sub("", html)


_PERMALINK = re.compile('<a\\b[^>]{0,300}href="[^"]{0,200}#[^"]{0,200}"[^>]{0,200}>[#¶]</a>')


def without_counts(html: str) -> str:
    """A serialised piece without what its script only counts (``案例（12）`` behind each article of a law) or folds by (``收起``)."""
    if "收起</" in html or "展开</" in html:
        html = _FOLD.sub("", html)
    return _COUNT.sub("", html) if "）</a>" in html or ")</a>" in html else html


_FOLD = re.compile("<(span|a|i|em|b|small)\\b[^<>]{0,300}>\\s{0,20}(?:收起|展开)</\\1>")


_COUNT = re.compile(
    '<a\\b[^>]{0,300}href="(?:javascript:|#")[^>]{0,300}>[\u3400-\u9fff]{2,8}\\s?[（(]\\s?[0-9]{1,9}\\s?[条篇个次件]?\\s?[）)]</a>'
)


def _noisy(html: str) -> bool:
    """Whether a serialised node may have noise in it: what the selectors find stands in it literally."""
    if _NOISY.search(html) or "hidden" in html:
        return True
    styles = "\n".join(set(_STYLE.findall(html))).lower()
    return any(map(styles.__contains__, _UNSEEN_STYLES))


def remove(node: LexborNode, selector: str, dropped: list[Dropped] | None = None, reason: str = "") -> bool:
    """Takes every node that ``selector`` finds out of the tree, with its words remembered when ``dropped`` is given.

    Whether there was any.
    """
    removed = False
    for found in node.css(selector):
        if found.mem_id == node.mem_id or (reason == _HIDDEN and _is_tab(found)):
            continue
        if dropped is not None and len(dropped) < 2000:
            text = " ".join((found.text(deep=True, separator=" ") or "").split())
            if text:
                dropped.append(Dropped(text[:400], reason))
        found.decompose(recursive=True)
        removed = True
    return removed


_HIDDEN = "hidden"
_CHAPTER = re.compile("\\s*第[一二三四五六七八九十0-9]{1,3}[章篇编部节]")


def _is_tab(node: LexborNode) -> bool:
    """Whether what is hidden is shown at a click: the rest of a text, or a chapter or page whose tab is not chosen (one beside it that is built alike is shown)."""
    return _unfolds(node) or (_goes_on(node) and _shown_beside(node))


def _unfolds(node: LexborNode) -> bool:
    """Whether a button that shows the rest of the text (展开全文) stands directly behind what is hidden."""
    sibling, seen = node.next, 0
    while sibling is not None and seen < _BUTTON_NEAR:
        if sibling.tag != "-text" and _UNFOLD.fullmatch("".join((sibling.text(deep=True) or "")[:40].split())):
            return True
        sibling, seen = sibling.next, seen + 1
    return False


_BUTTON_NEAR = 4
_UNFOLD = re.compile("(?:点击)?(?:展开|查看|阅读|显示|加载)(?:全文|全部|更多|剩余|余下)(?:内容|全文|部分)?[>»▼↓+.…]*")


def is_other_tab(node: LexborNode) -> bool:
    """Whether an element is a tab that is not chosen and no chapter: interpretations and guides stand in such ones."""
    return "none" in _display(node) and _shown_beside(node) and not (_goes_on(node) or _unfolds(node))


def _goes_on(node: LexborNode) -> bool:
    """Whether a box is a part of a text: a chapter by what it says, or a page by what it is called (``page_2``)."""
    attributes = node.attributes
    named = any(_NUMBERED_PAGE.search(attributes.get(name) or "") for name in ("id", "class"))
    return named or _CHAPTER.match(node.text(deep=True) or "") is not None


_NUMBERED_PAGE = re.compile("(?:^|[\\s_-])(?:page|fenye)[a-z]{0,8}[_-]?[0-9]{1,3}(?:$|\\s)", re.IGNORECASE)


def _display(node: LexborNode) -> str:
    return (node.attributes.get("style") or "").replace(" ", "").lower() if node.tag != "-text" else "none"


def _shown_beside(node: LexborNode) -> bool:
    """Whether a sibling that is built alike is shown."""
    name = node.attributes.get("class")
    if not name or node.parent is None:
        return False
    sibling, seen = node.parent.first_child, 0
    while sibling is not None and seen < _TABS:
        if sibling.tag == node.tag and sibling.attributes.get("class") == name and "none" not in _display(sibling):
            return True
        sibling, seen = sibling.next, seen + 1
    return False


_TABS = 200


def without_comments(html: str) -> str:
    """A serialised piece without its comments."""
    return _COMMENT.sub("", html) if "<!--" in html else html


def blocks_of(html: str) -> list[Block]:
    """Blocks of a serialised node whose noise and comments are gone."""
    tables: list[Grid] = []
    html = _with_marks(html, tables)
    if "<pre" in html:
        html = _PRE.sub(_kept_lines, html)
    if "white-space" in html:
        html = _SPACED.sub(lambda found: found[0].replace("\n", "\x06"), html)
    blocks: list[Block] = []
    for line in _lines(html):
        if "\x02" in line:
            _with_tables(line, tables, blocks)
        elif line[0] == "\x03" and line[1:2].isdigit():
            if len(line) > 2:
                blocks.append(Block("heading", line[2:].lstrip(), level=int(line[1])))
        elif line[0] == "\x04":
            if len(line) > 1:
                blocks.append(Block("list", line[1:].lstrip()))
        else:
            blocks.append(Block("paragraph", line))
        if len(blocks) >= MAX_BLOCKS:
            break
    return blocks


def _with_marks(html: str, tables: list[Grid]) -> str:
    """A serialised piece with a mark for each data table, which is put into ``tables``."""
    pieces: list[str] = []
    done = 0
    opened = -1
    for edge in _TABLE_EDGE.finditer(html):
        if not edge[1]:
            opened = edge.start()
        elif opened >= 0:
            end = edge.end() + 1
            if (grid := grids.from_html(html[opened:end])) is not None:
                pieces += (html[done:opened], f"\x02{len(tables)}\x02")
                tables.append(grid)
                done = end
            opened = -1
    return "".join((*pieces, html[done:])) if pieces else html


def _kept_lines(found: re.Match[str]) -> str:
    """What stands in ``<pre>``, line by line; lines broken at a fixed width are joined."""
    text = _BROKEN.sub("\n", found[1])
    lines = wrapped.joined(_MARKUP.sub("", text).replace("&nbsp;", "\u00a0").split("\n"))
    return "\x06" + "\x06".join(lines) + "\x06"


def lines_of(node: LexborNode) -> list[str]:
    """The text lines of a node as a browser breaks them, tidied, without empty ones; marks for headings, items and tables."""
    return lines_of_html(node.html or "")


def lines_of_html(html: str, *, apart: bool = False) -> list[str]:
    """``lines_of`` for a serialised piece of a page. With ``apart`` there is a space behind spans and the like, as on bylines."""
    return _lines(without_comments(html), apart)


def _lines(html: str, apart: bool = False) -> list[str]:
    pieces = _MARKUP.split(_joined_lines(html))
    tags = pieces[1::2]
    marks = {tag: " " if apart and tag in _INLINE else _known(tag) for tag in set(tags)}
    pieces[1::2] = [marks[tag] for tag in tags]
    text = "".join(pieces)
    if "&" in text:
        text = text.replace("&nbsp;", "\u00a0")
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    if _BREAK in text:
        # Most breaks of the source stand between blocks, where they say nothing.
        text = "\n".join([line.strip(_BREAK) for line in text.split("\n")])
    if _BREAK in text:
        text = _JOIN.sub("", text).replace("\x05", " ")
    if any(map(text.__contains__, _UNSEEN)):
        text = _INVISIBLE.sub("", text)
    if "\x06" in text:
        text = text.replace("\x06", "\n")
    if "\x02" in text:
        text = _TABLE.sub("\n\x02\\1\x02\n", text)
    return [
        tidied for line in text.split("\n") if (tidied := " ".join(line.split())) and tidied not in ("\x04", "\x03")
    ]


def _joined_lines(html: str) -> str:
    """Line breaks of the source, with the white space around them, as one mark each: what they mean is decided later."""
    if "\r" in html or "\f" in html:
        return _SPACED_BREAK.sub(_BREAK, html)
    return _BREAK.join([line.strip(" \t") for line in html.split("\n")]) if "\n" in html else html


def _known(tag: str) -> str:
    """``_mark``, remembered for tags of usual length: a host's pages have the same ones."""
    return _short(tag) if len(tag) <= _USUAL else _mark(tag)


def _mark(tag: str) -> str:
    """What a tag leaves in the text: a line break, with a mark where a heading or an item begins; nothing where it is inline."""
    match = _NAME.match(tag)
    # A serialised tree has its tags in lower case.
    name = match[1] if match is not None else ""
    if name not in _BLOCKS and name[:4] != "ucap" and "-" not in name and not (tag[1] != "/" and _is_boxed(tag)):
        return ""
    if tag[1] != "/" and name in _HEADINGS:
        return f"\n\x03{name[1]}"
    return "\n\x04" if tag[1] != "/" and name in _ITEMS else "\n"


_USUAL = 64
_short = lru_cache(maxsize=1024)(_mark)


def _is_boxed(tag: str) -> bool:
    """Whether an inline element is shown as a block by a style of its own: a line begins there."""
    return "display" in tag and _BOXED.search(tag) is not None


_BOXED = re.compile("display\\s{0,3}:\\s{0,3}(?:block|flex|table|grid|list-item)", re.IGNORECASE)


def _with_tables(line: str, tables: list[Grid], blocks: list[Block]) -> None:
    """A line with table marks in it: the words around them are paragraphs."""
    at = 0
    for match in _TABLE.finditer(line):
        if before := _CONTROL.sub("", line[at : match.start()]).strip():
            blocks.append(Block("paragraph", before))
        number = int(match[1])
        if number < len(tables):
            _add_table(tables[number], blocks)
        at = match.end()
    if rest := _CONTROL.sub("", line[at:]).strip():
        blocks.append(Block("paragraph", rest))


def _add_table(grid: Grid, blocks: list[Block]) -> None:
    """A table, joined to the one before it when that was cut at a page break."""
    at = -2 if len(blocks) > 1 and blocks[-1].kind == "paragraph" and _CONTINUED.fullmatch(blocks[-1].text) else -1
    before = blocks[at].grid if len(blocks) >= -at else None
    whole = grids.continued(before, grid) if before is not None else None
    if whole is not None:
        del blocks[at:]
        blocks.append(table_block(whole))
        return
    if grid.caption:
        blocks.append(Block("paragraph", grid.caption))
    blocks.append(table_block(grid))
    blocks.extend(Block("paragraph", note) for note in grid.notes)


def table_block(grid: Grid) -> Block:
    """A grid as a block."""
    return Block("table", flat_tables.text_of(grid), grid=grid)
