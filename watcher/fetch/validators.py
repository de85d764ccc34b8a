"""What a server's headers say about freshness, validators and waiting: pure.

Validators are the server's own words only (ETag, Last-Modified), never our clock: a date of ours would let a server
answer 304 for a page that we never read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from watcher.types import Fetched

MAX_VALIDATOR = 1024
MAX_AGE = 7 * 86400.0
"""Seconds; a server that says more is not believed more."""
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\Z')
_MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,12})")
_NO_STORE = re.compile(r"(?:^|[,\s])(?:no-store|no-cache)(?:[\s,=]|$)")


@dataclass(frozen=True, slots=True)
class Validators:
    """What to send with the next request for the same address."""

    etag: str | None = None
    last_modified: str | None = None


def validators(fetched: Fetched) -> Validators:
    """The validators of an answer, exactly as the server wrote them; none from anything but a 200 or a 304.

    An ETag that is not one by RFC 9110 and a Last-Modified that is not a date are not sent back: such servers answer
    304 to anything.
    """
    if fetched.status not in (200, 304):
        return Validators()
    etag = fetched.headers.get("etag", "").strip()
    modified = fetched.headers.get("last-modified", "").strip()
    return Validators(
        etag if len(etag) <= MAX_VALIDATOR and _ETAG.match(etag) else None,
        modified if modified and _date(modified) is not None else None,
    )


def freshness(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which the server says that its answer stays good; None where it does not say, 0 for no-cache.

    ``Cache-Control: max-age`` (less ``Age``) wins over ``Expires``, as RFC 9111 section 4.2.1 has it. ``now`` is aware.
    """
    control = headers.get("cache-control", "").lower()
    if _NO_STORE.search(control):
        return 0.0
    if match := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        return min(
            max(0.0, float(match[1]) - (float(age) if age.isascii() and age.isdigit() and len(age) < 12 else 0.0)),
            MAX_AGE,
        )
    if "expires" in headers:
        expires = _date(headers["expires"])
        sent = _date(headers.get("date", "")) or now
        return 0.0 if expires is None else min(max(0.0, (expires - sent).total_seconds()), MAX_AGE)
    return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks us to wait (a number or an HTTP date), never negative; None where it is absent."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_AGE)
    when = _date(text)
    return None if when is None else min(max(0.0, (when - now).total_seconds()), MAX_AGE)


def _date(text: str) -> datetime | None:
    if not text or len(text) > 100:
        return None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
