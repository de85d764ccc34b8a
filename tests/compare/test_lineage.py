"""Lineage: which titles are editions of one document, which are only worth a look, and which are neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.compare.likeness import sketch, text_digest
from watcher.compare.lineage import PROPOSE, THRESHOLD, Facts, explain

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parents[1] / "cases/lineage/pairs.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
DRAFT = "关于公开征求《云溪市“十四五”卫生健康发展规划（征求意见稿）》意见的公告"
FINAL = "云溪市人民政府办公室关于印发《云溪市“十四五”卫生健康发展规划》的通知"


def test_the_pairs_are_many() -> None:
    assert len(PAIRS) >= 1450
    assert {label for label, _, _ in PAIRS} == {"final", "review", "interpretation", "repeal", "doubt", "none"}


@pytest.mark.parametrize(("label", "first", "second"), PAIRS)
def test_a_labelled_pair_is_told_rightly(label: str, first: str, second: str) -> None:
    link = explain(first, second)
    told = link.relation if link.linked else "doubt" if link.confidence >= PROPOSE else "none"
    assert told == label, link
    assert link.reasons
    assert link.linked == (link.confidence >= THRESHOLD)
    assert link.linked or link.confidence < THRESHOLD
    assert link.confidence >= PROPOSE or link.relation == "none"


@pytest.mark.parametrize(
    ("label", "first", "second"), [pair for pair in PAIRS if pair[0] in ("final", "repeal", "interpretation", "none")]
)
def test_order_does_not_matter(label: str, first: str, second: str) -> None:
    assert explain(first, second).linked == explain(second, first).linked


def test_plans_of_all_other_places_and_years_stay_apart() -> None:
    title = "关于公开征求《{}“{}五”卫生健康发展规划（征求意见稿）》意见的公告"
    for place in ("朔州市", "大同市", "山西省", "呼和浩特市", "绍兴市上虞区", "上虞区百官街道"):
        for years in ("十三", "十四", "十五"):
            final = f"{place}“{years}五”卫生健康发展规划"
            linked = explain(title.format("朔州市", "十四"), final).linked
            assert linked == (place == "朔州市" and years == "十四"), final


def test_a_final_older_than_its_draft_is_another_edition() -> None:
    assert explain(Facts(DRAFT, date="2022-01-29"), Facts(FINAL, date="2022-06-01")).linked
    assert not explain(Facts(DRAFT, date="2022-01-29"), Facts(FINAL, date="2021-06-01")).linked
    assert not explain(
        Facts("云溪市供水条例（征求意见稿）", date="2015-01-29"), Facts("云溪市供水条例", date="2023-06-01")
    ).linked


def test_the_place_of_the_page_helps_a_title_without_one() -> None:
    draft, final = "关于公开征求《卫生健康发展规划（征求意见稿）》意见的公告", "朔州市卫生健康发展规划"
    assert not explain(draft, final).linked
    assert explain(Facts(draft, region="朔州市"), final).linked
    assert not explain(Facts(draft, region="大同市"), final).linked


def test_the_plan_that_the_text_carries_counts() -> None:
    page = Facts("关于公开征求意见的公告", plan_title="云溪市“十四五”卫生健康发展规划（征求意见稿）", stage="draft")
    assert explain(page, FINAL).linked
    assert not explain("关于公开征求意见的公告", FINAL).linked


def test_equal_texts_settle_a_doubt_but_not_a_contradiction() -> None:
    text = "第一条 为了规范共有产权住房管理，根据有关法律法规，结合本市实际，制定本办法。" * 20 + "".join(
        map(chr, range(0x4E00, 0x5200))
    )
    digest, hashes = text_digest(text), sketch(text)
    draft, final = "济南市共有产权住房管理暂行办法（征求意见稿）", "济南市共有产权住房管理办法"
    assert not explain(draft, final).linked
    assert explain(
        Facts(draft, sketch=hashes), Facts(final, sketch=sketch(text + "第二条 本办法自公布之日起施行。"))
    ).linked
    assert explain(Facts(draft, digest=digest), Facts(final, digest=digest)).confidence == 0.99
    assert not explain(Facts("大同市共有产权住房管理暂行办法", digest=digest), Facts(final, digest=digest)).linked


def test_one_text_at_two_addresses_is_one_edition() -> None:
    link = explain(Facts(FINAL, digest="a"), Facts("云溪市“十四五”卫生健康发展规划", digest="a"))
    assert link.linked
    assert link.relation == "final"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_titles_get_an_answer(first: str, second: str) -> None:
    link = explain(first, second)
    assert 0 <= link.confidence <= 1
    assert link.reasons


@given(st.sampled_from([pair[1] for pair in PAIRS]))
def test_a_title_is_itself(title: str) -> None:
    link = explain(title, title)
    assert link.confidence >= PROPOSE or link.relation == "none"
