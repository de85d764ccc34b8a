"""Runs a Debian program on a stranger's file: bounded in time, memory, output and files, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from watcher.errors import FormatError
from watcher.formats import _limits
from watcher.words import both

_LAUNCHER = """
import os, resource, sys
seconds, memory, output = map(int, sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
most = 4096 if most == resource.RLIM_INFINITY else min(most, 4096)
resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
os.nice(5)
os.execv(sys.argv[4], sys.argv[4:])
"""
"""Sets the limits in the child and becomes the helper: code between fork and exec is unsafe beside threads."""
_MARK = "WATCHER_READING"
"""Everything that a helper starts inherits this variable, and is found by it where it left the helper's process group."""
_LOOK = 0.25
"""Seconds between two looks at how much a helper has written."""
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
"""Only these variables reach a helper: the service's environment holds secrets."""


def found(program: str) -> str | None:
    """Where a helper is installed, or None."""
    return shutil.which(program)


def run(
    command: Sequence[str],
    folder: Path,
    *,
    seconds: float | None = None,
    memory: int | None = None,
    output: int | None = None,
) -> bytes:
    """Standard output of ``command`` with ``folder`` as working folder, home and place for temporary files.

    The helper leads a process group of its own that is killed as a whole at the end, with all that left the group. Raises ``FormatError``: ``timeout``,
    ``too-large`` (a file of more than ``output`` bytes, or of four times as many altogether), ``damaged`` (it failed). ``command`` begins with the
    program's whole path; limits that are not given are those of ``_limits``.
    """
    seconds = _limits.HELPER_SECONDS if seconds is None else seconds
    memory = _limits.HELPER_MEMORY if memory is None else memory
    output = _limits.HELPER_OUTPUT if output is None else output
    mark = secrets.token_hex(8)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    environment[_MARK] = f"{os.environ.get(_MARK, '')},{mark}"
    # Helpers must not fetch what a document links to: their ways out lead to a closed port.
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), "http://127.0.0.1:9")
    printed = folder / "helper-output"
    try:
        with printed.open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603  the command is ours, only the file is a stranger's
                [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(int(seconds)), str(memory), str(output), *command],
                cwd=folder,
                env=environment,
                start_new_session=True,
                stdout=sink,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
            try:
                _wait(process, folder, Path(command[0]).name, seconds, 4 * output)
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                _end_marked(mark)
    except OSError as error:
        raise _limits.damaged(
            both(f"{command[0]} 无法运行", f"{command[0]} could not be run ({error.strerror})")
        ) from None
    if process.returncode == -signal.SIGXFSZ or printed.stat().st_size >= output:
        raise _limits.too_large(
            both(f"{command[0]} 的输出超过 {output} 字节", f"{command[0]} wrote more than {output} bytes")
        )
    if process.returncode == -signal.SIGXCPU:
        raise FormatError(
            both(
                f"{command[0]} 用时超过 {seconds:.0f} 秒，已停止",
                f"{command[0]} took more than {seconds:.0f} s and was stopped",
            ),
            kind="timeout",
        )
    if process.returncode != 0:
        raise _limits.damaged(
            both(
                f"{Path(command[0]).name} 读不出（退出状态 {process.returncode}）",
                f"{Path(command[0]).name} could not read it (exit status {process.returncode})",
            )
        )
    return printed.read_bytes()


def _wait(process: subprocess.Popen[bytes], folder: Path, program: str, seconds: float, most: int) -> None:
    """Waits for the end, looking now and then at what has been written. Raises ``FormatError``."""
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        try:
            process.wait(timeout=max(0.0, min(_LOOK, left)))
            return
        except subprocess.TimeoutExpired:
            if left <= _LOOK:
                raise FormatError(
                    both(
                        f"{program} 用时超过 {seconds:.0f} 秒，已停止",
                        f"{program} took more than {seconds:.0f} s and was stopped",
                    ),
                    kind="timeout",
                ) from None
        if _size(folder, most) > most:
            raise _limits.too_large(
                both(f"{program} 的输出超过 {most} 字节", f"{program} wrote more than {most} bytes")
            )


def _size(folder: Path, most: int) -> int:
    """Bytes that the files below a folder hold, counted until they are more than ``most``; links are not followed."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += max(os.lstat(os.path.join(place, name)).st_size, 512)
        if total > most:
            break
    return total


def _end_marked(mark: str) -> None:
    """Kills what a helper started and what left its process group; what has just been started is found by looking again."""
    wanted = mark.encode()
    for _ in range(20):
        found = False
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError, ValueError):
                if wanted in entry.read_bytes():
                    found = True
                    os.kill(int(entry.parent.name), signal.SIGKILL)
        if not found:
            return
