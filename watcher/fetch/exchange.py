"""One request and its answer: policy before it, caps while it streams, content codings off after it.

httpx's requests, responses and transport interface carry it; httpx's client does not, because redirects, cookies,
decoding and retries each need a check in between that it has no place for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx

from watcher.errors import ConfigError, FetchError, Refused
from watcher.fetch import bodies
from watcher.fetch.address import Target, forbidden
from watcher.fetch.failures import failure
from watcher.fetch.patience import within
from watcher.fetch.policy import Policy, policy
from watcher.fetch.politeness import Clock
from watcher.fetch.resolver import Lookup, PinnedResolver, checked
from watcher.fetch.socks import is_socks
from watcher.fetch.transport import DNS_TTL, KEEPALIVE, Route, Wire, leave
from watcher.settings import Network, Secret
from watcher.words import both

INLINE_UNPACK = 256 * 1024
"""A packed body up to this size is unpacked in the loop (a few ms), a longer one in a thread."""
MAX_IDLE = 256
"""Hosts to which connections are kept open at a time; with more, a request says goodbye with its answer."""
MAX_PASSED = 4096
"""Names behind a proxy whose check is remembered, for as long as the connector remembers addresses."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEPT_ACROSS = frozenset({"accept", "accept-language", "user-agent"})
"""Headers of a source that another host or a downgraded hop may see; all others may be credentials."""
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "accept-encoding"})
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LANGUAGE = "zh-CN,zh;q=0.9,en;q=0.5"


@dataclass(frozen=True, slots=True)
class Raw:
    """One answer, no redirect followed; ``body`` without content codings."""

    status: int
    fields: list[tuple[bytes, bytes]]
    body: bytes

    def all(self, name: bytes) -> list[bytes]:
        """The values of a header, ``name`` in lower case."""
        return [value for key, value in self.fields if key.lower() == name]

    def headers(self) -> dict[str, str]:
        """Lower-case names, repeated ones joined with ``", "``; values as UTF-8, else Latin-1."""
        found: dict[str, str] = {}
        for key, value in self.fields:
            name = key.decode("latin-1").lower()
            text = _text(value)
            found[name] = f"{found[name]}, {text}" if name in found else text
        return found


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the first address and, where nothing forbids it, of the following ones."""

    method: str
    body: bytes
    plain: dict[str, str]
    """Headers that every host may see."""
    private: dict[str, str]
    """Headers that only the host that was asked for may see."""

    def headers_for(self, first: Target, target: Target) -> dict[str, str]:
        """The headers for a hop: the source's own only for the same host and port, and never from https down to http."""
        if not self.private:
            return self.plain.copy()
        same = target.host == first.host and (
            (target.scheme, target.port) == (first.scheme, first.port)
            or (first.scheme, first.port, target.scheme, target.port) == ("http", 80, "https", 443)
        )
        return {**self.plain, **self.private} if same else self.plain.copy()


def ask_of(
    network: Network,
    method: str,
    body: bytes,
    headers: Mapping[str, str] | None,
    etag: str | None,
    last_modified: str | None,
) -> Ask:
    """Puts a request together: ours first, then the source's headers, then the caller's."""
    plain = {
        "user-agent": network.user_agent,
        "accept": ACCEPT,
        "accept-language": LANGUAGE,
        "accept-encoding": bodies.ACCEPT,
    }
    private: dict[str, str] = {}
    for given in (network.headers, headers):
        if given:
            for name, value in given.items():
                lowered = name.lower()
                if lowered not in OURS:
                    text = value.reveal() if isinstance(value, Secret) else value
                    (plain if lowered in KEPT_ACROSS else private)[lowered] = text
    if etag:
        plain["if-none-match"] = etag
    if last_modified:
        plain["if-modified-since"] = last_modified
    return Ask(method.upper(), body, plain, private)


def location_of(raw: Raw) -> str | None:
    """Where an answer redirects to, as text; None where it does not. Bytes that are not UTF-8 are percent-encoded as they are."""
    if raw.status not in REDIRECTS:
        return None
    found = raw.all(b"location")
    if not found or not found[0].strip():
        return None
    try:
        return found[0].decode()
    except UnicodeDecodeError:
        return quote(found[0], safe="%/:@!$&'()*+,;=~-._[]|?#")


class Exchange:
    """Sends requests over pools of connections, one pool per ``Route``."""

    def __init__(
        self, lookup: Lookup, clock: Clock, *, transport: httpx.AsyncBaseTransport | None, connections: int
    ) -> None:
        self._lookup = lookup
        self._clock = clock
        self._transport = transport
        self._connections = connections
        self._wires: dict[Route, Wire] = {}
        self._idle: dict[str, float] = {}
        self._passed: dict[tuple[Policy, str, int], float] = {}

    async def aclose(self) -> None:
        """Closes every connection."""
        wires = list(self._wires.values())
        self._wires.clear()
        for wire in wires:
            await wire.aclose()
        if self._transport is not None:
            await self._transport.aclose()

    async def check(self, target: Target, network: Network) -> None:
        """Raises ``Refused`` where policy forbids ``target`` before any connection: addresses, and names behind a proxy.

        Other names are checked where they are resolved, by the connector's own resolver. Behind a proxy the proxy
        resolves; what our own resolver says is checked all the same, unless it knows nothing.
        """
        rules = policy(network.allow_private)
        if target.literal is not None:
            if why := rules.refuses(target.literal, target.host, target.port):
                raise forbidden(target.host, why)
            if network.ipv4_only and target.literal.version == 6:
                raise Refused(
                    both(f"{target.host} 不能访问：设置了 ipv4_only", f"{target.host} is refused: ipv4_only is set")
                )
        elif network.proxy is not None and self._transport is None:
            known = (rules, target.host, target.port)
            if self._passed.get(known, 0.0) > self._clock():
                return
            try:
                await checked(self._lookup, rules, target.host, target.port)
            except Refused:
                raise
            except FetchError:
                pass
            if len(self._passed) >= MAX_PASSED:
                self._passed.clear()
            self._passed[known] = self._clock() + DNS_TTL

    async def send(
        self,
        target: Target,
        method: str,
        headers: dict[str, str],
        content: bytes,
        network: Network,
        left: float,
        *,
        cap: int,
        cut: bool = False,
    ) -> Raw:
        """One request within ``left`` seconds. A body beyond ``cap`` bytes is an error, or with ``cut`` ends there.

        Raises ``FetchError`` and ``Refused``.
        """
        once = self._crowded(target.host)
        if once:
            headers["connection"] = "close"
        try:
            async with within(max(0.001, left)):
                raw = await self._sent(self._wire(network), target, method, headers, content, network, once, cap, cut)
        except (FetchError, ConfigError):
            raise
        except Exception as error:
            raise failure(error, target.authority) from error
        coding = raw.all(b"content-encoding")
        if not coding or not raw.body:
            return raw
        named = ", ".join(map(_text, coding))
        return Raw(raw.status, raw.fields, await _unpacked(raw, named, network.max_decompressed, cut))

    async def _sent(
        self,
        wire: httpx.AsyncBaseTransport,
        target: Target,
        method: str,
        headers: dict[str, str],
        content: bytes,
        network: Network,
        once: bool,
        cap: int,
        cut: bool,
    ) -> Raw:
        """The answer with its body as transferred."""
        connect, read = network.connect_timeout, network.read_timeout
        spelt = str(target)
        if isinstance(wire, Wire):
            # Our own wire is asked directly: requests and responses of httpx would be made only to be taken apart.
            answer = await wire.ask(method, spelt, headers, content, connect=connect, read=read, once=once)
            try:
                body = await _read(answer.content.iter_any(), answer.headers.get("content-length", ""), cap, cut)
            finally:
                leave(answer)
            return Raw(answer.status, list(answer.raw_headers), body)
        limits = {"timeout": {"connect": connect, "read": read}, "spelt": spelt, "once": once}
        request = httpx.Request(method, spelt, headers=headers, content=content or None, extensions=limits)
        response = await wire.handle_async_request(request)
        stream = response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError("the transport gave a stream that is not asynchronous")
        try:
            body = await _read(stream, response.headers.get("content-length", ""), cap, cut)
        finally:
            await response.aclose()
        return Raw(response.status_code, response.headers.raw, body)

    def _crowded(self, host: str) -> bool:
        """Bounds the connections kept open to hosts that nobody may ask again for hours."""
        now = self._clock()
        idle = self._idle
        if host in idle:
            del idle[host]
        elif len(idle) >= MAX_IDLE:
            for name, since in list(idle.items()):
                if now - since <= KEEPALIVE:
                    break
                del idle[name]
            if len(idle) >= MAX_IDLE:
                return True
        idle[host] = now
        return False

    def _wire(self, network: Network) -> httpx.AsyncBaseTransport:
        if self._transport is not None:
            return self._transport
        proxy = network.proxy.reveal() if isinstance(network.proxy, Secret) else network.proxy
        route = Route(network.allow_private, proxy or None, network.ipv4_only, network.legacy_tls)
        wire = self._wires.get(route)
        if wire is None:
            if proxy and urlsplit(proxy).scheme not in ("http", "https") and not is_socks(proxy):
                raise ConfigError(
                    both(
                        "proxy：只支持 http、https、socks5、socks5h、socks4 和 socks4a 代理",
                        "proxy: only http, https, socks5, socks5h, socks4 and socks4a proxies are spoken to",
                    )
                )
            # Behind an HTTP proxy the only host that is ever resolved is the proxy, which the operator chose.
            free = proxy and not is_socks(proxy)
            rules = Policy(everything=True) if free else policy(network.allow_private)
            wire = Wire(route, PinnedResolver(self._lookup, rules), connections=self._connections)
            self._wires[route] = wire
        return wire


async def _read(stream: AsyncIterable[bytes], announced: str, cap: int, cut: bool) -> bytes:
    if not cut and announced.isascii() and announced.isdigit() and int(announced[:19]) > cap:
        raise FetchError(
            both(
                f"内容有 {announced[:30]} 字节，超过 max_body（{cap}）",
                f"the body is {announced[:30]} bytes long; max_body is {cap}",
            ),
            kind="too-large",
        )
    pieces: list[bytes] = []
    size = 0
    async for piece in stream:
        size += len(piece)
        pieces.append(piece)
        if size > cap:
            if not cut:
                raise FetchError(
                    both(f"内容超过 max_body（{cap} 字节）", f"the body is longer than max_body ({cap} bytes)"),
                    kind="too-large",
                )
            break
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    return body[:cap] if size > cap else body


async def _unpacked(raw: Raw, coding: str, limit: int, cut: bool) -> bytes:
    try:
        if len(raw.body) <= INLINE_UNPACK:
            # Small input, and an early end for a bomb: what fits is done here, the rest is for a thread.
            try:
                return bodies.unpack(raw.body, coding, min(limit, bodies.INLINE))
            except FetchError as error:
                if error.kind != "too-large" or limit <= bodies.INLINE:
                    raise
        return await asyncio.to_thread(bodies.unpack, raw.body, coding, limit)
    except FetchError:
        if cut:
            return b""
        raise
