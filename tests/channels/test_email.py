"""Mail over real SMTP on loopback: TLS demanded, refusals understood, one thread a document, nothing injected."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.channels.conftest import MakeChannel
from tests.channels.samples import PAGE, samples
from watcher.alert.message import compose
from watcher.channels import email
from watcher.errors import ConfigError
from watcher.fetch.gate import Gate
from watcher.settings import Network
from watcher.types import Delivered, Undelivered
from watcher.words import told

USER, PASSWORD = "robot@example.org", "mail p@ss"
EVENTS = samples()


class Mailbox:
    """What the server took, and what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.logins: list[tuple[str, str]] = []
        self.refuse: dict[str, str] = {}
        self.reached: list[list[str]] = []
        """To whom each mail went."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuses recipients that it was told to."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes the mail."""
        if "data" in self.refuse:
            return self.refuse["data"]
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self.taken.append(message_from_bytes(raw, policy=policy.default))
        self.reached.append(list(envelope.rcpt_tos))
        return "250 OK queued as 4711"

    def login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Knows one password."""
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and key for ``localhost`` and 127.0.0.1 in one file, its own authority."""
    return _certified(tmp_path_factory.mktemp("tls") / "localhost.pem", "localhost", dt.timedelta(days=1))


def _certified(file: Path, host: str, left: dt.timedelta) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + left)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextlib.asynccontextmanager
async def mail_server(box: Mailbox, certificate: Path | None = None, *, implicit: bool = False) -> AsyncIterator[int]:
    """A mail server on loopback; with a certificate it offers STARTTLS (or speaks TLS at once) and demands a login."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    transports: list[asyncio.BaseTransport] = []

    class Tracked(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(transport)
            super().connection_made(transport)

    def make() -> SMTP:
        return Tracked(
            box,
            hostname="mail.example.org",
            tls_context=None if implicit else context,
            require_starttls=bool(context) and not implicit,
            authenticator=box.login if certificate else None,
            auth_required=bool(certificate) and not implicit,
            auth_require_tls=not implicit,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, ssl=context if implicit else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        for transport in transports:
            transport.close()
        await asyncio.sleep(0.05)


def url(port: int, scheme: str = "smtp", password: str = "mail%20p%40ss") -> str:
    """The address of the server, user and password percent-encoded."""
    return f"{scheme}://robot%40example.org:{password}@localhost:{port}"


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls from the start"])
async def test_mail_arrives_over_tls(gate: Gate, channel: MakeChannel, certificate: Path, implicit: bool) -> None:
    box, event = Mailbox(), EVENTS["document.changed"]
    async with mail_server(box, certificate, implicit=implicit) as port:
        made = channel(
            "email", url(port, "smtps" if implicit else "smtp"), to=["team@example.org"], ca=str(certificate)
        )
        result = await email.send(compose(event, "zh", PAGE), event, "msg_7", made, gate)
    assert result == Delivered("OK queued as 4711")
    assert box.logins == [(USER, PASSWORD)]
    mail = box.taken[0]
    assert mail["Subject"] == "文件有变动：《云州市“十五五”卫生健康发展规划》"
    assert mail["From"] == USER
    assert mail["To"] == "team@example.org"
    assert mail["Message-ID"] == "<msg_7@watcher.invalid>"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert "婴儿死亡率(2030)≤6‰ → ≤5‰ 【收紧】" in text.get_content()


async def test_messages_of_one_document_are_one_thread(gate: Gate, channel: MakeChannel) -> None:
    box = Mailbox()
    async with mail_server(box) as port:
        made = channel("email", f"smtp://localhost:{port}", to="a@example.org", **{"from": "b@example.org"}, tls="none")
        for name in ("document.changed", "document.gone", "consultation.closing"):
            result = await email.send(compose(EVENTS[name]), EVENTS[name], f"msg_{name}", made, gate)
            assert isinstance(result, Delivered)
    first, second, other = box.taken
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert other["References"] != first["References"]
    assert len({mail["Message-ID"] for mail in box.taken}) == 3


async def test_an_unknown_certificate_is_refused(gate: Gate, channel: MakeChannel, certificate: Path) -> None:
    box, event = Mailbox(), EVENTS["test"]
    async with mail_server(box, certificate) as port:
        made = channel("email", url(port), to="a@example.org")
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert not result.permanent
    assert box.logins == []


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls from the start"])
@pytest.mark.parametrize(
    ("host", "left", "said"),
    [("localhost", -1, "证书不可信（已过期）"), ("mail.example.org", 1, "证书不可信（与域名不符）")],
    ids=["expired", "another host's"],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    gate: Gate, channel: MakeChannel, tmp_path: Path, host: str, left: int, said: str, implicit: bool
) -> None:
    box, event = Mailbox(), EVENTS["test"]
    file = _certified(tmp_path / "bad.pem", host, dt.timedelta(days=left))
    async with mail_server(box, file, implicit=implicit) as port:
        made = channel("email", url(port, "smtps" if implicit else "smtp"), to="a@example.org", ca=str(file))
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert said in told(result.reason, "zh")
    assert box.logins == []


async def test_who_is_put_off_gets_the_mail_with_the_next_try_and_nobody_gets_it_twice(
    gate: Gate, channel: MakeChannel
) -> None:
    box, event = Mailbox(), EVENTS["test"]
    box.refuse = {"grey@example.org": "450 greylisted"}
    to = ["a@example.org", "grey@example.org"]
    async with mail_server(box) as port:
        made = channel("email", f"smtp://localhost:{port}", to=to, **{"from": "b@example.org"}, tls="none")
        first = await email.send(compose(event), event, "msg_grey", made, gate)
        assert isinstance(first, Undelivered)
        assert "grey@example.org" in first.reason
        assert not first.permanent
        box.refuse = {}
        assert isinstance(await email.send(compose(event), event, "msg_grey", made, gate), Delivered)
    assert box.reached == [["a@example.org"], ["grey@example.org"]]
    assert len({mail["Message-ID"] for mail in box.taken}) == 1


async def test_a_server_without_starttls_gets_no_password(gate: Gate, channel: MakeChannel) -> None:
    box, event = Mailbox(), EVENTS["test"]
    async with mail_server(box) as port:
        made = channel("email", url(port), to="a@example.org")
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert "STARTTLS" in result.reason
    assert box.logins == []
    assert box.taken == []


async def test_a_wrong_password_stops_the_channel(gate: Gate, channel: MakeChannel, certificate: Path) -> None:
    box, event = Mailbox(), EVENTS["test"]
    async with mail_server(box, certificate) as port:
        made = channel("email", url(port, password="wrong-password"), to="a@example.org", ca=str(certificate))
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert result.permanent
    assert "wrong-password" not in result.reason


@pytest.mark.parametrize(
    ("refuse", "permanent", "rejected"),
    [
        ({"a@example.org": "550 no such user"}, True, False),
        ({"a@example.org": "450 mailbox busy"}, False, False),
        ({"data": "552 message too big"}, False, True),
        ({"data": "451 try later"}, False, False),
    ],
)
async def test_refusals_are_told_apart(
    gate: Gate, channel: MakeChannel, refuse: dict[str, str], permanent: bool, rejected: bool
) -> None:
    box, event = Mailbox(), EVENTS["test"]
    box.refuse = refuse
    async with mail_server(box) as port:
        made = channel("email", f"smtp://localhost:{port}", to="a@example.org", **{"from": "b@example.org"}, tls="none")
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert (result.permanent, result.rejected) == (permanent, rejected)


async def test_one_recipient_refused_is_no_reason_to_send_again(gate: Gate, channel: MakeChannel) -> None:
    box, event = Mailbox(), EVENTS["test"]
    box.refuse = {"gone@example.org": "550 no such user"}
    async with mail_server(box) as port:
        made = channel(
            "email",
            f"smtp://localhost:{port}",
            to=["a@example.org", "gone@example.org"],
            **{"from": "b@example.org"},
            tls="none",
        )
        result = await email.send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Delivered)
    assert "1 个收件人被拒：gone@example.org 550" in result.answer
    assert len(box.taken) == 1


async def test_the_gate_decides_about_the_mail_server(channel: MakeChannel) -> None:
    event = EVENTS["test"]
    made = channel("email", "smtp://127.0.0.1:2525", to="a@example.org", **{"from": "b@example.org"}, tls="none")
    async with Gate(Network()) as strict:
        result = await email.send(compose(event), event, "msg_1", made, strict)
    assert isinstance(result, Undelivered)
    assert result.permanent


async def test_page_text_cannot_add_headers_or_mark_up(gate: Gate, channel: MakeChannel) -> None:
    box, event = Mailbox(), EVENTS["hostile"]
    title = "标题\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"
    message = compose(type(event)(event.type, event.timestamp, {**event.data, "title": title}))
    async with mail_server(box) as port:
        made = channel("email", f"smtp://localhost:{port}", to="a@example.org", **{"from": "b@example.org"}, tls="none")
        assert isinstance(await email.send(message, event, "a\r\nb", made, gate), Delivered)
    mail = box.taken[0]
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == "<ab@watcher.invalid>"
    page = mail.get_body(("html",))
    assert page is not None
    assert "<script" not in page.get_content()
    assert "<b>粗" not in page.get_content()


@pytest.mark.parametrize(
    ("address", "tls"),
    [
        ("http://mail.example.org", None),
        ("smtp://", None),
        ("smtp://mail.example.org:port", None),
        ("smtp://user:secret@mail.example.org", "none"),
        ("smtps://mail.example.org", "none"),
        ("smtp://mail.example.org", "ssl"),
    ],
)
def test_a_bad_server_is_refused_without_its_password(address: str, tls: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        email.server(address, tls)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "value", ["nobody", "a@b@c", "a@example.org\nBcc: x@y", "a@example.org, b@example.org", "@example.org"]
)
def test_a_bad_mailbox_is_refused(value: str) -> None:
    with pytest.raises(ConfigError):
        email.mailboxes(value)


def test_ports_follow_the_way_of_tls() -> None:
    assert email.server("smtps://h.example").port == 465
    assert email.server("smtp://h.example").port == 587
    assert email.server("smtp://h.example", "none").port == 25
    assert email.mailboxes("数据组 <team@example.org>")[0].display_name == "数据组"
