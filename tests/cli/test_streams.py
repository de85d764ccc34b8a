"""Commands work in the terminals that people have: GBK, none, closed, ending early."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.hostile import article

PLAN = article(
    "<p>到2025年，婴儿死亡率控制在5‰以内；⚠ 到2025年，婴儿死亡率控制在4‰以内。</p>" * 2,
    title="云州市“十四五”卫生健康规划",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one document of which two versions are stored."""
    place = tmp_path_factory.mktemp("streams")
    (place / "plan.html").write_text(PLAN, encoding="utf-8")
    (place / "sources.yaml").write_text(
        'documents:\n  - {id: plan, region: 云州市, pages: [{url: "file:plan.html"}]}\n', encoding="utf-8"
    )
    assert _watcher(place, "check").returncode == 0
    (place / "plan.html").write_text(PLAN.replace("5‰", "4.5‰"), encoding="utf-8")
    assert _watcher(place, "check").returncode == 0
    return place


def _watcher(home: Path, *words: str | bytes, **more: str) -> subprocess.CompletedProcess[bytes]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONIO"))}
    return subprocess.run(
        [sys.executable, "-m", "watcher", *words],
        cwd=home, env=clean | more, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_gbk_terminal_misses_no_more_than_a_sign(home: Path) -> None:
    found = _watcher(home, "indicators", "plan", PYTHONIOENCODING="gbk")
    assert found.returncode == 0, found.stderr.decode("gbk")
    assert "婴儿死亡率 ?" in found.stdout.decode("gbk")


def test_a_terminal_without_chinese_gets_utf_8(home: Path) -> None:
    for encoding in ("ascii", "latin-1"):
        found = _watcher(home, "indicators", "plan", PYTHONIOENCODING=encoding)
        assert found.returncode == 0, found.stderr.decode()
        assert "婴儿死亡率" in found.stdout.decode()


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_what_programs_read_is_utf_8_in_a_gbk_terminal(home: Path, form: str) -> None:
    found = _watcher(home, "diff", "plan", "--stored", "--format", form, PYTHONIOENCODING="gbk")
    assert found.returncode == 1, found.stderr.decode("gbk")
    assert "婴儿死亡率" in found.stdout.decode()


def test_a_name_typed_in_gbk_is_understood(home: Path) -> None:
    found = _watcher(home, "log", "云州".encode("gbk"), LC_ALL="C.UTF-8", PYTHONUTF8="1")
    assert (found.returncode, found.stderr) == (0, b"")
    unknown = _watcher(home, "log", "锡林郭勒".encode("gbk"), LC_ALL="C.UTF-8", PYTHONUTF8="1")
    assert unknown.returncode == 2
    assert "“锡林郭勒”" in unknown.stderr.decode()


@pytest.mark.parametrize("closed", ["<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_files(home: Path, closed: str) -> None:
    for words, status in (("docs", 0), ("indicators plan --format csv", 0), ("check", 0)):
        line = f'"$0" -m watcher {words} {closed}'
        ended = subprocess.run(["sh", "-c", line, sys.executable], cwd=home, check=False, timeout=60)
        assert ended.returncode == status, words
    assert _watcher(home, "verify").returncode == 0


def test_a_reader_that_goes_away_is_no_trouble(home: Path) -> None:
    line = '"$0" -m watcher --help | true; "$0" -m watcher indicators plan --format json | head -c 1'
    ended = subprocess.run(["sh", "-c", line, sys.executable], cwd=home, capture_output=True, check=False, timeout=60)
    assert (ended.stdout, ended.stderr) == (b"[", b"")
