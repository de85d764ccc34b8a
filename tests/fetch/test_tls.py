"""TLS: verification is always on; ``legacy_tls`` lets old servers pass, never unknown ones."""

# ruff: noqa: SIM117

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.fetch.portal import answer, network
from watcher.errors import FetchError
from watcher.fetch.gate import Gate
from watcher.fetch.transport import tls


@pytest.fixture(autouse=True)
def _fresh_contexts() -> Iterator[None]:
    """Contexts are made once a process; these tests change what they trust."""
    tls.cache_clear()
    yield
    tls.cache_clear()


def certificate(folder: Path, bits: int, name: str = "portal.test") -> Path:
    """A self-signed certificate and its key in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}-{bits}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return file


@asynccontextmanager
async def secure(file: Path) -> AsyncIterator[str]:
    """A server that answers every request over TLS; yields its address by name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.load_cert_chain(file)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer("secure", 200, "Connection: close"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://portal.test:{server.sockets[0].getsockname()[1]}/"


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.mark.parametrize("legacy", [False, True])
async def test_an_unknown_certificate_is_refused_even_with_legacy_tls(tmp_path: Path, legacy: bool) -> None:
    async with secure(certificate(tmp_path, 2048)) as url:
        async with Gate(network(allow_private=True, legacy_tls=legacy, retries=2), lookup=here) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.fetch(url)
    assert (caught.value.kind, caught.value.transient) == ("tls", False)
    assert "证书不可信（自签名）" in str(caught.value)


async def test_the_operators_own_authorities_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, 2048)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with secure(file) as url, Gate(network(allow_private=True), lookup=here) as gate:
        assert (await gate.fetch(url)).body == b"secure"


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, 2048, "other.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with secure(file) as url, Gate(network(allow_private=True), lookup=here) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(url)
    assert caught.value.kind == "tls"
    assert "与域名不符" in str(caught.value)


async def test_an_old_servers_short_key_needs_legacy_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, 1024)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with secure(file) as url, Gate(network(allow_private=True), lookup=here) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(url)
        assert caught.value.kind == "tls"
        assert (await gate.fetch(url, network(allow_private=True, legacy_tls=True))).body == b"secure"


async def test_a_server_that_speaks_no_tls_is_a_tls_error() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server, Gate(network(allow_private=True), lookup=here) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(f"https://portal.test:{server.sockets[0].getsockname()[1]}/")
    assert caught.value.kind == "tls"


def test_both_contexts_verify_chain_and_name() -> None:
    for legacy in (False, True):
        context = tls(legacy)
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert bool(context.options & 0x4) is legacy
