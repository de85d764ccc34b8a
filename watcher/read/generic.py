"""The article of a page that no portal file knows: where most of the sentences are, tables counted with them."""

from __future__ import annotations

import re

import re2
from selectolax.lexbor import LexborNode

from watcher.read import html_blocks, labels, titles
from watcher.read.boilerplate import MAX_PHRASE, is_chrome
from watcher.read.headinfo import after_date, title_of
from watcher.read.links import format_of
from watcher.read.page import Page
from watcher.text import tidy

_SENTENCE = re.compile("[，。；：！？、]")
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
_FILE = 10.0
"""What a link to a file counts: some notices are nothing else."""
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
_FACTS = re2.compile("(?:[\u4e00-\u9fff]{2,8}[:：]\\s?[^\\s:：，。]{1,24}[\\s|｜]*){3,}")
"""Labelled values in a row, whatever their labels: the byline of a page. By RE2: where a value ends and a label begins is open."""
_BYLINE = 120
_BYLINES = re.compile(
    "[【\\[（(]?(?:字[体号]|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:次数|数)?|访问(?:次数|量)?)[:：]"
)
_FOOTER = re.compile(
    "版权所有|技术支持[:：]|主办单位[:：]|承办单位[:：]|ICP备|标识码[:：]|位访[客问]|地\\s?址[:：].{2,40}邮\\s?(?:政)?编|All Rights Reserved|Copyright",
    re.IGNORECASE,
)
_ANSWERS = re.compile("意见|反馈|征求|征集|。")
"""A notice may print its address and postal code, too: it says what they are for."""
_OUTSIDE = re.compile(
    "(?:^|[\\s_-])(?:foot(?:er)?|bottom|copyright|nav|menu|crumbs?|breadcrumb|sidebar|side|aside|friend|links?|related?|recommend|comments?|cmts?|pinglun|liuyan|hot|robot|chat(?:bot)?|kefu|popup|modal|toast|cookie|toolbar)[0-9]{0,2}(?:$|[\\s_-])",
    re.IGNORECASE,
)
"""Classes and ids of what stands around articles."""


def body_of(page: Page) -> LexborNode | None:
    """The node that holds the article, ``None`` when the page has no text. Never smaller than the paragraph with most text.

    Every container is weighed by the sentences inside it that are neither links nor phrases of pages. The article is found by
    going up from the one that directly holds most, as long as a wider one holds clearly more.
    """
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
            weight = _weight(holder.text(deep=False) or "")
        elif tag == "table":
            weight = _table_weight(node)
        elif tag not in _LINES and _holds_blocks(node):
            continue
        else:
            weight = _words(node) / (3 if tag in _LIGHT else 1)
            if tag == "td" and weight > _CELL:
                holder = node
        if weight:
            scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + weight
            nodes[holder.mem_id] = holder
    if not scores:
        return _largest(page)
    masses = _masses(scores, nodes)
    if max(masses[1].values()) < _LEAST:
        return None  # nothing but footers
    title = titles.key(title_of(page))
    best = nodes[max(masses[1], key=masses[1].__getitem__)]
    heads = _headlines(page, title)
    body = _widen(_below_title(heads, best, masses, nodes) or best, masses[0], title, _around_node(heads))
    _without_asides(body, masses[0])
    if heads and heads[0].mem_id != body.mem_id and titles.is_title(title_of(page)):
        _without_top(body, heads[0])
    return body


_TITLES = "h1,h2,h3,h4,[class*=title],[class*=Title],[class*=tit],[class*=bt]"
_PART = 0.3
"""Part of the heaviest box's sentences that the box below the title must hold to be the article."""


def _headlines(page: Page, title: str) -> list[LexborNode]:
    """The elements that print the page's title (``titles.key`` of it is ``title``), in page order, whatever they are called."""
    if len(title) < _LONG_TITLE:
        return []
    words = _PLAIN.match(title_of(page))
    found = page.tree.css(f'*:lexbor-contains("{words[0]}")')[:20] if words is not None else []
    printed = [node for node in found if node.tag not in _UNPRINTED and titles.key(node.text(deep=True) or "") == title]
    return printed or [node for node in page.tree.css(_TITLES)[:200] if titles.key(node.text(deep=True) or "") == title]


_PLAIN = re.compile("[\u3001-\u301f\u3400-\u9fff\uff08\uff09“”a-zA-Z0-9]{6,20}")
"""The beginning of a title by which its elements are found: a line break may follow."""
_UNPRINTED = frozenset(("title", "a", "option", "script"))


def _around_node(heads: list[LexborNode]) -> frozenset[int]:
    """The identities of what holds the first headline; later ones may be the document's own."""
    holder = heads[0] if heads else None
    found: set[int] = set()
    while holder is not None and holder.tag not in ("body", "html"):
        found.add(holder.mem_id)
        holder = holder.parent
    return frozenset(found)


def _below_title(
    heads: list[LexborNode],
    best: LexborNode,
    masses: tuple[dict[int, float], dict[int, float]],
    nodes: dict[int, LexborNode],
) -> LexborNode | None:
    """Where most sentences are in the box that prints the page's title, when it holds about as many as any: comments may hold more."""
    for printed in heads:
        holder: LexborNode | None = printed
        while holder is not None and holder.tag != "body" and not masses[0].get(holder.mem_id):
            holder = holder.parent
        if holder is None or holder.tag == "body" or masses[0][holder.mem_id] < _PART * masses[1][best.mem_id]:
            holder = _with_files(printed)
        if holder is not None:
            within = {node.mem_id for node in holder.css("*")} | {holder.mem_id}
            inside = [one for one in masses[1] if one in within]
            return nodes[max(inside, key=masses[1].__getitem__)] if inside else holder
    return None


def _with_files(printed: LexborNode) -> LexborNode | None:
    """The box around a title that offers files: the whole notice, where there are hardly sentences."""
    holder = printed.parent
    for _ in range(_LEVELS):
        if holder is None or holder.tag in ("body", "html", None):
            return None
        if any(format_of(link.attributes.get("href") or "") for link in holder.css("a[href]")[:100]):
            return holder
        holder = holder.parent
    return None


_LEVELS = 3
_BOXES = "aside,nav,footer,div[class],section[class],ul[class],dl[class],div[id]"
_TABS = re.compile("(?:^|[\\s_-])(?:tabs?|nav-?tabs|tab-?(?:hd|nav|menu|title|head|bar))(?:$|\\s)", re.IGNORECASE)
"""Classes of rows of tabs: of an article they say nothing."""
_SHARE = 0.1
"""Part of an article's sentences, as they are weighed, below which a box named for what stands around articles is none of it."""


def _without_asides(body: LexborNode, masses: dict[int, float]) -> None:
    """Takes out the boxes inside a wide article that are named for what stands around one (comments, related pages)."""
    most = masses.get(body.mem_id, 0.0) * _SHARE
    for box in body.css(_BOXES)[:400]:
        if box.mem_id != body.mem_id and (
            (_around(box) and masses.get(box.mem_id, 0.0) <= most and not _offers(box))
            or (
                _TABS.search(box.attributes.get("class") or "") and not masses.get(box.mem_id) and not _of_chapters(box)
            )
        ):
            box.decompose(recursive=True)


def _offers(box: LexborNode) -> bool:
    """Whether a box offers files: those are the document's, whatever it is called."""
    return any(format_of(link.attributes.get("href") or "") for link in box.css("a[href]")[:50])


def _of_chapters(box: LexborNode) -> bool:
    return _CHAPTER.search(box.text(deep=True) or "") is not None


_CHAPTER = re.compile("第[一二三四五六七八九十]{1,3}[章编部篇节]")


def _without_top(body: LexborNode, headline: LexborNode) -> None:
    """Takes out what stands above the page's headline inside a wide article, when it says no sentence: menus, paths, dates."""
    above: list[LexborNode] = []
    node: LexborNode | None = headline
    while node is not None and node.mem_id != body.mem_id:
        sibling = node.prev
        while sibling is not None:
            if len(above) >= _NEARBY or "。" in (sibling.text(deep=True) or "") or _tabular(sibling):
                return
            above.append(sibling)
            sibling = sibling.prev
        node = node.parent
    if node is None:  # the headline stands elsewhere
        return
    for one in above:
        if one.tag != "-text" and not any(map(_tells, html_blocks.lines_of(one))):
            one.decompose(recursive=True)


def _tabular(node: LexborNode) -> bool:
    return any(_table_weight(table) for table in ([node] if node.tag == "table" else node.css("table")[:20]))


def _tells(line: str) -> bool:
    """Whether a line above a headline is the document's: a label with its value, an office, a number, those whom it is for."""
    line = line.strip("\x03\x04123456 ")
    return bool(labels.pairs(line)) or labels.field_of(line) is not None or _OWN.search(line) is not None


_OWN = re.compile("[：:》]$|[〔\\[（(](?:19|20)[0-9]{2}[〕\\]）)]|第.{1,5}号|(?:文件|令|公告|公报)$")


def _holds_blocks(node: LexborNode) -> bool:
    own = node.mem_id
    return any(found.mem_id != own for found in node.css(_BLOCKS)[:2])


def _words(node: LexborNode) -> float:
    """Weight of a paragraph without its links: a row of a list has hardly any, however long the title that it links."""
    text = node.text(deep=True) or ""
    links = node.css("a")[:100] if node.css_first("a") is not None else ()
    if _SENTENCE.search(text[:20000]) is None and not links:
        return 0.0
    files = 0.0
    for link in links:
        if linked := link.text(deep=True):
            text = text.replace(linked, "", 1)
        files = files or (_FILE if format_of(link.attributes.get("href") or "") else 0.0)
    return _weight(text) + files


def _table_weight(table: LexborNode) -> float:
    """A data table counts by its cells; one that only places things on the page by nothing, as its paragraphs count."""
    if table.css_first("td table, th table") is not None:
        return 0.0
    found = table.css("td, th")
    cells = len(found)
    size = len(table.text(deep=True) or "")
    if (
        cells < 4
        or size >= 60 * cells
        or sum(labels.field_of(one.text(deep=True)) is not None for one in found[:8]) > 2
    ):
        return 0.0  # places things, or is the head table
    return cells * 4.0


def _weight(text: str) -> float:
    """Characters, counted only where there is punctuation of sentences (menus have none), and not for bylines and phrases."""
    marks = len(_SENTENCE.findall(text[:20000]))
    if not marks:
        return 0.0
    if len(text) < 400:
        line = tidy(text)
        if _FOOTER.search(line) and not _ANSWERS.search(line):
            return 0.0
        if is_chrome(line[: MAX_PHRASE + 1], "tail") or labels.pairs(after_date(line)[0]) or _FACTS.fullmatch(line):
            return 0.0
        if len(line) <= _BYLINE and "。" not in line and _BYLINES.search(line):
            return 0.0
    return min(len(text), 12.0 + marks * 40.0)


def _masses(scores: dict[int, float], nodes: dict[int, LexborNode]) -> tuple[dict[int, float], dict[int, float]]:
    """What every container holds with all that is in it, and what each one holds directly; footers and menus hardly count."""
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
                apart[holder.mem_id] = _around(holder) or html_blocks.is_other_tab(holder)
            if apart[holder.mem_id]:
                weight *= 0.05
                break
        direct[identity] = weight
        for holder in chain:
            masses[holder.mem_id] = masses.get(holder.mem_id, 0.0) + weight
    return masses, direct


def _around(node: LexborNode) -> bool:
    if node.tag in ("footer", "nav", "aside"):
        return True
    if node.tag == "body":
        return False
    attributes = node.attributes
    return any(_OUTSIDE.search(value) for name in ("class", "id") if (value := attributes.get(name)))


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
        few = _MENU if not titled else _AFTER
        if inner.mem_id in heads:
            before += _before(inner, masses)
        above = before > _BEFORE * (mass - size)
        if (mass > size * _ENOUGH and mass - size > _MORE and not above and not _adds_menus(wider, best, few)) or (
            mass > size
            and (
                (not above and (_only_sentences(wider, best, mass - size) or _addressed(inner, masses)))
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
            return not _around(sibling)
        sibling = sibling.prev
    return False


_NEAR = 6
_SALUTES = re.compile("各[^。，；：:\\n]{1,30}(?:[，、][^。；：:\\n]{1,60})?[：:]")


def _prints(node: LexborNode, title: str) -> bool:
    return len(title) >= _LONG_TITLE and title in titles.key((node.text(deep=True) or "")[:_FIRST])


_LONG_TITLE, _FIRST = 6, 20_000


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
    if not name or _around(inner):
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
    if name := box.attributes.get("class"):
        bare = name.translate(_NO_DIGITS)
        return bare if len(bare) >= _WORD else name
    first = box.first_child
    while first is not None and first.tag == "-text" and not (first.text_content or "").strip():
        first = first.next
    return f"<{first.tag}>" if first is not None and first.tag in _HEADED else ""


_WORD = 4
"""Letters of a name that says something; ``a1`` and ``a2`` are two names."""
_NO_DIGITS = str.maketrans("", "", "0123456789")
_HEADED = frozenset(("h2", "h3", "h4", "h5"))


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
