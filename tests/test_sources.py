"""sources.yaml: what is right is read, what is wrong is refused with file, line, what, and the nearest right word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from watcher.errors import ConfigError
from watcher.fetch.exchange import ask_of
from watcher.settings import Scheduler
from watcher.sources import glance, load, load_settings
from watcher.sources.form import FileForm, SettingsForm
from watcher.sources.glancing import BLOCKS, KEYS
from watcher.words import Options

GOOD = """\
settings:
  database: db/x.db
  timezone: Asia/Shanghai
  every: 6h
  network: {allow_private: ["127.0.0.1:8000", "10.0.0.0/8"], per_host_delay: 0s, concurrency: 8, max_body: 16MiB}
channels:
  team: {kind: wecom, url: "env:TEST_URL"}
  hook: {kind: webhook, url: "env:TEST_URL", secret: "env:TEST_SECRET"}
documents:
  - id: hohhot
    title: 呼和浩特市规划
    region: 呼和浩特市
    pages:
      - {url: "https://a.example/1.html", stage: draft}
      - {url: "file:seeds/a.txt", stage: final}
    channels: [team]
  - id: other
    cron: "0 9 * * 1-5"
    every: null
    pages: [{url: "http://b.example/"}]
    network: {robots: false, robots_reason: the office allows it in writing, timeout: 1m30s}
columns:
  - id: column
    url: "https://a.example/list/"
    follow: "卫生|健康"
    depth: 3
routes:
  - {regions: [呼和浩特市], deliver: daily, at: "08:30"}
"""


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_URL", "https://chat.example/hook?key=SECRETSECRET")
    monkeypatch.setenv("TEST_SECRET", "whsec_c2VjcmV0c2VjcmV0")


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_file_becomes_settings(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD), secrets=True)
    first, second = found.documents
    assert found.database == tmp_path / "db/x.db"
    assert [page.stage for page in first.pages] == ["draft", "final"]
    assert first.pages[1].url == "file:seeds/a.txt"
    assert first.channels == ("team",)
    assert second.channels == ("team", "hook")
    assert (first.schedule.every, first.schedule.cron) == (21600.0, None)
    assert (second.schedule.every, second.schedule.cron) == (None, "0 9 * * 1-5")
    assert (second.network.timeout, second.network.robots, second.network.per_host_delay) == (90.0, False, 0.0)
    assert found.network.allow_private == ("127.0.0.1:8000", "10.0.0.0/8")
    assert found.network.max_body == 16 * 1024**2
    assert found.columns[0].depth == 3
    assert found.alerting.routes[0].deliver == "daily"
    assert "SECRETSECRET" not in repr(found)


MISTAKES = [
    ("    region:", "    regoin:", 12, "regoin", "region"),
    ("stage: draft}", "stage: drfat}", 14, "drfat", "draft"),
    ("stage: draft}", "stage: 征求意见稿}", 14, "征求意见稿", "'draft'"),
    ("  - id: other", "  - id: hohhot", 17, "hohhot", "第 10 行|line 10"),
    ('"0 9 * * 1-5"', '"0 9 * * 1-9"', 18, "cron", "五个字段|five fields"),
    ('"卫生|健康"', '"卫生|(健康"', 25, "follow", "RE2"),
    ("env:TEST_URL", "env:TEST_MISSING", 7, "TEST_MISSING", "没有设置|not set"),
    ("channels: [team]", "channels: [taem]", 16, "taem", "team"),
    ("kind: wecom", "kind: wecmo", 7, "wecmo", "wecom"),
    ("every: 6h", "every: 6 hrs", 4, "every", "6h"),
    ("every: 6h", "every: 6", 4, "every", "时长|duration"),
    ("timezone: Asia/Shanghai", "timezone: Asia/Beijing", 3, "timezone", "Asia/Shanghai"),
    ('"10.0.0.0/8"', '"10.0.0.0/33"', 5, "10.0.0.0/33", "主机名|neither a host"),
    ("depth: 3", "depth: three", 26, "depth", "整数|number"),
    ("https://a.example/1.html", "ftp://a.example/1.html", 14, "url", "http"),
    ("title: 呼和浩特市规划", "title: 呼和\x00浩特", 11, "控制字符|control characters", "YAML"),
    ('"https://a.example/1.html"', '"http://[::1"', 14, "url", "http"),
    ('"https://a.example/1.html"', "'http://in\\\\@out/'", 14, "url", "反斜杠|backslash"),
    ('"https://a.example/1.html"', '"https://a b.example/"', 14, "url", "空白|white space"),
    ('"https://a.example/1.html"', '"https://me:SECRETSECRET@a.example/"', 14, "url", "headers"),
    ("file:seeds/a.txt", "file:../secret.txt", 15, "file:", "之内|inside"),
    ("file:seeds/a.txt", "file:seeds/%2e%2e/%2e%2e/etc/passwd", 15, "file:", "之内|inside"),
    (
        'url: "env:TEST_URL", secret',
        'url: "https://chat.example/hook?key=SECRETSECRET", secret',
        8,
        "env:NAME",
        "绝不|never",
    ),
    ("robots_reason: the office allows it in writing, ", "", 21, "robots_reason", "说明为何|why"),
    ("    title: 呼和浩特市规划", "    title: [1, 2]", 11, "title", "文字|text"),
    ("documents:\n", "documents:\n  - {}\n", 10, "documents.0.id", "缺少|missing"),
    ("  every: 6h", "  every: 6h\n  every: 7h", 5, "every", "两次|twice"),
    ("settings:", "setings:", 1, "setings", "settings"),
    ("kind: wecom, url", "kind: wecom, format: markdwn, url", 7, "markdwn", "markdown_v2"),
    ("kind: wecom, url", "kind: dingtalk, at_mobiles: [13a], url", 7, "at_mobiles", "手机号|mobile"),
    ("kind: wecom, url", 'kind: dingtalk, at_all: "yes", url', 7, "at_all", "true"),
    ("kind: wecom, url", "kind: email, to: nobody, url", 7, "nobody", "邮件地址|mail address"),
    ("kind: wecom, url", "kind: email, to: a@b.cn, tls: starttsl, url", 7, "starttsl", "starttls"),
    ("kind: wecom, url", "kind: email, to: a@b.cn, from: a@b.cn, url", 7, "smtp", "smtp://"),
    ("kind: wecom, url", "kind: email, to: a@b.cn, ca: no/such.pem, url", 7, "no/such.pem", "读不出|cannot be read"),
    ("kind: wecom, url", 'kind: feishu, keyword: "a\\nb", url', 7, "keyword", "一行|one line"),
    ("deliver: daily", "min_weight: hihg, deliver: daily", 28, "hihg", "high"),
    ("deliver: daily", "effects: [relaxd], deliver: daily", 28, "relaxd", "relaxed"),
    ("deliver: daily", "types: [document.chnged], deliver: daily", 28, "document.chnged", "document.changed"),
    ("deliver: daily", "columns: [colum], deliver: daily", 28, "colum", "column"),
    ("    region: 呼和浩特市\n", "   region: 呼和浩特市\n", 12, "YAML", "缩进|indentation"),
    ('[{url: "http://b.example/"}]', '[{ulr: "http://b.example/"}]', 20, "ulr", "'url'"),
    ("kind: wecom", "kidn: wecom", 7, "kidn", "'kind'"),
    ('    pages: [{url: "http://b.example/"}]', '    url: "http://b.example/"', 20, "url", "pages: [{url: …}]"),
    ("  every: 6h", "  timeout: 6s", 4, "timeout", "network: {timeout: …}"),
    ("timeout: 1m30s", "timeout: 0s", 21, "timeout", "大于零|more than nothing"),
    ("    channels: [team]", '    selectors: {body: "div[["}', 16, "div[[", "CSS"),
    ("timezone: Asia", "timezone：Asia", 3, "：|full-width", "半角|plain colon"),
    ('["127.0.0.1:8000", "10.0.0.0/8"]', "maybe", 5, "allow_private", "列表|list"),
    ('  - {regions: [呼和浩特市], deliver: daily, at: "08:30"}', "", 27, "routes", "空|empty"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("right", "wrong", "line", "names", "helps"), MISTAKES, ids=[str(at) for at in range(len(MISTAKES))]
)
def test_a_mistake_is_refused_with_its_line_and_the_nearest_word(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    right: str,
    wrong: str,
    line: int,
    names: str,
    helps: str,
    language: str,
) -> None:
    assert right in GOOD
    monkeypatch.setattr(Options, "language", language)
    file = written(tmp_path, GOOD.replace(right, wrong, 1))
    with pytest.raises(ConfigError) as caught:
        load(file, secrets=True)
    said = str(caught.value)
    assert said.startswith(f"{file}:{line}:"), said
    assert names.split("|")[0 if language == "zh" else -1] in said
    assert helps.split("|")[0 if language == "zh" else -1] in said
    assert "\\x" not in said
    assert "SECRETSECRET" not in said
    assert "\n" not in said


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="没有这个文件"):
        load(tmp_path / "nothing.yaml")


def test_a_file_in_gbk_is_told_so_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes("settings: {}\n# 监测源\n".encode("gbk"))
    with pytest.raises(ConfigError, match=r":2: .*GBK.*UTF-8"):
        load(file)


def test_disabled_sources_are_checked_but_not_watched(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD.replace("  - id: other\n", "  - id: other\n    enabled: false\n")))
    assert [one.id for one in found.documents] == ["hohhot"]


def test_aliases_that_contain_themselves_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load(written(tmp_path, "settings: &a\n  network: *a\n"))


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sources.yaml"
        file.write_text(text, encoding="utf-8", errors="surrogatepass") if not _lone(text) else file.write_text("x")
        assert outcome(file)


def outcome(file: Path) -> str:
    """``read``, or the one line that says why not."""
    try:
        load(file)
    except ConfigError as error:
        return str(error)
    return "read"


def _lone(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


@settings(max_examples=60)
@given(
    st.integers(0, GOOD.count("\n") - 1),
    st.sampled_from(["  ", "x", ":", "- ", "[", "{", "'", "\t", "&a ", "*a", "!!python/object:os.system "]),
)
def test_a_spoilt_line_is_read_or_refused(at: int, spoil: str) -> None:
    import tempfile

    lines = GOOD.split("\n")
    lines[at] = spoil + lines[at]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sources.yaml"
        file.write_text("\n".join(lines), encoding="utf-8")
        assert outcome(file)


def test_the_settings_alone_are_read_with_all_their_checks(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    found, whole = load_settings(file), load(file)
    assert found.documents == ()
    assert (found.database, found.schedule, found.network) == (whole.database, whole.schedule, whole.network)
    with pytest.raises(ConfigError, match=r":4: .*every.*时长"):
        load_settings(written(tmp_path, GOOD.replace("every: 6h", "every: 6 apples")))
    flow = written(tmp_path, "{settings: {database: other.db}, documents: []}")
    assert load_settings(flow).database == tmp_path / "other.db"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "",
        "documents: []\n",
        "settings:\n  language: en\n\n  # a remark\n  database: elsewhere/w.db\ncolumns: []\n",
        "settings: {alerts: {link: 'https://w.example/'}, database: /var/lib/w.db, timezone: Asia/Urumqi}\r\ndocuments: []\r\n",
        "{settings: {database: other.db}, documents: []}",
        "'settings':\n  database: quoted.db\n",
        "---\nsettings:\n  database: marked.db\n",
        "columns: &none []\nsettings:\n  database: alias.db\n  alerts: {fallback: *none}\n",
        "documents:\n- id: a\n  title: settings\n  pages: [{url: 'http://a.example/'}]\nsettings: {database: last.db}\n",
    ],
)
def test_a_glance_sees_what_the_whole_file_says(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    seen, whole = glance(file), load(file)
    assert (seen.file, seen.database, seen.schedule.timezone) == (whole.file, whole.database, whole.schedule.timezone)
    assert (seen.alerting.language, seen.alerting.link) == (whole.alerting.language, whole.alerting.link)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("settings:\n  databse: a.db\n", r":2: .*databse.*database"),
        ("settings:\n  timezone: Asia/Nowhere\n", r":2: .*Nowhere"),
        ("settings:\n  language: de\n", ":2: .*language"),
        ("settings:\n  database: 5\n", ":2: .*database"),
        ("settings:\n  alerts: {link: 5}\n", ":2: .*link"),
        ("settings:\n  alerts: 5\n", ":2: .*alerts"),
        ("settings:\n  database: a.db\n  database: b.db\n", ":3: .*database"),
        ("settings:\n  database: [\n", "YAML"),
        ("settings: {}\nsettings: {}\n", ":2: .*settings"),
        ("setings:\n  database: a.db\n", ":1: .*settings"),
    ],
)
def test_a_glance_refuses_what_it_does_not_know(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        glance(written(tmp_path, text))


def test_a_glance_knows_the_names_of_all_settings() -> None:
    assert set(SettingsForm.model_fields) == KEYS
    assert set(FileForm.model_fields) == BLOCKS


@pytest.mark.parametrize(
    ("written_as", "contact"),
    [
        ("dask://10.0.0.1:8786", "tcp://10.0.0.1:8786"),
        ("dask://hub", "tcp://hub:8786"),
        ("dask+tls://hub.example:9000", "tls://hub.example:9000"),
        ("dask://[fd00::1]:8786", "tcp://[fd00::1]:8786"),
    ],
)
def test_an_executor_names_the_scheduler_of_other_machines(tmp_path: Path, written_as: str, contact: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(f'settings: {{executor: "{written_as}"}}\ndocuments: []\n', encoding="utf-8")
    assert Scheduler.parse(load(file).executor).contact == contact


@pytest.mark.parametrize(
    "wrong", ["process", "dask", "dask://", "dask://h:99999", "dask://me:secret@h:1", "dask://h/x"]
)
def test_an_executor_that_is_none_is_refused_with_the_words_that_there_are(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(f'settings: {{executor: "{wrong}"}}\ndocuments: []\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sources.yaml:1: .*dask://") as raised:
        load(file)
    assert "secret@" not in str(raised.value)


def test_a_header_may_be_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(
        'settings: {network: {headers: {cookie: "env:TEST_COOKIE", x-app: watcher}}}\ndocuments: []\n', encoding="utf-8"
    )
    monkeypatch.delenv("TEST_COOKIE", raising=False)
    with pytest.raises(ConfigError, match="TEST_COOKIE"):
        load(file, secrets=True)
    monkeypatch.setenv("TEST_COOKIE", "sesame=1")
    network = load(file, secrets=True).network
    assert "sesame" not in repr(network)
    assert ask_of(network, "GET", b"", None, None, None).private == {"cookie": "sesame=1", "x-app": "watcher"}


def test_the_examples_of_the_page_on_alerts_are_right(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import re

    for name in ("TEAM_URL", "CHIEF_URL", "DING_URL", "DING_SECRET"):
        monkeypatch.setenv(f"WATCHER_{name}", "https://chat.example/hook?key=1")
    monkeypatch.setenv("WATCHER_SMTP", "smtps://user:password@mail.example")
    examples = re.findall(r"```yaml\n(.*?)```", (root / "docs" / "alerts.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 2
    found = [load(written(tmp_path, text), secrets=True) for text in examples]
    assert [route.min_weight for route in found[1].alerting.routes][:2] == ["high", "low"]


@pytest.mark.parametrize(
    "proxy",
    ["http://127.0.0.1:3128", "socks5://me:pw@127.0.0.1:1080", "socks5h://proxy.internal", "socks4a://10.0.0.1:1080"],
)
def test_a_proxy_may_be_of_every_kind_that_the_gate_speaks_to(tmp_path: Path, proxy: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(f'settings:\n  network: {{proxy: "{proxy}"}}\ndocuments: []\n', encoding="utf-8")
    assert load(file).network.proxy == proxy


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1", "127.0.0.1:1080", "socks5://", "socks6://127.0.0.1"])
def test_a_proxy_of_another_kind_is_refused_with_its_line(tmp_path: Path, proxy: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(f'settings:\n  network: {{proxy: "{proxy}"}}\ndocuments: []\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="socks5h://") as caught:
        load(file)
    assert caught.value.line == 2


def _rows(form: type[BaseModel]) -> set[str]:
    """Every key that a form and the forms within it take."""
    found = set(form.model_fields)
    for one in form.model_fields.values():
        inner = [one.annotation, *get_args(one.annotation)]
        found.update(*(_rows(kind) for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)))
    return found


def test_every_key_is_explained() -> None:
    page = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|.*", page, re.MULTILINE)
    explained = {word for row in rows for code in re.findall(r"`([^`]+)`", row) for word in re.findall(r"\w+", code)}
    keys = _rows(FileForm)
    assert {"depth", "legacy_tls", "stage", "weekday", "keep_checks"} <= keys
    assert not keys - explained
