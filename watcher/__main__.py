"""``python -m watcher``, and where the ``watcher`` command begins."""

import atexit
import gc

YOUNG = 100_000
"""Objects that come before the collector walks them: what is imported stays, and few commands that only look make so many."""


def main() -> None:
    """The command line; the collector is told before anything is imported, and walks nothing more at the end (a tenth of a short command)."""
    gc.set_threshold(YOUNG)
    atexit.register(gc.freeze)
    from watcher.cli import main as command

    command()


if __name__ == "__main__":
    main()
