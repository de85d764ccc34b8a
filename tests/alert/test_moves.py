"""A move is one line that says what was, what is and what it means; the weightiest comes first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.samples import EDITS, MOVES, move, side
from watcher.alert import edits, moves
from watcher.types import Change, Edit, Indicator, Move

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["name", "key", "year", "unit", "kind", "effect", "before", "after", "op", "value", "text", "nature", "spans"]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "line", "word"),
    [
        (move("婴儿死亡率", "‰", "changed", "tightened", side("<=", "6"), side("<=", "5"), year=2025),
         "婴儿死亡率(2025)≤6‰ → ≤5‰", "收紧"),
        (move("每千人口床位数", "张", "changed", "raised", side("=", "6.8"), side("=", "7.5"), year=2025),
         "每千人口床位数(2025)6.8张 → 7.5张", "上调"),
        (move("人均预期寿命", "岁", "changed", "unbinding", side("=", "80", nature="约束性"), side("=", "80"), year=2025),
         "人均预期寿命(2025)80岁 约束性 → 预期性", "取消约束性"),
        (move("孕产妇死亡率", "1/10万", "changed", "tightened", side("<", "10"), side("<=", "9"), year=2025),
         "孕产妇死亡率(2025)<10/10万 → ≤9/10万", "收紧"),
        (move("孕产妇死亡率", "/10万", "added", "added", None, side("<=", "10"), year=2025),
         "孕产妇死亡率(2025)≤10/10万 预期性", "新增"),
        (move("医养结合床位", "张", "removed", "removed", side(">=", "300", nature=None), None, year=None),
         "医养结合床位 ≥300张", "删除"),
        (move("卫生支出", "%", "changed", None, side("text", None, text="持续下降"), side("<=", "27"), year=2025),
         "卫生支出(2025)持续下降 → ≤27%", "调整"),
        (move("床医比", "名", "changed", "raised", side("text", None, text="1-1.2"), side("text", None, text="1-1.5名"), year=2025),
         "床医比(2025)1-1.2名 → 1-1.5名", "上调"),
        (move("覆盖人口", "万人", "reworded", "reworded", {**side("=", "18.2"), "unit": "万人"}, {**side("=", "182000"), "unit": "人"}, year=2025),
         "覆盖人口(2025)18.2万人 → 182000人", "表述调整"),
        (move("达标率", "%", "changed", None, {**side(">=", "90"), "year": 2025}, {**side(">=", "90"), "year": 2027}, year=2027),
         "达标率 ≥90%(2025 → 2027)", "推迟"),
        (move("达标率", "%", "changed", "tightened", {**side(">=", "90"), "year": "2021-2025"}, {**side(">=", "95"), "year": 2025}, year=2025),
         "达标率(2025)≥90% → ≥95%", "收紧"),
        (move("达标率", "%", "changed", None, {**side(">=", "90"), "year": 2025}, {**side(">=", "95"), "year": 2027}, year=2027),
         "达标率 ≥90%(2025) → ≥95%(2027)", "调整"),
        (move("人均预期寿命", "岁", "changed", "tightened", {**side("=", "80"), "name": "人均期望寿命"}, {**side("=", "81"), "name": "人均预期寿命"}, year=2025),
         "人均预期寿命（原人均期望寿命）(2025)80岁 → 81岁", "收紧"),
        (move("孕产妇管理率", "%", "split", None, {**side(">=", "90"), "name": "孕产妇和儿童管理率"}, {**side(">=", "90"), "name": "孕产妇管理率"}, year=2025),
         "孕产妇和儿童管理率 → 孕产妇管理率(2025)≥90%", "拆分"),
        (move("医院数", "所", "added", "added", None, {**side("=", "82", nature=None), "role": "actual"}, year=2020),
         "医院数(2020现状)82所", "新增"),
        (move("贫困发生率", "%", "changed", "lowered", side("~", "3"), side("~", "2"), year="2016-2020"),
         "贫困发生率(2016-2020)约3% → 约2%", "下调"),
    ],
)  # fmt: skip
def test_a_move_reads_as_one_line(value: dict[str, object], line: str, word: str) -> None:
    read = moves.move_line(value)
    assert (read.text, read.word) == (line, word)


def test_words_are_english_by_setting() -> None:
    read = moves.move_line(MOVES[3], "en")
    assert read.text == "人均预期寿命(2030)80岁 binding → anticipatory"
    assert read.word == "no longer binding"


def test_what_weakens_comes_before_what_tightens_and_that_before_what_only_moves() -> None:
    words = [line.word for line in moves.move_lines(MOVES)]
    assert words == ["放宽", "取消约束性", "删除", "收紧", "新增", "上调", "调整", "数据修订", "表述调整"]


def test_a_bound_that_is_turned_round_comes_first_and_is_called_so() -> None:
    turned = move("母婴传播率", "%", "changed", None, side("<=", "2"), side(">=", "2"))
    first, *_ = moves.move_lines([*MOVES[:1], turned])
    assert (first.text, first.word) == ("母婴传播率(2030)≤2% → ≥2%", "上下限互换")


def test_a_sum_that_rises_by_a_split_is_told_as_the_split() -> None:
    part = move("康复医师", "人", "split", "raised", side("=", "18"), side("=", "8"))
    tighter = move("死亡人数降幅", "%", "split", "tightened", side(">=", "15"), side(">=", "20"))
    assert [line.word for line in moves.move_lines([part, tighter])] == ["收紧", "拆分"]


def test_binding_indicators_come_first_where_effects_are_equal() -> None:
    soft = move("甲", "%", "changed", "tightened", side("<=", "6"), side("<=", "5"))
    hard = move("乙", "%", "changed", "tightened", side("<=", "6", nature="约束性"), side("<=", "5", nature="约束性"))
    assert [line.text[0] for line in moves.move_lines([soft, hard])] == ["乙", "甲"]


def test_table_and_text_are_told_apart_where_both_move() -> None:
    table = move(
        "婴儿死亡率",
        "‰",
        "changed",
        "tightened",
        {**side("<=", "6"), "origin": "table"},
        {**side("<=", "5"), "origin": "table"},
    )
    prose = move(
        "婴儿死亡率",
        "‰",
        "changed",
        None,
        {**side("<=", "6"), "origin": "prose"},
        {**side("text", None, text="持续下降"), "origin": "prose"},
    )
    assert [line.text for line in moves.move_lines([table, prose])] == [
        "婴儿死亡率(2030)≤6‰ → ≤5‰ （表格）", "婴儿死亡率(2030)≤6‰ → 持续下降 （正文）",
    ]  # fmt: skip
    assert [line.text for line in moves.move_lines([prose], "en")] == ["婴儿死亡率(2030)≤6‰ → 持续下降"]


def test_values_that_the_document_contradicts_are_counted() -> None:
    doubtful = move("婴儿死亡率", "‰", "changed", "tightened", side("<=", "6"), {**side("<=", "5"), "disputed": True})
    assert moves.disputed([doubtful, *MOVES]) == 1


def test_the_summary_counts_by_effect() -> None:
    chosen = [MOVES[1], MOVES[2], MOVES[4]]
    assert moves.count_words(chosen) == "3项指标变动：1项收紧、1项放宽、1项新增"
    assert moves.count_words(chosen[:1], "en") == "1 indicator move: 1 tightened"
    assert moves.count_words([]) == ""


def test_the_weightiest_edits_come_first_and_the_rest_is_counted() -> None:
    lines, hidden = edits.edit_lines(EDITS)
    assert [line.section for line in lines] == ["第三章 第二节", "第四章 第一节", "第五章"]
    assert hidden == 1


def test_an_edit_that_only_carries_a_move_has_no_second_line() -> None:
    quote = "到2030年，婴儿死亡率控制在5‰以内。"
    carried = {
        "kind": "replace",
        "section": "一",
        "before": quote.replace("5", "6"),
        "after": quote,
        "spans": [["equal", "到"], ["delete", "6"], ["insert", "5"]],
    }
    told = move("婴儿死亡率", "‰", "changed", "tightened", side("<=", "6"), side("<=", "5", quote=quote))
    assert edits.edit_lines([carried], [told]) == ((), 0)
    assert len(edits.edit_lines([carried], [])[0]) == 1


def test_a_bound_that_a_move_tells_has_no_second_line() -> None:
    quote = "监测覆盖率不低于99%。"
    carried = {
        "kind": "replace",
        "section": "一",
        "before": "监测覆盖率达到99%。",
        "after": quote,
        "spans": [["equal", "监测覆盖率"], ["delete", "达到"], ["insert", "不低于"], ["equal", "99%。"]],
    }
    told = move("监测覆盖率", "%", "changed", None, side("=", "99"), side(">=", "99", quote=quote))
    other = move("治疗率", "%", "changed", None, side("=", "99"), side(">=", "99", quote="治疗率不低于99%。"))
    assert edits.edit_lines([carried], [told]) == ((), 0)
    assert len(edits.edit_lines([carried], [other])[0]) == 1


def test_an_edit_shows_what_changed_and_a_little_around_it() -> None:
    before, after = "甲" * 300 + "鼓励" + "乙" * 300, "甲" * 300 + "规范" + "乙" * 300
    spans = [["equal", "甲" * 300], ["delete", "鼓励"], ["insert", "规范"], ["equal", "乙" * 300]]
    line = edits.edit_line({"kind": "replace", "section": "", "before": before, "after": after, "spans": spans})
    assert line.text == f"「…{'甲' * 12}鼓励{'乙' * 12}…」 → 「…{'甲' * 12}规范{'乙' * 12}…」"


@pytest.mark.parametrize(
    "text",
    [
        "联系电话:0471-0000000,邮箱:x@example.gov.cn",
        "某政办发〔2022〕9号",
        "各旗、县、区人民政府,市各有关部门:",
        "(此件公开发布)",
        "2022年5月18日",
    ],
)
def test_the_letter_around_a_plan_gives_way_to_the_plan(text: str) -> None:
    letter = {"kind": "insert", "section": "", "before": "", "after": text, "spans": [["insert", text]]}
    plan = {
        "kind": "insert",
        "section": "第三章",
        "before": "",
        "after": "组建城市医疗集团。",
        "spans": [["insert", "组建城市医疗集团。"]],
    }
    lines, hidden = edits.edit_lines([letter, plan], shown=1)
    assert [line.section for line in lines] == ["第三章"]
    assert hidden == 1


def test_a_table_edit_names_its_row_and_column() -> None:
    cell = {
        "kind": "cell",
        "section": "第二章 专栏1",
        "label": "婴儿死亡率(‰) · 2025年",
        "before": "<5",
        "after": "≤4.5",
        "spans": [["delete", "<5"], ["insert", "≤4.5"]],
    }
    line = edits.edit_line(cell)
    assert (line.section, line.text) == ("第二章 专栏1 婴儿死亡率(‰) · 2025年", "「<5」 → 「≤4.5」")


def test_a_table_set_anew_counts_its_columns_once_and_its_moved_rows_say_nothing() -> None:
    column = {"kind": "column", "section": "表", "before": "", "spans": []}
    cells = [{**column, "label": f"{row} · 2030年", "after": str(row)} for row in ("指标", "甲率", "乙率")]
    row = {"kind": "row", "section": "表", "label": "丙率", "spans": []}
    moved = [{**row, "before": "丙率 个 3 5", "after": ""}, {**row, "before": "", "after": "丙率 个 3 5"}]
    same = {
        "kind": "cell",
        "label": "丁率 · 2025年",
        "before": "≥90",
        "after": "90以上",
        "spans": [["delete", "≥90"], ["insert", "90以上"]],
    }
    shown, hidden = edits.edit_lines([*cells, *moved, same], MOVES)
    assert shown == ()
    assert hidden == 1 + 2 + 1


def test_what_a_sentence_changes_beside_its_moves_is_told() -> None:
    moved = move(
        "改造小区",
        "个",
        "changed",
        "raised",
        side("=", "80", quote="到2028年，改造小区80个"),
        side("=", "100", quote="到2027年，改造小区100个"),
    )
    figure = [["equal", "改造小区"], ["delete", "80个"], ["insert", "100个"], ["equal", "。"]]
    alone = {
        "kind": "replace",
        "section": "一",
        "before": "改造小区80个。",
        "after": "改造小区100个。",
        "spans": figure,
    }
    deadline = {
        "kind": "replace", "section": "二", "before": "到2028年，改造小区80个。", "after": "到2027年，改造小区100个。",
        "spans": [["equal", "到"], ["delete", "2028年"], ["insert", "2027年"], ["equal", "，"], *figure],
    }  # fmt: skip
    shown, hidden = edits.edit_lines([alone, deadline], [moved])
    assert [line.section for line in shown] == ["二"]
    assert "2027年" in shown[0].text
    assert hidden == 0


def test_a_caption_that_comes_says_nothing_and_a_word_within_a_sentence_does() -> None:
    caption = {"kind": "insert", "section": "附件", "before": "", "after": "附件2", "spans": [["insert", "附件2"]]}
    word = {
        "kind": "replace", "section": "二", "before": "矿山等领域治理。", "after": "矿山、燃气等领域治理。",
        "spans": [["equal", "矿山"], ["insert", "、燃气"], ["equal", "等领域治理。"]],
    }  # fmt: skip
    shown, hidden = edits.edit_lines([caption, word], MOVES)
    assert [line.section for line in shown] == ["二"]
    assert hidden == 1


def test_beside_moves_a_table_s_headings_are_only_counted() -> None:
    heading = {
        "kind": "cell",
        "section": "专栏1",
        "label": "主要指标 · 序号",
        "before": "",
        "after": "序号",
        "spans": [["insert", "序号"]],
    }
    row = {
        "kind": "row",
        "section": "专栏2",
        "before": "",
        "after": "市第三医院\t新建\t2027年",
        "spans": [["insert", "市第三医院\t新建\t2027年"]],
    }
    assert edits.edit_lines([heading], MOVES) == ((), 1)
    assert [line.section for line in edits.edit_lines([heading, row], MOVES)[0]] == ["专栏2"]


def test_figures_of_a_table_that_no_move_tells_are_shown_beside_moves() -> None:
    def cell(label: str, before: str, after: str) -> dict[str, object]:
        spans = [["delete", before], ["insert", after]]
        return {"kind": "cell", "section": "表", "label": label, "before": before, "after": after, "spans": spans}

    words = cell("最低生活保障 · 服务标准", "城市每人每月860元", "城市每人每月880元")
    street = cell("背街小巷补灯 · 合计", "146", "156")
    told = cell("婴儿死亡率 · 2025年", "6.0", "6.1")
    moved = move("婴儿死亡率", "‰", "changed", None, side("<=", "6"), side("<=", "5", quote="1 婴儿死亡率 ‰ 6.1 ≤5"))
    lines, hidden = edits.edit_lines([words, street, told], [moved])
    assert [line.section for line in lines] == ["表 最低生活保障 · 服务标准", "表 背街小巷补灯 · 合计"]
    assert hidden == 0


@given(st.lists(JSON, max_size=4), st.lists(JSON, max_size=4))
@settings(max_examples=150)
def test_any_json_is_rendered_without_an_error(some: list[object], others: list[object]) -> None:
    chosen, changed = moves.objects(some), moves.objects(others)
    for line in moves.move_lines(chosen):
        assert line.word
        assert len(line.text) < 600
    edits.edit_lines(changed, chosen)
    moves.count_words(chosen, "en")


INDICATOR = Indicator("甲", None, "%", 2025, "target", "=", "5", "5", None, "prose", "", "", 0, 1)


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        (Change(), False),
        (Change(moves=(Move("甲", None, 2025, "%", "added", "added", None, INDICATOR),)), True),
        (Change(edits=(Edit("replace", "", "甲", "乙", (), (0, 1), (0, 1)),)), True),
        (Change(edits=(Edit("format", "", "（一）", "(一)", (), (0, 3), (0, 3)),)), False),
        (Change(edits=(Edit("insert", "", "", " \u200b", (), (0, 0), (0, 2)),)), False),
        (Change(edits=(Edit("move", "", "甲", "甲", (), (0, 1), (5, 6)),)), True),
        (Change(edits=(Edit("row", "", "3\t床位\t6.1\t6.8", "1\t床位 \t6.1\t6.8", (), (0, 9), (5, 14)),)), False),
        (Change(edits=(Edit("row", "", "3\t床位\t6.1\t6.8", "1\t床位\t6.8\t6.1", (), (0, 9), (5, 14)),)), True),
        (Change(edits=(Edit("row", "", "", "1\t床位\t6.8", (), (0, 0), (5, 14)),)), True),
        (
            Change(
                edits=(
                    Edit(
                        "column",
                        "",
                        "指标\t2020\t属性\n床位\t6\t预期",
                        "指标\t属性\t2020\n床位\t预期\t6",
                        (),
                        (0, 9),
                        (0, 9),
                    ),
                )
            ),
            False,
        ),
        (
            Change(
                edits=(
                    Edit(
                        "column", "", "指标\t2020\n床位\t6\n医师\t3", "指标\t2020\n床位\t3\n医师\t6", (), (0, 9), (0, 9)
                    ),
                )
            ),
            True,
        ),
    ],
)
def test_only_what_says_something_is_worth_telling(change: Change, worth: bool) -> None:
    assert edits.worth_telling(change) is worth


def _replaced(*spans: list[str], section: str = "二") -> dict[str, object]:
    before, after = ("".join(text for kind, text in spans if kind != other) for other in ("insert", "delete"))
    return {"kind": "replace", "section": section, "before": before, "after": after, "spans": list(spans)}


def test_a_line_shows_what_an_edit_says_and_not_the_number_before_it() -> None:
    fine = _replaced(
        ["delete", "第七条"], ["insert", "第八条"], ["equal", " 违反本办法规定，由城市管理部门责令限期改正；逾期未改正的，处"],
        ["delete", "一万元"], ["insert", "二万元"], ["equal", "以下罚款。"],
    )  # fmt: skip
    line = edits.edit_line(fine)
    assert "处一万元以下罚款" in line.text
    assert "处二万元以下罚款" in line.text
    assert "第七条" not in line.text


def test_an_edit_whose_words_say_the_same_is_not_shown() -> None:
    same = _replaced(
        ["delete", "（一）"], ["insert", "(一)"], ["equal", "知晓率"], ["delete", "≥85%"], ["insert", "达到85%以上"],
        ["equal", "，普及率达到"], ["delete", "百分之九十二"], ["insert", "92%"], ["equal", "，改造"], ["delete", "一百二十"], ["insert", "120"],
        ["equal", "处，发病率"], ["delete", "降至"], ["insert", "下降到"], ["equal", "50/10万。"],
    )  # fmt: skip
    other = _replaced(["equal", "知晓率"], ["delete", "≥85%"], ["insert", "达到90%以上"], ["equal", "。"], section="三")
    shown, hidden = edits.edit_lines([same, other], MOVES)
    assert [line.section for line in shown] == ["三"]
    assert hidden == 0
    assert edits.edit_lines([same]) == ((), 0)


@pytest.mark.parametrize(
    ("spans", "same"),
    [
        ([["equal", "（"], ["delete", "四"], ["insert", "一"], ["equal", "）加强宣传。"]], True),
        ([["equal", "达标率为"], ["delete", "百分之七十"], ["insert", "70%"], ["equal", "。"]], True),
        ([["equal", "住院日不超过"], ["delete", "8"], ["insert", "8.0"], ["equal", "天。"]], True),
        ([["equal", "配置"], ["delete", "1200"], ["insert", "1,200"], ["equal", "台。"]], True),
        ([["equal", "分别设"], ["delete", "甲区5所、乙区3所"], ["insert", "乙区5所、甲区3所"], ["equal", "。"]], False),
        ([["equal", "占比"], ["delete", "提高到"], ["insert", "提高"], ["equal", "5%。"]], False),
        ([["equal", "由"], ["delete", "三个"], ["insert", "四个"], ["equal", "部门负责。"]], False),
        ([["equal", "全市（"], ["delete", "四"], ["insert", "一"], ["equal", "）期工程。"]], False),
        ([["equal", "监测盐样"], ["delete", "不少于"], ["equal", "300份"], ["insert", "以上"], ["equal", "。"]], True),
        ([["equal", "监测盐样"], ["delete", "不少于"], ["equal", "300份"], ["insert", "以内"], ["equal", "。"]], False),
    ],
)
def test_another_way_of_writing_is_no_change(spans: list[list[str]], same: bool) -> None:
    assert edits.real_edits([_replaced(*spans)]) == ([] if same else [_replaced(*spans)])


def test_the_text_around_a_change_is_cut_at_marks() -> None:
    edit = _replaced(
        ["equal", "法律援助机构应当指派或者安排人员，法律援助人员应当自收到指派之日起"], ["delete", "七日"], ["insert", "五日"],
        ["equal", "内约见受援人并告知其权利义务，听取意见后制作笔录，由受援人签字确认后归入案卷备查。"],
    )  # fmt: skip
    line = edits.edit_line(edit)
    assert line.text == (
        "「…法律援助人员应当自收到指派之日起七日内约见受援人并告知其权利义务…」 → 「…法律援助人员应当自收到指派之日起五日内约见受援人并告知其权利义务…」"
    )


def test_the_part_of_a_long_edit_that_no_move_tells_is_shown() -> None:
    told = move("改造小区", "个", "changed", "raised", side("=", "80"), side("=", "100"))
    long = _replaced(
        ["equal", "改造小区"], ["delete", "80个"], ["insert", "100个"], ["equal", "，由住房城乡建设部门负责，财政、自然资源等部门配合，每"],
        ["delete", "半年"], ["insert", "季度"], ["equal", "调度一次。"],
    )  # fmt: skip
    (line,), _ = edits.edit_lines([long], [told])
    assert "每季度调度一次" in line.text
    assert "100个" not in line.text


def test_a_column_is_one_line_and_a_column_of_running_numbers_is_none() -> None:
    def cell(row: str, header: str, text: str) -> dict[str, object]:
        return {
            "kind": "column",
            "section": "三",
            "label": f"{row} · {header}",
            "before": "",
            "after": text,
            "spans": [],
        }

    cells = [cell(row, "单位", "\t%") for row in ("入园率", "参保率")]
    numbers = [cell(row, "序号", f"{at}\t") for at, row in enumerate(("入园率", "参保率"))]
    shown, hidden = edits.edit_lines([*cells, *numbers])
    assert [line.text for line in shown] == ["表格新增一列「单位」"]
    assert hidden == 0
    assert edits.real_edits(numbers) == []


def test_the_title_that_a_template_prints_once_more_is_no_edit() -> None:
    title = {"kind": "insert", "section": "", "before": "", "after": "云溪市护理规划", "spans": []}
    assert edits.real_edits([title], "云溪市护理规划（征求意见稿）") == []
    assert edits.real_edits([title], "云溪市养老规划") == [title]


def test_a_reported_growth_is_told_from_its_stock() -> None:
    grown = [{**side("=", value), "role": "change", "name": "诊疗人次"} for value in ("4.3", "4.6")]
    said = move("诊疗人次", "%", "changed", "raised", *grown, year=2022)
    assert moves.move_line(said).text == "诊疗人次(2022增减)4.3% → 4.6%"


def test_the_number_of_an_item_and_empty_words_make_no_other_name() -> None:
    sides = [
        {**side(">=", value), "name": name}
        for value, name in (("60", "二级以上医院设老年医学科比例"), ("65", "（三）二级及以上医院设立老年医学科的比例"))
    ]
    said = move("二级及以上医院设立老年医学科的比例", "%", "changed", "tightened", *sides)
    assert "原" not in moves.move_line(said).text


def test_what_moved_and_changed_is_read_as_what_changed() -> None:
    row = {
        "kind": "row", "section": "三", "label": "玉泉区", "before": "3\t玉泉区\t2023年10月", "after": "2\t玉泉区\t2023年9月",
        "spans": [["delete", "3"], ["insert", "2"], ["equal", "\t玉泉区\t2023年"], ["delete", "10月"], ["insert", "9月"]],
    }  # fmt: skip
    line = edits.edit_line(row)
    assert "9月" in line.text
    assert "移动" not in line.text
    moved = {
        **row,
        "after": "2\t玉泉区\t2023年10月",
        "spans": [["delete", "3"], ["insert", "2"], ["equal", "\t玉泉区\t2023年10月"]],
    }
    assert edits.edit_line(moved).text.startswith("移动")
    assert edits.edit_weight(moved) < edits.edit_weight(row)
