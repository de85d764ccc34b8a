"""Rounds of this project: ``python -m tests.bench.rounds [PAGES] [--profile FOLDER]``. Prints a row of JSON a round."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.bench import ours
from tests.bench.measuring import PortalProcess, Row, portal, run, size_of

HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EPOCHS = (("first", None), ("re-check", 0.05), ("re-check", 0.05), ("re-check", 0.05), ("all changed", 1.0))


def judged(told: list[str], edited: list[int], news: list[tuple[str, str] | None]) -> tuple[int, int, int]:
    """False changes, missed ones, and alerts that show the new value."""
    changed: dict[int, str] = {}
    false = 0
    for text in told:
        message = json.loads(text)
        if message["type"] != "document.changed":
            false += 1
            continue
        number = (
            int(message["data"]["document"]["id"].removeprefix("plan-"))
            if isinstance(message["data"]["document"], dict)
            else int(message["data"]["document"].removeprefix("plan-"))
        )
        changed[number] = changed.get(number, "") + text
    wanted = set(edited)
    legible = sum(
        1
        for number in wanted & set(changed)
        if (due := news[number]) and due[0] in changed[number] and due[1] in changed[number]
    )
    return false + len(set(changed) - wanted), len(wanted - set(changed)), legible


def one(
    folder: Path,
    far: PortalProcess,
    name: str,
    share: float | None,
    count: int,
    profile: Path | None,
    *,
    whole: bool = False,
) -> Row:
    """One round of this project; ``whole``: start-up of the process counts too."""
    happened = far.begin(share) if share is not None else {"edited": [], "saved": []}
    before, portal_before = size_of(folder), far.cpu()
    command = [sys.executable, "-m", "tests.bench.ours", str(folder)]
    if profile is not None:
        command += ["--profile", str(profile)]
    env = {
        **os.environ,
        "BENCH_HOOK": f"http://127.0.0.1:{far.port}/hook?who=watcher",
        "BENCH_HOOK_SECRET": HOOK_SECRET,
    }
    cost = run(command, env=env)
    if cost.status != 0:
        raise RuntimeError(cost.output)
    found = json.loads(cost.output.strip().splitlines()[-1])
    if found["failed"]:
        print(cost.output, file=sys.stderr)
    portal_spent = far.cpu() - portal_before
    false, missed, legible = judged(far.told("watcher"), happened["edited"], far.news())
    return Row(
        "watcher",
        name,
        count,
        cost.cpu if whole else found["cpu"],
        cost.wall if whole else found["wall"],
        cost.peak,
        size_of(folder) - before,
        false,
        missed,
        legible,
        len(happened["edited"]),
        found["cpu"],
        found["own"],
        portal_spent,
        found["below"],
    )


def main() -> None:
    """All rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="?", type=int, default=1000)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--executor", default="local")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, portal(given.pages, given.port) as far:
        folder = Path(name)
        ours.write_sources(folder, given.pages, given.port, executor=given.executor)
        for number, (called, share) in enumerate(EPOCHS):
            profile = given.profile / f"{number}.prof" if given.profile else None
            print(one(folder, far, called, share, given.pages, profile).json(), flush=True)


if __name__ == "__main__":
    main()
