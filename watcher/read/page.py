"""A decoded HTML page, parsed once, with what every portal asks of it: address, metas, text of the source."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from urllib.parse import urljoin, urlsplit

import re2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.markup import parse
from watcher.portals import _family
from watcher.types import Decoded


@dataclass
class Page:
    """One page. ``tree`` may be changed by its reader: what it drops is gone for the next one."""

    html: str
    url: str = ""
    source: bytes = b""
    """``html`` in UTF-8: what is parsed and searched, because bytes are searched several times faster than text."""
    seen: _family.Seen | None = field(default=None, repr=False)
    """What stands in ``source``, where the caller has looked already."""
    tree: LexborHTMLParser = field(init=False, repr=False)
    before: tuple[int, str, str] | None = field(default=None, init=False, repr=False)
    """What ``headinfo`` remembers of the mark-up before an article: the article's node, the mark-up, the same without scripts."""

    def __post_init__(self) -> None:
        self.source = self.source or self.html.encode("utf-8", "ignore")
        self._seen = self.seen or _family.look(self.source)
        self.tree = parse(self.html, self.source, shielded=_family.SHIELDED in self._seen.traits)

    @cached_property
    def metas(self) -> dict[str, str]:
        """Metas by lower-case name; the first value that says something wins (names repeat, values may be ``null``)."""
        found: dict[str, str] = {}
        head = self.tree.head
        nodes = head.css("meta") if head is not None else []
        if len(nodes) != self._printed_metas():  # a broken head lets some of them slip into the body
            nodes = self.tree.css("meta")
        for node in nodes:
            attributes = node.attributes
            content = (attributes.get("content") or "").strip()
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
            if name and content and content.lower() not in ("null", "undefined", "none"):
                found.setdefault(name, content)
        if self.has(_PROPERTIES) and (day := _PROPERTY_DATE.search(self.html)):
            found.setdefault("pubdate", day[1])
        if "pubdate" not in found and self.has(_CREATED) and (day := _CREATED_ON.search(self.html)):
            found["pubdate"] = day[1]
        return found

    def _printed_metas(self) -> int:
        if _family.LATE_METAS in self._seen.traits:
            return len(_METAS.findall(self.source))
        return sum(1 for _ in takewhile(lambda found: found[0][1:2] != b"/", _HEAD_METAS.finditer(self.source)))

    @cached_property
    def title(self) -> str:
        """Text of ``<title>``, spaces as printed."""
        node = self.tree.css_first("title")
        return node.text(deep=True) if node else ""

    @cached_property
    def host(self) -> str:
        """Host name of the address, ``""`` when it has none."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    def has(self, *needles: str) -> bool:
        """Whether any of these strings stands in the source; the cheapest fingerprint."""
        known = _family.known()
        return any((needle in self.marks) if needle in known else (needle in self.html) for needle in needles)

    @property
    def marks(self) -> frozenset[str]:
        """Needles of the portals' fingerprints that stand in the source."""
        return self._seen.needles

    def prints(self, *words: str) -> bool:
        """Whether one of ``_family.WORDS`` stands in the source, in any case of letters."""
        return not self._seen.words.isdisjoint(words)

    def find(self, *selectors: str) -> list[LexborNode]:
        """Nodes that any of the selectors finds, in page order; the tree is walked only for those whose words are in the source."""
        present = [selector for selector in selectors if self.possible(selector)]
        return self.tree.css(",".join(present)) if present else []

    def find_first(self, selector: str) -> LexborNode | None:
        """The first node that one selector finds."""
        return self.tree.css_first(selector) if self.possible(selector) else None

    def possible(self, selector: str) -> bool:
        """Whether the words of a selector stand in the source; only those of the portals' selectors are looked for."""
        return self._seen.words >= _family.asked(selector)

    def first(self, *selectors: str) -> LexborNode | None:
        """What the first selector finds that finds any text; of several nodes the one with most of it, the outer of equal ones."""
        for selector in selectors:
            found = self.find(selector)
            if len(found) == 1 and _says_something(found[0]):
                return found[0]
            sizes: list[int] = [len(node.text(deep=True, strip=True)) for node in found[:20]]
            largest = max(sizes, default=0)
            if largest > 0:
                node = found[sizes.index(largest)]
                return _of_all(node, found, sizes) or node
        return None

    @cached_property
    def base(self) -> str:
        """What relative links are resolved against: ``<base href>`` or the page's own address."""
        node = self.tree.css_first("base[href]") if self.possible("base") else None
        href = (node.attributes.get("href") or "").strip() if node else ""
        return urljoin(self.url, href) if href else self.url

    def absolute(self, href: str) -> str:
        """A link resolved against the page; as printed when the page has no address or the link is malformed."""
        href = re.sub("[\\t\\r\\n]", "", href.strip())
        if not self.base:
            return href
        try:
            return urljoin(self.base, href)
        except ValueError:
            return href


def _of_all(node: LexborNode, found: list[LexborNode], sizes: list[int]) -> LexborNode | None:
    """What holds one of several boxes and nothing besides some of them: a notice and its plan, each in a box of the article's name."""
    holder = node.parent
    if holder is None or holder.tag in ("body", "html"):
        return None
    beside = [
        size
        for one, size in zip(found, sizes, strict=False)
        if one.parent is not None and one.parent.mem_id == holder.mem_id
    ]
    return holder if len(beside) > 1 and len(holder.text(deep=True, strip=True)) == sum(beside) > max(beside) else None


def _says_something(node: LexborNode) -> bool:
    """Whether there is any text in a node: mostly its first words tell."""
    return any(
        one.tag == "-text" and bool((one.text_content or "").strip()) for one in node.traverse(include_text=True)
    )


_PROPERTIES = "<!--enpproperty"
_PROPERTY_DATE = re.compile("<!--enpproperty[^!]{0,400}?<date>([0-9-]{8,10})")
"""The comment of Founder's publisher, which has what others put into metas."""
_CREATED = "createTime = '"
_CREATED_ON = re.compile("createTime = '((?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2})")
"""What an article of an official account says of its day: a script prints it into the page."""
_METAS = re2.compile("(?i)<meta[\\s/>]")
# With a plain character in front, and small letters and capitals in its way, ``re`` passes over what is no tag.
_HEAD_METAS = re.compile(b"<(?:[mM][eE][tT][aA][\\s/>]|/[hH][eE][aA][dD])")
_CONTROLS = bytes(b for b in (*range(9), 11, *range(14, 32), 127))
_CONTROL = re.compile("[" + re.escape(_CONTROLS.decode("latin-1")) + "]")
_REFERENCE = re.compile(
    "&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|127)(?![0-9])|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)


def page_of(decoded: Decoded, body: bytes, url: str = "", limit: int | None = None) -> Page:
    """The page that ``body`` was decoded to, no longer than ``limit`` characters, without control characters."""
    text = decoded.text[:limit]
    if decoded.encoding == "utf-8" and not decoded.suspect and len(text) == len(decoded.text):
        source = body.removeprefix(codecs.BOM_UTF8)
    else:
        source = text.encode("utf-8", "ignore")
    seen = _family.look(source)
    if _family.CONTROLS not in seen.traits:
        return Page(text, url, source, seen)
    return Page(without_controls(text), url)


def without_controls(text: str, *, references: bool = True) -> str:
    """Source without control characters and references to them, which no text needs and ``html_blocks`` uses as marks.

    ``references=False`` for plain text, where ``&#3;`` is what is printed.
    """
    text = _CONTROL.sub("", text)
    return _REFERENCE.sub("", text) if references and "&#" in text else text


_TAG = re.compile(
    "<(?:!doctype|html|head|body|meta|title|script|style|link|div|p|table|span|br|ul|ol|li|section|article|h[1-6]|a|font|center|form|ucap\\w*)[\\s>/]",
    re.IGNORECASE,
)


def looks_like_html(text: str) -> bool:
    """Whether decoded text is HTML: at least one tag near its beginning, and more of them than an article quotes."""
    match = _TAG.search(text, 0, _NEAR)
    if match is None:
        return False
    before = text[: match.start()].strip()
    return len(before) < 400 or len(_TAG.findall(text, 0, _NEAR)) >= 8


_NEAR = 20_000
