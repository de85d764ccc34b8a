"""Drawers: folders in which one file is one kind of thing (a CMS family, a file format, a channel).

A drawer's files are found by looking, so that a new one needs no registration. Every module in a drawer is a member;
names that begin with an underscore are helpers shared by the drawer's files and are not members.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


@cache
def names(drawer: str) -> tuple[str, ...]:
    """The member names of ``watcher.<drawer>``, sorted, without importing any of them."""
    folder = Path(__file__).parent / drawer
    return tuple(sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")))


@cache
def member(drawer: str, name: str) -> ModuleType:
    """One member, imported on first use. Raises ``KeyError`` when the drawer has no such file."""
    if name not in names(drawer):
        raise KeyError(name)
    return import_module(f"watcher.{drawer}.{name}")


def members(drawer: str) -> tuple[ModuleType, ...]:
    """All members of a drawer, in the order of their names."""
    return tuple(member(drawer, name) for name in names(drawer))
