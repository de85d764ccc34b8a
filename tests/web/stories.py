"""A database with a story in it: the seeds over HTTP, the plan of 呼和浩特 from draft to final, alerts, an incident."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.pipeline.world import due
from watcher.demo.portal import Portal
from watcher.fetch.gate import Gate
from watcher.pipeline.context import Context
from watcher.pipeline.rounds import whole_round
from watcher.settings import Sources
from watcher.sources import load
from watcher.store import Store

HOHHOT = "hohhot-health-14-5"
ORDOS = "ordos-health-14-5"
SHUOZHOU = "shuozhou-public-health-14-5"
SHANGYU = "shangyu-health"
NAMES = (HOHHOT, ORDOS, SHUOZHOU, SHANGYU, "ulanqab-health-2020")
TITLES = {
    HOHHOT: ("呼和浩特市“十四五”卫生与健康事业发展规划", "呼和浩特市"),
    ORDOS: ("鄂尔多斯市“十四五”卫生健康事业发展规划", "鄂尔多斯市"),
    SHUOZHOU: ("朔州市“十四五”公共卫生体系规划", "朔州市"),
    SHANGYU: ("绍兴市上虞区卫生健康现代化建设实施方案", "绍兴市上虞区"),
    "ulanqab-health-2020": ("立足当前聚焦重点夯实筑牢乌兰察布卫生健康防线", "乌兰察布市"),
}
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

_YAML = """\
settings:
  database: watcher.db
  every: 6h
  network: {{allow_private: ["127.0.0.1"], per_host_delay: 0s, retries: 0}}
  alerts: {{incident_after: 2, tries: 1, first_seen: true}}
  web: {{port: 0}}
channels:
  team: {{kind: webhook, url: "env:TEST_STORY_HOOK"}}
documents:
{documents}
columns:
  - id: hohhot-gov-plans
    title: 呼和浩特市人民政府文件
    url: "{column}"
    follow: "卫生|健康"
    channels: [team]
"""


def write_sources(portal: Portal, home: Path, names: Sequence[str] = NAMES) -> Path:
    """sources.yaml for the portal's documents."""
    documents = "\n".join(
        f'  - {{id: {name}, title: "{TITLES[name][0]}", region: {TITLES[name][1]}, channels: [team], '
        f'pages: [{{url: "{portal.url(name)}"}}]}}'
        for name in names
    )
    file = home / "sources.yaml"
    file.write_text(_YAML.format(documents=documents, column=portal.column_url), encoding="utf-8")
    return file


async def play(home: Path, seeds: Path) -> Sources:
    """Plays the story into ``home / watcher.db``; the webhook's port is closed, so its alerts become dead letters."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        os.environ["TEST_STORY_HOOK"] = f"http://127.0.0.1:{closed.getsockname()[1]}/hook"
    time = [BEGIN]
    async with Portal(seeds) as portal:
        sources = load(write_sources(portal, home), secrets=True)
        with closing(Store(sources.database)) as store:
            store.sources.sync(sources, time[0])
            async with Gate(sources.network) as gate:
                context = Context(sources, store, gate, now=lambda: time[0], dice=lambda: 0.0)

                async def one(hours: float = 12) -> None:
                    time[0] += timedelta(hours=hours)
                    await whole_round(context, due(store, context.now()))

                await one()
                portal.edit(ORDOS, "76.8", "77")
                await one()
                portal.publish_final()
                await one()
                portal.fail(SHANGYU, "jsl", times=9)
                await one()
                await one()
                await one()
    return sources


if __name__ == "__main__":
    import sys

    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    asyncio.run(play(place, Path(__file__).resolve().parents[2] / "seeds"))
