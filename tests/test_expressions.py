"""Regular expressions that every Python the product runs on understands alike."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import watcher

_constants: Any = importlib.import_module("re._constants")
_parser: Any = importlib.import_module("re._parser")
_ONE_CHARACTER = frozenset(
    (_constants.IN, _constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.CATEGORY)
)


_TUPLE = re.compile(r"\([0-9]+, [0-9]+\)")
"""What ``{2,12}`` becomes in an f-string whose braces were not doubled."""


def _expressions(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from _expressions(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _expressions(part)


def _repeats_a_group_possessively(part: object) -> bool:
    if isinstance(part, _parser.SubPattern):
        return any(map(_repeats_a_group_possessively, part))
    if not isinstance(part, (list, tuple)):
        return False
    if part and part[0] is _constants.ATOMIC_GROUP:
        return True
    if part and part[0] is _constants.POSSESSIVE_REPEAT:
        body = part[1][2]
        if len(body) != 1 or body[0][0] not in _ONE_CHARACTER:
            return True
    return any(map(_repeats_a_group_possessively, part))


def _parsed(pattern: str | bytes, flags: int) -> object:
    tree: object = _parser.parse(pattern, flags & (re.IGNORECASE | re.DOTALL | re.MULTILINE | re.VERBOSE | re.ASCII))
    return tree


def test_a_possessive_group_is_seen() -> None:
    for pattern in ("a(?:<[^<]*+)*+", "(?>ab|a)c", "x|(y(?:ab|a)++)", "(?=(?:ab)?+)"):
        assert _repeats_a_group_possessively(_parsed(pattern, 0)), pattern
    for pattern in ("[^<]*+<", "a++b?+.{2,3}+", "(?=((?:ab|a)+))\\1$"):
        assert not _repeats_a_group_possessively(_parsed(pattern, 0)), pattern


def test_only_single_characters_repeat_possessively() -> None:
    """Python before 3.11.5 (Debian 12 has 3.11.2) misses matches of ``(?:…)*+``; a table of a page was no table there.

    And none holds a tuple where an f-string was to write how often something repeats.
    """
    seen = 0
    for module in pkgutil.walk_packages(watcher.__path__, "watcher."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in _expressions(value):
                seen += 1
                assert not _TUPLE.search(str(pattern.pattern)), (module.name, name)
                assert not _repeats_a_group_possessively(_parsed(pattern.pattern, pattern.flags)), (module.name, name)
    assert seen > 300
