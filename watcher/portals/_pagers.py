"""Where a page's scripts say the next page is: calls of TRS and Kaipu, counters, libraries that draw a pager. A helper of the drawer.

Nothing is run: a call or a setting counts where it is a literal. Each function says whether it decides, and the address, ``None`` on the last page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from watcher.portals._lists import ListSource

_CREATE = re.compile(
    r"createPage(?:HTML|Html|Bar|List)?\(\s{0,9}(?P<box>['\"][^'\"]{0,40}['\"]\s{0,9},)?\s{0,9}(?P<count>\d{1,5})\s{0,9},\s{0,9}(?P<at>\d{1,5})\s{0,9},"
    r"\s{0,9}['\"](?P<name>[^'\"]{1,120})['\"]\s{0,9},\s{0,9}['\"]\.?(?P<ext>\w{1,8})['\"]"
)
COUNT = re.compile(
    r"(?:countPage|pageCount|totalPage|totalPages|nPageCount|_nPageCount)\s{0,5}[=:]\s{0,5}['\"]?(\d{1,5})"
)
_CURRENT = re.compile(r"(?:currentPage|nCurrIndex|_nCurrIndex|currPage)\s{0,5}[=:]\s{0,5}['\"]?(\d{1,5})")
_NAME = re.compile(r"href=\\?['\"]{1,2}\s{0,3}(?:\+\s{0,3})?['\"]?(\w{1,40})['\"]{0,2}\s{0,3}\+\s{0,3}['\"]_")
_STEM = re.compile(r"href=\\?['\"]{1,2}\s{0,3}(\w{1,40})_\\?['\"]\s{0,3}\+")
_EXTENSION = re.compile(r"['\"]\.?(s?html?|jhtml|hrh|aspx|jsp)\\?['\"]")


def by_create(source: ListSource) -> tuple[bool, str | None]:
    """``createPageHTML(56,0,"index","html")`` counts from 0, ``createPageHTML('page_div',10,1,'zwgklist','shtml',200)`` from 1."""
    if "createPage" not in source.html:
        return _by_pager(source)
    for match in _CREATE.finditer(source.html):
        count, at = int(match["count"]), int(match["at"])
        here = max(at, _number_in(source.url, match["name"]) or 0)
        last = count if match["box"] else count - 1
        following = here + 1
        if following > last:
            return True, None
        return True, source.absolute(f"{match['name']}_{following}.{match['ext']}")
    return False, None


_PAGER = re.compile(r"\b[Pp]ager\(\s{0,9}\{(?P<said>[^{}]{1,400})\}")
_SAID = re.compile(r"\b(size|current|prefix|suffix)[\"']?\s{0,9}:\s{0,9}[\"']?\.?([\w./\-]{1,120})")


def _by_pager(source: ListSource) -> tuple[bool, str | None]:
    """``Pager({size:34, current:0, prefix:'index', suffix:'html'})``, which counts from 0 as ``createPageHTML`` does."""
    call = _PAGER.search(source.html)
    said = dict(_SAID.findall(call["said"])) if call is not None else {}
    if not {"size", "current", "prefix", "suffix"} <= said.keys():
        return False, None
    if not (said["size"].isdigit() and said["current"].isdigit()):
        return False, None
    following = max(int(said["current"]), _number_in(source.url, said["prefix"]) or 0) + 1
    if following >= int(said["size"]):
        return True, None
    return True, source.absolute(f"{said['prefix']}_{following}.{said['suffix']}")


def by_script(source: ListSource) -> tuple[bool, str | None]:
    """A script of its own with ``countPage=56`` and ``currentPage=0`` that writes ``index_1.html`` and so on."""
    count, current = COUNT.search(source.html), _CURRENT.search(source.html)
    if count is None or current is None:
        return False, None
    name = _NAME.search(source.html) or _STEM.search(source.html)
    if name is None and not re.search(r"['\"]_['\"]", source.html):
        return False, None
    at = int(current[1])
    extension = _EXTENSION.search(source.html, name.end() if name else current.end())
    stem = name[1] if name else re.sub(r"_\d+$", "", file_of(source.url).rpartition(".")[0]) or "index"
    if at + 1 >= int(count[1]):
        return True, None
    return True, source.absolute(
        f"{stem}_{at + 1}.{extension[1] if extension else file_of(source.url).rpartition('.')[2] or 'html'}"
    )


_CALLED = re.compile(
    r"\b(?:laypage(?:\.render)?|\$\.jqPaginator|kkpager\.\w{1,20}|\w{0,20}[Pp]agin(?:ation|ator|g)|\w{0,10}[Pp]aging)\(\s{0,9}(?:(?!function)[^{}()]{0,60})"
    r"(?:function\s{0,5}\([\w,\s]{0,40}\)\s{0,5}\{(?P<first>[^{}]{0,600})\}\s{0,9},\s{0,9})?\{"
)
"""Libraries that draw a pager from an object of settings, with the function that goes there before it or in it."""
_BLOCK = 1500
_SETTING = re.compile(r"\b(\w{2,20})[\"']?\s{0,5}:\s{0,5}[\"']?(\d{1,7})\b")
_PAGES = ("pages", "pagecount", "totalpages", "totalpage", "pagetotal", "countpage", "pagenum")
_ENTRIES = ("count", "totalcount", "totalrecords", "totalrecord", "totaldata", "total")
_SIZES = ("limit", "pagesize", "showdata", "perpage", "size", "rows")
_HERE = ("curr", "currpage", "currentpage", "current", "pageno", "pno", "pageindex")
_LEADS = re.compile(
    r"location(?:\.href)?\s{0,5}=\s{0,5}[\"'](?P<before>[^\"'<>\s]{1,300})[\"']\s{0,5}\+\s{0,5}"
    r"(?:\(\s{0,3}[\w.]{1,40}\s{0,3}-\s{0,3}(?P<less>1)\s{0,3}\)|[\w.]{1,40}(?:\(\))?)(?!\s{0,5}[*/-])(?:\s{0,5}\+\s{0,5}[\"'](?P<behind>[^\"'<>\s]{1,100})[\"'])?"
)
_STARRED = re.compile(
    r"\b(?:link|url|href)\w{0,10}[\"']?\s{0,5}:\s{0,5}[\"']([^\"'<>\s]{0,300}?)(?:\*|\{page\w{0,5}\}|__page__)([^\"'<>\s]{0,100})[\"']",
    re.IGNORECASE,
)
"""An address with a mark for the number: ``link: "/public/column/7001?pageIndex=*"``."""


def by_render(source: ListSource) -> tuple[bool, str | None]:
    """``laypage.render({count: 45, limit: 15, curr: 1, jump: … location.href = "/list?page=" + o.curr})`` and pagers of other libraries like it."""
    for at, call in enumerate(_CALLED.finditer(source.html)):
        if at >= _CALLS:
            break
        block = (call["first"] or "") + source.html[call.end() - 1 : call.end() + _BLOCK].partition("</script")[0]
        leads, starred = _LEADS.search(block), _STARRED.search(block)
        said = {name.lower(): int(number) for name, number in reversed(_SETTING.findall(block))}
        last, entries, size = (_first(said, names) for names in (_PAGES, _ENTRIES, _SIZES))
        if last is None and entries is not None and (size or "laypage" in call[0]):
            last = -(-entries // max(1, size or 10))
        following = (_first(said, _HERE) or 1) + 1
        if starred is not None:
            leading = f"{starred[1]}{following}{starred[2]}"
        elif leads is not None:
            leading = f"{leads['before']}{following - bool(leads['less'])}{leads['behind'] or ''}"
        if last is not None and (starred or leads):
            return True, source.absolute(leading) if following <= last else None
    return False, None


_CALLS = 10


def _first(said: dict[str, int], names: tuple[str, ...]) -> int | None:
    return next((said[name] for name in names if name in said), None)


def file_of(url: str) -> str:
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""


def _number_in(url: str, name: str) -> int | None:
    """The page number in an address whose file is ``name_N.ext``; scripts of copied pages say 0 on every page."""
    match = re.fullmatch(rf"{re.escape(name.rpartition('/')[2])}_(\d{{1,5}})\.\w{{1,8}}", file_of(url))
    return int(match[1]) if match else None
