"""Tables: spans resolved like a browser lays them out, headers counted, repeats left out, tables over pages joined."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.read.flat_tables import text_of
from watcher.read.grids import from_html
from watcher.types import Cell, Grid


def grid(rows: str) -> Grid:
    found = from_html(f"<table>{rows}</table>")
    assert found is not None
    return found


def texts(of: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in of.rows]


def test_spans_are_resolved_and_say_so() -> None:
    found = grid("<tr><td rowspan=2>类</td><td colspan=2>甲</td></tr><tr><td>1</td><td>2</td></tr>")
    assert texts(found) == [["类", "甲", "甲"], ["类", "1", "2"]]
    assert [[cell.inherited for cell in row] for row in found.rows] == [[False, False, True], [True, False, False]]
    assert text_of(found) == "类\t甲\t\n\t1\t2"


def test_a_tab_or_a_line_inside_a_cell_is_a_space_in_the_text() -> None:
    assert text_of(Grid(((Cell("床位\t数"), Cell("张")), (Cell("甲\n乙"), Cell("5"))))) == "床位 数\t张\n甲 乙\t5"


def test_two_header_rows_are_counted() -> None:
    found = grid(
        "<tr><th rowspan=2>指标</th><th colspan=2>数值</th></tr><tr><th>2020年</th><th>2025年</th></tr><tr><td>床位</td><td>6</td><td>7</td></tr>"
    )
    assert found.header_rows == 2


def test_a_repeated_header_is_left_out() -> None:
    head = "<tr><td>指标</td><td>2025年</td></tr>"
    found = grid(f"{head}<tr><td>床位</td><td>7</td></tr>{head}<tr><td>护士</td><td>4</td></tr>")
    assert texts(found) == [["指标", "2025年"], ["床位", "7"], ["护士", "4"]]


def test_a_caption_row_and_notes_are_no_rows() -> None:
    found = grid(
        "<tr><td colspan=2>表1 主要指标</td></tr><tr><td>指标</td><td>2025年</td></tr><tr><td>床位</td><td>7</td></tr><tr><td colspan=2>注：为年末数。</td></tr>"
    )
    assert found.caption == "表1 主要指标"
    assert found.notes == ("注：为年末数。",)
    assert len(found.rows) == 2


def test_a_category_row_over_all_columns_stays() -> None:
    found = grid(
        "<tr><td>指标</td><td>2025年</td></tr><tr><td colspan=2>健康水平</td></tr><tr><td>寿命</td><td>78</td></tr>"
    )
    assert texts(found)[1] == ["健康水平", "健康水平"]


def test_line_breaks_in_a_cell_are_joined() -> None:
    assert texts(grid("<tr><td>达到国家<br>平均水平</td><td><p>a</p><p>b</p></td></tr><tr><td>1</td><td>2</td></tr>"))[
        0
    ] == ["达到国家平均水平", "a b"]


def test_rowspan_zero_goes_to_the_end() -> None:
    assert texts(grid("<tr><td rowspan=0>类</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>")) == [
        ["类", "1"],
        ["类", "2"],
        ["类", "3"],
    ]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5), min_size=2, max_size=6)
)
def test_every_grid_is_a_rectangle_and_keeps_every_cell(spans: list[list[tuple[int, int]]]) -> None:
    rows = "".join(
        "<tr>" + "".join(f'<td colspan="{c}" rowspan="{r}">v{i}x{j}</td>' for j, (c, r) in enumerate(row)) + "</tr>"
        for i, row in enumerate(spans)
    )
    found = from_html(f"<table>{rows}</table>")
    if found is None:
        return
    assert len({len(row) for row in found.rows}) == 1
    seen = {cell.text for row in found.rows for cell in row} | {found.caption, *found.notes}
    first = {f"v0x{j}" for j in range(len(spans[0]))}
    assert first <= seen or found.caption


def test_the_line_of_the_unit_stands_above_the_table() -> None:
    html = "<table><tr><td colspan=3>民用车辆</td></tr><tr><td></td><td></td><td>单位：辆</td></tr><tr><td>指标</td><td>合计</td><td>个人</td></tr><tr><td>汽车</td><td>21</td><td>19</td></tr></table>"
    grid = from_html(html)
    assert grid is not None
    assert grid.caption == "民用车辆 单位：辆"
    assert [[cell.text for cell in row] for row in grid.rows] == [["指标", "合计", "个人"], ["汽车", "21", "19"]]


def test_a_label_in_a_full_row_is_a_row() -> None:
    grid = from_html("<table><tr><td>单位：</td><td>某局</td></tr><tr><td>人数</td><td>12</td></tr></table>")
    assert grid is not None
    assert len(grid.rows) == 2


def test_names_and_figures_stacked_in_one_row_are_rows() -> None:
    grid = from_html(
        "<table><tr><td>领域</td><td>指标</td><td>2025年</td></tr><tr><td>水务</td><td><p>集中收集率（%）</p><p>再生水利用率（%）</p></td>"
        "<td><p>≥73</p><p>25以上</p></td></tr></table>"
    )
    assert grid is not None
    assert [[cell.text for cell in row] for row in grid.rows[1:]] == [
        ["水务", "集中收集率（%）", "≥73"],
        ["水务", "再生水利用率（%）", "25以上"],
    ]


def test_a_broken_name_or_two_values_of_one_name_are_one_row() -> None:
    grid = from_html(
        "<table><tr><td>指标</td><td>2020年</td><td>2025年</td></tr><tr><td><p>宫颈癌、</p><p>乳腺癌筛查率（%）</p></td><td><p>61.2</p><p>58.4</p></td>"
        "<td><p>≥65</p><p>≥70</p></td></tr></table>"
    )
    assert grid is not None
    assert [cell.text for cell in grid.rows[1]] == ["宫颈癌、乳腺癌筛查率（%）", "61.2 58.4", "≥65 ≥70"]


def test_a_row_that_a_header_word_spans_is_header() -> None:
    grid = from_html(
        '<table><tr><td rowspan="2">指标</td><td colspan="2">2025年</td></tr><tr><td>全区</td><td>全市</td></tr>'
        "<tr><td>企业数（户）</td><td>52</td><td>45</td></tr></table>"
    )
    assert grid is not None
    assert grid.header_rows == 2
