"""A country in miniature: a portal with many hosts, a scheduler, and machines with a way out of their own.

Each machine is a network namespace with an address of its own on one bridge, where this user may make them; otherwise all are
processes on loopback. Processes speak to the tests through files only.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PORT = 8080
SCHEDULER = 8786
TOKEN = "sesame-5f2c81"
"""A credential of a source; it must be seen by the portal and by nobody else."""


class Forbidden(Exception):
    """Namespaces cannot be made here."""


class Machines:
    """Network namespaces ``0`` (the portal's, with every host's address) to ``count``, on one bridge."""

    def __init__(self, count: int, hosts: int) -> None:
        self.name = f"w{os.getpid()}{uuid.uuid4().hex[:4]}"
        self.count = count
        self.hosts = hosts

    def make(self) -> None:
        """Raises ``Forbidden``."""
        try:
            for machine in range(self.count + 1):
                self._ip("netns", "add", self.place(machine))
                self._in(machine, "link", "set", "lo", "up")
            self._in(0, "link", "add", "road", "type", "bridge")
            self._in(0, "addr", "add", "10.77.0.1/16", "dev", "road")
            self._in(0, "link", "set", "road", "up")
            for host in range(self.hosts):
                self._in(0, "addr", "add", f"{self.host(host)}/16", "dev", "road")
            for machine in range(1, self.count + 1):
                self._in(
                    0,
                    "link",
                    "add",
                    f"to{machine}",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "out",
                    "netns",
                    self.place(machine),
                )
                self._in(0, "link", "set", f"to{machine}", "master", "road", "up")
                self._in(machine, "addr", "add", f"10.77.0.{machine + 10}/16", "dev", "out")
                self._in(machine, "link", "set", "out", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            self.drop()
            raise Forbidden(str(getattr(error, "stderr", "") or error)) from None

    def drop(self) -> None:
        for machine in range(self.count + 1):
            subprocess.run(["ip", "netns", "del", self.place(machine)], capture_output=True, check=False)

    def place(self, machine: int) -> str:
        return f"{self.name}-{machine}"

    def command(self, machine: int) -> list[str]:
        return ["ip", "netns", "exec", self.place(machine)]

    def host(self, number: int) -> str:
        return f"10.77.1.{number + 1}"

    scheduler = "10.77.0.1"

    def _in(self, machine: int, *words: str) -> None:
        self._ip("-n", self.place(machine), *words)

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Loopback:
    """The same without namespaces."""

    scheduler = "127.0.0.1"

    def command(self, machine: int) -> list[str]:
        return []

    def host(self, number: int) -> str:
        return f"127.0.1.{number + 1}"

    def drop(self) -> None:
        pass


@dataclass
class Land:
    """The running processes and what they wrote."""

    folder: Path
    machines: Machines | Loopback
    hosts: int
    pages: int
    port: int
    """The portal's."""
    scheduler_port: int = SCHEDULER
    tls: dict[str, str] = field(default_factory=dict)
    """Environment variables that name certificates; with any the cluster speaks TLS."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def scheduler(self) -> str:
        return f"dask{'+tls' if self.tls else ''}://{self.machines.scheduler}:{self.scheduler_port}"

    def secrets(self) -> dict[str, str]:
        """What the coordinator's environment holds."""
        return {
            "TEST_TOKEN": TOKEN,
            "TEST_HOOK": f"http://{self.machines.host(0)}:{self.port}/hook",
            "TEST_HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }

    def start(self, name: str, machine: int, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """``python -m words…`` on a machine; its output goes to ``name.log``."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        env = {
            **os.environ,
            "TMPDIR": str(self.folder / "tmp"),
            "WATCHER_LOG": "debug",
            "PYTHONFAULTHANDLER": "1",
            **self.tls,
            **more,
        }
        for secret in self.secrets():
            env.pop(secret, None)
        if name.startswith(("run", "check", "bench")):  # the coordinator alone knows the credentials
            env |= self.secrets()
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*self.machines.command(machine), sys.executable, "-m", *words],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
            )
        self.processes[name] = process
        return process

    def portal(self, latency: float) -> None:
        self.start("portal", 0, "tests.cluster.site", str(self.folder), str(self.port), str(latency))
        self.wait(lambda: "ready" in self.log("portal"))

    def run_scheduler(self) -> None:
        self.start("scheduler", 0, "watcher", "scheduler", self.scheduler)

    def run_worker(self, number: int, pages: int = 8) -> None:
        self.start(
            f"worker{number}",
            number,
            "watcher",
            "worker",
            self.scheduler,
            "--pages",
            str(pages),
            "--name",
            f"m{number}",
        )

    def run_service(self) -> None:
        self.start("run", 0, "watcher", "--sources", str(self.folder / "sources.yaml"), "run", "--no-web")

    def signal(self, name: str, number: signal.Signals) -> None:
        self.processes[name].send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.processes[name].wait(20)

    def write_sources(self, *, every: str, delay: str, timeout: str, moved: int = 0) -> None:
        """All documents, and ``moved`` ones more whose address leads to the next host."""
        lines = [
            f"settings:\n  database: watcher.db\n  every: {every}\n  jitter: 0\n  executor: {self.scheduler}\n"
            f"  network: {{allow_private: true, per_host_delay: {delay}, timeout: {timeout}, retries: 0, headers: {{cookie: 'env:TEST_TOKEN'}}}}\n"
            "channels:\n  team: {kind: webhook, url: 'env:TEST_HOOK', secret: 'env:TEST_HOOK_SECRET'}\ndocuments:\n"
        ]
        lines += [
            f'  - {{id: {name}, pages: [{{url: "http://{self.machines.host(host)}:{self.port}/{name}.html"}}], channels: [team]}}\n'
            for host, name in self.documents()
        ]
        lines += [
            f'  - {{id: moved-{host}, pages: [{{url: "http://{self.machines.host(host)}:{self.port}/moved-{host}.html"}}], channels: [team]}}\n'
            for host in range(min(moved, self.hosts - 1))
        ]
        (self.folder / "sources.yaml").write_text("".join(lines), encoding="utf-8")

    def documents(self) -> list[tuple[int, str]]:
        """Host number and id of each document."""
        return [(host, f"plan-{host}-{page}") for host in range(self.hosts) for page in range(self.pages)]

    def edit(self, values: dict[str, str]) -> None:
        """What plans promise from now on."""
        file = self.folder / "values.json"
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(known | values), encoding="utf-8")
        fresh.replace(file)

    def asked(self) -> list[dict[str, Any]]:
        """The portal's requests in the order of their arrival: ``at`` (seconds), ``host``, ``path``, ``from``, ``knows`` (the credential)."""
        return _lines(self.folder / "asked.jsonl")

    def told(self) -> list[dict[str, Any]]:
        """The messages that arrived: ``id`` and ``body``."""
        return _lines(self.folder / "told.jsonl")

    def moves(self) -> dict[tuple[str, str], set[str]]:
        """Which ids of messages told of a new value: by document and value."""
        found: dict[tuple[str, str], set[str]] = {}
        for one in self.told():
            if one["body"]["type"] == "document.changed":
                data = one["body"]["data"]
                document = data["document"]["id"] if isinstance(data["document"], dict) else data["document"]
                for move in data["moves"]:
                    found.setdefault((document, move["after"]["value"]), set()).add(one["id"])
        return found

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def wait(self, done: Callable[[], object], seconds: float = 60.0) -> None:
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                logs = {name: self.log(name)[-1500:] for name in self.processes if name != "portal"}
                raise AssertionError(f"it did not come: {json.dumps(logs, indent=1, ensure_ascii=False)}")
            time.sleep(0.05)

    def breaches(self, delay: float) -> list[tuple[str, float]]:
        """Hosts that were asked again before ``delay`` seconds had passed since the last request began."""
        last: dict[str, float] = {}
        found = []
        for one in self.asked():
            if one["host"] in last and one["at"] - last[one["host"]] < delay:
                found.append((f"{one['host']}{one['path']}", round(one["at"] - last[one["host"]], 3)))
            last[one["host"]] = one["at"]
        return found

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


def _lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [
        json.loads(line) for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")
    ]


def machines(count: int, hosts: int) -> Machines | Loopback:
    """Namespaces where they can be made, else loopback."""
    made = Machines(count, hosts)
    try:
        made.make()
    except Forbidden:
        return Loopback()
    return made


@contextlib.contextmanager
def land(
    folder: Path, *, workers: int, hosts: int, pages: int, loopback: tuple[int, int] = (18880, 18881)
) -> Iterator[Land]:
    """A land whose processes are to be started; ended and removed in the end."""
    ground = machines(workers, hosts)
    # A namespace has all ports to itself; loopback is everybody's.
    ports = (PORT, SCHEDULER) if isinstance(ground, Machines) else loopback
    here = Land(folder, ground, hosts, pages, *ports)
    try:
        yield here
    finally:
        here.stop()
        ground.drop()


def spread(values: Sequence[str], documents: Sequence[tuple[int, str]]) -> dict[str, str]:
    """One value for each document, in order."""
    return {f"/{name}.html": value for (_, name), value in zip(documents, values, strict=False)}
