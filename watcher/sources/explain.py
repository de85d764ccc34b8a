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
from watcher.words import tr

_MAPPING = ("必须是“键: 值”的形式", "must be a mapping (key: value)")
_WORDS = {
    "string_type": ("必须是文字（请加引号）", "must be text (put it in quotes)"),
    "int_type": ("必须是整数", "must be a whole number"),
    "float_type": ("必须是数字", "must be a number"),
    "bool_type": ("必须是 true 或 false", "must be true or false"),
    "list_type": ("必须是列表", "must be a list"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "tuple_type": ("必须是两项的列表", "must be a list of two"),
    "too_short": ("不能为空", "must not be empty"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("过长，最多 {max_length} 个字符", "is too long; at most {max_length} characters"),
    "greater_than_equal": ("不能小于 {ge}", "must be {ge} or more"),
    "less_than_equal": ("不能大于 {le}", "must be {le} or less"),
}
"""What pydantic's kinds of mistake are called, in Chinese and English; fields in braces come from its context."""


def explain(error: ValidationError, lines: Lines) -> ConfigError:
    """The first mistake that pydantic found, in plain words, at its line."""
    # A union reports every branch that failed; the deepest report says most.
    first = error.errors(include_url=False)[0]
    path = tuple(
        part
        for part in first["loc"]
        if isinstance(part, int) or part in _known_words() or (part in _strings(first, lines))
    )
    name = ".".join(str(part) for part in path) or tr("文件", "the file")
    kind = first["type"]
    if kind == "extra_forbidden":
        word = str(first["loc"][-1])
        near = nearest(word, _fields_at(first["loc"][:-1]))
        return lines.error(tuple(first["loc"]), tr(f"不认识的键 {word!r}{near}", f"unknown key {word!r}{near}"))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", first["ctx"]["expected"])
        near = nearest(str(first["input"]), allowed, rest=False)
        return lines.error(
            path,
            tr(
                f"{name}：不认识 {first['input']!r}{near or '；'}可用：{'、'.join(allowed)}",
                f"{name}: {first['input']!r} is not known{near}; allowed are {', '.join(allowed)}",
            ),
        )
    if kind == "value_error":
        return lines.error(path, f"{name}{tr('：', ': ')}{first['ctx']['error']}")
    if kind == "missing":
        return lines.error(path, tr(f"缺少 {name}", f"{name} is missing"))
    said = (
        tr(*_WORDS[kind]).format(**first.get("ctx", {}))
        if kind in _WORDS
        else first["msg"][0].lower() + first["msg"][1:]
    )
    return lines.error(path, f"{name} {said}")


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


def nearest(word: str, known: list[str] | tuple[str, ...], *, rest: bool = True) -> str:
    """The end of a sentence: the nearest of the known words, or (with ``rest``) all of them."""
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if near:
        return tr(f"；是不是 {near[0]!r}？", f"; did you mean {near[0]!r}?")
    return tr(f"；可用：{'、'.join(known)}", f"; known are {', '.join(known)}") if known and rest else ""
