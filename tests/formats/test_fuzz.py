"""Mutated files of every format: a ``FormatError`` or blocks, never another error, never a hang.

``WATCHER_FUZZ=2000`` sets how many files are tried (a few hundred otherwise).
"""

from __future__ import annotations

import contextlib
import os
import random
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.formats import make
from watcher import drawers
from watcher.errors import FormatError

SAMPLES = {"pdf": make.pdf, "docx": make.docx, "xlsx": make.xlsx, "xls": make.xls, "ofd": make.ofd, "rtf": make.rtf}
TRIES = int(os.environ.get("WATCHER_FUZZ", "300"))
SLOWEST = 20.0
"""Seconds for one file, on a busy machine."""


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Cut, with bytes flipped, with a piece doubled, moved or blanked, or with a number made absurd."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        if not data:
            break
        at = chance.randrange(len(data))
        length = chance.randint(1, max(1, len(data) // 20))
        what = chance.randrange(6)
        if what == 0:
            del data[at:]
        elif what == 1:
            for _ in range(chance.randint(1, 30)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif what == 2:
            data[at:at] = data[at : at + length]
        elif what == 3:
            del data[at : at + length]
        elif what == 4:
            data[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"9999"])
        else:
            data[at : at + length] = bytes(length)
    return bytes(data)


def inside(body: bytes, chance: random.Random) -> bytes:
    """The same to one part of a zip archive, which is packed again properly."""
    with zipfile.ZipFile(BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in files if name.endswith(".xml")])
    data = files[name]
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(max(1, len(data)))
        length = chance.randint(0, 12)
        new = chance.choice(
            [b"", b"-1", b"999999999", b"<", b"/>", b'"', b"w:p", b"&#0;", b"&x;", b"1e309", b"NaN", bytes(3)]
        )
        data = data[:at] + new + data[at + length :]
    return make.zipped(files | {name: data})


@pytest.mark.parametrize("seed", range(6))
def test_no_mutated_file_breaks_or_hangs(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no helper is started: they are confined by test_helpers
    chance = random.Random(seed)
    members = {name: drawers.member("formats", name) for name in SAMPLES}
    for _ in range(max(1, TRIES // 6)):
        name = chance.choice(list(SAMPLES))
        body = SAMPLES[name]()
        broken = (
            inside(body, chance) if name in ("docx", "xlsx", "ofd") and chance.random() < 0.6 else mutated(body, chance)
        )
        begun = time.monotonic()
        for member in drawers.members("formats"):
            member.recognises(broken, "")
        with contextlib.suppress(FormatError):
            blocks = members[name].blocks(broken)
            "\n".join(block.text for block in blocks).encode("utf-8")
        assert time.monotonic() - begun < SLOWEST
