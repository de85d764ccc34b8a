"""What a person reads is in one language: the one of the settings, or the one that was asked for; what is stored can be told in both."""

from __future__ import annotations

import json
import re
import socket

import pytest

from tests.cli.running import Shell

CHINESE = re.compile("[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?:[a-z]{2,} ){3}")


def _unreadable(shell: Shell, language: str = "zh") -> None:
    """Three sources that cannot be read: nobody listens, a file that is not there, a file that is no document."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (shell.folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (shell.folder / "sources.yaml").write_text(
        f"settings: {{database: w.db, language: {language}, alerts: {{incident_after: 1}}, "
        f'network: {{allow_private: ["127.0.0.1:{port}"], retries: 0}}}}\n'
        "documents:\n"
        f'  - {{id: silent, pages: [{{url: "http://127.0.0.1:{port}/a.html"}}]}}\n'
        '  - {id: missing, pages: [{url: "file:missing.html"}]}\n'
        '  - {id: broken, pages: [{url: "file:broken.pdf"}]}\n',
        encoding="utf-8",
    )


def _said(shell: Shell, *words: str) -> list[str]:
    """Every note and detail that a list tells programs, in the language that programs see too."""
    found = json.loads(shell(*words, "--format", "json").stdout)
    return [text for row in found for text in (row.get("note"), row.get("detail")) if text]


def test_why_something_could_not_be_read_is_told_in_the_readers_language(shell: Shell) -> None:
    _unreadable(shell)
    checked = shell("check")
    assert checked.status == 1
    assert "连不上" in checked.stderr
    for command in (["sources"], ["incidents"]):
        chinese, english = _said(shell, *command), _said(shell, "--lang", "en", *command)
        assert len(chinese) == len(english) == 3
        assert all(CHINESE.search(text) and not SENTENCE.search(text) for text in chinese), chinese
        assert not any(CHINESE.search(text) for text in english), english
        assert {type(text) for text in chinese} == {str}
    text = shell("--lang", "en", "incidents").stdout
    assert "no connection to" in text.replace("\n", " ") or "connection" in text
    assert "\x1f" not in shell("incidents").stdout + shell("sources", "--format", "csv").stdout + checked.stderr


@pytest.mark.parametrize(("asked", "heading"), [((), "source"), (("--lang", "zh"), "文件或栏目")])
def test_the_settings_name_the_language_unless_another_is_asked_for(
    shell: Shell, asked: tuple[str, ...], heading: str
) -> None:
    _unreadable(shell, "en")
    shell(*asked, "check")
    assert shell(*asked, "sources").stdout.split("┃")[0].strip() == heading


def test_english_answers_have_no_chinese_punctuation_and_count_rightly(shell: Shell) -> None:
    draft = shell.folder / "plan.html"
    text = "<html><head><title>云州市养老规划（征求意见稿）</title></head><body><p>到2030年，养老床位达到{}张，护理型床位占比不低于55%，覆盖城乡老年人口。</p></body></html>"
    draft.write_text(text.format(100), encoding="utf-8")
    (shell.folder / "sources.yaml").write_text(
        'settings: {database: w.db, language: en}\ndocuments:\n  - {id: plan, pages: [{url: "file:plan.html", stage: draft}]}\n',
        encoding="utf-8",
    )
    assert "1 document, 0 columns, 0 channels" in shell("--lang", "en", "validate").stdout
    assert "checked 1 address: 1 new version, 0 changes" in shell("--lang", "en", "check").stdout
    draft.write_text(text.format(120), encoding="utf-8")
    said = shell("--lang", "en", "diff", "plan").stdout.splitlines()
    assert re.fullmatch(r"  old: 1 \(draft, [0-9: -]+\) file:plan.html", said[-2])
    explained = shell("--lang", "en", "link", "--explain", "云州市养老规划（征求意见稿）", "云州市养老规划").stdout
    assert explained.startswith("one document: final, confidence 0.")
    assert "· same name: 云州市养老规划" in explained
    table = shell("--lang", "en", "indicators", "plan").stdout
    assert "│ text" in table
    assert "文 " not in table


def test_a_document_without_a_title_of_ours_keeps_the_one_that_its_page_says(shell: Shell) -> None:
    page = (
        "<html><head><title>云州市养老服务规划</title></head><body><h1>云州市养老服务规划</h1><p>{}</p></body></html>"
    )
    body = "到2030年，养老床位达到100张，护理型床位占比不低于55%，覆盖城乡老年人口。" * 3
    (shell.folder / "plan.html").write_text(page.format(body), encoding="utf-8")
    sources = 'settings: {{database: w.db}}\ndocuments:\n  - {{id: plan, {}pages: [{{url: "file:plan.html"}}]}}\n'
    (shell.folder / "sources.yaml").write_text(sources.format(""), encoding="utf-8")
    for _ in range(2):  # the second round takes sources.yaml up again
        shell("check")
        assert [one["title"] for one in json.loads(shell("docs", "--format", "json").stdout)] == ["云州市养老服务规划"]
    (shell.folder / "sources.yaml").write_text(sources.format("title: 我们的名字, "), encoding="utf-8")
    shell("check")
    assert [one["title"] for one in json.loads(shell("docs", "--format", "json").stdout)] == ["我们的名字"]
