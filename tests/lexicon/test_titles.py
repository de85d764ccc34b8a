"""Titles: the plan that a notice carries, its stage, its years."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.lexicon.titles import kernel, parse, period_of, plan_title, stage_of
from watcher.types import Stage

PLAN = "云溪市“十四五”卫生健康发展规划"


@pytest.mark.parametrize(
    "title",
    [
        "关于公开征求《云溪市“十四五”卫生健康发展规划（征求意见稿）》意见的公告",
        "云溪市人民政府办公室关于印发《云溪市“十四五”卫生健康发展规划》的通知",
        "云溪市人民政府办公室关于印发 云溪市“十四五”卫生健康发展规划 的通知",
        "云溪市“十四五”卫生健康发展规划（送审稿）",
        "【已结束】关于云溪市“十四五”卫生健康发展规划（征求意见稿）公开征求意见的通知",
        "一图读懂《云溪市“十四五”卫生健康发展规划》",
        "《云溪市“十四五”卫生健康发展规划》政策解读",
        "附件1：云溪市“十四五”卫生健康发展规划.pdf",
        "关于转发《云溪市人民政府关于印发〈云溪市“十四五”卫生健康发展规划〉的通知》的通知",
        "云溪市“十四五”卫生健康发展规划（已失效）",
        "关于废止《云溪市“十四五”卫生健康发展规划》的决定",
    ],
)
def test_every_frame_carries_the_same_plan(title: str) -> None:
    assert plan_title(title) == PLAN
    assert kernel(title) == kernel(PLAN)


def test_a_document_of_its_own_keeps_its_whole_name() -> None:
    assert kernel("《云溪市养老服务条例》实施细则") == "云溪市养老服务条例实施细则"
    assert kernel("关于贯彻落实《健康中国行动》的实施意见") != kernel("健康中国行动")


def test_a_number_is_no_plan() -> None:
    assert kernel("云府办规〔2023〕5号.pdf") == ""
    assert kernel("云溪市医疗保障局关于公开征求意见的公告") == ""
    assert parse("").plans == ("",)


def test_two_plans_in_one_notice_are_both_known() -> None:
    assert set(
        parse("关于公开征求《甲市自建房管理办法（征求意见稿）》《甲市房屋征收评估办法（征求意见稿）》意见的公告").plans
    ) == {"甲市自建房管理办法", "甲市房屋征收评估办法"}


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("关于公开征求《云溪市医疗急救条例（征求意见稿）》意见的公告", "draft"),
        ("云溪市医疗急救条例（草案）", "draft"),
        ("云溪市国土空间总体规划（2021-2035年）草案公示", "draft"),
        ("云溪市医疗急救条例（报批稿）", "review"),
        ("云溪市人民政府关于印发《云溪市医疗急救办法》的通知", "final"),
        (PLAN, "final"),
        ("绍兴市上虞区卫生健康现代化建设实施方案", "final"),
        ("云溪市医疗急救条例（2023年修订）", "amended"),
        ("关于修改《云溪市供水条例》的决定", "amended"),
        ("关于废止《云溪市供水条例》的决定", "repealed"),
        ("云溪市供水条例（已失效）", "repealed"),
        ("一图读懂云溪市供水条例", "interpretation"),
        ("《云溪市供水条例》答记者问", "interpretation"),
        ("张三:立足当前 聚焦重点 夯实筑牢卫生健康防线", "other"),
        ("在全市卫生健康工作会议上的讲话", "other"),
        ("关于《云溪市供水条例（征求意见稿）》意见采纳情况的公告", "other"),
        ("关于《云溪市供水条例（征求意见稿）》的起草说明", "other"),
        ("国务院关于《云溪市国土空间总体规划》的批复", "other"),
        ("关于征集云溪市养老服务优秀案例的通知", "other"),
    ],
)
def test_the_stage_is_told_by_the_title(title: str, stage: Stage) -> None:
    assert stage_of(title) == stage


def test_a_bare_plan_whose_text_asks_for_opinions_is_a_draft() -> None:
    assert stage_of(PLAN, f"{PLAN}\n\n（征求意见稿）\n\n“十四五”时期…") == "draft"
    assert stage_of(PLAN, "现将有关内容向社会公开征求意见，请于9月18日前反馈。") == "draft"
    assert stage_of(PLAN, "“十四五”时期是重要机遇期。" * 50 + "建立健全公开征求意见制度。") == "final"


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        *((f"（{word}稿）", "review") for word in ("送审", "送 审 ", "报批", "报审", "审议", "评审", "上会")),
        *(
            (f"（{word}）", "draft")
            for word in ("征求意见稿", "征 求 意 见 稿", "征求意见版", "公⽰稿", "草案公示", "公示草案", "讨论稿")
        ),
    ],
)
def test_a_stage_on_a_line_of_its_own_counts_however_it_is_printed(line: str, stage: str) -> None:
    assert stage_of(PLAN, f"{PLAN}\n{line}\n“十四五”时期是重要机遇期。") == stage


def test_an_issued_plan_stays_final_whatever_its_text_mentions() -> None:
    assert (
        stage_of("云溪市人民政府关于印发《云溪市重大行政决策程序》的通知", "决策事项应当向社会公开征求意见。")
        == "final"
    )


@pytest.mark.parametrize(
    ("text", "period"),
    [
        (PLAN, "2021-2025"),
        ("云溪市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "2021-2025"),
        ("云溪市“十三五”卫生规划", "2016-2020"),
        ("国民健康“十五五”规划", "2026-2030"),
        ("云溪市养老服务设施规划（2021—2035年）", "2021-2035"),
        ("托育服务三年行动计划(2023年至2025年)", "2023-2025"),
        ("2020年卫生健康工作要点", "2020"),
        ("云溪市供水条例（2023年修订）", None),
        ("2035年远景目标纲要", None),
        ("云溪市供水条例", None),
        ("总结2019年工作,分析形势。\n部署2020年及今后一个时期的工作任务。", "2020"),
    ],
)
def test_the_period_is_read(text: str, period: str | None) -> None:
    assert period_of(text) == period


def test_an_end_year_closes_a_period_that_begins_with_publication() -> None:
    text = "一、总体要求\n到2027年，率先实现区域卫生健康现代化。" + "。" * 300
    assert period_of(text) is None
    assert period_of(text, year=2023) == "2023-2027"


@given(
    st.text(
        alphabet="《》〈〉（）()[]【】“”关于印发公开征求意见的通知公告规划办法废止解读一图读懂第十四个五年2021-5 X",
        max_size=120,
    )
)
def test_no_title_raises_and_none_is_lost(title: str) -> None:
    assert parse(title).plans
    assert isinstance(kernel(title), str)
    assert stage_of(title, title) in ("draft", "review", "final", "amended", "repealed", "interpretation", "other")
    period = period_of(title)
    assert period is None or len(period) in (4, 9)


@pytest.mark.parametrize("piece", ["《", "关于", "（", "征求", "第", "意见", "印发", "2021-", "公开征求《a", "的通知"])
def test_hostile_titles_are_quick(piece: str) -> None:
    start = time.process_time()
    parse(piece * 100_000)
    stage_of(piece * 1000, piece * 100_000)
    period_of(piece * 100_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("stage", "title"),
    [
        tuple(line.split("\t"))
        for line in (Path(__file__).parents[1] / "cases/lineage/stages.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ],
)
def test_a_labelled_title_tells_its_stage(stage: Stage, title: str) -> None:
    assert stage_of(title) == stage


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("关于2024年拟发放乡村医生生活补助人员名单的公示", "other"),
        ("2024年卫生系列高级职称评审结果公示", "other"),
        ("某市关于公开招聘拟聘用人员的公示", "other"),
        ("汾南市医疗卫生设施布局专项规划公示", "draft"),
        ("《汾南市综合立体交通网规划》公示", "draft"),
    ],
)
def test_a_showing_of_names_or_results_is_no_draft_of_a_plan(title: str, stage: str) -> None:
    assert stage_of(title) == stage
