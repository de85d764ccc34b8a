"""The peers: each in an environment of its own, configured as its documentation advises, with an expert's selector a template."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import pages

SELECTORS = {"trs": ".TRS_UEDITOR", "hanweb": "#zoom", "ucap": "#UCAP-CONTENT", "govcn": "#UCAP-CONTENT"}
"""What an expert would write into each job: the article's container."""
_CHANGED = re.compile(r"^.{0,12}CHANGED: plan-(\d+)\b", re.MULTILINE)


@dataclass(frozen=True)
class Peer:
    """One program that watches pages."""

    name: str
    packages: tuple[str, ...]
    prepare: Callable[[Path, int, int, bool], None]
    """Writes the configuration into a folder: pages, port, with selectors."""
    command: Callable[[Path, Path], Sequence[str]]
    """The command line of one round: environment, folder."""


def _jobs(folder: Path, count: int, port: int, selectors: bool, filters: Callable[[str | None], list[object]]) -> None:
    jobs = []
    for number in range(count):
        selector = SELECTORS[pages.family(number)] if selectors else None
        url = f"http://{pages.host(number)}:{port}{pages.path(number)}"
        jobs.append(json.dumps({"name": f"plan-{number}", "url": url, "filter": filters(selector)}, ensure_ascii=False))
    (folder / "jobs.yaml").write_text("\n---\n".join(jobs) + "\n", encoding="utf-8")


def _urlwatch(folder: Path, count: int, port: int, selectors: bool) -> None:
    _jobs(folder, count, port, selectors, lambda css: [*([{"css": css}] if css else []), "html2text"])
    (folder / "config.yaml").write_text(
        json.dumps({"display": {"new": False, "error": True, "unchanged": False}, "report": {"stdout": {"enabled": True, "color": False}, "text": {"details": True, "footer": False, "line_length": 200}}}),
        encoding="utf-8",
    )  # fmt: skip


def _webchanges(folder: Path, count: int, port: int, selectors: bool) -> None:
    _jobs(folder, count, port, selectors, lambda css: [*([{"css": css}] if css else []), {"html2text": None}])
    (folder / "config.yaml").write_text(
        json.dumps({"display": {"new": False, "error": True, "unchanged": False}, "report": {"stdout": {"enabled": True, "color": False}, "text": {"details": True, "footer": False, "line_length": 200}}}),
        encoding="utf-8",
    )  # fmt: skip


def _script(folder: Path, count: int, port: int, selectors: bool) -> None:
    lines = [f"plan-{n}\thttp://{pages.host(n)}:{port}{pages.path(n)}" for n in range(count)]
    (folder / "pages.txt").write_text("\n".join(lines), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("script.py"), folder / "script.py")


PEERS = (
    Peer(
        "urlwatch",
        ("urlwatch==2.29", "cssselect==1.6.0", "lxml", "html2text"),
        _urlwatch,
        lambda env, at: [str(env / "bin" / "urlwatch"), "--urls", str(at / "jobs.yaml"), "--config", str(at / "config.yaml"), "--cache", str(at / "cache.db"), "--hooks", str(at / "hooks.py")],
    ),
    Peer(
        "webchanges",
        ("webchanges==3.37.0",),
        _webchanges,
        lambda env, at: [str(env / "bin" / "webchanges"), "--jobs", str(at / "jobs.yaml"), "--config", str(at / "config.yaml"), "--database", str(at / "snapshots.db"), "--hooks", str(at / "hooks.py")],
    ),
    Peer(
        "script",
        ("httpx==0.28.1", "trafilatura==2.3.1", "lxml-html-clean"),
        _script,
        lambda env, at: [str(env / "bin" / "python"), str(at / "script.py"), str(at)],
    ),
)  # fmt: skip


def environment(name: str, packages: Sequence[str], home: Path) -> Path:
    """A peer's own environment under ``home``, made when it is not there."""
    place = home / name
    done = place / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(place / "bin" / "pip"), "install", "-q", *packages], check=True)
        done.touch()
    return place


def reported(output: str) -> dict[int, str]:
    """What a peer printed about each page that it calls changed."""
    found: dict[int, str] = {}
    marks = list(_CHANGED.finditer(output))
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(output)
        number = int(mark[1])
        found[number] = found.get(number, "") + output[mark.start() : end]
    return found
