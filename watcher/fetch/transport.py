"""The wire under the gate: httpx's transport interface over aiohttp's connector, with our own resolver and TLS.

httpx-aiohttp does the translation; what is ours here is the session (no cookies, no proxies from the environment, no
default headers, header caps) and a request path that hands over what the gate has already spelt out.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import aiohttp
import certifi
import httpx
from httpx_aiohttp.transport import AiohttpTransport, map_aiohttp_exceptions
from multidict import CIMultiDict
from yarl import URL

from watcher.fetch.patience import within
from watcher.fetch.resolver import PinnedResolver
from watcher.fetch.socks import AsPrinted, SocksConnector, is_socks, resolves_itself

MAX_FIELD = 16 * 1024
MAX_FIELDS = 128
KEEPALIVE = 15.0
DNS_TTL = 60
_UNLIMITED = aiohttp.ClientTimeout(total=None)
_SKIP = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on


@dataclass(frozen=True, slots=True)
class Route:
    """What two requests must share to share connections: the way out and what it may reach."""

    allow_private: bool | tuple[str, ...]
    proxy: str | None
    ipv4_only: bool
    legacy_tls: bool


@cache
def tls(legacy: bool) -> ssl.SSLContext:
    """Verifies names and chains always; ``legacy`` only lets old servers' key sizes and renegotiation pass."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    if legacy:
        context.set_ciphers("DEFAULT@SECLEVEL=1")
        context.options |= _LEGACY_SERVER_CONNECT
    return context


class _Connector(aiohttp.TCPConnector):
    """A connector whose limit for a connection is not used up by our own delays."""

    async def _wrap_create_connection(
        self,
        *args: Any,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # aiohttp passes it
        **options: Any,
    ) -> Any:
        async with within(timeout.sock_connect):
            return await super()._wrap_create_connection(*args, timeout=_UNLIMITED, **options)


def leave(response: aiohttp.ClientResponse) -> None:
    """Gives a connection back; unread bytes are never drained: with them the connection goes."""
    if response.content.at_eof():
        response.release()
    else:
        response.close()


class _Body(httpx.AsyncByteStream):
    """The body as transferred, in whatever pieces the socket gives."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with map_aiohttp_exceptions():
            async for piece in self._response.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        leave(self._response)


class Wire(AiohttpTransport):
    """One pool of connections for one ``Route``. Must be made and closed inside a running loop."""

    def __init__(self, route: Route, resolver: PinnedResolver, *, connections: int) -> None:
        self._socks = route.proxy if route.proxy and is_socks(route.proxy) else None
        proxy = httpx.Proxy(route.proxy) if route.proxy and not self._socks else None
        super().__init__(verify=tls(route.legacy_tls), trust_env=False, proxy=proxy)
        self._proxy_url = URL(str(proxy.url)) if proxy else None
        self._proxy_headers: Mapping[str, str] | None = None
        if proxy and proxy.auth:
            self._proxy_headers = {"Proxy-Authorization": aiohttp.encode_basic_auth(*proxy.auth)}
        self._route = route
        self._resolver = resolver
        self._connections = connections
        self._keeping = self._session(once=False)
        self._once: aiohttp.ClientSession | None = None
        self.client = self._keeping
        self._timeouts: dict[tuple[float | None, float | None], aiohttp.ClientTimeout] = {}

    def _session(self, *, once: bool) -> aiohttp.ClientSession:
        """A session that keeps connections for a while, or with ``once`` closes each behind its answer."""
        make = partial(SocksConnector, self._socks) if self._socks else _Connector
        by_name = self._socks is not None and resolves_itself(self._socks)
        return aiohttp.ClientSession(
            connector=make(
                ssl=self.ssl_context,
                resolver=AsPrinted() if by_name else self._resolver,
                family=socket.AF_INET if self._route.ipv4_only else socket.AF_UNSPEC,
                limit=self._connections,
                force_close=once,
                keepalive_timeout=aiohttp.helpers.sentinel if once else KEEPALIVE,
                ttl_dns_cache=DNS_TTL,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=_SKIP,
            timeout=_UNLIMITED,
            max_line_size=MAX_FIELD,
            max_field_size=MAX_FIELD,
            max_headers=MAX_FIELDS,
        )

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        *,
        connect: float | None,
        read: float | None,
        once: bool = False,
    ) -> aiohttp.ClientResponse:
        """One request, no redirects: ``url`` goes out as it is spelt, ``connect`` and ``read`` are seconds, ``once`` closes the connection behind the
        answer, whatever the server does. Who asks reads ``content`` and closes. Raises what aiohttp raises.
        """
        session = self._keeping
        if once:
            session = self._once = self._once or self._session(once=True)
        key = (connect, read)
        timeout = self._timeouts.get(key)
        if timeout is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
            self._timeouts[key] = timeout
        sent = CIMultiDict(headers)
        if self._proxy_headers and url.startswith("http:"):
            # aiohttp hands these to a proxy only where it opens a tunnel.
            sent.extend(self._proxy_headers)
        return await session.request(
            method,
            URL(url, encoded=True),
            headers=sent,
            data=content or None,
            allow_redirects=False,
            timeout=timeout,
            proxy=self._proxy_url,
            proxy_headers=self._proxy_headers,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """``ask`` as httpx has it; ``extensions``: ``timeout`` as httpx has it, ``spelt`` the exact URL as text, ``once``."""
        limits = request.extensions.get("timeout", {})
        headers = {k.decode("ascii"): v.decode("utf-8") for k, v in request.headers.raw if k != b"Content-Length"}
        with map_aiohttp_exceptions():
            response = await self.ask(
                request.method,
                request.extensions.get("spelt") or str(request.url),
                headers,
                request.content,
                connect=limits.get("connect"),
                read=limits.get("read"),
                once=bool(request.extensions.get("once")),
            )
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(response), request=request)

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._keeping.close()
        if self._once is not None:
            await self._once.close()
