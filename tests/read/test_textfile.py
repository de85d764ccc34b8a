"""Plain text as people save it from pages: heads, bylines and tails of many sites go, the document stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.read import read
from watcher.text import squeeze

BYLINE = """首页 > 政务公开 > 规划计划

安阳市“十四五”教育事业发展规划

发布时间：2022-03-01 09:30 来源：安阳市教育局 浏览次数：1234 【字体：大 中 小】 打印 关闭

安政办〔2022〕9号

为加快推进教育现代化，根据《河南省“十四五”教育事业发展规划》（豫政〔2021〕64号），制定本规划。

一、发展基础

到2025年，高中阶段教育毛入学率达到93.5%以上。

附件：1.重点项目表.xlsx

责任编辑：李四

上一篇：关于做好招生工作的通知

版权所有：安阳市人民政府 豫ICP备05000000号"""

STACKED = """索引号
11410500005575/2022-00012
主题分类
教育
发布机构
安阳市人民政府
成文日期
2022年02月25日
文号
安政〔2022〕7号
主题词

发布日期
2022年03月02日
安阳市人民政府
关于印发安阳市“十四五”能源发展规划的通知
各县（市、区）人民政府：
现将规划印发给你们，请认真组织实施。
扫一扫在手机打开当前页"""

MINUTES = """会议纪要
时间：2022年3月1日
地点：市政府常务会议室
会议听取了关于规划实施情况的汇报。"""


def test_a_byline_goes_and_the_title_above_it_stays() -> None:
    reading = read(BYLINE.encode())
    assert reading.text.split("\n")[0] == reading.title == "安阳市“十四五”教育事业发展规划"
    assert reading.text.split("\n")[-1] == "附件：1.重点项目表.xlsx"
    assert "浏览次数" not in reading.text
    assert "首页" not in reading.text
    assert reading.metadata.published_on == "2022-03-01"
    assert reading.metadata.document_number == "安政办〔2022〕9号"
    assert reading.metadata.period == "2021-2025"


def test_labels_above_their_values_are_read_and_an_empty_one_takes_no_value() -> None:
    reading = read(STACKED.encode())
    about = reading.metadata
    assert about.index_number == "11410500005575/2022-00012"
    assert about.document_number == "安政〔2022〕7号"
    assert (about.written_on, about.published_on) == ("2022-02-25", "2022-03-02")
    assert about.subject == "教育"
    assert reading.title == "安阳市人民政府关于印发安阳市“十四五”能源发展规划的通知"
    assert reading.blocks[0].text == reading.title
    assert reading.text.endswith("请认真组织实施。")


def test_labels_of_the_document_itself_stay() -> None:
    assert read(MINUTES.encode()).text == MINUTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_give_one_reading(encoding: str, ending: str) -> None:
    assert read(BYLINE.replace("\n", ending).encode(encoding)).text == read(BYLINE.encode()).text


def test_citations_are_not_the_number() -> None:
    text = "某市卫生健康规划\n\n根据《意见》（浙政办发〔2023〕25号）精神，制定本规划。到2027年，基本建成。"
    assert read(text.encode()).metadata.document_number is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("朔政发〔2022〕14号", "朔政发〔2022〕14号"),
        ("晋政发[2021]3号", "晋政发[2021]3号"),
        ("（辽卫发〔2021〕8号）", "辽卫发〔2021〕8号"),
        ("第12号", "第12号"),
        ("晋政发〔2014〕号16", "晋政发〔2014〕号16"),
    ],
)
def test_numbers_that_stand_alone_are_the_document_s(line: str, number: str | None) -> None:
    text = f"某市人民政府关于印发教育规划的通知\n\n{line}\n\n各县区人民政府：\n\n现将规划印发给你们，请认真贯彻执行。"
    assert read(text.encode()).metadata.document_number == number


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("（2023年6月15日云溪市人民政府令第340号公布 自2023年8月1日起施行）", "云溪市人民政府令第340号"),
        (
            "(2010年3月1日云溪市人民政府令第9号发布，根据2018年5月2日云溪市人民政府令第31号修订)",
            "云溪市人民政府令第9号",
        ),
        ("根据云溪市人民政府令第340号公布的办法，制定本规定。", None),
    ],
)
def test_the_decree_that_promulgates_is_the_number(line: str, number: str | None) -> None:
    text = f"云溪市城市供水管理办法\n\n{line}\n\n第一条 为了加强城市供水管理，保障供水安全，制定本办法。\n\n第二条 本办法适用于本市。"
    assert read(text.encode()).metadata.document_number == number


@pytest.mark.parametrize(
    "window",
    ["公示期为2024年3月6日至2024年3月12日（5个工作日）。", "征求意见时间自2023年12月6日起至2024年1月5日止。"],
)
def test_the_days_of_a_consultation_are_no_period(window: str) -> None:
    text = f"关于《云溪市中医药发展规划（征求意见稿）》的公示\n\n现将规划予以公示。\n\n{window}\n\n云溪市卫生健康委员会\n\n2024年3月6日"
    assert read(text.encode()).metadata.period is None


def test_bare_chapters_of_a_document_without_automatic_numbers_are_headings() -> None:
    text = (
        "某市教育规划\n\n规划背景\n\n一、发展现状\n\n"
        + "全市教育事业稳步发展。" * 12
        + "\n\n保障措施\n\n"
        + "加强领导，落实责任。" * 12
    )
    levels = [(b.text, b.level) for b in read(text.encode()).blocks if b.kind == "heading"]
    assert levels == [("某市教育规划", 1), ("规划背景", 1), ("一、发展现状", 2), ("保障措施", 1)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = read(("规划\n" + text).encode("utf-8", "surrogatepass"))
    assert isinstance(reading.text, str)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="人民政府加强建设健康服务体系，、", min_size=30, max_size=90), min_size=1, max_size=8))
def test_no_sentence_is_ever_lost(sentences: list[str]) -> None:
    text = "\n\n".join(f"（一）{sentence}。" for sentence in sentences)
    assert squeeze(read(text.encode()).text) == squeeze(text)


def test_a_table_that_stands_last_is_no_tail() -> None:
    rows = "指标名称\n2020年\n2025年\n属性\n" + "".join(
        f"{name}（%）\n{old}\n{new}\n预期性\n"
        for name, old, new in (("甲率", "—", "≥35"), ("乙率", "98", "100"), ("丙率", "42", "—"))
    )
    text = "某市养老服务规划\n一、目标\n到2025年，养老服务体系更加完善。\n主要指标\n" + rows
    for tail in ("", "打印\n关闭窗口\n分享到：\n"):
        found = read((text + tail).encode())
        (table,) = (block for block in found.blocks if block.kind == "table")
        assert table.text.count("\n") == 3
        assert "打印" not in found.text


@pytest.mark.parametrize("between", ["\t", "\n\n"], ids=["rows with tabs", "a cell a line"])
def test_an_annex_with_a_table_at_the_end_is_no_footer(between: str) -> None:
    rows = ["指标 单位 2025年 2030年 属性", "人均预期寿命 岁 79.1 80.5 预期性", "婴儿死亡率 ‰ 2.4 ≤4 约束性"]
    table = "\n\n".join(row.replace(" ", between) for row in rows)
    text = f"临江县健康规划\n\n各级财政要落实投入责任，确保规划见效。\n\n附件\n\n主要指标表\n\n{table}\n\n相关解读：\n打印 关闭\n主办：临江县人民政府"
    found = read(text.encode())
    (grid,) = [block.grid for block in found.blocks if block.grid is not None]
    assert [cell.text for cell in grid.rows[-1]] == ["婴儿死亡率", "‰", "2.4", "≤4", "约束性"]
    assert "主办" not in found.text
    assert "附件" in found.text
