"""The terms that texts are searched by: latin words and numbers whole, Chinese as overlapping pairs of characters."""

from __future__ import annotations

import re
import sys
from array import array
from operator import add

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
_GRAMS = re.compile(r"[a-z0-9.]+|[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9.]+")
_OTHER = re.compile(r"[^\u3400-\u9fff]+")
_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def grams(text: str) -> str:
    """``terms_of`` as one string."""
    return " ".join(terms_of(text))


def terms_of(text: str) -> dict[str, None]:
    """The search terms of a text, each once, in order."""
    terms: list[str] = []
    for run in _GRAMS.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            terms.append(run)
        else:
            terms.extend(map(add, run, run[1:]))
    return dict.fromkeys(terms)


def index_terms(text: str) -> str:
    """The same terms for the index, in any order and as often as they stand there: a whole text in a quarter of the time."""
    text = text.lower()
    chinese = f" {_OTHER.sub(' ', text).strip()} "
    # Each character, the one after it, a space: written as three columns of one array.
    column = array("H", chinese.encode(_UTF16))
    triples = array("H", [32]) * (3 * (len(column) - 1))
    triples[0::3] = column[:-1]
    triples[1::3] = column[1:]
    # Between two runs stand three spaces. A run begins and ends with one character beside a space, which is no pair.
    runs = triples.tobytes().decode(_UTF16)[1:-2].split("   ")
    return " ".join([*[run[2:-2] if len(run) > 3 else run[:1] for run in runs], *_WORD.findall(text)])


def moved_terms(before: tuple[str, str], after: tuple[str, str]) -> tuple[str, str]:
    """The terms that a text lost and those that it gained, as the index takes them; of each text its title and its body."""
    old, new = "\n".join(before).lower(), "\n".join(after).lower()
    return " ".join(only_in(old, new)), " ".join(only_in(new, old))


def only_in(one: str, other: str) -> list[str]:
    """Terms of one lower-case text that another does not have; only lines that the other lacks are taken apart."""
    lines = set(other.split("\n"))
    changed = terms_of("\n".join(line for line in one.split("\n") if line not in lines))
    return [term for term in changed if not _has_term(other, term)]


def _has_term(text: str, term: str) -> bool:
    if term[0] >= "\u3400" and len(term) == 2:
        return term in text
    # A word or a lone character is a term only where nothing of its kind stands beside it.
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        if not _joins(text[at - 1 : at], term) and not _joins(text[end : end + 1], term):
            return True
        at = text.find(term, at + 1)
    return False


def _joins(beside: str, term: str) -> bool:
    return bool(beside) and (beside in _LATIN if term[0] < "\u3400" else "\u3400" <= beside <= "\u9fff")
