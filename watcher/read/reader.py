"""``read``: bytes to a Reading, by what the bytes are and not by what they are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from watcher import drawers
from watcher.decoding import decode
from watcher.errors import FormatError
from watcher.formats._isolate import isolated
from watcher.portals import _family
from watcher.read import columns, headinfo, scripted, webarchive
from watcher.read.decisive import Decisive
from watcher.read.draft import Draft
from watcher.read.finish import finish
from watcher.read.htmlfile import read_html
from watcher.read.landmarks import Survey
from watcher.read.page import Page, looks_like_html, page_of
from watcher.read.textfile import read_text
from watcher.settings import Selectors
from watcher.types import Attachment, Block, Decoded, Dropped, Reading
from watcher.words import both, told

_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM6",
    b"II*\x00",
)
_OFFICE = (b"<w:wordDocument", b"<pkg:package", b"<Workbook")
"""Roots of office files that are XML."""
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
MAX_TEXT = 12_000_000
"""Characters of a page or text that are read; the rest of a larger one is left out."""


def read(
    body: bytes,
    *,
    content_type: str | None = None,
    decoded: Decoded | None = None,
    url: str = "",
    selectors: Selectors = Selectors(),  # noqa: B008 - frozen
    chrome: frozenset[str] = frozenset(),
    attachments: Sequence[tuple[Attachment, bytes]] = (),
    column: bool | None = None,
) -> Reading:
    """Reads a page or file.

    ``content_type`` is the HTTP header or ``None``, ``decoded`` what ``decode`` made of the body where the caller knows; ``url`` the address that answered, for links and for names of formats;
    ``selectors`` those of the source; ``chrome`` folded lines that the page taught (``learn_noise``); ``attachments`` the
    fetched files of a notice, joined behind its body; ``column`` whether the page is a list of items (``None``: look and
    see). An attachment that cannot be read leaves its heading and its reason in ``dropped``. Raises ``FormatError`` when the body itself is a file that cannot be read.
    """
    return _read(body, decoded, content_type, url, selectors, chrome, attachments, column, None)


def read_closely(
    body: bytes,
    *,
    content_type: str | None = None,
    decoded: Decoded | None = None,
    url: str = "",
    selectors: Selectors = Selectors(),  # noqa: B008 - frozen
    chrome: frozenset[str] = frozenset(),
    attachments: Sequence[tuple[Attachment, bytes]] = (),
    closely: bool = True,
) -> tuple[Reading, Decisive | None]:
    """``read`` of a document's page, and the page's decisive part from the same parse (not unless it is ``closely`` read).

    A page that holds no document any more but a list is read as a column.

    ``None`` when it cannot be told from the bytes with certainty, and for pages that no portal knows: their article is chosen
    by weighing the whole page. Raises as ``read`` does.
    """
    decoded = decoded or decode(body, content_type)
    survey = Survey(body, decoded) if closely else None
    reading = _read(body, decoded, content_type, url, selectors, chrome, attachments, False, survey)
    if _in_place(reading, decoded, url, selectors):
        return _read(body, decoded, content_type, url, selectors, chrome, (), True, None), None
    return reading, survey.decisive() if survey is not None else None


def _read(
    body: bytes,
    decoded: Decoded | None,
    content_type: str | None,
    url: str,
    selectors: Selectors,
    chrome: frozenset[str],
    attachments: Sequence[tuple[Attachment, bytes]],
    column: bool | None,
    survey: Survey | None,
) -> Reading:
    if is_binary(body):
        name = unquote(urlsplit(url).path.rsplit("/", 1)[-1]) if url else ""
        draft = Draft(title=_stem(name))
        kind, draft.blocks = file_blocks(body, name)
        draft.title = ""
        return finish(draft, portal=kind, joined=_joined(attachments, draft))
    if saved := webarchive.page_in(body):
        (body, content_type), decoded = saved, None
    decoded = decoded or decode(body, content_type)
    text = decoded.text[:MAX_TEXT]
    if scripted.is_data(text):
        if column is True or (column is None and columns.is_column(text, url)):
            return _column(Page(text, url))
        text = scripted.article_of(text) or text
        decoded, body = Decoded(text, "utf-8", decoded.suspect), text.encode("utf-8", "ignore")
    if not looks_like_html(text):
        draft = read_text(text, chrome)
        return finish(draft, portal="text", suspect=decoded.suspect, joined=_joined(attachments, draft))
    page = page_of(decoded, body, url, MAX_TEXT)
    if column is True:
        return _column(page)
    draft, portal, degraded = read_html(page, selectors, chrome, survey)
    if degraded and _is_bare(draft) and not selectors.body and (written := scripted.article_of(text)):
        # What a script or the reader's own field shows is nowhere else on the page, but for its title and byline.
        draft, portal, degraded = read_html(Page(written, url), selectors, chrome)
    if column is None and (degraded or _is_short(draft.blocks)) and columns.is_column(text, url):
        return _column(Page(page.html, url, page.source, page.seen))
    return finish(draft, portal=portal, degraded=degraded, suspect=decoded.suspect, joined=_joined(attachments, draft))


def _is_short(blocks: Sequence[Block]) -> bool:
    """Whether an article may be the frame of a list."""
    return sum(len(block.text) for block in blocks) < _SHORT


_SHORT = 400


def _is_bare(draft: Draft) -> bool:
    """Whether a page says no sentence of its own and offers no file."""
    said = [block.text for block in draft.blocks]
    return not draft.attachments and sum(map(len, said)) < _BARE and not any("。" in text for text in said)


_BARE = 120


def _in_place(reading: Reading, decoded: Decoded, url: str, selectors: Selectors) -> bool:
    """Whether a front page or a list answers where a document was: only a page that says no sentence is asked.

    A short notice with a list of news beside it stays a document.
    """
    return (
        not (reading.attachments or reading.pages or selectors.body)
        and (
            _is_listing(reading)
            or (reading.degraded and _is_short(reading.blocks) and not any(map(_says, reading.blocks)))
        )
        and columns.is_column(decoded.text[:MAX_TEXT], url)
    )


def _is_listing(reading: Reading) -> bool:
    """Whether most lines of an undated text end in a day, as the entries of a list do; a front page says a sentence or two beside them."""
    blocks = reading.blocks
    if reading.metadata.published_on or len(blocks) < _ENTRIES:
        return False
    # Five of them tell what a long text is; only what may be a list is looked at whole.
    if sum(map(_is_entry, blocks[:: len(blocks) // _ENTRIES])) * 2 <= _ENTRIES:
        return False
    if sum(map(_is_entry, blocks)) * 5 < 4 * len(blocks):
        return False
    said = sum(len(block.text) for block in blocks if _says(block))
    return said * 5 <= sum(len(block.text) for block in blocks)


def _is_entry(block: Block) -> bool:
    return _ENTRY.search(block.text[-14:]) is not None


_ENTRY = re.compile("[0-9]{1,2}[-/.月][0-9]{1,2}日?[)）\\]】]?$")
_ENTRIES = 5


def _says(block: Block) -> bool:
    """Whether a block is a table or a sentence, in Chinese or in English."""
    text = block.text
    return block.kind == "table" or "。" in text or (text.endswith(".") and len(_WORDS.findall(text)) >= _SENTENCE)


_WORDS = re.compile("[a-z]{2,}")
_SENTENCE = 8
"""Words of the shortest sentence in English that makes a page a document."""


def _column(page: Page) -> Reading:
    listed = columns.read_column(page.html, page.url)
    member = _family.family(page)
    portal = member.__name__.rsplit(".", 1)[-1] if member else "generic"
    return columns.column_reading(
        listed, title=headinfo.column_title(page), portal=portal, region=headinfo.column_region(page)
    )


def is_binary(body: bytes) -> bool:
    """Whether bytes are a file of some format and not text: a known signature, or zero bytes without a byte order mark."""
    head = body[:2048].lstrip(b"\r\n\t ")
    if head.startswith(_MAGIC) or (head[:1] == b"<" and any(root in head[:1024] for root in _OFFICE)):
        return True
    if head.startswith(_MARKS) or b"\x00" not in head:
        return False
    half = max(head[0::2].count(0), head[1::2].count(0))
    if half >= len(head) * 0.2:
        return decode(body[:4096]).suspect
    return any(drawers.member("formats", name).recognises(body, "") for name in drawers.names("formats")) or (
        head.count(0) * 20 > len(head) and len(head) > 64
    )


def file_blocks(body: bytes, name: str = "") -> tuple[str, list[Block]]:
    """``(format, blocks)`` of a file by the drawer of formats. Raises ``FormatError`` when no member knows it."""
    for member in drawers.names("formats"):
        if drawers.member("formats", member).recognises(body, name):
            if member == "zip" and (texts := drawers.member("formats", member).texts(body)):
                return member, _with_texts(body, name, texts)
            # A call into a C library cannot be interrupted: a stranger's file is read in a process of its own.
            return member, list(isolated(member, body, name=name))
    raise FormatError(
        both(
            f"没有读取器认得这个文件{f'（{name}）' if name else ''}：开头是 {body[:8]!r}",
            f"no reader knows this file{f' ({name})' if name else ''}: it begins with {body[:8]!r}",
        ),
        kind="unsupported",
    )


def _with_texts(body: bytes, name: str, texts: Sequence[tuple[str, bytes]]) -> list[Block]:
    """An archive with pages or plain texts in it: they stand behind its other files, read as those of the web are."""
    archive = drawers.member("formats", "zip")
    files: list[Block] = []
    trouble: FormatError | None = None
    try:
        files = list(isolated("zip", body, name=name))
    except FormatError as error:
        if error.kind in ("too-large", "encrypted", "timeout"):
            raise
        trouble = error
    read = [(base, attachment_blocks(text, Attachment(base, "", ""))) for base, text in texts if not is_binary(text)]
    read = [(base, blocks) for base, blocks in read if blocks]
    if trouble is not None and not read:
        raise trouble
    if not files and len(read) == 1:
        return read[0][1]
    return files + [block for base, blocks in read for block in archive.headed(base, blocks)]


def _joined(attachments: Sequence[tuple[Attachment, bytes]], draft: Draft) -> list[tuple[Attachment, list[Block]]]:
    """Blocks of each attachment; one that cannot be read is remembered with its reason."""
    joined = []
    for attachment, body in attachments:
        try:
            joined.append((attachment, attachment_blocks(body, attachment)))
        except FormatError as error:
            draft.dropped.append(
                Dropped(
                    attachment.name or attachment.url,
                    both(f"附件未读：{told(error.both, 'zh')}", f"attachment not read: {told(error.both, 'en')}"),
                )
            )
    return joined


def attachment_blocks(body: bytes, attachment: Attachment) -> list[Block]:
    """Blocks of one attachment, whatever it is. Raises ``FormatError``."""
    name = attachment.name or attachment.url
    if is_binary(body) or drawers.member("formats", "csv").recognises(body, name):
        return file_blocks(body, name)[1]
    saved = webarchive.page_in(body)
    body, content_type = saved or (body, None)
    decoded = decode(body, content_type)
    if looks_like_html(decoded.text):
        return read_html(page_of(decoded, body, attachment.url, MAX_TEXT), Selectors())[0].blocks
    return read_text(decoded.text[:MAX_TEXT]).blocks


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]
