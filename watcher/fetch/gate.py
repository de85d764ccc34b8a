"""The one gate to the network: every request of the product goes through here.

Pages, columns and attachments by ``Gate.fetch`` (policy on every hop, robots.txt, spacing, retries, cookies, caps);
messages of channels by ``Gate.request`` and ``Gate.address`` (policy and caps only), which make it a ``types.Wire``.
"""

from __future__ import annotations

import asyncio
import random as _random
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx

from watcher.errors import FetchError, Forbidden, Refused
from watcher.fetch import robots, room
from watcher.fetch.address import Target, forbidden, host_of, join, parse
from watcher.fetch.cookies import Jars
from watcher.fetch.exchange import Ask, Exchange, Raw, ask_of, location_of
from watcher.fetch.policy import policy
from watcher.fetch.politeness import MAX_WAIT, RETRIED, Clock, Host, Random, Sleep, Slots, Turns, backoff
from watcher.fetch.resolver import Lookup, SystemLookup, checked
from watcher.fetch.validators import retry_after
from watcher.settings import Network
from watcher.types import Answer, Fetched
from watcher.words import around, both

if TYPE_CHECKING:
    from watcher.fetch.browser import Browser

MAX_HOPS = 10
MAX_ROBOTS_HOPS = 5
MAX_ANSWER = 256 * 1024
"""Bytes of a channel's answer that are read; the rest is not."""

Permit = Callable[[str], None]
"""Asked with a host's name before each request; raises ``FetchError`` where it must not be sent."""


class Gate:
    """The one way out; an async context manager, used inside one running loop.

    ``network`` is the general setting: its ``concurrency`` holds for the whole gate, the rest for requests that bring no
    ``Network`` of their own. ``transport`` replaces the wire (addresses that are numbers are still checked, names are
    then the transport's matter); ``lookup`` replaces name resolution; ``clock`` (monotonic seconds), ``sleep``,
    ``random`` (0 to 1) and ``now`` (aware, UTC) replace time and chance.
    """

    def __init__(
        self,
        network: Network,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        lookup: Lookup | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        random: Random = _random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.network = network
        self._system = SystemLookup()
        self._lookup: Lookup = lookup or self._system
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._now = now
        self._turns = Turns(clock, sleep, random)
        abreast = room.connections(network.concurrency)
        self._slots = Slots(abreast, clock)
        self._robots = robots.Kept(clock)
        self._jars = Jars()
        self._browser: Browser | None = None
        self._exchange = Exchange(self._lookup, clock, transport=transport, connections=abreast + 16)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            await self._browser.aclose()
        await self._exchange.aclose()
        self._system.close()

    async def fetch(
        self,
        url: str,
        network: Network | None = None,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        permit: Permit | None = None,
        ahead: bool = False,
    ) -> Fetched:
        """What ``url`` answers after redirects, any status; ``etag`` and ``last_modified`` make the request conditional.

        Transient failures (time-outs, broken connections, 429, 502, 503, 504) are tried again ``network.retries`` times
        with growing pauses; ``Retry-After`` is honoured for the whole host. ``headers`` are added to the source's own.
        ``permit`` is asked before each request of the page (of a page that a browser renders, before the first); what it
        raises ends the fetch, but what an earlier try brought is kept. ``ahead``: who asks holds a page in memory already,
        so where the wire is full this request comes before those that would bring another one.

        Raises ``Refused`` when policy or robots.txt forbids the address or a hop, ``FetchError`` when no usable answer
        came (``timeout``, ``dns``, ``connect``, ``tls``, ``too-large``, ``redirects``, ``protocol``, ``robots``, ``closed``, ``busy``).
        """
        network = network or self.network
        target = parse(url)
        if network.render == "browser" and method == "GET":
            if permit is not None:
                permit(target.host)
            return await self._rendered(url, network)
        ask = ask_of(network, method, body, headers, etag, last_modified)
        return await self._tried(url, target, ask, network, permit, ahead)

    async def fetch_for_browser(
        self, url: str, network: Network, *, method: str, body: bytes, headers: Mapping[str, str], visit: bool
    ) -> Fetched:
        """One request of a page that a browser renders: the page itself (``visit``) as ``fetch`` does it, what the page
        loads without turns and retries, but with every check of policy, robots.txt and size. Raises as ``fetch`` does.
        """
        target = parse(url)
        ask = ask_of(network, method, body, headers, None, None)
        if visit:
            return await self._tried(url, target, ask, network)
        return await self._visit(url, target, ask, replace(network, per_host_delay=0.0), alone=False)

    async def _rendered(self, url: str, network: Network) -> Fetched:
        if self._browser is None:
            from watcher.fetch.browser import Browser

            self._browser = Browser(self)
        return await self._browser.render(url, network)

    def wait(self, host: str) -> float:
        """Seconds until ``host`` may be asked again, by its spacing and by what it asked for itself."""
        return self._turns.wait(host)

    def waits(self) -> dict[str, float]:
        """Every host that must be left alone for now, and for how many seconds."""
        return self._turns.waits()

    async def _tried(
        self,
        url: str,
        target: Target,
        ask: Ask,
        network: Network,
        permit: Permit | None = None,
        ahead: bool = False,
    ) -> Fetched:
        """Tries and tries again."""
        attempt = 0
        last: Fetched | FetchError | None = None
        while True:
            try:
                fetched = await self._visit(url, target, ask, network, permit=permit, ahead=ahead)
            except Forbidden:
                if last is None:
                    raise
                if isinstance(last, FetchError):
                    raise last from None
                return last
            except FetchError as error:
                error.url = error.url or url
                # A time-out costs a slot for its whole length: one more try, not all of them.
                tries = min(network.retries, 1) if error.kind == "timeout" else network.retries
                if not error.transient or error.retry_after is not None or attempt >= tries:
                    raise
                last = error
            else:
                if fetched.status not in RETRIED:
                    return fetched
                asked = retry_after(fetched.headers, self._now())
                if asked is not None:
                    self._turns.leave_alone(host_of_url(fetched.final_url), asked)
                if attempt >= network.retries or (asked or 0.0) > MAX_WAIT:
                    return fetched
                last = fetched
            await self._sleep(backoff(attempt, self._random))
            attempt += 1

    async def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request of a channel: policy, time-outs and caps, but no robots.txt, spacing, retries or redirects.

        Raises ``Refused`` or ``FetchError``; their texts and fields name the host only, because the address is a secret.
        """
        try:
            target = _channel_address(url)
        except Refused:
            raise Refused(
                both(
                    "渠道的地址不是普通的 http 或 https 网址",
                    "the channel's address is not a plain http or https address",
                )
            ) from None
        network = self.network
        given = {name.lower(): value for name, value in headers.items()}
        given.setdefault("user-agent", network.user_agent)
        given.setdefault("accept", "*/*")
        given["accept-encoding"] = "identity"
        try:
            await self._exchange.check(target, network)
            raw = await self._exchange.send(
                target, method, given, body, network, network.timeout, cap=MAX_ANSWER, cut=True
            )
        except FetchError as error:
            error.url = target.origin
            raise error from None
        return Answer(raw.status, raw.headers(), raw.body)

    async def address(self, host: str, port: int) -> str:
        """An address of ``host`` that may be connected to, for what does not speak HTTP. Raises ``Refused``, ``FetchError``."""
        try:
            name, literal = host_of(f"[{host}]" if ":" in host and not host.startswith("[") else host)
        except ValueError as error:
            raise Refused(around(str(error), lambda said: f"{host!r}: {said}")) from None
        rules = policy(self.network.allow_private)
        if literal is None:
            return str((await checked(self._lookup, rules, name, port))[0])
        if why := rules.refuses(literal, name, port):
            raise forbidden(name, why)
        return name

    async def _visit(
        self,
        url: str,
        target: Target,
        ask: Ask,
        network: Network,
        *,
        alone: bool = True,
        permit: Permit | None = None,
        ahead: bool = False,
    ) -> Fetched:
        """One try: the first request and all its redirects; ``alone`` waits for a turn at each host."""
        first = target
        jar = first.host
        method, body = ask.method, ask.body
        spent = 0.0
        hops = 0
        while True:
            if permit is not None:
                permit(target.host)
            turns = self._turns.turn(target.host, network.per_host_delay) if alone else nullcontext(Host())
            async with turns as turn:
                here = target.host
                while target.host == here:
                    if permit is not None:
                        permit(here)
                    await self._exchange.check(target, network)
                    if network.robots:
                        answer = await self._robots_allow(target, network, turn.delay)
                        if isinstance(answer, Raw):
                            return self._fetched(url, target, answer, spent)
                        turn.delay = max(turn.delay, answer)
                    headers = ask.headers_for(first, target)
                    if cookies := self._jars.header(jar, target, headers.get("cookie", "")):
                        headers["cookie"] = cookies
                    async with self._slots.slot(here, ahead):
                        if permit is not None:
                            permit(here)
                        begun = self._clock()
                        try:
                            raw = await self._exchange.send(
                                target, method, headers, body, network, network.timeout - spent, cap=network.max_body
                            )
                        except FetchError as error:
                            error.url = error.url or str(target)
                            raise
                        spent += self._clock() - begun
                    if set_cookies := raw.all(b"set-cookie"):
                        self._jars.take(jar, target, set_cookies)
                    location = location_of(raw)
                    if location is None:
                        return self._fetched(url, target, raw, spent)
                    hops += 1
                    if hops > MAX_HOPS:
                        raise FetchError(
                            both(
                                f"{first.authority} 跳转超过 {MAX_HOPS} 次",
                                f"{first.authority} redirects more than {MAX_HOPS} times",
                            ),
                            kind="redirects",
                            url=url,
                        )
                    target = join(target, location)
                    if raw.status == 303 or (raw.status in (301, 302) and method == "POST"):
                        method, body = "GET", b""

    def _fetched(self, url: str, target: Target, raw: Raw, spent: float) -> Fetched:
        return Fetched(
            url=url,
            final_url=str(target),
            status=raw.status,
            headers=raw.headers(),
            body=raw.body,
            fetched_at=self._now(),
            elapsed=spent,
        )

    async def _robots_allow(self, target: Target, network: Network, delay: float) -> float | Raw:
        """Asks the origin's robots.txt (kept for hours): the crawl delay it wants, when ``target`` is allowed.

        Raises ``Refused`` when it is not. A site whose robots.txt answers 5xx or 429 counts as closed for now (RFC 9309,
        section 2.3.1.4): ``FetchError`` of kind ``closed``; but where that answer is a firewall's page it is returned in the page's place,
        because it tells more. When the file cannot be reached at all, neither can the page: that error is raised.
        """
        agent = robots.product(network.user_agent)
        rules = self._robots.fresh(target.origin)
        if rules is None:
            found = await self._read_robots(target, network, agent)
            if isinstance(found, Raw):
                return found
            rules = found
            if delay > 0:
                await self._sleep(delay)
        if not rules.allow(str(target), agent):
            raise Refused(
                both(
                    f"{target.authority} 的 robots.txt 不允许 {agent} 读取 {target.path}；"
                    "若已获许可，请设置 robots: false 并写明 robots_reason",
                    f"robots.txt of {target.authority} does not let {agent} read {target.path}; "
                    "set robots: false with a reason if you have leave",
                ),
                kind="robots",
                url=str(target),
            )
        return rules.crawl_delay

    async def _read_robots(self, target: Target, network: Network, agent: str) -> robots.Rules | Raw:
        until = self._clock() + robots.TTL
        hop = parse(target.origin + "/robots.txt")
        stale = self._robots.stale(target.origin)
        headers = {"user-agent": network.user_agent, "accept": "text/plain,*/*;q=0.5", "accept-encoding": "identity"}
        raw: Raw | None = None
        try:
            for _ in range(MAX_ROBOTS_HOPS + 1):
                await self._exchange.check(hop, network)
                async with self._slots.slot(hop.host):
                    raw = await self._exchange.send(
                        hop, "GET", headers, b"", network, network.timeout, cap=robots.MAX_BYTES, cut=True
                    )
                location = location_of(raw)
                if location is None:
                    break
                hop = join(hop, location)
        except Refused:
            raw = None  # it leads where nobody may look: the same as none
        except FetchError:
            if stale is not None:
                return stale
            raise
        found = (
            robots.rules(404, b"", agent, until) if raw is None else robots.rules(raw.status, raw.body, agent, until)
        )
        if found is not None:
            self._robots.keep(target.origin, found)
            return found
        assert raw is not None
        if stale is not None:
            return stale
        if self._blocked(hop, raw):
            return raw
        raise FetchError(
            both(
                f"{target.authority} 的 robots.txt 返回 HTTP {raw.status}：按 RFC 9309，读到它之前视为不允许抓取",
                f"robots.txt of {target.authority} answers HTTP {raw.status}: by RFC 9309 the site counts as closed until it can be read",
            ),
            kind="closed",
            url=str(hop),
            transient=True,
            retry_after=retry_after(raw.headers(), self._now()),
        )

    def _blocked(self, target: Target, raw: Raw) -> bool:
        from watcher.decoding import decode
        from watcher.fetch.verdict import judge

        fetched = self._fetched(str(target), target, raw, 0.0)
        return judge(fetched, decode(raw.body, fetched.headers.get("content-type")).text, None).verdict == "challenge"


_channel_address = lru_cache(maxsize=64)(parse)
"""Channels are few and asked again and again."""


def host_of_url(url: str) -> str:
    """The canonical host of an address of ours."""
    return parse(url).host
