"""What a visit asks of the world, as plain values: an address to fetch, what is known of it, what to make of the answer.

An errand carries everything that is needed to go, and what it brings carries everything that came of it, so that it can be
done in this process or on another machine. It knows no store.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from watcher.decoding import decode
from watcher.fetch.validators import retry_after
from watcher.fetch.verdict import judge
from watcher.pipeline.examine import SEEN, Examined, Job, body_digest
from watcher.pipeline.hints import still
from watcher.read.columns import ColumnPage, read_column
from watcher.settings import Network
from watcher.types import Fetched, Verdict
from watcher.words import both, told

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate, Permit

Examine = Callable[[Job], Awaitable[Examined]]


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer is a list page."""

    items: str | None = None
    """CSS selector of one item where no portal fits."""
    fragment: str = ""
    """What stood behind ``#``: it never goes over the wire, yet on some portals it names the column."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list page that was read; ``page`` is None where the answer is none."""

    page: ColumnPage | None
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """One address to fetch and what to do with its answer. Headers and proxies are credentials: its ``repr`` leaves them out."""

    url: str
    network: Network = field(repr=False)
    etag: str | None = None
    last_modified: str | None = None
    method: str = "GET"
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    digest: bytes | None = field(default=None, repr=False)
    """Digest of the bytes that stood there last time."""
    hint: bytes | None = field(default=None, repr=False)
    """The decisive part of the page as it stood last time."""
    then: Job | None = field(default=None, repr=False)
    """How to examine what is new; who goes puts the answer into it. None: whoever sent does that."""
    listing: Listing | None = None
    ahead: bool = False
    """Who sent it holds a page in memory: it comes before errands that would bring another one."""
    bare: bool = False
    """Only the bytes are wanted, nobody asks whether they came before."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an errand brought. ``fetched`` has no body where nothing that counts moved, and where a list was read."""

    fetched: Fetched
    unchanged: bool = False
    digest: bytes | None = None
    """Of the bytes that came (``body_digest``); None with a 304."""
    examined: Examined | None = None
    listed: Listed | None = None


async def carry_out(errand: Errand, gate: Gate, examine: Examine, permit: Permit | None = None) -> Brought:
    """Goes: fetch, then decide as early as possible that nothing moved, then what the errand asks for. Raises ``FetchError``.

    What did not change is recognised as early as possible: 304, then equal bytes, then an equal decisive part.
    """
    fetched = await gate.fetch(
        errand.url,
        errand.network,
        etag=errand.etag,
        last_modified=errand.last_modified,
        method=errand.method,
        body=errand.body,
        headers=errand.headers,
        permit=permit,
        ahead=errand.ahead,
    )
    return await made_of(errand, fetched, examine)


async def made_of(errand: Errand, fetched: Fetched, examine: Examine) -> Brought:
    """What an answer is to an errand."""
    if fetched.status == 304:
        return Brought(fetched, unchanged=True)
    if errand.listing is not None:
        return Brought(replace(fetched, body=b""), listed=listed(fetched, errand.listing))
    if errand.bare:
        return Brought(fetched)
    digest = body_digest(fetched.body)
    same = errand.digest is not None and digest[:SEEN] == errand.digest[:SEEN]
    if fetched.status == 200 and (same or still(errand.hint, fetched)):
        return Brought(replace(fetched, body=b""), unchanged=True, digest=digest)
    if errand.then is None:
        return Brought(fetched, digest=digest)
    return Brought(fetched, digest=digest, examined=await examine(replace(errand.then, fetched=fetched)))


def listed(fetched: Fetched, listing: Listing) -> Listed:
    """What a list page announces, or what came in its place."""
    decoded = decode(fetched.body, fetched.headers.get("content-type"))
    if fetched.status != 200:
        judgement = judge(fetched, decoded.text[:262_144], None, None)
        wait = retry_after(fetched.headers, fetched.fetched_at)
        note = judgement.reason
        if wait:
            zh, en = told(note, "zh"), told(note, "en")
            note = both(f"{zh}；要求等 {wait:.0f} 秒", f"{en}; asked to wait {wait:.0f} s")
        return Listed(None, judgement.verdict if judgement.verdict != "document" else "error", note)
    named = listing.fragment and "#" not in fetched.final_url
    address = f"{fetched.final_url}#{listing.fragment}" if named else fetched.final_url
    page = read_column(decoded.text, address, items_selector=listing.items)
    if not page.items and not page.requests:
        judgement = judge(fetched, decoded.text[:262_144], None, None)
        if judgement.verdict not in ("document", "empty"):
            return Listed(None, judgement.verdict, judgement.reason)
    return Listed(page, "document")
