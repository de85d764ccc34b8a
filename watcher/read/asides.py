"""What stands around and above an article on a page that no portal file knows: told by its names, and taken out of a wide one."""

from __future__ import annotations

import re

import re2
from selectolax.lexbor import LexborNode

from watcher.read import html_blocks, labels, weights
from watcher.read.links import format_of
from watcher.read.page import Page

_OUTSIDE = re.compile(
    "(?:^|[\\s_-])(?:foot(?:er)?|bottom|copyright|nav|menu|crumbs?|breadcrumb|sidebar|side|aside|friend|links?|related?|recommend|comments?|cmts?|pinglun|liuyan|hot(?:list|news)?|ads?|advert(?:s|ise|isement)?|guanggao|robot|chat(?:bot)?|kefu|popup|modal|toast|cookie|toolbar)[0-9]{0,2}(?:$|[\\s_-])",
    re.IGNORECASE,
)
"""Classes and ids of what stands around articles."""
_NEARBY = 200
"""Nodes above a headline that are looked at."""
_BOXES = "aside,nav,footer,div[class],section[class],ul[class],dl[class],div[id]"
_TABS = re.compile("(?:^|[\\s_-])(?:tabs?|nav-?tabs|tab-?(?:hd|nav|menu|title|head|bar))(?:$|\\s)", re.IGNORECASE)
"""Classes of rows of tabs: of an article they say nothing."""
_SHARE = 0.1
"""Part of an article's sentences, as they are weighed, below which a box named for what stands around articles is none of it."""


def without_asides(body: LexborNode, masses: dict[int, float]) -> None:
    """Takes out the boxes inside a wide article that are named for what stands around one (comments, related pages)."""
    most = masses.get(body.mem_id, 0.0) * _SHARE
    found = [box for box in body.css(_BOXES)[:400] if box.mem_id != body.mem_id and _is_aside(box, masses, most)]
    for box in _outermost(found):
        box.decompose(recursive=True)


def _is_aside(box: LexborNode, masses: dict[int, float], most: float) -> bool:
    if around(box):
        return masses.get(box.mem_id, 0.0) <= most and not _offers(box)
    tabs = _TABS.search(box.attributes.get("class") or "") is not None
    return tabs and not masses.get(box.mem_id) and not _of_chapters(box)


def _outermost(boxes: list[LexborNode]) -> list[LexborNode]:
    """The boxes that are in no other one, in page order: what is taken out goes with all that is in it."""
    taken = {box.mem_id for box in boxes}
    result = []
    for box in boxes:
        holder = box.parent
        while holder is not None and holder.mem_id not in taken:
            holder = holder.parent
        if holder is None:
            result.append(box)
    return result


def without_remarks(page: Page) -> None:
    """Takes out what readers or machines wrote: boxes that begin with a heading such as 网友留言（12条） or AI摘要, whatever they are called."""
    if _HEADED.search(page.source) is None:
        return
    for word in _REMARKED:
        for heading in page.tree.css(f'*:lexbor-contains("{word}")')[:20] if word in page.html else ():
            line = "".join((heading.text(deep=True) or "")[:60].split())
            if _REMARKS.fullmatch(line) is None:
                continue
            box = heading.parent
            if box is None or box.tag in ("body", "ul", "tr", "p") or not _begins_with(box, line) or _holds(box):
                continue
            # What the heading stands in alone is its own; the next box holds what it announces.
            while "".join((box.text(deep=True) or "")[: 2 * _LINE].split()) == line:
                if box.parent is None or box.parent.tag == "body" or _holds(box.parent):
                    break
                box = box.parent
            if not _most_of(page, box):
                box.decompose(recursive=True)
            break


_REMARKED = ("评论", "留言", "跟帖", "网友", "AI", "智能", "推荐", "往期", "相关", "相似", "类似", "猜你喜欢", "在看")
_REMARKS = re.compile(
    "(?:网友|网民|用户|读者|最新|全部|热门|精彩|精选|所有|市民|公众)?(?:评论|留言|跟帖|点评)(?:列表|专?区|内容)?(?:[（(\\[]?共?[0-9]{1,6}条?[）)\\]]?)?[:：]?|(?:网友|网民|用户)(?:意见|建言|建议)(?:列表|展示)?(?:[（(\\[]?共?[0-9]{1,6}条?[）)\\]]?)?[:：]?"
    "|(?:政策|文章|内容|全文|文件)?(?:要点|摘要|速览|解读|总结|提炼)?[（(【\\[]?(?:由?AI|人工智能|智能)(?:智能|自动|一键)?(?:生成|摘要|总结|提炼|速览|解读|导读|要点)[）)】\\]]?"
    "|(?:往期|相关|类似|相似|同类|热门|精彩|更多|延伸|推荐)(?:回顾|精选|文章|文档|资料|内容|推荐|阅读|新闻|资讯)[:：]?|猜你喜欢[:：]?|(?:大家|他们)(?:都|还)?在看[:：]?|(?:为[您你])推荐[:：]?"
)
"""Headings above what readers or machines wrote, and above what else there is to read."""


_HEADED = re2.compile(f">\\s{{0,20}}(?:{_REMARKS.pattern})[（(]?\\s{{0,20}}<")
"""Such a heading in the source: most pages have none. By RE2, because all of the source is searched."""


def _most_of(page: Page, box: LexborNode) -> bool:
    """Whether a box says most of what a page says: then it is the article with an abstract above it, and no aside."""
    said = (box.text(deep=True) or "").count("。")
    whole = page.tree.body.text(deep=True) if page.tree.body is not None else ""
    return said >= _SENTENCES and 2 * said > (whole or "").count("。")


_LINE, _SENTENCES = 60, 4


def _begins_with(box: LexborNode, line: str) -> bool:
    said = ""
    for node in box.traverse(include_text=True):
        if node.tag == "-text":
            said += "".join((node.text_content or "").split())
        if len(said) >= len(line):
            break
    return said.startswith(line)


def _holds(box: LexborNode) -> bool:
    """Whether a box holds what no reader writes: a table, a headline, a file."""
    return box.css_first("table, h1") is not None or _offers(box)


def _offers(box: LexborNode) -> bool:
    """Whether a box offers files: those are the document's, whatever it is called."""
    return any(format_of(link.attributes.get("href") or "") for link in box.css("a[href]")[:50])


def _of_chapters(box: LexborNode) -> bool:
    return _CHAPTER.search(box.text(deep=True) or "") is not None


_CHAPTER = re.compile("第[一二三四五六七八九十]{1,3}[章编部篇节]")


def without_top(body: LexborNode, headline: LexborNode) -> None:
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
    return any(weights.table_weight(table) for table in ([node] if node.tag == "table" else node.css("table")[:20]))


def _tells(line: str) -> bool:
    """Whether a line above a headline is the document's: a label with its value, an office, a number, those whom it is for."""
    line = line.strip("\x03\x04123456 ")
    return bool(labels.pairs(line)) or labels.field_of(line) is not None or _OWN.search(line) is not None


_OWN = re.compile("[：:》]$|[〔\\[（(](?:19|20)[0-9]{2}[〕\\]）)]|第.{1,5}号|(?:文件|令|公告|公报)$")


def around(node: LexborNode) -> bool:
    """Whether an element is named for what stands around articles: a footer, a menu, comments, a chat."""
    if node.tag in ("footer", "nav", "aside"):
        return True
    if node.tag == "body":
        return False
    attributes = node.attributes
    return any(_OUTSIDE.search(value) for name in ("class", "id") if (value := attributes.get(name)))


def column_beside(inner: LexborNode, masses: dict[int, float]) -> bool:
    """Whether a box that prints the headline is one column of the page, and another one with sentences stands beside it."""
    own = _COLUMN.search(inner.attributes.get("class") or inner.attributes.get("id") or "")
    sibling = inner.parent.first_child if own is not None and inner.parent is not None else None
    for _ in range(_NEARBY):
        if sibling is None:
            return False
        if sibling.mem_id != inner.mem_id and masses.get(sibling.mem_id):
            other = _COLUMN.search(sibling.attributes.get("class") or sibling.attributes.get("id") or "")
            if own is not None and other is not None and own[0] != other[0]:
                return True
        sibling = sibling.next
    return False


_COLUMN = re.compile(
    "(?:(?:^|[\\s_-])(?:col|span|grid)[a-z-]{0,9}[0-9]{1,2}|[a-z]{0,12}_?-?(?:left|right)|(?:^|[\\s_-])(?:lft|rgt|[lr]))(?=$|[\\s_0-9-])",
    re.IGNORECASE,
)
"""Names of columns of a page, by their width or by their side."""
