"""Mistakes in plain words: what is wrong, at which line, and the nearest known word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from watcher.errors import ConfigError
from watcher.sources.form import (
    AlertsForm,
    ChannelForm,
    ColumnForm,
    DocumentForm,
    FileForm,
    NetworkForm,
    PageForm,
    RouteForm,
    SelectorsForm,
    SettingsForm,
    UpkeepForm,
    WebForm,
)
from watcher.sources.lines import Lines

_WORDS = {
    "missing": "is missing",
    "string_type": "must be text (put it in quotes)",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list of two",
}


def explain(error: ValidationError, lines: Lines) -> ConfigError:
    """The first mistake that pydantic found, in plain words, at its line."""
    # A union reports every branch that failed; the deepest report says most.
    first = error.errors(include_url=False)[0]
    path = tuple(
        part
        for part in first["loc"]
        if isinstance(part, int) or part in _known_words() or (part in _strings(first, lines))
    )
    name = ".".join(str(part) for part in path) or "the file"
    kind = first["type"]
    if kind == "extra_forbidden":
        word = str(first["loc"][-1])
        return lines.error(tuple(first["loc"]), f"unknown key {word!r}{nearest(word, _fields_at(first['loc'][:-1]))}")
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", first["ctx"]["expected"])
        return lines.error(
            path,
            f"{name}: {first['input']!r} is not known{nearest(str(first['input']), allowed)}; allowed are {', '.join(allowed)}",
        )
    if kind == "value_error":
        return lines.error(path, f"{name}: {first['ctx']['error']}")
    return lines.error(path, f"{name} {_WORDS.get(kind, first['msg'][0].lower() + first['msg'][1:])}")


def _strings(first: Mapping[str, Any], lines: Lines) -> set[str]:
    """The parts of an error's path that are keys of this file (names of channels, for example)."""
    return {part for path in lines.at for part in path if isinstance(part, str)} & {str(part) for part in first["loc"]}


def _known_words() -> set[str]:
    models = (
        FileForm,
        SettingsForm,
        DocumentForm,
        ColumnForm,
        PageForm,
        ChannelForm,
        RouteForm,
        NetworkForm,
        SelectorsForm,
        AlertsForm,
        WebForm,
        UpkeepForm,
    )
    return {name for model in models for name in model.model_fields}


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
    """The keys that are allowed at a path."""
    where: type[BaseModel] = FileForm
    table: dict[str, type[BaseModel]] = {
        "settings": SettingsForm, "documents": DocumentForm, "columns": ColumnForm, "channels": ChannelForm, "routes": RouteForm,
        "pages": PageForm, "network": NetworkForm, "selectors": SelectorsForm, "alerts": AlertsForm, "web": WebForm, "upkeep": UpkeepForm,
    }  # fmt: skip
    for part in path:
        if isinstance(part, str) and part in table:
            where = table[part]
    return list(where.model_fields)


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """The end of a sentence: the nearest of the known words, or all of them."""
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}" if known else ""
