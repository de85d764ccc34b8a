"""Tables go by row and column key: a cell, a row, a column, and no row that did not change."""

from __future__ import annotations

from tests.compare.patching import apply
from tests.compare.support import document, table
from watcher.compare import compare
from watcher.types import Edit

HEAD = ["序号", "指标", "2020年", "2025年", "属性"]
ROWS = [
    ["1", "婴儿死亡率（‰）", "3.1", "≤6", "预期性"],
    ["2", "每千人口床位数（张）", "6.1", "6.8", "预期性"],
    ["3", "人均预期寿命（岁）", "77", "78", "预期性"],
    ["4", "居民健康素养水平（%）", "21", "≥25", "约束性"],
]


def edits(before: list[list[str]], after: list[list[str]]) -> list[Edit]:
    old, new = document("第二章 目标", table(before), "尾"), document("第二章 目标", table(after), "尾")
    change = compare(old, new, (), ())
    assert apply(old.text, change.edits) == new.text
    return list(change.edits)


def test_a_cell_is_named_by_its_row_and_column() -> None:
    after = [HEAD, ["1", "婴儿死亡率（‰）", "3.1", "≤5", "预期性"], *ROWS[1:]]
    (edit,) = edits([HEAD, *ROWS], after)
    assert (edit.kind, edit.before, edit.after, edit.label) == ("cell", "≤6", "≤5", "婴儿死亡率（‰） · 2025年")
    assert edit.section == "第二章 目标"


def test_padding_of_a_table_is_form_and_touches_no_content() -> None:
    after = [HEAD, *([cell.ljust(6) for cell in row] for row in ROWS)]
    assert {edit.kind for edit in edits([HEAD, *ROWS], after)} == {"format"}


def test_a_row_in_the_middle_is_added_and_the_numbers_after_it_are_form() -> None:
    new = ["2", "孕产妇死亡率（/10万）", "9", "≤12", "预期性"]
    after = [HEAD, ROWS[0], new, *([str(n), *row[1:]] for n, row in enumerate(ROWS[1:], 3))]
    found = edits([HEAD, *ROWS], after)
    assert [(edit.kind, edit.after) for edit in found if edit.kind != "format"] == [("row", "\t".join(new))]
    assert len(found) == 4


def test_a_removed_row_and_a_moved_row() -> None:
    (gone,) = edits([HEAD, *ROWS], [HEAD, *ROWS[:2], ROWS[3]])
    assert (gone.kind, gone.before, gone.after) == ("row", "\t".join(ROWS[2]), "")
    (moved,) = edits([HEAD, *ROWS], [HEAD, ROWS[1], ROWS[2], ROWS[0], ROWS[3]])
    assert (moved.kind, moved.before, moved.after) == ("row", "\t".join(ROWS[0]), "\t".join(ROWS[0]))


def test_a_new_column_is_told_cell_by_cell_and_leaves_the_others_alone() -> None:
    after = [
        [*row[:4], new, row[4]] for row, new in zip([HEAD, *ROWS], ["2030年", "≤4", "8", "80", "≥30"], strict=True)
    ]
    after[1][3] = "≤5"
    found = edits([HEAD, *ROWS], after)
    assert [edit.after for edit in found if edit.kind == "column"] == ["\t2030年", "\t≤4", "\t8", "\t80", "\t≥30"]
    assert [edit.after for edit in found if edit.kind != "column"] == ["≤5"]
    back = edits(after, [HEAD, *ROWS])
    assert [edit.before for edit in back if edit.kind == "column"] == ["\t2030年", "\t≤4", "\t8", "\t80", "\t≥30"]


def test_a_column_that_moves_is_one_edit() -> None:
    after = [[row[0], row[1], row[4], row[2], row[3]] for row in [HEAD, *ROWS]]
    assert [edit.kind for edit in edits([HEAD, *ROWS], after)] == ["column"]


def test_a_renamed_row_is_a_cell_and_not_a_new_row() -> None:
    after = [HEAD, *ROWS[:2], ["3", "人均期望寿命（岁）", "77", "78", "预期性"], ROWS[3]]
    (edit,) = edits([HEAD, *ROWS], after)
    assert [span for span in edit.spans if span[0] != "equal"] == [("delete", "预期"), ("insert", "期望")]


def test_rows_that_share_a_name_are_told_apart() -> None:
    before = [["项目", "数量"], ["合计", "1"], ["床位", "2"], ["合计", "3"]]
    after = [["项目", "数量"], ["合计", "1"], ["床位", "2"], ["合计", "4"]]
    (edit,) = edits(before, after)
    assert (edit.before, edit.after) == ("3", "4")


def test_a_bound_in_words_and_a_unit_that_has_a_column_of_its_own_are_form() -> None:
    before = [["指标", "2025年"], ["公众满意度（分）", "82以上"], ["合格率（%）", "≥98"]]
    after = [["指标", "单位", "2025年"], ["公众满意度", "分", "≥82"], ["合格率", "%", "99以上"]]
    found = edits(before, after)
    assert [(edit.before, edit.after) for edit in found if edit.kind == "cell"] == [("≥98", "99以上")]
    assert {edit.kind for edit in found} == {"cell", "column", "format"}


def test_a_changed_header_goes_by_its_column_alone() -> None:
    (edit,) = edits([HEAD, *ROWS], [[*HEAD[:-1], "指标性质"], *ROWS])
    assert edit.label == "指标性质"
