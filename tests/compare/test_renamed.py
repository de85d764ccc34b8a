"""Titles that say something else, and titles that are only printed in another way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.compare.renamed import renamed

TITLES = [
    ("2026年第一季度行政处罚公示", "2026年第二季度行政处罚公示", True),
    ("临江县停车收费暂行办法", "临江县停车收费办法", True),
    ("关于2025年度职称评审工作的通知", "关于2026年度职称评审工作的通知", True),
    ("临江县养老服务设施专项规划（2021—2030年）", "临江县养老服务设施专项规划（2021—2035年）", True),
    ("关于公布第三批非遗代表性项目名录的通知", "关于公布第四批非遗代表性项目名录的通知", True),
    ("关于城区部分路段禁止货车通行的通告", "关于城区部分路段限制货车通行的通告", True),
    ("行政许可事项清单", "行政许可事项清单（2026年版）", True),
    ("关于召开2026年教育工作会议的通知", "关于取消召开2026年教育工作会议的通知", True),
    ("临江县2026年重点项目名单", "临江县2026年重大项目名单", True),
    ("关于城西污水处理厂运行情况的通报", "关于城东污水处理厂运行情况的通报", True),
    ("关于调整居民用水价格的通知", "关于调整非居民用水价格的通知", True),
    ("招标公告", "招标公告（更正）", True),
    ("关于印发临江县停车管理办法的通知", "关于印发《临江县停车管理办法》的通知", False),
    ("关于印发临江县停车管理办法的通知", "临江县人民政府办公室关于印发临江县停车管理办法的通知", False),
    ("临江县2026年重点项目名单", "临江县2026年重点项目名单_临江县人民政府", False),
    ("临江县2026年重点项目名单", "临江县 2026 年重点项目名单", False),
    ("临江县“十五五”规划纲要", '临江县"十五五"规划纲要', False),
    ("关于开展城乡居民基本医疗保险参保缴费工作的通知", "关于开展城乡居民基本医疗保险参保…", False),
    ("临江县停车管理办法", "通知公告", False),
    ("临江县停车管理办法", "临江县停车管理办法（临政办发〔2026〕3号）", False),
    ("临江县停车管理办法", "临江县停车管理办法【有效】", False),
    ("临江县停车管理办法.pdf", "临江县停车管理办法", False),
    ("【公告】关于城区供水管网改造的公告", "关于城区供水管网改造的公告", False),
    ("关于城区供水管网改造的公告", "关于城区供水管网改造的公告 临江县住建局", False),
]


@pytest.mark.parametrize(("before", "after", "told"), TITLES)
def test_a_title_is_renamed_where_it_says_something_else(before: str, after: str, told: bool) -> None:
    assert renamed(before, after) is told
    assert renamed(after, before) is told


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_titles_can_be_asked(before: str, after: str) -> None:
    assert renamed(before, after) == renamed(after, before)
    assert not renamed(before, before)


def test_another_title_altogether_counts_only_beside_another_text() -> None:
    before, after = "临江县停车管理办法", "关于春季森林防火的通告"
    assert not renamed(before, after)
    assert renamed(before, after, alike=0)
