"""Logs take no more of the process than they print with."""

from __future__ import annotations

import subprocess
import sys


def test_a_line_is_logged_without_rich_and_rich_can_be_had_afterwards() -> None:
    script = (
        "import sys; from watcher.logs import configure, log; configure('info'); log.info('it.stands', what='图')\n"
        "assert not any(name.startswith(('rich', 'pygments')) for name in sys.modules)\n"
        "import rich.console; rich.console.Console(file=sys.stdout).print('there')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert '"event": "it.stands"' in done.stderr
    assert done.stdout == "there\n"
