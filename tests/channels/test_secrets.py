"""A secret address or key is in no delivery, no exception, no log and no output, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.conftest import MakeChannel
from tests.channels.receivers import Receiver, serving
from tests.channels.samples import samples
from watcher import drawers
from watcher.alert.message import compose
from watcher.channels import _post
from watcher.errors import FetchError, Refused
from watcher.fetch.gate import Gate
from watcher.types import Answer, Delivered, Delivery

SECRET = "Sup3rS3cretToken0123456789"
KEY = "whsec_" + "U3VwM3I" * 8
EVENT = samples()["test"]
HTTP = ("wecom", "dingtalk", "feishu", "slack", "teams", "webhook", "ntfy")
PLACE = f"/hook/{SECRET}?key={SECRET}&access_token={quote('pass/word+' + SECRET)}"


def telling(delivery: Delivery) -> str:
    """All that a delivery says."""
    return repr(delivery)


def echo(status: int) -> Callable[[web.Request, bytes], web.StreamResponse]:
    """A far end that answers with all that it was sent."""

    def answer(request: web.Request, body: bytes) -> web.StreamResponse:
        told = f"{request.url} {request.rel_url} {dict(request.headers)} {request.query} {body.decode()}"
        return web.json_response(
            {"errcode": 93000, "errmsg": told, "code": 19001, "msg": told, "error": told}, status=status
        )

    return answer


async def nobody(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """Never reached: every test answers instead."""
    return web.Response(status=500)


class Failing:
    """A wire that fails in every way that one can, with the whole address in the error's text."""

    def __init__(self, failure: Callable[[str], Exception]) -> None:
        self.failure = failure

    async def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises."""
        raise self.failure(f"{method} {url} {dict(headers)} failed")

    async def address(self, host: str, port: int) -> str:
        """Raises."""
        raise self.failure(f"{host}:{port} {SECRET}")


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
@pytest.mark.parametrize("kind", HTTP)
async def test_a_far_end_that_echoes_everything(
    gate: Gate,
    channel: MakeChannel,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    kind: str,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(nobody, "/" + SECRET if kind == "ntfy" else PLACE) as receiver:
        receiver.instead = echo(status)
        made = channel(kind, receiver.url, KEY if kind == "webhook" else SECRET + "key")
        result = await drawers.member("channels", kind).send(compose(EVENT), EVENT, "msg_1", made, gate)
        assert len(receiver.requests) == 1
    printed = capfd.readouterr()
    logged = " ".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    for text in (telling(result), printed.out, printed.err, logged):
        assert SECRET not in text
        assert "pass/word" not in text
        assert "pass%2Fword" not in text
        assert KEY.removeprefix("whsec_") not in text


@pytest.mark.parametrize(
    "failure",
    [
        lambda text: FetchError(text, kind="timeout", url=text, transient=True),
        lambda text: FetchError(text, kind="dns", url=text),
        lambda text: Refused(text, url=text),
    ],
    ids=["timeout", "dns", "refused"],
)
@pytest.mark.parametrize("kind", [*HTTP, "email", "apprise"])
async def test_a_wire_that_fails_with_the_address_in_its_text(
    channel: MakeChannel, kind: str, failure: Callable[[str], Exception]
) -> None:
    urls = {
        "email": f"smtp://user:{SECRET}@mail.example.org:587",
        "apprise": f"json://user:{SECRET}@api.example.org/{SECRET}",
        "ntfy": f"https://ntfy.example.org/{SECRET}",
    }
    options = {"to": "a@example.org", "from": "b@example.org"} if kind == "email" else {}
    made = channel(
        kind, urls.get(kind, f"https://hooks.example.org{PLACE}"), KEY if kind == "webhook" else SECRET, **options
    )
    result = await drawers.member("channels", kind).send(compose(EVENT), EVENT, "msg_1", made, Failing(failure))
    assert not isinstance(result, Delivered)
    assert SECRET not in telling(result)


@pytest.mark.parametrize(
    "url",
    [
        f"ftp://example.org/{SECRET}",
        f"not an address {SECRET}",
        f"https://[{SECRET}/",
        f"https://example.org:port/{SECRET}",
        f"https://ex ample.org/{SECRET}",
        f"https:///{SECRET}",
        f"https://example.org/{SECRET}\u202e",
    ],
)
@pytest.mark.parametrize("kind", [*HTTP, "email", "apprise"])
async def test_an_address_that_is_none_is_not_quoted(gate: Gate, channel: MakeChannel, kind: str, url: str) -> None:
    options = {"to": "a@example.org", "from": "b@example.org"} if kind == "email" else {}
    made = channel(kind, url, KEY if kind == "webhook" else "x", **options)
    try:
        result = await drawers.member("channels", kind).send(compose(EVENT), EVENT, "msg_1", made, gate)
    except Exception:
        pytest.fail(traceback.format_exc().replace(SECRET, "***"))
    assert not isinstance(result, Delivered)
    assert SECRET not in telling(result)


@pytest.mark.parametrize("kind", [*HTTP, "email", "apprise"])
async def test_a_missing_variable_names_itself(
    gate: Gate, channel: MakeChannel, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    made = channel(kind, "https://x.example/" + SECRET)
    monkeypatch.delenv("CHANNEL_1_URL")
    result = await drawers.member("channels", kind).send(compose(EVENT), EVENT, "msg_1", made, gate)
    assert not isinstance(result, Delivered)
    assert result.permanent
    assert "CHANNEL_1_URL" in result.reason


def test_the_words_of_published_addresses_stay_legible() -> None:
    url = f"https://qyapi.example.com/cgi-bin/webhook/send?key={SECRET}"
    assert _post.hide(f"invalid webhook url {SECRET}", url) == "invalid webhook url ***"


PART = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=6, max_size=30)


@given(host=PART, path=PART, value=PART, user=PART, password=PART, around=st.text(max_size=20))
@settings(max_examples=100)
def test_every_telling_part_of_an_address_is_hidden(
    host: str, path: str, value: str, user: str, password: str, around: str
) -> None:
    url = f"https://{user}:{password}@{host}.example/a/{path}?key={value}&v=1"
    text = f"{around}{url}{around}{path}{around}{value}{around}{user}:{password}"
    hidden = _post.hide(text, url)
    assert url not in hidden
    for part in (path, value, password):
        assert part not in hidden.replace(around, "")
