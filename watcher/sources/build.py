"""From the checked file to settings, and the checks that only the whole allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from watcher import drawers, settings
from watcher.channels import Check
from watcher.errors import ConfigError
from watcher.sources.explain import nearest
from watcher.sources.form import (
    WEEKDAYS,
    ChannelForm,
    ColumnForm,
    DocumentForm,
    FileForm,
    NetworkForm,
    RouteForm,
    ScheduledForm,
    SettingsForm,
)
from watcher.sources.lines import KeyPath, Lines
from watcher.sources.values import proxy_address, secret_name, web_address
from watcher.words import tr


class Builder:
    """Turns the checked file into settings, and checks what only the whole can tell."""

    def __init__(self, path: Path, file: FileForm, lines: Lines, secrets: bool) -> None:
        self.path = path
        self.folder = path.parent
        self.file = file
        self.lines = lines
        self.secrets = secrets
        self.everybody = tuple(file.channels)

    def build(self) -> settings.Sources:
        """Everything together. Raises ``ConfigError`` for what only the whole can tell."""
        general = self.file.settings
        schedule = self._schedule(settings.Schedule(), general, ("settings",))
        network = self._network(settings.Network(), general.network, ("settings", "network"))
        channels = {name: self._channel(name, one) for name, one in self.file.channels.items()}
        seen: dict[str, int] = {}
        documents, columns = [], []
        for place, document in enumerate(self.file.documents):
            path: KeyPath = ("documents", place)
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

    def _once(self, id_: str, path: KeyPath, seen: dict[str, int]) -> None:
        if id_ in seen:
            raise self.lines.error(
                (*path, "id"),
                tr(
                    f"id {id_!r} 在第 {seen[id_]} 行已经用过；每个 id 只能用一次",
                    f"the id {id_!r} is used already in line {seen[id_]}; every id must be its own",
                ),
            )
        seen[id_] = self.lines.at.get((*path, "id"), 1)

    def _reveal(self, secret: settings.Secret | None, path: KeyPath) -> settings.Secret | None:
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

    def _address_or_secret(
        self, value: str | None, path: KeyPath, address: Callable[[str], str] = web_address
    ) -> settings.Secret | str | None:
        if value is None:
            return None
        try:
            if value.startswith(("env:", "file:")):
                return self._reveal(secret_name(value), path)
            return address(value)
        except ValueError as error:
            raise self.lines.error(path, f"{path[-1]}{tr('：', ': ')}{error}") from None

    def _text_or_secret(self, value: str, path: KeyPath) -> settings.Secret | str:
        if not value.startswith(("env:", "file:")):
            return value
        try:
            secret = secret_name(value)
        except ValueError as error:
            raise self.lines.error(path, f"{path[-1]}{tr('：', ': ')}{error}") from None
        return self._reveal(secret, path) or secret

    def _network(self, base: settings.Network, given: NetworkForm, path: KeyPath) -> settings.Network:
        if not given.model_fields_set:
            return base  # one object for all sources that say nothing of their own
        changes: dict[str, Any] = {
            name: value for name in given.model_fields_set if (value := getattr(given, name)) is not None
        }
        if "allow_private" in changes and isinstance(changes["allow_private"], list):
            changes["allow_private"] = tuple(changes["allow_private"])
        if "proxy" in changes:
            changes["proxy"] = self._address_or_secret(changes["proxy"], (*path, "proxy"), proxy_address)
        if "headers" in changes:
            changes["headers"] = {
                name: self._text_or_secret(value, (*path, "headers")) for name, value in changes["headers"].items()
            }
        if changes.get("robots") is False and not changes.get("robots_reason"):
            raise self.lines.error(
                (*path, "robots"),
                tr(
                    "robots: false 须同时写 robots_reason，说明为何不理会 robots.txt",
                    "robots: false needs a robots_reason that says why robots.txt is not asked here",
                ),
            )
        return replace(base, **changes)

    def _schedule(
        self, base: settings.Schedule, given: ScheduledForm | SettingsForm, path: KeyPath
    ) -> settings.Schedule:
        if given.every is not None and given.cron is not None:
            raise self.lines.error(
                (*path, "cron"), tr("every 与 cron 只能写一个", "give either every or cron, not both")
            )
        changes: dict[str, Any] = {
            name: value for name in ("timezone", "hours", "jitter") if (value := getattr(given, name)) is not None
        }
        if given.every is not None:
            changes |= {"every": given.every, "cron": None}
        if given.cron is not None:
            changes |= {"cron": given.cron, "every": None}
        return replace(base, **changes) if changes else base

    def _channels(self, given: ScheduledForm, path: KeyPath) -> tuple[str, ...]:
        if given.channels is None:  # silence means everybody; `channels: []` means nobody
            return self.everybody
        for place, name in enumerate(given.channels):
            self._known_channel(name, (*path, "channels", place))
        return tuple(dict.fromkeys(given.channels))

    def _known_channel(self, name: str, path: KeyPath) -> None:
        if name not in self.file.channels:
            near = nearest(name, list(self.file.channels))
            raise self.lines.error(path, tr(f"没有渠道 {name!r}{near}", f"there is no channel {name!r}{near}"))

    def _local(self, url: str, path: KeyPath) -> str:
        """A ``file:`` address must stay inside the folder of sources.yaml, however it is spelled."""
        if not url.startswith("file:"):
            return url
        place = unquote(url.removeprefix("file:"))
        place = place.removeprefix("//") if place.startswith("///") else place
        target = (self.folder / place).resolve()
        if not target.is_relative_to(self.folder):
            raise self.lines.error(
                path,
                tr(
                    "file: 地址必须在 sources.yaml 所在的文件夹之内",
                    "a file: address must lie inside the folder of sources.yaml",
                ),
            )
        return f"file:{target.relative_to(self.folder).as_posix()}"

    def _document(
        self, given: DocumentForm, path: KeyPath, schedule: settings.Schedule, network: settings.Network
    ) -> settings.DocumentSource:
        pages: list[settings.Page] = []
        for place, page in enumerate(given.pages):
            url = self._local(page.url, (*path, "pages", place, "url"))
            if any(one.url == url for one in pages):
                raise self.lines.error(
                    (*path, "pages", place, "url"),
                    tr("这个网址出现两次；请删去一个", "this address stands here twice; remove one of them"),
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
        self, given: ColumnForm, path: KeyPath, schedule: settings.Schedule, network: settings.Network
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

    def _channel(self, name: str, given: ChannelForm) -> settings.Channel:
        path: KeyPath = ("channels", name)
        kinds = drawers.names("channels")
        if given.kind not in kinds:
            near = nearest(given.kind, kinds)
            raise self.lines.error(
                (*path, "kind"),
                tr(f"没有 {given.kind!r} 这种渠道{near}", f"there is no channel kind {given.kind!r}{near}"),
            )
        module = drawers.member("channels", given.kind)
        allowed: Mapping[str, Check] = module.OPTIONS
        options = dict(given.model_extra or {})
        for word, value in options.items():
            if word not in allowed:
                near = nearest(word, sorted({*allowed, "kind", "url", "secret"}))
                raise self.lines.error((*path, word), tr(f"不认识的键 {word!r}{near}", f"unknown key {word!r}{near}"))
            try:
                allowed[word](value)
            except ValueError as error:
                raise self.lines.error((*path, word), f"{word}{tr('：', ': ')}{error}") from None
        for word in module.REQUIRED:
            if word not in options and getattr(given, word, None) is None:
                raise self.lines.error(
                    path,
                    tr(
                        f"{given.kind} 渠道 {name!r} 还需要 {word!r}",
                        f"the channel {name!r} of kind {given.kind} needs {word!r}",
                    ),
                )
        made = settings.Channel(
            name=name,
            kind=given.kind,
            url=self._reveal(given.url, (*path, "url")),
            secret=self._reveal(given.secret, (*path, "secret")),
            options=options,
        )
        if self.secrets and (usable := getattr(module, "usable", None)) is not None:
            try:
                usable(made)
            except ConfigError as error:
                raise self.lines.error((*path, "url"), str(error)) from None
        return made

    def _route(self, given: RouteForm, place: int) -> settings.Route:
        for at, name in enumerate(given.channels):
            self._known_channel(name, ("routes", place, "channels", at))
        columns = [one.id for one in self.file.columns]
        for at, name in enumerate(given.columns):
            if name not in columns:
                near = nearest(name, columns)
                raise self.lines.error(
                    ("routes", place, "columns", at),
                    tr(f"没有栏目 {name!r}{near}", f"there is no column {name!r}{near}"),
                )
        values = {
            name: tuple(getattr(given, name))
            for name in ("channels", "documents", "columns", "regions", "indicators", "stages", "effects", "types")
        }
        return settings.Route(
            **values,
            min_weight=given.min_weight,
            deliver=given.deliver,
            at=given.at,
            weekday=WEEKDAYS.index(given.weekday),
        )
