"""The bench itself: its pages are what they are said to be, and what a program reports is counted rightly."""

from __future__ import annotations

import gzip
import json
import random
import statistics
import subprocess
import sys

from tests.bench import changedetection, measuring, pages, peers, reading, rounds
from watcher import read


def test_pages_have_the_size_of_real_ones() -> None:
    rendered = [pages.render(number, pages.State(), random.Random(1)) for number in range(0, 200, 4)]
    assert 85_000 < statistics.median(len(plain) for plain, _ in rendered) < 115_000
    assert 24_000 < statistics.median(len(packed) for _, packed in rendered) < 34_000
    assert all(gzip.decompress(packed) == plain for plain, packed in rendered)


def test_two_answers_differ_and_read_alike_whatever_the_mark_up() -> None:
    dice = random.Random(2)
    for number in (0, 45, 85, 130):
        texts = set()
        for markup in (0, 0, 1, 2, 3):
            body, _ = pages.render(number, pages.State(0, markup), dice)
            reading = read.read(body, content_type="text/html", url="http://portal.example/a.html")
            assert not reading.degraded
            texts.add(reading.text)
        assert len(texts) == 1


def test_every_edit_changes_one_printed_value() -> None:
    for number in range(40):
        before = pages.article(number, pages.State(0))
        name, value = pages.news(number, pages.State(1))
        after = pages.article(number, pages.State(1))
        assert before != after
        assert name in after
        assert value in after


def test_what_programs_report_is_told_apart_by_page() -> None:
    output = "01. CHANGED: plan-3 ( http://a/ )\n-5.1\n+5.2\n02. NEW: plan-4\nCHANGED: plan-12\n+x\n"
    assert set(peers.reported(output)) == {3, 12}
    assert "+5.2" in peers.reported(output)[3]


def test_false_missed_and_legible_alerts_are_counted() -> None:
    def told(number: int, text: str) -> str:
        data = {"document": f"plan-{number}", "moves": [text]}
        return json.dumps({"type": "document.changed", "data": data}, ensure_ascii=False)

    news = [None, ("床位数", "6.5"), ("医师数", "3.1"), None]
    assert rounds.judged([told(1, "床位数 6.5"), told(3, "x")], [1, 2], news) == (1, 1, 1)


def test_every_step_of_reading_is_timed() -> None:
    speeds = {speed.step: speed for speed in reading.measured(count=10, rounds=2)}
    assert {"decode", "verdict", "decode, verdict and read"} <= speeds.keys()
    assert all(speed.best >= speed.median > 0 for speed in speeds.values())
    assert speeds["decode"].best > speeds["decode, verdict and read"].best


def test_what_a_server_tells_is_known_by_the_address_of_its_page() -> None:
    texts = [f"http://127.0.0.1:1{pages.path(7)} had a change.\n(a) 5.1", f"http://127.0.0.1:1{pages.path(70)} …", "x"]
    found = changedetection.told(texts, 100)
    assert set(found) == {7, 70}
    assert "5.1" in found[7]


def test_workers_below_a_process_are_found_with_what_they_took() -> None:
    loop = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", loop], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = measuring.below(child.pid)
        child.communicate(b"\n")
    assert len(found) == 1
    assert found[0][1] > 1_000_000
