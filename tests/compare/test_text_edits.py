"""Paragraphs are aligned first: moved, renumbered, split and re-spaced ones are recognised as such."""

from __future__ import annotations

import pytest

from tests.compare.patching import apply
from tests.compare.support import document, reading
from watcher.compare import compare
from watcher.types import Edit, Reading

PARAGRAPHS = [
    "健全基层医疗服务网络，乡镇卫生院要在3个方面持续用力。",
    "妇幼保健机构实行标准化管理，4个县区先行先试。",
    "推广中医适宜技术，让群众在家门口看得上名医。",
    "完善院前急救体系，缩短呼叫反应时间。",
    "发展居家养老，鼓励社会力量举办护理站。",
    "引进高层次人才，落实编制和待遇。",
]


def edits(before: str | Reading, after: str | Reading) -> list[Edit]:
    old = reading(before) if isinstance(before, str) else before
    new = reading(after) if isinstance(after, str) else after
    change = compare(old, new, (), ())
    assert apply(old.text, change.edits) == new.text
    return list(change.edits)


def test_a_moved_paragraph_is_one_edit() -> None:
    moved = [*PARAGRAPHS[1:5], PARAGRAPHS[0], PARAGRAPHS[5]]
    (edit,) = edits("\n".join(PARAGRAPHS), "\n".join(moved))
    assert (edit.kind, edit.before, edit.after) == ("move", PARAGRAPHS[0], PARAGRAPHS[0])


def test_a_moved_and_changed_paragraph_says_what_changed() -> None:
    changed = PARAGRAPHS[0].replace("3个方面", "9个方面")
    (edit,) = edits("\n".join(PARAGRAPHS), "\n".join([*PARAGRAPHS[1:5], changed, PARAGRAPHS[5]]))
    assert edit.kind == "move"
    assert [span for span in edit.spans if span[0] != "equal"] == [("delete", "3个"), ("insert", "9个")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("第三节 基层服务", "第四节 基层服务"),
        ("（二）强化保障机制", "（三）强化保障机制"),
        ("2.建设区域中心", "3.建设区域中心"),
        ("三、保障措施与监测", "四、保障措施与监测"),
    ],
)
def test_renumbering_is_form(before: str, after: str) -> None:
    (edit,) = edits(f"{PARAGRAPHS[0]}\n{before}", f"{PARAGRAPHS[0]}\n{after}")
    assert edit.kind == "format"
    assert "".join(text for kind, text in edit.spans if kind == "equal").endswith(before[-4:])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("到2025年，基本建成。", "到 2025 年，基本建成。"), ("达到９５％。", "达到95%。"), ("“十四五”时期", "十四五时期"), ("全市(含旗县),", "全市（含旗县），"),
        ("1—1.5名", "1-1.5名"),
        ("培训妇幼健康人员1,200人次", "培训妇幼健康人员1200人次"),
    ],
)  # fmt: skip
def test_width_spacing_and_quotes_are_form(before: str, after: str) -> None:
    assert [edit.kind for edit in edits(before, after)] == ["format"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("达到95%。", "达到95‰。"),
        ("低于<28", "低于≥28"),
        ("面积10²", "面积102"),
        ("共1 234个", "共1234个"),
        ("第①类", "第1类"),
        ("2025年目标", "2026年目标"),
        ("编号为1,20的两处", "编号为120的两处"),
    ],
)
def test_signs_units_and_figures_are_content(before: str, after: str) -> None:
    assert [edit.kind for edit in edits(before, after)] == ["replace"]


def test_inserted_and_deleted_paragraphs_carry_their_section() -> None:
    old = document("第一章 总则", PARAGRAPHS[0], "第二章 任务", "第一节 妇幼", PARAGRAPHS[1])
    new = document("第一章 总则", "第二章 任务", "第一节 妇幼", PARAGRAPHS[1], PARAGRAPHS[3])
    assert [(edit.kind, edit.section) for edit in edits(old, new)] == [
        ("delete", "第一章 总则"),
        ("insert", "第二章 任务 第一节 妇幼"),
    ]


def test_a_paragraph_split_in_two_is_form_unless_words_changed() -> None:
    whole = PARAGRAPHS[0] + PARAGRAPHS[1]
    (edit,) = edits(f"头\n{whole}\n尾", f"头\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n尾")
    assert edit.kind == "format"
    (edit,) = edits(f"头\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n尾", f"头\n{whole.replace('4个', '5个')}\n尾")
    assert edit.kind == "replace"
    assert [text for kind, text in edit.spans if kind != "equal"] == ["\n", "4个", "5个"]


def test_another_kind_of_block_with_the_same_text_is_no_edit() -> None:
    assert edits(document("第一章 总则", "话"), Reading("document", "t", reading("第一章 总则\n话").blocks)) == []


def test_a_paragraph_with_a_heading_of_its_own_is_found_where_it_went() -> None:
    one, other, third = (
        "完善服务。新建旅游厕所60座，景区智慧化覆盖率不低于80%。",
        "做优景区。创建5A级景区1家。",
        "壮大主体。规模以上文旅企业达到90家，扶持旅行社30家。",
    )
    before = reading(f"（一）{one}\n（二）{other}\n（三）{third}")
    after = reading(f"（一）壮大主体。规模以上文旅企业达到90家以上。\n（二）{one}\n（三）{other}")
    edits = compare(before, after, (), ()).edits
    assert [(edit.kind, edit.before[3:7]) for edit in edits if edit.kind != "format"] == [("move", "壮大主体")]
    # Where two paragraphs begin alike, nothing says which of them went where.
    twins = reading(f"（一）{one}\n（二）{other}\n（三）{third}\n（四）壮大主体。引进行业龙头企业落户本地。")
    assert "insert" in {edit.kind for edit in compare(twins, after, (), ()).edits}


def test_a_paragraph_that_became_a_list_is_one_edit_in_which_the_words_that_stayed_stand() -> None:
    whole = "到2025年，老年人健康管理率达到65%以上，中医药健康管理率达到75%以上，设立老年医学科的比例达到60%以上。"
    items = "到2025年，实现以下目标：\n（一）老年人健康管理率达到65%以上；\n（二）中医药健康管理率达到75%以上；\n（三）设立老年医学科的比例达到65%以上。"
    for before, after in ((whole, items), (items, whole)):
        (edit,) = edits(f"第一章 目标\n{before}\n第二章 保障", f"第一章 目标\n{after}\n第二章 保障")
        assert (edit.kind, edit.before, edit.after) == ("replace", before, after)
        changed = {text for kind, text in edit.spans if kind != "equal"}
        assert {"60%", "65%"} <= changed
        assert not any("健康管理率" in text for text in changed)


def test_units_of_several_characters_are_exchanged_whole() -> None:
    (edit,) = edits("抽水蓄能120万千瓦。", "抽水蓄能1200兆瓦。")
    assert [text for kind, text in edit.spans if kind != "equal"] == ["120万千瓦", "1200兆瓦"]


def test_a_full_stop_typed_as_a_point_is_form() -> None:
    (edit,) = edits("市级每年安排120万元。", "市级每年安排120万元.")
    assert edit.kind == "format"
    (edit,) = edits("市级每年安排1.2万元。", "市级每年安排12万元。")
    assert edit.kind == "replace"
