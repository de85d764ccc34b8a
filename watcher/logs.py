"""Logs: one line an event, for people on a terminal, as JSON in a container.

structlog takes a third of a second to import: it is there only for who really logs.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from watcher.text import spelt_out
from watcher.words import told


class Logger:
    """Loads the real logger at its first word."""

    verbose = False
    """Whether ``debug`` says anything."""

    def debug(self, event: str, **facts: object) -> None:
        """A step that only a search for a fault wants to see. Costs nothing unless somebody asked for it."""
        if self.verbose:
            self._real().debug(event, **facts)

    def info(self, event: str, **facts: object) -> None:
        """Something happened as it should."""
        self._real().info(event, **facts)

    def warning(self, event: str, **facts: object) -> None:
        """Something that a person may want to look at."""
        self._real().warning(event, **facts)

    def error(self, event: str, **facts: object) -> None:
        """Something that a person must look at."""
        self._real().error(event, **facts)

    def exception(self, event: str, **facts: object) -> None:
        """A bug, with its traceback."""
        self._real().exception(event, **facts)

    @staticmethod
    def _real() -> Any:
        structlog = _structlog()
        if not structlog.is_configured():
            configure("warning")
        return structlog.get_logger("watcher")


log = Logger()


def _structlog() -> Any:
    """structlog. Without rich, which it would load for tracebacks that are printed plainly here: 5 MiB of whatever runs for long."""
    absent = "structlog" not in sys.modules and "rich" not in sys.modules
    if absent:
        sys.modules["rich"] = None  # type: ignore[assignment]  # None is how the import system says "there is none"
    try:
        import structlog
    finally:
        if absent:
            del sys.modules["rich"]
    return structlog


def _harmless(logger: object, method: str, facts: Any) -> Any:
    """What a page wrote forges no line and drives no terminal; only a traceback has several lines."""
    for name, value in facts.items():
        if isinstance(value, str):
            text = spelt_out(told(value, "en"))
            facts[name] = text if name == "exception" else text.replace("\r", " ").replace("\n", " ")
    return facts


def configure(level: str | None = None) -> None:
    """Sets structlog up once: colours on a terminal, JSON elsewhere, on standard error.

    ``level`` is ``debug`` (every check), ``info``, ``warning`` or ``error``; without it the environment's
    ``WATCHER_LOG`` decides, else ``info``.
    """
    level = level or os.environ.get("WATCHER_LOG", "").strip().lower()
    if level not in ("debug", "info", "warning", "error"):
        level = "info"
    log.verbose = level == "debug"
    import logging

    structlog = _structlog()
    plain = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not plain),
            structlog.processors.format_exc_info,
            _harmless,
            # Tracebacks without the values of variables: among them are secrets.
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if plain
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # Asked for each line: who runs us may have put another in its place meanwhile.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
