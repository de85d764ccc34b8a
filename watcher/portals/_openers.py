"""Links that a function of the page opens: ``onclick="view('8a8f')"`` beside ``function view(id){window.open('/show?id='+id)}``. A helper of the drawer.

Nothing is run: a function counts where it puts one address together from a literal and its first argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

_FUNCTION = re.compile(
    r"(?:function\s{1,9}(\w{1,60})\s{0,9}\(|\b(\w{1,60})\s{0,9}[=:]\s{0,9}function\s{0,9}\()\s{0,9}(\w{1,40})\s{0,9}[,)]"
)
_CALL = re.compile(
    r"(?:^|[\s;:])(?:return\s)?(\w{1,60})\(\s{0,9}(?:'([\w.\-/]{1,200})'|\"([\w.\-/]{1,200})\"|(\d{1,20}))\s{0,9}[,)]"
)
_LONGEST = 600
"""Characters of a function that are looked at."""
_MOST = 200


@dataclass
class Openers:
    """The functions of one page that open addresses; its scripts are looked through when the first link asks."""

    tree: LexborHTMLParser

    def address(self, link: LexborNode) -> str:
        """What a click on ``link`` opens, ``""`` where its script is no call of such a function."""
        attributes = link.attributes
        for name in ("onclick", "href"):
            value = (attributes.get(name) or "")[:500]
            if "(" in value and (call := _CALL.search(value)) is not None and call[1] in self._known:
                before, behind = self._known[call[1]]
                return f"{before}{call[2] or call[3] or call[4]}{behind}"
        return ""

    @cached_property
    def _known(self) -> dict[str, tuple[str, str]]:
        known: dict[str, tuple[str, str]] = {}
        for script in self.tree.css("script:not([src])")[:_MOST]:
            text = script.text(deep=True)
            for at, found in enumerate(_FUNCTION.finditer(text)):
                if at >= _MOST:
                    break
                body = text[found.end() : found.end() + _LONGEST].partition("function")[0]
                put = re.search(
                    rf"[\"']([\w./:?&=%\-]{{1,200}})[\"']\s{{0,9}}\+\s{{0,9}}{re.escape(found[3])}\b(?:\s{{0,9}}\+\s{{0,9}}[\"']([\w.?&=%\-]{{1,60}})[\"'])?(?!\s{{0,9}}\+)",
                    body,
                )
                if put is not None and _OPENS.search(body):
                    known.setdefault(found[1] or found[2], (put[1], put[2] or ""))
        return known


_OPENS = re.compile(r"window\.open|location|\.href|navigateTo|\.push\(")
"""What leads a reader elsewhere; other functions ask for something in the background."""
