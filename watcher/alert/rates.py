"""How long a robot must wait before its next message. Pure; the figures stand in ``channels/limits.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.settings import Channel


def robot(channel: Channel) -> str:
    """What a rate counts for: two channels with the same address are one robot. Never the address itself."""
    return f"{channel.kind}:{channel.url.name}" if channel.url else f"{channel.kind}:{channel.name}"


def wait_for(sent: Sequence[datetime], windows: Sequence[tuple[int, float]], now: datetime) -> float:
    """Seconds until the next message may go, 0 for now.

    ``sent`` are the times at which messages were handed to the robot (any order; failures count, they were requests
    too). ``windows`` are ``(count, seconds)``: at most ``count`` in any ``seconds``. Every window is kept.
    """
    waits = [0.0]
    ordered = sorted(sent)
    for count, seconds in windows:
        if count <= 0:
            raise ValueError("a rate needs a count above zero")
        if len(ordered) < count:
            continue
        # The count-th last message must have left the window.
        leaves = ordered[-count] + timedelta(seconds=seconds)
        waits.append((leaves - now).total_seconds())
    return max(waits)


def horizon(windows: Sequence[tuple[int, float]]) -> float:
    """Seconds of the past that ``wait_for`` needs to know; 0 without windows."""
    return max((seconds for _, seconds in windows), default=0.0)
