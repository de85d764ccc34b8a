"""How fast pages are read, nothing fetched or stored: ``python -m tests.bench.reading [PAGES] [ROUNDS]`` (100, 7).

Each step of what happens to a fetched page of the simulated portal (``tests.bench.pages``) is timed by itself, in processor
time over all pages, and the steps together as the pipeline calls them. Prints the best and the median round in pages a second.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from tests.bench import pages
from watcher.decoding import decode
from watcher.fetch.verdict import judge
from watcher.indicators import extract
from watcher.markup import parse
from watcher.pipeline.examine import JUDGED, Job, examine
from watcher.read import read_closely
from watcher.types import Decoded, Fetched, Reading

URL = "http://www.example.gov.cn/zwgk/202203/t20220301_1.html"


@dataclass(frozen=True, slots=True)
class Speed:
    """Pages a second of processor time."""

    step: str
    best: float
    median: float


@dataclass(frozen=True, slots=True)
class _Sample:
    fetched: Fetched
    decoded: Decoded
    reading: Reading


def measured(count: int = 100, rounds: int = 7) -> list[Speed]:
    """Speeds of the steps over ``count`` pages, as many of each portal system; every step once before it is timed."""
    samples = [_sample(number * 300 // count) for number in range(count)]
    gbk = [sample for sample in samples if sample.decoded.encoding != "utf-8"]
    steps: list[tuple[str, Callable[[_Sample], object], Sequence[_Sample]]] = [
        ("decode", lambda one: decode(one.fetched.body, "text/html"), samples),
        ("decode, GBK only", lambda one: decode(one.fetched.body, "text/html"), gbk),
        ("parse", lambda one: parse(one.decoded.text), samples),
        ("read (decoded before)", partial(_read, closely=False), samples),
        ("read with its decisive part", partial(_read, closely=True), samples),
        ("verdict", lambda one: judge(one.fetched, one.decoded.text[:JUDGED], one.reading), samples),
        ("decode, verdict and read", lambda one: examine(Job(one.fetched, extract=False)), samples),
        ("the same for a first visit", lambda one: examine(Job(one.fetched, extract=False, hint=True)), samples),
        ("extract", lambda one: extract(one.reading), samples),
    ]
    return [_speed(name, step, over, rounds) for name, step, over in steps if over]


def _sample(number: int) -> _Sample:
    body = pages.render(number, pages.State(), random.Random(number))[0]
    fetched = Fetched(URL, URL, 200, {"content-type": "text/html"}, body, datetime(2026, 3, 2, tzinfo=UTC))
    decoded = decode(body, "text/html")
    return _Sample(fetched, decoded, read_closely(body, decoded=decoded, url=URL, closely=False)[0])


def _read(sample: _Sample, *, closely: bool) -> object:
    return read_closely(sample.fetched.body, decoded=sample.decoded, url=URL, closely=closely)


def _speed(name: str, step: Callable[[_Sample], object], samples: Sequence[_Sample], rounds: int) -> Speed:
    rates = []
    for _ in range(rounds + 1):
        begun = time.process_time()
        for sample in samples:
            step(sample)
        rates.append(len(samples) / (time.process_time() - begun))
    return Speed(name, max(rates[1:]), statistics.median(rates[1:]))


def main(arguments: Sequence[str]) -> None:
    """Prints a line a step."""
    count, rounds = (*map(int, arguments), *(100, 7)[len(arguments) :])
    size = statistics.mean(len(_sample(number * 300 // count).fetched.body) for number in range(count))
    print(f"{count} pages of {size / 1000:.0f} kB, {rounds} rounds; pages a second of processor time")
    for speed in measured(count, rounds):
        print(f"{speed.step:30} best {speed.best:7.0f}  median {speed.median:7.0f}  ({1000 / speed.median:.2f} ms)")


if __name__ == "__main__":
    main(sys.argv[1:])
