"""Renderings: the first line answers, nothing of a page becomes mark-up, and the JSON shape is the contract's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from tests.compare.support import document, indicator, table
from watcher.compare import compare, render
from watcher.compare.context import fold
from watcher.compare.moves import moves
from watcher.types import Change, Indicator, Move, Reading, Stage, VersionRef

HOSTILE = "<script>alert(1)</script> [x](javascript:y) @all **b** \x1b[31m\u202e|"


def _plan(infant: str, beds: str) -> Reading:
    rows = [
        ["指标", "2025年", "属性"],
        ["婴儿死亡率（‰）", f"≤{infant}", "预期性"],
        ["每千人口床位数（张）", beds, "预期性"],
    ]
    return document(
        "第二章 主要目标", f"到2025年，婴儿死亡率控制在{infant}‰以内。", table(rows), "第三章 保障", "加强领导。"
    )


def _indicators(infant: str, beds: str) -> list[Indicator]:
    return [
        indicator("婴儿死亡率", infant, "‰", op="<=", nature="预期性", quote=f"婴儿死亡率（‰） ≤{infant} 预期性"),
        indicator("每千人口床位数", beds, "张", nature="预期性", quote=f"每千人口床位数（张） {beds} 预期性"),
    ]


@pytest.fixture
def change() -> Change:
    added = indicator("居民健康素养水平", "25", "%", op=">=", nature="约束性")
    return compare(_plan("6", "6.8"), _plan("5", "7.5"), _indicators("6", "6.8"), [*_indicators("5", "7.5"), added])


def test_the_first_line_says_how_many_moved_and_which_way(change: Change) -> None:
    assert render.headline(change) == "3项指标变动：1项收紧、1项上调、1项新增；文字修改3处"
    assert render.headline(change, "en") == "3 indicators moved: 1 tightened, 1 raised, 1 added; 3 text edits"
    assert render.headline(Change()) == "没有差异"
    assert render.headline(Change(edits=change.edits)) == "指标无变动；文字修改3处"
    for text in (render.plain(change), render.markdown(change)):
        assert "3项指标变动：1项收紧、1项上调、1项新增" in text.splitlines()[0]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (indicator("婴儿死亡率", "6", "‰", op="<="), indicator("婴儿死亡率", "5", "‰", op="<="), "婴儿死亡率（2025年）≤6‰ → ≤5‰ 收紧"),
        (
            indicator("婴儿死亡率", "6", "‰", nature="预期性"),
            indicator("婴儿死亡率", "6", "‰", nature="约束性"),
            "婴儿死亡率（2025年）6‰（预期性） → 6‰（约束性） 改为约束性",
        ),
        (None, indicator("居民健康素养水平", "25", "%", op=">="), "居民健康素养水平（2025年）≥25% 新增"),
        (indicator("人均期望寿命", "78", "岁"), indicator("人均预期寿命", "78", "岁"), "人均期望寿命 78岁 → 人均预期寿命 78岁（2025年） 表述调整"),
        (indicator("人均期望寿命", "78", "岁"), indicator("人均预期寿命", "79", "岁"), "人均预期寿命（原人均期望寿命）（2025年）78岁 → 79岁 收紧"),
        (indicator("甲率", "78", "%"), indicator("甲率", "78", "%", year=2030), "甲率 2025年78% → 2030年78% 推迟"),
        (indicator("甲率", "7", "%", role="baseline", year=2020), indicator("甲率", "8", "%", role="baseline", year=2020), "甲率（2020年基数）7% → 8% 数据修订"),
    ],
)  # fmt: skip
def test_a_move_is_one_line(before: Indicator | None, after: Indicator | None, line: str) -> None:
    (move,) = moves([before] if before else [], [after] if after else [])
    assert render.describe(move) == line
    assert "→" in render.describe(move, "en") or before is None


def test_values_read_as_people_write_them() -> None:
    assert render.value(indicator("孕产妇死亡率", "12", "1/10万", op="<=")) == "≤12/10万"
    assert render.value(indicator("电力装机", None, "万千瓦", text="1100-1200")) == "1100-1200万千瓦"
    assert render.value(indicator("浓度", "28", "mg/L", op="<")) == "<28 mg/L"
    assert render.value(indicator("比重", "27", "%", op="~"), "en") == "about 27%"
    assert render.value(indicator("比重", None, "%", text="持续提高")) == "持续提高"


def test_plain_marks_words_and_the_terminal_colours_them(change: Change) -> None:
    assert "婴儿死亡率控制在[-6‰-]{+5‰+}以内" in render.plain(change)
    assert "\x1b" not in render.plain(change)
    coloured = render.terminal(change)
    assert "\x1b[31;9m6‰\x1b[0m\x1b[32;1m5‰\x1b[0m" in coloured
    assert "§ 第二章 主要目标" in coloured


def test_context_is_folded() -> None:
    folded = fold([("equal", "甲" * 500), ("delete", "6"), ("insert", "5"), ("equal", "乙" * 500)], 10)
    assert folded == (("equal", "…" + "甲" * 10), ("delete", "6"), ("insert", "5"), ("equal", "乙" * 10 + "…"))


def test_an_endless_insertion_is_shown_in_part() -> None:
    change = compare(document("头"), document("头", "长" * 100_000), (), ())
    for text in (render.plain(change), render.markdown(change), render.html(change)):
        assert len(text) < 8_000
        assert "长…" in text


def test_english_renderings_have_no_chinese_of_our_own() -> None:
    before = document("x", table([["a", "b"], ["c", "1"], ["d", "2"]]))
    after = document("x y", table([["a", "b", "e"], ["c", "3", "4"], ["d", "2", "5"]]))
    sides = indicator("rate", "1", "%", nature="预期性"), indicator("rate", "2", "%", nature="约束性")
    change = Change(moves([sides[0]], [sides[1]]), compare(before, after, (), ()).edits)
    for text in (
        render.plain(change, "en"),
        render.terminal(change, "en"),
        render.markdown(change, "en"),
        render.fragment(change, "en"),
    ):
        assert [char for char in text.replace("rate 1%", "") if "\u4e00" <= char <= "\u9fff" or char in "：（）"] == []


def test_a_new_column_is_one_line() -> None:
    rows = [["指标", "2025年"], ["甲率", "1"], ["乙率", "2"]]
    new = [["指标", "2025年", "2030年"], ["甲率", "1", "3"], ["乙率", "2", "4"]]
    change = compare(document(table(rows)), document(table(new)), (), ())
    assert "[表格列新增] +2030年（3行）" in render.plain(change)
    assert render.headline(change) == "指标无变动；文字修改1处"


def test_a_moved_chapter_and_a_change_of_width_are_told_in_one_line_each() -> None:
    chapter = [f"（{n}）第{n}项任务各有各的内容，写在这里。" for n in "一二三四五六"]
    rest = [f"其他段落{n}，不会变动，也各有各的内容，内容要多一些。" for n in range(9)]
    before, after = document(*chapter, *rest), document(*rest, *chapter)
    change = compare(before, after, (), ())
    (line,) = [line for line in render.plain(change).splitlines() if "[移动]" in line]
    assert line.endswith("（等6处）")
    assert render.headline(change) == "指标无变动；移动6处"
    wide = compare(document(*rest), document(*(line.replace("，", ",") for line in rest)), (), ())
    assert render.markdown(wide).count("格式") == 2
    assert "（等9处）" in render.html(wide)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


def _hostile() -> Change:
    side = indicator(HOSTILE, "1", HOSTILE, quote=HOSTILE, text=HOSTILE)
    move = Move(HOSTILE, None, 2025, HOSTILE, "added", "added", None, side)
    text = compare(document("头"), document("头", HOSTILE), (), ())
    return Change((move,), text.edits)


def test_html_is_one_file_without_scripts_and_escapes_every_text() -> None:
    page = render.html(_hostile(), title=HOSTILE, note=HOSTILE)
    tags = _Tags()
    tags.feed(page)
    assert {tag for tag, _ in tags.seen}.isdisjoint({"script", "img", "link", "iframe", "a", "b"})
    assert not any(
        name.startswith("on") or name in ("src", "href", "style") for _, attrs in tags.seen for name, _ in attrs
    )
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_markdown_escapes_every_text() -> None:
    text = render.markdown(_hostile())
    assert "<script>" not in text
    assert "[x](" not in text
    assert " @all" not in text
    assert "\x1b" not in text
    (row,) = [line for line in text.splitlines() if "新增" in line and line.startswith("|")]
    assert row.replace("\\|", "").count("|") == 6


def test_a_terminal_gets_no_escape_sequence_of_a_page() -> None:
    assert "\x1b" not in render.plain(_hostile())
    assert "\x1b[31m" not in render.terminal(_hostile())


def test_json_has_the_shape_of_the_contract(change: Change) -> None:
    stages: list[Stage] = ["draft", "final"]
    refs = [
        VersionRef(n, stage, datetime(2026, 1, n, tzinfo=UTC), f"https://example.org/{n}")
        for n, stage in enumerate(stages, 1)
    ]
    found = json.loads(json.dumps(render.to_json(change, "plan", *refs), ensure_ascii=False))
    assert list(found) == ["document", "from", "to", "moves", "edits"]
    assert found["from"] == {
        "version": 1,
        "stage": "draft",
        "seen_at": "2026-01-01T00:00:00+00:00",
        "url": "https://example.org/1",
    }
    move = found["moves"][0]
    assert [move[name] for name in ("name", "year", "unit", "kind", "effect")] == [
        "婴儿死亡率",
        2025,
        "‰",
        "changed",
        "tightened",
    ]
    assert {"op": "<=", "value": "6", "text": "≤6", "nature": "预期性"}.items() <= move["before"].items()
    assert found["moves"][2]["before"] is None
    edit = found["edits"][0]
    assert (edit["kind"], edit["section"]) == ("replace", "第二章 主要目标")
    assert ["delete", "6‰"] in edit["spans"]


def test_tables_show_both_names_and_both_years() -> None:
    (move,) = moves([indicator("人均期望寿命", "78", "岁")], [indicator("人均预期寿命", "79", "岁")])
    (later,) = moves([indicator("甲率", "78", "%")], [indicator("甲率", "78", "%", year=2030)])
    change = Change((move, later), ())
    for text in (render.markdown(change), render.html(change)):
        assert "人均预期寿命（原人均期望寿命）" in text
        assert "2025年 → 2030年" in text


def test_form_is_not_shown_beside_content() -> None:
    before, after = "（二）到位率达到95%以上，阳性率达到50%以上。", "(二)到位率达到95％以上，阳性率达到55%以上。"
    change = compare(document(before), document(after), (), ())
    assert "(二)到位率达到95％以上，阳性率达到[-50%-]{+55%+}以上。" in render.plain(change)
    only = compare(document("（二）到位率达到95%。"), document("(二)到位率达到95％。"), (), ())
    assert "[-95%-]{+95％+}" in render.plain(only)
