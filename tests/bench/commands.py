"""What commands cost that list or show, each a process of its own, on a large database.

``python -m tests.bench.store_scale FOLDER`` makes the database; ``python -m tests.bench.commands FOLDER [RUNS [WORDS…]]`` runs every
command once unmeasured and then RUNS times (10 when left out), and prints the least and the median of wall and processor time; with
WORDS only the commands that hold them. Commands are run as users run them: modules are compiled once and kept.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

from tests.bench.measuring import Cost, run

COMMANDS = (
    "--version",
    "status",
    "docs",
    "sources",
    "log doc-777",
    "log 第777市",
    "indicators doc-777",
    "diff doc-777 --stored",
    "diff doc-777 --from 1 --to 5",
    "alerts",
    "alerts --state dead",
    "alerts --preview doc-777",
    "incidents",
    "link",
    "link --explain 第1市“十四五”卫生健康规划（征求意见稿） 第1市“十四五”卫生健康规划",
    "docs --format json",
    "sources --format json",
    "incidents --all",
)
"""Every command that lists or shows what is stored; the largest of their lists too."""
OFTEN = 10
WELL = (0, 1)
"""Exit statuses of a command that showed what it was asked for (``diff`` has 1 for a difference)."""


def measured(folder: Path, words: str, runs: int) -> list[Cost]:
    """The costs of a command's runs, after one that is not counted. Raises ``RuntimeError`` when it fails."""
    command = [sys.executable, "-m", "watcher", "-s", str(folder / "sources.yaml"), *words.split(" ")]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    costs = []
    for _ in range(runs + 1):
        cost = run(command, env=env)
        if cost.status not in WELL:
            raise RuntimeError(f"watcher {words}: exit status {cost.status}\n{cost.output[-500:]}")
        costs.append(cost)
    return costs[1:]


def main() -> None:
    folder = Path(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else OFTEN
    chosen = [words for words in COMMANDS if not sys.argv[3:] or any(one in words for one in sys.argv[3:])]
    print(f"{'seconds':<44} {'wall min':>8} {'median':>8} {'cpu min':>8} {'median':>8}")
    for words in chosen:
        costs = measured(folder, words, runs)
        walls, cpus = [one.wall for one in costs], [one.cpu for one in costs]
        print(
            f"{words[:40]:<44} {min(walls):8.3f} {statistics.median(walls):8.3f} {min(cpus):8.3f} {statistics.median(cpus):8.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
