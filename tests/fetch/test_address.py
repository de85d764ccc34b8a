"""How addresses are read: every spelling of a private address is known for what it is, everything ambiguous is refused."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ConfigError, Refused
from watcher.fetch.address import join, parse
from watcher.fetch.policy import policy, special

PRIVATE4 = st.one_of(
    *(
        st.integers(int(IPv4Address(low)), int(IPv4Address(high))).map(IPv4Address)
        for low, high in (
            ("127.0.0.0", "127.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("172.16.0.0", "172.31.255.255"),
            ("169.254.0.0", "169.254.255.255"),
            ("100.64.0.0", "100.127.255.255"),
            ("0.0.0.0", "0.255.255.255"),
            ("224.0.0.0", "255.255.255.255"),
        )
    )
)
WIDE = str.maketrans("0123456789.xabcdefABCDEF", "０１２３４５６７８９．ｘａｂｃｄｅｆＡＢＣＤＥＦ")
CIRCLED_DOT = str.maketrans(".", "。")


@st.composite
def spellings(draw: st.DrawFn) -> tuple[IPv4Address, str]:
    """An IPv4 address that is not public, in any of the spellings that some parser takes for it."""
    ip = draw(PRIVATE4)
    count = draw(st.integers(1, 4))
    octets = list(ip.packed)
    parts = [*octets[: count - 1], int.from_bytes(bytes(octets[count - 1 :]), "big")]
    spelt = []
    for part in parts:
        form = draw(st.sampled_from(["{:d}", "0{:o}", "000{:o}", "0x{:x}", "0X{:X}", "0x00{:x}"]))
        spelt.append(form.format(part))
    host = ".".join(spelt) + draw(st.sampled_from(["", "."]))
    host = draw(st.sampled_from([host, host.translate(WIDE), host.translate(CIRCLED_DOT)]))
    return ip, host


@settings(max_examples=300, deadline=None)
@given(spellings(), st.sampled_from(["http", "HTTPS", "Http"]), st.sampled_from(["", ":80", ":8080", ":"]))
def test_any_spelling_of_a_private_ipv4_address_is_read_as_it_and_refused(
    spelt: tuple[IPv4Address, str], scheme: str, port: str
) -> None:
    ip, host = spelt
    target = parse(f"{scheme}://{host}{port}/x")
    assert target.literal == ip
    assert target.host == str(ip)
    assert policy(False).refuses(ip, target.host, target.port)


@settings(max_examples=200, deadline=None)
@given(
    PRIVATE4,
    st.sampled_from(
        ["::ffff:{}", "::{}", "64:ff9b::{}", "2002:{h}::", "2001:0:{h}::1", "fe80::5efe:{}", "2400:1::5efe:{}"]
    ),
)
def test_any_ipv6_form_that_carries_a_private_ipv4_address_is_refused(ip: IPv4Address, form: str) -> None:
    hexed = f"{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}"
    target = parse(f"http://[{form.format(ip, h=hexed)}]/")
    assert isinstance(target.literal, IPv6Address)
    assert policy(False).refuses(target.literal, target.host, target.port)


@pytest.mark.parametrize(
    "text",
    ["::1", "::", "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "::ffff:8.8.8.8", "2002:808:808::1",
     "2001:0:808:808::1", "2001:db8::1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "5f00::1", "3fff::1",
     "192.0.2.1", "198.18.0.1", "203.0.113.9", "255.255.255.255", "192.88.99.1", "192.0.0.8"],
)  # fmt: skip
def test_special_addresses_are_not_public(text: str) -> None:
    assert special(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "223.5.5.5", "100.63.255.255", "172.32.0.1", "2400:3200::1", "240e::1"])
def test_public_addresses_pass(text: str) -> None:
    assert special(ip_address(text)) is None


def test_nat64_of_a_resolver_is_judged_by_what_it_carries() -> None:
    assert special(ip_address("64:ff9b::808:808"), named=True) is None
    assert special(ip_address("64:ff9b::7f00:1"), named=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://in\\@out/", "http://out\\.in/", "http:\\\\127.0.0.1/", "http://user@127.0.0.1/", "http://a:b@c.cn/",
        "http://a.cn\t/", "http://a.cn\n/", "ht\ntp://a.cn/", "http://a.cn/\r\nX: y", "\x00http://a.cn/", "http://a .cn/",
        "http://a\u3000.cn/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://127.0.0.1%2f.a.cn/", "http://%31.a.cn/",
        "http:///a.cn/", "http:a.cn/", "//a.cn/", "a.cn", "", "http://", "http://?x", "http://a..cn/", "http://.a.cn/",
        "http://[::1/", "http://[::1]x/", "http://[::g]/", "http://[127.0.0.1]/", "http://a.cn:0/", "http://a.cn:65536/",
        "http://a.cn:8x/", "http://a.cn:+80/", "http://a.cn:８０/", "http://a.cn:80:80/", "http://256.1.1.1/", "http://1.2.3.4.5/",
        "http://1..1/", "http://a.1/", "http://1.2.3.08/", "http://4294967296/", "http://a.cn" + "x" * 9000,
        "http://" + "a" * 64 + ".cn/", "http://-a.cn/", "http://a,b.cn/", "http://a<b/", "http://\u202ea.cn/", "http://ex\u00adample..cn/",
    ],
)  # fmt: skip
def test_ambiguous_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        parse(url)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "FILE:///etc/passwd", "file:/etc/passwd", "file:etc/passwd", "file://localhost/etc", "fIlE:\\\\c:\\x",
     " file:///etc/passwd", "ftp://a.cn/", "gopher://a.cn/", "data:text/html,x", "javascript:alert(1)", "jar:http://a.cn!/",
     "view-source:http://a.cn", "ws://a.cn", "dict://a.cn", "blob:http://a.cn", "httpx://a.cn"],
)  # fmt: skip
def test_other_schemes_are_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(Refused):
        parse(url)


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(Refused) as caught:
        parse("http://admin:hunter2@portal.test/x")
    assert "hunter2" not in str(caught.value) + caught.value.url


@pytest.mark.parametrize(
    ("url", "spelt"),
    [
        ("HTTP://WWW.Gov.CN", "http://www.gov.cn/"),
        ("http://www.gov.cn.:80/a#b", "http://www.gov.cn/a"),
        ("https://www.gov.cn:443/?a=b#c", "https://www.gov.cn/?a=b"),
        ("https://www.gov.cn?a=b", "https://www.gov.cn/?a=b"),
        ("http://a.cn/附件 1.pdf", "http://a.cn/%E9%99%84%E4%BB%B6%201.pdf"),
        ("http://a.cn/a%2Fb%E9%99?x=%2B&y=中", "http://a.cn/a%2Fb%E9%99?x=%2B&y=%E4%B8%AD"),
        ("http://a.cn/a/../b/./c/..", "http://a.cn/b/"),
        ("http://中国政府网.政务/", "http://xn--fiqs8sirgfmhq98a.xn--zfr164b/"),
        ("http://a_b.gov.cn/", "http://a_b.gov.cn/"),
        ("http://[2400:3200:0:0::1]:8080/", "http://[2400:3200::1]:8080/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://ｗｗｗ.ｇｏｖ.ｃｎ/", "http://www.gov.cn/"),
    ],
)
def test_addresses_are_spelt_anew(url: str, spelt: str) -> None:
    assert str(parse(url)) == spelt
    assert parse(str(parse(url))) == parse(url)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from(["", "http://", "http://127.0.0.1", "https://a.cn/", "http://[", "http://0x"])
)
def test_any_text_is_read_or_refused_and_reading_is_stable(text: str, prefix: str) -> None:
    try:
        target = parse(prefix + text)
    except Refused:
        return
    assert parse(str(target)) == target
    assert str(target).isascii()
    assert not set(str(target)) & set(" \t\r\n\\\x00")


@pytest.mark.parametrize(
    ("location", "result"),
    [
        ("/b", "http://a.cn/b"), ("c.html?d", "http://a.cn/x/c.html?d"), ("//b.cn/y", "http://b.cn/y"),
        ("https://b.cn", "https://b.cn/"), ("?p=2", "http://a.cn/x/y?p=2"), (" /b ", "http://a.cn/b"), ("../z", "http://a.cn/z"),
    ],
)  # fmt: skip
def test_redirects_are_joined_to_the_page(location: str, result: str) -> None:
    assert str(join(parse("http://a.cn/x/y"), location)) == result


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "//in\\@out/", "http://u@b.cn/", "\thttp://b\n.cn", "javascript:x", "http://b.cn\r\n"],
)
def test_redirects_are_read_as_strictly(location: str) -> None:
    with pytest.raises(Refused):
        join(parse("http://a.cn/x/y"), location)


def test_exceptions_name_hosts_endpoints_and_networks() -> None:
    rules = policy(("intranet.test", "hook.test:8443", "10.1.0.0/16", "127.0.0.1:9000", "[::1]:9000", "192.168.7.7"))
    private, other, loop = ip_address("10.9.9.9"), ip_address("10.1.2.3"), ip_address("127.0.0.1")
    assert rules.refuses(private, "intranet.test", 80) is None
    assert rules.refuses(private, "INTRANET.test".lower(), 8080) is None
    assert rules.refuses(private, "hook.test", 8443) is None
    assert rules.refuses(private, "hook.test", 80)
    assert rules.refuses(private, "sub.intranet.test", 80)
    assert rules.refuses(other, "whatever.test", 80) is None
    assert rules.refuses(private, "whatever.test", 80)
    assert rules.refuses(loop, "127.0.0.1", 9000) is None
    assert rules.refuses(loop, "127.0.0.1", 9001)
    assert rules.refuses(ip_address("127.0.0.2"), "127.0.0.2", 9000)
    assert rules.refuses(ip_address("::1"), "::1", 9000) is None
    assert rules.refuses(ip_address("192.168.7.7"), "x.test", 80) is None
    assert rules.refuses(ip_address("8.8.8.8"), "x.test", 80) is None


def test_a_mapped_address_does_not_slip_through_an_ipv4_exception() -> None:
    assert policy(("10.0.0.0/8",)).refuses(ip_address("::ffff:10.0.0.1"), "::ffff:a00:1", 80)


def test_true_allows_everything_and_nonsense_is_refused() -> None:
    assert policy(True).refuses(ip_address("127.0.0.1"), "x", 1) is None
    with pytest.raises(ConfigError, match="allow_private"):
        policy(("10.0.0.0/99/x",))


@pytest.mark.parametrize("port", ["1", "22", "25", "025", "110", "465", "587", "2049", "6000", "6667", "10080"])
@pytest.mark.parametrize("host", ["portal.test", "[2001:db8::1]", "8.8.8.8"])
def test_ports_of_other_protocols_are_refused(host: str, port: str) -> None:
    with pytest.raises(Refused, match="HTTP 以外的协议"):
        parse(f"http://{host}:{port}/")
    with pytest.raises(Refused, match="HTTP 以外的协议"):
        join(parse("https://portal.test/a"), f"//{host}:{port}/b")


@pytest.mark.parametrize("port", [80, 443, 81, 8000, 8080, 8081, 8443, 9090, 6001, 10081])
def test_ports_of_portals_are_asked(port: int) -> None:
    assert parse(f"http://portal.test:{port}/").port == port
