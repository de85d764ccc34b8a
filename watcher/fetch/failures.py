"""What went wrong on the wire, as ``FetchError``: pure. The texts name a host, never a path or a query."""

from __future__ import annotations

import errno
import ssl

import aiohttp
import httpx

from watcher.errors import FetchError
from watcher.words import both, mistrust


def failure(error: BaseException, host: str) -> FetchError:
    """The typed error for an exception of the transport, by its innermost telling cause."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain and len(chain) < 8:
        chain.append(link)
        link = link.__cause__ or link.__context__
    for link in chain:
        if isinstance(link, FetchError):
            return link
    for link in chain:
        if isinstance(link, (ssl.SSLCertVerificationError, aiohttp.ClientConnectorCertificateError)):
            cause = getattr(link, "certificate_error", link)  # aiohttp's own error stands before the one that says why
            said = getattr(cause, "verify_message", "")
            return FetchError(
                both(
                    f"{host} 的证书不可信{_mistrust(said)}",
                    f"the certificate of {host} is not accepted: {said or 'it does not verify'}",
                ),
                kind="tls",
            )
    for link in chain:
        if isinstance(link, ssl.SSLError):
            said = getattr(link, "reason", None)
            return FetchError(
                both(
                    f"与 {host} 建立不了 TLS 连接；老旧服务器可设置 legacy_tls: true",
                    f"no TLS connection to {host}: {said or 'the handshake failed'} (legacy_tls may help with old servers)",
                ),
                kind="tls",
            )
    # What aiohttp says comes before what it was translated into, which is coarser.
    for link in sorted(chain, key=lambda one: not isinstance(one, aiohttp.ClientError)):
        if (found := _plain(link, host)) is not None:
            return found
    what = type(error).__name__
    return FetchError(
        both(f"与 {host} 的通信出错（{what}）", f"the exchange with {host} failed ({what})"), kind="protocol"
    )


def _plain(error: BaseException, host: str) -> FetchError | None:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return FetchError(
                both(f"{host} 在时限内没有接受连接", f"{host} did not accept a connection in time"),
                kind="timeout",
                transient=True,
            )
        case aiohttp.ServerTimeoutError() | httpx.ReadTimeout() | TimeoutError():
            return FetchError(
                both(f"{host} 在时限内没有应答", f"{host} did not answer in time"), kind="timeout", transient=True
            )
        case aiohttp.ClientProxyConnectionError() | httpx.ProxyError():
            return FetchError(
                both(f"连不上代理（目标 {host}）", f"the proxy for {host} cannot be reached"),
                kind="connect",
                transient=True,
            )
        case aiohttp.ClientHttpProxyError():
            return FetchError(
                both(
                    f"代理拒绝访问 {host}（HTTP {error.status}）",
                    f"the proxy refused to reach {host} (HTTP {error.status})",
                ),
                kind="connect",
            )
        case aiohttp.ClientConnectorDNSError():
            return FetchError(
                both(f"域名 {host} 无法解析", f"the name {host} cannot be resolved"), kind="dns", transient=True
            )
        case aiohttp.ClientPayloadError():
            return FetchError(
                both(f"{host} 的应答中途断开", f"{host} broke off in the middle of its answer"),
                kind="protocol",
                transient=True,
            )
        case aiohttp.ServerDisconnectedError():
            return FetchError(
                both(f"{host} 没有应答就断开了连接", f"{host} closed the connection without an answer"),
                kind="connect",
                transient=True,
            )
        case httpx.ConnectTimeout():
            return FetchError(
                both(f"{host} 在时限内没有接受连接", f"{host} did not accept a connection in time"),
                kind="timeout",
                transient=True,
            )
        case aiohttp.ClientOSError() | httpx.ConnectError():
            return FetchError(
                both(f"连不上 {host}{_cause(error)}", f"no connection to {host}{_because(error)}"),
                kind="connect",
                transient=True,
            )
        case aiohttp.ClientResponseError() | aiohttp.http_exceptions.HttpProcessingError():
            return FetchError(
                both(f"{host} 的应答不符合 HTTP 规范", f"{host} does not speak proper HTTP"), kind="protocol"
            )
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return FetchError(
                both(f"{host} 的应答中途断开", f"{host} broke off in the middle of its answer"),
                kind="protocol",
                transient=True,
            )
        case httpx.TimeoutException():
            return FetchError(
                both(f"{host} 在时限内没有应答", f"{host} did not answer in time"), kind="timeout", transient=True
            )
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return FetchError(
                both(f"{host} 的这个网址无法请求", f"an address at {host} cannot be asked"), kind="protocol"
            )
        case ConnectionError():
            return FetchError(
                both(
                    f"与 {host} 的连接中断{_cause(error)}",
                    f"the connection to {host} broke{_because(error)}",
                ),
                kind="connect",
                transient=True,
            )
        case _:
            return None


_CAUSES = {
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ECONNRESET: "连接被重置",
    errno.ECONNABORTED: "连接被中止",
    errno.ENETUNREACH: "网络不可达",
    errno.EHOSTUNREACH: "主机不可达",
    errno.ETIMEDOUT: "超时",
    errno.EPIPE: "连接已断开",
}


def _because(error: BaseException) -> str:
    """What the system says of it."""
    said = getattr(error, "strerror", None)
    return f": {said[:120]}" if isinstance(said, str) and said else ""


def _cause(error: BaseException) -> str:
    """The same in Chinese, where it is one of the usual causes."""
    said = _CAUSES.get(getattr(error, "errno", None) or 0)
    return f"（{said}）" if said else ""


def _mistrust(said: str) -> str:
    zh = mistrust(said)
    return f"（{zh}）" if zh else ""
