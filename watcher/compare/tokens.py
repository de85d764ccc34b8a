"""Text to tokens that a reader would call one thing: a number with its sign, comparator and unit, a word, a mark.

Words are found by longest match in ``words.txt``: a segmenter with a model costs more to start than a whole diff may.
A word that the list does not know falls into single characters, which only makes a span shorter.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_UNIT = (
    r"[万亿千百十]{0,3}(?:个百分点|个标准分|平方公里|标立方米|平方米|立方米|标准箱|千瓦时|兆瓦时|人年|人次|人天|千瓦|兆瓦|吉瓦|千伏|公里|海里|公顷|公斤|千克|毫升|"
    r"分钟|小时|毫克|微克|周岁|年级|标准煤|[张名人个家所辆岁元例项台部件次户床级位天年月日倍吨亩成处套支间篇门条种座对只段米升管车头羽株克])(?:标准煤)?"
)
_NUMBER = (
    r"(?:[≥≤＞＜><=＝≈±]{1,2}[ \u00a0\u3000]?|(?<![0-9０-９A-Za-z\u4e00-\u9fff%％‰—-])[－−＋+-])?"  # comparator or sign
    r"[0-9０-９]{1,40}(?:[,，][0-9０-９]{3}){0,9}(?:[.．][0-9０-９]{1,40}){0,3}"
    r"(?:[ \u00a0]?(?:[%％‰‱]|/[0-9]{0,9}[万千百亿](?:人口|人|例)?|[a-zA-Zμ℃°²³]+(?:/[a-zA-Z]+)?|(?:"
    + _UNIT
    + r")(?:/(?:平方公里|平方米|立方米|千瓦时|公斤|公里|小时|[\u4e00-\u9fff]))?|[万亿千百]))?"
)
_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_WORDED = (
    rf"百分之[{_DIGITS}点]{{1,9}}|[{_DIGITS}]{{1,4}}分之[{_DIGITS}]{{1,4}}|第[{_DIGITS}]{{1,9}}[章节条款项个批次]?"
    rf"|[{_DIGITS}]{{1,9}}(?:成(?!果|效|立|就|为|员)|[名个家所张人辆岁元项台部次户床级位天年月日倍章节条款])|[{_DIGITS}]{{2,9}}"
)
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<latin>[A-Za-z][A-Za-z0-9]*(?:[-_.'’][A-Za-z0-9]+)*)"
    r"|(?P<han>[\u3400-\u9fff]+)|(?P<space>[ \t\u00a0\u3000]+)|(?P<other>.)",
    re.DOTALL,
)
_IDEOGRAPHIC_NUMBER = re.compile(_WORDED)
_BEGINS = frozenset(_DIGITS + "第百")
_LONGEST = 4


@cache
def words() -> dict[str, str]:
    """The word list, read on first use: first character → what follows it in each word, a space before and behind.

    One string for each of the words would take four times as much memory.
    """
    rests: dict[str, str] = {}
    with files("watcher.compare").joinpath("words.txt").open(encoding="utf-8") as lines:
        for line in lines:
            if line[0] != "#":
                rests[line[0]] = f"{rests.get(line[0], ' ')}{line[1:-1]} "
    return rests


def _segment(run: str, known: dict[str, str]) -> list[str]:
    """A run of ideographs by longest match, worded numbers first."""
    tokens: list[str] = []
    at, end = 0, len(run)
    while at < end:
        rests = known.get(run[at], "")
        size = min(_LONGEST, end - at) if rests else 1
        while size > 1 and f" {run[at + 1 : at + size]} " not in rests:
            size -= 1
        number = _IDEOGRAPHIC_NUMBER.match(run, at) if run[at] in _BEGINS else None
        if number and number.end() - at >= size:
            size = number.end() - at
        tokens.append(run[at : at + size])
        at += size
    return tokens


def tokens(text: str) -> list[str]:
    """The tokens of a text; joined they are the text again. Linear in its length."""
    known = words()
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "han":
            found.extend(_segment(match.group(), known))
        else:
            found.append(match.group())
    return found
