"""Who may look, and what a stranger's page cannot do."""

from __future__ import annotations

import re
import socket
from typing import Any

import httpx
import pytest

from tests.web.conftest import Serve
from tests.web.stories import HOHHOT
from watcher.errors import ConfigError
from watcher.settings import Secret, Sources, Web
from watcher.web import access
from watcher.web.app import GETS, POSTS
from watcher.web.server import PageServer, _bind

TOKEN = "a-long-token-for-tests"
EXAMPLES = {
    "id": HOHHOT, "pair": "1...2", "form": "html", "number": "1", "snapshot": "1", "key": "beds-per-1000", "name": "style.css",
}  # fmt: skip
OPEN = {"/healthz", "/login", "/static/{name}"}


def path_of(route: str) -> str:
    """A route with its parameters filled in."""
    route = route.replace("/indicators/{key}/{form}", "/indicators/{key}/csv")
    return re.sub(r"{(\w+)}", lambda found: EXAMPLES[found[1]], route)


@pytest.fixture
def guarded(own_story: Sources, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    monkeypatch.setenv("TEST_PAGE_TOKEN", TOKEN)
    return serve(own_story, Web(port=0, token=Secret("env:TEST_PAGE_TOKEN")))


@pytest.mark.parametrize("route", [route for route, _ in GETS if route not in OPEN])
def test_every_route_demands_the_secret(guarded: httpx.Client, route: str) -> None:
    for headers in ({}, {"accept": "text/html"}, {"authorization": "Bearer wrong"}):
        answer = guarded.get(path_of(route), headers=headers)
        assert answer.status_code == 401
        assert "呼和浩特" not in answer.text
    good = guarded.get(path_of(route), headers={"authorization": f"Bearer {TOKEN}"}, follow_redirects=False)
    assert good.status_code in (200, 302, 303)


@pytest.mark.parametrize("route", [route for route, _ in POSTS if route != "/login"])
def test_every_action_demands_the_secret(guarded: httpx.Client, route: str) -> None:
    assert guarded.post(path_of(route), data={}).status_code == 401


def test_an_unknown_route_demands_the_secret_too(guarded: httpx.Client) -> None:
    assert guarded.get("/no/such/place").status_code == 401
    assert guarded.get("/static/../app.py").status_code in (401, 404)


def test_open_routes_reveal_nothing(guarded: httpx.Client) -> None:
    health = guarded.get("/healthz")
    assert set(health.json()) == {"status", "loop", "ticking", "last_tick", "writable"}
    assert guarded.get("/static/style.css").status_code == 200
    assert guarded.get("/static/templates").status_code == 404


def login(client: httpx.Client, secret: str, **more: str) -> httpx.Response:
    token = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/login").text)
    assert token is not None
    return client.post("/login", data={"token": token[1], "secret": secret, **more})


def test_the_form_opens_a_session_and_leaving_ends_it(guarded: httpx.Client) -> None:
    done = login(guarded, TOKEN, after="/documents")
    assert (done.status_code, done.headers["location"]) == (303, "/documents")
    flags = done.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    page = guarded.get("/documents")
    assert page.status_code == 200
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.text)
    assert token is not None
    left = guarded.post("/logout", data={"token": token[1]})
    assert left.headers["location"] == "/login"
    assert guarded.get("/documents").status_code == 401


def test_the_form_never_leads_elsewhere(guarded: httpx.Client) -> None:
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "/login?x"):
        assert login(guarded, TOKEN, after=place).headers["location"] == "/"
        guarded.cookies.clear()


def test_guessing_is_slow(guarded: httpx.Client) -> None:
    for _ in range(access.GUESSES):
        assert login(guarded, "wrong").status_code == 403
    refused = login(guarded, TOKEN)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert guarded.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 429


def test_basic_auth_with_user_and_password(story: Sources, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PAGE_PASSWORD", "秘密口令")
    client = serve(story, Web(port=0, user="team", password=Secret("env:TEST_PAGE_PASSWORD")))
    assert client.get("/", auth=("team", "秘密口令")).status_code == 200
    assert client.get("/feed.atom", auth=("other", "秘密口令")).status_code == 401
    assert "Basic" in client.get("/feed.atom").headers["www-authenticate"]


async def test_outside_loopback_a_secret_is_demanded_at_start(story: Sources) -> None:
    from dataclasses import replace

    for web in (Web(host="0.0.0.0", port=0), Web(host="::", port=0), Web(port=0, user="x")):
        with pytest.raises(ConfigError, match=r"token|belong together"):
            await PageServer(replace(story, web=web), story.database).start()


async def test_a_port_that_is_taken_is_said_in_words(story: Sources, page: httpx.Client) -> None:
    from dataclasses import replace

    taken = Web(port=page.base_url.port or 0)
    with pytest.raises(ConfigError, match=r"不能监听 .*端口已被占用"):
        await PageServer(replace(story, web=taken), story.database).start()


def test_another_name_for_loopback_is_refused(page: httpx.Client) -> None:
    assert page.get("/", headers={"host": "evil.example"}).status_code == 421
    assert page.get("/", headers={"host": "127.0.0.1:1"}).status_code == 200
    assert page.get("/", headers={"host": "[::1]:80"}).status_code == 200
    assert page.get("/", headers={"host": "[broken"}).status_code in (400, 421)


def test_a_strangers_form_is_refused(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story)
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/alerts").text)
    assert found is not None
    token = found[1]
    fields: dict[str, Any] = {"data": {"token": token}}
    assert client.post("/alerts/1/resend", data={"token": "0" * 64}).status_code == 403
    assert client.post("/alerts/1/resend", data={"x": "1"}).status_code == 403
    assert client.post("/alerts/1/resend", **fields, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/alerts/1/resend", **fields, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/alerts/1/resend", json={"token": token}).status_code == 415
    assert (
        client.post(
            "/alerts/1/resend", content="x" * 70_000, headers={"content-type": "application/x-www-form-urlencoded"}
        ).status_code
        == 413
    )
    own = str(client.base_url).rstrip("/")
    assert client.post("/alerts/1/resend", **fields, headers={"origin": own}).status_code == 303


def test_every_answer_carries_the_headers(page: httpx.Client) -> None:
    for route, _ in GETS:
        headers = page.get(path_of(route)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in headers
        assert "server" not in headers


def test_other_methods_are_refused(page: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert page.request(method, "/").status_code == 405
    assert page.head("/").status_code == 200


def test_sessions_are_signed_and_end() -> None:
    key = b"k" * 32
    value = access.new_session(key, 1000.0)
    assert access.session_holds(key, value, 1001.0)
    assert not access.session_holds(key, value, 1001.0 + access.SESSION)
    assert not access.session_holds(b"x" * 32, value, 1001.0)
    assert not access.session_holds(key, "9" + value, 1001.0)
    for broken in ("", ".", "a.b.c", "９.x.y", "1" * 400):
        assert not access.session_holds(key, broken, 0.0)


def test_guesses_are_forgotten_after_a_while_and_bounded() -> None:
    now = [0.0]
    guesses = access.Guesses(lambda: now[0], most=2, window=10)
    assert [guesses.take("a"), guesses.take("a")] == [0, 0]
    assert guesses.take("a") > 0
    assert guesses.take("b") == 0
    guesses.forgive("b")
    guesses.forgive("nobody")
    assert [guesses.take("b"), guesses.take("b")] == [0, 0], "a right secret costs no try"
    assert guesses.take("b") > 0
    now[0] = 11
    assert guesses.take("a") == 0
    for number in range(6000):
        guesses.take(str(number))
    assert len(guesses._wrong) <= 4096


def test_secrets_do_not_show() -> None:
    keys = access.Keys("topsecret", "user", "password")
    assert "topsecret" not in repr(keys)
    assert "password'" not in repr(keys)


def test_answers_are_not_held_back_for_company() -> None:
    # asyncio sets TCP_NODELAY only on a socket that is named as TCP; without it each answer waits 40 ms.
    with _bind("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
