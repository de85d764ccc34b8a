"""A document that is seen for the first time: a new one, or an edition of one that is known."""

from __future__ import annotations

from watcher.alert import events
from watcher.compare.lineage import DOUBTFUL, PROPOSE, THRESHOLD, Facts, explain, with_text
from watcher.lexicon.titles import plan_title
from watcher.pipeline.changed import Told, compared_stored, facts_now, from_the_start, predecessor, tell_stage
from watcher.pipeline.context import Context
from watcher.pipeline.telling import read_facts, tell
from watcher.store import Version
from watcher.types import Link


def tell_first(context: Context, version: Version, told: Told) -> None:
    """A document seen for the first time: perhaps an edition of one that is known."""
    store, now = context.store, context.now()
    if _links(context, version, told):
        return
    facts = facts_now(context, version)
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


def _by_their_texts(context: Context, other_id: str, theirs: Facts, version: Version, mine: Facts) -> Link:
    """What titles leave open the texts may settle."""
    (other,) = context.store.versions.newest(other_id, 1)
    return explain(with_text(theirs, other.reading.text), with_text(mine, version.reading.text))


def _links(context: Context, version: Version, told: Told) -> bool:
    """Links to documents that it may be an edition of: a sure one joins them, doubtful ones are proposed.

    True when the version became an edition of a known document (and that was told).
    """
    store, now = context.store, context.now()
    mine = lineage_facts(version)
    found: list[tuple[float, str, Link]] = []
    for other_id, theirs in context.relatives.near(store, version.document_id, mine):
        link = explain(theirs, mine)
        if DOUBTFUL <= link.confidence < THRESHOLD:
            link = _by_their_texts(context, other_id, theirs, version, mine)
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
            if other and not (apart and from_the_start(context, other[0], version)):
                proposal = events.link_proposed(
                    facts_now(context, version), facts_now(context, other[0]), link, now, proposal=link_id
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
    before = predecessor(context, moved)
    if before is None:
        return
    change, diff = compared_stored(before, moved)
    tell_stage(context, before, moved, change, diff, told, asked=asked)


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
