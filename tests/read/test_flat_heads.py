"""Flattened tables whose heads and rows broke in other places: heads over two lines, numbered lines and page numbers between rows."""

from __future__ import annotations

from watcher.read.flat_tables import find_tables


def rows(text: str) -> list[list[str]]:
    """The cells of the one table in a text, a line each; inherited ones too."""
    (found,) = find_tables(text.split("\n"))
    return [[cell.text for cell in row] for row in found.grid.rows]


def test_a_head_over_two_lines_is_one_column() -> None:
    text = "指标\n单位\n现状\n（2020年）\n目标\n（2025年）\n森林覆盖率\n%\n22.1\n23\n湿地保护率\n%\n41\n≥55\n绿地率\n%\n38\n40"
    assert rows(text)[0] == ["指标", "单位", "现状（2020年）", "目标（2025年）"]
    assert rows(text)[2] == ["湿地保护率", "%", "41", "≥55"]


def test_a_year_and_the_words_below_it_are_one_column_where_the_rows_have_as_many_cells() -> None:
    body = "森林覆盖率（%）\n22.1\n23\n预期性\n湿地保护率（%）\n41\n55\n预期性\n绿地率（%）\n38\n40\n约束性"
    assert rows(f"指标\n2020年\n2025年\n规划目标\n属性\n{body}")[0] == ["指标", "2020年", "2025年规划目标", "属性"]
    three = (
        "森林覆盖率（%）\n22.1\n22.8\n23\n预期性\n湿地保护率（%）\n41\n44\n55\n预期性\n绿地率（%）\n38\n39\n40\n约束性"
    )
    assert rows(f"指标\n2020年\n2023年\n规划目标\n属性\n{three}")[0] == ["指标", "2020年", "2023年", "规划目标", "属性"]


def test_numbered_lines_over_rows_are_categories_and_not_the_end_of_the_table() -> None:
    text = (
        "序号\n指标\n2020年\n2025年\n属性\n（一）控烟行动\n1\n吸烟率（%）\n24\n≤20\n预期性\n（二）妇幼健康行动\n2\n婴儿死亡率（‰）\n3.1\n≤4\n预期性\n"
        "3\n产前筛查率（%）\n61\n≥75\n预期性\n三、保障措施\n各部门要加强领导，落实责任。"
    )
    table = rows(text)
    assert [row[0] for row in table[1:]] == ["（一）控烟行动", "（二）妇幼健康行动", "（二）妇幼健康行动"]
    assert table[-1][1:] == ["3", "产前筛查率（%）", "61", "≥75", "预期性"]


def test_a_page_number_between_rows_is_no_cell() -> None:
    text = "指标\n单位\n2020年\n2025年\n森林覆盖率\n%\n22.1\n23\n— 12 —\n湿地保护率\n%\n41\n≥55\n绿地率\n%\n38\n40"
    assert not any("12" in cell for row in rows(text) for cell in row)


def test_a_head_nobody_knows_is_what_its_first_row_holds() -> None:
    text = "指标 2020年 2025年 十四五净变化量 属性\n森林覆盖率（%） 22.1 23 0.9 预期性\n湿地保护率（%） 41 55 14 约束性"
    assert rows(text)[1] == ["森林覆盖率（%）", "22.1", "23", "0.9", "预期性"]
