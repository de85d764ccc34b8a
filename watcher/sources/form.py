"""What sources.yaml may say: every key and its type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from watcher.sources.values import (
    Clock,
    Cron,
    Duration,
    EventWord,
    Exceptions,
    Executor,
    Hours,
    Id,
    PageAddress,
    Patience,
    Pattern,
    SecretName,
    Selector,
    Size,
    TimeZone,
    WeightWord,
)
from watcher.types import Effect, MoveKind, Stage

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Strict(BaseModel):
    """A mapping of which every key is known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NetworkForm(Strict):
    """``network``: how requests are made; what is left out is inherited."""

    allow_private: Exceptions = None
    per_host_delay: Duration | None = None
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    timeout: Patience | None = None
    connect_timeout: Patience | None = None
    read_timeout: Patience | None = None
    max_body: Size | None = None
    max_decompressed: Size | None = None
    user_agent: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    proxy: str | None = None
    retries: Annotated[int, Field(ge=0, le=10)] | None = None
    robots: bool | None = None
    robots_reason: str | None = None
    headers: dict[str, str] | None = None
    ipv4_only: bool | None = None
    legacy_tls: bool | None = None
    render: Literal["browser"] | None = None


class SelectorsForm(Strict):
    """``selectors`` of a document."""

    body: Selector | None = None
    title: Selector | None = None
    drop: list[Selector] = []


class PageForm(Strict):
    """One entry of ``pages``."""

    url: PageAddress
    stage: Stage | None = None


class ScheduledForm(Strict):
    """What documents and columns share."""

    every: Duration | None = None
    cron: Cron | None = None
    timezone: TimeZone | None = None
    hours: Annotated[Hours, Field(strict=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    network: NetworkForm = NetworkForm()
    channels: list[str] | None = None
    region: str | None = None
    enabled: bool = True


class DocumentForm(ScheduledForm):
    """One entry of ``documents``."""

    id: Id
    title: str | None = None
    pages: Annotated[list[PageForm], Field(min_length=1)]
    selectors: SelectorsForm = SelectorsForm()
    shrunken_rounds: Annotated[int, Field(ge=1, le=100)] = 3
    attachments: bool = True


class ColumnForm(ScheduledForm):
    """One entry of ``columns``."""

    id: Id
    title: str | None = None
    url: PageAddress
    follow: Pattern
    depth: Annotated[int, Field(ge=1, le=100)] = 1
    items: Selector | None = None


class ChannelForm(BaseModel):
    """One entry of ``channels``; further keys are its kind's own and checked against the drawer."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    kind: str
    url: SecretName | None = None
    secret: SecretName | None = None


class RouteForm(Strict):
    """One entry of ``routes``."""

    channels: list[str] = []
    documents: list[str] = []
    columns: list[str] = []
    regions: list[str] = []
    indicators: list[str] = []
    stages: list[Stage] = []
    effects: list[Effect | MoveKind] = []
    types: list[EventWord] = []
    min_weight: WeightWord = "low"
    deliver: Literal["now", "daily", "weekly", "never"] = "now"
    at: Clock = "09:00"
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"


class AlertsForm(Strict):
    """``settings: alerts``."""

    link: str = ""
    tries: Annotated[int, Field(ge=1, le=50)] = 8
    fallback: list[str] = []
    first_seen: bool = False
    quiet_hours: Annotated[tuple[Clock, Clock], Field(strict=False)] | None = None
    settle: Duration = 0.0
    closing_days: list[Annotated[int, Field(ge=0, le=90)]] = [7, 3, 1]
    incident_after: Annotated[int, Field(ge=1, le=100)] = 3
    silent_after: Duration | None = None


class WebForm(Strict):
    """``settings: web``."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8321
    token: SecretName | None = None
    user: str | None = None
    password: SecretName | None = None


class UpkeepForm(Strict):
    """``settings: upkeep``."""

    keep_checks: Duration = 30 * 86400.0
    backup_every: Duration | None = 86400.0
    backups: Annotated[int, Field(ge=1, le=1000)] = 7
    heartbeat: str | None = None


class SettingsForm(Strict):
    """``settings``."""

    database: str = "db/watcher.db"
    timezone: TimeZone = "Asia/Shanghai"
    every: Duration | None = None
    cron: Cron | None = None
    hours: Annotated[Hours, Field(strict=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.1
    language: Literal["zh", "en"] = "zh"
    network: NetworkForm = NetworkForm()
    alerts: AlertsForm = AlertsForm()
    web: WebForm = WebForm()
    upkeep: UpkeepForm = UpkeepForm()
    executor: Executor = "auto"


class FileForm(Strict):
    """The whole file."""

    settings: SettingsForm = SettingsForm()
    channels: dict[str, ChannelForm] = {}
    documents: list[DocumentForm] = []
    columns: list[ColumnForm] = []
    routes: list[RouteForm] = []
