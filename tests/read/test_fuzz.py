"""Broken pages: cut, mixed, doubled and flipped bytes never raise, hang or blow up."""

from __future__ import annotations

import random
import time

import pytest

from tests.read import seeds
from tests.read.closely import decisive
from tests.read.portal_pages import STRUCTURES, document, page
from watcher.errors import FormatError
from watcher.read import read
from watcher.read.decisive import same

PIECES = (
    b"<table>",
    b"</table>",
    b"<td rowspan=9 colspan=9>",
    b"</div>",
    b"<div style='display:none'>",
    b"<script>",
    b"<!--",
    b"-->",
    b"\x00",
    b"\xff\xfe",
    b"<title>",
    b"|",
    b"\n",
    "索引号：".encode(),
    "指标\n2025年\n".encode(),
    "附件：".encode(),
)


def mutated(body: bytes, chance: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        kind = chance.randrange(6)
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randint(1, 4000)]
        elif kind == 2:
            data[at:at] = chance.choice(PIECES) * chance.randint(1, 30)
        elif kind == 3:
            data[at:at] = data[max(0, at - chance.randint(1, 3000)) : at]
        elif kind == 4:
            other = chance.randrange(len(data))
            data[at:at] = data[other : other + 500]
        else:
            del data[at:]
        if not data:
            return b" "
    return bytes(data)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_mutated_pages_are_read_without_an_error(structure: str) -> None:
    body = page(structure, document(1, 20), 1)
    known = decisive(body)
    chance = random.Random(5)
    for _ in range(60):
        broken = mutated(body, chance)
        try:
            reading = read(broken, url="http://www.example.gov.cn/a/t1.html")
        except FormatError:
            continue
        assert len(reading.text) < 4 * len(broken) + 1000
        if known is not None:
            assert same(broken, known) in (True, False)


def test_mutated_texts_are_read_without_an_error() -> None:
    chance = random.Random(6)
    for seed in seeds.SEEDS:
        for _ in range(12):
            try:
                reading = read(mutated(seeds.body(seed), chance))
            except FormatError:
                continue
            assert isinstance(reading.title, str)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 300_000,
        "、" * 300_000,
        "（" * 300_000,
        "一、" * 150_000,
        " " * 300_000,
        "\n" * 300_000,
        "| " * 150_000,
        "指标\n2025年\n" * 30_000,
        "索引号：" * 80_000,
        "〔2022〕" * 60_000,
        "至2022年9月" * 40_000,
        "。（一）" * 70_000,
    ],
)
@pytest.mark.parametrize("wrap", ["{}", "<html><body><div class='TRS_Editor'><p>{}</p></div></body></html>"])
def test_hostile_text_takes_bounded_time(text: str, wrap: str) -> None:
    begun = time.process_time()
    read(("征求意见规划\n" + wrap.format(text)).encode())
    assert time.process_time() - begun < 4.0
