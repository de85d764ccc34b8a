"""Cookies: one jar per host that was asked for, so that nothing one source was given reaches another."""

from __future__ import annotations

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from aiohttp import CookieJar
from yarl import URL

from watcher.fetch.address import Target

MAX_JARS = 2048
MAX_COOKIES = 64
MAX_COOKIE = 4096


class Jars:
    """Jars by host; the one unused for longest goes first when there are too many. Needs a running loop."""

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def header(self, jar: str, target: Target, own: str = "") -> str:
        """The value of the ``Cookie`` header for ``target``: ``own`` (it wins), then what the jar of host ``jar`` holds."""
        found = self._jars.get(jar)
        if found is None:
            return own
        cookies = found.filter_cookies(URL(str(target), encoded=True))
        names = {part.partition("=")[0].strip() for part in own.split(";")}
        pairs = [f"{morsel.key}={morsel.coded_value}" for morsel in cookies.values() if morsel.key not in names]
        return "; ".join([own, *pairs] if own else pairs)

    def take(self, jar: str, target: Target, fields: Sequence[bytes]) -> None:
        """Keeps the ``Set-Cookie`` fields of an answer from ``target``; broken and oversized ones are left out."""
        cookies = SimpleCookie()
        for field in fields[:MAX_COOKIES]:
            if len(field) <= MAX_COOKIE:
                try:
                    cookies.load(field.decode("latin-1"))
                except CookieError:
                    continue
        if not cookies:
            return
        # Hosts that are addresses keep cookies too; only jars that were given something are held at all.
        held = self._jars.pop(jar, None) or CookieJar(unsafe=True, quote_cookie=False)
        held.update_cookies(cookies, URL(str(target), encoded=True))
        if len(held) <= MAX_COOKIES * 2:
            self._jars[jar] = held
        while len(self._jars) > MAX_JARS:
            del self._jars[next(iter(self._jars))]
