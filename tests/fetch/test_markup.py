"""Mark-up that would hang or flood the parser is made harmless; ordinary mark-up is left as it is."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from watcher.markup import tame

MANY = " ".join(f"x{n}" for n in range(60_000))
HOSTILE = {
    "attributes": f"<a {MANY}>x",
    "attributes behind a quotation mark in a name": f'<a b" {MANY}>x',
    "attributes of an end tag": f"<p></p {MANY}{MANY}>x",
    "attributes behind a hidden end": f"<a b='>' {MANY}>x",
    "attributes behind what a comment opens": f'<!-- <a b=" --><p c=">" {MANY}>x',
    "attributes in groups": ('<a b=">" ' * 499 + ">") * 60,
    "nested": "<div>" * 200_000,
    "nested and closed": "<div>" * 100_000 + "x" + "</div>" * 100_000,
    "attributes that hold mark-up": '<div a="<">' * 60_000,
    "tags without end": "<a" * 500_000,
    "only brackets": "<" * 1_000_000,
    "tables": "<table><td>" * 60_000,
    "lists": "<ul><li>" * 60_000,
    "formatting never closed": "".join(f"<p><font a={n}>x" for n in range(1000)) + "<p>y" * 5000,
    "formatting closed late": "".join(f"<p><b a={n}>x" for n in range(1000)) + "<p>y" * 5000 + "</b>" * 1000,
    "foreign elements": "<svg>" + "<g>" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_parsed_in_bounded_time(name: str) -> None:
    begun = time.process_time()
    tree = LexborHTMLParser(tame(HOSTILE[name]))
    assert tree.root is not None
    assert time.process_time() - begun < 3


def test_the_text_of_a_tamed_page_stays() -> None:
    page = "<div>" * 6000 + "<p>正文甲</p>" + "</div>" * 6000 + "<p>正文乙</p>"
    body = LexborHTMLParser(tame(page)).body
    assert body is not None
    assert body.text(separator="|", strip=True) == "正文甲|正文乙"


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith("attributes behind")])
def test_what_stands_behind_a_crowded_tag_stays(name: str) -> None:
    body = LexborHTMLParser(tame(HOSTILE[name])).body
    assert body is not None
    assert body.text() == "x"


@pytest.mark.parametrize(
    "tag",
    [f"<img src='data:image/png;base64,{'QUJD' * 5000}' alt='5>3'>", f'<p onclick="if (a > b) {"go(); " * 2000}">'],
)
def test_long_tags_with_few_attributes_stay(tag: str) -> None:
    page = f"<div>{tag}甲</div>" * 3
    assert tame(page) is page


@pytest.mark.parametrize("slip", ['<td width=100">', '<p class="a"">', "<a href='x''>", '<div a" b>'])
def test_a_quotation_mark_too_many_costs_no_text(slip: str) -> None:
    words = " ".join(f"w{n}" for n in range(6000))
    page = f'<body>{slip}甲 {words}</p><p title="t">乙</p>'
    assert tame(page) is page


def test_ordinary_pages_are_the_very_same_string() -> None:
    row = "<tr><td><p><b>指标</b><br>值<td>5.2</tr>"
    page = (
        "<html><body>"
        + "<div><ul>" * 20
        + f"<table>{row * 3000}</table>"
        + "<li><a href=x><font color=red>栏目</font></a>" * 900
    )
    assert tame(page) is page


TAG = re.compile(r"""</?[A-Za-z](?:"[^"]*"|'[^']*'|[^>"'])*>?""")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<p>", "<b a=1>", "</b>", "甲", "<", "</", ">", "<li", " x='<'>"]),
        max_size=40,
    ),
    st.integers(1, 400),
)
def test_any_mix_is_bounded_and_loses_no_text(parts: list[str], times: int) -> None:
    page = "".join(parts) * times
    tamed = tame(page)
    # 甲 inside a tag (<li甲<div>) is part of its name and no text.
    assert TAG.sub("", tamed).count("甲") == TAG.sub("", page).count("甲")
    assert len(tamed) <= 2 * len(page) + 10
