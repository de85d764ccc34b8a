"""Random histories of pages through the whole way: ``python -m tests.pipeline.histories [PAGES] [ROUNDS] [SEED]``.

Between two rounds targets are edited (in the table, in the prose), pages move to another portal system, are saved again with
other mark-up or in another encoding, stand behind a cache that still has the old page, or answer with walls, errors, halves and
nothing. Every value that stood at a page in a round without such trouble must be told once, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from tests.pipeline.world import Robot, due
from tests.read.portal_pages import ENDS, STRUCTURES, SUBJECTS, VERBS, Doc, page
from watcher.fetch.gate import Gate
from watcher.pipeline.context import Context
from watcher.pipeline.rounds import whole_round
from watcher.sources import load
from watcher.store import Store

PORTALS = tuple(name for name in STRUCTURES if name != "generic")
"""What is read by guess opens an incident instead of telling: not the subject here."""
FAULTS = ("502", "412", "maintenance", "soft 404", "closed", "half", "empty")
MAINTENANCE = "<html><head><title>系统维护中</title></head><body>系统维护中，请稍后访问。</body></html>"
MISSING = "<html><head><title>页面不存在</title></head><body>您访问的页面不存在或已删除</body></html>"
WALL = "<html><head><script>$_ts=window['$_ts'];</script></head></html>"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Plan:
    """One plan and how its page is served just now."""

    def __init__(self, number: int, dice: random.Random) -> None:
        self.number, self.dice = number, dice
        names = [subject + end for subject in SUBJECTS for end in ENDS]
        dice.shuffle(names)
        self.rows = {f"{name}覆盖率": dice.randint(100, 180) / 2 for name in names[:8]}
        self.prose = {f"{name}达标率": dice.randint(30, 95) for name in names[20:28]}
        self.filling = [
            f"{dice.choice(VERBS)}{dice.choice(SUBJECTS)}{dice.choice(ENDS)}，{dice.choice(VERBS)}{dice.choice(ENDS)}与{dice.choice(ENDS)}衔接。"
            * 3
            for _ in range(16)
        ]
        self.portal = dice.choice(PORTALS)
        self.encoding = "utf-8"
        self.conditional, self.counted = dice.random() < 0.4, dice.random() < 0.3
        self.markup = self.saved = 0
        self.fault: str | None = None
        self.old_body: bytes | None = None
        self.share = 0.0
        """How often the fault or the old page comes instead of the page."""

    def values(self) -> dict[str, str]:
        """Names and targets as they stand."""
        return {name: f"{value:.1f}" for name, value in self.rows.items()} | {
            name: str(value) for name, value in self.prose.items()
        }

    def body(self) -> bytes:
        """One fetch of the page: noise differs each time."""
        lines: list[str] = []
        for number, (text, (name, value)) in enumerate(
            zip(self.filling, [*self.prose.items(), *self.prose.items()], strict=True)
        ):
            if number % 4 == 0:
                lines.append(f"第{'一二三四'[number // 4]}章 {VERBS[number // 4]}{SUBJECTS[number // 4]}")
            lines.append(text)
            if number < len(self.prose):
                lines.append(f"到2025年，{name}达到{value}%以上。")
        if self.counted:
            lines.append(f"本页浏览次数：{self.dice.randint(1, 99999)}次")
        head = ("类别", "指标", "单位", "2020年", "2025年", "属性")
        cells = [
            (SUBJECTS[at // 3], name, "%", "40", f"≥{value}", "预期性")
            for at, (name, value) in enumerate(self.rows.items())
        ]
        title = f"第{self.number}号城市“十四五”公共服务规划"
        doc = Doc(title=title, plan=title, paragraphs=tuple(lines), rows=(head, *cells), attachment=("", ""))
        return page(self.portal, doc, self.dice.randrange(10**9), markup=self.markup, encoding=self.encoding)

    def live(self) -> None:
        """What a day brings."""
        dice = self.dice
        self.fault, self.old_body, self.share = None, None, 0.0
        before = self.body()
        for _ in range((dice.random() < 0.2) + (dice.random() < 0.05)):
            if dice.random() < 0.5:
                self.rows[dice.choice(list(self.rows))] = dice.randint(100, 190) / 2
            else:
                self.prose[dice.choice(list(self.prose))] = dice.randint(30, 97)
        if dice.random() < 0.08:
            self.portal = dice.choice(PORTALS)
        if dice.random() < 0.1:
            self.markup += 1
        if dice.random() < 0.05:
            self.encoding = "gb18030" if self.encoding == "utf-8" else "utf-8"
        if dice.random() < 0.1:
            self.old_body, self.share = before, dice.choice((0.3, 0.6, 1.0))
        elif dice.random() < 0.12:
            self.fault, self.share = dice.choice(FAULTS), dice.choice((0.5, 1.0))
        self.saved += 1

    def answer(self, request: web.Request) -> web.Response:
        """What one request gets."""
        if self.dice.random() < self.share:
            if self.old_body is not None:
                return web.Response(body=self.old_body, content_type="text/html")
            return self._spoilt(request)
        headers = {"etag": f'"{self.saved}"'} if self.conditional else {}
        if headers and request.headers.get("if-none-match") == headers["etag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.body(), content_type="text/html", headers=headers)

    def _spoilt(self, request: web.Request) -> web.Response:
        if self.fault == "closed":
            assert request.transport is not None
            request.transport.close()
        if self.fault == "half":
            body = self.body()
            return web.Response(body=body[: len(body) // 3], content_type="text/html")
        status = {"502": 502, "412": 412}.get(self.fault or "", 200)
        text = {"412": WALL, "maintenance": MAINTENANCE, "soft 404": MISSING}.get(self.fault or "", "")
        return web.Response(status=status, text=text, content_type="text/html")


@dataclass
class Outcome:
    """What was to be told and what was told: document, name of the indicator, new value."""

    wanted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    told: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    noise: list[str] = field(default_factory=list)
    """Messages without a move."""
    broken: list[str] = field(default_factory=list)
    """Moves that do not begin where the one before ended, and damage in the database."""

    @property
    def lost(self) -> list[tuple[str, str, str]]:
        """What stood at a page and was not told."""
        return sorted((self.wanted - self.told).elements())

    @property
    def invented(self) -> list[tuple[str, str, str]]:
        """What was told of indicators that nobody edited."""
        edited = {one[:2] for one in self.wanted}
        return sorted(one for one in self.told if one[:2] not in edited)


async def history(folder: Path, pages: int, rounds: int, seed: int) -> Outcome:
    """Plays one history; the environment must hold no ``HISTORY_HOOK``."""
    dice = random.Random(seed)
    plans = [Plan(number, dice) for number in range(pages)]
    robot, outcome = Robot(), Outcome()
    runners = [await robot.start()]

    async def answer(request: web.Request) -> web.Response:
        name = request.path.strip("/")
        return plans[int(name)].answer(request) if name.isdigit() else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runners.append(web.AppRunner(app, access_log=None))
    await runners[1].setup()
    await web.TCPSite(runners[1], "0.0.0.0", 0).start()
    try:
        file = _sources(folder, runners[1].addresses[0][1], robot.port, pages)
        await _play(file, plans, rounds, outcome)
    finally:
        for runner in runners:
            await runner.cleanup()
    _told(robot, outcome)
    return outcome


def _sources(folder: Path, port: int, hook: int, pages: int) -> Path:
    os.environ |= {"HISTORY_HOOK": f"http://127.0.0.1:{hook}/hook", "HISTORY_SECRET": SECRET}
    documents = "\n".join(
        f'  - {{id: plan-{at}, pages: [{{url: "http://127.0.0.{at % 50 + 1}:{port}/{at}"}}]}}' for at in range(pages)
    )
    file = folder / "sources.yaml"
    file.write_text(
        "settings:\n  database: w.db\n  every: 6h\n  network: {allow_private: true, per_host_delay: 0s, retries: 0}\n"
        f"channels:\n  team: {{kind: webhook, url: 'env:HISTORY_HOOK', secret: 'env:HISTORY_SECRET'}}\ndocuments:\n{documents}\n",
        encoding="utf-8",
    )
    return file


async def _play(file: Path, plans: list[Plan], rounds: int, outcome: Outcome) -> None:
    clock = [datetime(2026, 3, 2, 1, tzinfo=UTC)]
    sources = load(file, secrets=True)
    with Store(sources.database) as store:
        store.sources.sync(sources, clock[0])
        async with Gate(sources.network) as gate:
            context = Context(sources, store, gate, now=lambda: clock[0], dice=lambda: 0.0)
            last = [plan.values() for plan in plans]
            for number in range(rounds + 4):
                if 0 < number <= rounds:
                    for plan in plans:
                        plan.live()
                elif number > rounds:  # the weather clears up, and nothing may be left
                    for plan in plans:
                        plan.fault, plan.old_body, plan.share = None, None, 0.0
                        plan.saved += number == rounds + 1
                clock[0] += timedelta(hours=30)
                await whole_round(context, due(store, context.now()))
                for at, plan in enumerate(plans):
                    if plan.share == 0.0:
                        now = plan.values()
                        outcome.wanted.update(
                            (f"plan-{at}", name, value) for name, value in now.items() if value != last[at][name]
                        )
                        last[at] = now
            outcome.broken += map(str, store.verify())


def _told(robot: Robot, outcome: Outcome) -> None:
    ends: dict[tuple[str, str], str] = {}
    for message in robot.taken:
        if message["type"] != "document.changed":
            continue
        data = message["data"]
        if not data["moves"]:
            outcome.noise.append(f"{data['document']}: {data['edits'][:1]}")
        for move in data["moves"]:
            before, after = (move["before"] or {}).get("value", ""), (move["after"] or {}).get("value", "")
            key = (data["document"], move["name"])
            if ends.get(key, before) != before:
                outcome.broken.append(f"{key}: {before} after {ends[key]}")
            ends[key] = after
            outcome.told[(*key, after)] += 1


def main(pages: int = 60, rounds: int = 25, seed: int = 1) -> None:
    """Prints one object."""
    with tempfile.TemporaryDirectory() as folder:
        done = asyncio.run(history(Path(folder), pages, rounds, seed))
    figures = {
        "visits": pages * (rounds + 4),
        "wanted": done.wanted.total(),
        "told": done.told.total(),
        "lost": done.lost,
        "invented": done.invented,
        "noise": done.noise,
        "broken": done.broken,
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
