"""A long fuzz run: ``python -m tests.read.fuzzing PAGES FILES [SEED]`` reads mutated pages and files, and says what it saw.

Every page is read closely and compared with its own decisive part; every file goes through the drawer of formats. Prints
one line with the counts, the slowest single one in seconds of processor time, and the peak memory; exits 1 on a crash.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import traceback
from pathlib import Path

from tests.read import seeds
from tests.read.portal_pages import STRUCTURES, document, page
from tests.read.test_fuzz import mutated
from watcher.errors import FormatError
from watcher.read import read, read_closely
from watcher.read.decisive import same

CASES = Path(__file__).parents[1] / "cases"
URL = "http://www.example.gov.cn/zwgk/202201/t20220105_1.html"


def _pages() -> list[bytes]:
    made = [
        page(name, document(n, 12 + 12 * n), n, markup=n, encoding=encoding)
        for name in STRUCTURES
        for n in range(4)
        for encoding in ("utf-8", "gb18030")
    ]
    kept = [
        file.read_bytes() for folder in ("portals", "columns", "read") for file in CASES.glob(f"{folder}/**/*.html")
    ]
    return made + kept + [seeds.body(seed) for seed in seeds.SEEDS]


def _files() -> list[tuple[str, bytes]]:
    suffixes = (".json", ".txt", ".yaml")
    found = sorted(file for file in (CASES / "formats").glob("**/*") if file.is_file() and file.suffix not in suffixes)
    return [(file.name, file.read_bytes()) for file in found]


def _flipped(body: bytes, chance: random.Random) -> bytes:
    """A file with a few bytes changed: a container that still opens, and something broken in it."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def run(pages: int, files: int, seed: int = 1) -> dict[str, float]:
    """Reads that many mutated pages and files; counts, seconds and MiB."""
    chance = random.Random(seed)
    stock, shelf = _pages(), _files()
    crashes = refused = unchanged = 0
    slowest = 0.0
    for number in range(pages + files):
        name, body = chance.choice(shelf) if number >= pages else ("t1.html", chance.choice(stock))
        broken = _flipped(body, chance) if number >= pages and number % 3 else mutated(body, chance)
        begun = time.process_time()
        try:
            if number < pages:
                reading, known = read_closely(broken, url=URL)
                if known is not None:
                    assert same(broken, known)
                    unchanged += same(mutated(broken, chance), known)
                assert len(reading.text) < 4 * len(broken) + 1000
            else:
                read(broken, url=f"http://www.example.gov.cn/{name}")
        except FormatError:
            refused += 1
        except Exception:  # what a fuzz run looks for
            crashes += 1
            traceback.print_exc()
        slowest = max(slowest, time.process_time() - begun)
        if number % 5000 == 4999:
            print(number + 1, f"{slowest:.2f} s slowest, {_memory():.0f} MiB", file=sys.stderr, flush=True)
    return {
        "pages": pages,
        "files": files,
        "refused": refused,
        "known again": unchanged,
        "crashes": crashes,
        "slowest": slowest,
        "MiB": _memory(),
    }


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    found = run(*map(int, sys.argv[1:]))
    print(", ".join(f"{name} {value:.6g}" for name, value in found.items()))
    sys.exit(bool(found["crashes"]))
