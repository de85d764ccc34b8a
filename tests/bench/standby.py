"""A stand-by that takes over: ``python -m tests.bench.standby LITESTREAM [EDITS]`` (the path of a Litestream binary).

A real service watches a small site while Litestream replicates its database to another folder (that stands for another machine); then service and
Litestream are killed, the stand-by restores the copy and goes on. Prints how far the copy was behind, how long taking over took,
what Litestream cost, and what became of the changes.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.cluster.land import Land, Loopback

PORT = 18190


def main() -> None:
    """One story."""
    parser = argparse.ArgumentParser()
    parser.add_argument("litestream", type=Path)
    parser.add_argument("edits", nargs="?", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        land = Land(folder, Loopback(), given.edits, 1, PORT, PORT + 1)
        land.write_sources(every="2s", delay="0s", timeout="5s")
        sources = folder / "sources.yaml"
        sources.write_text(sources.read_text(encoding="utf-8").replace(land.scheduler, "local"), encoding="utf-8")
        plans = [name for _, name in land.documents()]
        database, copy = folder / "watcher.db", folder / "copy"
        try:
            land.portal(0.02)
            land.run_service()
            land.wait(lambda: land.log("run").count('"version.kept"') == len(plans))
            command = [str(given.litestream), "replicate", str(database), f"file://{copy}"]
            with (folder / "litestream.log").open("wb") as log:
                replica = subprocess.Popen(command, stdout=log, stderr=log)
            time.sleep(3)
            for number, plan in enumerate(plans):
                land.edit({f"/{plan}.html": f"81.{number + 1}"})
                time.sleep(0.5)
            land.wait(lambda: len(land.moves()) >= len(plans) // 2)
            last = f"81.{len(plans)}"
            land.signal("run", signal.SIGKILL)
            replica.kill()
            _, status, used = os.wait4(replica.pid, 0)
            replica.returncode = os.waitstatus_to_exitcode(status)
            told_before = set(land.moves())
            begun = time.perf_counter()
            standby = folder / "standby"
            standby.mkdir()
            subprocess.run(
                [str(given.litestream), "restore", "-o", str(standby / "watcher.db"), f"file://{copy}"],
                check=True,
                capture_output=True,
            )
            restored = time.perf_counter() - begun
            behind = _edits(database) - _edits(standby / "watcher.db")
            (standby / "sources.yaml").write_text(sources.read_text(encoding="utf-8"), encoding="utf-8")
            land.start("run-standby", 0, "watcher", "--sources", str(standby / "sources.yaml"), "run", "--no-web")
            land.wait(lambda: "service.started" in land.log("run-standby"))
            started = time.perf_counter() - begun
            land.wait(lambda: {value for _, value in land.moves()} >= {f"81.{n + 1}" for n in range(len(plans))})
            everything = time.perf_counter() - begun
            time.sleep(5)
            twice = {what: len(ids) for what, ids in land.moves().items() if len(ids) > 1}
            print(
                f"database {database.stat().st_size / 1e6:.1f} MB, copy {_size(copy) / 1e6:.1f} MB of {sum(1 for _ in copy.rglob('*.ltx'))} files"
            )
            print(f"Litestream used {used.ru_utime + used.ru_stime:.2f} s of processor time for {given.edits} edits")
            print(f"told before the crash: {len(told_before)} of {len(plans)} (the last one is {last})")
            print(f"versions that the copy did not have: {behind}")
            print(
                f"restored after {restored:.2f} s, the stand-by's service up after {started:.2f} s, every change told after {everything:.1f} s"
            )
            print(f"told under two ids: {len(twice)} {sorted(twice)}")
            checked = subprocess.run(
                [sys.executable, "-m", "watcher", "--sources", str(standby / "sources.yaml"), "verify"],
                env={**os.environ, **land.secrets()}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            print("verify:", checked.stdout.strip() or checked.stderr.strip())
        finally:
            land.stop()


def _edits(database: Path) -> int:
    from watcher.store import Store

    with Store(database, read_only=True) as store:
        return store.counts()["versions"]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
