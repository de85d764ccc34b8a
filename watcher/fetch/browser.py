"""``render: browser``: pages that only a browser can read, behind the same gate (optional extra ``watcher[browser]``).

Playwright drives a Chromium that the system provides. The browser itself never reaches the network: every request that
the page makes is taken from it, sent through the gate's own exchange with every check, and answered from there; names
resolve to nothing inside the browser, and web sockets are closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from typing import TYPE_CHECKING, Any

from watcher.errors import FetchError, Refused
from watcher.settings import Network
from watcher.types import Fetched
from watcher.words import both

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",  # whatever slips past the routes ends at a closed port
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-first-run",
    "--no-pings",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--block-new-web-contents",
    "--renderer-process-limit=4",
    "--js-flags=--max-old-space-size=512",  # MiB; a page that wants more is ended, not the machine
)
MAX_REQUESTS = 200
"""Requests of one page; a page that asks for more goes without."""
QUIET = 3.0
"""Seconds that a page gets to become quiet after it has loaded."""
CLOSING = 5.0
"""Seconds after which a page or a browser that does not close is taken for broken."""
READ = """(() => {
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  const text = document.documentElement ? document.documentElement.outerHTML : "";
  return text.length > %d ? null : kind + text;
})()"""
"""What the page shows, as mark-up; null where it is larger than anybody wants to read."""
WANTED = frozenset({"document", "script", "xhr", "fetch", "stylesheet"})
"""What is fetched for a page; pictures, fonts and media are not text."""
_DROPPED = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"}
)
# The gate's jar keeps the cookies that servers set; the browser only knows those that scripts set.


def program() -> str:
    """The system's Chromium. Raises ``FetchError`` (``helper-missing``) when there is none."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    raise FetchError(
        both(
            "render: browser 需要 Chromium，本机没有安装（Debian：apt-get install chromium）",
            "render: browser needs Chromium, and none is installed (Debian: apt-get install chromium)",
        ),
        kind="helper-missing",
    )


class Browser:
    """One Chromium, started at the first page that needs it; a fresh context (cookies, storage) for every page."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = asyncio.Lock()
        self._playwright: Any = None
        self._browser: Any = None

    async def aclose(self) -> None:
        """Ends the browser, if one was started."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            await _closed(browser.close())
        if playwright is not None:
            await _closed(playwright.stop())

    async def render(self, url: str, network: Network) -> Fetched:
        """The page's mark-up after its scripts ran, as UTF-8; status and headers are those of the main document.

        Raises what ``Gate.fetch`` raises for the main document, and ``FetchError`` ``helper-missing``, ``timeout`` or
        ``protocol`` when the browser is missing, hangs or breaks.
        """
        main = await self._gate.fetch_for_browser(url, network, method="GET", body=b"", headers={}, visit=True)
        if not _is_page(main):
            return main
        browser = await self._started()
        from playwright.async_api import Error as PlaywrightError

        load = _Load(self._gate, main, network)
        begun = asyncio.get_running_loop().time()
        context = None
        try:
            async with asyncio.timeout(network.timeout + QUIET + 5):
                context = await browser.new_context(
                    user_agent=network.user_agent,
                    locale="zh-CN",
                    service_workers="block",
                    accept_downloads=False,
                    ignore_https_errors=True,  # the browser never sees TLS: the gate verifies
                )
                # Whatever is not the page itself (a window that it opened) gets nothing and goes.
                await context.route("**/*", lambda route: route.abort())
                page = await context.new_page()
                context.on("page", load.close)
                await page.route("**/*", load.answer)
                await page.route_web_socket("**/*", lambda socket: socket.close())
                await page.goto(main.final_url, wait_until="load", timeout=network.timeout * 1000)
                # A page that polls never becomes quiet; what it shows by then is what counts.
                with contextlib.suppress(PlaywrightError):
                    await page.wait_for_load_state("networkidle", timeout=QUIET * 1000)
                content = await _content(context, page, network.max_decompressed)
                final = page.url
        except TimeoutError:
            raise load.error or FetchError(
                both("浏览器在时限内没有打开网页", "the page did not load in the browser in time"),
                kind="timeout",
                url=url,
                transient=True,
            ) from None
        except PlaywrightError as error:
            raise load.error or FetchError(
                both("浏览器打不开网页", f"the browser could not load the page ({_brief(error)})"),
                kind="protocol",
                url=url,
                transient=True,
            ) from None
        finally:
            # One that cannot even be closed is broken: the next page gets a new browser.
            if context is not None and not await _closed(context.close()):
                await self.aclose()
        if load.error is not None:
            raise load.error
        main = load.main
        body = (content or "").encode("utf-8", "replace")
        if content is None or len(body) > network.max_decompressed:
            raise FetchError(
                both("渲染后的网页超过 max_decompressed", "the rendered page is larger than max_decompressed"),
                kind="too-large",
                url=url,
            )
        headers = {**main.headers, "content-type": "text/html; charset=utf-8", "x-watcher-rendered": "browser"}
        elapsed = main.elapsed + asyncio.get_running_loop().time() - begun
        # The script may have moved on; only http(s) addresses are addresses of a page.
        final = final if final.startswith(("http://", "https://")) else main.final_url
        return Fetched(url, final, main.status, headers, body, main.fetched_at, elapsed)

    async def _started(self) -> Any:
        async with self._lock:
            if self._browser is not None and not self._browser.is_connected():
                await self.aclose()  # it died (of memory, mostly)
            if self._browser is None:
                try:
                    from playwright.async_api import async_playwright
                except ImportError:
                    raise FetchError(
                        both(
                            "render: browser 需要附加组件：请安装 watcher[browser]",
                            "render: browser needs the optional extra: install watcher[browser]",
                        ),
                        kind="helper-missing",
                    ) from None
                path = program()
                self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=path, headless=True, args=list(ARGUMENTS), chromium_sandbox=_sandbox()
                )
            return self._browser


def _sandbox() -> bool:
    """Chromium's sandbox needs an ordinary user; as root (in a container) it does not start with it."""
    return hasattr(os, "geteuid") and os.geteuid() != 0


async def _closed(closing: Any) -> bool:
    """Whether something closed in time, without a word."""
    from playwright.async_api import Error as PlaywrightError

    try:
        async with asyncio.timeout(CLOSING):
            await closing
    except (PlaywrightError, TimeoutError, OSError):
        return False
    return True


async def _content(context: Any, page: Any, cap: int) -> str | None:
    """The page's mark-up, asked in a world that its scripts cannot touch; None when it is longer than ``cap`` characters."""
    session = await context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
    found = await session.send(
        "Runtime.evaluate",
        {"expression": READ % cap, "contextId": world["executionContextId"], "returnByValue": True},
    )
    text = found["result"].get("value")
    return text if isinstance(text, str) else None


def _is_page(fetched: Fetched) -> bool:
    """Mark-up that scripts may change; files go as they came."""
    kind = fetched.headers.get("content-type", "").lower()
    return "html" in kind or (not kind and fetched.body[:512].lstrip()[:1] == b"<")


class _Load:
    """Answers one page's requests: the page itself from what was fetched already, everything else from the gate."""

    def __init__(self, gate: Gate, main: Fetched, network: Network) -> None:
        self._gate = gate
        self._network = network
        self._count = 0
        self._room = network.max_decompressed
        """Bytes that what the page loads may still have, all together."""
        self._first = True
        self._closing: set[asyncio.Task[bool]] = set()
        self.main = main
        """The last answer to a navigation of the page."""
        self.error: FetchError | None = None

    async def answer(self, route: Any) -> None:
        """Fetches what the page asks for, or aborts."""
        request = route.request
        main = request.is_navigation_request() and request.frame.parent_frame is None
        self._count += 1
        if request.resource_type not in WANTED or self._count > MAX_REQUESTS or self._room < 0:
            await route.abort()
            return
        if main and self._first:
            self._first = False
            await self._fulfil(route, self.main)
            return
        try:
            fetched = await self._gate.fetch_for_browser(
                request.url,
                self._network,
                method=request.method,
                body=request.post_data_buffer or b"",
                headers=_headers(await request.all_headers()),
                visit=False,
            )
        except FetchError as error:
            if main:
                self.error = error
            await route.abort("accessdenied" if isinstance(error, Refused) else "failed")
            return
        self._room -= len(fetched.body)
        if main:
            self.main = fetched
        await self._fulfil(route, fetched)

    def close(self, window: Any) -> None:
        """Closes a window that the page opened."""
        task = asyncio.create_task(_closed(window.close()))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _fulfil(self, route: Any, fetched: Fetched) -> None:
        headers = {name: value for name, value in fetched.headers.items() if name not in _DROPPED}
        await route.fulfill(status=fetched.status, headers=headers, body=fetched.body)


def _headers(given: dict[str, str]) -> dict[str, str]:
    """What a script may add to its request, cookies that it set among it; who we are and what we accept stays ours."""
    return {name: value for name, value in given.items() if name in ("content-type", "x-requested-with", "cookie")}


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
