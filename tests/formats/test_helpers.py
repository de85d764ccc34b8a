"""Programs that read strangers' files are confined, and their absence is told."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.formats import make
from watcher.errors import FormatError
from watcher.formats import _isolate, _limits, _run, doc

CASE = Path(__file__).parent.parent / "cases" / "formats" / "doc" / "plan.doc"


def python(code: str, folder: Path, **limits: float) -> bytes:
    seconds = float(limits.get("seconds", 20))
    memory, output = int(limits.get("memory", 2**31)), int(limits.get("output", 2**20))
    return _run.run([sys.executable, "-I", "-c", code], folder, seconds=seconds, memory=memory, output=output)


def kind(code: str, folder: Path, **limits: float) -> str:
    with pytest.raises(FormatError) as caught:
        python(code, folder, **limits)
    return caught.value.kind


def _gone(pid: int) -> bool:
    """Whether a process has ended, or is only still to be reaped."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] in ("Z", "X")
    except OSError:
        return True


FAKES = {
    "hangs": ("import time; time.sleep(600)", ("timeout",)),
    "spins": ("while True: pass", ("timeout",)),
    "hangs beside its children": (
        "import os, time\nfor _ in range(20):\n    if os.fork() == 0: time.sleep(600)\ntime.sleep(600)",
        ("timeout",),
    ),
    "leaves its group": (
        "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\nsys.exit(0)",
        ("damaged",),
    ),
    "writes one endless file": ("f = open('big', 'wb')\nwhile True: f.write(b'x' * 1000000)", ("too-large", "damaged")),
    "writes endless files": (
        "n = 0\nwhile True:\n    n += 1\n    open(str(n), 'wb').write(b'x' * 900000)",
        ("too-large", "timeout"),
    ),
    "writes endless lines": ("while True: print('x' * 1000)", ("too-large", "damaged")),
    "wants all memory": ("x = [bytearray(2**28) for _ in range(100)]", ("damaged",)),
    "crashes": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ("damaged",)),
    "gives garbage": ("import sys; sys.stdout.buffer.write(bytes(range(256)) * 100)", ("damaged",)),
    "gives nothing": ("", ("damaged",)),
    "gives a link to a secret": (
        "import os, sys; out = sys.argv[sys.argv.index('--outdir') + 1]; os.mkdir(out); os.symlink('/etc/passwd', out + '/input.docx')",
        ("damaged",),
    ),
}


@pytest.mark.parametrize("name", FAKES)
def test_a_converter_that_misbehaves_costs_little_and_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice is another program here, found by PATH: whatever a document makes of it, time, memory, disk and processes hold."""
    code, kinds = FAKES[name]
    programs, pids = tmp_path / "bin", tmp_path / "pids"
    programs.mkdir()
    fake = programs / "soffice"
    told = f"import os\nos.register_at_fork(after_in_child=lambda: open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n'))\n"
    fake.write_text(f"#!{sys.executable} -IS\n{told}open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n')\n{code}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(_limits, "HELPER_SECONDS", 1.0 if kinds == ("timeout",) else 30.0)
    monkeypatch.setattr(_limits, "HELPER_OUTPUT", 1_000_000)
    monkeypatch.setattr(_limits, "HELPER_MEMORY", 2**30)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = time.monotonic()
    with pytest.raises(FormatError) as caught:
        doc.blocks(CASE.read_bytes())
    assert caught.value.kind in kinds, caught.value
    assert time.monotonic() - begun < 40
    started = [int(line) for line in pids.read_text().split()] if pids.exists() else []
    assert all(map(_gone, started))
    assert sorted(path.name for path in tmp_path.iterdir()) in (["bin"], ["bin", "pids"]), "nothing is left on the disk"


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
