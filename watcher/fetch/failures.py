"""What went wrong on the wire, as ``FetchError``: pure. The texts name a host, never a path or a query."""

from __future__ import annotations

import ssl

import aiohttp
import httpx

from watcher.errors import FetchError


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
            said = getattr(link, "verify_message", "") or "it does not verify"
            return FetchError(f"the certificate of {host} is not accepted: {said}", kind="tls")
    for link in chain:
        if isinstance(link, ssl.SSLError):
            said = getattr(link, "reason", None) or "the handshake failed"
            return FetchError(f"no TLS connection to {host}: {said} (legacy_tls may help with old servers)", kind="tls")
    # What aiohttp says comes before what it was translated into, which is coarser.
    for link in sorted(chain, key=lambda one: not isinstance(one, aiohttp.ClientError)):
        if (found := _plain(link, host)) is not None:
            return found
    return FetchError(f"the exchange with {host} failed ({type(error).__name__})", kind="protocol")


def _plain(error: BaseException, host: str) -> FetchError | None:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return FetchError(f"{host} did not accept a connection in time", kind="timeout", transient=True)
        case aiohttp.ServerTimeoutError() | httpx.ReadTimeout() | TimeoutError():
            return FetchError(f"{host} did not answer in time", kind="timeout", transient=True)
        case aiohttp.ClientProxyConnectionError() | httpx.ProxyError():
            return FetchError(f"the proxy for {host} cannot be reached", kind="connect", transient=True)
        case aiohttp.ClientHttpProxyError():
            return FetchError(f"the proxy refused to reach {host} (HTTP {error.status})", kind="connect")
        case aiohttp.ClientConnectorDNSError():
            return FetchError(f"the name {host} cannot be resolved", kind="dns", transient=True)
        case aiohttp.ClientPayloadError():
            return FetchError(f"{host} broke off in the middle of its answer", kind="protocol", transient=True)
        case aiohttp.ServerDisconnectedError():
            return FetchError(f"{host} closed the connection without an answer", kind="connect", transient=True)
        case httpx.ConnectTimeout():
            return FetchError(f"{host} did not accept a connection in time", kind="timeout", transient=True)
        case aiohttp.ClientOSError() | httpx.ConnectError():
            return FetchError(f"no connection to {host}{_because(error)}", kind="connect", transient=True)
        case aiohttp.ClientResponseError() | aiohttp.http_exceptions.HttpProcessingError():
            return FetchError(f"{host} does not speak proper HTTP", kind="protocol")
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return FetchError(f"{host} broke off in the middle of its answer", kind="protocol", transient=True)
        case httpx.TimeoutException():
            return FetchError(f"{host} did not answer in time", kind="timeout", transient=True)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return FetchError(f"an address at {host} cannot be asked", kind="protocol")
        case ConnectionError():
            return FetchError(f"the connection to {host} broke{_because(error)}", kind="connect", transient=True)
        case _:
            return None


def _because(error: BaseException) -> str:
    said = getattr(error, "strerror", None)
    return f": {said[:120]}" if isinstance(said, str) and said else ""
