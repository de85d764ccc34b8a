"""sources.yaml: read, checked, and turned into settings; refuses what it does not know, with the line number.

A mistake is a ``ConfigError`` that names the file, the line, what is wrong and the nearest known word. The checks take a tenth of
a second to load: they are there for who asks for them.
"""

from __future__ import annotations

from pathlib import Path

from watcher import settings


def load(path: Path, *, secrets: bool = False) -> settings.Sources:
    """Reads and checks a sources.yaml. With ``secrets`` every named secret must be there now.

    Raises ``ConfigError`` for the first mistake.
    """
    from watcher.sources.loading import load

    return load(path, secrets=secrets)


def load_settings(path: Path) -> settings.Sources:
    """The ``settings`` of a sources.yaml alone, checked: without documents, columns, channels and routes. Raises ``ConfigError``."""
    from watcher.sources.loading import load_settings

    return load_settings(path)


def glance(path: Path) -> settings.Sources:
    """Where the database is, time zone, language and link of messages: all that a command needs that lists what is stored.

    Raises ``ConfigError`` for a mistake in these, for an unknown setting, and where no YAML is; values of other settings are not looked at.
    """
    from watcher.sources.glancing import plain

    found = plain(path)
    return load_settings(path) if found is None else found
