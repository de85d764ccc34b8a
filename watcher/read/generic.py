"""The article of a page that no portal file knows: where most of the sentences are, tables counted with them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from watcher.read import asides, headlines, html_blocks, labels, titles, weights
from watcher.read.boilerplate import is_chrome, signs
from watcher.read.headinfo import title_of
from watcher.read.page import Page
from watcher.text import tidy

_NAMED = (
    "#zoom",
    "#Zoom",
    "#content",
    "#article",
    ".article-content",
    ".article_content",
    ".news_content",
    ".TRS_Editor",
    "article",
    "main",
)
MAX_NODES = 6000
_ENOUGH = 1.25
_MORE = 60.0
"""Characters of sentences that a wider container must add before it is the article."""
_UP = 14
_SLIPS = 4
"""Characters that a box of sentences may add besides them."""
_LEAST = 6.0
"""What holds less than this is no article: a footer's sentences are counted for a twentieth."""
_CELL = 120
"""Characters from which a cell without paragraphs holds an article of its own, as one with line breaks does."""
_LEAVES = 'p,br,table,h2,h3,h4,h5,h6,li,pre,dd,div,section,blockquote,td,span[style*="display"]'
_NEARBY = 200
"""Nodes beside a box that are looked at."""
_LIGHT = frozenset(("li", "h4", "h5", "h6"))
"""What mostly stands in menus and boxes."""
_LINES = frozenset(("p", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = "p,br,table,h1,h2,h3,h4,li,pre,dd,div,section,blockquote,ul,ol,dl,article"


def body_of(page: Page) -> LexborNode | None:
    """The node that holds the article, ``None`` when the page has no text. Never smaller than the paragraph with most text.

    Every container is weighed by the sentences inside it that are neither links nor phrases of pages. The article is found by
    going up from the one that directly holds most, as long as a wider one holds clearly more.
    """
    asides.without_remarks(page)
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    broken: set[int] = set()
    for node in page.tree.css(_LEAVES)[:MAX_NODES]:
        tag = node.tag
        holder = node.parent
        if holder is None or holder.tag in ("html", "head", None):
            continue
        if tag == "br":
            if holder.mem_id in broken:
                continue
            broken.add(holder.mem_id)
            weight = weights.weight(holder.text(deep=False) or "")
        elif tag == "table":
            weight = weights.table_weight(node)
        elif tag not in _LINES and _holds_blocks(node):
            first = node.first_child
            if first is not None and first.tag == "-comment":
                first = first.next
            if first is None or first.tag != "-text" or len(first.text_content or "") < _CELL // 3:
                continue
            # Text with a button or a share bar behind it.
            holder, weight = node, weights.weight(node.text(deep=False) or "")
        else:
            weight = weights.words(node) / (3 if tag in _LIGHT else 1)
            if tag == "td" and weight > _CELL:
                holder = node
        if weight:
            scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + weight
            nodes[holder.mem_id] = holder
    if not scores:
        return _largest(page)
    title = titles.key(title_of(page))
    heads = headlines.headlines(page, title)
    titled = headlines.around(heads)
    masses = _masses(scores, nodes, titled)
    if max(masses[1].values()) < _LEAST:
        return None  # nothing but footers
    best = nodes[max(masses[1], key=masses[1].__getitem__)]
    body = _widen(headlines.below(heads, best, masses, nodes) or best, masses[0], title, titled)
    body = _with_signature(_with_notes(_around_table(body, masses[0])))
    asides.without_asides(body, masses[0])
    if heads and heads[0].mem_id != body.mem_id and titles.is_title(title_of(page)):
        asides.without_top(body, heads[0])
    return body


def _around_table(body: LexborNode, masses: dict[int, float]) -> LexborNode:
    """The box around one that holds nothing but a table, where sentences stand beside it: what announces the table belongs to it."""
    holder, table = body.parent, body.css_first("table")
    if holder is None or table is None or holder.tag in ("body", "html") or body.tag not in ("div", "figure", "center"):
        return body
    if masses.get(holder.mem_id, 0.0) <= masses.get(body.mem_id, 0.0) or _links(holder) - _links(body) >= _MENU:
        return body
    return holder if len(_plain(body)) == len(_plain(table)) else body


def _plain(node: LexborNode) -> str:
    return "".join((node.text(deep=True) or "").split())


def _with_notes(body: LexborNode) -> LexborNode:
    """The box around a table that stands in one of its own, where the note below belongs to it (``注：2023年为快报数。``)."""
    sibling, holder = body.next, body.parent
    while sibling is not None and sibling.tag == "-text":
        sibling = sibling.next
    if sibling is None or holder is None or holder.tag in ("body", "html") or sibling.tag not in ("p", "div"):
        return body
    if body.css_first("table") is None or not _NOTE.match((sibling.text(deep=True) or "")[:_FIRST].strip()):
        return body
    return holder if _links(holder) - _links(body) <= _FEW_LINKS else body


def _with_signature(body: LexborNode) -> LexborNode:
    """The box around an article, where a box with its signature (an office, a day) stands behind it and nothing before it."""
    sibling, holder, before = body.next, body.parent, body.prev
    while sibling is not None and _is_blank(sibling):
        sibling = sibling.next
    if sibling is None or holder is None or sibling.tag not in ("div", "p") or holder.tag in ("body", "html"):
        return body
    while before is not None and _is_blank(before):
        before = before.prev
    lines = html_blocks.lines_of(sibling) if len(sibling.text(deep=True) or "") <= _SIGNATURE else []
    if before is not None or not 2 <= len(lines) <= 4 or not signs(lines):
        return body
    return holder if _links(holder) - _links(body) <= _FEW_LINKS else body


_SIGNATURE = 160


def _is_blank(node: LexborNode) -> bool:
    """Whether a node is white space or a comment."""
    return node.tag == "-comment" or (node.tag == "-text" and not (node.text_content or "").strip())


_NOTE = re.compile("(?:备?注|说明|数据来源|资料来源)[:：]")
_FEW_LINKS = 2


def _holds_blocks(node: LexborNode) -> bool:
    own = node.mem_id
    return any(found.mem_id != own for found in node.css(_BLOCKS)[:2])


def _masses(
    scores: dict[int, float], nodes: dict[int, LexborNode], titled: frozenset[int]
) -> tuple[dict[int, float], dict[int, float]]:
    """What every container holds with all that is in it, and what each one holds directly; footers and menus hardly count.

    What holds the headline (``titled``) is neither, whatever it is called.
    """
    masses: dict[int, float] = {}
    direct: dict[int, float] = {}
    apart: dict[int, bool] = {}
    for identity, weight in scores.items():
        chain: list[LexborNode] = []
        node: LexborNode | None = nodes[identity]
        while node is not None and node.tag not in ("html", None) and len(chain) < 60:
            chain.append(node)
            node = node.parent
        for holder in chain:
            if holder.mem_id not in apart:
                around = holder.mem_id not in titled and asides.around(holder)
                apart[holder.mem_id] = around or html_blocks.is_other_tab(holder)
            if apart[holder.mem_id]:
                weight *= 0.05
                break
        direct[identity] = weight
        for holder in chain:
            masses[holder.mem_id] = masses.get(holder.mem_id, 0.0) + weight
    return masses, direct


def _widen(
    node: LexborNode, masses: dict[int, float], title: str = "", heads: frozenset[int] = frozenset()
) -> LexborNode:
    """Climbs while a wider container holds clearly more sentences: articles are often cut into sections, cells or pages.

    Beyond the container that prints the page's ``title`` (as ``titles.key`` has it) other things begin: it is left only for
    more text without links, and not for what stands above it. ``heads`` are the containers of the page's headline.
    """
    best = node
    size = masses.get(node.mem_id, 0.0)
    inner, wider = node, node.parent
    titled = _prints(node, title)
    before = 0.0
    for _ in range(_UP):
        if wider is None or wider.tag in ("html", None):
            break
        mass = masses.get(wider.mem_id, 0.0)
        if mass > size and inner.mem_id in heads and asides.column_beside(inner, masses):
            break
        few = _MENU if not titled else _AFTER
        if inner.mem_id in heads:
            before += _before(inner, masses)
        above = before > _BEFORE * (mass - size) or (
            size < mass < _WHOLE * size and inner.mem_id in heads and headlines.is_whole(inner, title)
        )
        if (mass > size * _ENOUGH and mass - size > _MORE and not above and not _adds_menus(wider, best, few)) or (
            mass > size
            and (
                (
                    not above
                    and (
                        _only_sentences(wider, best, mass - size)
                        or _addressed(inner, masses)
                        or _carries(inner, masses, title)
                        or (inner.mem_id not in heads and _answered(inner, masses))
                    )
                )
                or _one_of_several(inner, masses)
            )
        ):
            size, before = mass, 0.0
            best = wider
        titled = titled or _prints(wider, title)
        inner, wider = wider, wider.parent
    while best.tag in ("tr", "tbody", "thead", "p", "span", "font", "b", "strong", "table") and best.parent is not None:
        best = best.parent
    return best


_WHOLE = 4
"""Times its sentences that may stand around the whole of an article; among more than that it is only the beginning of one."""
_BEFORE = 0.5
"""Part of what a wider container adds that stands above the headline, from which it is not the article's."""


def _before(node: LexborNode, masses: dict[int, float]) -> float:
    """The sentences in what stands before a box on its level: before a title there is nothing of its article."""
    found, sibling = 0.0, node.prev
    for _ in range(_NEARBY):
        if sibling is None:
            break
        found += masses.get(sibling.mem_id, 0.0)
        sibling = sibling.prev
    return found


def _only_sentences(wider: LexborNode, inner: LexborNode, more: float) -> bool:
    """Whether a wider container adds nothing but lines of text: a salutation or a signature in a box of its own."""
    added = len("".join(wider.text(deep=True).split())) - len("".join(inner.text(deep=True).split()))
    return 0 < added <= more + _SLIPS and _links(wider) == _links(inner)


def _addressed(inner: LexborNode, masses: dict[int, float]) -> bool:
    """Whether a notice that addresses somebody stands in a box before this one: it carries what is in this one."""
    sibling = inner.prev
    for _ in range(_NEAR):
        if sibling is None:
            return False
        if masses.get(sibling.mem_id) and _SALUTES.match((sibling.text(deep=True) or "").strip()[:_FIRST]):
            return not asides.around(sibling)
        sibling = sibling.prev
    return False


def _carries(inner: LexborNode, masses: dict[int, float], title: str) -> bool:
    """Whether a box that begins with what this notice (or the page's ``title``) names stands behind it."""
    text = (inner.text(deep=True) or "").strip()[:_FIRST]
    sibling = inner.next if _SALUTES.match(text) else None
    for _ in range(_NEAR):
        if sibling is None:
            return False
        if masses.get(sibling.mem_id):
            first = titles.key(next(iter(html_blocks.lines_of(sibling)), "")[:120].lstrip("\x03\x04123456"))
            return len(first) >= headlines.LONG and (first in title or first in titles.key(text))
        sibling = sibling.next
    return False


def _answered(inner: LexborNode, masses: dict[int, float]) -> bool:
    """Whether a box with the result of a consultation, or the explanation of a draft, stands behind it."""
    sibling = inner.next
    for _ in range(_NEAR):
        if sibling is None:
            return False
        if masses.get(sibling.mem_id):
            first = next(iter(html_blocks.lines_of(sibling)), "")[:40].lstrip("\x03\x04123456 ")
            if _RESULT.fullmatch(first):
                return not asides.around(sibling)
        sibling = sibling.next
    return False


_RESULT = re.compile(
    "(?:征集|征求意见|意见|公开征集)?(?:结果|采纳情况|意见)(?:公布|反馈|公示|说明)?(?:情况)?(?:反馈)?[:：]?|(?:起草|编制|修订)说明[:：]?"
)
_NEAR = 6
_SALUTES = re.compile("各[^。，；：:\\n]{1,30}(?:[，、][^。；：:\\n]{1,60})?[：:]")


def _prints(node: LexborNode, title: str) -> bool:
    return len(title) >= headlines.LONG and title in titles.key((node.text(deep=True) or "")[:_FIRST])


_FIRST = 20_000


def _adds_menus(wider: LexborNode, inner: LexborNode, few: int) -> bool:
    """Whether a wider container adds as much of links as pages have around an article: what it says besides is not the article's."""
    linked = [tidy(link.text(deep=True) or "") for link in wider.css("a")[:600]]
    within = len([text for link in inner.css("a")[:600] if (text := tidy(link.text(deep=True) or ""))])
    linked = [text for text in linked if text]
    if len(linked) - within < few:
        return False
    if few == _AFTER:
        return True
    added = len("".join(wider.text(deep=True).split())) - len("".join(inner.text(deep=True).split()))
    own = sum(len("".join((link.text(deep=True) or "").split())) for link in inner.css("a")[:600])
    return sum(map(len, linked)) - own > _LINKED * added


_MENU, _AFTER = 5, 3
"""Links that make a menu; links from which what stands outside of title and text is none of the article's."""
_LINKED = 0.25
"""Part of what a container adds that links print, from which it is the page and not the article."""


def _links(node: LexborNode) -> int:
    """Links that print something: icons to share by are none."""
    return sum(1 for link in node.css("a")[:200] if (link.text(deep=True) or "").strip())


def _one_of_several(inner: LexborNode, masses: dict[int, float]) -> bool:
    """Whether the boxes beside one are built as it is and hold sentences too: an article in sections, cards or tabs."""
    name, tag = _kind(inner), inner.tag
    if not name or asides.around(inner):
        return False
    sibling = inner.parent.first_child if inner.parent is not None else None
    for _ in range(_NEARBY):
        if sibling is None:
            return False
        if (
            sibling.mem_id != inner.mem_id
            and sibling.tag == tag
            and masses.get(sibling.mem_id, 0.0) > 0
            and _kind(sibling) == name
            and not html_blocks.is_other_tab(sibling)
        ):
            return True
        sibling = sibling.next
    return False


def _kind(box: LexborNode) -> str:
    """What a box is called, without a number of its own; of one without a name, whether it begins with a heading."""
    if name := box.attributes.get("class") or box.attributes.get("data-role"):
        bare = name.translate(_NO_DIGITS)
        return bare if len(bare) >= _WORD and _GRID.search(name) is None else name
    if box.tag == "section":
        return "<section>"
    first = box.first_child
    while first is not None and first.tag == "-text" and not (first.text_content or "").strip():
        first = first.next
    return f"<{first.tag}>" if first is not None and first.tag in _HEADED else ""


_GRID = re.compile("(?:^|[\\s_-])(?:col|span|grid|width|w)[a-z-]{0,9}[0-9]{1,2}(?:$|[\\s/])")
"""Columns of a page's grid, whose numbers are widths: two widths are two boxes."""
_WORD = 4
"""Letters of a name that says something; ``a1`` and ``a2`` are two names."""
_NO_DIGITS = str.maketrans("", "", "0123456789")
_HEADED = frozenset(("h2", "h3", "h4", "h5", "summary"))


def _largest(page: Page) -> LexborNode | None:
    for selector in _NAMED:
        node = page.tree.css_first(selector)
        if node is not None and len(node.text(deep=True, strip=True)) > 20:
            return node
    body = page.tree.body
    return body if body is not None and _says_something(body, titles.key(title_of(page))) else None


_HAN = re.compile("[\u3400-\u9fff]")
_FEW = 8


def _says_something(body: LexborNode, title: str) -> bool:
    """Whether a page without a sentence prints more than its title, links, labelled metadata and phrases: else it has no article."""
    links = sorted(
        {text for link in body.css("a")[:2000] if (text := tidy(link.text(deep=True)))}, key=len, reverse=True
    )
    found, label = 0, False
    for line in html_blocks.lines_of(body)[:400]:
        for text in links if len(line) < 200 else ():
            line = line.replace(text, "")
        line = line.strip("\x03\x04|｜ 123456")
        value, label = label, bool(line) and labels.field_of(line) is not None
        if line and not (label or value or titles.key(line) == title or is_chrome(line, "tail") or labels.pairs(line)):
            found += len(_HAN.findall(line))
    return found >= _FEW
