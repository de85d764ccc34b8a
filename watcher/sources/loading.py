"""Reading sources.yaml with all checks."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from watcher import settings
from watcher.errors import ConfigError
from watcher.sources.build import Builder
from watcher.sources.explain import explain
from watcher.sources.form import FileForm
from watcher.sources.glancing import settings_block
from watcher.sources.lines import parse, parsed, text_of


def load(path: Path, *, secrets: bool = False) -> settings.Sources:
    """Reads and checks a sources.yaml. With ``secrets`` every named secret must be there now.

    Raises ``ConfigError`` for the first mistake.
    """
    with _undisturbed():
        try:
            return _load(path, secrets, SHALLOW)
        except ConfigError:
            # Only now is it worth knowing where everything stands: for 20,000 documents that is 50 MB.
            return _load(path, secrets, DEEP)


SHALLOW, DEEP = 2, 100
"""How deep lines are noted: of whole documents, and of every value."""


def _load(path: Path, secrets: bool, deep: int) -> settings.Sources:
    data, lines = parse(path, deep)
    try:
        file = FileForm.model_validate(data)
    except ValidationError as error:
        raise explain(error, lines) from None
    del data
    return Builder(path.resolve(), file, lines, secrets).build()


@contextmanager
def _undisturbed() -> Generator[None, None, None]:
    """No garbage collection within: a large file is half a million small objects, all of them in use, and the collector
    would walk them again and again (three times the time for 20,000 documents).
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load_settings(path: Path) -> settings.Sources:
    """The ``settings`` of a sources.yaml alone, for commands that only look at what is stored.

    With twenty thousand sources the whole file takes seconds.
    Raises ``ConfigError``; a file that is not written in blocks is read as a whole.
    """
    block = settings_block(text_of(path))
    if not block:
        return load(path)
    try:
        data, lines = parsed(block, str(path))
    except ConfigError:  # or an alias for what stands in another block
        return load(path)
    try:
        file = FileForm.model_validate(data)
    except ValidationError as error:
        raise explain(error, lines) from None
    if file.settings.alerts.fallback:  # names channels, which stand elsewhere
        return load(path)
    return Builder(path.resolve(), file, lines, secrets=False).build()
