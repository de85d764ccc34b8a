"""A real scheduler and three real workers, each on a machine of its own: whatever is killed, no change is lost or told twice, and no
host is asked faster than its spacing.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.certificates import tls
from tests.cluster.land import TOKEN, Forbidden, Land, Machines, land

pytest.importorskip("distributed", reason="the extra watcher[cluster] is not installed")

DELAY = 0.3


def test_machines_of_the_story_are_network_namespaces() -> None:
    ground = Machines(1, 1)
    try:
        ground.make()
    except Forbidden as error:
        pytest.skip(f"NO NAMESPACES OF THEIR OWN FOR WORKERS HERE, the story runs on loopback alone: {error}")
    ground.drop()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_workers_scheduler_and_coordinator_die_and_nothing_is_lost_or_told_twice_or_asked_too_fast(
    tmp_path: Path,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    with land(
        tmp_path, workers=3, hosts=8, pages=2, loopback=(unused_tcp_port_factory(), unused_tcp_port_factory())
    ) as here:
        here.tls = tls(here.folder)
        here.write_sources(every="2s", delay=f"{DELAY}s", timeout="1500ms", moved=2)
        here.portal(latency=0.15)
        here.run_scheduler()
        for number in (1, 2, 3):
            here.run_worker(number, pages=2)  # few, so that none of them can do it all and the one that hangs has work
        here.run_service()
        here.start("peek", 0, "tests.cluster.peek", here.scheduler)
        plans = [name for _, name in here.documents()]
        wanted: dict[tuple[str, str], None] = {}
        here.wait(lambda: here.log("run").count('"version.kept"') == len(plans) + 2)

        _edit(here, wanted, plans[:6], "81.")
        time.sleep(0.3)
        here.signal("worker1", signal.SIGKILL)
        here.signal("worker2", signal.SIGSTOP)
        here.wait(lambda: "cluster.worker_silent" in here.log("run"))

        _edit(here, wanted, plans[6:11], "82.")
        said = here.log("run").count("cluster.lost")  # on a busy machine the service may be up before its workers
        here.signal("scheduler", signal.SIGKILL)
        here.wait(lambda: here.log("run").count("cluster.lost") > said)
        here.run_scheduler()
        here.run_worker(1, pages=2)
        here.wait(lambda: wanted.keys() <= here.moves().keys())
        assert here.log("run").count("cluster.lost") == said + 1, "said once"

        _edit(here, wanted, plans[11:], "83.")
        time.sleep(0.3)
        here.signal("run", signal.SIGKILL)
        here.signal("worker2", signal.SIGCONT)
        here.run_service()
        here.wait(lambda: wanted.keys() <= here.moves().keys())
        here.signal("run", signal.SIGTERM)

        told = here.moves()
        assert {what: len(ids) for what, ids in told.items()} == dict.fromkeys(wanted, 1)
        assert here.breaches(DELAY) == []
        if isinstance(here.machines, Machines):
            assert len({one["from"] for one in here.asked()}) == 3, "each goes by its own way out"
        _nobody_else_knows(here)


def _edit(here: Land, wanted: dict[tuple[str, str], None], plans: list[str], whole: str) -> None:
    values = {name: f"{whole}{number + 1}" for number, name in enumerate(plans)}
    wanted.update(dict.fromkeys(values.items()))
    here.edit({f"/{name}.html": value for name, value in values.items()})


def _nobody_else_knows(here: Land) -> None:
    """The credential reached the portal; no log, no file of a worker, and nothing that the scheduler shows has it."""
    assert "<sealed>" in here.log("peek"), "tasks were looked at while they were under way"
    pages = [one for one in here.asked() if one["path"] != "/robots.txt"]
    assert all(one["knows"] for one in pages if "behind" not in one["path"]), "the portal does: that is what it is for"
    assert not any(one["knows"] for one in pages if "behind" in one["path"]), (
        "but not the host that a redirect leads to"
    )
    own = {here.folder / "asked.jsonl", here.folder / "told.jsonl"}
    for file in here.folder.rglob("*"):
        if file.is_file() and file not in own:
            assert TOKEN.encode() not in file.read_bytes(), f"{file.name} shows a credential"
