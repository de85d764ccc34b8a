"""What cannot work is refused in plain words: another release, nobody there, an open road. Nothing is fetched from here instead."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.land import ROOT, Land, Loopback
from tests.service.site import running, until

pytest.importorskip("distributed", reason="the extra watcher[cluster] is not installed")


@pytest.fixture
def here(tmp_path: Path, unused_tcp_port_factory: Callable[[], int]) -> Iterator[Land]:
    made = Land(tmp_path, Loopback(), 1, 1, unused_tcp_port_factory(), unused_tcp_port_factory())
    yield made
    made.stop()


def watcher(here: Land, *words: str, **env: str) -> tuple[int, str]:
    """Runs a command to its end: its status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "watcher", "--lang", "en", "--sources", str(here.folder / "sources.yaml"), *words],
        cwd=ROOT, env={**os.environ, **here.secrets(), **env}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def other_release(folder: Path) -> str:
    """A folder before which Python finds watcher 9.9.9."""
    (folder / "other" / "watcher-9.9.9.dist-info").mkdir(parents=True)
    (folder / "other" / "watcher-9.9.9.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: watcher\nVersion: 9.9.9\n"
    )
    return str(folder / "other")


def test_a_scheduler_that_is_not_there_is_an_error_and_no_reason_to_go_oneself(here: Land) -> None:
    here.write_sources(every="1h", delay="0s", timeout="2s")
    here.portal(latency=0)
    status, said = watcher(here, "check")
    assert status == 2
    assert f"the scheduler {here.scheduler} cannot be reached" in said
    assert "Traceback" not in said
    assert here.asked() == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("worker", "dask://8.8.8.8:8786"), "dask+tls://"),
        (("scheduler", "dask://0.0.0.0:8786"), "dask+tls://"),
        (("worker", "dask+tls://127.0.0.1:8786"), "certificates"),
        (("worker", "tcp://127.0.0.1:8786"), "a scheduler is written dask://HOST:PORT"),
    ],
)
def test_an_open_road_is_refused_with_what_to_do(here: Land, words: tuple[str, ...], expected: str) -> None:
    status, said = watcher(here, *words)
    assert (status, expected in said, "Traceback" in said) == (2, True, False)


def test_another_release_is_refused_with_both_versions_and_what_to_do(here: Land) -> None:
    here.write_sources(every="1h", delay="0s", timeout="2s")
    here.portal(latency=0)
    here.run_scheduler()
    here.start(
        "old", 1, "watcher", "worker", here.scheduler, "--name", "old-one", PYTHONPATH=other_release(here.folder)
    )
    here.wait(lambda: "worker.joined" in here.log("old"))
    status, said = watcher(here, "check")
    assert status == 2
    assert "old-one is not of the same release as this machine: watcher 9.9.9 there, " in said
    assert "Install the same watcher[cluster]" in said
    assert here.asked() == []
    status, said = watcher(here, "check", PYTHONPATH=str(here.folder / "other"))
    assert "the scheduler dask://" in said, "and a scheduler is looked at first"
    assert status == 2


async def test_a_service_without_its_workers_waits_and_tells_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setattr("watcher.service.REMIND", 0.2)
    monkeypatch.setattr("watcher.pipeline.vigil.STRANDED", 0.1)
    monkeypatch.setattr("watcher.pipeline.cluster.connection.CONNECT", 0.5)
    more = f"  executor: dask://127.0.0.1:{unused_tcp_port}\n"
    async with running(tmp_path, monkeypatch, more=more, wait=False) as trouble:
        await until(lambda: trouble.robot.taken)
        await trouble.pass_time(hours=1)
        await trouble.pass_time(hours=1)
        assert trouble.robot.types() == ["incident.opened"]
        assert trouble.robot.taken[0]["data"]["kind"] == "cluster"
        assert trouble.asked() == 0, "never silently from here"
