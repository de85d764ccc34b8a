"""Word files since 2007 (docx, docm, dotx; WPS writes the same): a zip of WordprocessingML (ISO/IEC 29500)."""

from __future__ import annotations

from watcher.formats import _blocks, _limits, _xml
from watcher.formats._numbering import Numbering
from watcher.formats._word import Reader, Styles
from watcher.formats._zip import Archive, listing, looks_zipped
from watcher.types import Block
from watcher.words import both

_BODY = "word/document.xml"


def recognises(body: bytes, name: str = "") -> bool:
    """A zip whose listing names a Word body; ``name`` is not needed."""
    return looks_zipped(body) and any(mark in listing(body) for mark in (b"word/document", b"word\\document"))


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The body in printed order: headings, paragraphs with their automatic numbers, tables, text boxes, footnotes and endnotes last.

    Deletions of tracked changes, hidden text, field codes, tables of contents, headers and footers are not text.
    Raises ``FormatError``: ``damaged``, ``too-large``, ``encrypted``, ``timeout``.
    """
    archive = Archive(body)
    main = _main_part(archive)
    root = _xml.parse(archive.read(main), main)
    story = _xml.child(root, "body")
    if story is None:
        raise _limits.damaged(both("Word 文件没有正文", "the Word file has no body"))
    folder = main.rpartition("/")[0]
    reader = Reader(
        Styles.of(_part(archive, f"{folder}/styles.xml")), Numbering.of(_part(archive, f"{folder}/numbering.xml"))
    )
    found = list(reader.blocks(story))
    for kind in ("footnotes", "endnotes"):
        notes = _part(archive, f"{folder}/{kind}.xml")
        for note in notes if notes is not None else ():
            if _xml.attribute(note, "type") not in ("separator", "continuationSeparator", "continuationNotice"):
                found.extend(reader.blocks(note))
    return _blocks.finished(found)


def _main_part(archive: Archive) -> str:
    if _BODY in archive:
        return _BODY
    for name in archive.names:
        if name.startswith("word/document") and name.endswith(".xml"):
            return name
    raise _limits.damaged(both("Word 文件没有正文", "the Word file has no body"))


def _part(archive: Archive, name: str) -> _xml.Element | None:
    return _xml.parse(archive.read(name), name) if name in archive else None
