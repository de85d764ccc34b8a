"""Old office files through Debian's helpers: LibreOffice (everything kept), antiword (tables kept), catdoc (text only)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from watcher.errors import FormatError
from watcher.formats import _blocks, _grid, _run, _xml
from watcher.types import Block
from watcher.words import both, told

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""A fresh LibreOffice profile: no macros, nothing fetched that a document links to."""


def missing(what: str, package: str = "libreoffice-writer-nogui (best) or antiword") -> FormatError:
    """The error when no helper that reads ``what`` (``words.both``) is installed; ``package`` is Debian's name of it."""
    zh, en = told(what, "zh"), told(what, "en")
    return FormatError(
        both(
            f"{zh}需要辅助程序：请安装 Debian 软件包 {package}",
            f"{en} needs a helper program: install Debian's package {package}",
        ),
        kind="helper-missing",
    )


def converted(body: bytes, suffix: str, to: str = "docx") -> bytes | None:
    """The file as LibreOffice saves it in the format ``to``; None without LibreOffice. Raises ``FormatError``."""
    program = _run.found("soffice") or _run.found("libreoffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="watcher-office-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / f"input.{suffix}"
        source.write_bytes(body)
        _run.run(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
             "--nolockcheck", "--nodefault", "--convert-to", to, "--outdir", str(folder / "out"), str(source)],
            folder,
        )  # fmt: skip
        result = folder / "out" / f"input.{to.partition(':')[0]}"
        if not result.is_file() or result.is_symlink():
            raise FormatError(
                both("文件已损坏：LibreOffice 读不出", "the file is damaged: LibreOffice could not read it"),
                kind="damaged",
            )
        return result.read_bytes()


def by_antiword(body: bytes) -> tuple[Block, ...] | None:
    """A Word 6 to 2003 file through antiword's DocBook; None without antiword. Raises ``FormatError``."""
    program = _run.found("antiword")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="watcher-office-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "input.doc").write_bytes(body)
        text = _run.run([program, "-m", "UTF-8.txt", "-x", "db", "input.doc"], folder)
    start = text.find(b"<book")
    if start < 0:
        raise FormatError(
            both("文件已损坏：antiword 读不出", "the file is damaged: antiword could not read it"), kind="damaged"
        )
    # antiword's own DOCTYPE names a DTD on the net; it is cut off, the rest declares nothing.
    return _blocks.finished(_docbook(_xml.parse(text[start:], "antiword's output")))


def by_catdoc(body: bytes) -> tuple[Block, ...] | None:
    """The bare text of a Word file through catdoc; None without catdoc. Raises ``FormatError``."""
    program = _run.found("catdoc")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="watcher-office-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "input.doc").write_bytes(body)
        text = _run.run([program, "-d", "utf-8", "-w", "input.doc"], folder).decode("utf-8", "replace")
    return _blocks.finished(_blocks.prose(line) for line in text.splitlines())


def _docbook(root: _xml.Element) -> list[Block]:
    found: list[Block] = []
    for element in root.iter():
        tag = _xml.local(element)
        if tag in ("para", "title") and not any(
            _xml.local(a) in ("informaltable", "bookinfo") for a in element.iterancestors()
        ):
            if any(_xml.local(part) == "informaltable" for part in element.iter()):
                continue
            text = "".join(element.itertext())
            found.extend(_blocks.prose(line) for line in text.splitlines() if line.strip())
        elif tag == "informaltable":
            rows = [
                [_blocks.one_line("".join(entry.itertext()).splitlines()) for entry in row if _xml.local(entry) == "entry"]
                for row in element.iter() if _xml.local(row) == "row"
            ]  # fmt: skip
            table = _grid.from_rows(rows)
            if table.rows:
                found.append(_grid.block(table))
    return found
