"""Every unsent alert is claimed, sent, then marked. A crash in between sends it again under the same message id."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from watcher import drawers
from watcher.alert import backoff, events, rates, same_edit, settle
from watcher.alert.clock import quiet_until
from watcher.alert.message import compose
from watcher.alert.moves import string
from watcher.channels import limits
from watcher.errors import WatcherError
from watcher.pipeline.context import Context
from watcher.pipeline.counters import counters
from watcher.pipeline.outage import RETRY
from watcher.pipeline.telling import PERIODS, composed, digest_thread, tell
from watcher.pipeline.tracing import trace
from watcher.settings import Channel
from watcher.store import AlertRow
from watcher.store.database import moment
from watcher.types import Delivery, Message, Undelivered
from watcher.words import both

SEND_TIMEOUT = 60.0
"""Seconds after which a channel that does not answer has failed."""
TRAIL = timedelta(seconds=4)
"""How long after the last visit of a round its changes may still be on their way into the outbox."""
GATHER = timedelta(seconds=30)
"""How long a text edit waits at most for the other pages of its site."""
LOOK = timedelta(seconds=1)
"""How soon it is looked at again."""
ABREAST = 4
"""Messages of different documents that are under way to one robot at a time while a round goes on."""
REMEMBERED = 5000
"""Events whose fingerprint is remembered."""


async def deliver(context: Context) -> Counter[str]:
    """Sends what is due on every channel, side by side, and waits for all of them. Counts the fates."""
    counts: Counter[str] = Counter()
    digests(context)
    robots = _robots(context, context.store.outbox.channels_with_work(context.now()))
    await asyncio.gather(*(_robot(context, names, counts) for names in robots.values()))
    return counts


class Vanguard:
    """Delivery while a round goes on: what is sure goes out at once, the rest is left to ``deliver`` when the round is over.

    A text edit is not sure, because further pages of its site may have the same one; neither is anything on a channel that
    failed or whose rate is used up.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._seen: dict[str, int] = {}
        self._left: set[str] = set()

    async def send(self, context: Context) -> None:
        """Sends what came since the last call, robots side by side."""
        left = self._left | context.store.outbox.stopped_channels().keys()
        robots = _robots(context, [name for name in context.sources.channels if name not in left])
        await asyncio.gather(*(self._robot(context, names) for names in robots.values()))

    async def _robot(self, context: Context, names: list[str]) -> None:
        for name in names:
            channel = context.sources.channels[name]
            while name not in self._left and not _quiet(context):
                # Each is the head of a thread of its own; where a rate is kept the next one waits for what it says then.
                abreast = 1 if limits(channel.kind).rates else ABREAST
                with context.store.atomic():  # written before any of them is sent
                    rows = [row for row in (self._next(context, channel) for _ in range(abreast)) if row is not None]
                if not rows:
                    break
                fates = await asyncio.gather(*(_send(context, channel, row) for row in rows))
                self.counts.update(fates)
                if set(fates) != {"sent"}:
                    self._left.add(name)

    def _next(self, context: Context, channel: Channel) -> AlertRow | None:
        """The next message that is sure, now ours."""
        while row := context.store.outbox.claim(channel.name, context.now(), self._seen.get(channel.name, 0)):
            self._seen[channel.name] = row.id
            if same_edit.fingerprint(row.event) is None and _wait(context, channel) <= 0:
                return _settled(context, row) if row.tries <= 1 else row
            context.store.outbox.untried(row.id, "", context.now())
        return None


class Couriers:
    """Delivery for a service that is always there: each robot has a task of its own, and nobody waits for another's.

    A robot that does not answer for a minute holds back its own messages only; the others go out with the next tick.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asked: dict[str, datetime] = {}

    async def tick(self, context: Context, waiting: Mapping[str, int] | None = None) -> None:
        """Sets every idle robot to work that has something to send. Raises what an earlier task failed with.

        ``waiting``: how many pages of each host are still to be visited in this round.
        """
        failed = None
        for key, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[key]
                failed = failed or (None if task.cancelled() else task.exception())
        if failed is not None:
            raise failed
        now = context.now()
        self._asked |= {host: now for host, count in (waiting or {}).items() if count}
        self._asked = {host: at for host, at in self._asked.items() if timedelta() <= now - at < TRAIL}
        digests(context)
        for key, names in _robots(context, context.store.outbox.channels_with_work(now)).items():
            if key not in self._tasks:
                self._tasks[key] = asyncio.create_task(_robot(context, names, Counter(), frozenset(self._asked)))

    async def stop(self, grace: float) -> None:
        """Lets what is under way end for ``grace`` seconds; what does not is sent again, under its id, another time."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def digests(context: Context) -> None:
    """Makes one alert of all that waited for a digest whose time has come: one a channel and period."""
    store, now = context.store, context.now()
    for name, rows in store.outbox.due_digests(now).items():
        for period in PERIODS:
            own = [row for row in rows if (row.thread == digest_thread("weekly")) == (period == "weekly")]
            if not own:
                continue
            with store.atomic():
                event = events.digest([row.event for row in own], now, period=period)
                event_id = store.changes.add_event(event)
                digest_id = store.outbox.add(event_id, name, digest_thread(period), now, now)
                store.outbox.fold_into([row.id for row in own], digest_id, now)


def _robots(context: Context, names: list[str]) -> dict[str, list[str]]:
    """Channels by the robot behind them: those that share an address share its rate, so they take turns."""
    found: dict[str, list[str]] = {}
    for name in names:
        channel = context.sources.channels.get(name)
        found.setdefault(rates.robot(channel) if channel else name, []).append(name)
    return found


async def _robot(context: Context, names: list[str], counts: Counter[str], asked: frozenset[str] = frozenset()) -> None:
    for name in names:
        await _channel(context, name, counts, asked)


async def _channel(context: Context, name: str, counts: Counter[str], asked: frozenset[str]) -> None:
    channel = context.sources.channels.get(name)
    while True:
        if _quiet(context):
            return  # also what is tried again, or waited for its turn, keeps the quiet hours
        if channel is not None and (wait := _wait(context, channel)) > 0:
            if wait > 5:
                return  # the next tick goes on
            await asyncio.sleep(wait)
        row = context.store.outbox.claim(name, context.now())
        if row is None:
            return
        if channel is None:
            counts["dead"] += 1
            context.store.outbox.failed(
                row.id,
                both(f"sources.yaml 中已没有渠道 {name!r}", f"sources.yaml has no channel {name!r} any more"),
                None,
            )
            continue
        if _round_goes_on(context, row, asked):
            context.store.outbox.untried(row.id, "", context.now() + LOOK)
            continue
        if row.event.type == "document.changed" and row.tries <= 1:
            # What was tried may have arrived, its answer lost: under the same id it must say the same, or what joins it now is never seen.
            row = _same_elsewhere(context, _settled(context, row))
        fate = await _send(context, channel, row)
        counts[fate] += 1
        if fate in ("stopped", "dead", "retry"):
            return


def _quiet(context: Context) -> bool:
    alerting, zone = context.sources.alerting, context.sources.schedule.timezone
    return quiet_until(context.now(), alerting.quiet_hours, zone) is not None


def _wait(context: Context, channel: Channel) -> float:
    limit = [(rate.count, rate.seconds) for rate in limits(channel.kind).rates]
    if not limit:
        return 0.0
    since = context.now() - timedelta(seconds=rates.horizon(limit))
    mine = rates.robot(channel)
    names = [one.name for one in context.sources.channels.values() if rates.robot(one) == mine] or [channel.name]
    # A time of sending that is yet to come was written before the clock was put back.
    sent = [
        at
        for at in (moment(text) for name in names for text in context.store.outbox.sent_times(name, since))
        if at <= context.now()
    ]
    return rates.wait_for(sent, limit, context.now())


def _round_goes_on(context: Context, row: AlertRow, asked: frozenset[str]) -> bool:
    """Whether a text edit waits because further pages of its site are being visited: they may all have the same one."""
    if not asked or row.tries > 1 or same_edit.fingerprint(row.event) is None:
        return False
    host = urlsplit(string(row.event.data.get("url"))).netloc
    return host in asked and context.now() - moment(row.created_at) < GATHER


def _settled(context: Context, row: AlertRow) -> AlertRow:
    """Other changes of the same document that wait on this channel join this one: one message."""
    if context.sources.alerting.settle <= 0:
        return row
    store = context.store
    others = store.outbox.companions(row)
    if not others:
        return row
    merged = settle.merge([row.event, *(one.event for one in others)])
    with store.atomic():
        event_id = store.changes.add_event(merged, document_id=row.document_id)
        store.outbox.replace_event(row.id, event_id)
        store.outbox.fold_into([one.id for one in others], row.id, context.now())
    return store.outbox.get(row.id)


def _same_elsewhere(context: Context, row: AlertRow) -> AlertRow:
    """The same edit on many pages of one site is a change of its template: one message that names them all."""
    mine = same_edit.fingerprint(row.event)
    if mine is None:
        return row
    store = context.store
    alike = [alert for alert, event in store.outbox.untried_changes(row) if _fingerprint(context, alert, event) == mine]
    if len(alike) + 1 < same_edit.PAGES:
        return row
    others = [store.outbox.get(one) for one in alike]
    with store.atomic():
        event_id = store.changes.add_event(
            same_edit.join(row.event, [one.event for one in others]), document_id=row.document_id
        )
        store.outbox.replace_event(row.id, event_id)
        store.outbox.fold_into([one.id for one in others], row.id, context.now())
    return store.outbox.get(row.id)


def _fingerprint(context: Context, alert_id: int, event_id: int) -> str | None:
    """``same_edit.fingerprint`` of an alert's event. An event is never rewritten, and is looked at again before each message
    that goes out ahead of its own: what was made out once is remembered.
    """
    known = context.fingerprints
    if event_id not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[event_id] = same_edit.fingerprint(context.store.outbox.get(alert_id).event)
    return known[event_id]


async def send(context: Context, channel: Channel, row: AlertRow) -> Delivery:
    """One message to one channel; never raises for what the far end or the settings do."""
    assert context.gate is not None
    alerting = context.sources.alerting
    event = events.spoken(row.event, alerting.language)
    module = drawers.member("channels", channel.kind)
    message = (
        compose(event, alerting.language, alerting.link, context.sources.schedule.timezone)
        if composed(channel.kind)
        else Message(event.type, "", "")
    )
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            delivery: Delivery = await module.send(message, event, row.message_id, channel, context.gate)
    except TimeoutError:
        return Undelivered(both(f"{SEND_TIMEOUT:.0f} 秒内没有应答", f"no answer within {SEND_TIMEOUT:.0f} s"))
    except WatcherError as error:
        return Undelivered(error.both)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        # The text of a stranger's exception may hold the address, which is a secret: only its type is kept.
        context.log.error("deliver.bug", channel=channel.name, kind=channel.kind, error=type(error).__name__)
        what = type(error).__name__
        return Undelivered(both(f"程序缺陷（{what}）", f"a bug in watcher ({what})"))
    return delivery


async def sample(context: Context, channel: Channel) -> Delivery:
    """Sends a test message at once, outside the queue."""
    now = context.now()
    stamped = now.isoformat()
    row = AlertRow(
        0,
        f"msg_test_{now:%Y%m%d%H%M%S%f}",
        events.test(channel.name, now),
        None,
        channel.name,
        "",
        "sending",
        1,
        stamped,
        None,
        "",
        stamped,
    )
    return await send(context, channel, row)


async def _send(context: Context, channel: Channel, row: AlertRow) -> str:
    delivery = await send(context, channel, row)
    store, now = context.store, context.now()
    if isinstance(delivery, Undelivered) and context.outlook.lost and not (delivery.permanent or delivery.rejected):
        # Our own network is gone: the try does not count, or an outage of a day would make dead letters of everything.
        store.outbox.untried(row.id, delivery.reason, now + timedelta(seconds=RETRY))
        return "retry"
    fate = backoff.fate(delivery, row.tries, now, context.sources.alerting, context.dice())
    context.log.info(
        "alert." + fate.state,
        alert=row.id,
        message=row.message_id,
        channel=channel.name,
        tries=row.tries,
        said=fate.reason,
        trace=trace(*row.origin) if row.origin is not None else None,  # the visit that it comes from
    )
    counters.alerts[fate.state] += 1
    if fate.state == "sent":
        store.outbox.sent(row.id, fate.reason, now)
        _recovered(context, channel, now)
    elif fate.state == "retry":
        store.outbox.failed(row.id, fate.reason, fate.not_before)
    elif fate.state == "dead":
        store.outbox.failed(row.id, fate.reason, None)
        if not fate.rejected:
            _dead(context, channel, fate.reason, now)
    else:
        # The alert stays in the queue: the channel's settings are at fault, and nothing is lost while they are mended.
        store.outbox.failed(row.id, fate.reason, now)
        if store.outbox.stop_channel(channel.name, fate.reason, now):
            _dead(context, channel, fate.reason, now)
    return fate.state


def _subject(channel: Channel) -> str:
    return f"channel {channel.name}"


def _dead(context: Context, channel: Channel, reason: str, now: datetime) -> None:
    """Tells the other channels, once, that this one does not work."""
    store = context.store
    with store.atomic():
        opened = store.incidents.open(_subject(channel), "channel-dead", reason, now)
        if opened is None:
            return
        about = events.DocumentFacts(id=_subject(channel), title=channel.name)
        event = events.incident_opened(about, "channel-dead", now, reason=reason, incident=opened)
        fallback = context.sources.alerting.fallback or tuple(context.sources.channels)
        tell(context, event, channels=tuple(name for name in fallback if name != channel.name))


def _recovered(context: Context, channel: Channel, now: datetime) -> None:
    store = context.store
    if _subject(channel) not in store.incidents.open_subjects():
        return
    with store.atomic():
        for closed in store.incidents.close(_subject(channel), now):
            about = events.DocumentFacts(id=_subject(channel), title=channel.name)
            event = events.incident_closed(
                about, "channel-dead", now, since=moment(closed["opened_at"]), incident=closed["id"]
            )
            tell(context, event, channels=context.sources.alerting.fallback or (channel.name,))
