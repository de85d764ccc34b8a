"""What the pages show of the story, in both languages, and that what was fetched stays text."""

from __future__ import annotations

import html as markup
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from tests.pipeline.world import due
from tests.web.conftest import Serve
from tests.web.stories import BEGIN, HOHHOT, ORDOS, SHANGYU, SHUOZHOU
from watcher.settings import Sources, Web
from watcher.store import Store
from watcher.store.content import Content
from watcher.store.versions import NewVersion
from watcher.types import Block, Cell, Consultation, Fetched, Grid, Indicator, Metadata, Reading
from watcher.web import story
from watcher.web.app import GETS
from watcher.web.server import PageServer
from watcher.web.texts import english, say

PLACES = (
    "/", "/documents", f"/documents/{HOHHOT}", f"/documents/{HOHHOT}/diff/1...2", f"/documents/{HOHHOT}/diff/1...2?view=inline",
    f"/documents/{HOHHOT}/versions/1", f"/documents/{HOHHOT}/versions/2?at=5000-5010", "/indicators", "/indicators/beds-per-1000",
    f"/compare?document={HOHHOT}&document={ORDOS}&document={SHUOZHOU}", "/calendar", "/sources", "/incidents", "/alerts",
)  # fmt: skip


def words(html: str) -> str:
    """A page's text."""
    return re.sub(r"\s+", " ", markup.unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize("place", PLACES)
def test_every_page_is_small_and_answers_in_both_languages(page: httpx.Client, place: str) -> None:
    answer = page.get(place)
    assert answer.status_code == 200
    assert len(answer.content) < 150_000
    assert '<html lang="zh-CN">' in answer.text
    other = page.get(place, params={"lang": "en"} if "?" not in place else None)
    if "?" not in place:
        assert '<html lang="en">' in other.text
        assert '<html lang="en">' in page.get("/calendar").text, "the choice is remembered"


@pytest.mark.parametrize("place", PLACES)
def test_what_did_not_change_is_not_sent_again(page: httpx.Client, place: str) -> None:
    first = page.get(place)
    again = page.get(place, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_the_home_page_tells_what_moved_and_leads_to_the_evidence(page: httpx.Client) -> None:
    home = page.get("/").text
    said = words(home)
    assert "婴儿死亡率" in said
    assert re.search(r"<5‰ → ≤4\.5‰", said)
    assert "收紧" in said
    link = re.search(rf'href="(/documents/{HOHHOT}/diff/1\.\.\.2)"', home)
    assert link is not None
    diff = page.get(link[1]).text
    places = re.findall(r'href="(/documents/[^"]+/versions/2\?at=[0-9-]+)#evidence"', diff)
    texts = [page.get(place).text for place in dict.fromkeys(places)]
    assert texts
    assert all('id="evidence"' in text for text in texts)
    assert any(re.search(r"<mark>[^<]*4\.5", text) for text in texts)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {HOHHOT, ORDOS}), ("region=呼和浩特", {HOHHOT}), ("region=火星", set()), ("stage=final", {HOHHOT, ORDOS}),
        ("stage=draft", set()), ("indicator=婴儿死亡率", {HOHHOT}), ("indicator=infant-mortality", {HOHHOT}),
        ("indicator=没有这样的指标名称", set()), ("effect=binding", {HOHHOT}), ("effect=relaxed", set()), ("q=蒙医药", {HOHHOT, ORDOS}),
        ("q=不存在的词语", set()), ("q=呼政办发", {HOHHOT}), ("q=卫生、健康、事业", set()), ("region=鄂尔多斯&effect=tightened&stage=final&q=卫生", {ORDOS}), (f"document={ORDOS}", {ORDOS}),
    ],
)  # fmt: skip
def test_filters_narrow_the_changes(page: httpx.Client, query: str, found: set[str]) -> None:
    items = page.get(f"/api/v1/changes?{query}").json()["items"]
    assert {one["document"] for one in items} == found
    html = page.get(f"/?{query}")
    assert html.status_code == 200
    shown = {name for name in (HOHHOT, ORDOS) if f"/documents/{name}/diff/" in html.text}
    assert shown == found


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("/nothing", 404), ("/documents/no-such", 404), ("/documents/%00", 404), ("/documents/" + "a" * 300, 404),
        (f"/documents/{HOHHOT}/versions/99", 404), (f"/documents/{HOHHOT}/versions/99999999999999999999999", 404),
        (f"/documents/{HOHHOT}/diff/1..2", 404), (f"/documents/{HOHHOT}/diff/1...2/exe", 404),
        (f"/documents/{HOHHOT}/diff/1...9", 404), (f"/documents/{HOHHOT}/snapshots/999", 404), (f"/documents/{ORDOS}/snapshots/1", 404),
        ("/indicators/no-such-key", 404), ("/?before=x", 400), ("/?stage=bogus", 400), ("/indicators/beds-per-1000?after=%%%", 400),
        ("/indicators/beds-per-1000?after=WzFd", 400), ("/alerts?state=bogus", 400), ("/api/v1/documents?limit=-1", 400),
        ("/compare", 200), ("/compare?document=x&document=y", 200), ("/indicators?q=没有这种东西啊啊", 200),
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_words(page: httpx.Client, place: str, status: int) -> None:
    answer = page.get(place)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    if place.startswith("/api"):
        assert set(answer.json()) == {"error"}


def test_choosing_two_versions_leads_to_their_stable_address(page: httpx.Client) -> None:
    for query in ("", "?from=draft&to=final", "?from=1&to=2"):
        answer = page.get(f"/documents/{HOHHOT}/diff{query}")
        assert answer.headers["location"] == f"/documents/{HOHHOT}/diff/1...2"


def test_the_diff_shows_moves_first_and_folds_what_is_equal(page: httpx.Client) -> None:
    text = page.get(f"/documents/{HOHHOT}/diff/1...2").text
    assert text.index('id="moves"') < text.index('id="hunk-1"')
    assert "<del>" in text
    assert "<ins>" in text
    assert 'class="fold"' in text
    inline = page.get(f"/documents/{HOHHOT}/diff/1...2?view=inline").text
    assert 'class="sides"' not in inline


def test_snapshots_are_saved_or_shown_as_plain_text_never_rendered(page: httpx.Client) -> None:
    saved = page.get(f"/documents/{HOHHOT}/snapshots/1")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["content-security-policy"]
    assert b"<html" in saved.content.lower()
    shown = page.get(f"/documents/{HOHHOT}/snapshots/1?as=text")
    assert shown.headers["content-type"].startswith("text/plain")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "征求意见" in shown.text


def test_the_page_alone_shows_and_does_nothing(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story, read_only=True)
    html = client.get("/alerts").text
    assert 'action="/alerts/' not in html
    token = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/sources").text)
    assert token is None
    assert client.get("/healthz").json()["status"] == "ok"


def form_token(client: httpx.Client, place: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get(place).text)
    assert found is not None
    return found[1]


def test_a_dead_letter_is_sent_again_and_a_source_checked_at_once(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story)
    token = form_token(client, "/alerts?state=dead")
    with Store(own_story.database, read_only=True) as store:
        dead = store.pages.alerts(state="dead")[0]["id"]
        source = store.pages.sources()[0]["id"]
    assert client.post(f"/alerts/{dead}/resend", data={"token": token}).headers["location"] == "/alerts?done=resend"
    assert client.post(f"/sources/{source}/check", data={"token": token}).status_code == 303
    with Store(own_story.database, read_only=True) as store:
        assert store.outbox.get(dead).state == "waiting"
        assert source in {row.id for row in due(store, BEGIN + timedelta(days=99999 // 24))}
        assert not store.outbox.stopped_channels()
    assert client.post("/alerts/resend-dead", data={"token": token}).status_code == 303
    with Store(own_story.database, read_only=True) as store:
        assert "dead" not in store.outbox.counts()
    for place in ("/alerts/99999/resend", "/sources/99999/check", "/links/99999"):
        assert client.post(place, data={"token": token, "decision": "accept"}).status_code == 404
    assert client.post("/links/1", data={"token": token, "decision": "maybe"}).status_code == 400


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}\u202e\x1b[31m"


def spoil(sources: Sources) -> None:
    """A document whose every text is hostile."""
    text = f"{EVIL} 婴儿死亡率到2025年下降到5‰以下"
    rows = ((Cell(EVIL), Cell("=cmd|' /C calc'!A0")), (Cell("x"), Cell(EVIL)))
    with Store(sources.database) as store:
        row = next(one for one in store.sources.active() if one.document_id == SHANGYU)
        store.db.execute("UPDATE documents SET title = ?, region = ? WHERE id = ?", [EVIL, EVIL, SHANGYU])
        for number in (1, 2):
            body = f"{text}{number}"
            blocks = (
                Block("heading", EVIL, 1),
                Block("paragraph", body),
                Block("table", "\n".join("\t".join(cell.text for cell in line) for line in rows), grid=Grid(rows)),
            )
            start = len(EVIL) + 1
            one = Indicator(
                EVIL, "infant-mortality", EVIL[:20], 2025, "target", "<", str(number), EVIL, "约束性", "prose", EVIL, EVIL, start,
                start + 5, disputed=True,
            )  # fmt: skip
            reading = Reading(
                "document", EVIL, blocks, "final", EVIL,
                Metadata(document_number=EVIL, consultation=Consultation("2026-03-01", "2026-03-09", EVIL)),
            )  # fmt: skip
            now = BEGIN + timedelta(days=10 + number)
            with store.atomic():
                fetched = Fetched(
                    'javascript:alert(1)//"><script>', 'javascript:alert(1)//"><script>', 200,
                    {"content-type": "text/html"}, f"<script>alert({number})</script>".encode(), now,
                )  # fmt: skip
                snapshot = store.snapshots.add(row.id, fetched, "document")
                store.versions.add(
                    NewVersion(SHANGYU, row.id, snapshot, "final", "content", "r", now, Content.of(reading, (one,)))
                )
                store.lineage.set_consultation(SHANGYU, reading.metadata.consultation, row.id)
                store.incidents.open(EVIL, "blocked", EVIL, now)
    from watcher.compare import compare
    from watcher.compare.render import to_json

    with Store(sources.database) as store:
        after, before = store.versions.newest(SHANGYU, 2)
        change = compare(before.reading, after.reading, before.indicators, after.indicators)
        with store.atomic():
            diff = to_json(change, SHANGYU, before.ref, after.ref)
            store.changes.add(before.id, after.id, "content", change, diff, BEGIN + timedelta(days=12))


HOSTILE_PLACES = (
    "/", "/documents", f"/documents/{SHANGYU}", f"/documents/{SHANGYU}/diff/2...3", f"/documents/{SHANGYU}/diff/2...3?view=inline",
    f"/documents/{SHANGYU}/versions/3", f"/documents/{SHANGYU}/versions/3?at=5-40", "/indicators/infant-mortality",
    f"/compare?document={SHANGYU}&document={HOHHOT}", "/calendar", "/sources", "/incidents", "/alerts", "/indicators",
    "/?q=<script>alert(1)</script>&region=\"><script>", "/indicators?q=<script>", "/sources?after=<script>",
)  # fmt: skip


def test_hostile_texts_stay_texts(own_story: Sources, serve: Serve) -> None:
    spoil(own_story)
    client = serve(own_story)
    for place in HOSTILE_PLACES:
        answer = client.get(place)
        assert answer.status_code == 200, place
        html = answer.text
        assert "<script>alert" not in html, place
        assert "<img src=x" not in html, place
        assert not re.search(r'href="\s*javascript:', html), place
        assert "49" not in re.findall(r"&gt;(\d+)\u202e?", html), place
        assert "\x1b" not in html, place
        assert "\u202e" not in html, place
        assert html.count("<script ") == 1, place
        assert " style=" not in html, place
        assert not re.search(r"\son[a-z]+=\"", html), place
    for place in ("/feed.atom", f"/feed.atom?document={SHANGYU}"):
        feed = client.get(place)
        ElementTree.fromstring(feed.content)
        assert "<script>" not in feed.text
    sheet = client.get("/indicators/infant-mortality/csv").text
    assert not re.search(r"(^|,)\"?[=@]", sheet, re.MULTILINE)


def test_every_text_of_the_pages_has_its_english() -> None:
    from watcher.web.site import HERE

    known = english()
    wanted = set()
    for file in sorted((HERE / "templates").glob("*.html")):
        wanted |= set(re.findall(r"_\('([^']+)'", file.read_text("utf-8")))
    for file in sorted(HERE.glob("*.py")):
        wanted |= set(re.findall(r'(?:say\(|title=)"([^"]*[\u4e00-\u9fff][^"]*)"', file.read_text("utf-8")))
    assert wanted - known.keys() == set()
    for chinese, other in known.items():
        assert not re.search(r"[\u4e00-\u9fff]", other), chinese
        assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", other)), chinese


def test_english_pages_hold_no_chinese_of_ours(page: httpx.Client) -> None:
    text = words(page.get("/alerts?lang=en").text)
    stories = ("中文", "“", "呼", "鄂", "朔", "绍", "立")
    ours = [word for word in re.findall(r"[\u4e00-\u9fff“”]+", text) if not word.startswith(stories)]
    assert not [word for word in ours if say(word, "en") != word], ours


def test_a_document_that_was_joined_to_another_leads_there(own_story: Sources, serve: Serve) -> None:
    with Store(own_story.database) as store:
        store.db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [HOHHOT, SHANGYU])
    client = serve(own_story)
    for place in ("", "/diff/1...2", "/versions/1", "/diff"):
        assert client.get(f"/documents/{SHANGYU}{place}").headers["location"] == f"/documents/{HOHHOT}"
    moved = client.get(f"/api/v1/documents/{SHANGYU}/versions")
    assert moved.headers["location"] == f"/api/v1/documents/{HOHHOT}"


async def test_other_settings_hold_from_the_next_request_on(story: Sources) -> None:
    server = PageServer(replace(story, web=Web(port=0)), story.database)
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
            assert '<html lang="zh-CN">' in (await client.get("/")).text
            server.apply(replace(story, alerting=replace(story.alerting, language="en")))
            assert '<html lang="en">' in (await client.get("/")).text
    finally:
        await server.stop()


def test_a_text_that_is_another_one_altogether_still_makes_small_pages(own_story: Sources, serve: Serve) -> None:
    with Store(own_story.database) as store:
        row = next(one for one in store.sources.active() if one.document_id == HOHHOT and one.version_id)
        other = store.versions.newest(ORDOS, 1)[0]
        line = "一" * 90_000
        wide = "\n".join("\t".join(str(cell % 10) for cell in range(40)) for _ in range(400))
        blocks = (*other.reading.blocks, Block("paragraph", line), Block("table", wide))
        reading = replace(other.reading, blocks=blocks)
        with store.atomic():
            fetched = Fetched(row.url, row.url, 200, {}, b"x", BEGIN)
            snapshot = store.snapshots.add(row.id, fetched, "document")
            new = NewVersion(
                HOHHOT, row.id, snapshot, "final", "content", "r", BEGIN, Content.of(reading, other.indicators)
            )
            store.versions.add(new)
    client = serve(own_story)
    place: str | None = f"/documents/{HOHHOT}/diff/1...3"
    hunks: list[int] = []
    for _ in range(60):
        assert place is not None
        answer = client.get(place)
        assert len(answer.content) < 150_000, place
        hunks += map(int, re.findall(r'id="hunk-(\d+)"', answer.text))
        following = re.search(r'href="([^"]+part=(\d+))#text">下一页', answer.text)
        if following is None:
            break
        place = markup.unescape(following[1])
    assert hunks == list(range(1, len(hunks) + 1)), "every hunk once, in order"
    moves = client.get(f"/documents/{HOHHOT}/diff/1...3?move=30")
    assert 'id="move-1"' in moves.text
    text = ""
    for part in range(1, 12):
        answer = client.get(f"/documents/{HOHHOT}/versions/3?part={part}")
        assert len(answer.content) < 150_000
        text += answer.text
    assert text.count("一" * 6000) >= 15
    evidence = client.get(f"/documents/{HOHHOT}/versions/3?at=60000-60004").text
    assert "<mark>一一一一</mark>" in evidence


def test_an_indicator_whose_nature_alone_moved_shows_both_natures() -> None:
    one = Indicator(
        "孕产妇死亡率",
        "maternal-mortality",
        "/10万",
        2025,
        "target",
        "<=",
        "12",
        "≤12",
        "预期性",
        "table",
        "",
        "≤12",
        0,
        3,
    )
    row = {
        "name": one.name, "key": one.key, "unit": one.unit, "year": "2025", "role": "target", "op": "<=", "value": "12", "text": "≤12",
        "origin": "table", "edition_id": 1, "stage": "draft",
    }  # fmt: skip
    history = [
        row | {"nature": "约束性", "since": 1, "until": 2},
        row | {"nature": "预期性", "since": 2, "until": None},
    ]
    (line,) = story.lines([one], history)
    assert [said for _, _, said in line.steps] == ["≤12/10万 约束性", "≤12/10万 预期性"]


def test_every_route_has_its_own_view() -> None:
    assert len({route for route, _ in GETS}) == len(GETS)
