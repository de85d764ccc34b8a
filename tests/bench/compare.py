"""All side by side: ``python -m tests.bench.compare [PAGES] [--home FOLDER]`` (``make bench``).

One portal of its own for each program, the same pages and epochs, rounds one after the other. A row of JSON a round, then
the table as Markdown. CPU is that of the whole process and its children, start-up included, for everybody alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import changedetection, ours, peers, rounds
from tests.bench.measuring import PortalProcess, Row, portal, run, size_of


def peer_round(
    peer: peers.Peer, env: Path, folder: Path, far: PortalProcess, name: str, share: float | None, count: int
) -> Row:
    """One round of a peer."""
    happened = far.begin(share) if share is not None else {"edited": [], "saved": []}
    before = size_of(folder)
    cost = run(peer.command(env, folder), env={**os.environ, "HOME": str(folder)}, cwd=folder)
    if cost.status not in (0, 1) or "Traceback (most recent call last)" in cost.output:
        raise RuntimeError(f"{peer.name}: {cost.output[-2000:]}")
    told = peers.reported(cost.output)
    wanted = set(happened["edited"])
    news = far.news()
    legible = sum(1 for n in wanted & set(told) if (due := news[n]) and due[0] in told[n] and due[1] in told[n])
    return Row(
        peer.name, name, count, cost.cpu, cost.wall, cost.peak, size_of(folder) - before,
        len(set(told) - wanted), len(wanted - set(told)), legible, len(wanted),
    )  # fmt: skip


Begun = Callable[[str, float | None], Row]
"""One round of a program that was set up: its name, and the share of pages that are edited before it."""


def _ours(folder: Path, far: PortalProcess, given: Namespace) -> Begun:
    ours.write_sources(folder, given.pages, given.port)
    return lambda called, share: rounds.one(folder, far, called, share, given.pages, None, whole=True)


def _peer(peer: peers.Peer, home: Path, folder: Path, far: PortalProcess, given: Namespace) -> Begun:
    env = peers.environment(peer.name, peer.packages, home)
    peer.prepare(folder, given.pages, given.port, not given.without_selectors)
    return lambda called, share: peer_round(peer, env, folder, far, called, share, given.pages)


def _server(home: Path, folder: Path, far: PortalProcess, given: Namespace) -> Begun:
    env = peers.environment(changedetection.NAME, changedetection.PACKAGES, home)
    selectors = None if given.without_selectors else peers.SELECTORS
    changedetection.set_up(env, folder, given.pages, given.port, selectors)
    return lambda called, share: changedetection.one(env, folder, far, called, share, given.pages)


def table(rows: list[Row]) -> str:
    """The rows as Markdown; of a round that was repeated, medians of the rate and sums of the mistakes."""
    lines = [
        "| program | round | pages / CPU s | without start-up | wall s | peak MiB | disk kB / page | false | missed | legible |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for key in dict.fromkeys((row.who, row.round) for row in rows):
        mine = sorted((row for row in rows if (row.who, row.round) == key), key=lambda row: row.rate)
        middle = mine[len(mine) // 2]
        alone = f"{middle.pages / middle.service:.0f}" if middle.service else ""
        due = sum(row.due for row in mine)
        lines.append(
            f"| {key[0]} | {key[1]} | {middle.rate:.0f} | {alone} | {middle.wall:.1f} | {max(row.peak for row in mine) / 2**20:.0f} | "
            f"{sum(row.disk for row in mine) / sum(row.pages for row in mine) / 1000:.1f} | {sum(row.false for row in mine)} | "
            f"{sum(row.missed for row in mine)} | {sum(row.legible for row in mine)} of {due} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Everybody in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="?", type=int, default=300)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--home", type=Path, default=Path("build/bench"))
    parser.add_argument("--without-selectors", action="store_true")
    parser.add_argument("--only", nargs="*")
    given = parser.parse_args()
    home = given.home.resolve()
    programs: dict[str, Callable[[Path, PortalProcess, Namespace], Begun]] = {"watcher": _ours}
    programs |= {peer.name: partial(_peer, peer, home) for peer in peers.PEERS}
    programs[changedetection.NAME] = partial(_server, home)
    rows: list[Row] = []
    for name, program in programs.items():
        if given.only and name not in given.only:
            continue
        with tempfile.TemporaryDirectory() as place, portal(given.pages, given.port) as far:
            begun = program(Path(place), far, given)
            for called, share in rounds.EPOCHS:
                rows.append(begun(called, share))
                print(rows[-1].json(), flush=True)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {given.pages} pages\n")
    print(table(rows))


if __name__ == "__main__":
    main()
