"""Lines broken at a fixed width become paragraphs again; headings, rows and items stay lines."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.read.portal_pages import document
from watcher.read import read
from watcher.read.wrapped import joined, unpaged

PARAGRAPHS = (
    "　　《临江县“十四五”公共服务规划》已经县人民政府同意，现印发给你们，请认真贯彻执行。到2025年，每千人口床位数达到7.5张，婴儿死亡率控制在5‰以下，县域内就诊率达到90%以上。",
    "　　一、总体要求",
    "　　坚持以人民为中心的发展思想，坚持尽力而为、量力而行，加强普惠性、基础性、兜底性民生建设，健全基本公共服务体系，完善共建共治共享的社会治理制度。",
    "　　（一）健全网络",
    "　　每个乡镇办好1所政府举办的乡镇卫生院，每个行政村设置1所村卫生室，支持有条件的地方建设县域医疗次中心，逐步实现检查检验结果互认。",
)


def broken(paragraph: str, columns: int) -> list[str]:
    """A paragraph as a printer breaks it; a mark that may not begin a line stays on the one before."""
    lines, line, width = [], "", 0
    for character in paragraph:
        step = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        if width + step > columns and character not in "，。；：、）”":
            lines.append(line)
            line, width = "", 0
        line += character
        width += step
    return [*lines, line]


@pytest.mark.parametrize("columns", [56, 60, 72, 76, 80])
@pytest.mark.parametrize("between", ["", "\n"], ids=["indented", "blank lines"])
def test_paragraphs_are_whole_again(columns: int, between: str) -> None:
    text = ("\n" + between).join("\n".join(broken(paragraph, columns)) for paragraph in PARAGRAPHS)
    wanted = [paragraph.strip("　") for paragraph in PARAGRAPHS]
    assert [line.strip("　") for line in joined(text.split("\n")) if line] == wanted
    for body in (text.encode(), text.encode("gb18030"), f"<html><body><pre>{text}</pre></body></html>".encode()):
        assert read(body).text.split("\n") == wanted


def test_without_indents_a_paragraph_ends_where_its_sentence_ends() -> None:
    lines = [line for paragraph in PARAGRAPHS for line in broken(paragraph.strip("　"), 60)]
    assert joined(lines)[:3] == [paragraph.strip("　") for paragraph in PARAGRAPHS[:3]]


def test_rows_items_and_labels_are_not_joined() -> None:
    full = "推进医养结合和县域医共体建设并加强基层卫生人才队伍培养"
    rows = [
        "1. 人均预期寿命",
        "2. 婴儿死亡率",
        "- 孕产妇死亡率",
        "指标    2020年    2025年",
        "床位数    6.5    7.5",
        "来源：县卫生健康局",
        "一、总体要求",
    ]
    lines = [part for row in rows for part in (full, full, row)]
    found = joined(lines)
    assert all(row in found for row in rows)
    assert full + full in found


def test_one_paragraph_a_line_is_left_alone() -> None:
    lines = list(document(3, 40).paragraphs)
    assert joined(lines) == lines


@given(st.lists(st.text("甲乙1a ，。　|\t", max_size=50), max_size=30))
def test_no_character_is_lost(lines: list[str]) -> None:
    assert "".join("".join(joined(lines)).split()) == "".join("".join(lines).split())


def test_a_long_file_of_full_lines_takes_linear_time() -> None:
    begun = time.process_time()
    joined(["甲" * 40] * 100_000)
    assert time.process_time() - begun < 4


def test_justified_lines_and_the_numbers_of_printed_pages() -> None:
    """Lines of a printed page end a few columns apart, and its number stands in the middle of a sentence."""
    lines: list[str] = []
    pages: list[str] = []
    for at, paragraph in enumerate(PARAGRAPHS * 2):
        for n, line in enumerate(broken(paragraph, 58 - 2 * (at % 3))):
            lines.append(line)
            if n == 1:
                pages.append(f"— {len(pages) + 1} —")
                lines += ["", pages[-1], ""]
    found = read("\n".join(lines).encode())
    assert found.text.split("\n") == [paragraph.strip("　") for paragraph in PARAGRAPHS * 2]
    assert [drop.text for drop in found.dropped if drop.reason == "page number"] == pages


def test_figures_between_dashes_that_do_not_count_up_stay() -> None:
    lines = ["一、总体要求", "— 3 —", "坚持以人民为中心。", "— 1 —"]
    assert unpaged(lines) == (lines, [])


def test_figures_alone_number_the_pages_of_a_broken_text_only() -> None:
    lines: list[str] = []
    for number in range(1, 5):
        lines += [line.strip("　") for paragraph in PARAGRAPHS for line in broken(paragraph.strip("　"), 60)][:12]
        lines.append(str(number))
    kept, numbers = unpaged(lines)
    assert numbers == ["1", "2", "3", "4"]
    assert len(kept) == len(lines) - 4
    rows = [cell for number in range(1, 9) for cell in (str(number), "人均预期寿命（岁）", "77.3", "78.5", "预期性")]
    assert unpaged(rows) == (rows, [])


def test_what_a_viewer_says_above_the_text_is_not_joined_to_it() -> None:
    viewer = "临江县公共服务发展中长期规划文本.pdf 第1页 / 共6页 下载 收藏 全屏"
    lines = [line for paragraph in PARAGRAPHS[1:] for line in broken(paragraph.strip("　"), 66)]
    found = read("\n".join([viewer, "临江县公共服务发展规划", *lines]).encode())
    assert found.title == "临江县公共服务发展规划"
    assert viewer not in found.text
