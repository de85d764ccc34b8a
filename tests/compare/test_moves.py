"""Indicator moves: kinds, effects, and all that is no move."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.support import indicator as it
from watcher.compare.assign import assign
from watcher.compare.moves import moves
from watcher.lexicon.names import canonical
from watcher.types import Indicator, Move, Op

INFANT, LITERACY, BEDS, LIFE = "婴儿死亡率", "居民健康素养水平", "每千人口医疗卫生机构床位数", "人均预期寿命"


def one(before: Indicator | None, after: Indicator | None) -> Move | None:
    found = moves([before] if before else [], [after] if after else [])
    assert len(found) <= 1
    return found[0] if found else None


def told(before: Indicator | None, after: Indicator | None) -> tuple[str, str | None] | None:
    move = one(before, after)
    return (move.kind, move.effect) if move else None


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ((">=", "25"), (">=", "27"), "tightened"), ((">=", "25"), (">=", "23"), "relaxed"), ((">", "25"), (">", "27"), "tightened"),
        (("<=", "6"), ("<=", "5"), "tightened"), (("<=", "6"), ("<=", "7"), "relaxed"), (("<", "6"), ("<=", "5"), "tightened"),
        ((">", "90"), (">=", "90"), "relaxed"), ((">=", "90"), (">", "90"), "tightened"),
        (("<", "6"), ("<=", "6"), "relaxed"), (("<=", "6"), ("<", "6"), "tightened"),
        (("=", "25"), (">=", "25"), None), (("=", "25"), (">=", "27"), "tightened"), (("<=", "6"), (">=", "6"), None),
        (("~", "27"), ("=", "27"), None),
    ],
)  # fmt: skip
def test_a_bound_tightens_or_relaxes_by_its_side(
    before: tuple[Op, str], after: tuple[Op, str], effect: str | None
) -> None:
    old, new = (it("某项指标达标率", value, "%", op=op) for op, value in (before, after))
    assert told(old, new) == ("changed", effect)


@pytest.mark.parametrize(
    ("name", "unit", "before", "after", "effect"),
    [
        (BEDS, "张", "6.8", "7.5", "raised"), (BEDS, "张", "7.5", "6.8", "lowered"),
        ("某项工作量", "次", "10", "12", "raised"),
        (INFANT, "‰", "6", "5", "tightened"), (INFANT, "‰", "5", "6", "relaxed"),
        (LIFE, "岁", "78", "79", "tightened"), (LITERACY, "%", "25", "23", "relaxed"),
    ],
)  # fmt: skip
def test_a_plain_figure_rises_or_falls_unless_its_direction_is_known(
    name: str, unit: str, before: str, after: str, effect: str
) -> None:
    assert told(it(name, before, unit), it(name, after, unit)) == ("changed", effect)


def test_what_was_is_restated() -> None:
    for role in ("baseline", "actual"):
        old, new = (it(LIFE, v, "岁", role=role, year=2020) for v in ("77.2", "77.3"))
        assert told(old, new) == ("changed", "restated")


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("预期性", "约束性", "binding"),
        ("约束性", "预期性", "unbinding"),
        ("约束性", "建议性", "unbinding"),
        ("预期性", "建议性", None),
    ],
)
def test_nature_alone(before: str, after: str, effect: str | None) -> None:
    old, new = (it(LITERACY, "25", "%", op=">=", nature=n) for n in (before, after))  # type: ignore[arg-type]
    assert told(old, new) == ("changed", effect)


def test_a_nature_that_is_merely_unsaid_is_no_move() -> None:
    assert told(it(LITERACY, "25", "%", nature="约束性"), it(LITERACY, "25", "%")) is None


def test_a_blank_nature_in_a_column_of_natures_is_one() -> None:
    other = it(BEDS, "6.8", "张", nature="预期性")
    found = moves([it(LITERACY, "25", "%"), other], [it(LITERACY, "25", "%", nature="约束性"), other])
    assert [move.effect for move in found] == ["binding"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (it("人均期望寿命", "78", "岁"), it("人均预期寿命", "78", "岁")),
        (it(BEDS, "3", "名", quote="a"), it(BEDS, "3", "人", quote="b")),
        (it("参保人数", "18.2", "万人"), it("参保人数", "182000", "人")),
        (it("每千人口床位数", "6.8", "张", quote="a"), it("每千人口床位数", "6.8", "张/千人", quote="b")),
        (it("每万人口全科医生数", "3.5", "人/万人", quote="a"), it("每万人口全科医生数", "3.5", "名", quote="b")),
        (it("畜禽粪污综合利用率", "85", "%", op=">="), it("畜禽粪污资源化综合利用率", "85", "%", op=">=")),
    ],
)
def test_the_same_promise_in_other_words_is_reworded(before: Indicator, after: Indicator) -> None:
    assert told(before, after) == ("reworded", "reworded")


def test_the_same_figure_in_a_unit_that_means_something_else_is_changed() -> None:
    assert told(it(INFANT, "1", "‰", op="<="), it(INFANT, "1", "%", op="<=")) == ("changed", "relaxed")
    assert told(it("服务人数", "100", "人"), it("服务人数", "100", "人次")) == ("changed", None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (it(LITERACY, "80", "%", op=">=", text="≥80"), it(LITERACY, "80", "%", op=">=", text="80以上")),
        (it(LITERACY, "80", "%", text="80"), it(LITERACY, "80.0", "％", text="８０")),
        (it("每千人口执业（助理）医师数", "3", "人"), it("每千人口执业(助理)医师数", "3", "人")),
        (it("“三个”满意度", "90", "%"), it("三个 满意度", "90", "%")),
        (it(INFANT, "15", "/10万"), it(INFANT, "15", "1/10万")),
        (it(LITERACY, "25", "%", year=2025), it(LITERACY, "25", "%", year=None)),
        (it(LITERACY, "25", "%", section="第一章 目标"), it(LITERACY, "25", "%", section="第三章 目标")),
        (it("疫苗接种", text="全覆盖。"), it("疫苗接种", text="全覆盖")),
        (it(LITERACY, "25", ""), it(LITERACY, "25", "%")),
        (it(LITERACY, "25", "%", origin="table"), it(LITERACY, "25", "%", origin="prose")),
    ],
)
def test_form_is_no_move(before: Indicator, after: Indicator) -> None:
    assert told(before, after) is None
    assert told(after, before) is None


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("1-1.5", "1.5-2", "raised"), ("5-10%", "4-12%", None), ("比2020年下降14%", "比2020年下降15%", "tightened"),
        ("增长控制在10%以内", "增长控制在12%以内", None), ("逐步提高", "持续提高", None), ("每年降低0.5个百分点", "每年降低0.3个百分点", "relaxed"),
    ],
)  # fmt: skip
def test_words_and_ranges(before: str, after: str, effect: str | None) -> None:
    assert told(it("单位产值能耗", text=before), it("单位产值能耗", text=after)) == ("changed", effect)


def test_a_value_that_becomes_words_has_no_direction() -> None:
    assert told(it(LITERACY, "25", "%", op=">="), it(LITERACY, text="高于全省平均水平")) == ("changed", None)


def test_the_year_of_a_target_moves() -> None:
    move = one(it(LITERACY, "25", "%", year=2025), it(LITERACY, "25", "%", year=2030))
    assert move is not None
    assert (move.kind, move.effect, move.year) == ("changed", None, 2030)


def test_a_new_year_beside_the_old_one_is_added() -> None:
    before = [it(LITERACY, "25", "%", year=2025)]
    (move,) = moves(before, [*before, it(LITERACY, "30", "%", year=2030)])
    assert (move.kind, move.year) == ("added", 2030)


def test_added_and_removed() -> None:
    assert told(None, it(LITERACY, "25", "%")) == ("added", "added")
    assert told(it(LITERACY, "25", "%"), None) == ("removed", "removed")


def test_a_row_comes_with_its_base_value_as_one_move() -> None:
    row = [it(BEDS, "6", "张", role="baseline", year=2020, quote="床位 6 7"), it(BEDS, "7", "张", quote="床位 6 7")]
    assert [move.year for move in moves([], row)] == [2025]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("高血压患者规范管理率", "糖尿病患者规范管理率"), ("产前筛查率", "产前检查率"), ("每千人口公共卫生人员数", "每万人口公共卫生人员数"),
        ("城镇污水处理率", "农村污水处理率"), ("小学入学率", "初中入学率"), ("3岁以下儿童健康管理率", "6岁以下儿童健康管理率"),
    ],
)  # fmt: skip
def test_names_that_look_alike_stay_two_indicators(before: str, after: str) -> None:
    found = moves([it(before, "80", "%", op=">=")], [it(after, "80", "%", op=">=")])
    assert sorted(move.kind for move in found) == ["added", "removed"]


def test_prose_and_table_are_told_apart() -> None:
    table = it(INFANT, "6", "‰", op="<=")
    prose = it(INFANT, "6", "‰", op="<=", origin="prose", quote="婴儿死亡率控制在6‰以内")
    (move,) = moves(
        [table, prose], [table, it(INFANT, "5", "‰", op="<=", origin="prose", quote="婴儿死亡率控制在5‰以内")]
    )
    assert move.before is prose
    assert move.effect == "tightened"


def test_prose_and_table_that_move_alike_are_told_once() -> None:
    def both(value: str) -> list[Indicator]:
        return [it(INFANT, value, "‰", op="<="), it(INFANT, value, "‰", origin="prose", quote=f"控制在{value}‰")]

    (move,) = moves(both("6"), both("5"))
    assert move.before is not None
    assert move.before.origin == "table"


def test_printing_a_promise_twice_is_no_move() -> None:
    once = [it(LITERACY, "25", "%", origin="prose", quote="一", section="第二章")]
    twice = [*once, it(LITERACY, "25", "%", origin="prose", quote="二", section="第三章")]
    assert moves(once, twice) == moves(twice, once) == ()


def test_one_of_two_printings_changes() -> None:
    def said(first: str, second: str) -> list[Indicator]:
        return [
            it(LITERACY, first, "%", origin="prose", quote=f"总目标达到{first}%", section="第二章"),
            it(LITERACY, second, "%", origin="prose", quote=f"健康教育使水平达到{second}%", section="第三章"),
        ]

    (move,) = moves(said("25", "25"), said("25", "27"))
    assert move.after is not None
    assert move.after.section == "第三章"


def test_a_sentence_that_goes_while_the_table_says_the_same_is_no_move() -> None:
    table, prose = it(LITERACY, "25", "%"), it(LITERACY, "25", "%", origin="prose", quote="达到25%")
    assert moves([table, prose], [table]) == ()
    assert [move.kind for move in moves([table, prose], [prose])] == ["removed"]


def test_a_joint_row_splits_and_merges() -> None:
    joint = it("孕产妇系统管理率和3岁以下儿童系统管理率", "90", "%", op=">=")
    parts = [it("孕产妇系统管理率", "90", "%", op=">="), it("3岁以下儿童系统管理率", "92", "%", op=">=", start=9)]
    assert [(m.kind, m.effect) for m in moves([joint], parts)] == [("split", None), ("split", "tightened")]
    assert [(m.kind, m.effect) for m in moves(parts, [joint])] == [("merged", None), ("merged", "relaxed")]


def test_parts_of_a_stock_are_weighed_together() -> None:
    joint = it("燃气、供热老旧管网改造里程", "500", "公里")
    parts = [it("燃气老旧管网改造里程", "300", "公里"), it("供热老旧管网改造里程", "200", "公里", start=9)]
    assert [(m.kind, m.effect) for m in moves(parts, [joint])] == [("merged", None), ("merged", None)]
    joint = it("燃气、供热老旧管网改造里程", "450", "公里")
    assert [(m.kind, m.effect) for m in moves(parts, [joint])] == [("merged", "lowered"), ("merged", "lowered")]


def test_a_header_s_year_moves_while_the_sentence_keeps_its_own() -> None:
    sentence = it("某项率", "90", "%", origin="prose", year=2025)
    found = moves([it("某项率", "90", "%"), sentence], [it("某项率", "95", "%", year=2027), sentence])
    assert [(m.kind, m.effect, m.year) for m in found] == [("changed", None, 2027)]


@pytest.mark.parametrize(
    ("name", "before", "after", "wanted"),
    [
        ("新增床位", ("500", "2021-2025"), ("500", 2025), ("reworded", "reworded")),
        ("新增床位", ("500", 2025), ("600", "2021-2025"), ("changed", "raised")),
        ("新增床位", ("500", "2021-2025"), ("500", 2027), ("changed", None)),
        ("产值年均增长", ("6", "2021-2025"), ("6", 2025), ("changed", None)),
    ],
)
def test_a_whole_period_is_due_in_its_last_year(
    name: str, before: tuple[str, int | str], after: tuple[str, int | str], wanted: tuple[str, str | None]
) -> None:
    sides = [it(name, value, "张", year=year, origin="prose") for value, year in (before, after)]
    assert told(*sides) == wanted


def test_where_the_unit_makes_another_indicator_the_printed_name_is_left() -> None:
    assert told(it("实际使用外资", "2", "亿美元", key="fdi"), it("实际使用外资", "2", "亿元", key=None)) == (
        "changed",
        None,
    )


def test_a_table_that_repeats_the_sentences_adds_nothing_but_what_is_new() -> None:
    said = it("覆盖率", "90", "%", origin="prose")
    row = {"origin": "table", "quote": "覆盖率 86 90"}
    base = it("覆盖率", "86", "%", year=2020, role="baseline", **row)  # type: ignore[arg-type]
    target = it("覆盖率", "90", "%", **row)  # type: ignore[arg-type]
    assert moves([said], [said, base, target]) == ()
    assert [(m.kind, m.name) for m in moves([said], [said, target, it("另一项率", "5", "%")])] == [
        ("added", "另一项率")
    ]


def test_a_fact_corrected_in_table_and_sentence_is_told_once() -> None:
    def both(value: str) -> list[Indicator]:
        table = it(INFANT, value, "‰", year=2020, role="baseline")
        return [table, it(INFANT, value, "‰", year=2020, role="actual", origin="prose")]

    assert [(m.kind, m.effect) for m in moves(both("3.1"), both("3.2"))] == [("changed", "restated")]


def test_a_blank_cell_neither_comes_nor_goes() -> None:
    assert moves([it("甲率", text="—", year=2030)], []) == ()
    assert moves([], [it("甲率", text="—", year=2030)]) == ()


def test_a_year_between_name_and_value_is_no_part_of_the_name() -> None:
    sides = [it(f"良种使用率到{year}年", "70", "%", year=year, origin="prose", key=None) for year in (2023, 2025)]
    assert told(*sides) == ("changed", None)


def test_with_its_year_a_statement_passes_from_what_was_to_what_shall_be() -> None:
    was = it("参保率", "95", "%", year=2020, role="actual", origin="prose", quote="到2020年底，参保率稳定在95%以上")
    shall = it("参保率", "95", "%", year=2026, origin="prose", quote="到2026年底，参保率稳定在95%以上")
    assert told(was, shall) == ("changed", "restated")


_NAMES = st.sampled_from([INFANT, LITERACY, BEDS, "某率", "另一项率", "甲和乙", "甲", "乙"])
_INDICATORS = st.lists(
    st.builds(
        it,
        _NAMES,
        st.sampled_from(["1", "2", "25", None]),
        st.sampled_from(["%", "‰", "张", ""]),
        op=st.sampled_from(["=", ">=", "<="]),
        year=st.sampled_from([2025, 2030, None]),
        role=st.sampled_from(["target", "baseline", "actual"]),
        origin=st.sampled_from(["table", "prose"]),
        nature=st.sampled_from([None, "预期性", "约束性"]),
    ),
    max_size=8,
)


@given(_INDICATORS)
@settings(max_examples=100, deadline=None)
def test_nothing_moves_between_equal_versions_in_any_order(items: list[Indicator]) -> None:
    assert moves(items, items) == ()
    assert moves(items, items[::-1]) == ()


@given(_INDICATORS, _INDICATORS)
@settings(max_examples=200, deadline=None)
def test_every_side_of_a_move_is_an_indicator_of_its_version_used_once(
    before: list[Indicator], after: list[Indicator]
) -> None:
    found = moves(before, after)
    plain = [move for move in found if move.kind not in ("split", "merged")]
    for side, items in (([m.before for m in plain], before), ([m.after for m in plain], after)):
        present = [id(item) for item in side if item]
        assert len(present) == len(set(present))
        assert set(present) <= set(map(id, items))


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_the_assignment_is_the_cheapest(costs: list[list[int]]) -> None:
    from itertools import permutations

    rows, columns = len(costs), 3
    found = assign([[float(cost) for cost in row] for row in costs])
    assert len(found) == min(rows, columns)
    total = sum(costs[i][j] for i, j in found)
    if rows <= columns:
        best = min(sum(costs[i][j] for i, j in enumerate(p)) for p in permutations(range(columns), rows))
    else:
        best = min(sum(costs[i][j] for j, i in enumerate(p)) for p in permutations(range(rows), columns))
    assert total == best


@pytest.mark.parametrize(
    ("old", "new", "unit", "one"),
    [
        ("每千常住人口执业（助理）医师数", "每千人口拥有医师数", "人", True),
        ("单位GDP能源消耗降低", "单位地区生产总值能耗下降率", "%", True),
        ("养老机构护理型床位占比", "养老机构护理型床位比例", "%", True),
        ("义务教育巩固率", "九年义务教育巩固率", "%", True),
        ("森林覆盖率", "林草覆盖率", "%", False),
        ("户籍人口城镇化率", "常住人口城镇化率", "%", False),
        ("职工医保参保人数", "居民医保参保人数", "万人", False),
        ("高速公路通车里程", "普通公路通车里程", "公里", False),
        ("地表水优良比例", "地下水优良比例", "%", False),
    ],
)
def test_a_rename_is_one_indicator_and_a_replacement_is_two(old: str, new: str, unit: str, one: bool) -> None:
    def of(name: str) -> Indicator:
        return Indicator(
            name,
            canonical(name),
            unit,
            2030,
            "target",
            "=",
            "38",
            "38",
            "预期性",
            "table",
            "主要目标",
            f"{name} 38",
            0,
            2,
        )

    found = moves([of(old)], [of(new)])
    if one:
        assert [move.kind for move in found] == ["reworded"]
        assert found[0].before is not None
        assert found[0].before.name == old
    else:
        assert sorted(move.kind for move in found) == ["added", "removed"]


def test_a_measure_of_a_unit_of_its_own_rises_and_falls() -> None:
    old, new = (
        it("内涝防治标准", None, "", text=text, quote=f"内涝防治标准达到{text}") for text in ("30年一遇", "50年一遇")
    )
    (move,) = moves([old], [new])
    assert (move.kind, move.effect) == ("changed", "raised")


def test_table_and_sentence_tell_one_move_by_two_names() -> None:
    row, line = "在基层医疗卫生机构工作的护士数", "基层医疗机构护士数量"
    old = [it(row, "4200", "人"), it(line, "4200", "人", origin="prose", start=9)]
    new = [it(row, "4500", "人"), it(line, "4500", "人", origin="prose", start=9)]
    (move,) = moves(old, new)
    assert move.name == row
    other = [it(row, "4500", "人"), it(line, "4600", "人", origin="prose", start=9)]
    assert len(moves(old, other)) == 2


def test_a_share_that_becomes_a_step_and_another_deed_are_the_same_promise() -> None:
    def said(name: str, value: str, unit: str, quote: str) -> list[Indicator]:
        return [it(name, value, unit, origin="prose", quote=quote)]

    (step,) = moves(
        said("产业增加值占GDP比重", "9", "%", "到2025年，产业增加值占GDP比重达到9%"),
        said("产业增加值占GDP比重提高", "2", "个百分点", "到2025年，产业增加值占GDP比重提高2个百分点"),
    )
    assert (step.kind, step.effect) == ("changed", None)
    (deed,) = moves(
        said("改造易涝点", "23", "处", "改造易涝点23处，新建管网"),
        said("消除易涝点", "23", "处", "消除易涝点23处，新建管网"),
    )
    assert deed.kind == "reworded"


def test_a_measure_for_another_number_of_people_is_another_promise() -> None:
    old, new = (
        [it(f"每{base}万人口救护车", "1", "辆", origin="prose", quote=f"救护车每{base}万人口1辆")]
        for base in ("3", "2.5")
    )
    (move,) = moves(old, new)
    assert (move.kind, move.effect) == ("changed", None)


def test_an_amount_in_another_unit_without_an_end_of_decimals_is_the_same() -> None:
    (move,) = moves([it("新增公园绿地", "120", "公顷")], [it("新增公园绿地", "1800", "亩")])
    assert move.kind == "reworded"


def test_more_of_a_decline_is_stricter() -> None:
    (move,) = moves([it("工业用水量下降", "12", "%")], [it("工业用水量下降", "16", "%")])
    assert move.effect == "tightened"


def test_a_row_that_states_the_same_under_another_name_is_renamed() -> None:
    def row(name: str, *figures: str) -> list[Indicator]:
        quote = f"{name} 家 {' '.join(figures)}"
        return [
            it(name, figure, "家", year=year, quote=quote) for figure, year in zip(figures, (2028, 2030), strict=True)
        ]

    old = [*row("高标准农机合作社", "80", "95"), *row("农机维修网点", "40", "60")]
    found = moves(old, [*row("资产千万元以上农机合作社", "80", "95"), *row("农机维修网点", "40", "60")])
    assert [(move.kind, move.name) for move in found] == [("reworded", "资产千万元以上农机合作社")]
    # Equal figures alone are an accident, and so are those that two rows state.
    other = moves(row("高标准农机合作社", "80", "95"), row("镇村便民服务站", "80", "95"))
    assert {move.kind for move in other} == {"removed", "added"}
    flat = moves(row("高标准农机合作社", "80", "80"), row("资产千万元以上农机合作社", "80", "80"))
    assert {move.kind for move in flat} == {"removed", "added"}


def test_a_promise_that_moves_into_a_table_is_matched_by_its_name() -> None:
    said = it(
        "奶牛年均单产", "9.8", "吨", origin="prose", quote="到2025年，奶牛年均单产达到9.8吨，饲草充足。", key=None
    )
    assert told(said, it("奶牛年均单产", "10", "吨", key=None)) == ("changed", "raised")
    assert len(moves([said], [it("奶牛年均单产", "10", "公斤/天", key=None)])) == 2


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (("餐饮用户每半年入户安检", "1"), ("餐饮用户每季度入户安检", "1"), ("changed", "tightened")),
        (("餐饮用户每月入户安检", "1"), ("餐饮用户每季度入户安检", "2"), ("changed", "relaxed")),
        (("餐饮用户每季度入户安检", "1"), ("餐饮用户每年入户安检", "4"), ("reworded", "reworded")),
        (("餐饮用户每两年入户安检", "1"), ("餐饮用户每三年入户安检", "1"), ("changed", "relaxed")),
    ],
)
def test_how_often_is_compared_over_one_span(
    before: tuple[str, str], after: tuple[str, str], effect: tuple[str, str]
) -> None:
    sides = [
        it(
            name,
            times,
            "次",
            op=">=",
            year=None,
            origin="prose",
            quote=f"居民用户自查，{name}不少于{times}次。",
            key=None,
        )
        for name, times in (before, after)
    ]
    assert told(*sides) == effect
