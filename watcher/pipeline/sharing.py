"""Which of the due sources are taken up now: hosts side by side, so that one with thousands of pages delays only itself. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping


def share(
    due: Iterable[tuple[int, str]],
    waiting: Mapping[str, int],
    *,
    room: int,
    per_host: int,
    hosts: int | None = None,
    spare: int = 0,
) -> list[int]:
    """Row ids to visit next, at most ``room`` of them, or ``room + spare`` where the rest are for idle hosts.

    ``due`` are row ids and hosts, the longest waiting first; ``waiting`` says how many sources of a busy host are queued
    already, ``per_host`` how many may be. Hosts take turns, and each keeps its own order; one that nothing is asked of gets
    its first source even when slow hosts fill the room. ``hosts`` bounds how many hosts are asked at all.
    """
    lines: dict[str, deque[int]] = defaultdict(deque)
    for source_id, host in due:
        if len(lines[host]) < per_host - waiting.get(host, 0):
            lines[host].append(source_id)
    there = [(host, line) for host, line in lines.items() if line][:hosts]
    quiet = [line for host, line in there if host not in waiting]
    idle = [line.popleft() for line in quiet[: max(0, room + spare)]]
    chosen: list[int] = []
    turns = deque(line for _, line in there if line)
    while turns and len(idle) + len(chosen) < room:
        line = turns.popleft()
        chosen.append(line.popleft())
        if line:
            turns.append(line)
    return idle + chosen
