"""Parses XML that strangers made: no DTD, no entities, no network, no huge trees."""

from __future__ import annotations

from typing import Any

from watcher.formats import _limits
from watcher.words import both

Element = Any
"""An lxml element; lxml ships no types."""


def parse(data: bytes, what: str = "XML") -> Element:
    """The root element. Raises ``FormatError`` ``damaged`` (not XML, or with a DTD) or ``too-large``."""
    from lxml import etree

    if data.count(b"<") > _limits.XML_TAGS:
        raise _limits.too_large(
            both(f"{what} 的标签超过 {_limits.XML_TAGS} 个", f"{what} has more than {_limits.XML_TAGS} tags")
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _limits.damaged(both(f"{what} 无法解析", f"{what} cannot be parsed ({str(error)[:120]})")) from None
    if root is None:
        raise _limits.damaged(both(f"{what} 是空的", f"{what} is empty"))
    if root.getroottree().docinfo.doctype:
        raise _limits.damaged(
            both(f"{what} 声明了 DTD，办公文件不会这样", f"{what} declares a DTD, which office files never do")
        )
    return root


def local(element: Element) -> str:
    """The tag without its namespace; ``""`` for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace (strict and transitional office files differ in it)."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((c for c in element if local(c) == name), None)
    return element


def number(text: str | None, default: int = 0) -> int:
    """A whole number out of an attribute; ``default`` when it is none. Absurd sizes become the default."""
    try:
        value = int(float(text)) if text else default
    except (ValueError, OverflowError):
        return default
    return value if abs(value) < 10**9 else default
