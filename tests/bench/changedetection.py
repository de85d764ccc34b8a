"""changedetection.io as its documentation advises: a server of its own, set up and driven by its API.

An expert's selector for each portal system, its own fetcher (``html_requests``), ten fetching workers, no least time between two
checks, one notification address (apprise's ``post://``) with its default text. A round starts the server on the folder that the last one
left, asks it to check everything, waits until all is checked and told, and ends it with SIGTERM.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import pages
from tests.bench.measuring import PortalProcess, Row, below, size_of

NAME = "changedetection.io"
PACKAGES = ("changedetection.io==0.60.10",)
PORT = 18099
WORKERS = 10
LOOK = 1.0
"""Seconds between two looks whether all is done."""
SETTLED = 5.0
"""Seconds without another notification after which none is awaited."""
PATIENCE = 1800.0
"""Seconds that a round may take."""
SETTINGS = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # the portal is on loopback
    "DISABLE_VERSION_CHECK": "true",
    "FETCH_WORKERS": str(WORKERS),
    "LLM_FEATURES_DISABLED": "true",
    "LOGGER_LEVEL": "ERROR",
    "MINIMUM_SECONDS_RECHECK_TIME": "0",
}


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    folder: Path
    key: str = ""

    def ask(self, method: str, path: str, value: object = None) -> Any:
        """One request to its API; the JSON of its answer."""
        body = None if value is None else json.dumps(value).encode()
        headers = {"x-api-key": self.key, "content-type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/api/v1/{path}", method=method, data=body, headers=headers
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def cpu(self) -> float:
        """Seconds of processor time so far, its children's with them."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        return own + sum(spent for spent, _ in below(self.process.pid))

    def answers(self) -> bool:
        """Whether its API is there; reads its key then."""
        try:
            kept = json.loads((self.folder / "data" / "changedetection.json").read_text("utf-8"))
            self.key = kept["settings"]["application"]["api_access_token"]
            self.ask("GET", "systeminfo")
        except (OSError, ValueError, KeyError, urllib.error.URLError):
            return False
        return True


@contextmanager
def running(env: Path, folder: Path, *, paused: bool) -> Iterator[Server]:
    """The server on a folder until the block ends; ``paused``: it checks nothing by itself."""
    command = [str(env / "bin" / NAME), "-C", "-d", str(folder / "data"), "-h", "127.0.0.1", "-p", str(PORT)]
    with (folder / "server.log").open("ab") as out:
        process = subprocess.Popen(
            [*command, "-P", str(paused).lower()],
            env={**os.environ, **SETTINGS, "HOME": str(folder)}, cwd=folder, stdout=out, stderr=out,
        )  # fmt: skip
    server = Server(process, folder)
    try:
        until = time.monotonic() + 120
        while not server.answers():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "server.log").read_text(errors="replace")[-2000:])
            time.sleep(0.2)
        yield server
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def set_up(env: Path, folder: Path, count: int, port: int, selectors: dict[str, str] | None) -> None:
    """Makes a folder with ``count`` watches and none of its examples; not part of any round, as little as writing a list of jobs is."""
    with running(env, folder, paused=True) as server:
        for example in server.ask("GET", "watch"):
            server.ask("DELETE", f"watch/{example}")
        server.ask("POST", "notifications", {"notification_urls": [f"post://127.0.0.1:{port}/hook?who={NAME}"]})
        for number in range(count):
            watch = {
                "url": f"http://{pages.host(number)}:{port}{pages.path(number)}",
                "title": f"plan-{number}",
                "fetch_backend": "html_requests",
                "include_filters": [selectors[pages.family(number)]] if selectors else [],
            }
            server.ask("POST", "watch", watch)


def told(texts: list[str], count: int) -> dict[int, str]:
    """What was told about each page, known by its address."""
    numbers = {pages.path(number): number for number in range(count)}
    found: dict[int, str] = {}
    for text in texts:
        for path, number in numbers.items():
            if path in text:
                found[number] = found.get(number, "") + text
    return found


def one(env: Path, folder: Path, far: PortalProcess, name: str, share: float | None, count: int) -> Row:
    """One round."""
    happened = far.begin(share) if share is not None else {"edited": [], "saved": []}
    before, portal_before = size_of(folder), far.cpu()
    begun = time.perf_counter()
    with running(env, folder, paused=True) as server:
        started, ready = server.cpu(), time.time()
        server.ask("GET", "watch?recheck_all=1")
        bad = _waited(server, int(ready), count)
        heard = _heard(far)
        spent, wall = server.cpu(), time.perf_counter() - begun
        peak = _peak(server.process.pid)
    known = told(heard, count)
    wanted, news = set(happened["edited"]), far.news()
    if bad:
        print(f"{NAME}: {len(bad)} pages could not be checked, such as: {bad[0]}", flush=True)
    legible = sum(1 for n in wanted & set(known) if (due := news[n]) and due[0] in known[n] and due[1] in known[n])
    return Row(
        NAME, name, count, spent, wall - SETTLED, peak, size_of(folder) - before, len(set(known) - wanted),
        len(wanted - set(known)), legible, len(wanted), spent - started, spent, far.cpu() - portal_before,
    )  # fmt: skip


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _waited(server: Server, since: int, count: int) -> list[str]:
    """Waits until every watch was checked; what stands against those that could not be."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        watches = server.ask("GET", "watch").values()
        checked = len(watches) == count and all(one["last_checked"] >= since for one in watches)
        if checked and server.ask("GET", "systeminfo")["queue_size"] == 0:
            return [str(one["last_error"]) for one in watches if one["last_error"]]
        time.sleep(LOOK)
    raise RuntimeError(f"{NAME} did not end its round within {PATIENCE:.0f} s")


def _heard(far: PortalProcess) -> list[str]:
    """The notifications, when no more have come for a while."""
    found, last = far.told(NAME), time.monotonic()
    while time.monotonic() - last < SETTLED:
        time.sleep(LOOK)
        now = far.told(NAME)
        if len(now) != len(found):
            found, last = now, time.monotonic()
    return found
