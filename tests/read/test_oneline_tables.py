"""A document that lost its line breaks: a table that runs on inside it with spaces between its cells is found again."""

from __future__ import annotations

import time

from watcher.read import read
from watcher.read.oneline import with_cells

_BEFORE = "为全面推进健康建设,制定本规划。 一、现实基础 " + "居民主要健康指标继续位居全省前列。" * 18 + " 二、发展目标"
_CELLS = (
    "序号 指标名称 单位 2020年 2025年 指标属性 1 人均期望寿命 岁 82.34 83 预期性 2 孕产妇死亡率 /10万 0 ≤6 约束性 "
    "3 居民健康素养水平 % 36.2 ≥40 预期性"
)
_BEHIND = "三、重点任务 (一)健全体系。推进医院建设,新增床位1200张。"


def test_its_cells_become_a_table_between_the_text() -> None:
    found = read(f"{_BEFORE} {_CELLS} {_BEHIND}".encode())
    (table,) = [block for block in found.blocks if block.kind == "table"]
    assert table.grid is not None
    assert [cell.text for cell in table.grid.rows[2]] == ["2", "孕产妇死亡率", "/10万", "0", "≤6", "约束性"]
    assert found.blocks[-1].text.endswith("新增床位1200张。")


def test_a_line_without_a_head_of_a_table_stays_one() -> None:
    line = f"{_BEFORE} {_BEHIND}"
    assert with_cells(line) == [line]


def test_a_line_of_nothing_but_heads_or_tables_takes_linear_time() -> None:
    begun = time.process_time()
    with_cells("指标 单位 2025年 " * 20_000)
    with_cells(f"{_CELLS} 完。 " * 3_000)
    assert time.process_time() - begun < 3
