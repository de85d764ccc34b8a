"""Runs a Debian program on a stranger's file: bounded in time, memory, output and files, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from watcher.errors import FormatError
from watcher.formats import _limits

_LAUNCHER = """
import os, resource, sys
seconds, memory, output = map(int, sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
os.nice(5)
os.execv(sys.argv[4], sys.argv[4:])
"""
"""Sets the limits in the child and becomes the helper: code between fork and exec is unsafe beside threads."""
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
"""Only these variables reach a helper: the service's environment holds secrets."""


def found(program: str) -> str | None:
    """Where a helper is installed, or None."""
    return shutil.which(program)


def run(
    command: Sequence[str],
    folder: Path,
    *,
    seconds: float = _limits.HELPER_SECONDS,
    memory: int = _limits.HELPER_MEMORY,
    output: int = _limits.HELPER_OUTPUT,
    stdin: bytes | None = None,
) -> bytes:
    """Standard output of ``command`` with ``folder`` as working folder, home and place for temporary files.

    The helper leads a process group of its own that is killed as a whole at the end, whatever it left running. Raises
    ``FormatError``: ``timeout``, ``too-large`` (more than ``output`` bytes), ``damaged`` (it failed). ``command`` begins with
    the program's whole path.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
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
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            )
            try:
                process.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired:
                raise FormatError(
                    f"{command[0]} took more than {seconds:.0f} s and was stopped", kind="timeout"
                ) from None
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    except OSError as error:
        raise _limits.damaged(f"{command[0]} could not be run ({error.strerror})") from None
    if process.returncode == -signal.SIGXFSZ or printed.stat().st_size >= output:
        raise _limits.too_large(f"{command[0]} wrote more than {output} bytes")
    if process.returncode == -signal.SIGXCPU:
        raise FormatError(f"{command[0]} took more than {seconds:.0f} s and was stopped", kind="timeout")
    if process.returncode != 0:
        raise _limits.damaged(f"{Path(command[0]).name} could not read it (exit status {process.returncode})")
    return printed.read_bytes()
