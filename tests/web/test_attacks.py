"""What somebody outside tries: guessing, forged headers and forms, paths that climb, fields that nobody asked for."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from itertools import product

import httpx
import pytest

from tests.web.conftest import Serve
from tests.web.stories import HOHHOT
from tests.web.test_access import TOKEN, login, path_of
from watcher.settings import Secret, Sources, Web
from watcher.store import Store
from watcher.web import access
from watcher.web.access import Keys
from watcher.web.app import GETS, POSTS, application
from watcher.web.guard import OPEN
from watcher.web.site import Site

HTML = {"accept": "text/html"}
FORGED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")


@pytest.fixture
def guarded(own_story: Sources, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    monkeypatch.setenv("TEST_PAGE_TOKEN", TOKEN)
    return serve(own_story, Web(port=0, token=Secret("env:TEST_PAGE_TOKEN")))


async def guess(site: Site, peers: list[str], tries: int) -> tuple[int, int]:
    """How many of some tries were weighed, and how many were turned away unseen; each with other forged headers."""
    app, found = application(site, Keys(token=TOKEN)), Counter[int]()
    every = [httpx.ASGITransport(app, client=(peer, 40_000)) for peer in peers]
    for number in range(tries):
        headers = dict.fromkeys(FORGED, f"203.0.113.{number % 250}")
        headers |= {"authorization": f"Bearer guess-{number}", "host": "127.0.0.1"}
        request = httpx.Request("GET", "http://127.0.0.1/api/v1/changes", headers=headers)
        found[(await every[number % len(every)].handle_async_request(request)).status_code] += 1
    return found[401], found[429]


async def test_a_thousand_guesses_are_eight_whatever_address_they_claim(story: Sources) -> None:
    weighed, refused = await guess(Site(story, story.database), ["198.51.100.7"], 1000)
    assert (weighed, refused) == (access.GUESSES, 1000 - access.GUESSES)


async def test_one_network_of_ipv6_is_one_guesser(story: Sources) -> None:
    weighed, _ = await guess(Site(story, story.database), [f"2001:db8::{one:x}" for one in range(1, 200)], 200)
    assert weighed == access.GUESSES
    weighed, _ = await guess(Site(story, story.database), [f"2001:db8:0:{one:x}::1" for one in range(20)], 20)
    assert weighed == 20, "other networks are other people"


async def test_guesses_at_the_same_time_are_counted_too(story: Sources) -> None:
    app = application(Site(story, story.database), Keys(token=TOKEN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        found = await asyncio.gather(
            *(client.get("/", headers={"authorization": f"Bearer {one}"}) for one in range(200))
        )
    assert sum(answer.status_code == 401 for answer in found) == access.GUESSES


async def test_a_burst_at_the_form_is_eight_tries(story: Sources) -> None:
    app = application(Site(story, story.database), Keys(token=TOKEN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        token = re.search(r'name="token" value="([0-9a-f]+)"', (await client.get("/login")).text)
        assert token is not None
        found = await asyncio.gather(
            *(client.post("/login", data={"token": token[1], "secret": f"{one}"}) for one in range(60))
        )
    assert sorted(answer.status_code for answer in found) == [403] * access.GUESSES + [429] * (60 - access.GUESSES)


def test_every_route_and_method_is_closed_but_the_named_ones(guarded: httpx.Client) -> None:
    routes = {route for route, _ in (*GETS, *POSTS)}
    for method, route in product(("GET", "HEAD", "POST"), sorted(routes)):
        path = path_of(route)
        answer = guarded.request(method, path)
        if OPEN.fullmatch(path):
            assert answer.status_code in (200, 403, 404, 405, 415), (method, route)
        else:
            assert answer.status_code == 401, (method, route)


CLIMBING = (
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/style.css%00.html", "/static//etc/passwd",
        "/static/....//app.py", "//etc/passwd", "/documents/..%2f..%2fetc%2fpasswd", "/documents/%2e%2e/snapshots/1",
        f"/documents/{HOHHOT}/snapshots/..%2f1", f"/documents/{HOHHOT}/diff/1...2/..%2f..%2fstyle.css", "/healthz/../documents",
        "/login/../documents", "/static/style.css/../../documents", "/login%2f..%2fdocuments", "/HEALTHZ", "/login/",
    )  # fmt: skip


def test_no_path_climbs_out_or_around_the_door(guarded: httpx.Client) -> None:
    for path in CLIMBING:
        request = guarded.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = guarded.send(request)
        assert answer.status_code in (401, 404), path
        assert "root:" not in answer.text
        assert "import" not in answer.text
        assert "呼和浩特" not in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:80@127.0.0.1",
        "127.0.0.1 evil",
        "",
        "127.0.0.1:x",
        "[::1",
        "\x7f",
    ],
)
def test_a_foreign_host_gets_nothing_and_stands_nowhere(page: httpx.Client, host: str) -> None:
    for path in ("/", "/feed.atom", "/calendar.ics"):
        answer = page.get(path, headers={"host": host})
        assert answer.status_code in (400, 421)
        assert "evil" not in answer.text
        assert "呼和浩特" not in answer.text


def test_a_host_that_is_claimed_by_a_proxy_header_stands_nowhere(page: httpx.Client) -> None:
    headers = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-original-url": "/alerts",
        "x-rewrite-url": "/alerts",
    }
    for path in ("/", "/feed.atom", f"/documents/{HOHHOT}/diff"):
        answer = page.get(path, headers=headers)
        assert "evil.example" not in answer.text + str(answer.headers)
        assert answer.status_code in (200, 302)


def form_token(client: httpx.Client, place: str = "/alerts") -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get(place).text)
    assert found is not None
    return found[1]


def test_every_action_wants_our_own_form(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story)
    token = form_token(client)
    for route, _ in POSTS:
        refused_without_our_form(client, path_of(route), token)


def refused_without_our_form(client: httpx.Client, path: str, token: str) -> None:
    for fields, headers in (
        ({"x": "1"}, {}),
        ({"token": ""}, {}),
        ({"token": token[:-1]}, {}),
        ({"token": token}, {"origin": "https://evil.example"}),
        ({"token": token}, {"origin": "null"}),
        ({"token": token}, {"sec-fetch-site": "cross-site"}),
        ({"token": token}, {"sec-fetch-site": "same-site"}),
    ):
        assert client.post(path, data=fields, headers=headers).status_code == 403
    assert client.get(f"{path}?token={token}").status_code in (200, 303, 404, 405), "a link does nothing"
    assert client.post(f"{path}?token={token}").status_code in (403, 415)
    multipart = client.post(path, data={"token": token}, files={"x": b"1"})
    assert multipart.status_code == 415


def test_another_sessions_form_is_refused(guarded: httpx.Client) -> None:
    login(guarded, TOKEN)
    first = form_token(guarded)
    guarded.cookies.clear()
    login(guarded, TOKEN)
    assert form_token(guarded) != first
    assert guarded.post("/alerts/resend-dead", data={"token": first}).status_code == 403


def test_fields_that_nobody_asked_for_change_nothing(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story)
    with Store(own_story.database, read_only=True) as store:
        dead = store.pages.alerts(state="dead")[0]
        before = [dict(row) for row in store.pages.sources()]
    extra = {
        "token": form_token(client), "id": "1", "state": "sent", "channel": "other", "url": "http://evil.example/", "document_id": "x",
        "decision": "accept", "__proto__": "x", "active": "0", "answer": "<b>", "tries": "99",
    }  # fmt: skip
    assert client.post(f"/alerts/{dead['id']}/resend", data=extra).status_code == 303
    assert client.post(f"/sources/{before[0]['id']}/check", data=extra).status_code == 303
    with Store(own_story.database, read_only=True) as store:
        after = store.outbox.get(dead["id"])
        assert (after.state, after.channel) == ("waiting", dead["channel"])
        kept = [{name: row[name] for name in row if name != "next_at"} for row in store.pages.sources()]
        assert kept == [{name: row[name] for name in row if name != "next_at"} for row in before]


@pytest.mark.parametrize(("language", "heading"), [("zh", "不能这样做"), ("en", "This cannot be done")])
def test_a_refusal_is_a_page_for_people_and_a_line_for_programs(
    own_story: Sources, serve: Serve, language: str, heading: str
) -> None:
    client = serve(own_story)
    shown = client.post(f"/alerts/1/resend?lang={language}", data={"token": "0"}, headers=HTML)
    assert (shown.status_code, heading in shown.text) == (403, True)
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    told = client.post("/alerts/1/resend", data={"token": "0"})
    assert told.headers["content-type"].startswith("text/plain")


def test_errors_tell_no_path_no_trace_and_no_machine_word(page: httpx.Client) -> None:
    for path in ("/nothing", "/?stage=bogus", "/indicators/x?after=%%%", f"/documents/{HOHHOT}/versions/9?lang=zh"):
        text = page.get(path, headers=HTML).text
        words = re.sub(r"<[^>]+>", " ", text.split("<main", 1)[1].split("</main>")[0])
        assert not re.search(r"Traceback|site-packages|\.py\b|/home|/tmp|sqlite", words)
        assert not re.findall(r"[A-Za-z]{4,}", words.partition(">")[2]), path


def test_damage_in_the_database_shows_nothing_of_the_machine(own_story: Sources, serve: Serve) -> None:
    with Store(own_story.database) as store:
        store.db.execute("UPDATE blobs SET data = x'00'")
    client = serve(own_story)
    for path in (f"/documents/{HOHHOT}/versions/1?lang=zh", f"/documents/{HOHHOT}?lang=zh"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code in (500, 503)
        assert not re.search(r"Traceback|Error|\.py|/tmp|watcher\.db", answer.text)
        assert re.search("程序出错了|暂时打不开", answer.text)
    answer = client.get(f"/api/v1/documents/{HOHHOT}/versions/1")
    assert set(answer.json()) == {"error"}
    assert not re.search(r"Traceback|\.py|/tmp", answer.text)
