"""Printed names of all fields find their key, and what only looks like them does not."""

from pathlib import Path

import pytest

from watcher.lexicon.names import canonical, entries, normal

HERE = Path(__file__).parent


def _rows(name: str) -> list[tuple[str, str]]:
    """The two sides of every line, comments left out."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    parted = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return [(left, right) for left, _, right in parted]


PRINTED = [(form.strip(), key) for key, forms in _rows("printed.txt") for form in forms.split("|")]
ALIKE = [(form, right.partition(" !")[0], right.partition(" !")[2]) for form, right in _rows("lookalikes.txt")]


def test_there_are_enough_of_both() -> None:
    assert len(PRINTED) >= 200
    assert len(ALIKE) >= 60
    assert len({key for _, key in PRINTED}) >= 120


@pytest.mark.parametrize(("form", "key"), PRINTED)
def test_a_printed_name_finds_its_key(form: str, key: str) -> None:
    assert canonical(form) == key


@pytest.mark.parametrize(("form", "own", "never"), ALIKE)
def test_a_lookalike_finds_its_own_key_or_none(form: str, own: str, never: str) -> None:
    assert never in entries()
    assert (canonical(form) or "-") == own != never


def test_no_name_of_an_entry_leads_to_another_and_no_line_stands_twice() -> None:
    owner: dict[str, str] = {}
    for key, entry in entries().items():
        forms = [normal(name) for name in (entry.name, *entry.also)]
        assert len(forms) == len(set(forms)), f"{key}: a name that another one covers"
        for form in forms:
            assert owner.setdefault(form, key) == key


def test_a_base_a_level_and_its_decline_stay_apart() -> None:
    for one, other in (
        ("每百万人口捐献率", "每百人口捐献率"),
        ("煤炭消费量下降", "煤炭消费量"),
        ("人均国内生产总值", "国内生产总值"),
        ("可吸入颗粒物浓度", "细颗粒物浓度"),
    ):
        assert normal(one) != normal(other)
    assert normal("单位国内生产总值能源消耗下降率") == normal("单位GDP能耗降低")
