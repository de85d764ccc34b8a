"""Wrong usage of the command line is trouble like any other: one line on standard error, exit status 2."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def _watcher(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "watcher", *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff",), "DOC"),
        (("nosuch",), "没有命令 nosuch"),
        (("chek",), "是不是 'check'？"),
        (("docs", "--removd"), "是不是 --removed？"),
        (("docs", "--limit"), "选项 --limit 后面要有一个值"),
        (("docs", "--limit", "many"), "须是数字"),
        (("docs", "--limit", "-1"), "须满足 x>=0"),
        (("docs", "more"), "多出来的词：more"),
        (("link", "--make", "one"), "2 个值"),
        (("read", "x.html", "--nosuch"), "--nosuch"),
        (("read", "/"), "文件夹"),
        (("indicators", "missing-plan.xlsx"), "没有这个文件"),
        (("read", "http://[::1"), "不能访问"),
        (("indicators", "http://[::1"), "不能访问"),
        (("web", "--port", "99999"), "须满足 0<=x<=65535"),
        (("demo", "--seeds", "/nosuch"), "没有种子文件"),
    ],
    ids=[
        "missing argument",
        "unknown command",
        "near command",
        "near option",
        "no value",
        "no number",
        "out of range",
        "extra word",
        "one of two",
        "unknown option",
        "folder",
        "missing file",
        "no address to read",
        "no address of indicators",
        "no port",
        "no seeds",
    ],
)
def test_wrong_usage_is_one_line_and_status_two(arguments: tuple[str, ...], said: str) -> None:
    found = _watcher(*arguments)
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr.startswith("watcher: ")
    assert found.stderr.count("\n") == 1
    assert said in found.stderr
    assert not re.search(r"[a-z]{2,} [a-z]{2,} ", found.stderr.partition("说明见")[0]), "English in a Chinese line"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--lang", "en", "nosuch"), "No such command 'nosuch'"), (("--lang", "fr", "docs"), "'fr' is neither zh nor en")],
)
def test_the_language_that_is_asked_for_holds_for_a_wrong_command_line_too(
    arguments: tuple[str, ...], said: str
) -> None:
    found = _watcher(*arguments)
    assert found.returncode == 2
    assert said in found.stderr


def test_help_is_no_trouble() -> None:
    found = _watcher("diff", "-h")
    assert found.returncode == 0
    assert found.stderr == ""


def test_a_round_says_how_many_alerts_it_could_not_deliver(tmp_path: Path) -> None:
    text = "云溪市卫生健康规划\n\n到2025年，婴儿死亡率控制在5‰以内。" + "各部门要认真组织实施，确保取得实效。" * 20
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    sources = tmp_path / "sources.yaml"
    sources.write_text(
        'settings: {database: w.db, network: {allow_private: ["127.0.0.1:9"], retries: 0}}\n'
        'channels: {hook: {kind: webhook, url: "file:hook"}}\n'
        'documents: [{id: plan, pages: [{url: "file:plan.txt"}], channels: [hook]}]\n',
        encoding="utf-8",
    )
    (tmp_path / "hook").write_text("http://127.0.0.1:9/hook-of-nobody\n", encoding="utf-8")
    assert _watcher("--sources", str(sources), "check").stderr == ""
    (tmp_path / "plan.txt").write_text(text.replace("5‰", "4‰"), encoding="utf-8")
    found = _watcher("--sources", str(sources), "check")
    assert "未送达的通知 1 条" in found.stderr
    assert "hook-of-nobody" not in found.stdout + found.stderr
