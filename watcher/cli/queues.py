"""What waits in the outbox after a command that sends: how many messages, until when, and how to send them at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from watcher.alert.clock import quiet_until
from watcher.cli.common import local, some
from watcher.words import told, tr

if TYPE_CHECKING:
    from watcher.pipeline.context import Context


def queue_lines(context: Context, found: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each channel on which something waits (``Outbox.queues``)."""
    now, zone = context.now(), context.sources.schedule.timezone
    quiet = quiet_until(now, context.sources.alerting.quiet_hours, zone)
    stopped = context.store.outbox.stopped_channels()
    for row in found:
        name, count, answer = row["channel"], row["count"], row["answer"]
        waiting = tr(f"渠道 {name} 有 {count} 条通知待发", f"waiting on channel {name}: {some(count, 'alert')}")
        if name in stopped:
            said = told(stopped[name])
            why = tr(f"渠道已停用（{said}）", f"the channel is stopped ({said})")
            do = tr(f"修好后运行 watcher resend --channel {name}", f"mend it, then: watcher resend --channel {name}")
        elif quiet is not None:
            why = tr("现在是免打扰时段", "these are the quiet hours")
            do = tr(f"{_clock(quiet, zone)} 之后发送", f"they go after {_clock(quiet, zone)}")
        elif datetime.fromisoformat(row["until"]) > now:
            until = local(row["until"], zone)
            why = tr(f"等到 {until} 再试", f"the next try is at {until}") + (f"（{told(answer)}）" if answer else "")
            do = tr("要立即发送：watcher resend --waiting", "to send at once: watcher resend --waiting")
        else:
            why = (
                tr(f"对方没有收下前一条（{said}）", f"the far end did not take the one before ({said})")
                if (said := told(row["refused"] or ""))
                else tr("渠道每分钟能收的条数有限", "the channel takes so many a minute")
            )
            do = tr(
                "watcher run 会接着发；或稍后再运行 watcher check", "watcher run goes on; or run watcher check later"
            )
        yield f"  … {waiting}{tr('：', ': ')}{why}{tr('；', '; ')}{do}"


def _clock(moment: datetime, zone: str) -> str:
    return local(moment.astimezone(UTC).isoformat(), zone)
