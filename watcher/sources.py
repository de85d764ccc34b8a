"""sources.yaml: read, checked, and turned into settings; refuses what it does not know, with the line number.

A mistake is a ``ConfigError`` that names the file, the line, what is wrong and the nearest known word.
"""

from __future__ import annotations

import difflib
import gc
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationError

from watcher import drawers, settings
from watcher.errors import ConfigError
from watcher.types import Stage

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|min|m|h|d|w)")
_SIZES = {"b": 1, "kb": 1000, "mb": 10**6, "gb": 10**9, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _duration(value: object) -> float:
    if isinstance(value, str):
        text = value.strip().lower()
        parts = _DURATION.findall(text)
        if parts and _DURATION.sub("", text).strip() == "":
            return sum(float(number) * _UNITS[unit] for number, unit in parts)
    raise ValueError("a duration is a number with a unit, such as 30s, 15m, 6h or 1d")


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and (found := re.fullmatch(r"(\d{1,9})\s*([kmg]?i?b)", value.strip().lower())):
        return int(found[1]) * _SIZES[found[2]]
    raise ValueError("a size is a number with a unit, such as 512KiB or 32MiB")


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a known time zone; an example is Asia/Shanghai") from None
    return value


def _cron(value: str) -> str:
    from watcher.schedule import cron_trigger

    try:
        cron_trigger(value, "UTC")
    except ValueError as error:
        raise ValueError(f"not a cron expression of five fields, such as 0 9 * * 1-5: {error}") from None
    return value


def _pattern(value: str) -> str:
    import re2

    try:
        re2.compile(value)
    except re2.error as error:
        raise ValueError(f"not a valid pattern (RE2 syntax): {error.args[0] if error.args else error}") from None
    return value


def _secret(value: object) -> settings.Secret:
    kind, _, place = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "env" and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", place):
        return settings.Secret(f"{kind}:{place}")
    if kind == "file" and place:
        return settings.Secret(f"{kind}:{place}")
    # The text itself is not repeated: it may be the secret.
    raise ValueError(
        'a secret is never written here: name an environment variable ("env:NAME") or a file ("file:/path")'
    )


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("an id is up to 100 small letters, digits, - _ and ., and begins with a letter or digit")
    return value


def _clock(value: str) -> str:
    if not _CLOCK.fullmatch(value):
        raise ValueError("a time of day is written HH:MM, in quotes")
    return value


def _web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address begins with http:// or https:// (or file: for a file beside sources.yaml)")
    return value


def _page_url(value: str) -> str:
    return value if value.startswith("file:") else _web_url(value)


Duration = Annotated[float, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Cron = Annotated[str, AfterValidator(_cron)]
Pattern = Annotated[str, AfterValidator(_pattern)]
SecretName = Annotated[InstanceOf[settings.Secret], BeforeValidator(_secret)]
Id = Annotated[str, AfterValidator(_id)]
Clock = Annotated[str, AfterValidator(_clock)]
Hours = tuple[Annotated[int, Field(ge=0, le=24)], Annotated[int, Field(ge=0, le=24)]]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Network(_Model):
    allow_private: bool | list[str] | None = None
    per_host_delay: Duration | None = None
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    timeout: Duration | None = None
    connect_timeout: Duration | None = None
    read_timeout: Duration | None = None
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


class _Selectors(_Model):
    body: str | None = None
    title: str | None = None
    drop: list[str] = []


class _Page(_Model):
    url: Annotated[str, AfterValidator(_page_url)]
    stage: Stage | None = None


class _Scheduled(_Model):
    every: Duration | None = None
    cron: Cron | None = None
    timezone: TimeZone | None = None
    hours: Annotated[Hours, Field(strict=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    network: _Network = _Network()
    channels: list[str] | None = None
    region: str | None = None
    enabled: bool = True


class _Document(_Scheduled):
    id: Id
    title: str | None = None
    pages: Annotated[list[_Page], Field(min_length=1)]
    selectors: _Selectors = _Selectors()
    shrunken_rounds: Annotated[int, Field(ge=1, le=100)] = 3
    attachments: bool = True


class _Column(_Scheduled):
    id: Id
    title: str | None = None
    url: Annotated[str, AfterValidator(_page_url)]
    follow: Pattern
    depth: Annotated[int, Field(ge=1, le=100)] = 1
    items: str | None = None


class _Channel(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    kind: str
    url: SecretName | None = None
    secret: SecretName | None = None


class _Route(_Model):
    channels: list[str] = []
    documents: list[str] = []
    columns: list[str] = []
    regions: list[str] = []
    indicators: list[str] = []
    stages: list[Stage] = []
    effects: list[str] = []
    types: list[str] = []
    deliver: Literal["now", "daily", "weekly", "never"] = "now"
    at: Clock = "09:00"
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"


class _Alerts(_Model):
    link: str = ""
    tries: Annotated[int, Field(ge=1, le=50)] = 8
    fallback: list[str] = []
    first_seen: bool = False
    quiet_hours: Annotated[tuple[Clock, Clock], Field(strict=False)] | None = None
    settle: Duration = 0.0
    closing_days: list[Annotated[int, Field(ge=0, le=90)]] = [7, 3, 1]
    incident_after: Annotated[int, Field(ge=1, le=100)] = 3
    silent_after: Duration | None = None


class _Web(_Model):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8321
    token: SecretName | None = None
    user: str | None = None
    password: SecretName | None = None


class _Upkeep(_Model):
    keep_checks: Duration = 30 * 86400.0
    backup_every: Duration | None = 86400.0
    backups: Annotated[int, Field(ge=1, le=1000)] = 7
    heartbeat: str | None = None


class _Settings(_Model):
    database: str = "db/watcher.db"
    timezone: TimeZone = "Asia/Shanghai"
    every: Duration | None = None
    cron: Cron | None = None
    hours: Annotated[Hours, Field(strict=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.1
    language: Literal["zh", "en"] = "zh"
    network: _Network = _Network()
    alerts: _Alerts = _Alerts()
    web: _Web = _Web()
    upkeep: _Upkeep = _Upkeep()
    executor: Annotated[str, Field(pattern=r"^(local|processes|dask://[^/\s]+)$")] = "local"


class _File(_Model):
    settings: _Settings = _Settings()
    channels: dict[str, _Channel] = {}
    documents: list[_Document] = []
    columns: list[_Column] = []
    routes: list[_Route] = []


_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where each key and value of the file stands."""

    file: str
    at: dict[_Path, int]

    def error(self, path: _Path, message: str) -> ConfigError:
        """An error at the deepest part of ``path`` that the file has."""
        where = path
        while where and where not in self.at:
            where = where[:-1]
        return ConfigError(message, file=self.file, line=self.at.get(where, 1))


def load(path: Path, *, secrets: bool = False) -> settings.Sources:
    """Reads and checks a sources.yaml. With ``secrets`` every named secret must be there now.

    Raises ``ConfigError`` for the first mistake.
    """
    with _undisturbed():
        data, lines = _parse(path)
        try:
            file = _File.model_validate(data)
        except ValidationError as error:
            raise _explain(error, lines) from None
        return _Builder(path.resolve(), file, lines, secrets).build()


@contextmanager
def _undisturbed() -> Generator[None, None, None]:
    """No garbage collection within: a large file is half a million small objects, all of them in use, and the collector
    would walk them again and again (three times the time for 20,000 documents).
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load_settings(path: Path) -> settings.Sources:
    """The ``settings`` of a sources.yaml alone, for commands that only look at what is stored.

    With twenty thousand sources the whole file takes seconds; the block of a top-level key ends where the next one begins.
    Raises ``ConfigError``; a file that is not written in blocks is read as a whole.
    """
    text = _text(path)
    found = re.search(
        r"^settings:[^\n]*\n(?:[ \t#][^\n]*\n|\n)*", text if text.endswith("\n") else text + "\n", re.MULTILINE
    )
    others = re.findall(r"^(?!settings:|documents:|columns:|channels:|routes:)[^\s#-][^\n]*", text, re.MULTILINE)
    if found is None or others:
        return load(path)
    block = "\n" * text.count("\n", 0, found.start()) + found[0]
    data, lines = _parsed(block, str(path))
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise _explain(error, lines) from None
    if file.settings.alerts.fallback:  # names channels, which stand elsewhere
        return load(path)
    return _Builder(path.resolve(), file, lines, secrets=False).build()


def _parse(path: Path) -> tuple[Any, _Lines]:
    return _parsed(_text(path), str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file; name yours with --sources, or start from the one in the repository", file=str(path)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file cannot be read as UTF-8 text: {error}", file=str(path)) from None


def _parsed(text: str, name: str) -> tuple[Any, _Lines]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
        lines = _Lines(name, {(): 1})
        data = {} if node is None else _plain(node, (), lines, loader(""))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigError(
            f"not valid YAML: {error.problem or error}; check the indentation, colons and quotes around here",
            file=name,
            line=mark.line + 1 if mark else 1,
        ) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"not valid YAML: {error}", file=name, line=1) from None
    return data, lines


def _plain(node: yaml.Node, path: _Path, lines: _Lines, loader: Any, depth: int = 0) -> Any:
    """A YAML node as plain values; notes lines, refuses duplicate keys, tags, and aliases that would repeat themselves."""
    lines.at[path] = node.start_mark.line + 1
    if depth > 20:
        raise lines.error(path, "nested too deeply; aliases that contain themselves are not allowed")
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            line = key_node.start_mark.line + 1
            if key is None:
                raise ConfigError("a key must be a plain word", file=lines.file, line=line)
            if key in result:
                raise ConfigError(f"the key {key!r} stands here twice; remove one of them", file=lines.file, line=line)
            result[key] = _plain(value_node, (*path, key), lines, loader, depth + 1)
            lines.at[(*path, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) * max(depth, 1) > 2_000_000:
            raise lines.error(path, "too many entries")
        return [_plain(one, (*path, place), lines, loader, depth + 1) for place, one in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text (put it in quotes)",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list of two",
}


def _explain(error: ValidationError, lines: _Lines) -> ConfigError:
    """The first mistake that pydantic found, in plain words, at its line."""
    # A union reports every branch that failed; the deepest report says most.
    first = error.errors(include_url=False)[0]
    path = tuple(
        part
        for part in first["loc"]
        if isinstance(part, int) or part in _known_words() or (part in _strings(first, lines))
    )
    name = ".".join(str(part) for part in path) or "the file"
    kind = first["type"]
    if kind == "extra_forbidden":
        word = str(first["loc"][-1])
        return lines.error(tuple(first["loc"]), f"unknown key {word!r}{_nearest(word, _fields_at(first['loc'][:-1]))}")
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", first["ctx"]["expected"])
        return lines.error(
            path,
            f"{name}: {first['input']!r} is not known{_nearest(str(first['input']), allowed)}; allowed are {', '.join(allowed)}",
        )
    if kind == "value_error":
        return lines.error(path, f"{name}: {first['ctx']['error']}")
    return lines.error(path, f"{name} {_WORDS.get(kind, first['msg'][0].lower() + first['msg'][1:])}")


def _strings(first: Mapping[str, Any], lines: _Lines) -> set[str]:
    """The parts of an error's path that are keys of this file (names of channels, for example)."""
    return {part for path in lines.at for part in path if isinstance(part, str)} & {str(part) for part in first["loc"]}


def _known_words() -> set[str]:
    models = (
        _File,
        _Settings,
        _Document,
        _Column,
        _Page,
        _Channel,
        _Route,
        _Network,
        _Selectors,
        _Alerts,
        _Web,
        _Upkeep,
    )
    return {name for model in models for name in model.model_fields}


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
    """The keys that are allowed at a path."""
    where: type[BaseModel] = _File
    table: dict[str, type[BaseModel]] = {
        "settings": _Settings, "documents": _Document, "columns": _Column, "channels": _Channel, "routes": _Route,
        "pages": _Page, "network": _Network, "selectors": _Selectors, "alerts": _Alerts, "web": _Web, "upkeep": _Upkeep,
    }  # fmt: skip
    for part in path:
        if isinstance(part, str) and part in table:
            where = table[part]
    return list(where.model_fields)


def _nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}" if known else ""


class _Builder:
    """Turns the checked file into settings, and checks what only the whole can tell."""

    def __init__(self, path: Path, file: _File, lines: _Lines, secrets: bool) -> None:
        self.path = path
        self.folder = path.parent
        self.file = file
        self.lines = lines
        self.secrets = secrets
        self.everybody = tuple(file.channels)

    def build(self) -> settings.Sources:
        general = self.file.settings
        if general.every is not None and general.cron is not None:
            raise self.lines.error(("settings", "cron"), "settings: give either every or cron, not both")
        schedule = settings.Schedule(
            every=None if general.cron else general.every if general.every is not None else settings.Schedule().every,
            cron=general.cron,
            timezone=general.timezone,
            hours=general.hours,
            jitter=general.jitter,
        )
        network = self._network(settings.Network(), general.network, ("settings", "network"))
        channels = {name: self._channel(name, one) for name, one in self.file.channels.items()}
        seen: dict[str, int] = {}
        documents, columns = [], []
        for place, document in enumerate(self.file.documents):
            path: _Path = ("documents", place)
            self._once(document.id, path, seen)
            if document.enabled:
                documents.append(self._document(document, path, schedule, network))
        for place, column in enumerate(self.file.columns):
            path = ("columns", place)
            self._once(column.id, path, seen)
            if column.enabled:
                columns.append(self._column(column, path, schedule, network))
        alerts = general.alerts
        for place, name in enumerate(alerts.fallback):
            self._known_channel(name, ("settings", "alerts", "fallback", place))
        database = Path(general.database)
        return settings.Sources(
            file=self.path,
            database=database if database.is_absolute() else self.folder / database,
            documents=tuple(documents),
            columns=tuple(columns),
            channels=channels,
            network=network,
            schedule=schedule,
            alerting=settings.Alerting(
                language=general.language,
                link=alerts.link.rstrip("/"),
                tries=alerts.tries,
                fallback=tuple(alerts.fallback),
                first_seen=alerts.first_seen,
                quiet_hours=alerts.quiet_hours,
                settle=alerts.settle,
                closing_days=tuple(alerts.closing_days),
                incident_after=alerts.incident_after,
                silent_after=alerts.silent_after,
                routes=tuple(self._route(one, place) for place, one in enumerate(self.file.routes)),
            ),
            web=settings.Web(
                host=general.web.host,
                port=general.web.port,
                token=self._reveal(general.web.token, ("settings", "web", "token")),
                user=general.web.user,
                password=self._reveal(general.web.password, ("settings", "web", "password")),
            ),
            upkeep=settings.Upkeep(
                keep_checks=general.upkeep.keep_checks,
                backup_every=general.upkeep.backup_every,
                backups=general.upkeep.backups,
                heartbeat=self._address_or_secret(general.upkeep.heartbeat, ("settings", "upkeep", "heartbeat")),
            ),
            executor=general.executor,
        )

    def _once(self, id_: str, path: _Path, seen: dict[str, int]) -> None:
        if id_ in seen:
            raise self.lines.error(
                (*path, "id"), f"the id {id_!r} is used already in line {seen[id_]}; every id must be its own"
            )
        seen[id_] = self.lines.at.get((*path, "id"), 1)

    def _reveal(self, secret: settings.Secret | None, path: _Path) -> settings.Secret | None:
        """The secret with its file resolved; checked to be there when the caller wants that."""
        if secret is None:
            return None
        if secret.name.startswith("file:"):
            place = Path(secret.name.removeprefix("file:"))
            secret = settings.Secret(f"file:{place if place.is_absolute() else self.folder / place}")
        if self.secrets:
            try:
                secret.reveal()
            except ConfigError as error:
                raise self.lines.error(path, str(error)) from None
        return secret

    def _address_or_secret(self, value: str | None, path: _Path) -> settings.Secret | str | None:
        if value is None:
            return None
        try:
            if value.startswith(("env:", "file:")):
                return self._reveal(_secret(value), path)
            return _web_url(value)
        except ValueError as error:
            raise self.lines.error(path, f"{path[-1]}: {error}") from None

    def _network(self, base: settings.Network, given: _Network, path: _Path) -> settings.Network:
        if not given.model_fields_set:
            return base  # one object for all sources that say nothing of their own
        changes: dict[str, Any] = {
            name: value for name in given.model_fields_set if (value := getattr(given, name)) is not None
        }
        if "allow_private" in changes and isinstance(changes["allow_private"], list):
            changes["allow_private"] = tuple(changes["allow_private"])
        if "proxy" in changes:
            changes["proxy"] = self._address_or_secret(changes["proxy"], (*path, "proxy"))
        if changes.get("robots") is False and not changes.get("robots_reason"):
            raise self.lines.error(
                (*path, "robots"), "robots: false needs a robots_reason that says why robots.txt is not asked here"
            )
        return replace(base, **changes)

    def _schedule(self, base: settings.Schedule, given: _Scheduled, path: _Path) -> settings.Schedule:
        if given.every is not None and given.cron is not None:
            raise self.lines.error((*path, "cron"), "give either every or cron, not both")
        changes: dict[str, Any] = {
            name: value for name in ("timezone", "hours", "jitter") if (value := getattr(given, name)) is not None
        }
        if given.every is not None:
            changes |= {"every": given.every, "cron": None}
        if given.cron is not None:
            changes |= {"cron": given.cron, "every": None}
        return replace(base, **changes) if changes else base

    def _channels(self, given: _Scheduled, path: _Path) -> tuple[str, ...]:
        if given.channels is None:  # silence means everybody; `channels: []` means nobody
            return self.everybody
        for place, name in enumerate(given.channels):
            self._known_channel(name, (*path, "channels", place))
        return tuple(dict.fromkeys(given.channels))

    def _known_channel(self, name: str, path: _Path) -> None:
        if name not in self.file.channels:
            raise self.lines.error(path, f"there is no channel {name!r}{_nearest(name, list(self.file.channels))}")

    def _local(self, url: str, path: _Path) -> str:
        """A ``file:`` address must stay inside the folder of sources.yaml, however it is spelled."""
        if not url.startswith("file:"):
            return url
        place = unquote(url.removeprefix("file:"))
        place = place.removeprefix("//") if place.startswith("///") else place
        target = (self.folder / place).resolve()
        if not target.is_relative_to(self.folder):
            raise self.lines.error(path, "a file: address must lie inside the folder of sources.yaml")
        return f"file:{target.relative_to(self.folder).as_posix()}"

    def _document(
        self, given: _Document, path: _Path, schedule: settings.Schedule, network: settings.Network
    ) -> settings.DocumentSource:
        pages: list[settings.Page] = []
        for place, page in enumerate(given.pages):
            url = self._local(page.url, (*path, "pages", place, "url"))
            if any(one.url == url for one in pages):
                raise self.lines.error(
                    (*path, "pages", place, "url"), "this address stands here twice; remove one of them"
                )
            pages.append(settings.Page(url=url, stage=page.stage))
        return settings.DocumentSource(
            id=given.id,
            title=given.title or given.id,
            pages=tuple(pages),
            region=given.region,
            channels=self._channels(given, path),
            schedule=self._schedule(schedule, given, path),
            network=self._network(network, given.network, (*path, "network")),
            selectors=settings.Selectors(
                body=given.selectors.body, title=given.selectors.title, drop=tuple(given.selectors.drop)
            ),
            shrunken_rounds=given.shrunken_rounds,
            attachments=given.attachments,
            line=self.lines.at.get(path, 0),
        )

    def _column(
        self, given: _Column, path: _Path, schedule: settings.Schedule, network: settings.Network
    ) -> settings.ColumnSource:
        return settings.ColumnSource(
            id=given.id,
            url=self._local(given.url, (*path, "url")),
            follow=given.follow,
            title=given.title or given.id,
            region=given.region,
            channels=self._channels(given, path),
            schedule=self._schedule(schedule, given, path),
            network=self._network(network, given.network, (*path, "network")),
            depth=given.depth,
            items=given.items,
            line=self.lines.at.get(path, 0),
        )

    def _channel(self, name: str, given: _Channel) -> settings.Channel:
        path: _Path = ("channels", name)
        kinds = drawers.names("channels")
        if given.kind not in kinds:
            raise self.lines.error(
                (*path, "kind"), f"there is no channel kind {given.kind!r}{_nearest(given.kind, kinds)}"
            )
        module = drawers.member("channels", given.kind)
        allowed: frozenset[str] = module.OPTIONS
        options = dict(given.model_extra or {})
        for word in options:
            if word not in allowed:
                raise self.lines.error(
                    (*path, word), f"unknown key {word!r}{_nearest(word, sorted({*allowed, 'kind', 'url', 'secret'}))}"
                )
        for word in module.REQUIRED:
            if word not in options and getattr(given, word, None) is None:
                raise self.lines.error(path, f"the channel {name!r} of kind {given.kind} needs {word!r}")
        return settings.Channel(
            name=name,
            kind=given.kind,
            url=self._reveal(given.url, (*path, "url")),
            secret=self._reveal(given.secret, (*path, "secret")),
            options=options,
        )

    def _route(self, given: _Route, place: int) -> settings.Route:
        for at, name in enumerate(given.channels):
            self._known_channel(name, ("routes", place, "channels", at))
        values = {
            name: tuple(getattr(given, name))
            for name in ("channels", "documents", "columns", "regions", "indicators", "stages", "effects", "types")
        }
        return settings.Route(**values, deliver=given.deliver, at=given.at, weekday=_WEEKDAYS.index(given.weekday))
