"""Validators and freshness come from the server's words, never from our clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.fetch.validators import MAX_AGE, Validators, freshness, retry_after, validators
from watcher.types import Fetched

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DATE = "Sat, 21 Nov 2026 03:00:00 GMT"


def answer(status: int = 200, **headers: str) -> Fetched:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched("http://a.test/", "http://a.test/", status, given, b"x", NOW)


def test_the_servers_own_words_are_kept_to_the_letter() -> None:
    assert validators(answer(etag='W/"a-1"', last_modified=DATE)) == Validators('W/"a-1"', DATE)
    assert validators(answer(304, etag='"b"')) == Validators('"b"', None)


def test_without_words_of_the_server_there_are_none() -> None:
    assert validators(answer(date=DATE)) == Validators()


@pytest.mark.parametrize("status", [201, 202, 206, 403, 404, 412, 500, 521])
def test_only_a_page_has_validators(status: int) -> None:
    assert validators(answer(status, etag='"a"', last_modified=DATE)) == Validators()


@pytest.mark.parametrize("etag", ["", "abc", '"a', 'a"', '"a\r\nX: y"', '"' + "x" * 2000 + '"', '"中"'])
def test_what_is_no_etag_is_not_sent_back(etag: str) -> None:
    assert validators(answer(etag=etag)).etag is None


@pytest.mark.parametrize("text", ["0", "now", "2026", "昨天", "Sat, 99 Nov 2026 03:00:00 GMT"])
def test_what_is_no_date_is_not_sent_back(text: str) -> None:
    assert validators(answer(last_modified=text)).last_modified is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE = \"60\""}, 60),
        ({"cache-control": "max-age=600", "age": "500"}, 100),
        ({"cache-control": "max-age=600", "age": "900"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "private"}, None),
        ({"cache-control": "max-age=99999999999"}, MAX_AGE),
        ({"expires": "Sun, 22 Nov 2026 03:10:00 GMT"}, 600),
        ({"expires": "Sun, 22 Nov 2026 03:10:00 GMT", "date": "Sun, 22 Nov 2026 03:09:00 GMT"}, 60),
        ({"expires": DATE}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1", "cache-control": "max-age=5"}, 5),
    ],
)  # fmt: skip
def test_freshness_is_what_the_server_says(headers: dict[str, str], seconds: float | None) -> None:
    assert freshness(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("Sun, 22 Nov 2026 03:02:00 GMT", 120), (DATE, 0), ("", None), ("soon", None), ("-5", None), ("9" * 30, MAX_AGE)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_breaks_it(one: str, two: str) -> None:
    headers = {"retry-after": one, "expires": one, "cache-control": two, "age": two, "date": two}
    for found in (retry_after(headers, NOW), freshness(headers, NOW)):
        assert found is None or 0 <= found <= MAX_AGE
