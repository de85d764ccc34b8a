"""Upkeep that takes long, in a process of its own: it delays no tick, is polite to the processor, and ends when it is told to.

``python -m watcher.pipeline.chores backup DATABASE TARGET`` and ``… verify DATABASE``; answers with one JSON line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from watcher.errors import StoreError
from watcher.store import Store
from watcher.words import both

POLITE = 10
"""How much nicer than the service a chore is."""


async def backup(database: Path, target: Path) -> None:
    """A consistent copy while the service reads and writes. Raises ``StoreError``."""
    for left in target.parent.glob(f"{database.name}.backup-*.part"):
        left.unlink(missing_ok=True)  # of a process that was ended
    await _aside("backup", database, target)


async def verify(database: Path) -> list[str]:
    """What is damaged, one line each. Raises ``StoreError`` where the check itself could not be made."""
    return [str(one) for one in await _aside("verify", database)]


async def _aside(*words: str | Path) -> list[Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *map(str, words), stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        told, _ = await child.communicate()
    finally:  # also when the service ends meanwhile
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    try:
        answer = json.loads(told)
    except ValueError:
        raise StoreError(
            both(
                f"{words[0]}：为此启动的进程以状态 {child.returncode} 结束",
                f"{words[0]}: the process for it ended with status {child.returncode}",
            )
        ) from None
    if "error" in answer:
        raise StoreError(answer["error"])
    return list(answer["found"])


def main(words: list[str]) -> None:
    """Does one chore and prints its answer."""
    with contextlib.suppress(OSError):
        os.nice(POLITE)
    found: list[str] = []
    try:
        with Store(Path(words[1]), read_only=True) as store:
            if words[0] == "backup":
                store.backup(Path(words[2]))
            else:
                found = store.verify()
    except StoreError as error:
        print(json.dumps({"error": error.both}))
    else:
        print(json.dumps({"found": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
