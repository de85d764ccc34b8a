"""What coordinator and workers say to each other, as plain values."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from watcher.errors import FetchError, Refused
from watcher.pipeline.errands import Brought, Errand
from watcher.pipeline.examine import Examined, Job
from watcher.pipeline.rules import code_rules

Lost = Literal["", "late", "elsewhere", "stale", "stopped", "stuck"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What must be the same on both sides: the release, what it reads by, and what carries values to and fro."""

    watcher: str
    rules: str
    """Digest of everything that reads: the same release number may stand over other code in a checkout."""
    python: str
    distributed: str

    @classmethod
    def own(cls) -> Stamp:
        """This process's."""
        return cls(
            _version("watcher"), code_rules(), ".".join(platform.python_version_tuple()[:2]), _version("distributed")
        )

    @classmethod
    def of(cls, told: dict[str, Any]) -> Stamp:
        """What another process tells of itself; what it does not know to tell is ``"?"``."""
        return cls(*(str(told.get(name, "?")) for name in ("watcher", "rules", "python", "distributed")))

    def differs(self, other: Stamp) -> str | None:
        """What is not the same there (``other``) as here, in words; None where both fit."""
        found = []
        if self.watcher != other.watcher:
            found.append(f"watcher {other.watcher} there, {self.watcher} here")
        elif self.rules != other.rules:
            found.append(f"watcher {other.watcher} on both sides, but of different code ({other.rules}, {self.rules})")
        for name in ("python", "distributed"):
            here, there = getattr(self, name), getattr(other, name)
            if here != there:
                found.append(f"{name} {there} there, {here} here")
        return "; ".join(found) or None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def clock() -> float:
    """Seconds on a clock that never jumps, and goes on while the machine sleeps where the system has such a one."""
    try:
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    except (AttributeError, OSError):
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to go: for what, to which hosts, and how long."""

    work: Errand | Job = field(repr=False)
    owner: str
    """The coordinator's database: two coordinators may share a cluster."""
    epoch: str
    """The coordinator's run: who starts anew ends what an earlier run still had under way."""
    hosts: frozenset[str] = frozenset()
    until: float = 0.0
    """No request begins after this moment, on the clock of the worker: by then the hosts are free for another worker."""
    budget: float = 60.0
    """Seconds that the work may take in all."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A ``FetchError`` as a value."""

    message: str
    kind: str
    url: str
    transient: bool
    retry_after: float | None
    refused: bool

    @classmethod
    def of(cls, error: FetchError) -> Failure:
        """The error's fields."""
        return cls(error.both, error.kind, error.url, error.transient, error.retry_after, isinstance(error, Refused))

    def error(self) -> FetchError:
        """The error again."""
        if self.refused:
            return Refused(self.message, kind=self.kind, url=self.url)
        return FetchError(
            self.message, kind=self.kind, url=self.url, transient=self.transient, retry_after=self.retry_after
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a ticket: one of ``done``, ``failure``, ``bug`` or ``lost``."""

    done: Brought | Examined | None = field(default=None, repr=False)
    failure: Failure | None = None
    bug: str = ""
    """A traceback."""
    lost: Lost = ""
    """Why nothing was done: too ``late``, a hop ``elsewhere``, a ``stale`` epoch, the worker ``stopped`` or is ``stuck``."""
    host: str = ""
    """Where a hop led that the ticket does not name."""
    waits: dict[str, float] = field(default_factory=dict)
    """Seconds for which each host of the ticket must be left alone from now on."""
