"""The terminal as it is: closed streams, encodings other than UTF-8, words typed in GBK."""

from __future__ import annotations

import io
import os
import sys

_OUR_WORDS = "监测"


def prepare() -> None:
    """Makes streams and arguments usable; call once, before anything is read or printed.

    A closed stream (``>&-``, some supervisors) becomes the null device, or the next file opened would take its place and be
    printed into. An encoding without Chinese (ASCII, Latin-1) becomes UTF-8; in one that has it (GBK) the odd sign that is
    missing (⚠) is a question mark.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=_encoding(stream.encoding), errors="replace")
    sys.argv[1:] = map(_typed, sys.argv[1:])


def _nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")


def _encoding(name: str) -> str:
    try:
        _OUR_WORDS.encode(name)
    except (UnicodeEncodeError, LookupError):
        return "utf-8"
    return name


def _typed(word: str) -> str:
    """An argument whose bytes are not in the locale's encoding, as who typed it saw it: UTF-8 or GBK."""
    try:
        word.encode()
    except UnicodeEncodeError:
        body = os.fsencode(word)
        for encoding in ("utf-8", "gb18030"):
            try:
                return body.decode(encoding)
            except UnicodeDecodeError:
                continue
        return body.decode("utf-8", "replace")
    return word
