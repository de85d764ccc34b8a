"""Text of a page drives no terminal: no escape sequences, no direction overrides, no forged lines, whatever command prints it."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.hostile import article, field_of
from tests.attacks.test_inside import DOCUMENT, PAGE

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\x9d0;x\x9c\u202e\u2066\u200fabc\x08\x08\x08"
ENTITIES = "&#27;[31m&#x9b;31m&#x9d;0;x&#8238;反&#x2066;"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ROWS = (
    f"<table><tr><th>指标{EVIL}</th><th>2020年</th><th>2025年</th><th>属性</th></tr>"
    f"<tr><td>人均预期寿命（岁）{EVIL}</td><td>77.3</td><td>VALUE</td><td>预期性{EVIL}</td></tr>"
    f"<tr><td>婴儿死亡率（‰）{ENTITIES}</td><td>5.2</td><td>5.0</td><td>预期性</td></tr></table>"
)


def page(value: str) -> str:
    return article(
        f"<p>一、{EVIL}目标{ENTITIES}</p><p>门诊{EVIL}改为{value}次{ENTITIES}。</p>" + ROWS.replace("VALUE", value)
        + f'<p><a href="/x.docx">附件{EVIL}{ENTITIES}.docx</a></p>',
        title=f"某市“十四五”{EVIL}卫生健康规划{ENTITIES}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a hostile document in two versions, an incident and a column."""
    place = tmp_path_factory.mktemp("terminal")

    async def play() -> None:
        more = DOCUMENT + '  - {id: wall, pages: [{url: "PORTAL/wall.html"}]}\n'
        more += 'columns:\n  - {id: list, title: 栏目, url: "PORTAL/list/", follow: "规划"}\n'
        rows = "".join(
            f'<li><a href="/zw/t20260301_{n}.html?{EVIL}">某市规划{EVIL}{ENTITIES}第{n}号</a><span>2026-03-01</span></li>'
            for n in range(5, 9)
        )
        pages = {
            PAGE: page("78.1"),
            "/wall.html": f"<title>404 {EVIL}</title>{EVIL}",
            "/list/": f'<ul class="list">{rows}</ul>',
        }
        async with field_of(place, more, pages) as field:
            await field.round()
            field.portal.pages[PAGE] = page("79.5")
            await field.round()
            await field.round()
            await field.round()

    asyncio.run(play())
    (place / "page.html").write_text(page("78.1"), encoding="utf-8")
    (place / "list.html").write_text(
        '<ul class="list">'
        + "".join(
            f'<li><a href="/t{n}.html?{EVIL}">规划{EVIL}{ENTITIES}某某{n}</a><span>2026-03-0{n}</span></li>'
            for n in range(1, 7)
        )
        + "</ul>",
        encoding="utf-8",
    )
    (place / "text.txt").write_text(
        f"某市规划{EVIL}\n一、目标\n到2025年，人均预期寿命达到78岁{EVIL}。\n" * 3, encoding="utf-8"
    )
    return place


COMMANDS = [
    ["docs"], ["docs", "-f", "csv"], ["docs", "-f", "json"], ["log", "plan"], ["log", "plan", "-f", "json"], ["sources"], ["sources", "-f", "json"],
    ["sources", "-f", "csv"], ["incidents"], ["incidents", "-f", "json"], ["alerts"], ["alerts", "--preview", "plan"], ["diff", "plan", "--stored"], ["status"],
    ["diff", "plan", "--stored", "-f", "json"], ["diff", "plan", "--stored", "-f", "markdown"], ["diff", "plan", "--stored", "-f", "html"],
    ["read", "page.html"], ["read", "page.html", "--dropped"], ["read", "page.html", "-f", "json"], ["read", "list.html"],
    ["read", "list.html", "-f", "json"], ["read", "text.txt"], ["read", "text.txt", "-f", "json"], ["indicators", "page.html"],
    ["indicators", "plan"], ["indicators", "page.html", "-f", "json"], ["indicators", "page.html", "-f", "csv"], ["indicators", "text.txt"],
    ["indicators", "plan", "--suggest"], ["link"], ["link", "--explain", f"规划{EVIL}", f"规划{EVIL}稿"], ["log", f"no{EVIL}such"],
    ["read", f"no{EVIL}/such"], ["export", "changes", "-f", "csv"], ["export", "indicators", "-f", "csv"], ["export", "changes"], ["check"],
]  # fmt: skip


def test_no_command_prints_what_drives_a_terminal(home: Path) -> None:
    script = (
        "import contextlib, io, json, sys\n"
        "from watcher.cli import main\n"
        "seen = []\n"
        "for words in json.load(sys.stdin):\n"
        "    out = io.StringIO()\n"
        "    sys.argv = ['watcher', '--sources', 'sources.yaml', *words]\n"
        "    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):\n"
        "        try:\n"
        "            main()\n"
        "        except SystemExit as end:\n"
        "            pass\n"
        "    seen.append(out.getvalue())\n"
        "json.dump(seen, sys.stdout)\n"
    )
    import json

    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(COMMANDS), cwd=home, capture_output=True, text=True, timeout=60, check=True
    )  # fmt: skip
    found = {" ".join(words): out for words, out in zip(COMMANDS, json.loads(done.stdout), strict=True)}
    open_ = {
        name: repr(hit.group()) + " in " + repr(out[max(0, hit.start() - 30) : hit.end() + 30])
        for name, out in found.items()
        if (hit := FORBIDDEN.search(out.replace("\r\n", "\n")))
    }
    assert not open_, "\n".join(f"{name}: {why}" for name, why in open_.items())
    assert sum(bool(out.strip()) for out in found.values()) > 25


def test_no_log_line_is_forged(capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    from watcher.logs import configure, log

    try:
        configure("info")
        log.warning(
            "check.failed",
            note=f'x\n{{"event": "alert.sent", "level": "info"}}\r\n{EVIL}',
            url=f"http://x/{EVIL}",
        )
        printed = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert printed.count("\n") == 1
    assert not FORBIDDEN.search(printed.rstrip("\n")), repr(printed)
