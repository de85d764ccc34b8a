"""Alerts: rows before they are messages. Claimed by a conditional update, sent, then marked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from watcher.store.changes import ChangeTable
from watcher.store.database import instant, iso, millis, rows_of
from watcher.store.rows import AlertRow

CLAIM_LASTS = timedelta(minutes=5)
"""A row that was claimed longer ago belongs to a process that died: it is sent again with the same message id."""

MESSAGE_ID = "'msg_' || lower(hex(a.message_id))"
"""SQL: the id that an alert ``a`` is sent with."""
_OPEN = "a.state <> 'sent'"
"""Asked beside a state, so that the index over what is not sent is used: sent ones grow for ever, and none is looked for by its state."""
_SELECT = (
    f"SELECT a.id, {MESSAGE_ID}, e.type, e.created_at, e.data, e.document_id, a.channel, a.thread, a.state, a.tries, {iso('a.not_before')}, "
    f"{iso('a.sent_at')}, a.answer, {iso('a.created_at')}, e.change_id, v.source_id, v.seen_at FROM alerts a JOIN events e ON e.id = a.event_id "
    "LEFT JOIN changes c ON c.id = e.change_id LEFT JOIN versions v ON v.id = c.to_version "
)

_FIRST = (
    "NOT EXISTS (SELECT 1 FROM alerts b WHERE b.channel = a.channel AND b.thread = a.thread AND b.id < a.id "
    "AND b.state IN ('waiting', 'sending'))"
)
"""``a`` is the head of its thread on its channel."""


class Outbox:
    """The alerts table."""

    def __init__(self, db: Database, changes: ChangeTable) -> None:
        self.db = db
        self.changes = changes

    def _build(self, row: Sequence[Any]) -> AlertRow:
        origin = None if row[15] is None else (row[15], instant(row[16]))
        event = self.changes.event(row[2], row[3], row[4], row[14])
        return AlertRow(row[0], row[1], event, *(*row[5:14], origin))

    def add(
        self, event_id: int, channel: str, thread: str, not_before: datetime, now: datetime, *, digest: bool = False
    ) -> int:
        """One alert for one channel; call inside the transaction of its event."""
        cursor = self.db.execute(
            "INSERT INTO alerts (message_id, event_id, channel, thread, state, not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                secrets.token_bytes(12),
                event_id,
                channel,
                thread,
                "digest" if digest else "waiting",
                millis(not_before),
                millis(now),
            ],
        )
        return int(cursor.lastrowid or 0)

    def release_abandoned(self, now: datetime) -> int:
        """Gives back rows whose sender died; returns how many."""
        with self.db.atomic():
            cursor = self.db.execute(
                "UPDATE alerts SET state = 'waiting', claimed_at = NULL WHERE state <> 'sent' AND state = 'sending' AND claimed_at < ?",
                [millis(now - CLAIM_LASTS)],
            )
            return cursor.rowcount

    def release_all(self) -> int:
        """Gives back every claimed row; only for the one process that holds the service lock, at its start."""
        with self.db.atomic():
            return self.db.execute(
                "UPDATE alerts SET state = 'waiting', claimed_at = NULL WHERE state <> 'sent' AND state = 'sending'"
            ).rowcount

    def channels_with_work(self, now: datetime) -> list[str]:
        """Channels that have something that ``claim`` would give now, and are not stopped."""
        rows = self.db.execute(
            f"SELECT DISTINCT a.channel FROM alerts a WHERE {_OPEN} AND a.state = 'waiting' AND a.not_before <= ? AND {_FIRST} "
            "AND a.channel NOT IN (SELECT name FROM channel_states WHERE stopped_at IS NOT NULL)",
            [millis(now)],
        )
        return [row[0] for row in rows]

    def claim(self, channel: str, now: datetime, after: int = 0) -> AlertRow | None:
        """The oldest sendable alert of a channel, now ours; the head of each thread goes first, so order is kept.

        ``after``: only rows behind this one.
        """
        while True:
            row = self.db.execute(
                f"SELECT a.id FROM alerts a WHERE {_OPEN} AND a.state = 'waiting' AND a.channel = ? AND a.not_before <= ? AND a.id > ? "
                f"AND {_FIRST} ORDER BY a.id LIMIT 1",
                [channel, millis(now), after],
            ).fetchone()
            if row is None:
                return None
            with self.db.atomic():
                taken = self.db.execute(
                    "UPDATE alerts SET state = 'sending', claimed_at = ?, tries = tries + 1 WHERE id = ? AND state = 'waiting'",
                    [millis(now), row[0]],
                )
            if taken.rowcount == 1:
                return self.get(row[0])

    def get(self, alert_id: int) -> AlertRow:
        """One alert with its event."""
        return self._build(self.db.execute(_SELECT + "WHERE a.id = ?", [alert_id]).fetchone())

    def unknown(self, ids: Sequence[int]) -> list[int]:
        """Which of these numbers no alert has."""
        return [one for one in ids if self.db.execute("SELECT 1 FROM alerts WHERE id = ?", [one]).fetchone() is None]

    def untried(self, alert_id: int, answer: str, not_before: datetime) -> None:
        """A try that was not the far end's fault: it waits again, and the try is not counted."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE alerts SET state = 'waiting', tries = max(tries - 1, 0), not_before = ?, answer = ?, claimed_at = NULL WHERE id = ?",
                [millis(not_before), answer[:500], alert_id],
            )

    def sent(self, alert_id: int, answer: str, now: datetime) -> None:
        """The far end has it."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE alerts SET state = 'sent', sent_at = ?, answer = ?, claimed_at = NULL WHERE id = ?",
                [millis(now), answer[:500], alert_id],
            )

    def failed(self, alert_id: int, reason: str, again_at: datetime | None) -> None:
        """Not delivered: try again at a time, or (``None``) it is a dead letter."""
        with self.db.atomic():
            self.db.execute(
                "UPDATE alerts SET state = ?, answer = ?, claimed_at = NULL, not_before = coalesce(?, not_before) WHERE id = ?",
                [
                    "dead" if again_at is None else "waiting",
                    reason[:500],
                    millis(again_at) if again_at else None,
                    alert_id,
                ],
            )

    def stop_channel(self, name: str, reason: str, now: datetime) -> bool:
        """A permanent error: nothing more is sent there. True when it was not stopped before."""
        with self.db.atomic():
            cursor = self.db.execute(
                "INSERT INTO channel_states (name, stopped_at, reason) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                "stopped_at = excluded.stopped_at, reason = excluded.reason WHERE stopped_at IS NULL",
                [name, millis(now), reason[:500]],
            )
            return cursor.rowcount == 1

    def start_channel(self, name: str) -> None:
        """The channel may be used again."""
        with self.db.atomic():
            self.db.execute("UPDATE channel_states SET stopped_at = NULL, reason = '' WHERE name = ?", [name])

    def stopped_channels(self) -> dict[str, str]:
        """Names and reasons."""
        return dict(self.db.execute("SELECT name, reason FROM channel_states WHERE stopped_at IS NOT NULL").fetchall())

    def queues(self) -> list[dict[str, Any]]:
        """What waits on each channel: channel, count, when the first of them may go (``until``), and what that one was answered.

        ``refused``: what the far end said to the latest of those that were tried in vain.
        """
        return rows_of(
            self.db,
            f"SELECT channel, count, {iso('first')} AS until, answer, refused FROM (SELECT a.channel, "
            f"(SELECT b.answer FROM alerts b WHERE b.channel = a.channel AND b.state <> 'sent' AND b.state = 'waiting' AND b.tries > 0 "
            "ORDER BY b.id DESC LIMIT 1) AS refused, "
            "(SELECT count(*) FROM alerts c WHERE c.channel = a.channel AND c.state <> 'sent' AND c.state = 'waiting') AS count, "
            f"min(a.not_before) AS first, a.answer FROM alerts a WHERE {_OPEN} AND a.state = 'waiting' AND {_FIRST} "
            "GROUP BY a.channel) ORDER BY channel",
        )

    def resend(self, *, ids: Sequence[int] = (), dead: bool = False, waiting: bool = False, now: datetime) -> int:
        """Puts alerts back into the queue with their own message ids; returns how many. ``waiting``: those that wait for another try."""
        with self.db.atomic():
            count = 0
            if waiting:
                count += self.db.execute(
                    "UPDATE alerts SET tries = 0, not_before = ? WHERE state <> 'sent' AND state = 'waiting' AND not_before > ?",
                    [millis(now), millis(now)],
                ).rowcount
            if dead:
                count += self.db.execute(
                    "UPDATE alerts SET state = 'waiting', tries = 0, not_before = ? WHERE state <> 'sent' AND state = 'dead'",
                    [millis(now)],
                ).rowcount
            for one in ids:
                count += self.db.execute(
                    "UPDATE alerts SET state = 'waiting', tries = 0, not_before = ? WHERE id = ? AND state IN ('dead', 'sent', 'waiting')",
                    [millis(now), one],
                ).rowcount
            return count

    def sent_times(self, channel: str, since: datetime) -> list[str]:
        """When messages of a channel went out, for its rate limit."""
        rows = self.db.execute(
            f"SELECT {iso('sent_at')} FROM alerts WHERE sent_at >= ? AND channel = ? ORDER BY sent_at",
            [millis(since), channel],
        )
        return [row[0] for row in rows]

    def due_digests(self, now: datetime) -> dict[str, list[AlertRow]]:
        """Alerts that wait for a digest whose time has come, by channel."""
        found: dict[str, list[AlertRow]] = {}
        for row in self.db.execute(
            _SELECT + f"WHERE {_OPEN} AND a.state = 'digest' AND a.not_before <= ? ORDER BY a.id", [millis(now)]
        ):
            one = self._build(row)
            found.setdefault(one.channel, []).append(one)
        return found

    def fold_into(self, alert_ids: Sequence[int], digest_id: int, now: datetime) -> None:
        """These went into one digest; call inside its transaction."""
        self.db.conn.executemany(
            "UPDATE alerts SET state = 'sent', sent_at = ?, answer = 'in a digest', digest_id = ? WHERE id = ?",
            [(millis(now), digest_id, one) for one in alert_ids],
        )

    def companions(self, row: AlertRow) -> list[AlertRow]:
        """Other changes of the same document that wait on the same channel, untried, oldest first."""
        rows = self.db.execute(
            _SELECT
            + "WHERE a.channel = ? AND a.thread = ? AND a.state IN ('waiting', 'sending') AND a.state = 'waiting' AND a.tries = 0 "
            "AND a.id > ? AND e.type = 'document.changed' ORDER BY a.id",
            [row.channel, row.thread, row.id],
        )
        return [self._build(one) for one in rows]

    def untried_changes(self, row: AlertRow, limit: int = 200) -> list[tuple[int, int]]:
        """Changes of any document that wait untried on the same channel behind ``row``, each the next of its thread, oldest first.

        Row ids of the alert and of its event.
        """
        return self.db.execute(
            f"SELECT a.id, a.event_id FROM alerts a CROSS JOIN events e ON e.id = a.event_id WHERE {_OPEN} AND a.channel = ? "
            f"AND a.state = 'waiting' AND a.tries = 0 AND a.id > ? AND e.type = 'document.changed' AND {_FIRST} ORDER BY a.id LIMIT ?",
            [row.channel, row.id, limit],
        ).fetchall()

    def heard(self, before: int, version: int) -> set[str]:
        """Channels with a message (no digest's) of the same step, by the texts of two versions, that the same address made under another
        document, where it stands at that text now.
        """
        rows = self.db.execute(
            "SELECT a.channel FROM versions w CROSS JOIN sources s ON s.id = w.source_id CROSS JOIN sources o ON o.url = s.url AND o.id <> s.id "
            "CROSS JOIN versions t ON t.id = o.version_id AND t.digest = w.digest CROSS JOIN changes c ON c.to_version = t.id "
            "CROSS JOIN versions f ON f.id = c.from_version AND f.digest = (SELECT digest FROM versions WHERE id = ?) "
            "CROSS JOIN events e ON e.change_id = c.id AND e.type IN ('document.changed', 'document.stage_changed') CROSS JOIN alerts a ON a.event_id = e.id "
            "WHERE w.id = ? AND a.state <> 'digest'",
            [before, version],
        )
        return {row[0] for row in rows.fetchall()}

    def replace_event(self, alert_id: int, event_id: int) -> None:
        """The alert tells of another event now (several merged into one). Call inside a transaction."""
        self.db.execute("UPDATE alerts SET event_id = ? WHERE id = ?", [event_id, alert_id])

    def recent(self, *, state: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Alerts for people, newest first."""
        return [
            dict(row)
            for row in self.db.query(
                f"SELECT a.id, {MESSAGE_ID} AS message_id, e.type, e.document_id, d.title, a.channel, a.state, a.tries, "
                f"{iso('a.not_before')} AS not_before, {iso('a.sent_at')} AS sent_at, a.answer, {iso('a.created_at')} AS created_at FROM alerts a JOIN events e ON e.id = a.event_id LEFT JOIN documents d ON d.id = e.document_id "
                "WHERE (? IS NULL OR a.state = ?) ORDER BY a.id DESC LIMIT ?",
                [state, state, limit],
            )
        ]

    def counts(self) -> dict[str, int]:
        """How many alerts are in each state."""
        found = dict(
            self.db.execute("SELECT state, count(*) FROM alerts WHERE state <> 'sent' GROUP BY state").fetchall()
        )
        sent = self.db.execute("SELECT count(*) FROM alerts").fetchone()[0] - sum(found.values())
        return {**found, "sent": sent} if sent else found
