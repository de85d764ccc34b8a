"""The values that travel between the rooms: frozen, without behaviour that needs I/O.

The words are those of the product's vocabulary (README, "Words"). Dates are ISO strings (``YYYY-MM-DD``) because that
is how they are printed, stored and shown; instants are aware ``datetime`` objects in UTC.

What a page has by the hundred (blocks, cells, indicators) are msgspec's structs: frozen as the others, made in a seventh of the time
of a frozen dataclass and compared, decoded and sent without Python. ``msgspec.structs.replace`` changes a copy of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import msgspec

Stage = Literal["draft", "review", "final", "amended", "repealed", "interpretation", "other"]
Verdict = Literal["document", "challenge", "error", "login", "empty", "shrunken", "gone", "unreachable"]
Cause = Literal["first", "content", "rules"]
Role = Literal["baseline", "target", "actual", "change"]
Op = Literal["=", "<", "<=", ">", ">=", "~", "text"]
Nature = Literal["预期性", "约束性", "建议性"]
Origin = Literal["table", "prose"]
Effect = Literal[
    "tightened", "relaxed", "raised", "lowered", "restated", "binding", "unbinding", "added", "removed", "reworded"
]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one address answered: status, headers and bytes, before anybody judged or decoded them."""

    url: str
    """The address that was asked for."""
    final_url: str
    """The address that answered, after redirects."""
    status: int
    """HTTP status; 200 for a ``file:`` source; 304 means that ``body`` is empty and nothing changed."""
    headers: Mapping[str, str]
    """Lower-case header names; repeated ones are joined with ``", "``."""
    body: bytes
    """The entity, content-encoding (gzip, br, …) already removed; never longer than the body cap."""
    fetched_at: datetime
    elapsed: float = 0.0
    """Seconds from the first request to the last byte."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text out of bytes, and how sure we are of it."""

    text: str
    encoding: str
    """Python codec name that was used."""
    suspect: bool = False
    """True where replacement characters had to be put in."""


class Cell(msgspec.Struct, frozen=True):
    """One cell of a table after spans are resolved."""

    text: str
    inherited: bool = False
    """True where the text was copied here from a cell that spans rows or columns; a blank cell has ``text == ""``."""


class Grid(msgspec.Struct, frozen=True):
    """A table: every row has the same number of cells."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 0
    """How many rows at the top are headers (0 when unknown)."""
    caption: str = ""
    notes: tuple[str, ...] = ()
    """Lines below the table that belong to it (注：…)."""


BlockKind = Literal["heading", "paragraph", "table", "list"]


class Block(msgspec.Struct, frozen=True):
    """One block of a reading.

    ``text`` is one line for headings, paragraphs and list items. For a table it is its rows joined with ``"\\n"``,
    cells with ``"\\t"``; cells that only inherit their text from a span print as empty, so that nothing is said twice.
    """

    kind: BlockKind
    text: str
    level: int = 0
    """Heading depth, 1 for 第一章; 0 for everything else."""
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page offers."""

    name: str
    url: str
    format: str
    """Lower-case extension without the dot, ``""`` when unknown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a column page."""

    title: str
    url: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """A 征求意见 window, as the text states it."""

    opens: str | None = None
    closes: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; ``None`` where it does not say."""

    document_number: str | None = None
    index_number: str | None = None
    issuer: str | None = None
    written_on: str | None = None
    published_on: str | None = None
    subject: str | None = None
    period: str | None = None
    """``"2021-2025"``, or one year ``"2020"``."""
    consultation: Consultation = Consultation()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line or fragment that reading took away, and why (``watcher read --dropped``)."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A page after cleaning. ``text`` is derived: one block a line, table rows on lines of their own."""

    kind: Literal["document", "column"]
    title: str
    blocks: tuple[Block, ...] = ()
    stage: Stage = "other"
    region: str | None = None
    metadata: Metadata = Metadata()
    portal: str = "generic"
    """The drawer file that recognised the page; ``"generic"`` when none did, ``"text"`` for plain text files."""
    degraded: bool = False
    """True when no portal knew the page and the body was guessed by text density."""
    suspect: bool = False
    """True when the decoded text holds replacement characters."""
    plan_title: str | None = None
    """The title of the plan itself where it differs from the page's (a notice carries a plan)."""
    attachments: tuple[Attachment, ...] = ()
    items: tuple[Item, ...] = ()
    next: str | None = None
    """Of a column: the address of its next page."""
    pages: tuple[str, ...] = ()
    """Of a split article: the addresses of its further parts, in order."""
    dropped: tuple[Dropped, ...] = ()

    @property
    def text(self) -> str:
        """The body as plain text; offsets of indicators count characters of this string."""
        return "\n".join([block.text for block in self.blocks])


class Indicator(msgspec.Struct, frozen=True):
    """One value of one indicator, with where it was read."""

    name: str
    """As printed but whole: line breaks joined, unit brackets removed, a shared prefix restored."""
    key: str | None
    """Canonical name from the synonyms file, ``None`` when unknown."""
    unit: str
    """As printed, ``""`` when none is; 万 stays in it (万人)."""
    year: int | str | None
    """A year, a period such as ``"2016-2020"``, or ``None``."""
    role: Role
    op: Op
    value: str | None
    """A decimal as a string in the printed magnitude; ``None`` for words and ranges."""
    text: str
    """The value as printed."""
    nature: Nature | None
    origin: Origin
    section: str
    """Headings above it, joined with a space."""
    quote: str
    """The sentence or table row it was read from, as printed."""
    start: int
    end: int
    """Character offsets into ``Reading.text``; the slice contains the value as printed."""
    disputed: bool = False
    """True when the same document says something else elsewhere."""


MoveKind = Literal["changed", "added", "removed", "reworded", "split", "merged"]


@dataclass(frozen=True, slots=True)
class Move:
    """One indicator's before and after."""

    name: str
    key: str | None
    year: int | str | None
    unit: str
    kind: MoveKind
    effect: Effect | None
    before: Indicator | None
    after: Indicator | None


SpanKind = Literal["equal", "delete", "insert"]
EditKind = Literal["replace", "insert", "delete", "move", "format", "cell", "row", "column"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One text edit: a paragraph (or table row or cell) before and after.

    ``before_at`` and ``after_at`` are character ranges ``(start, end)`` in the two texts.
    """

    kind: EditKind
    section: str
    before: str
    after: str
    spans: tuple[tuple[SpanKind, str], ...]
    before_at: tuple[int, int]
    after_at: tuple[int, int]
    label: str = ""
    """Of a table edit: row and column as their headers name them, ``"婴儿死亡率（‰） · 2025年"``; else empty."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions. Empty when nothing does."""

    moves: tuple[Move, ...] = ()
    edits: tuple[Edit, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moves or self.edits)


@dataclass(frozen=True, slots=True)
class VersionRef:
    """Which version of which edition, as messages and diffs name it."""

    version: int
    """1 for a document's first version, counted over all its editions in the order seen."""
    stage: Stage
    seen_at: datetime
    url: str


Relation = Literal["final", "review", "interpretation", "repeal", "none"]


@dataclass(frozen=True, slots=True)
class Link:
    """Whether two titles (or readings) are editions of one document."""

    linked: bool
    relation: Relation
    confidence: float
    """0 to 1."""
    reasons: tuple[str, ...]


Period = Literal["daily", "weekly"]
"""How often a digest goes."""

EventType = Literal[
    "document.first_seen", "document.changed", "document.stage_changed", "document.gone", "document.back",
    "consultation.opened", "consultation.closing", "consultation.closed", "consultation.result",
    "attachment.changed", "link.proposed", "incident.opened", "incident.closed", "digest", "test",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell people: a row before it is a message. ``data`` is the webhook channel's ``data``, JSON types only."""

    type: EventType
    timestamp: datetime
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the far end of a channel answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """The far end's body says that it took the message."""

    answer: str
    """What it said, shortened, without secrets."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The far end did not take the message, or we do not know."""

    reason: str
    """In words, without secrets."""
    permanent: bool = False
    """True when trying again cannot help (bad key, unknown robot): the channel stops."""
    retry_after: float | None = None
    """Seconds that the far end asked us to wait."""
    rejected: bool = False
    """True when this one message was refused (its content, its size): it is a dead letter, the channel goes on."""


Delivery = Delivered | Undelivered

Severity = Literal["info", "notice", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One indicator move as a reader sees it, one line."""

    text: str
    """``婴儿死亡率(2025)≤6‰ → ≤5‰``."""
    word: str
    """The effect in the message's language (收紧); never empty."""
    effect: Effect | None = None
    head: str = ""
    """What stands on a line of its own above it: the document whose moves begin here (digests)."""


@dataclass(frozen=True, slots=True)
class EditLine:
    """One text edit as a reader sees it, one line."""

    section: str
    """Where it stands (第二章 第三节), ``""`` when unknown."""
    text: str
    """``「…6.8张…」→「…7.5张…」``."""


@dataclass(frozen=True, slots=True)
class MessageLink:
    """A link of a message; the label is ours, the address is checked by the channel before it is used."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message before any channel gave it a form. Every text is plain: page text in it is hostile, channels escape it."""

    kind: EventType
    title: str
    """What happened to which document, one line."""
    summary: str
    """「3项指标变动:1项收紧、1项放宽、1项新增」, or what an incident or a reminder says; never empty."""
    place: str = ""
    """Region and stage: 呼和浩特市 · 征求意见稿 → 印发稿."""
    moves: tuple[MoveLine, ...] = ()
    """All moves, weightiest first."""
    edits: tuple[EditLine, ...] = ()
    """The two or three weightiest edits."""
    facts: tuple[str, ...] = ()
    """Further lines: what to do, dates, attachments, the documents of a digest."""
    links: tuple[MessageLink, ...] = ()
    footer: str = ""
    """Time of fetch and how the page was read."""
    severity: Severity = "info"
    language: Literal["zh", "en"] = "zh"
    thread: str = ""
    """What messages belong together (a document's id); e-mail threads by it."""
    hidden_moves: int = 0
    hidden_edits: int = 0
    hidden_facts: int = 0
    """How many more there are than the message shows; cutting raises them."""


class Wire(Protocol):
    """What a channel may use of the gate: one request, through every check of the network policy."""

    async def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends one request without following redirects; raises ``errors.FetchError`` when there is no answer."""
        ...

    async def address(self, host: str, port: int) -> str:
        """The checked IP address to connect to; raises ``errors.Refused`` when policy forbids it."""
        ...
