"""A table whose rows became columns, or whose columns changed their order, shows the cells that differ."""

from __future__ import annotations

from watcher.compare.relaid import relaid

BEFORE = "指标\t2020年\t2025年\n婴儿死亡率（‰）\t4.1\t≤5\n人均预期寿命（岁）\t77\t78.5"


def test_rows_that_became_columns_show_only_the_cells_that_differ() -> None:
    after = "年份\t婴儿死亡率（‰）\t人均预期寿命（岁）\n2020年\t4.1\t77\n2025年\t≤4.5\t78.5"
    found = relaid(BEFORE, after)
    assert found[-3:] == (("equal", "\n2025年 · 婴儿死亡率（‰）："), ("delete", "≤5"), ("insert", "≤4.5"))
    assert "78.5" not in "".join(text for _, text in found)


def test_columns_in_another_order_show_only_the_cells_that_differ() -> None:
    found = relaid(BEFORE, "指标\t2025年\t2020年\n婴儿死亡率（‰）\t5及以下\t4.1\n人均预期寿命（岁）\t79\t77")
    assert found[-2:] == (("delete", "78.5"), ("insert", "79"))
    assert "4.1" not in "".join(text for _, text in found)


def test_a_row_that_came_with_the_new_layout_is_shown_whole() -> None:
    after = "年份\t婴儿死亡率（‰）\t人均预期寿命（岁）\t床位（张）\n2020年\t4.1\t77\t900\n2025年\t≤5\t78.5\t950"
    assert relaid(BEFORE, after)[-1] == ("insert", "2020年 · 床位（张）：900；2025年 · 床位（张）：950")
