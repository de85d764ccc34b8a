"""Mark-up that would hang or flood the parser is made harmless; ordinary mark-up is left as it is."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from watcher.markup import tame

HOSTILE = {
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
