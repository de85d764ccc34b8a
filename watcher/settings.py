"""What sources.yaml says, as frozen values; ``sources`` makes them, everybody else only reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from watcher.errors import ConfigError
from watcher.types import Stage
from watcher.words import system, told, tr

MIB = 1024 * 1024
Weight = Literal["low", "medium", "high"]
"""How much an event weighs (``alert.weight`` says which one has which)."""
WEIGHTS: tuple[Weight, ...] = ("low", "medium", "high")
DEFAULT_USER_AGENT = "watcher/0.1 (document change monitor)"


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of a secret (``env:NAME`` or ``file:/path``), never its text; its ``repr`` is safe to print."""

    name: str

    def reveal(self) -> str:
        """The secret itself, read now. Raises ``ConfigError`` when the variable or file is missing or empty."""
        kind, _, place = self.name.partition(":")
        if kind == "env":
            value = os.environ.get(place, "").strip()
            if not value:
                raise ConfigError(
                    tr(
                        f"环境变量 {place} 没有设置；请设置它，或删去用到它的条目",
                        f"the environment variable {place} is not set; set it, or remove what uses it",
                    )
                )
            return value
        try:
            value = Path(place).read_text(encoding="utf-8").strip()
        except OSError as error:
            said = told(system(error))
            raise ConfigError(
                tr(f"密钥文件 {place} 读不出：{said}", f"the secret file {place} cannot be read: {said}")
            ) from None
        except UnicodeDecodeError:
            raise ConfigError(
                tr(f"密钥文件 {place} 不是 UTF-8 文本", f"the secret file {place} is not UTF-8 text")
            ) from None
        if not value:
            raise ConfigError(tr(f"密钥文件 {place} 是空的", f"the secret file {place} is empty"))
        return value


@dataclass(frozen=True, slots=True)
class Network:
    """How requests are made; a source's own settings are merged over the general ones. Times in seconds, sizes in bytes."""

    allow_private: bool | tuple[str, ...] = False
    """False, True, or exceptions (``host``, ``host:port``, CIDR): with a list everything else private stays refused."""
    per_host_delay: float = 2.0
    concurrency: int = 32
    timeout: float = 30.0
    """Total, from the first request over all redirects to the last byte."""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    max_body: int = 32 * MIB
    """Of the body as transferred."""
    max_decompressed: int = 64 * MIB
    user_agent: str = DEFAULT_USER_AGENT
    proxy: Secret | str | None = None
    retries: int = 2
    robots: bool = True
    robots_reason: str = ""
    """Why robots.txt is not asked for this source; demanded when ``robots`` is false."""
    headers: Mapping[str, str | Secret] = field(default_factory=dict)
    """Sent to a source's own host only; what is a credential (a cookie, a token) is the name of a secret."""
    ipv4_only: bool = False
    legacy_tls: bool = False
    render: Literal["browser"] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a source is due: ``every`` seconds or a cron expression, in a time zone."""

    every: float | None = 6 * 3600.0
    cron: str | None = None
    timezone: str = "Asia/Shanghai"
    hours: tuple[int, int] | None = None
    """Working hours ``(8, 20)``: outside them the source waits."""
    jitter: float = 0.1
    """Share of the interval by which a check may come later."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a source that win over every portal."""

    body: str | None = None
    title: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One address of a document and the stage of the text that stands there."""

    url: str
    """``http(s):``, or ``file:`` with a path relative to the folder of sources.yaml."""
    stage: Stage | None = None
    """None: the text decides."""


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """A document to watch."""

    id: str
    title: str
    pages: tuple[Page, ...]
    region: str | None = None
    channels: tuple[str, ...] = ()
    schedule: Schedule = Schedule()
    network: Network = Network()
    selectors: Selectors = Selectors()
    shrunken_rounds: int = 3
    """Rounds in a row after which a shrunken body is believed."""
    attachments: bool = True
    """Fetch attachments and join their text."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """A list page that announces documents."""

    id: str
    url: str
    follow: str
    """RE2 pattern: titles that become documents."""
    title: str = ""
    region: str | None = None
    channels: tuple[str, ...] = ()
    schedule: Schedule = Schedule()
    network: Network = Network()
    depth: int = 1
    """Pages of the list that the first visit reads."""
    items: str | None = None
    """CSS selector of one item where no portal fits."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """One destination. ``url`` and ``secret`` are names of secrets; ``options`` are the kind's own settings."""

    name: str
    kind: str
    url: Secret | None = None
    secret: Secret | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets what. The first route that fits an event and a channel decides; without any, events go at once.

    Empty tuples mean "any". ``deliver``: ``now``, ``daily``, ``weekly`` or ``never``; digests go at ``at`` (``HH:MM``).
    """

    channels: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    min_weight: Weight = "low"
    """Lighter events pass this route by; ``low`` lets everything through."""
    deliver: Literal["now", "daily", "weekly", "never"] = "now"
    at: str = "09:00"
    weekday: int = 0
    """0 is Monday."""


@dataclass(frozen=True, slots=True)
class Alerting:
    """Settings of the outbox and of what becomes a message."""

    language: Literal["zh", "en"] = "zh"
    link: str = ""
    """Public address of the page, for links in messages; ``""`` leaves them out."""
    tries: int = 8
    """After so many failures an alert is a dead letter."""
    fallback: tuple[str, ...] = ()
    """Channels that are told when another one is dead."""
    first_seen: bool = False
    quiet_hours: tuple[str, str] | None = None
    """``("22:00", "07:00")``: nothing is sent between, only kept."""
    settle: float = 0.0
    """Seconds within which several changes of one document become one message."""
    closing_days: tuple[int, ...] = (7, 3, 1)
    incident_after: int = 3
    """Failures in a row before an incident is opened."""
    silent_after: float | None = None
    """Seconds without a new version or a good check after which a source counts as silent."""
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class Web:
    """The page. Outside loopback a token or a password is demanded."""

    host: str = "127.0.0.1"
    port: int = 8321
    token: Secret | None = None
    user: str | None = None
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Retention and backups. Times in seconds."""

    keep_checks: float = 30 * 86400.0
    """How long single rows of unchanged checks are kept before they are folded into a count."""
    backup_every: float | None = 86400.0
    backups: int = 7
    heartbeat: Secret | str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The whole of sources.yaml, checked."""

    file: Path
    database: Path
    documents: tuple[DocumentSource, ...] = ()
    columns: tuple[ColumnSource, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    network: Network = Network()
    schedule: Schedule = Schedule()
    alerting: Alerting = Alerting()
    web: Web = Web()
    upkeep: Upkeep = Upkeep()
    executor: str = "local"
    """``local``: one process does everything; ``processes``: workers, one for each further core, read and compare; ``auto`` (what
    sources.yaml means where it says nothing): these while there is much to read, where there is more than one core; ``dask://HOST:PORT`` or
    ``dask+tls://HOST:PORT``: workers on other machines fetch and read."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where the scheduler of a cluster listens; prints as it is written in sources.yaml."""

    host: str
    port: int
    tls: bool = False

    @classmethod
    def parse(cls, text: str) -> Scheduler:
        """``dask://HOST:PORT`` or ``dask+tls://HOST:PORT``, port 8786 where none is named. Raises ``ValueError``."""
        parts = urlsplit(text)
        try:
            port = parts.port or 8786
        except ValueError:
            port = 0
        if (
            port == 0
            or parts.scheme not in ("dask", "dask+tls")
            or not parts.hostname
            or parts.path.strip("/")
            or "@" in parts.netloc
        ):
            raise ValueError(
                tr(
                    "调度器写作 dask://主机:端口；设好证书的写作 dask+tls://主机:端口",
                    "a scheduler is written dask://HOST:PORT, or dask+tls://HOST:PORT where certificates are set up",
                )
            )
        return cls(parts.hostname, port, parts.scheme == "dask+tls")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"dask{'+tls' if self.tls else ''}://{host}:{self.port}"

    @property
    def contact(self) -> str:
        """As Dask writes it."""
        return ("tls:" if self.tls else "tcp:") + str(self).partition(":")[2]
