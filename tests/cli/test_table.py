"""Our tables are those of rich, cell for cell."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher.cli.table import table


def by_rich(title: str, header: list[str], rows: list[list[str]], width: int) -> str:
    out = io.StringIO()
    own = Table(title=Text(title) if title else None, title_justify="left", show_edge=False)
    for name in header:
        own.add_column(name, overflow="fold")
    for row in rows:
        own.add_row(*map(Text, row))
    Console(file=out, width=width, highlight=False).print(own)
    return out.getvalue()


CELL = st.text(
    st.sampled_from("ab1 .-规划（）％≥“”·　é\u0301\n👍—…https://www.example.gov.cn/"), max_size=60
).map(str.strip)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[str], list[list[str]], int]:
    columns = draw(st.integers(1, 8))
    row = st.lists(CELL, min_size=columns, max_size=columns)
    title = draw(st.sampled_from(["", "hohhot-health-14-5", "第二章 第三节 " * 20]))
    header = draw(st.lists(st.sampled_from(["编号", "文件或栏目", "说明", "unit"]), min_size=columns, max_size=columns))
    return title, header, draw(st.lists(row, max_size=5)), draw(st.integers(columns * 9, 170))


@given(tables())
def test_a_table_is_what_rich_prints(one: tuple[str, list[str], list[list[str]], int]) -> None:
    assert table(*one) == by_rich(*one)


def test_two_hundred_addresses_are_folded_as_rich_folds_them() -> None:
    rows = [
        [
            f"doc-{at}",
            "绍兴市上虞区卫生健康现代化建设实施方案" * (at % 4),
            f"https://www.example.gov.cn/{'x' * at}.html",
        ]
        for at in range(200)
    ]
    for width in (40, 80, 160):
        assert table("", ["编号", "文件", "网址"], rows, width) == by_rich("", ["编号", "文件", "网址"], rows, width)


def test_a_terminal_gets_bold_names_and_an_italic_title() -> None:
    printed = table("第一章", ["指标"], [["婴儿死亡率"]], 80, styled=True)
    assert printed.splitlines()[0].startswith("\x1b[3m第一章")
    assert "\x1b[1m 指标" in printed
    assert "\x1b" not in printed.splitlines()[-1]


@pytest.mark.parametrize("width", [1, 5, 12])
def test_a_screen_that_is_too_narrow_loses_no_character(width: int) -> None:
    printed = table("", ["一", "二", "三"], [["规划", "方案", "通知"]], width)
    assert {"规", "划", "方", "案", "通", "知"} <= set(printed)
