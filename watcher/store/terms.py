"""The terms that texts are searched by: latin words and numbers whole, Chinese as overlapping pairs of characters."""

from __future__ import annotations

import re
from operator import add

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
_GRAMS = re.compile(r"[a-z0-9.]+|[\u3400-\u9fff]+")
_CHINESE = bytes(0xFF if 0x34 <= high <= 0x9F else 0 for high in range(256))
"""Of the higher byte of a character: all or nothing."""
_WORD = bytes(code if chr(code) in _LATIN else ord(" ") for code in range(256))


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
    """The same terms for the index, in any order, as often as they stand there and with more space between: a whole text at once.

    Every character is looked at by arithmetic on the whole text, a byte a character: whether it is Chinese (by the higher byte of
    its UTF-16), whether the one after it is, or neither beside it.
    """
    text = text.lower()
    units = text.encode("utf-16-le", "surrogatepass")
    size = len(units) // 2
    low, high = (int.from_bytes(units[at::2], "little") for at in (0, 1))
    chinese = int.from_bytes(units[1::2].translate(_CHINESE), "little")
    pair = chinese & chinese >> 8
    lone = chinese & ~(chinese >> 8 | chinese << 8)
    # For each character three: itself where it begins a pair or stands alone, the one after it where they are a pair, a space.
    terms = bytearray(6 * size)
    for at, column in enumerate((low & (pair | lone), high & (pair | lone), low >> 8 & pair, high >> 8 & pair)):
        terms[at::6] = column.to_bytes(size, "little")
    terms[4::6] = b" " * size
    words = text.encode("ascii", "replace").translate(_WORD).decode("ascii")
    return terms.decode("utf-16-le").replace("\0", " ") + words


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
