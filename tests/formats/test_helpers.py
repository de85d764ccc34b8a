"""Programs that read strangers' files are confined, and their absence is told."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.formats import make
from watcher.errors import FormatError
from watcher.formats import _isolate, _run, doc

CASE = Path(__file__).parent.parent / "cases" / "formats" / "doc" / "plan.doc"


def python(code: str, folder: Path, **limits: float) -> bytes:
    seconds = float(limits.get("seconds", 20))
    memory, output = int(limits.get("memory", 2**31)), int(limits.get("output", 2**20))
    return _run.run([sys.executable, "-I", "-c", code], folder, seconds=seconds, memory=memory, output=output)


def kind(code: str, folder: Path, **limits: float) -> str:
    with pytest.raises(FormatError) as caught:
        python(code, folder, **limits)
    return caught.value.kind


def test_what_a_helper_prints_comes_back(tmp_path: Path) -> None:
    assert python("print('床位')", tmp_path) == "床位\n".encode()


def test_a_helper_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, time, pathlib; p = subprocess.Popen(['sleep', '60']);"
        "pathlib.Path('pid').write_text(str(p.pid)); time.sleep(60)"
    )
    begun = time.monotonic()
    assert kind(code, tmp_path, seconds=1.5) == "timeout"
    assert time.monotonic() - begun < 10
    left = Path("/proc") / (tmp_path / "pid").read_text() / "stat"
    deadline = time.monotonic() + 5
    while left.exists() and left.read_text().rsplit(")", 1)[1].split()[0] != "Z" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left.exists() or left.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_helper_that_wants_all_memory_fails(tmp_path: Path) -> None:
    assert kind("x = bytearray(2**30)", tmp_path, memory=2**28) == "damaged"


def test_a_helper_that_writes_without_end_is_stopped(tmp_path: Path) -> None:
    assert kind("while True: print('x' * 10000)", tmp_path, output=100_000) in ("too-large", "damaged")
    assert (tmp_path / "helper-output").stat().st_size <= 100_000


def test_no_secret_of_ours_reaches_a_helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHER_TEAM_URL", "k-7f3a91")
    assert b"7f3a91" not in python("import os; print(os.environ)", tmp_path)


def test_without_any_helper_the_package_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FormatError, match="libreoffice-writer-nogui") as caught:
        doc.blocks(CASE.read_bytes())
    assert caught.value.kind == "helper-missing"


@pytest.mark.skipif(_run.found("antiword") is None, reason="antiword is not installed (apt-get install antiword)")
def test_antiword_alone_keeps_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.symlink(_run.found("antiword") or "", tmp_path / "antiword")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doc.blocks(CASE.read_bytes())
    rows = [row.split("\t") for block in found if block.kind == "table" for row in block.text.split("\n")]
    assert ["2", "婴儿死亡率（‰）", "3.18", "≤5", "预期性"] in [[cell for cell in row if cell] for row in rows]


@pytest.mark.skipif(_run.found("catdoc") is None, reason="catdoc is not installed (apt-get install catdoc)")
def test_catdoc_alone_keeps_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.symlink(_run.found("catdoc") or "", tmp_path / "catdoc")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "婴儿死亡率" in "".join(block.text for block in doc.blocks(CASE.read_bytes()))


def test_a_reading_in_a_process_of_its_own_gives_the_same() -> None:
    member = _isolate.isolated("docx", make.docx(), name="plan.docx")
    assert member[0].text == make.TITLE
    assert member[-1].grid is not None
    assert member[-1].text == make.PRINTED


def test_errors_of_such_a_reading_keep_their_kind() -> None:
    with pytest.raises(FormatError) as caught:
        _isolate.isolated("pdf", make.scan())
    assert caught.value.kind == "scanned"


def test_such_a_reading_ends_on_time() -> None:
    with pytest.raises(FormatError) as caught:
        _isolate.isolated("pdf", make.pdf(40, 24), seconds=0.05)
    assert caught.value.kind == "timeout"
