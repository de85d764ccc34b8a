"""Checks of what sources.yaml may say in a channel's own options: each raises ``ValueError`` in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from watcher.channels._escape import clean
from watcher.words import system, told, tr

Check = Callable[[object], None]
"""Asked when sources.yaml is read, with the value as YAML gave it."""

LONGEST = 100
"""Characters of a word that stands in every message."""
MENTIONS = 50
"""People that one message may name."""


def choice(*words: str) -> Check:
    """One of a few words."""

    def check(value: object) -> None:
        if value not in words:
            listed = "、".join(words)
            raise ValueError(
                tr(f"不认识 {value!r}；可用：{listed}", f"{value!r} is not known; known are {', '.join(words)}")
            )

    return check


def flag(value: object) -> None:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError(tr("必须是 true 或 false", "must be true or false"))


def word(value: object) -> None:
    """A short text on one line."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or clean(value) != value.strip():
        raise ValueError(
            tr(f"必须是一行文字，不超过 {LONGEST} 个字符", f"must be one line of at most {LONGEST} characters")
        )


def _people(pattern: str, what: tuple[str, str]) -> Check:
    def check(value: object) -> None:
        items = value if isinstance(value, list) else [value]
        if not items or len(items) > MENTIONS:
            raise ValueError(tr(f"必须是 1 至 {MENTIONS} 项的列表", f"must be a list of 1 to {MENTIONS}"))
        for item in items:
            if isinstance(item, bool) or not isinstance(item, str | int) or not re.fullmatch(pattern, str(item)):
                raise ValueError(tr(f"{item!r} 不是{what[0]}", f"{item!r} is not {what[1]}"))

    return check


mobiles = _people(r"(?:\+?[0-9]{1,4}-)?[0-9]{5,15}", ("手机号（只写数字）", "a mobile number (digits only)"))
users = _people(r"[^\s@<>\[\]()`*]{1,64}", ("用户 id", "a user id"))


def readable(value: object) -> None:
    """A file that can be read."""
    if not isinstance(value, str) or not value:
        raise ValueError(tr("必须是文件路径", "must be the path of a file"))
    try:
        with Path(value).open("rb") as file:
            file.read(1)
    except OSError as error:
        said = told(system(error))
        raise ValueError(tr(f"文件 {value!r} 读不出：{said}", f"the file {value!r} cannot be read: {said}")) from None
