"""Who may look: secrets, sessions, form tokens, and how often somebody may guess. No I/O but reading the clock it is given."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets as random_secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import Any

from watcher.errors import ConfigError
from watcher.settings import Web
from watcher.words import both

COOKIE = "watcher_session"
SESSION = 14 * 86400
"""Seconds that a login lasts."""
GUESSES = 8
"""Wrong secrets that one address may send within ``WINDOW`` seconds."""
WINDOW = 300.0
_REMEMBERED = 4096


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets themselves, for comparing; ``repr`` hides them."""

    token: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def demanded(self) -> bool:
        """Whether anybody must show anything."""
        return self.token is not None or self.password is not None

    def fits(self, user: str, secret: str) -> bool:
        """Whether a secret (with its user name where there is one) opens the door; takes the same time whatever is wrong."""
        good = False
        if self.token is not None:
            good |= same(secret, self.token)
        if self.password is not None and self.user is not None:
            good |= same(user, self.user) & same(secret, self.password)
        return good


def keys_of(web: Web) -> Keys:
    """The secrets that settings name. Raises ``ConfigError`` where the page would be open to others without one."""
    if (web.user is None) != (web.password is None):
        raise ConfigError(
            both(
                "settings: web: user 与 password 要一起写；或改用 token",
                "settings: web: user and password belong together; set both, or use token instead",
            )
        )
    keys = Keys(web.token.reveal() if web.token else None, web.user, web.password.reveal() if web.password else None)
    if not keys.demanded and not is_loopback(web.host):
        raise ConfigError(
            both(
                f"settings: web: host {web.host} 别的机器也能访问，网页必须有密钥：请写 token（env:NAME 或 file:PATH），"
                "或 user 与 password；也可只监听 127.0.0.1",
                f"settings: web: host {web.host} can be reached from other machines, so the page demands a secret: "
                "set token (env:NAME or file:PATH), or user and password; or listen on 127.0.0.1",
            )
        )
    return keys


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not depend on where they differ."""
    # Digests have one length, so the comparison tells nothing of the secret's own.
    return hmac.compare_digest(hashlib.sha256(one.encode()).digest(), hashlib.sha256(other.encode()).digest())


def sign(key: bytes, what: str) -> str:
    """A signature of this process over a text."""
    return hmac.new(key, what.encode(), hashlib.sha256).hexdigest()


def new_session(key: bytes, now: float) -> str:
    """The value of a session's cookie: when it ends, a random word, a signature over both."""
    body = f"{int(now + SESSION)}.{random_secrets.token_hex(8)}"
    return f"{body}.{sign(key, 'session ' + body)}"


def session_holds(key: bytes, value: str, now: float) -> bool:
    """Whether a session's cookie is one of ours and has not ended."""
    body, _, signature = value.rpartition(".")
    ends = body.partition(".")[0]
    if not (ends.isascii() and ends.isdigit() and len(ends) < 16 and signature.isascii()):
        return False
    return hmac.compare_digest(signature, sign(key, "session " + body)) and int(ends) > now


def form_token(key: bytes, session: str) -> str:
    """What a form must carry, bound to the session; ``""`` where nobody logs in."""
    return sign(key, "form " + session)


def credentials(header: str) -> tuple[str, str] | None:
    """User and secret of an ``Authorization`` header (Basic, or Bearer without user); ``None`` when it is neither."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return "", rest.strip()
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, secret = base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, secret) if colon else None


def neighbourhood(address: str) -> str:
    """What one guesser can easily have many addresses of: an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


class Guesses:
    """Counts wrong secrets by neighbourhood, so that guessing is slow; bounded in memory."""

    def __init__(self, clock: Callable[[], float], most: int = GUESSES, window: float = WINDOW) -> None:
        self._clock = clock
        self._most = most
        self._window = window
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str) -> int:
        """Counts a try before it is weighed, so that tries at the same moment count too; seconds to wait where none is left."""
        place = neighbourhood(address)
        with self._lock:
            now = self._clock()
            times = self._wrong.setdefault(place, deque(maxlen=self._most))
            while times and times[0] <= now - self._window:
                times.popleft()
            if len(times) == self._most:
                return int(times[0] + self._window - now) + 1
            times.append(now)
            self._wrong.move_to_end(place)
            while len(self._wrong) > _REMEMBERED:
                self._wrong.popitem(last=False)
            return 0

    def forgive(self, address: str) -> None:
        """The try that was taken last was right."""
        with self._lock:
            if times := self._wrong.get(neighbourhood(address)):
                times.pop()


def cookie(headers: Mapping[str, str], name: str) -> str:
    """A cookie's value, ``""`` when it is not there."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", "")[:4096])
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def client(scope: Mapping[str, Any]) -> str:
    """The address at the other end of the connection; headers that claim another are not believed."""
    peer = scope.get("client")
    return str(peer[0]) if peer else ""
