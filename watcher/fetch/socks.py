"""SOCKS proxies: connections that a SOCKS server makes for us, to addresses that were checked here.

``socks5://`` and ``socks4://``: names are resolved on this machine, checked, and the proxy is given the address. ``socks5h://`` and
``socks4a://``: the proxy is given the name, because only it may know it; what this machine resolves it to is checked all the same.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
import python_socks
from aiohttp.abc import AbstractResolver, ResolveResult
from python_socks.async_.asyncio import Proxy

from watcher.errors import ConfigError, FetchError
from watcher.words import both

_TYPES = {
    "socks4": (python_socks.ProxyType.SOCKS4, False),
    "socks4a": (python_socks.ProxyType.SOCKS4, True),
    "socks5": (python_socks.ProxyType.SOCKS5, False),
    "socks5h": (python_socks.ProxyType.SOCKS5, True),
}
_NOT_REACHED = frozenset((3, 4, 5, 6))
"""Reply codes of RFC 1928 that speak of the far end (network, host, refused, TTL); all others speak of the proxy's own mind."""


def is_socks(proxy: str) -> bool:
    """Whether a proxy's address is one of a SOCKS server."""
    return urlsplit(proxy).scheme in _TYPES


def resolves_itself(proxy: str) -> bool:
    """Whether the proxy is given names."""
    return _TYPES[urlsplit(proxy).scheme][1]


class AsPrinted(AbstractResolver):
    """No resolution: the name goes to the proxy as it is."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The name itself in an address's place."""
        return [ResolveResult(hostname=host, host=host, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


class SocksConnector(aiohttp.TCPConnector):
    """A connector whose connections are made by the SOCKS server at ``proxy``. Raises ``ConfigError`` where that address is none."""

    def __init__(self, proxy: str, **options: Any) -> None:
        split = urlsplit(proxy)
        self._kind, self._by_name = _TYPES[split.scheme]
        try:
            port = split.port or 1080
        except ValueError:
            raise ConfigError(
                both("proxy：端口不是 1 至 65535 的数字", "proxy: its port is not a number from 1 to 65535")
            ) from None
        if not split.hostname:
            raise ConfigError(both("proxy：没有写主机名", "proxy: it names no host"))
        self._host, self._port_at = split.hostname, port
        self._user = unquote(split.username) if split.username else None
        self._word = unquote(split.password or "") if split.username else None
        super().__init__(**options)

    async def _wrap_create_connection(
        self,
        *args: Any,
        addr_infos: list[Any],
        req: Any,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # aiohttp passes it
        **options: Any,
    ) -> Any:
        host, port = addr_infos[0][4][:2]
        proxy = Proxy(
            self._kind, self._host, self._port_at, self._user, self._word, rdns=self._by_name, loop=self._loop
        )
        try:
            sock = await proxy.connect(host, port, timeout=timeout.sock_connect)
        except python_socks.ProxyTimeoutError as error:
            raise FetchError(
                both(
                    f"代理在时限内没有应答（目标 {req.url.host}）",
                    f"the proxy for {req.url.host} did not answer in time",
                ),
                kind="timeout",
                transient=True,
            ) from error
        except python_socks.ProxyConnectionError as error:
            raise FetchError(
                both(f"连不上代理（目标 {req.url.host}）", f"the proxy for {req.url.host} cannot be reached"),
                kind="connect",
                transient=True,
            ) from error
        except (python_socks.ProxyError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            away = getattr(error, "error_code", None) in _NOT_REACHED
            what = (
                both(f"代理连不到 {req.url.host}", f"the proxy does not reach {req.url.host}")
                if away
                else both(f"代理拒绝访问 {req.url.host}", f"the proxy refused to reach {req.url.host}")
            )
            raise FetchError(what, kind="connect", transient=away) from error
        return await self._wrap_existing_connection(*args, req=req, timeout=timeout, sock=sock, **options)
