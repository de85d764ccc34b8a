"""Text of a page never becomes mark-up, a mention, a link or a control sequence, whatever it is."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.channels.samples import NASTY
from watcher.channels import _escape

PIECES = [
    "**", "__", "~~", "`", "```", "[", "](http://e.cn)", "![", "<", "</", "<b>", "<@", "<!channel>", "<at id=all>", "@all",
    "@所有人", "&lt;", "&#60;", "http://", "https://evil.cn/a", "www.evil.cn", "javascript:", "mailto:a@b.cn", "# ", "> ",
    "- ", "1. ", "12) ", "+ ", "* ", "---", "===", "|", "\\", "\n", "\r\n", "\u2028", "\u202e", "\u2066", "\x1b[31m", "\x00",
    "\u200b", "\ufeff", "\U000e0041", "\ud800", "婴儿死亡率", "≤5‰", "<5", "2.62", "6.8张", " ", "　", "(", ")", "_", "*", "$",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14).map("".join)


def rendered(text: str) -> set[str]:
    """The kinds of mark-up that a CommonMark renderer (with tables, strike-through and bare links) finds in a text."""
    found = set()
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in markdown.parse(text):
        found.add(token.type)
        found |= {child.type for child in token.children or []}
    return found - {"paragraph_open", "paragraph_close", "inline", "text"}


@given(TEXTS)
@settings(max_examples=300)
@example(NASTY)
@example("[x]: http://evil.cn")
@example("1)\n2)")
@example("\t code")
def test_markdown_finds_nothing_in_escaped_text(text: str) -> None:
    assert rendered(_escape.markdown(text)) == set()


@given(TEXTS)
@settings(max_examples=200)
@example(NASTY)
def test_markdown_finds_nothing_in_a_list_item_or_in_bold(text: str) -> None:
    escaped = _escape.markdown(text)
    lists = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    assert rendered(f"- {escaped} **收紧**") <= lists | {"strong_open", "strong_close"}


@given(TEXTS)
@settings(max_examples=300)
@example(NASTY)
def test_nothing_stays_that_a_client_would_link_or_mention(text: str) -> None:
    for escape in (_escape.plain, _escape.markdown, _escape.slack, _escape.html):
        escaped = escape(text)
        assert not re.search(r"(?i)[a-z]://", escaped)
        assert not re.search(r"@[^\u200b]", escaped)
        assert not re.search(r"(?i)[a-z0-9]\.[a-z]{2}", escaped)
        assert not re.search(r"(?i)(mailto|javascript|tel|data):[^\u200b]", escaped)


@given(st.text(max_size=200))
@settings(max_examples=300)
@example(NASTY)
def test_what_cannot_be_seen_is_gone(text: str) -> None:
    cleaned = _escape.clean(text)
    assert all(unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for one in cleaned)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\n" not in cleaned
    assert _escape.clean(cleaned) == cleaned


@given(TEXTS)
@settings(max_examples=200)
def test_slack_sees_no_control_character(text: str) -> None:
    escaped = _escape.slack(text)
    assert not set("<>*_~`") & set(escaped)
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@given(TEXTS)
@settings(max_examples=200)
def test_html_has_no_tags_but_ours(text: str) -> None:
    parser = _Tags()
    parser.feed(f'<p title="{_escape.html(text)}">{_escape.html(text)}</p>')
    parser.close()
    assert parser.tags == ["p"]


@pytest.mark.parametrize(
    "text",
    ["婴儿死亡率(2025)≤6‰ → ≤5‰", "<5", "3.18‰", "2016-2020", "《规划》", "“十四五”", "1/10万", "95%", "~3万人", "≥80"],
)
def test_figures_and_titles_stay_as_printed(text: str) -> None:
    for escape in (_escape.clean, _escape.plain, _escape.markdown):
        assert escape(text) == text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://wjw.example.gov.cn/a.html?x=1&y=2#p", "https://wjw.example.gov.cn/a.html?x=1&y=2#p"),
        ("HTTPS://Example.gov.cn/a b", None),
        ("https://例子.中国/文件", "https://xn--fsqu00a.xn--fiqs8s/%E6%96%87%E4%BB%B6"),
        ("https://a.cn/x)[y](http://evil.cn", "https://a.cn/x%29%5By%5D%28http://evil.cn"),
        ("https://a.cn/<script>", "https://a.cn/%3Cscript%3E"),
        ("https://a.cn/a|b>c", "https://a.cn/a%7Cb%3Ec"),
        ("https://a.cn/'\"", "https://a.cn/%27%22"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://user:pw@a.cn/", None),
        ("http://in\\@out/", None),
        ("https://a.cn/\u202etxt", None),
        ("https://a.cn/\nx", None),
        ("https://a.cn:99999/", None),
        ("https://" + "a" * 3000, None),
        ("//a.cn/x", None),
        ("", None),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, safe: str | None) -> None:
    assert _escape.safe_url(url) == safe


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_an_address_cannot_end_a_link_early(tail: str) -> None:
    safe = _escape.safe_url("https://a.cn/" + tail)
    assert safe is None or re.fullmatch(r"https://a\.cn[A-Za-z0-9/:?=&%+,;@~!$._#-]*", safe)
