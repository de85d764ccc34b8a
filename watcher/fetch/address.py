"""Addresses of the web: pure, no name resolution and no I/O. Which of them may be asked says ``policy``.

A URL is read once, strictly, into a ``Target``, and only what was read is ever sent: no second parser gets to see the
original spelling. Whatever browsers and libraries are known to read differently (user information, backslashes, control
characters, zone ids, encoded hosts) is refused. Hosts that are numbers in any spelling become the address they mean
before they are judged (WHATWG URL, section 3.5 "host parsing").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from watcher.errors import Refused
from watcher.words import both, told

IP = IPv4Address | IPv6Address

MAX_URL = 8192
_PORTS = {"http": 80, "https": 443}
_OTHER_PROTOCOLS = frozenset(
    (1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123,
     135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995,
     1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)  # fmt: skip
"""Ports that browsers never ask by HTTP, because servers of mail, chat and the like listen there (WHATWG Fetch, "port blocking")."""
_URL = re.compile(r"(?is)(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?\Z")
_SCHEME = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*):")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")
_CLEAN_PATH = re.compile(r"[!$&-;=@-Z_a-z~\[\]|]*\Z")
_SAFE = "%/:@!$&'()*+,;=~-._[]|?"


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read and spelt anew; ``str(target)`` is what goes over the wire."""

    scheme: str
    """``http`` or ``https``."""
    host: str
    """Lower-case ASCII name without a trailing dot, or a canonical IP address without brackets."""
    port: int
    path: str
    """Path and query, percent-encoded, begins with ``/``."""
    literal: IP | None = None
    """The address, where the host is one in any spelling."""

    @property
    def authority(self) -> str:
        """``host`` or ``host:port`` where the port is not the scheme's own; IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """``scheme://authority``."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.path


def parse(url: str) -> Target:
    """Reads an ``http`` or ``https`` URL. Raises ``Refused`` for every other scheme and for all that is ambiguous."""
    if len(url) > MAX_URL:
        raise _refused(url[:80] + "…", "超过 8192 个字符", "it is longer than 8192 characters")
    if _FORBIDDEN.search(url):
        raise _refused(url, "含有反斜杠或控制字符", "it contains a backslash or a control character")
    match = _URL.match(url)
    if match is None:
        scheme = _SCHEME.match(url)
        if scheme and scheme[1].lower() not in _PORTS:
            name = scheme[1].lower()
            raise _refused(
                url, f"只抓取 http 与 https，不支持 {name}:", f"only http and https are fetched, not {name}:"
            )
        raise _refused(url, "不是完整的 http 或 https 网址", "it is not an absolute http or https address")
    scheme_name = match[1].lower()
    host, port, literal = authority_of(match[2], url)
    path = match[3] or "/"
    if "/." in path:
        path = _without_dots(path)
    return Target(scheme_name, host, port or _PORTS[scheme_name], _quoted(path) + _quoted(match[4] or ""), literal)


def join(base: Target, location: str) -> Target:
    """The target of a redirect: ``location`` as the server wrote it, absolute or relative to ``base``. Raises ``Refused``."""
    location = location.strip(" \t")
    if _FORBIDDEN.search(location):
        raise _refused(location, "含有反斜杠或控制字符", "it contains a backslash or a control character")
    return parse(urljoin(str(base), location))


def _refused(url: str, zh: str, en: str) -> Refused:
    shown = url if len(url) <= 200 else url[:200] + "…"
    if "@" in shown:
        shown = re.sub(r"//[^/?#]*@", "//…@", shown)
    return Refused(both(f"网址 {shown!r} 不能访问：{zh}", f"the address {shown!r} is refused: {en}"), url=shown)


def forbidden(host: str, why: str) -> Refused:
    """The error for a host whose address is not an ordinary one; ``why`` as ``special`` says it."""
    return Refused(
        both(
            f"{host} 不能访问：它是{told(why, 'zh')}，allow_private 没有列出它",
            f"{host} is refused: it is {told(why, 'en')}, and allow_private does not name it",
        )
    )


def authority_of(authority: str, url: str) -> tuple[str, int | None, IP | None]:
    """Host, port where one is named, and the address where the host is one. ``url`` is for the error. Raises ``Refused``."""
    if "@" in authority:
        raise _refused(
            url,
            "其中带有用户名；凭据请写在监测源的 headers 里",
            "it carries a user name; put credentials into the source's headers",
        )
    if any(char.isspace() for char in authority):
        raise _refused(url, "主机名中有空白", "its host contains white space")
    name, port = authority, ""
    if authority.startswith("["):
        name, bracket, rest = authority.partition("]")
        name += bracket
        if not bracket or (rest and not rest.startswith(":")):
            raise _refused(url, "主机不是有效的 IPv6 地址", "its host is not a valid IPv6 address")
        port = rest[1:]
    elif ":" in authority:
        name, _, port = authority.partition(":")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise _refused(url, "端口不是 1 到 65535 的数", "its port is not a number from 1 to 65535")
    if port and int(port) in _OTHER_PROTOCOLS:
        raise _refused(
            url, f"端口 {int(port)} 属于 HTTP 以外的协议", f"port {int(port)} belongs to another protocol than HTTP"
        )
    try:
        host, literal = host_of(name)
    except ValueError as error:
        why = str(error)
        raise _refused(url, told(why, "zh"), told(why, "en")) from None
    return host, int(port) if port else None, literal


@lru_cache(maxsize=4096)
def host_of(name: str) -> tuple[str, IP | None]:
    """A host in its one canonical spelling, and the address where it is one. Raises ``ValueError`` in plain words of both languages (``words.both``).

    Decimal, octal, hexadecimal and shortened IPv4 forms (``2130706433``, ``0177.1``, ``0x7f.1``), full-width digits and
    dots are read as what they mean; a zone id, a percent sign and a number that is no address are errors.
    """
    if "%" in name:
        raise ValueError(
            both(
                "主机名中有百分号（区域标识或编码过的名字）",
                "its host contains a percent sign (a zone id or an encoded name)",
            )
        )
    if name.startswith("["):
        try:
            address = IPv6Address(name[1:-1])
        except ValueError:
            raise ValueError(both("主机不是有效的 IPv6 地址", "its host is not a valid IPv6 address")) from None
        return str(address), address
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            folded = idna_fold(name)
            if folded is None:
                raise ValueError(both("主机名无效", "its host is not a valid name")) from None
            name = folded
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if _NUMBER.match(labels[-1]):
        number = _ipv4(labels)
        return str(number), number
    if len(name) > 253 or not all(map(_LABEL.match, labels)):
        raise ValueError(both("主机名无效", "its host is not a valid name"))
    return name, None


def idna_fold(name: str) -> str | None:
    """The ASCII form of a name that only IDNA's mapping step can read (full-width digits as a whole host), else None."""
    try:
        folded = idna.uts46_remap(name, std3_rules=False, transitional=False)
    except (idna.IDNAError, UnicodeError):
        return None
    folded = folded.replace("。", ".").replace("．", ".")
    return folded if folded.isascii() and not re.search(r"[^A-Za-z0-9._-]", folded) else None


def _ipv4(labels: list[str]) -> IPv4Address:
    """The WHATWG IPv4 parser: one to four parts, each decimal, octal (leading 0) or hexadecimal (0x)."""
    wrong = ValueError(both("主机名以数字结尾却不是 IPv4 地址", "its host ends in a number but is not an IPv4 address"))
    if len(labels) > 4:
        raise wrong
    parts: list[int] = []
    for label in labels:
        if not label or len(label) > 40 or not _NUMBER.match(label):
            raise wrong
        try:
            if label.startswith("0x"):
                parts.append(int(label[2:] or "0", 16))
            elif len(label) > 1 and label.startswith("0"):
                parts.append(int(label, 8))
            else:
                parts.append(int(label))
        except ValueError:
            raise wrong from None
    last = parts.pop()
    if any(part > 255 for part in parts) or last >= 256 ** (4 - len(parts)):
        raise wrong
    return IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(parts)) + last)


def _quoted(text: str) -> str:
    return text if _CLEAN_PATH.match(text[1:]) else quote(text, safe=_SAFE)


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for place, part in enumerate(parts):
        final = place == len(parts) - 1
        if part == "..":
            if kept:
                kept.pop()
            if final:
                kept.append("")
        elif part == ".":
            if final:
                kept.append("")
        else:
            kept.append(part)
    return "/" + "/".join(kept)
