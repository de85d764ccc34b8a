"""Every version not yet compared is compared with its predecessor; change, moves and alerts in one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import traceback
from dataclasses import dataclass

from watcher.alert import events, incidents
from watcher.alert.edits import worth_telling
from watcher.alert.events import DocumentFacts
from watcher.compare import compare
from watcher.compare.lineage import PROPOSE, Facts, explain
from watcher.compare.render import to_json
from watcher.errors import WatcherError
from watcher.lexicon.titles import plan_title
from watcher.pipeline.comparing import Compared
from watcher.pipeline.context import Context
from watcher.pipeline.telling import facts_of, read_facts, tell
from watcher.store import Content, Version
from watcher.types import Change, Link
from watcher.words import both
from watcher.words import told as told_in

LEARNT = 50
"""Titles that are learnt between two breaths of the loop."""
STAGE_ORDER = ("draft", "review", "final", "amended", "repealed")


@dataclass(slots=True)
class Told:
    """What a catching up wrote."""

    changes: int = 0
    moves: int = 0
    stages: int = 0
    links: int = 0

    def add(self, other: Told) -> None:
        """Counts another one in."""
        self.changes += other.changes
        self.moves += other.moves
        self.stages += other.stages
        self.links += other.links


async def catch_up(context: Context, seconds: float | None = None) -> Told:
    """Drains the versions that wait; safe to be stopped anywhere and run again. Lets the loop breathe between two.

    Ends after about ``seconds`` though more may wait: they are rows, and the next call goes on with them.
    """
    until = None if seconds is None else time.monotonic() + seconds
    told = Told()
    while waiting := context.store.versions.waiting(but=context.puzzling):
        for version_id in waiting:
            if not _tried(context, version_id, told):
                while context.relatives.learn(context.store, LEARNT):
                    await asyncio.sleep(0)
                    if until is not None and time.monotonic() > until:
                        return told
                _tried(context, version_id, told)
            await asyncio.sleep(0)
            if until is not None and time.monotonic() > until:
                return told
    return told


def settle(context: Context, version_id: int, content: Content, compared: Compared, told: Told) -> None:
    """Tells what an edit changed that was compared where it was read. Call inside the transaction that stores the version.

    Where that goes wrong the version is stored all the same, and waits for ``catch_up``.
    """
    versions = context.store.versions
    change, before, version = compared.change, versions.outline(compared.before), versions.get(version_id, content)
    mine = Told()
    try:
        with context.store.db.atomic():
            versions.mark_compared(version_id)
            diff = to_json(change, version.document_id, before.ref, version.ref)
            _content(context, before, version, change, diff, mine)
    except _PASSING:
        raise
    except Exception as error:
        context.store.changes.forget()
        _logged(context, version_id, error)
    else:
        told.add(mine)


_PASSING = (sqlite3.Error, OSError)
"""Trouble of the whole database: waited out, whatever version met it."""


def _logged(context: Context, version_id: int, error: Exception) -> None:
    context.log.error("check.bug", version=version_id, error=type(error).__name__, trace=traceback.format_exc(limit=12))


def _tried(context: Context, version_id: int, told: Told) -> bool:
    """``_one``; a version that cannot be compared (its bytes are damaged, a bug) becomes an incident, keeps waiting for the next
    start, and holds up no other.
    """
    try:
        return _one(context, version_id, told)
    except _PASSING:
        raise
    except Exception as error:
        _logged(context, version_id, error)
        context.puzzling.add(version_id)
        store, now = context.store, context.now()
        row = store.sources.get(store.versions.outline(version_id).source_id)
        what = error.both if isinstance(error, WatcherError) else type(error).__name__
        reason = both(
            f"新版本无法比较：{told_in(what, 'zh')}", f"a new version cannot be compared: {told_in(what, 'en')}"
        )
        with store.atomic():
            opened = store.incidents.open(row.name, "bug", reason, now, row.id)
            if opened is not None:
                event = events.incident_opened(facts_of(context, row), "bug", now, reason=reason, incident=opened)
                tell(context, event, document_id=row.document_id, source_id=row.id)
        return True


def _one(context: Context, version_id: int, told: Told) -> bool:
    """Compares one version; False, and nothing was done, where the titles of all documents must be learnt first."""
    store = context.store
    version = store.versions.get(version_id)
    if version.cause == "rules":
        with store.atomic():
            store.versions.mark_compared(version_id)
        return True
    before = _predecessor(context, version)
    if before is None:
        if not context.relatives.ready:
            return False
        with store.atomic():
            _first(context, version, told)
            store.versions.mark_compared(version_id)
        return True
    change, diff = _compared(before, version)
    with store.atomic():
        store.versions.mark_compared(version_id)
        for closed in store.incidents.close(store.sources.get(version.source_id).name, context.now(), kind="bug"):
            event = events.incident_closed(_facts(context, version), "bug", context.now(), incident=closed["id"])
            tell(context, event, document_id=version.document_id, source_id=version.source_id)
        if version.edition_id == before.edition_id:
            _content(context, before, version, change, diff, told)
        else:
            _stage(context, before, version, change, diff, told)
    return True


def _compared(before: Version, after: Version) -> tuple[Change, dict[str, object]]:
    """The change between two versions and its JSON shape."""
    change = compare(before.reading, after.reading, before.indicators, after.indicators)
    return change, to_json(change, after.document_id, before.ref, after.ref)


def _predecessor(context: Context, version: Version) -> Version | None:
    """The version of the same address before it (one that was read by guess is passed over when this one was not),
    or the newest one of an earlier edition of the document.
    """
    store = context.store
    before = store.versions.last_of_source(version.source_id, version.id)
    while before is not None and before.about.degraded and not version.about.degraded:
        earlier = store.versions.last_of_source(version.source_id, before.id)
        if earlier is None:
            break
        before = earlier
    if before is not None:
        return before
    candidates = [
        (_rank(stage), found)
        for found, stage in store.versions.stages(version.document_id, version.id)
        if stage in STAGE_ORDER and _rank(stage) <= _rank(version.stage)
    ]
    return store.versions.get(max(candidates)[1]) if candidates else None


def _rank(stage: str) -> int:
    return STAGE_ORDER.index(stage) if stage in STAGE_ORDER else -1


def _facts(context: Context, version: Version) -> DocumentFacts:
    found = context.store.document(version.document_id)
    return DocumentFacts(
        id=version.document_id,
        title=found["title"] if found["title"] != version.document_id else version.title,
        region=found["region"] or version.about.region,
        stage=version.stage,
        url=version.url,
        column=found["column_id"],
    )


def _content(
    context: Context, before: Version, version: Version, change: Change, diff: dict[str, object], told: Told
) -> None:
    store, now = context.store, context.now()
    _attachments(context, before, version)
    if not change:
        return
    facts = _facts(context, version)
    change_id = store.changes.add(before.id, version.id, "content", change, diff, now)
    told.changes += 1
    told.moves += len(change.moves)
    if version.about.degraded and not before.about.degraded:
        return  # an incident tells of it; a guess never makes an indicator alert
    if not worth_telling(change):
        return  # width and spacing: on the page and in the diff, but no message
    if _flapping(context, version, facts):
        return  # every version is kept and shown on the page; only the message is not sent again and again
    event = events.changed(facts, diff, now, read=read_facts(context, version))
    tell(context, event, document_id=version.document_id, change_id=change_id)
    if version.indicator_count and not before.indicator_count:
        row = store.sources.get(version.source_id)
        for closed in store.incidents.close(row.name, now, kind="indicators-lost"):
            again = events.incident_closed(facts, "indicators-lost", now, incident=closed["id"])
            tell(context, again, document_id=version.document_id, source_id=row.id)
    if incidents.indicators_lost(before.indicator_count, version.indicator_count):
        row = store.sources.get(version.source_id)
        opened = store.incidents.open(row.name, "indicators-lost", f"{before.indicator_count} → 0", now, row.id)
        if opened is not None:
            lost = events.incident_opened(facts, "indicators-lost", now, incident=opened)
            tell(context, lost, document_id=version.document_id, source_id=row.id)


def _flapping(context: Context, version: Version, facts: DocumentFacts) -> bool:
    """Whether the page goes back and forth; opens or ends the incident that says so."""
    store, now = context.store, context.now()
    name = store.sources.get(version.source_id).name
    if not flaps(store.versions.digests(version.source_id, version.id, FORMS)):
        for closed in store.incidents.close(name, now, kind="flapping"):
            event = events.incident_closed(facts, "flapping", now, incident=closed["id"])
            tell(context, event, document_id=version.document_id, source_id=version.source_id)
        return False
    opened = store.incidents.open(
        name, "flapping", both("两种内容来回切换", "two contents take turns"), now, version.source_id
    )
    if opened is not None:
        event = events.incident_opened(facts, "flapping", now, incident=opened)
        tell(context, event, document_id=version.document_id, source_id=version.source_id)
    return True


FORMS = 8
"""How many of a page's newest versions are looked at for flapping."""


def flaps(digests: list[bytes]) -> bool:
    """Whether a page goes back and forth between the same forms (newest digest first).

    There and back again once is a change and its withdrawal, and both are told; a second return is a page that is
    served in two forms.
    """
    returns = sum(digests[at] == digests[at + 2] for at in range(len(digests) - 2))
    return returns >= 2 and digests[0] in digests[1:]


def _attachments(context: Context, before: Version, version: Version) -> None:
    old = {one["name"]: one for one in context.store.versions.attachments(before.id)}
    new = {one["name"]: one for one in context.store.versions.attachments(version.id)}
    moves = [
        events.AttachmentMove("added", name, one["url"], one["format"]) for name, one in new.items() if name not in old
    ]
    moves += [
        events.AttachmentMove("removed", name, one["url"], one["format"])
        for name, one in old.items()
        if name not in new
    ]
    moves += [
        events.AttachmentMove("replaced", name, one["url"], one["format"])
        for name, one in new.items()
        if name in old and not context.store.snapshots.same_bytes(old[name]["snapshot_id"], one["snapshot_id"])
    ]
    if moves:
        event = events.attachment_changed(_facts(context, version), moves, context.now())
        tell(context, event, document_id=version.document_id)


def _stage(
    context: Context,
    before: Version,
    version: Version,
    change: Change,
    diff: dict[str, object],
    told: Told,
    *,
    asked: bool = False,
) -> None:
    """Another edition of a document that was known: told, unless both were there at the first load and nobody asked."""
    store, now = context.store, context.now()
    change_id = None
    if change:
        change_id = store.changes.add(before.id, version.id, "stage", change, diff, now)
        told.changes += 1
        told.moves += len(change.moves)
    if version.stage == before.stage and not change:
        return  # the same text at another address
    if not asked and _there_from_the_start(context, before, version):
        return
    event = events.stage_changed(_facts(context, version), diff, now, read=read_facts(context, version))
    tell(context, event, document_id=version.document_id, change_id=change_id)
    told.stages += 1


def _there_from_the_start(context: Context, one: Version, other: Version) -> bool:
    """Whether both came with one first load: what stood there before anybody watched is no news, in whatever order it is read."""
    began = context.store.lineage.first_load(one.id)
    return began is not None and began == context.store.lineage.first_load(other.id)


def _first(context: Context, version: Version, told: Told) -> None:
    """A document seen for the first time: perhaps an edition of one that is known."""
    store, now = context.store, context.now()
    if _links(context, version, told):
        return
    facts = _facts(context, version)
    column_id = facts.column
    first_load = False
    if context.sources.alerting.first_seen or column_id is not None:
        row = store.sources.get(version.source_id)
        first_load = column_id is not None and store.lineage.was_first_load(column_id, row.url)
        event = events.first_seen(
            facts, now, indicators=version.indicator_count, first_load=first_load, read=read_facts(context, version)
        )
        if not first_load or context.sources.alerting.first_seen:
            tell(context, event, document_id=version.document_id, column_id=column_id)
    window = version.about.metadata.consultation
    if (
        not first_load
        and window.closes is not None
        and version.stage == "draft"
        and window.closes >= now.date().isoformat()
    ):
        opened = events.consultation_opened(
            facts, now, opens=window.opens, closes=window.closes, contact=window.contact
        )
        tell(context, opened, document_id=version.document_id, column_id=column_id)


def lineage_facts(version: Version) -> Facts:
    """What lineage asks of an edition."""
    about = version.about
    return Facts(
        title=about.title or version.title,
        region=about.region,
        period=about.metadata.period,
        stage=version.stage,
        date=about.metadata.published_on or about.metadata.written_on,
        issuer=about.metadata.issuer,
    )


JOINING = frozenset({"final", "review", "repeal"})
"""Relations that make two documents editions of one; an interpretation stays beside it."""


def _links(context: Context, version: Version, told: Told) -> bool:
    """Links to documents that it may be an edition of: a sure one joins them, doubtful ones are proposed.

    True when the version became an edition of a known document (and that was told).
    """
    store, now = context.store, context.now()
    mine = lineage_facts(version)
    found: list[tuple[float, str, Link]] = []
    for other_id, theirs in context.relatives.near(store, version.document_id, mine):
        link = explain(theirs, mine)
        if link.relation != "none" and link.confidence >= PROPOSE:
            found.append((link.confidence, other_id, link))
    joined = False
    # Two documents that sources.yaml names apart and that are read for the first time together are no news.
    named = version.document_id in context.document_ids
    for _, other_id, link in sorted(found, key=lambda one: -one[0]):
        sure = link.linked
        joins = sure and link.relation in JOINING and not joined and not named
        state = "linked" if sure and (joins or link.relation not in JOINING) else "proposed"
        link_id = store.lineage.add_link(other_id, version.document_id, link, state=state, by="rules", now=now)
        if link_id is None:
            continue
        told.links += 1
        if joins:
            joined = True
            _join(context, other_id, version, told)
        elif state == "proposed":
            other = store.versions.newest(other_id, 1)
            apart = named and other_id in context.document_ids
            if other and not (apart and _there_from_the_start(context, other[0], version)):
                proposal = events.link_proposed(
                    _facts(context, version), _facts(context, other[0]), link, now, proposal=link_id
                )
                tell(context, proposal, document_id=version.document_id)
    return joined


def _join(context: Context, document_id: str, version: Version, told: Told, *, asked: bool = False) -> None:
    """A document that appeared by itself is an edition of a known one: it joins it, and the step is told."""
    context.store.lineage.join(document_id, version.document_id)
    if document_id not in context.document_ids:
        # It was found under the title of a notice that asks for opinions; over all its stages it is the plan itself.
        context.store.lineage.retitle(document_id, plan_title(version.title))
    moved = context.store.versions.get(version.id)
    before = _predecessor(context, moved)
    if before is None:
        return
    change, diff = _compared(before, moved)
    _stage(context, before, moved, change, diff, told, asked=asked)


def accept_link(context: Context, link_id: int) -> None:
    """A person made or accepted a link: the two become one document, and the change between them is told."""
    store = context.store
    row = store.lineage.link(link_id)
    if row is None or row["relation"] not in JOINING:
        return
    with store.atomic():
        later = store.versions.newest(row["other_id"], 1)
        if later:
            _join(context, row["document_id"], later[0], Told(), asked=True)
        else:
            store.lineage.join(row["document_id"], row["other_id"])


def undo_link(context: Context, link_id: int) -> None:
    """A link was undone: what it joined is two documents again."""
    row = context.store.lineage.link(link_id)
    if row is not None and row["relation"] in JOINING:
        with context.store.atomic():
            context.store.lineage.part(row["document_id"], row["other_id"])
