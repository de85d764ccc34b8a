"""A reader is asked only where one of its marks stands before the value; everything it knows holds one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.indicators import left, related, turning

MARKS = dict(left.READERS)
KNOWN: dict[left.Reader, tuple[re.Pattern[str], ...]] = {
    turning.turned: (turning.FROM, turning.TO),
    related.from_older: (related._FROM,),
    related.than_older: (related._THAN,),
    related.a_year_before: (related._YEAR_BEFORE,),
    related.again: (related._AGAIN,),
    related.above: (related.ABOVE, related.PAST_GOAL),
    related.gap: (related._GAP,),
    related.done: (related._DONE,),
    related.share_of: (related._FAR,),
    related.holds: (related._HOLDS,),
    related.times: (related._MULTIPLE, related._RECOVERED),
    left._per_before: (left._PER_BEFORE,),
    left._in_year: (left._IN_YEAR,),
    left._dated: (left._ONLY_YEAR,),
    related.total: (related._TOTAL,),
}
WORDS: dict[left.Reader, tuple[str, ...]] = {related.net: related._NET, related.per_head: related._PER_HEAD}


@pytest.mark.parametrize("reader", KNOWN, ids=lambda reader: reader.__name__)
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_what_a_reader_looks_for_holds_one_of_its_marks(reader: left.Reader, data: st.DataObject) -> None:
    for pattern in KNOWN[reader]:
        words = data.draw(st.from_regex(re.compile(pattern.pattern)))
        assert not set(MARKS[reader]).isdisjoint(words)
        assert reader in left.readers_for("".join(left.MARKS.findall(words)), True)


@pytest.mark.parametrize("reader", WORDS, ids=lambda reader: reader.__name__)
def test_the_words_a_reader_looks_for_hold_one_of_its_marks(reader: left.Reader) -> None:
    assert all(not set(MARKS[reader]).isdisjoint(word) for word in WORDS[reader])


def test_every_reader_with_marks_is_looked_at_here() -> None:
    marked = {reader for reader, marks in left.READERS if marks} - {related.change}
    assert marked == {*KNOWN, *WORDS}


def test_a_value_told_plainly_is_shown_to_few_readers() -> None:
    assert len(left.readers_for("", False)) * 3 < len(left.READERS)
