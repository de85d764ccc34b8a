"""Bytes to text as browsers do it: byte order mark, HTTP label, label in the page, then detection.

A label is believed only while the bytes obey it: portals send ``charset=utf-8`` over GBK pages and the other way round.
GB2312 and GBK are read as GB18030, their superset (WHATWG Encoding Standard, section 4.2). Nothing here raises.
"""

from __future__ import annotations

import codecs
import re

from watcher.types import Decoded

_HEAD = 4096
"""How far a label in the page is looked for, in bytes (browsers look at 1024; portals put scripts before it)."""
_SAMPLE = 65536
"""How many bytes the costly detector may see."""
_CHARSET = re.compile(rb"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,512}>", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE)
_ASCII = bytes(range(128))
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GB = {
    "gb2312", "gbk", "gb18030", "gb_2312", "gb_2312-80", "gb231280", "gb2312-80", "x-gbk", "chinese", "csgb2312",
    "csiso58gb231280", "iso-ir-58", "cp936", "ms936", "936", "euc-cn", "euccn", "windows-936",
}  # fmt: skip
_BIG5 = {"big5", "big-5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5", "cp950", "950", "ms950"}
_HZ = {"hz", "hz-gb-2312", "hz-gb2312"}
_UTF8 = {"utf-8", "utf8", "unicode-1-1-utf-8", "utf-8-sig", "utf8mb4", "uft-8", "utf_8"}
_WESTERN = {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii", "ansi", "windows-1252", "cp1252"}  # fmt: skip
# The commonest characters of running Chinese, simplified and traditional: right guesses are full of them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "市县省府办卫健康疗院药规划方案通知印发征求意见稿指标服务教育医"
    "這為個國時來們會發動過說產種後學經進著電裡現實當點從業應開還與關內條題統計東導壓領規證採轉單縣衛療藥劃"
)


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Text of ``body``; ``content_type`` is the HTTP header or ``None``. Never raises.

    Order: byte order mark, strict UTF-8 (a wrong label cannot make valid UTF-8 anything else), the labels of the header,
    of ``<?xml encoding>`` and of ``<meta charset>``, detection. ``suspect`` says that U+FFFD stands in the text.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], encoding)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, content_type)
    # Single bytes are found ten times faster in bytes than anything in text.
    if b"\0" in body or len(body) - len(text) < 16 or (b"~" in body and "~{" in text):
        return _doubtful_utf8(body, text, content_type)
    return Decoded(text, "utf-8", "\ufffd" in text)


def _doubtful_utf8(body: bytes, text: str, content_type: str | None) -> Decoded:
    """Valid UTF-8 that may be something else: ASCII with shifts (HZ), UTF-16, or a handful of GBK characters."""
    if "\0" in text and (wide := _utf16(body)):
        return wide
    labels = _labels(body, content_type)
    if "hz" in labels and "~{" in text:
        return _lenient(body, "hz")
    if not text.isascii():
        for label in labels:
            if label == "utf-8":
                break
            if (
                label in ("gb18030", "big5hkscs")
                and (other := _strict(body, label))
                and _commonness(other) > _commonness(text)
            ):
                return Decoded(other, label)
    return Decoded(text, "utf-8", "\ufffd" in text)


def _not_utf8(body: bytes, content_type: str | None) -> Decoded:
    if wide := _utf16(body):
        return wide
    labels = _labels(body, content_type)
    if labels and (text := _strict(body, labels[0])) is not None and _commoner(text, 0.15):
        return Decoded(text, labels[0], "\ufffd" in text)
    # GBK without a label, or under a wrong one, is by far the commonest case; right text is full of common characters.
    if "big5hkscs" not in labels and (text := _strict(body, "gb18030")) is not None and _commoner(text, 0.3):
        return Decoded(text, "gb18030", "\ufffd" in text)
    wanted = [label for label in labels if label != "cp1252"]
    candidates = [_lenient(body, encoding) for encoding in dict.fromkeys((*wanted, "utf-8", "gb18030", "big5hkscs"))]
    best = max(candidates, key=lambda candidate: _likelihood(candidate, wanted))
    if _likelihood(best, []) >= 0.05:
        return best
    if "cp1252" in labels:
        return _lenient(body, "cp1252")
    if wanted:
        return _lenient(body, wanted[0])
    return _detect(body) or best


def _likelihood(candidate: Decoded, labels: list[str]) -> float:
    """How Chinese a reading looks, less its damage; a label counts a little, so that it wins a draw."""
    damage = candidate.text.count("\ufffd") / (1 + len(candidate.text))
    return _commonness(candidate.text) - 3 * damage + 0.02 * (candidate.encoding in labels)


def _detect(body: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes  # slow to import, and hardly ever needed

    match = from_bytes(body[:_SAMPLE], steps=5, chunk_size=512).best()
    return _lenient(body, match.encoding) if match is not None else None


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """Codec names that the header and the page name, in the order of trust; unknown ones are left out."""
    found: list[str | None] = []
    if content_type and (match := _HEADER.search(content_type[:512])):
        found.append(_codec(match[1]))
    head = body[:_HEAD]
    if xml := _XML.match(head):
        found.append(_codec(xml[1].decode("ascii")))
    if b"charset" in head.lower():
        for meta in _META.findall(_COMMENT.sub(b"", head)):
            if label := _CHARSET.search(meta):
                # A label that can be read as ASCII is not UTF-16, whatever it says (HTML standard, "prescan").
                name = _codec(label[1].decode("ascii"))
                found.append("utf-8" if name and name.startswith(("utf-16", "utf-32")) else name)
                break
    return list(dict.fromkeys(name for name in found if name))


def _codec(label: str) -> str | None:
    name = label.strip().lower()
    for names, codec in ((_UTF8, "utf-8"), (_GB, "gb18030"), (_BIG5, "big5hkscs"), (_HZ, "hz"), (_WESTERN, "cp1252")):
        if name in names:
            return codec
    try:
        info = codecs.lookup(name)
        return info.name if info._is_text_encoding and "escape" not in info.name else None
    except (LookupError, ValueError):
        return None


def _strict(body: bytes, encoding: str) -> str | None:
    if encoding == "gb18030":
        # What the GBK codec decodes, GB18030 decodes to the same characters, at half the speed where text is dense.
        try:
            return body.decode("gbk")
        except UnicodeDecodeError:
            pass
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _lenient(body: bytes, encoding: str) -> Decoded:
    try:
        text = body.decode(encoding, "replace")
    except (UnicodeError, LookupError, ValueError):
        encoding, text = "utf-8", body.decode("utf-8", "replace")
    return Decoded(text, encoding, "\ufffd" in text)


def _utf16(body: bytes) -> Decoded | None:
    """UTF-16 without a mark: the zero bytes of its ASCII characters all stand on one side."""
    head = body[:_HEAD]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 25 < len(head) or min(even, odd) * 8 > max(even, odd):
        return None
    return _lenient(body, "utf-16-le" if odd > even else "utf-16-be")


_JUDGED, _GLANCE = 4000, 600
"""Non-ASCII characters that are looked at, and those of a first look."""
_STEP = 8192
"""Characters that are taken at a time; divides ``_SAMPLE``."""


def _commonness(text: str) -> float:
    """Share of common Chinese characters among the non-ASCII ones of the first part of ``text``."""
    return _share(_non_ascii(text, _JUDGED))


def _commoner(text: str, share: float) -> bool:
    """Whether ``_commonness`` is above ``share``; a glance is enough where it is far above."""
    return _share(_non_ascii(text, _GLANCE)) > 1.5 * share or _share(_non_ascii(text, _JUDGED)) > share


def _non_ascii(text: str, enough: int) -> str:
    """The first ones, taken out of UTF-8, whose bytes say which character they belong to: much faster than an expression over text."""
    found = ""
    for at in range(0, min(len(text), _SAMPLE), _STEP):
        part = text[at : at + _STEP]
        if not part.isascii():
            found += part.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if len(found) >= enough:
            break
    return found[:enough]


def _share(characters: str) -> float:
    return sum(map(_COMMON.__contains__, characters)) / len(characters) if characters else 0.0
