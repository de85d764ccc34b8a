"""What a version says: read just now, stored, or come from a worker; each part is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import msgspec

from watcher.store import codec
from watcher.store.identity import Identity, identity
from watcher.types import Attachment, Dropped, Indicator, Metadata, Reading, Stage


@dataclass(frozen=True, slots=True)
class About:
    """What a version says of itself, without its text: the fields of its reading that have these names."""

    title: str
    plan_title: str | None = None
    stage: Stage = "other"
    region: str | None = None
    metadata: Metadata = Metadata()  # noqa: RUF009  # frozen
    portal: str = "generic"
    degraded: bool = False
    suspect: bool = False
    attachments: tuple[Attachment, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What a version is called: the plan that a notice carries, or what stands above the text."""
        return self.plan_title or self.title

    @classmethod
    def of(cls, reading: Reading) -> About:
        """What a reading says of itself."""
        return cls(
            reading.title, reading.plan_title, reading.stage, reading.region, reading.metadata, reading.portal,
            reading.degraded, reading.suspect, reading.attachments, reading.pages,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gist:
    """How much a version says: characters of its text, tables, indicators."""

    characters: int
    tables: int
    indicators: int


_about_decoder = msgspec.json.Decoder(About)
_dropped_decoder = msgspec.json.Decoder(tuple[Dropped, ...])


class Content:
    """What a version says: who wants a title or a region pays for no text, and no indicators. ``load`` gives it as it is stored."""

    def __init__(self, load: Callable[[], bytes], about: About | None = None) -> None:
        self._load = load
        self._dropped: bytes | None = None
        if about is not None:
            self.__dict__["about"] = about

    @classmethod
    def stored(cls, data: bytes) -> Content:
        """What is loaded already."""
        return cls(lambda: data)

    @classmethod
    def of(cls, reading: Reading, indicators: tuple[Indicator, ...]) -> Content:
        """What was read just now; nothing is decoded."""
        made = cls(lambda: codec.encode_content(reading, indicators))
        made.__dict__.update(reading=reading, indicators=indicators)
        return made

    @classmethod
    def come(cls, parts: dict[str, Any], dropped: bytes | None) -> Content:
        """What ``parts`` gave, where it arrived."""
        made = cls(bytes)
        made.__dict__.update(parts)
        made._dropped = dropped
        return made

    def parts(self, *, new: bool) -> tuple[dict[str, Any], bytes | None]:
        """What travels between processes: what will be asked for where it is stored, the rest as it is stored; ``new``: nothing is known
        of the document yet, so all of it becomes rows.
        """
        names = ["encoded", "address", "about", "gist"]
        if new:
            names += ["packed", "text", "identities"]
        dropped = self.reading.dropped
        return {name: getattr(self, name) for name in names}, msgspec.json.encode(dropped) if dropped else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Content):
            return NotImplemented
        return (self.reading, self.indicators) == (other.reading, other.indicators)

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    @cached_property
    def encoded(self) -> bytes:
        """As it is stored (``codec.encode_content``)."""
        return self._load()

    @cached_property
    def address(self) -> bytes:
        """Its content address."""
        return codec.digest(self.encoded)

    @cached_property
    def packed(self) -> bytes:
        """Compressed, by itself."""
        return codec.pack(self.encoded)

    @cached_property
    def about(self) -> About:
        """The reading without its text: a tenth of the time that the whole ``reading`` takes."""
        if (said := self.__dict__.get("reading")) is not None:
            return About.of(said)
        return _about_decoder.decode(self.encoded.partition(b"\n")[0])

    @cached_property
    def gist(self) -> Gist:
        """How much it says."""
        tables = sum([block.kind == "table" for block in self.reading.blocks])
        return Gist(len(self.text), tables, len(self.indicators))

    @cached_property
    def text(self) -> str:
        """The body as plain text."""
        if (said := self.__dict__.get("reading")) is not None:
            return str(said.text)
        return codec.content_printed(self.encoded)[1]

    @cached_property
    def reading(self) -> Reading:
        """The reading; what was dropped of the page is not stored."""
        reading = codec.content_reading(self.encoded)
        return replace(reading, dropped=_dropped_decoder.decode(self._dropped)) if self._dropped else reading

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Its indicators, in the order of the text."""
        return codec.content_indicators(self.encoded, self.text)

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The rows that its indicators become."""
        return tuple([identity(one) for one in self.indicators])
