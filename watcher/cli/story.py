"""The demo: the whole product against a portal on loopback, told as it happens.

Nothing is simulated but the portal's contents and the chat robot: the service is the one of ``watcher run``, the database
a real file, every page and message goes over HTTP.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from watcher.demo.portal import Portal
from watcher.errors import WatcherError
from watcher.logs import configure
from watcher.service import Service
from watcher.sources import load
from watcher.store import Store
from watcher.web.server import PageServer
from watcher.words import STAGE_WORDS, Options, tr

PATIENCE = 40.0
"""Seconds that one step of the story may take before the demo gives up and says so."""
NOISE_ROUNDS = 4


class Chat:
    """A team chat's robot on loopback: takes what the real one takes, answers as it does, remembers."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listens on a free port of loopback."""
        app = web.Application()
        app.router.add_post("/robot", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def stop(self) -> None:
        """Closes the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        text = body.get("markdown", {}).get("content", "")
        if body.get("msgtype") != "markdown" or not text or len(text.encode()) > 4096:
            return web.json_response({"errcode": 40058, "errmsg": "invalid message"})
        self.messages.append(body)
        self.arrived.set()
        return web.json_response({"errcode": 0, "errmsg": "ok"})


SOURCES = """\
settings:
  database: watcher.db
  every: 1s
  network: {{allow_private: ["127.0.0.1"], per_host_delay: 0s}}
  upkeep: {{backup_every: 1d}}
  web: {{port: 0}}
channels:
  team: {{kind: wecom, url: "env:WATCHER_DEMO_CHAT"}}
documents:
{documents}
columns:
  - id: hohhot-gov-plans
    title: 呼和浩特市人民政府文件（演示）
    url: "{column}"
    follow: "卫生|健康"
    channels: [team]
"""


async def tell_story(console: Console, *, keep: bool = False, seeds: Path | None = None) -> int:
    """Plays the whole story; returns the exit status (0 when everything came as it should)."""
    configure("warning")
    folder = find_seeds(seeds)
    home = Path(tempfile.mkdtemp(prefix="watcher-demo-"))
    chat = Chat()
    await chat.start()
    os.environ["WATCHER_DEMO_CHAT"] = f"http://127.0.0.1:{chat.port}/robot"
    try:
        async with Portal(folder) as portal:
            story = _Story(console, portal, chat, home)
            return await story.play(keep=keep)
    finally:
        await chat.stop()
        shutil.rmtree(home, ignore_errors=True)


def find_seeds(named: Path | None = None) -> Path:
    """The folder of the five documents: the one that was named, beside the code, or in the folder we stand in.

    Raises ``WatcherError`` where they are not there.
    """
    if named is not None:
        if not any(named.glob("000_*.txt")):
            raise WatcherError(
                tr(f"{named} 里没有种子文件（000_….txt 等）", f"{named} does not hold the seeds (000_….txt and so on)")
            )
        return named
    for place in (Path(__file__).resolve().parents[2] / "seeds", Path("seeds").resolve(), Path("/app/seeds")):
        if place.is_dir() and any(place.glob("*.txt")):
            return place
    raise WatcherError(
        tr("找不到种子文件；用 --seeds 指明其文件夹", "the seeds are not here; name their folder with --seeds")
    )


class _Story:
    def __init__(self, console: Console, portal: Portal, chat: Chat, home: Path) -> None:
        self.console = console
        self.portal = portal
        self.chat = chat
        self.home = home
        self.file = home / "sources.yaml"
        self.started = datetime.now().astimezone()

    def say(self, text: str, style: str = "") -> None:
        """One line of the log, with the seconds since the start."""
        seconds = (datetime.now().astimezone() - self.started).total_seconds()
        self.console.print(Text.assemble((f"[{seconds:5.1f}s] ", "dim"), (text, style)))

    def step(self, text: str) -> None:
        """A heading."""
        self.console.print()
        self.console.rule(Text(text, style="bold"), align="left")

    async def until(self, done: Callable[[], bool], what: str) -> None:
        """Waits for something that the service does by itself. Raises ``WatcherError`` when it does not come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not done():  # noqa: ASYNC110  # what is awaited happens in the database of another part
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise WatcherError(
                tr(
                    f"演示等了 {PATIENCE:.0f} 秒，没有等到：{what}",
                    f"the demo waited {PATIENCE:.0f} s for {what} in vain",
                )
            ) from None

    async def play(self, *, keep: bool) -> int:
        """The acts, one after the other."""
        self._write_sources()
        self.step(tr("一、启动", "1. Start"))
        self.say(tr(f"演示门户（本机）：{self.portal.address}", f"replay portal (loopback): {self.portal.address}"))
        self.say(
            tr(
                f"演示群机器人（本机）：127.0.0.1:{self.chat.port}",
                f"chat robot (loopback): 127.0.0.1:{self.chat.port}",
            )
        )
        sources = load(self.file, secrets=True)
        page = PageServer(sources, sources.database) if keep else None
        service = Service(sources, page=page, tick=0.3)
        running = asyncio.create_task(service.run())
        try:
            await self._first_round(running)
            await self._noise()
            await self._final()
            await self._ask()
            if keep:
                await self._keep(service, running)
        finally:
            service.stop()
            await running
        self.step(tr("结束", "End"))
        self.say(tr("服务已干净退出。", "The service stopped cleanly."), "green")
        return 0

    def _write_sources(self) -> None:
        documents = "\n".join(
            f'  - id: {name}\n    pages: [{{url: "{self.portal.url(name)}"}}]\n    title: {TITLES.get(name, name)}'
            for name in self.portal.documents
        )
        self.file.write_text(SOURCES.format(documents=documents, column=self.portal.column_url), encoding="utf-8")

    def _documents(self) -> list[dict[str, Any]]:
        with Store(self.home / "watcher.db", read_only=True) as store:
            return store.documents()

    def _versions(self) -> int:
        return sum(row["versions"] for row in self._documents())

    async def _first_round(self, running: asyncio.Task[None]) -> None:
        self.step(tr("二、第一轮：读到五份文件", "2. First round: five documents are read"))

        def read() -> bool:
            if running.done():
                running.result()
            return (self.home / "watcher.db").exists() and sum(row["versions"] > 0 for row in self._documents()) >= 5

        await self.until(read, "the first round")
        table = Table(show_edge=False, header_style="bold")
        for name in (tr("文件", "document"), tr("地区", "region"), tr("阶段", "stage"), tr("指标数值", "values")):
            table.add_column(name)
        for row in self._documents():
            table.add_row(
                Text(row["printed_title"] or row["title"]),
                Text(row["region"] or ""),
                tr(*STAGE_WORDS[row["stage"]]) if row["stage"] else "",
                str(row["indicators"]),
            )
        self.console.print(table)

    async def _noise(self) -> None:
        self.step(tr("三、只有噪声的几轮", "3. Rounds with nothing but noise"))
        before, messages = self._versions(), len(self.chat.messages)
        self.say(
            tr(
                "计数器、令牌、相关链接、日期每次请求都不同。",
                "Counters, tokens, related links and dates differ at every request.",
            )
        )
        names = list(self.portal.documents)
        start = {name: self.portal.asked(name) for name in names}
        for number in range(1, NOISE_ROUNDS + 1):
            await self.until(
                lambda number=number: all(self.portal.asked(name) >= start[name] + number for name in names),  # type: ignore[misc]
                "another round",
            )
            self.say(tr(f"第 {number} 轮噪声：没有新版本，没有通知", f"noise round {number}: no new version, no alert"))
        if self._versions() != before or len(self.chat.messages) != messages:
            raise WatcherError("noise was reported as a change: this is a fault of watcher")

    async def _final(self) -> None:
        self.step(tr("四、呼和浩特的规划由征求意见稿转为印发稿", "4. The plan of 呼和浩特 moves from draft to final"))
        self.chat.arrived.clear()
        self.portal.publish_final()
        self.say(
            tr(
                "门户在另一网址发布印发稿（文本是为演示编造的，改动了几项指标）。",
                "The portal publishes the final version at another address (a made-up text with a few changed indicators).",
            )
        )
        await self.until(self.chat.arrived.is_set, "the chat message")
        self.say(tr("群里收到通知：", "The chat received:"), "green")
        for message in self.chat.messages:
            self.console.print(
                Panel(
                    Text(message["markdown"]["content"]),
                    title=tr("企业微信群", "team chat"),
                    width=min(self.console.width, 110),
                )
            )

    async def _ask(self) -> None:
        self.step(
            tr(
                "五、随时查：watcher diff 呼和浩特 --from draft --to final",
                "5. Ad hoc: watcher diff 呼和浩特 --from draft --to final",
            )
        )
        text = await self._watcher("diff", "呼和浩特", "--from", "draft", "--to", "final")
        lines = text.splitlines()
        for line in lines[:40]:
            self.console.print(Text(line))
        if len(lines) > 40:
            self.console.print(
                Text(tr(f"……（余 {len(lines) - 40} 行）", f"… ({len(lines) - 40} more lines)"), style="dim")
            )
        data = json.loads(
            await self._watcher("diff", "呼和浩特", "--from", "draft", "--to", "final", "--format", "json")
        )
        told = self._told_moves()
        self.say(
            tr(
                f"通知里的指标变动 {told} 项，watcher diff 给出 {len(data['moves'])} 项。",
                f"The alert told {told} indicator moves, watcher diff shows {len(data['moves'])}.",
            ),
            "green",
        )
        if told != len(data["moves"]):
            raise WatcherError("the alert and the diff disagree: this is a fault of watcher")

    def _told_moves(self) -> int:
        with Store(self.home / "watcher.db", read_only=True) as store:
            return sum(row["move_count"] for row in store.changes.feed(limit=10))

    async def _watcher(self, *words: str) -> str:
        """Runs the command line itself, as a person would."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "watcher", "--sources", str(self.file), "--lang", Options.language, *words,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, trouble = await process.communicate()
        if process.returncode not in (0, 1):
            raise WatcherError(f"watcher {' '.join(words)}: {trouble.decode()}")
        return out.decode()

    async def _keep(self, service: Service, running: asyncio.Task[None]) -> None:
        self.step(tr("服务与网页继续运行（Ctrl-C 结束）", "Service and page go on (Ctrl-C ends)"))
        if service.page is not None:
            self.say(tr(f"网页：{service.page.address}", f"page: {service.page.address}"), "bold")
        self.say(tr(f"监测源文件：{self.file}", f"sources file: {self.file}"))
        loop = asyncio.get_running_loop()
        import signal

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, service.stop)
        await asyncio.wait({running})


TITLES = {
    "hohhot-health-14-5": "呼和浩特市“十四五”卫生与健康事业发展规划",
    "shuozhou-public-health-14-5": "朔州市“十四五”公共卫生体系规划",
    "ordos-health-14-5": "鄂尔多斯市“十四五”卫生健康事业发展规划",
    "shangyu-health": "绍兴市上虞区卫生健康现代化建设实施方案",
    "ulanqab-health-2020": "立足当前聚焦重点夯实筑牢乌兰察布卫生健康防线",
}
"""Names of the five documents, as a user would write them into sources.yaml."""
