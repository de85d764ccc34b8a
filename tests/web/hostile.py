"""A document of which every text is an attack, each field another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from tests.web.stories import BEGIN, HOHHOT, SHANGYU
from watcher.alert.events import DocumentFacts, consultation_result
from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.settings import Sources
from watcher.store import Store
from watcher.store.content import Content
from watcher.store.versions import NewVersion
from watcher.types import Attachment, Block, Cell, Consultation, Fetched, Grid, Indicator, Link, Metadata, Reading, Role

PAYLOADS = (
    "<script>alert({n})</script>",
    "<svg/onload=alert({n})>",
    '"><img src=http://evil.example/{n} onerror=alert({n})>',
    "'-alert({n})-'",
    "javascript:alert({n})//",
    "</title></style></textarea></select><iframe src=http://evil.example/{n}></iframe>",
    "{{{{{n}*{n}}}}}${{{n}}}<%= {n} %>",
    "<style>*{{background:url(http://evil.example/{n})}}</style>",
    "<meta http-equiv=refresh content=0;url=http://evil.example/{n}>",
    "<form action=http://evil.example/{n}><button>现在检查</button>",
    "\u202e\u2066\x1b[31m\x00{n}<base href=http://evil.example/>",
    "<a href=http://evil.example/{n} target=_top>原文页面</a>",
    "无" * 4000 + "{n}",
    "W" * 4000 + "{n}",
)


def words(shift: int) -> Iterator[str]:
    """One attack after another, numbered so that one that works can be found."""
    for number in count(1000):
        yield PAYLOADS[(number + shift) % len(PAYLOADS)].format(n=number)


def address(text: str, at: int) -> str:
    """Where an attack stands for an address."""
    return ("javascript:alert(1)//", "data:text/html,", "http://a.example/", "//evil.example/")[at % 4] + text[:1500]


def ruin(sources: Sources, shift: int) -> None:
    """Every field that a page shows of a document, its source, its alerts and incidents is an attack."""
    said = words(shift)
    with Store(sources.database) as store:
        row = next(one for one in store.sources.active() if one.document_id == SHANGYU)
        title, region = next(said), next(said)
        store.db.execute("UPDATE documents SET title = ?, region = ? WHERE id = ?", [title, region, SHANGYU])
        store.db.execute(
            "UPDATE sources SET url = ?, note = ?, verdict = 'error' WHERE id = ?",
            [address(next(said), shift), next(said), row.id],
        )
        store.db.execute("UPDATE alerts SET answer = ?, channel = ?, state = 'dead'", [next(said), next(said)])
        for number in (1, 2):
            _version(store, row.id, said, number, shift)
        now = BEGIN + timedelta(days=20)
        after, before = store.versions.newest(SHANGYU, 2)
        change = compare(before.reading, after.reading, before.indicators, after.indicators)
        with store.atomic():
            diff = to_json(change, SHANGYU, before.ref, after.ref)
            store.changes.add(before.id, after.id, "content", change, diff, now)
            store.lineage.set_consultation(SHANGYU, Consultation("2026-03-01", "2026-11-01", next(said)), row.id)
            about = DocumentFacts(SHANGYU, title, region, "final")
            event = consultation_result(about, now, result_title=next(said), result_url=address(next(said), shift + 1))
            store.changes.add_event(event, document_id=SHANGYU)
            store.incidents.open(next(said), "blocked", next(said), now)
            store.incidents.open(next(said), next(said), next(said), now, source_id=row.id)
            link = Link(True, "final", 0.7, (next(said),))
            store.lineage.add_link(SHANGYU, HOHHOT, link, state="proposed", by="rule", now=now)
        store.outbox.stop_channel(next(said), next(said), now)


def _version(store: Store, source_id: int, said: Iterator[str], number: int, shift: int) -> None:
    rows = tuple(tuple(Cell(next(said)) for _ in range(3)) for _ in range(3))
    table = "\n".join("\t".join(cell.text.replace("\n", " ") for cell in line) for line in rows)
    blocks = (
        Block("heading", next(said), 1), Block("heading", next(said), 2), Block("paragraph", f"{next(said)}{number}"),
        Block("list", next(said)), Block("table", table, grid=Grid(rows)), Block("paragraph", next(said)),
    )  # fmt: skip
    meta = Metadata(
        next(said), next(said), next(said), next(said), next(said), next(said), next(said),
        Consultation(next(said), next(said), next(said)),
    )  # fmt: skip
    reading = Reading("document", next(said), blocks, "final", next(said), meta)
    kinds: tuple[tuple[str | None, Role], ...] = (
        ("infant-mortality", "target"),
        ("infant-mortality", "baseline"),
        (None, "target"),
    )
    nature: Any = next(said)
    values = tuple(
        Indicator(
            next(said), key, next(said), 2025, role, "<", str(number + at), next(said), nature, "prose", next(said), next(said),
            at, at + 9, disputed=True,
        )
        for at, (key, role) in enumerate(kinds)
    )  # fmt: skip
    now = BEGIN + timedelta(days=10 + number)
    url = address(next(said), number + shift)
    with store.atomic():
        body = f"<script>alert(1)</script><img src=http://evil.example/ onerror=alert({number})>".encode()
        snapshot = store.snapshots.add(
            source_id, Fetched(url, url, 200, {"content-type": "text/html"}, body, now), "document"
        )
        attachment = (Attachment(next(said), address(next(said), number), next(said)), snapshot, next(said))
        store.versions.add(
            NewVersion(
                SHANGYU, source_id, snapshot, "final", "content", "r", now, Content.of(reading, values), (attachment,)
            )
        )
