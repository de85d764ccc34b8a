"""Which addresses may be connected to: public ones, and the exceptions that a setting names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from watcher.errors import ConfigError, Refused
from watcher.fetch.address import IP, authority_of
from watcher.words import both

IPNetwork = IPv4Network | IPv6Network

_KINDS: dict[str, str] = {
    en: both(zh, en)
    for en, zh in (
        ("an unspecified address", "未指定地址"),
        ("a private address", "内网地址"),
        ("a carrier-grade NAT address", "运营商级 NAT 地址"),
        ("a loopback address", "本机回环地址"),
        ("a link-local address", "链路本地地址"),
        ("a reserved address", "保留地址"),
        ("a documentation address", "文档专用地址"),
        ("a 6to4 relay address", "6to4 中继地址"),
        ("a benchmarking address", "测试专用地址"),
        ("a multicast address", "组播地址"),
        ("an IPv4-mapped address", "IPv4 映射地址"),
        ("an IPv4-compatible address", "IPv4 兼容地址"),
        ("a NAT64 address", "NAT64 地址"),
        ("a Teredo address", "Teredo 地址"),
        ("a 6to4 address", "6to4 地址"),
        ("a site-local address", "站点本地地址"),
        ("an ISATAP address", "ISATAP 地址"),
    )
}

# IANA special-purpose address registries (RFC 6890 and its updates) plus what is not unicast.
_SPECIAL4: tuple[tuple[IPNetwork, str], ...] = tuple(
    (ip_network(text), _KINDS[why])
    for text, why in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a carrier-grade NAT address"),
        ("127.0.0.0/8", "a loopback address"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a 6to4 relay address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_SPECIAL6: tuple[tuple[IPNetwork, str], ...] = tuple(
    (ip_network(text), _KINDS[why])
    for text, why in (
        ("::1/128", "a loopback address"),
        ("::/128", "an unspecified address"),
        ("::ffff:0:0/96", "an IPv4-mapped address"),
        ("::/96", "an IPv4-compatible address"),
        ("64:ff9b::/96", "a NAT64 address"),
        ("64:ff9b:1::/48", "a NAT64 address"),
        ("2001::/32", "a Teredo address"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "a documentation address"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "a documentation address"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a site-local address"),
        ("ff00::/8", "a multicast address"),
    )
)
_GLOBAL6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = {0x00005EFE, 0x02005EFE}


def special(ip: IP, *, named: bool = False) -> str | None:
    """Why an address is not an ordinary public one, in words of both languages; None where it is.

    Forms that carry an IPv4 address inside (mapped, compatible, 6to4, Teredo, ISATAP, NAT64) are special whatever they
    carry. One exception: with ``named`` (the address is a resolver's answer) the well-known NAT64 prefix is judged by
    the address inside, because that is how IPv6-only networks reach IPv4 hosts (RFC 6052).
    """
    if isinstance(ip, IPv4Address):
        return _first(_SPECIAL4, ip)
    if ip.scope_id is not None:
        return both("带区域标识的地址", "an address with a zone id")
    if named and ip in _NAT64:
        return _first(_SPECIAL4, IPv4Address(int(ip) & 0xFFFFFFFF))
    why = _first(_SPECIAL6, ip)
    if why is None and ip not in _GLOBAL6:
        why = _KINDS["a reserved address"]
    if why is None and (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        why = _KINDS["an ISATAP address"]
    return why


def _first(table: tuple[tuple[IPNetwork, str], ...], ip: IP) -> str | None:
    return next((why for network, why in table if ip in network), None)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which addresses that are not public may be asked all the same (``allow_private``)."""

    everything: bool = False
    hosts: frozenset[str] = frozenset()
    endpoints: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[IPNetwork, ...] = ()

    def refuses(self, ip: IP, host: str, port: int, *, named: bool = False) -> str | None:
        """Why ``ip`` must not be connected to for ``host:port``; None where it may.

        An exception that is a name covers whatever that name means; one that is an address or CIDR covers the address
        however it was reached.
        """
        if self.everything:
            return None
        why = special(ip, named=named)
        if why is None:
            return None
        text = str(ip)
        if host in self.hosts or (host, port) in self.endpoints or (text, port) in self.endpoints:
            return None
        return None if any(ip in network for network in self.networks) else why


@lru_cache(maxsize=256)
def policy(allow_private: bool | tuple[str, ...]) -> Policy:
    """The policy that a setting means. Raises ``ConfigError`` for an exception that is neither host, host:port nor CIDR."""
    if isinstance(allow_private, bool):
        return Policy(everything=allow_private)
    hosts: set[str] = set()
    endpoints: set[tuple[str, int]] = set()
    networks: list[IPNetwork] = []
    for entry in allow_private:
        text = entry.strip()
        try:
            networks.append(ip_network(text, strict=False))
            continue
        except ValueError:
            pass
        try:
            host, port, _ = authority_of(text, text)
        except Refused as error:
            raise ConfigError(
                f"allow_private: {entry!r} is neither a host, host:port nor a network such as 10.0.0.0/8"
            ) from error
        if port is not None:
            endpoints.add((host, port))
        else:
            hosts.add(host)
    return Policy(False, frozenset(hosts), frozenset(endpoints), tuple(networks))
