"""What one round costs: CPU of a process and its children, wall time, peak memory, bytes on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """Of one process that ran to its end. Seconds, bytes."""

    cpu: float
    wall: float
    peak: int
    """Largest resident set of the process (its children have their own)."""
    status: int
    output: str = ""


def run(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None, timeout: float = 1800
) -> Cost:
    """Runs a command to its end; what it and its waited-for children used is asked of the kernel."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env=dict(env) if env is not None else None, cwd=cwd, stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        output = out.read().decode(errors="replace")
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=time.perf_counter() - begun,
        peak=usage.ru_maxrss * 1024,
        status=process.returncode,
        output=output,
    )


@contextmanager
def portal(count: int, port: int, latency: float = 0.0) -> Iterator[PortalProcess]:
    """A portal of ``count`` pages in its own process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.portal", str(count), str(port), str(latency)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != b"ready":
            raise RuntimeError("the portal did not start; is its port taken?")
        yield PortalProcess(port)
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class PortalProcess:
    """How the runner talks to the portal."""

    port: int

    def ask(self, method: str, path: str) -> Any:
        """One request; the JSON of its answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def begin(self, share: float) -> dict[str, list[int]]:
        """A new epoch: which pages were edited, which saved again."""
        found: dict[str, list[int]] = self.ask("POST", f"/_epoch?share={share}")
        return found

    def told(self, who: str) -> list[str]:
        """What was told since the epoch began."""
        found: list[str] = self.ask("GET", f"/_told?who={who}")
        return found

    def cpu(self) -> float:
        """Processor seconds that the portal took so far."""
        return float(self.ask("GET", "/_state")["cpu"])

    def news(self) -> list[tuple[str, str] | None]:
        """Name and new value of every page's last edit."""
        found: list[tuple[str, str] | None] = self.ask("GET", "/_state")["news"]
        return found


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    who: str
    round: str
    pages: int
    cpu: float
    wall: float
    peak: int
    disk: int
    false: int = 0
    missed: int = 0
    legible: int = 0
    due: int = 0
    service: float = 0.0
    """CPU seconds of the round alone where the program is a service that starts once; else 0."""
    own: float = 0.0
    """Of these, those of the coordinator; the rest are its workers'."""
    portal: float = 0.0
    """CPU seconds that the portal took meanwhile on the same cores."""
    below: int = 0
    """Bytes that the workers hold, each counted whole though they share much."""

    @property
    def rate(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.cpu if self.cpu else 0.0

    def json(self) -> str:
        """The row as a line of JSON."""
        return json.dumps({**asdict(self), "rate": round(self.rate, 1)})


def below(pid: int) -> list[tuple[float, int]]:
    """CPU seconds and resident bytes of each process that descends from one and still runs."""
    parents: dict[int, list[tuple[int, float]]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            spent = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            parents.setdefault(int(fields[1]), []).append((int(place.name), spent))
    found, waiting = [], [pid]
    while waiting:
        for child, spent in parents.get(waiting.pop(), []):
            waiting.append(child)
            with suppress(OSError):
                pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
                found.append((spent, pages * os.sysconf("SC_PAGE_SIZE")))
    return found


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
