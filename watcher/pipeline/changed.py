"""What a comparison means to those who are told: another text, another stage, a page that goes back and forth."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.alert import events, incidents
from watcher.alert.edits import worth_telling
from watcher.alert.events import DocumentFacts
from watcher.compare import compare
from watcher.compare.renamed import ALIKE, renamed
from watcher.compare.render import to_json
from watcher.pipeline.context import Context
from watcher.pipeline.telling import composed, read_facts, tell
from watcher.store import Version
from watcher.types import Change
from watcher.words import both

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


def compared_stored(before: Version, after: Version) -> tuple[Change, dict[str, object]]:
    """The change between two versions and its JSON shape."""
    change = compare(before.reading, after.reading, before.indicators, after.indicators)
    return change, to_json(change, after.document_id, before.ref, after.ref)


def predecessor(context: Context, version: Version) -> Version | None:
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


def facts_now(context: Context, version: Version) -> DocumentFacts:
    """What an event says of the document that a version belongs to."""
    found = context.store.document(version.document_id)
    return DocumentFacts(
        id=version.document_id,
        title=found["title"] if found["title"] != version.document_id else version.title,
        region=found["region"] or version.about.region,
        stage=version.stage,
        url=version.url,
        column=found["column_id"],
    )


def tell_content(
    context: Context, before: Version, version: Version, change: Change, diff: dict[str, object], told: Told
) -> None:
    """Another text at the same address, perhaps of another stage. Call inside a transaction."""
    store, now = context.store, context.now()
    _attachments(context, before, version)
    staged = version.stage != before.stage and _rank(version.stage) >= 0 and _rank(before.stage) >= 0
    titles = _titles(before, version)
    if not change and not staged and titles is None:
        return
    facts = facts_now(context, version)
    change_id = None
    if change:
        change_id = store.changes.add(before.id, version.id, "stage" if staged else "content", change, diff, now)
        told.changes += 1
        told.moves += len(change.moves)
    if version.about.degraded and not before.about.degraded:
        return  # an incident tells of it; a guess never makes an indicator alert
    if not staged and titles is None and not worth_telling(change):
        return  # width and spacing: on the page and in the diff, but no message
    if _flapping(context, version, facts):
        return  # every version is kept and shown on the page; only the message is not sent again and again
    edition, stage = store.versions.holding(version.document_id)
    holding = None if edition == version.edition_id else stage
    shared = store.sources.also_at(version.source_id)
    read = read_facts(context, version)
    if staged:  # the draft's page became the final's
        event = events.stage_changed(facts, diff, now, read=read)
        told.stages += 1
    else:
        event = events.changed(
            facts,
            diff,
            now,
            read=read,
            holding=holding,
            shared=shared,
            renamed=titles or _titles(before, version, alike=0),
        )
    channels = _unheard(context, before, version, facts.column) if shared else None
    tell(context, event, document_id=version.document_id, change_id=change_id, channels=channels)
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


def _titles(before: Version, version: Version, *, alike: float = ALIKE) -> tuple[str, str] | None:
    """The title before and after, where it says something else and one template was read both times."""
    if before.about.portal != version.about.portal or not renamed(before.title, version.title, alike=alike):
        return None
    return before.title, version.title


def _unheard(context: Context, before: Version, version: Version, column: str | None) -> tuple[str, ...]:
    """The channels that have not heard of this step of an address under another document; programs hear of every document."""
    heard = context.store.outbox.heard(before.id, version.id)
    return tuple(
        name
        for name in context.channels_of(version.document_id, column)
        if name not in heard or not composed(context.sources.channels[name].kind)
    )


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
        event = events.attachment_changed(facts_now(context, version), moves, context.now())
        tell(context, event, document_id=version.document_id)


def tell_stage(
    context: Context,
    before: Version,
    version: Version,
    change: Change,
    diff: dict[str, object],
    told: Told,
    *,
    asked: bool = False,
) -> None:
    """Another edition of a document that was known: told, unless both were there at the first load and nobody asked.

    Call inside a transaction.
    """
    store, now = context.store, context.now()
    change_id = None
    if change:
        change_id = store.changes.add(before.id, version.id, "stage", change, diff, now)
        told.changes += 1
        told.moves += len(change.moves)
    if version.stage == before.stage and not change:
        return  # the same text at another address
    if not asked and from_the_start(context, before, version):
        return
    event = events.stage_changed(facts_now(context, version), diff, now, read=read_facts(context, version))
    tell(context, event, document_id=version.document_id, change_id=change_id)
    told.stages += 1


def from_the_start(context: Context, one: Version, other: Version) -> bool:
    """Whether both came with one first load: what stood there before anybody watched is no news, in whatever order it is read."""
    began = context.store.lineage.first_load(one.id)
    return began is not None and began == context.store.lineage.first_load(other.id)
