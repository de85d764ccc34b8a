"""What a fetched page is, before anybody makes a version of it: pure.

The order of the questions matters: what the server says by status, what a firewall's marks say, then what is on the
page. Words of failure count only in a page's title or on a page with hardly any text, because documents speak of all
these things; a firewall's script counts only on a page without a text, because it also stands in ordinary ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from watcher.errors import FetchError
from watcher.fetch import signs
from watcher.fetch.page import BARE, LITTLE, SHORT, Page, look
from watcher.types import Fetched, Reading, Verdict
from watcher.words import both

FLOOR = 150
"""A body that was never longer than this is not asked whether it shrank."""
GARBLED = 0.02
"""Share of replacement characters above which a page is no text."""
GARBLED_AT_LEAST = 8
SHRUNKEN_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a body was when it was last believed, and for how many rounds a smaller one has been held back."""

    characters: int
    tables: int
    shrunken_rounds: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why."""

    verdict: Verdict
    reason: str
    """A sentence for people, in both languages (``words.both``)."""
    sign: str = ""
    """A stable word for what gave it away (``jsl``, ``http-503``, ``soft-404`` …), ``""`` for a document."""


def judge(
    fetched: Fetched,
    text: str,
    reading: Reading | None,
    last: Shape | None = None,
    *,
    rounds: int = SHRUNKEN_ROUNDS,
) -> Judgement:
    """What the answer is. ``text`` is the decoded source (``""`` for binary formats), ``reading`` what was read from it.

    Without a reading (it was not tried yet, or failed) the text is judged by what a browser would show of it, and
    ``document`` then means only that nothing speaks against it. ``last`` is the shape of the body believed before;
    ``rounds`` is how often in a row a shrunken body must come before it is believed. Never raises.
    """
    if fetched.status == 304:
        return Judgement("document", both("网页未变更(HTTP 304)", "the page is unchanged (HTTP 304)"))
    words = text if reading is None else reading.text
    page = look(fetched, text, reading, words)
    found = _false(page) or _garbled(words)
    if found is not None:
        return found
    if reading is None or last is None or not _shrunk(shape := _shape(reading, words), last):
        return Judgement("document", both("可以读取", "it can be read"))
    seen = last.shrunken_rounds + 1
    zh, en = (
        (
            f"正文由{last.characters}字减为{shape.characters}字",
            f"the text shrank from {last.characters} to {shape.characters} characters",
        )
        if shape.characters * 3 <= last.characters
        else (f"原有的{last.tables}个表格全部消失", f"all {last.tables} tables are gone")
    )
    if seen >= rounds:
        return Judgement(
            "document",
            both(f"{zh},已连续{seen}轮如此,予以采信", f"{en}, {seen} rounds in a row: believed"),
            "shrunken",
        )
    return Judgement(
        "shrunken",
        both(f"{zh},第{seen}轮,满{rounds}轮后采信", f"{en}, round {seen}; believed after {rounds}"),
        "shrunken",
    )


LIST = Judgement(
    "gone",
    both("原网址现在是首页或栏目列表,没有正文", "a front page or a list answers here, no document"),
    "list",
)
"""What a document's page is that was read as a list: its document is not there any more."""


def _shape(reading: Reading, text: str) -> Shape:
    """Characters (white space apart) and tables of a reading with this text; of a column, its items' titles count."""
    characters = signs.length(text) + sum(signs.length(item.title) for item in reading.items)
    return Shape(characters, sum(block.kind == "table" for block in reading.blocks))


def verdict_of_error(error: FetchError) -> Verdict:
    """What a failed fetch counts as: ``unreachable`` where no exchange took place, ``error`` for the rest."""
    return "unreachable" if error.kind in ("timeout", "dns", "connect", "tls") else "error"


def _shrunk(shape: Shape, last: Shape) -> bool:
    if last.tables and not shape.tables:
        return True
    return last.characters > FLOOR and shape.characters * 3 <= last.characters


def _false(page: Page) -> Judgement | None:
    """The first thing that speaks against the page."""
    return _by_wall(page) or _by_status(page) or _by_script(page) or _by_words(page) or _by_absence(page)


def _garbled(text: str) -> Judgement | None:
    """Bytes that are no text in any encoding: a few broken ones are an author's slip, many are a broken answer."""
    lost = text.count("\ufffd")
    if lost > GARBLED_AT_LEAST and lost > GARBLED * len(text):
        return Judgement(
            "error", both("网页内容是乱码,无法按任何编码读出", "the page is garbled: no encoding reads it"), "garbled"
        )
    return None


def _by_wall(page: Page) -> Judgement | None:
    """Marks of known firewalls. Their scripts and cookies also accompany ordinary pages: only a bare page is theirs."""
    failed = page.status >= 400 or page.status == 202
    for wall in signs.walls():
        if page.status in wall.status and (wall.alone or page.characters < SHORT):
            if page.status == 521 and "cloudflare" in page.headers.get("server", "").lower():
                return Judgement(
                    "error",
                    both("网站源站无响应(Cloudflare 521)", "the site behind it does not answer (Cloudflare 521)"),
                    "http-521",
                )
            return Judgement(
                "challenge",
                both(
                    f"被{wall.name}拦截(HTTP {page.status})", f"blocked by a firewall, {wall.name} (HTTP {page.status})"
                ),
                wall.sign,
            )
        if not failed and page.characters >= SHORT:
            continue
        named = wall.in_text(page.words) or (page.characters < SHORT and any(map(wall.in_text, page.titles)))
        if named and page.characters < 2 * SHORT and (failed or not page.notice):
            return Judgement("challenge", both(f"被{wall.name}拦截", f"blocked by a firewall, {wall.name}"), wall.sign)
        marked = wall.in_headers(page.headers) or wall.in_markup(page.head)
        if marked and (failed or page.characters < BARE):
            return Judgement(
                "challenge",
                both(
                    f"被{wall.name}拦截(HTTP {page.status})", f"blocked by a firewall, {wall.name} (HTTP {page.status})"
                ),
                wall.sign,
            )
        if page.status >= 400 and wall.in_cookies(page.cookies) and page.scripted and page.characters < BARE:
            return Judgement(
                "challenge",
                both(
                    f"被{wall.name}拦截(HTTP {page.status})", f"blocked by a firewall, {wall.name} (HTTP {page.status})"
                ),
                wall.sign,
            )
    return None


def _by_status(page: Page) -> Judgement | None:
    status = page.status
    if status in (404, 410):
        return Judgement(
            "gone", both(f"网页已不存在(HTTP {status})", f"the page is gone (HTTP {status})"), f"http-{status}"
        )
    if status == 401:
        return Judgement("login", both("网页要求登录(HTTP 401)", "the page wants a login (HTTP 401)"), "http-401")
    if status >= 400:
        if status in (403, 405, 406, 429, 503) or status > 511:
            # A refusal that only a script or a test of humanity fills is a firewall's, whoever made it.
            if page.gated or (phrase := signs.find("challenge", page.titles, page.short)):
                return Judgement(
                    "challenge",
                    both(f"被防护系统拦截(HTTP {status})", f"blocked by a firewall (HTTP {status})"),
                    "challenge",
                )
            if status == 403 and (phrase := signs.find("login", page.titles, page.short)):
                return Judgement(
                    "login", both(f"网页要求登录({phrase})", f"the page wants a login ({phrase})"), "login"
                )
        return Judgement(
            "error",
            both(f"网站返回错误(HTTP {status})", f"the site answers with an error (HTTP {status})"),
            f"http-{status}",
        )
    if 300 <= status < 400:
        return Judgement(
            "error",
            both(f"网站返回无法跟随的跳转(HTTP {status})", f"the site redirects to nowhere (HTTP {status})"),
            f"http-{status}",
        )
    if status == 202 and page.characters < SHORT:
        return Judgement(
            "challenge",
            both(
                "网站以HTTP 202返回近乎空白的页面,应为防护系统",
                "an all but empty page with HTTP 202: a firewall, it seems",
            ),
            "http-202",
        )
    if status == 204 or status == 205:
        return Judgement(
            "empty", both(f"网页没有内容(HTTP {status})", f"the page has no content (HTTP {status})"), f"http-{status}"
        )
    return None


def _by_script(page: Page) -> Judgement | None:
    """A page that shows nothing and whose scripts set a cookie, unpack themselves or load the page again."""
    if page.gated:
        return Judgement(
            "challenge",
            both(
                "页面只有一段设置Cookie或自我刷新的脚本,应为防护系统",
                "nothing but a script that sets a cookie or loads the page again: a firewall, it seems",
            ),
            "script",
        )
    return None


def _by_words(page: Page) -> Judgement | None:
    if page.landed and page.characters >= SHORT:
        return Judgement("gone", both("网页转到了网站首页", "it leads to the site's front page"), "front-page")
    if not page.markup and not page.short:
        return None
    if page.redirected_to_login and page.characters < SHORT:
        return Judgement("login", both("网页转到了登录页", "it leads to a login page"), "login")
    short = "" if page.notice else page.short
    phrase = signs.find("challenge", page.titles, short)
    # An application says so too to browsers without scripts: what it is made of, not a wall before it.
    if phrase and not (page.application and "javascript" in phrase):
        return Judgement(
            "challenge", both(f"被防护系统拦截({phrase})", f"blocked by a firewall ({phrase})"), "challenge"
        )
    if page.landed:
        return Judgement("gone", both("网页转到了网站首页", "it leads to the site's front page"), "front-page")
    if phrase := signs.find("gone", page.titles, short):
        return Judgement(
            "gone", both(f"网页提示内容不存在({phrase})", f"the page says that it is gone ({phrase})"), "soft-404"
        )
    if phrase := signs.find("maintenance", page.titles, short):
        return Judgement(
            "error", both(f"网站维护中({phrase})", f"the site is under maintenance ({phrase})"), "maintenance"
        )
    if phrase := signs.find("login", page.titles if page.characters < SHORT else (), short):
        return Judgement("login", both(f"网页要求登录({phrase})", f"the page wants a login ({phrase})"), "login")
    if page.password and page.characters < SHORT:
        return Judgement("login", both("页面只有登录框", "the page is only a login form"), "login")
    if phrase := signs.find("error", page.titles, short):
        return Judgement(
            "error", both(f"网页是错误提示({phrase})", f"the page is an error message ({phrase})"), "error-page"
        )
    if page.answer:
        return Judgement(
            "error",
            both("接口只返回了状态,没有正文", "an answer of a program that says how it went and no text"),
            "answer",
        )
    if page.excuse:
        return Judgement(
            "error",
            both(
                "网页只有一句对访问者的提示,没有正文",
                "nothing but a sentence that tells visitors why there is nothing to see",
            ),
            "excuse",
        )
    return None


def _by_absence(page: Page) -> Judgement | None:
    if page.carries or page.residue >= LITTLE or page.brief:
        return None
    if page.forwards:
        return Judgement("empty", both("页面只有跳转,没有正文", "the page only leads on and has no text"), "forward")
    if page.application:
        return Judgement(
            "empty",
            both(
                "页面由脚本生成,没有正文;可设置 render: browser",
                "scripts make the page, it has no text of its own; render: browser may help",
            ),
            "application",
        )
    if page.pictures:
        zh, en = f"页面只有图片({page.pictures}张)", f"the page is nothing but pictures ({page.pictures})"
        return Judgement(
            "empty",
            both(
                f"{zh},没有文字可读;图片里的变化发现不了,请人工查看", f"{en}: changes in them go unseen, look yourself"
            ),
            "pictures",
        )
    return Judgement("empty", both("页面没有正文", "the page has no text"), "empty")
