"""Logs: one line an event, for people on a terminal, as JSON in a container."""

from __future__ import annotations

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger("watcher")


def configure(level: str = "info") -> None:
    """Sets structlog up once: colours on a terminal, JSON elsewhere, on standard error."""
    plain = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not plain),
            structlog.dev.ConsoleRenderer() if plain else structlog.processors.format_exc_info,
            *([] if plain else [structlog.processors.JSONRenderer(ensure_ascii=False)]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
