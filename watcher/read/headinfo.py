"""Metadata that stands on an HTML page around its article: metas, the title, head tables, the line below the title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from watcher.lexicon import places
from watcher.read import html_blocks, labels, printed
from watcher.read.page import Page
from watcher.read.printed import GAZETTE, is_weak
from watcher.read.titles import is_title, key
from watcher.text import squeeze, tidy

_TAGS = re.compile("<[^>]{0,400}>")
_PUBLISHED = ("pubdate", "publishdate", "firstpublishedtime", "article:published_time", "publishtime", "publish_date")
_SOURCE = ("contentsource", "source")
_SUFFIX = re.compile("\\s*(?:[_|｜]|\\s[-–—]\\s|(?<![0-9])-{1,2}(?=[^-0-9][^-]{1,29}$))\\s*")
_LABELLED = re.compile(
    "索(?:\\s|&nbsp;|&emsp;|&#12288;|\u3000|\u00a0|<[^>]{0,60}>)*引(?:\\s|&nbsp;|&emsp;|&#12288;|\u3000|\u00a0|<[^>]{0,60}>)*号|发文字号|发文机关|发布机构|发布机关|成文日期|公开日期|制发日期|发布日期|发布时间|公布日期|信息来源|颁布(?:部门|单位|机关|日期|时间)|发布(?:部门|单位)|"
    "公开主体|主题分类|索引號|發[布佈文][字機日時]|征集主题|调查主题|来\\s*源\\s*[:：]|日\\s*期\\s*[:：]|时\\s*间\\s*[:：]"
)
_SCRIPT = re.compile("<(script|style)\\b[^>]*>.*?</\\1>", re.DOTALL)
_NUMBERED = re.compile("(?:19|20)[0-9]{2}年?[〕\\]）)】﹞］]|(?:令|公告|通告)\\s?(?:(?:19|20)[0-9]{2}年)?\\s?第")
_NUMBERING = ("〕", "]", "）", ")", "】", "﹞", "］", "令", "公告", "通告")
"""One of these stands in whatever ``_NUMBERED`` finds."""
_ASKS = re.compile("征求|征集|公示|听证|意见")
MAX_LINES = 200
WINDOW = 8_000
"""Characters of mark-up before the article in which its head table may stand."""


def title_of(page: Page, selectors: Sequence[str] = ()) -> str:
    """The page's title: the national meta, the portal's selectors, a heading, ``<title>`` without the site's name."""
    candidates: list[str] = []
    if meta := page.metas.get("articletitle"):
        candidates.append(tidy(_TAGS.sub("", meta.replace("&lt;", "<").replace("&gt;", ">"))))
    for selector in selectors:
        node = page.find_first(selector)
        if node is not None and (text := tidy(node.text(deep=True, separator=""))):
            candidates.append(text)
    if not selectors and (node := page.find_first("h1")) and (text := tidy(node.text(deep=True))):
        candidates.append(text)
    if og := page.metas.get("og:title"):
        candidates.append(tidy(og))
    whole = tidy(page.title)
    short = _without_site(whole, page.metas.get("sitename", ""))
    document, dash, column = short.rpartition("-")
    if dash and len(column) <= _COLUMNS and f">{document}<" in page.html:
        short = document
    short = _behind_spaces(page, short)
    candidates.append(short)
    behind = [key(part) for part in _SUFFIX.split(whole)[1:]]
    usable = [c for c in candidates if 4 <= len(c) <= 200 and (c == short or key(c) not in behind)]
    for n, candidate in enumerate(usable):
        if is_title(candidate) and not candidate.endswith(("…", "...")) and GAZETTE.fullmatch(candidate) is None:
            # 行政处罚公示 is a column where a heading says more.
            long = (other for other in usable[:n] if len(candidate) <= _COLUMNS < len(other))
            return next((other for other in long if not is_weak(other)), candidate)
    for candidate in usable:
        if candidate.endswith(("…", "...")) and (shown := _whole(page, candidate)):
            return shown
    if not selectors and len(usable) > 1 and len(key(short)) >= 6 and key(usable[0]).endswith(key(short)):
        return usable[0]  # a heading that names the office, too
    for candidate in usable:
        if key(candidate) and key(candidate) in key(whole) and key(candidate) != key(page.metas.get("sitename", "")):
            return candidate
    return usable[0] if usable else short


def _whole(page: Page, cut: str) -> str:
    """The title that ``<title>`` cuts off (``关于促进消费扩容…``) as the page prints it, ``""`` where it does not."""
    stem = re.escape(cut.rstrip("…. "))
    rest = _BROKEN.sub("", page.html[page.html.find("</title>") :])
    found = re.search(f">\\s{{0,20}}({stem}[^<>。]{{1,120}}?)\\s{{0,20}}<", rest)
    return "" if found is None or found[1].endswith(("…", "...")) else tidy(found[1])


def _behind_spaces(page: Page, title: str) -> str:
    """The document's title behind the names of site and column (``X局 意见征集 关于…的公告``), where the page prints it so elsewhere."""
    rest = title
    while " " in rest:
        rest = rest.partition(" ")[2].strip()
        if is_title(rest) and f">{rest}<" in page.html:
            return rest
    return title


_BROKEN = re.compile("<br\\s?/?>\\s{0,20}")


def _without_site(title: str, site: str) -> str:
    """``X的通知_政策文件_朔州市人民政府`` without what follows the document's title."""
    parts = [part for part in _SUFFIX.split(title) if part]
    if len(parts) < 2:
        return title.removesuffix(site).strip(" -_|") if site and title != site else title
    for part in parts:
        if is_title(part):
            return part
    own = [part for part in parts if not (_SITE.search(part) or _PAPER.search(part))] or parts
    first = max(own, key=len) if len(parts[0]) < 6 or _PAPER.search(parts[0]) else parts[0]
    document, dash, column = first.rpartition("-")
    return document if dash and len(column) <= _COLUMNS and is_title(document) else first


_COLUMNS = 8
"""Characters of the longest name of a column that ends as titles do."""
_COLUMN = ("columnname", "channelname", "columntitle")
_SITE = re.compile("(?:政府|委员会|[局厅委部办署院]|网|网站|门户|平台|首页)$")


_PAPER = re.compile("(?:[日晚晨早时周]报|数字报刊?|电子报刊?|电子版)$")
"""Names of newspapers, which stand before the title of what they print."""


def column_title(page: Page) -> str:
    """What a list is called: the national meta, else the first part of ``<title>`` that is not the site's name."""
    for name in _COLUMN:
        if value := tidy(page.metas.get(name, "")):
            return value
    site = tidy(page.metas.get("sitename", ""))
    parts = [part for part in _SUFFIX.split(tidy(page.title)) if part and part != site]
    own = [part for part in parts if not _SITE.search(part)]
    return (own or parts or [""])[0]


def site_of(page: Page) -> str:
    """What the page's site is called, by the national meta or the end of ``<title>``; ``""`` when neither says."""
    if site := tidy(page.metas.get("sitename", "")):
        return site
    parts = [part for part in _SUFFIX.split(tidy(page.title)) if part]
    return parts[-1] if len(parts) > 1 and _SITE.search(parts[-1]) else ""


def column_region(page: Page) -> str | None:
    """The place whose site a list stands on."""
    names = (page.metas.get("sitename", ""), *reversed(_SUFFIX.split(tidy(page.title))))
    return next((found for name in names if name and (found := places.region_of(name))), None)


def facts_of(
    page: Page,
    body: LexborNode | None,
    head: Sequence[str] = (),
    title: str = "",
    unlabelled: list[str] | None = None,
    labelled: list[str] | None = None,
) -> dict[str, str]:
    """Labelled facts: head tables before the article win over metas, which are dates of posting.

    Last comes what stands between the page's ``title`` and the article without a label, the day of posting or the number; it
    is put into ``unlabelled`` as printed. ``labelled`` gets the values of labels.
    """
    facts = labels.collect(from_lines(lines_before(page, body, head)))
    if labelled is not None:
        labelled += [value for field, value in facts.items() if field != "byline"]
    for name in _PUBLISHED:
        if value := page.metas.get(name):
            facts.setdefault("published_on", value)
            break
    for name in _SOURCE:
        if value := page.metas.get(name):
            facts.setdefault("source", value)
            break
    if title and (body is not None or "published_on" not in facts):
        before = dict(facts)
        _between(facts, page, body, title)
        if unlabelled is not None:
            unlabelled += [value for field, value in facts.items() if field not in before]
    return facts


_BELOW = re.compile("索\\s{0,6}引\\s{0,6}号|发文字号|成文日期|文\\s{0,6}号[:：<]")


_POSTED_AT = re.compile(
    "(?:发布|发表|更新|录入|上传)(?:时间|日期)\\s?[:：]\\s{0,4}(?:<[a-z]{1,6}[^>]{0,60}>){0,2}\\s?((?:19|20)[0-9]{2}\\s?[-年/.]\\s?[0-9]{1,2}\\s?[-月/.]\\s?[0-9]{1,2}日?)"
)
_NEAR = 600
"""Characters of mark-up behind an article in which its own day of posting may stand."""


def add_below(facts: dict[str, str], page: Page, body: LexborNode) -> None:
    """Adds what a head table or a byline says that stands behind the article, where none stood before it."""
    numbered = "index_number" in facts or "document_number" in facts or _BELOW.search(page.html) is None
    if numbered and ("published_on" in facts or _POSTED_AT.search(page.html) is None):
        return
    pieces: list[str] = []
    size = 0
    node: LexborNode | None = body
    for _ in range(3):
        sibling = node.next if node is not None and node.tag not in ("body", "html", None) else None
        while sibling is not None and size < WINDOW:
            html = sibling.html or ""
            pieces.append(html[:WINDOW])
            size += len(html)
            sibling = sibling.next
        node = node.parent if node is not None else None
    behind = _without_scripts("".join(pieces)[: 2 * WINDOW])
    if "published_on" not in facts and (match := _POSTED_AT.search(behind)) is not None and match.start() < _NEAR:
        facts["published_on"] = match[1]
    if numbered or _BELOW.search(behind) is None:
        return
    for field, value in labels.collect(from_lines(html_blocks.lines_of_html(behind, apart=True)[:MAX_LINES])).items():
        if field in ("index_number", "document_number", "written_on", "published_on", "issuer", "subject"):
            facts.setdefault(field, value)


def _between(facts: dict[str, str], page: Page, body: LexborNode | None, title: str) -> None:
    """Adds what stands between title and article: the day and the number without a label, the days of a consultation.

    On a page without an article (scans) only the day of posting below the title.
    """
    if body is None:
        whole = page.tree.body
        html = _without_scripts((whole.html or "")[: 4 * WINDOW]) if whole is not None else ""
        between = printed.around_title(html_blocks.lines_of_html(html, apart=True)[:MAX_LINES], title)[1]
        if day := labels.collect(from_lines(between)).get("published_on") or printed.posted(between):
            facts["published_on"] = day
        return
    asks = bool(_ASKS.search(title))
    if "published_on" in facts and "document_number" in facts and not asks:
        return
    if "published_on" in facts and not asks:
        markup = _before(page, body)[0]
        if "号" not in markup or not any(map(markup.__contains__, _NUMBERING)) or _NUMBERED.search(markup) is None:
            return
    lines = text_before(page, body)
    above, between = printed.around_title(lines, title)
    found = labels.collect(from_lines(between))
    for field, value in (
        ("published_on", found.get("published_on") or printed.posted(between) or _leaf(page, body, above, between)),
        (
            "document_number",
            printed.number([*between, *above]) or printed.decree([line.strip() for line in lines[-_JUST_ABOVE:]]),
        ),
        *zip(("opens", "closes"), printed.window(between or lines[-_HEAD_LINES:]) if asks else ("", ""), strict=True),
    ):
        if value:
            facts.setdefault(field, value)


def _leaf(page: Page, body: LexborNode, above: Sequence[str], between: Sequence[str]) -> str:
    """The day of posting where the text does not say it whole: as a leaf of a calendar, or only for machines (``<time datetime=…>``)."""
    told = _TIME.search(_before(page, body)[1])
    return printed.leaf(above) or printed.leaf(between) or (told[1] if told else "")


_TIME = re.compile('<time\\b[^>]{0,200}\\bdatetime="((?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2})')
_JUST_ABOVE, _HEAD_LINES = 6, 24


def markup_before(page: Page, body: LexborNode) -> str:
    """The mark-up directly before an article, without scripts, where it was asked for before; ``""`` where it was not."""
    return page.before[2] if page.before is not None and page.before[0] == body.mem_id else ""


def text_before(page: Page, body: LexborNode) -> list[str]:
    """The last lines of the mark-up before an article."""
    return html_blocks.lines_of_html(_before(page, body)[1], apart=True)[-MAX_LINES:]


def title_above(page: Page, body: LexborNode, *, weak: bool = False) -> str:
    """The title that the page prints above its article, ``""`` when nothing there reads like one.

    ``weak``: the page itself says none, and whatever stands above a byline is taken.
    """
    unlinked = _LINK.sub("", _before(page, body)[1])
    lines = html_blocks.lines_of_html(unlinked, apart=True)[-MAX_LINES:]
    title = printed.title_above(lines, site_of(page)) or (printed.headline(lines) if weak else "")
    if " " not in title:
        return title
    # A title cut into spans has no spaces where they meet.
    whole = [printed.plain_line(line) for line in html_blocks.lines_of_html(unlinked)[-MAX_LINES:]]
    return next((line for line in whole if squeeze(line) == squeeze(title)), title)


def whole_above(page: Page, body: LexborNode, title: str) -> str:
    """What the page prints above its article where its own title says less; ``""`` where that does.

    The notice that carries it (``X关于印发《title》的通知``), the same with a name before it, or another title where this one
    is printed nowhere: it is the column's.
    """
    before = _before(page, body)[1]
    if "印发" in before and title in before:
        lines = html_blocks.lines_of_html(before)[-MAX_LINES:]
        if notice := next((line for line in lines if printed.carries(line, title)), ""):
            return notice
    named = page.html.find(title, page.html.find("</title>") + 1)
    if named >= 0 and page.html[named - 1 : named] == ">":
        return ""
    above, own = title_above(page, body), key(title)
    longer = key(above).endswith(own) and len(key(above)) > len(own)
    return above if longer or (named < 0 and key(above) not in own) else ""


_LINK = re.compile("<a\\b[^>]{0,600}\\bhref=[^>]{0,600}>.{0,400}?</a>", re.DOTALL)
"""A headline that leads elsewhere is that page's title, not this one's."""


def lines_before(page: Page, body: LexborNode | None, head: Sequence[str]) -> list[str]:
    """Text lines that stand before the article (on the page when it has none): those of the portal's head table, else all of them."""
    found = [line for node in page.find(*head) for line in html_blocks.lines_of_html(node.html or "", apart=True)]
    if any(labels.pairs(line) or labels.field_of(line) is not None for line in found):
        return found[:MAX_LINES]
    if body is not None:
        before = _before(page, body)[1]
    else:
        whole = page.tree.body
        before = _without_scripts((whole.html or "")[: 4 * WINDOW]) if whole is not None else ""
    first = _LABELLED.search(before)
    if first is None:
        return []
    # A little more than the last characters before the label, beginning with a tag.
    begin = max(0, before.find("<", max(0, first.start() - 800)))
    return html_blocks.lines_of_html(before[begin:], apart=True)[:MAX_LINES]


def _before(page: Page, body: LexborNode) -> tuple[str, str]:
    """The mark-up directly before an article as the tree has it, and without scripts: several ask, before anything is taken out."""
    if page.before is None or page.before[0] != body.mem_id:
        markup = _markup_before(body)
        page.before = (body.mem_id, markup, _without_scripts(markup))
    return page.before[1:]


def _without_scripts(html: str) -> str:
    return _SCRIPT.sub("", html) if "<script" in html or "<style" in html else html


def _markup_before(body: LexborNode) -> str:
    """The mark-up that stands directly before the article, at most about ``WINDOW`` characters: siblings, then those of parents."""
    pieces: list[str] = []
    size = 0
    node: LexborNode | None = body
    while node is not None and node.tag != "body" and size < WINDOW:
        sibling = node.prev
        while sibling is not None and size < WINDOW:
            html = sibling.html or ""
            pieces.append(html)
            size += len(html)
            sibling = sibling.prev
        node = node.parent
        if node is not None and node.tag in _CELLS:
            pieces.append("<br>")
    return "".join(reversed(pieces))[-WINDOW:]


_CELLS = frozenset(("td", "th", "tr", "table", "div", "p", "li"))


_APART = 3
"""Lines whose label is set off by a space alone make a head table when there are so many of them."""


def from_lines(lines: Sequence[str]) -> list[tuple[str, str, str]]:
    """Pairs out of lines: ``label: value`` on one line, or a label on its own line with the value on the next one.

    After a label without a value the next label is not its value.
    """
    found: list[tuple[str, str, str]] = []
    apart = [one for line in lines if (one := labels.spaced(_unmarked(line))) and not labels.in_row(_unmarked(line))]
    if len(apart) >= _APART:
        found += apart
    at = 0
    while at < len(lines):
        line, posted = after_date(labels.parted(_unmarked(lines[at])))
        found += [("published_on", "", posted)] if posted else []
        at += 1
        field = labels.field_of(line)
        if field is not None:
            nearby = lines[at].lstrip("\x04:： ") if at < len(lines) else ""
            if nearby and not labels.begins(nearby) and len(nearby) <= 200:
                found.append((field, line, nearby))
                at += 1
            continue
        pairs = labels.pairs(line) or labels.in_row(line)
        if pairs:
            if not labels.value_of(pairs[-1][2]) and at < len(lines):
                nearby = lines[at].lstrip("\x04 ")
                if not labels.begins(nearby) and len(nearby) <= 200 and _value_like(pairs[-1][0], nearby):
                    pairs[-1] = (*pairs[-1][:2], nearby)
                    at += 1
            found += pairs
    return found


def _unmarked(line: str) -> str:
    return _MARKS.sub("", line) if line[:1] in ("\x03", "\x04") else line


_MARKS = re.compile("^\x03[1-6]?\\s*|^\x04\\s*")
_POSTED = re.compile(
    "[\\[(（【]?((?:19|20)[0-9]{2}\\s?[-年/.]\\s?[0-9]{1,2}\\s?[-月/.]\\s?[0-9]{1,2}日?)(\\s+[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?[\\])）】]?[\\s|｜]*"
)


def after_date(line: str) -> tuple[str, str]:
    """``(rest, date)`` of a byline that begins with its time of posting (``2024-09-11 10:05 来源：…``); else ``(line, "")``.

    A date alone is one of posting only with the time of day behind it.
    """
    match = _POSTED.match(line) if len(line) <= 300 else None
    if match is None:
        return line, ""
    rest = line[match.end() :]
    if labels.pairs(rest) or (not rest and match[2]):
        return rest, match[1]
    return line, ""


_DATE = re.compile("(?:19|20)[0-9]{2}\\s?[-年/.]\\s?[0-9]{1,2}")


def _value_like(field: str, text: str) -> bool:
    """Whether a line can be the value of a label that ended the line before it."""
    return bool(_DATE.match(text)) if field in ("written_on", "published_on") else True
