"""Kills the real service at random moments while plans change and a channel misbehaves, and counts what arrived.

``python -m tests.service.killing 300`` kills it three hundred times; the test of the same name a few times.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipeline.world import HOOK_SECRET, ORDOS, SHUOZHOU, Robot, sources_text
from watcher.demo.portal import Portal

EDITS = {
    ORDOS: ("到2025年，人均预期寿命达到76.3岁", "到2025年，人均预期寿命达到{}岁"),
    SHUOZHOU: ("每千人口注册护士数(人)\n\n3.8\n", "每千人口注册护士数(人)\n\n{}\n"),
}


@dataclass
class Outcome:
    """What a run saw."""

    kills: int = 0
    edits: int = 0
    arrived: int = 0
    messages: int = 0
    distinct: int = 0
    invented: list[str] = field(default_factory=list)


class Runner:
    """One ``watcher run`` after another."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "watcher", "--sources", str(self.file), "run", "--no-web",
                stdout=asyncio.subprocess.DEVNULL, stderr=log, env=os.environ.copy(),
            )  # fmt: skip

    @property
    def log(self) -> Path:
        return self.file.with_name("log.txt")

    def check(self) -> None:
        """Raises when the service ended by itself: that is never expected."""
        if self.process is not None and self.process.returncode is not None:
            raise AssertionError(f"the service ended by itself: {self.log.read_text(encoding='utf-8')[-2000:]}")

    async def end(self, number: int) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()


async def killing(folder: Path, seeds: Path, kills: int, seed: int = 1) -> Outcome:
    """Kills until ``kills`` is reached, editing one plan after the other; then lets the service finish."""
    dice = random.Random(seed)
    outcome = Outcome()
    robot = Robot()
    receiver = await robot.start()
    os.environ["TEST_HOOK"] = f"http://127.0.0.1:{robot.port}/hook"
    os.environ["TEST_HOOK_SECRET"] = HOOK_SECRET
    file = folder / "sources.yaml"
    try:
        async with Portal(seeds, latency=0.05) as portal:
            text = sources_text(portal, robot, list(EDITS)).replace("every: 6h", "every: 1s")
            file.write_text(text, encoding="utf-8")
            runner = Runner(file)
            await runner.start()
            await _until(lambda: all(portal.asked(name) >= 2 for name in EDITS))
            await _stories(portal, robot, runner, dice, outcome, kills)
            await runner.end(signal.SIGTERM)
    finally:
        await receiver.cleanup()
    outcome.messages = len(robot.ids)
    outcome.distinct = len(set(robot.ids))
    return outcome


async def _stories(
    portal: Portal, robot: Robot, runner: Runner, dice: random.Random, outcome: Outcome, kills: int
) -> None:
    standing = {name: old for name, (old, _) in EDITS.items()}
    told: set[str] = set()
    while outcome.kills < kills or outcome.edits == 0:
        for name, (_, pattern) in EDITS.items():
            outcome.edits += 1
            value = f"{30 + outcome.edits / 100:.2f}"
            fresh = pattern.format(value)
            faults: list[int | str] = [200, 200, 500, 503, "lose", "stall"]
            robot.faults = [dice.choice(faults) for _ in range(3)]
            portal.edit(name, standing[name], fresh)
            standing[name] = fresh
            deadline = asyncio.get_running_loop().time() + 400
            while value not in _values(robot):
                if asyncio.get_running_loop().time() > deadline:
                    return
                await asyncio.sleep(dice.uniform(0.2, 6.0))
                runner.check()
                if outcome.kills < kills:
                    await runner.end(signal.SIGKILL)
                    outcome.kills += 1
                    # Backoff after a failed delivery is half a minute: the queue is woken as `watcher resend` would.
                    _wake(runner.file.parent / "watcher.db")
                    await runner.start()
                else:
                    robot.faults = []
                    _wake(runner.file.parent / "watcher.db")
            outcome.arrived += 1
            told.add(value)
    outcome.invented = [value for value in _values(robot) if value not in told]


def _values(robot: Robot) -> set[str]:
    return {
        move["after"]["value"]
        for one in robot.taken
        if one["type"] == "document.changed"
        for move in one["data"]["moves"]
        if move["after"]
    } - {None}


def _wake(database: Path) -> None:
    from watcher.errors import StoreError
    from watcher.store import Store

    try:
        with Store(database) as store:
            store.db.execute("UPDATE alerts SET not_before = created_at WHERE state = 'waiting'")
            store.db.execute("UPDATE sources SET next_at = NULL WHERE failures > 0")
    except StoreError:
        return


async def _until(done, seconds: float = 60.0) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(asyncio.run(killing(Path(place), Path(__file__).parents[2] / "seeds", int(sys.argv[1]))))
