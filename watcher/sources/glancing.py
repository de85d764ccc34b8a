"""The few settings that a look at what is stored needs, without the checks of all the others, which take longer than the look."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from watcher.errors import ConfigError
from watcher.settings import Alerting, Schedule, Sources
from watcher.sources.lines import parsed, text_of

BLOCKS = frozenset(["settings", "documents", "columns", "channels", "routes"])
KEYS = frozenset(
    ["database", "timezone", "every", "cron", "hours", "jitter", "language", "network", "alerts", "web", "upkeep", "executor"]
)  # fmt: skip
"""What ``settings`` may hold."""


def settings_block(text: str) -> str | None:
    """The lines of ``settings`` (each where it stands in the file), ``""`` where there is none.

    The block of a top-level key ends where the next one begins. ``None`` for a file that is not written in blocks of the known keys.
    """
    lines = text.split("\n")
    tops = [at for at, line in enumerate(lines) if line[:1] not in " \t\r#-" or line.startswith("---")]
    names = [found[1] if (found := re.match(r"(\w+):(?=\s|$)", lines[at])) else "" for at in tops]
    if not BLOCKS.issuperset(names) or names.count("settings") > 1:
        return None
    if "settings" not in names:
        return ""
    place = names.index("settings")
    end = tops[place + 1] if place + 1 < len(tops) else len(lines)
    return "\n" * tops[place] + "\n".join(lines[tops[place] : end])


def plain(path: Path) -> Sources | None:
    """Database, time zone, language and link; ``None`` where anything is unusual, so that what reads with all checks decides."""
    try:
        return _plain(path)
    except ConfigError:
        return None


def _plain(path: Path) -> Sources | None:
    block = settings_block(text_of(path))
    if block is None:
        return None
    data, _ = parsed(block, str(path))
    general = data.get("settings", {}) if isinstance(data, dict) else None
    if not isinstance(general, dict) or not KEYS.issuperset(general):
        return None
    plain = Sources(path, path)
    database = general.get("database", "db/watcher.db")
    timezone = general.get("timezone", plain.schedule.timezone)
    language = general.get("language", plain.alerting.language)
    alerts = general.get("alerts", {})
    link = alerts.get("link", "") if isinstance(alerts, dict) else None
    if not (isinstance(database, str) and isinstance(timezone, str) and isinstance(link, str)):
        return None
    if language not in ("zh", "en"):
        return None
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return None
    path = path.resolve()
    # An absolute path stays what it is.
    return Sources(
        path,
        path.parent / database,
        schedule=Schedule(timezone=timezone),
        alerting=Alerting(language=language, link=link.rstrip("/")),
    )
