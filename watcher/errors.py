"""Errors with typed fields; nobody parses their prose."""

from __future__ import annotations

from watcher.words import around, told


class WatcherError(Exception):
    """An expected failure: its text is one or two plain sentences that say what is wrong, where, and what to do.

    ``str`` is the text in the language that was asked for.
    """

    @property
    def both(self) -> str:
        """The text as it is stored: in both languages where it has them (``words.both``)."""
        return super().__str__()

    def __str__(self) -> str:
        return told(self.both)


class ConfigError(WatcherError):
    """sources.yaml or a secret it names is not usable."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(around(message, lambda said: place + said))
        self.message = message
        """Without the place."""
        self.file = file
        self.line = line


class FetchError(WatcherError):
    """No answer came back, or one that must not be used.

    ``transient``: worth another try soon. ``retry_after``: seconds that the far end asked for. ``kind`` is a stable
    word for counting (``timeout``, ``dns``, ``connect``, ``tls``, ``too-large``, ``refused``, ``redirects``, ``protocol``, ``robots``).
    """

    def __init__(
        self, message: str, *, kind: str, url: str = "", transient: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.url = url
        self.transient = transient
        self.retry_after = retry_after


class Refused(FetchError):
    """Our own policy forbids the address (scheme, private network, robots.txt)."""

    def __init__(self, message: str, *, kind: str = "refused", url: str = "") -> None:
        super().__init__(message, kind=kind, url=url, transient=False)


class Forbidden(FetchError):
    """Whoever asked for a page takes leave back before a request of it was sent (``kind``: ``late``, ``elsewhere``).

    ``host`` is the host that would have been asked.
    """

    def __init__(self, message: str, *, kind: str, host: str) -> None:
        super().__init__(message, kind=kind, transient=True)
        self.host = host


class ClusterError(WatcherError):
    """The workers on other machines cannot be used: not reached, another release, an open road, no extra installed."""


class FormatError(WatcherError):
    """A file cannot be read. ``kind``: ``unsupported``, ``damaged``, ``too-large``, ``scanned``, ``encrypted``, ``helper-missing``, ``timeout``."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class StoreError(WatcherError):
    """The database cannot be used (newer schema, damaged, locked by another service)."""


class NotFound(WatcherError):
    """Nothing stored answers to that name; ``nearest`` holds the closest ones that do."""

    def __init__(self, message: str, *, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest
