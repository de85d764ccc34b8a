"""How the product is: ``/healthz`` for a supervisor, ``/metrics`` for Prometheus."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from watcher.errors import StoreError
from watcher.pipeline.context import Context
from watcher.pipeline.status import ALIVE, gather, ticks
from watcher.store.database import moment
from watcher.web.reply import site_of

_NAMES = {
    "documents": ("documents", "Documents that are watched"),
    "sources": ("sources", "Addresses that are polled"),
    "versions": ("versions", "Versions that are stored"),
    "changes": ("changes", "Changes that are stored"),
    "incidents": ("incidents_open", "Open incidents"),
    "bytes": ("database_bytes", "Size of the database file and its log"),
    "overdue": ("sources_overdue", "Addresses due for more than 15 minutes"),
    "due": ("sources_due", "Addresses that are due"),
    "queue": ("queue", "Alerts that wait to be sent"),
}


def healthz(request: Request) -> Response:
    """200 when the loop turns, ticks come and the database takes writes; else 503. Says nothing else."""
    site = site_of(request)
    ticking, writable, last = False, False, None
    try:
        with site.open(write=not site.read_only) as store:
            last = store.fact("tick")
            writable = site.read_only or store.pages.writable()
    except StoreError:
        pass
    else:
        young = time.monotonic() - site.started < ALIVE.total_seconds()
        ticking = site.read_only or young or (last is not None and ticks(moment(last), site.now()))
    good = ticking and writable
    body = {
        "status": "ok" if good else "trouble",
        "loop": True,
        "ticking": ticking,
        "last_tick": last,
        "writable": writable,
    }
    return JSONResponse(body, 200 if good else 503, {"cache-control": "no-store"})


def metrics(request: Request) -> Response:
    """The figures of ``watcher status`` in Prometheus' text format."""
    site = site_of(request)
    with site.open() as store:
        found = gather(Context(site.sources, store, now=site.now))
    return Response("".join(lines(found)), media_type="text/plain; version=0.0.4; charset=utf-8")


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """One family after another; figures that a later release gathers come by their own names."""
    told = {"running", "ticking", "pid", "last_tick", "alerts", "verdicts", "stopped_channels", "counters"}
    for name, value in found.items():
        if name not in told and isinstance(value, int | float) and not isinstance(value, bool):
            metric, text = _NAMES.get(name, (name, name.replace("_", " ")))
            yield from _family(metric, text, [("", value)])
    yield from _family("up", "Whether the service ticks", [("", int(bool(found["ticking"])))])
    if found["last_tick"]:
        yield from _family(
            "last_tick_timestamp_seconds", "The last tick", [("", moment(found["last_tick"]).timestamp())]
        )
    yield from _family(
        "alerts", "Alerts by state", [(_label("state", one), count) for one, count in found["alerts"].items()]
    )
    yield from _family(
        "sources_by_verdict", "Addresses by their last verdict",
        [(_label("verdict", one), count) for one, count in found["verdicts"].items()],
    )  # fmt: skip
    yield from _family(
        "channels_stopped", "Channels that a permanent error stopped", [("", len(found["stopped_channels"]))]
    )
    if counted := found.get("counters"):
        yield from _counted(counted)


def _counted(counted: Mapping[str, Any]) -> Iterator[str]:
    """What the service has done since it started."""
    for name, text, key, label in (
        ("fetches_total", "Visits by verdict", "fetches", "verdict"),
        ("versions_total", "Versions by cause", "versions", "cause"),
        ("alert_tries_total", "Tries of alerts by fate", "alerts", "fate"),
    ):
        samples: list[tuple[str, float]] = [(_label(label, one), count) for one, count in counted[key].items()]
        yield from _family(name, text, samples, kind="counter")
    latency = counted["latency"]
    buckets: list[tuple[str, float]] = [
        (f"_bucket{_label('le', bound)}", count) for bound, count in latency["buckets"].items()
    ]
    yield from _family(
        "fetch_seconds", "Seconds until a page was there",
        [*buckets, ("_sum", latency["sum"]), ("_count", latency["count"])], kind="histogram",
    )  # fmt: skip
    yield from _family("unchanged_total", "Visits that found nothing new", [("", counted["unchanged"])], kind="counter")
    yield from _family("ticks_total", "Ticks of the scheduler", [("", counted["ticks"])], kind="counter")
    yield from _family("tick_lateness_seconds", "The latest tick yet", [("", counted["tick_lateness"])])


def _family(name: str, text: str, samples: list[tuple[str, float]], kind: str = "gauge") -> Iterator[str]:
    name = "watcher_" + re.sub(r"[^a-z0-9_]", "_", name.lower())
    yield f"# HELP {name} {text}.\n# TYPE {name} {kind}\n"
    yield from (f"{name}{label} {value}\n" for label, value in samples)


def _label(name: str, value: str) -> str:
    escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{{name}="{escaped}"}}'
