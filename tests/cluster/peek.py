"""Prints what a scheduler can show of its tasks: ``python -m tests.cluster.peek dask://HOST:PORT``."""

from __future__ import annotations

import sys
import time
from typing import Any

from watcher.settings import Scheduler


def look(dask_scheduler: Any) -> list[str]:
    """Keys, states, functions and arguments as they print."""
    return [
        f"{key!r} {task!r} {task.state} {task.run_spec!r} {getattr(task.run_spec, 'args', None)!r} {task.annotations!r}"
        for key, task in dask_scheduler.tasks.items()
    ]


def main() -> None:
    from distributed import Client, Security

    place = Scheduler.parse(sys.argv[1])
    security = Security(require_encryption=place.tls)  # type: ignore[no-untyped-call]
    with Client(place.contact, timeout=20, set_as_default=False, security=security) as client:  # type: ignore[no-untyped-call]
        until = time.monotonic() + 90  # on a busy machine workers take half a minute to come
        seen: list[str] = []
        while time.monotonic() < until and not any("<sealed>" in line for line in seen):
            seen = client.run_on_scheduler(look)
            time.sleep(0.02)
        print("\n".join(seen))
        print(client.get_events())


if __name__ == "__main__":
    main()
