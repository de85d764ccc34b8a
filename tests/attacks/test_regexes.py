"""Crafted text costs time in proportion to its length, never more, in reading, indicators, comparing and lineage."""

from __future__ import annotations

import time

import pytest

from tests.attacks.hostile import article
from watcher.compare import compare
from watcher.compare.lineage import explain
from watcher.indicators import extract
from watcher.read import read

SIZE = 40_000
LINES = {
    "digits": "1", "points": "1.", "commas": "1,", "percents": "%", "spaces": " ", "wide spaces": "\u3000", "years": "2025年", "numerals": "一",
    "brackets": "（", "quotes": "《", "closed quotes": "《》", "from to": "由1%到", "dashes": "1-", "tildes": "1～2～", "and": "、1", "headings": "一、",
    "units": "1张/千人", "reach": "达到", "of": "的", "not under": "不低于1", "documents": "国发〔2025〕", "months": "2025年1月", "labels": "索 引 号：",
    "attached": "附件1：", "stops": "。", "letters": "a", "at": "a@", "dots": "a.", "slashes": "/", "equals": "=1", "semicolons": "1；",
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_crafted_text_costs_little(name: str) -> None:
    piece = LINES[name]
    line = piece * (SIZE // len(piece))
    many = "\n".join([piece * (400 // len(piece))] * (SIZE // 400))
    begun = time.process_time()
    sides = []
    for text in (f"某市卫生规划\n到2025年{line}x\n{many}", f"某市卫生规划\n到2026年{line}y\n{many}\n{piece}"):
        reading = read(text.encode(), url="")
        sides.append((reading, extract(reading)))
    page = read(
        article(f"<p>{line}</p>", title="某市" + piece * 200).encode(),
        content_type="text/html",
        url="http://a.example/",
    )
    compare(sides[0][0], sides[1][0], sides[0][1], sides[1][1])
    explain(sides[0][0].title[:2000], (piece * 2000)[:2000])
    assert page
    assert time.process_time() - begun < 4
