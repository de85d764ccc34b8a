"""What every test may use: the project's folders, and a clear word where the browser is missing."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A busy machine must not fail a property test; how many examples are tried is each test's own choice.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five documents."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium, for Playwright's ``executable_path``."""
    found = _chromium()
    assert found is not None, "a test that drives the browser carries the mark `browser`"
    return found


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are skipped, and say why, where Chromium is not installed."""
    if _chromium() is not None:
        return
    skip = pytest.mark.skip(
        reason="no Chromium here: as root, apt-get install chromium fonts-wqy-zenhei, then run again"
    )
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


_TIMED = re.compile(r"\b(perf_counter|process_time|thread_time)\b")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that takes times runs without the coverage tracer, which makes Python several times slower."""
    tracer = sys.gettrace()
    timed = isinstance(item, pytest.Function) and _TIMED.search(inspect.getsource(item.function))
    if not tracer or not timed:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
