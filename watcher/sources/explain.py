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
from watcher.words import STAGE_WORDS, tr

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
_FORMS: Mapping[str, type[BaseModel]] = {
    "settings": SettingsForm, "documents": DocumentForm, "columns": ColumnForm, "channels": ChannelForm, "routes": RouteForm,
    "pages": PageForm, "network": NetworkForm, "selectors": SelectorsForm, "alerts": AlertsForm, "web": WebForm, "upkeep": UpkeepForm,
}  # fmt: skip
"""What stands under a key, wherever that key is."""
_WITHIN = ("settings", "selectors", "web", "upkeep", "alerts", "network", "pages")
"""Those that are one mapping, or pages: their keys are looked for in what they belong to. A word of two is the later one's."""


def explain(error: ValidationError, lines: Lines) -> ConfigError:
    """The first mistake that pydantic found, in plain words, at its line; where a word is missing and another is not known, that one."""
    # A union reports every branch that failed; the deepest report says most.
    found = error.errors(include_url=False)
    first = found[0]
    if first["type"] == "missing" and (word := _meant(first)) is not None:
        return _unknown(word, first["loc"][:-1], lines)
    path = tuple(
        part
        for part in first["loc"]
        if isinstance(part, int) or part in _known_words() or (part in _strings(first, lines))
    )
    name = ".".join(str(part) for part in path) or tr("文件", "the file")
    kind = first["type"]
    if kind == "extra_forbidden":
        return _unknown(str(first["loc"][-1]), first["loc"][:-1], lines)
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", first["ctx"]["expected"])
        said = str(first["input"])
        near = nearest(next((stage for stage, (zh, _) in STAGE_WORDS.items() if said == zh), said), allowed, rest=False)
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
    if first["input"] is None and kind in ("list_type", "dict_type", "model_type"):
        return lines.error(
            path,
            tr(
                f"{name} 后面是空的；请写上内容，或删去这一行",
                f"{name} is empty; write something there, or remove the line",
            ),
        )
    if kind == "bool_type" and any(
        one["type"] == "list_type" and one["loc"][:-1] == first["loc"][:-1] for one in found
    ):
        return lines.error(path, tr(f"{name} 必须是 true、false 或列表", f"{name} must be true, false or a list"))
    said = (
        tr(*_WORDS[kind]).format(**first.get("ctx", {}))
        if kind in _WORDS
        else first["msg"][0].lower() + first["msg"][1:]
    )
    return lines.error(path, f"{name} {said}")


def _meant(missing: Mapping[str, Any]) -> str | None:
    """The key beside a missing one that nobody knows, and that was most likely meant to be it."""
    path, given = missing["loc"][:-1], missing["input"]
    form = _form_at(path)
    strange = [key for key in given if key not in form.model_fields] if isinstance(given, Mapping) else []
    near = difflib.get_close_matches(str(missing["loc"][-1]), strange, 1, 0.5)
    # A channel may have words of its own kind, which are not looked at here.
    return near[0] if near else None if form is ChannelForm else next(iter(strange), None)


def _unknown(word: str, path: tuple[str | int, ...], lines: Lines) -> ConfigError:
    """An unknown key at a path, with the nearest known one, here or in what stands within this."""
    form = _form_at(path)
    inner = {key: name for name in _WITHIN if name in form.model_fields for key in _FORMS[name].model_fields}
    best = difflib.get_close_matches(word.lower(), [*form.model_fields, *inner], 1, 0.5)
    if best and best[0] not in form.model_fields:
        above = inner[best[0]]
        shown = f"pages: [{{{best[0]}: …}}]" if above == "pages" else f"{above}: {{{best[0]}: …}}"
        near = tr(f"；是不是 {shown}？", f"; did you mean {shown}?")
    else:
        near = nearest(word, list(form.model_fields))
    return lines.error((*path, word), tr(f"不认识的键 {word!r}{near}", f"unknown key {word!r}{near}"))


def _strings(first: Mapping[str, Any], lines: Lines) -> set[str]:
    """The parts of an error's path that are keys of this file (names of channels, for example)."""
    return {part for path in lines.at for part in path if isinstance(part, str)} & {str(part) for part in first["loc"]}


def _known_words() -> set[str]:
    forms: list[type[BaseModel]] = [FileForm, *_FORMS.values()]
    return {name for form in forms for name in form.model_fields}


def _form_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    """What may stand at a path."""
    where: type[BaseModel] = FileForm
    for part in path:
        if isinstance(part, str) and part in _FORMS:
            where = _FORMS[part]
    return where


def nearest(word: str, known: list[str] | tuple[str, ...], *, rest: bool = True) -> str:
    """The end of a sentence: the nearest of the known words, or (with ``rest``) all of them."""
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if near:
        return tr(f"；是不是 {near[0]!r}？", f"; did you mean {near[0]!r}?")
    return tr(f"；可用：{'、'.join(known)}", f"; known are {', '.join(known)}") if known and rest else ""
