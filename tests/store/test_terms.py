"""Search terms: what the index is given is what a query asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.store.terms import index_terms, only_in, terms_of

_TEXTS = st.text(
    st.one_of(st.sampled_from("床位医师张万人Aa4.2，。 \n\u3400\u9fff\U00020000İ"), st.characters()), max_size=60
)


@given(_TEXTS)
def test_the_index_is_given_the_terms_of_the_text(text: str) -> None:
    assert set(index_terms(text).split(" ")) - {""} == set(terms_of(text))


@given(_TEXTS, _TEXTS)
def test_terms_that_went_are_those_that_the_other_lacks(one: str, other: str) -> None:
    one, other = one.lower(), other.lower()
    assert set(only_in(one, other)) == set(terms_of(one)) - set(terms_of(other))


def test_pairs_words_and_lone_characters_are_terms() -> None:
    assert list(terms_of("每千人口床位数 6.5张(A级)")) == [
        "每千",
        "千人",
        "人口",
        "口床",
        "床位",
        "位数",
        "6.5",
        "张",
        "a",
        "级",
    ]
