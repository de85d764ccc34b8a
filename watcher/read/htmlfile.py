"""HTML: the portal's article, or the densest part, as a draft."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from selectolax.lexbor import LexborNode

from watcher.portals import _family
from watcher.read import (
    flat_tables,
    frames,
    front,
    headinfo,
    html_blocks,
    labels,
    links,
    oneline,
    outline,
    printed,
    titles,
    wrapped,
)
from watcher.read.article import Article, locate
from watcher.read.boilerplate import is_chrome, tail_start, taught
from watcher.read.draft import Draft
from watcher.read.landmarks import Survey
from watcher.read.page import Page
from watcher.settings import Selectors
from watcher.types import Block, Dropped


def read_html(
    page: Page, selectors: Selectors, chrome: frozenset[str] = frozenset(), survey: Survey | None = None
) -> tuple[Draft, str, bool]:
    """``(draft, portal, degraded)`` of a page; ``survey`` is shown what it needs for the decisive part."""
    draft = Draft(site=headinfo.site_of(page))
    _ = page.title, page.base  # read before the tree loses its head, which broken pages have inside the body
    framed, shown = frames.frames(page), frames.shown_files(page)
    article = locate(page, selectors)
    if shown and article.node is not None and article.node.tag == "body" and "。" not in article.node.text(deep=True):
        article = replace(article, node=None)  # the file says it all
    draft.title = _chosen_title(page, article, selectors)
    unlabelled: list[str] = []
    labelled: list[str] = []
    if article.node is not None and not selectors.title and "articletitle" not in page.metas:
        above = _title_above(page, article.node, draft.title)
        draft.title, unlabelled = above or draft.title, [above] if above else []
    if "…" in page.title or "..." in page.title:
        unlabelled.append(draft.title)  # the whole of what <title> cuts off is printed somewhere
    draft.facts = headinfo.facts_of(page, article.node, article.head, draft.title, unlabelled, labelled)
    if article.degraded and article.node is not None:
        headinfo.add_below(draft.facts, page, article.node)
    official = draft.facts.get("title", "")
    if not draft.title or (
        official
        and (titles.is_title(official) or printed.is_weak(draft.title, draft.site))
        and not selectors.title
        and "articletitle" not in page.metas
    ):
        draft.title = official or draft.title
    draft.pages = links.parts(page)
    draft.attachments = shown
    if article.node is None:
        draft.attachments = shown or frames.scripted_files(page)
        _into_frame(draft, framed, page.host)
        return draft, article.portal, article.degraded
    body = article.node
    html = body.html or ""
    if survey is not None:
        survey.located(page, article, html, unlabelled, labelled)
    drop = [one for one in article.drop if page.possible(one)]
    if page.prints(*_family.UNPRINTED):
        drop.append(html_blocks.UNPRINTED)
    html = html_blocks.cleaned(body, html, drop, draft.dropped)
    if page.prints(*_family.PERMALINKS):
        html = html_blocks.without_permalinks(html)
    holders = [
        body,
        *(node for node in page.find(*article.files) if node.mem_id != body.mem_id),
        *links.beside(body),
        *links.above(body, headinfo.markup_before(page, body)),
    ]
    linked = links.attachments(page, holders)
    draft.attachments = linked + [one for one in shown if one.url not in {other.url for other in linked}]
    blocks = html_blocks.blocks_of(html_blocks.without_counts(html))
    if article.degraded:
        blocks = _without_page_numbers(_unwrapped(blocks) if _PRINTED.search(page.html) else blocks, draft)
    if article.degraded and not selectors.title and printed.is_weak(draft.title, draft.site):
        draft.title = _title_inside(_joined_title(blocks[: 2 * _HEAD], "")) or draft.title
    title, facts = draft.title, dict(draft.facts)
    draft.blocks = trim(blocks, draft, chrome)
    if survey is not None:
        survey.chosen(blocks, _kept(draft), lambda some: _outcome(some, Draft(title=title, facts=dict(facts)), chrome))
    if not selectors.title and printed.is_weak(draft.title, draft.site):
        draft.title = _title_inside(draft.blocks) or printed.FILE.sub("", draft.title)
    if sum(len(block.text) for block in draft.blocks) < _BARE:
        _into_frame(draft, framed, page.host)
    draft.own_title = next(
        (b.text for b in draft.blocks[:4] if b.kind != "table" and titles.copy_of(draft.title, b.text)), ""
    )
    return draft, article.portal, article.degraded


_BARE = 40
"""Characters that a page may say besides the frame that holds its article."""


def _into_frame(draft: Draft, framed: list[str], host: str) -> None:
    """A page without an article of its own says where the article is; a frame of the same host is read in its place."""
    draft.dropped += [Dropped(url, frames.REASON) for url in framed]
    draft.pages = draft.pages or [url for url in framed if frames.host_of(url) == host][:1]


def _title_inside(blocks: list[Block]) -> str:
    """The title that an article prints at its head, where the page calls itself by its site's name."""
    first = [block.text for block in blocks[:_HEAD] if block.kind != "table"]
    first = list(takewhile(lambda text: "。" not in text, first))
    return next((t for t in first if titles.is_title(t) and not labels.pairs(t) and not _ENCLOSED.match(t)), "")


_ENCLOSED = re.compile("附[件表]\\s?[0-9一二三四五六七八九十]{0,3}[:：]")
_HEAD = 6
"""Lines of an article among which its title stands."""


def _outcome(blocks: list[Block], draft: Draft, chrome: frozenset[str]) -> tuple[list[Block], dict[str, str]]:
    """What a reading takes from the blocks of an article."""
    draft.blocks = trim(blocks, draft, chrome)
    return _kept(draft)


def _kept(draft: Draft) -> tuple[list[Block], dict[str, str]]:
    return list(draft.blocks), {field: value for field, value in draft.facts.items() if field != "byline"}


def _chosen_title(page: Page, article: Article, selectors: Selectors) -> str:
    if selectors.title and (node := page.tree.css_first(selectors.title)):
        text = " ".join(node.text(deep=True).split())
        if text:
            return text
    return headinfo.title_of(page, article.title)


def _title_above(page: Page, body: LexborNode, title: str) -> str:
    """The title printed above an article where the page calls itself by its site's name, or leaves the issuer out."""
    weak = printed.is_weak(title, page.metas.get("sitename", ""))
    if not weak and not title.startswith("关于"):
        # Where no heading says it, <title> may name the plan alone, or leave the place out: the whole is printed above.
        return "" if page.find_first("h1") is not None else headinfo.whole_above(page, body, title)
    above = headinfo.title_above(page, body, weak=weak)
    longer = len(titles.key(above)) > len(titles.key(title)) and titles.key(above).endswith(titles.key(title))
    tag = _TAG.search(above.removesuffix(title).rstrip()) is not None  # what kind of paper it is, and not who issued it
    return above if weak or (longer and not tag) else ""


_TAG = re.compile("(?:文件|公文|政策|库|栏目|解读|规章)$")


def _is_button(text: str) -> bool:
    """Whether a line of an article is a phrase of pages; a numbered one (（二）规范网站ICP备案管理) is a heading, whatever it speaks of."""
    return len(text) <= 80 and (text in _BUTTONS or (len(text) >= 4 and not outline.rank(text) and is_chrome(text)))


_RECOMMENDED = re.compile(
    "(?:相关|相似|延伸|推荐|热门|最新|更多|精彩|热点|编辑)(?:链接|阅读|新闻|信息|稿件|文章|报道|内容|资讯|推荐|导读)|猜你喜欢"
)
_LISTED = 80
"""Characters of the longest title that a box of recommended pages lists."""
_BUTTONS = frozenset(("广告", "打印", "分享", "关闭", "纠错", "收藏", "收起", "展开"))
"""Lines of two characters that never are a cell of a table whose borders were lost."""


def trim(blocks: list[Block], draft: Draft, chrome: frozenset[str]) -> list[Block]:
    """The blocks of a container without the page's lines in it, flattened tables and one-line documents restored."""
    if chrome:
        kept = []
        for block in blocks:
            if block.kind != "table" and taught(block.text, chrome):
                draft.dropped.append(Dropped(block.text, "stands on many pages of this site"))
            else:
                kept.append(block)
        blocks = kept
    blocks = front.without_front(blocks, draft)
    visible = [block.text for block in blocks]
    tables = frozenset(i for i, block in enumerate(blocks) if block.kind == "table")
    cut = tail_start(visible, tables)
    draft.dropped.extend(Dropped(text, "tail") for text in visible[cut:])
    result: list[Block] = []
    listed = False
    for block in _restored(blocks[:cut]):
        # What a box of recommended pages lists goes with its heading.
        listed = listed and block.kind == "list" and len(block.text) <= _LISTED and "。" not in block.text
        if listed:
            draft.dropped.append(Dropped(block.text, "recommended"))
        elif block.kind != "table" and _is_button(block.text):
            draft.dropped.append(Dropped(block.text, "phrase"))
            listed = _RECOMMENDED.fullmatch(block.text.rstrip(":： ")) is not None
        else:
            result.append(block)
    return _joined_title(result, draft.title)


def _without_page_numbers(blocks: list[Block], draft: Draft) -> list[Block]:
    """Takes the numbers of pages out that stand below each other: ``1/12`` where they run through to the last one, ``— 1 —`` where they run on."""
    marks = [block.text for block in blocks if len(block.text) <= _MARK and _WATERMARK.search(block.text)]
    if len(marks) > len(set(marks)):
        draft.dropped += [Dropped(block.text, "mark on every page") for block in blocks if marks.count(block.text) > 1]
        blocks = [block for block in blocks if marks.count(block.text) < 2]
    found = [(at, match) for at, block in enumerate(blocks) if (match := _PAGE_NUMBER.fullmatch(block.text))]
    if not found:
        return blocks
    counted = [int(match[1] or match[3]) for _, match in found]
    last = int(found[0][1][2]) if found[0][1][2] else counted[0] + len(found) - 1
    if counted != list(range(counted[0], last + 1)) or (found[0][1][2] and counted[0] != 1):
        return blocks
    draft.dropped += [Dropped(blocks[at].text, "number of a page") for at, _ in found]
    numbers = {at for at, _ in found}
    return [block for at, block in enumerate(blocks) if at not in numbers]


_MARK = 40
_WATERMARK = re.compile("(?:www\\.|https?://)[\\w./-]{4,60}$")
"""The mark of a site that a viewer puts on each page."""
_PAGE_NUMBER = re.compile(
    "(?:第\\s?)?([0-9]{1,3})\\s?(?:/|页?\\s?[/，,]\\s?共)\\s?([0-9]{1,3})\\s?页?|[—–－-]{1,2}\\s?([0-9]{1,3})\\s?[—–－-]{1,2}"
)


_PRINTED = re.compile('pdf2htmlEX|class="textLayer|class="reader-word-layer')
"""What marks a printed file that was made a page, in which every line is an element."""


def _unwrapped(blocks: list[Block]) -> list[Block]:
    """The blocks with the lines of one paragraph joined, where all of them are lines."""
    if any(block.kind == "table" for block in blocks):
        return blocks
    return [Block("paragraph", text) for text in wrapped.joined([block.text for block in blocks])]


def _restored(blocks: list[Block]) -> list[Block]:
    """Flattened tables become grids again, and a document on one line becomes headings and paragraphs."""
    sizes = [-1 if block.kind == "table" else len(block.text) for block in blocks]
    tables = {}
    if "ssssss" in "".join(["s" if 0 <= size <= 24 else "-" for size in sizes]):
        found_tables = flat_tables.find_tables(["" if b.kind == "table" else b.text for b in blocks])
        tables = {found.start: found for found in found_tables}
    if not tables and max(sizes, default=0) < oneline.LONG:
        return blocks
    result: list[Block] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if at in tables:
            found = tables[at]
            result.append(html_blocks.table_block(found.grid))
            at = found.end
            continue
        if block.kind == "paragraph" and len(block.text) >= oneline.LONG:
            pieces = oneline.split(block.text)
            result += [Block("paragraph", piece) for piece in pieces] if len(pieces) > 1 else [block]
        else:
            result.append(block)
        at += 1
    return result


def _joined_title(blocks: list[Block], title: str) -> list[Block]:
    """A title that was broken over lines is one heading again."""
    visible: list[str] = []
    for at in range(min(10, len(blocks))):
        if at >= len(blocks) or blocks[at].kind == "table":
            break
        visible = visible or [block.text if block.kind != "table" else "" for block in blocks[:17]]
        count = titles.run(visible, at, title) if title else 0
        count = count or titles.run(visible, at)
        if count > 1 or (count == 1 and titles.is_title(visible[at]) and blocks[at].kind != "heading"):
            blocks[at : at + count] = [Block("heading", "".join(visible[at : at + count]), level=1)]
            visible = []
    return blocks
