"""Names to addresses: every answer is checked against the policy, and only checked addresses are connected to.

This is the pin: the connector asks here once per connection and connects to exactly what it is given, so an answer that
changes between check and connect has nothing to change.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from watcher.errors import FetchError, Refused
from watcher.fetch.address import IP
from watcher.fetch.policy import Policy
from watcher.words import both, told

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""``(name, port)`` to addresses as text, any family; raises ``OSError`` when there are none."""

THREADS = 32


class SystemLookup:
    """getaddrinfo in threads of its own, so that dead name servers do not clog the loop's few default threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="watcher-dns")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name in the system's order. Raises ``socket.gaierror``."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host, port)

    def close(self) -> None:
        """Lets waiting look-ups go; never waits for one that hangs."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str, port: int) -> list[str]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except socket.gaierror:
        # AI_ADDRCONFIG hides localhost on a machine that has only loopback.
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


async def checked(lookup: Lookup, policy: Policy, host: str, port: int) -> list[IP]:
    """The addresses of ``host`` that policy lets us connect to, never empty.

    Raises ``Refused`` when the name has addresses and none is allowed, ``FetchError`` (``dns``) when it has none.
    """
    try:
        texts = await lookup(host, port)
    except OSError as error:
        raise dns_error(host, error) from error
    allowed: list[IP] = []
    why = ""
    for text in texts:
        ip = ip_address(text)  # a zone id stays on it, so that it is refused
        refusal = policy.refuses(ip, host, port, named=True)
        if refusal is None:
            allowed.append(ip)
        else:
            why = both(f"{ip} 是{told(refusal, 'zh')}", f"{ip} is {told(refusal, 'en')}")
    if allowed:
        return allowed
    if why:
        raise Refused(
            both(
                f"{host} 不能访问：{told(why, 'zh')}，allow_private 没有列出它",
                f"{host} is refused: {told(why, 'en')}, and allow_private does not name it",
            )
        )
    raise FetchError(both(f"域名 {host} 没有地址", f"the name {host} has no address"), kind="dns")


def dns_error(host: str, error: OSError) -> FetchError:
    """What a failed look-up means: a name that does not exist is permanent, a resolver that is away is not."""
    absent = isinstance(error, socket.gaierror) and error.errno in (
        socket.EAI_NONAME,
        getattr(socket, "EAI_NODATA", -5),
    )
    what = (
        both(f"域名 {host} 不存在", f"the name {host} does not exist")
        if absent
        else both(f"域名 {host} 暂时无法解析", f"the name {host} cannot be resolved now")
    )
    return FetchError(what, kind="dns", transient=not absent)


class PinnedResolver(AbstractResolver):
    """What the connector asks: only addresses that ``policy`` allows, of the wanted families, come out."""

    def __init__(self, lookup: Lookup, policy: Policy) -> None:
        self._lookup = lookup
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises ``Refused`` or ``FetchError``; both pass through the connector untouched."""
        wanted = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}.get(family)
        ips = await checked(self._lookup, self._policy, host, port)
        if wanted is not None:
            ips = [ip for ip in ips if isinstance(ip, wanted)]
            if not ips:
                raise FetchError(
                    both(
                        f"域名 {host} 没有 IPv4 地址，而设置了 ipv4_only",
                        f"the name {host} has no IPv4 address, and ipv4_only is set",
                    ),
                    kind="dns",
                )
        return [
            ResolveResult(
                hostname=host,
                host=str(ip),
                port=port,
                family=socket.AF_INET if isinstance(ip, IPv4Address) else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for ip in ips
        ]

    async def close(self) -> None:
        """Nothing is held."""
