"""The index of known editions: the right ones of twenty thousand, within milliseconds."""

from __future__ import annotations

import time
from itertools import islice, product

from tests.compare.test_lineage import PAIRS
from watcher.compare.kernels import KernelIndex, _grams
from watcher.compare.lineage import Facts, bounds, explain, possible

SUBJECTS = (
    "卫生健康",
    "医疗保障",
    "教育发展",
    "综合交通运输",
    "能源发展",
    "水安全保障",
    "养老服务",
    "住房发展",
    "生态环境保护",
    "中医药发展",
)
SYLLABLES = "云溪安和平远清江临泽宁阳东莱西岭南浦北川永固"


def _places() -> list[str]:
    return [one + other + "市" for one in SYLLABLES for other in SYLLABLES if one != other]


def _many() -> list[Facts]:
    titles = [
        f"关于公开征求《{place}“十{number}五”{subject}规划（征求意见稿）》意见的公告"
        for place in _places()
        for subject in SUBJECTS
        for number in "二三四五六"
    ]
    return [Facts(title) for title in titles]


def test_the_draft_of_a_final_is_found_among_twenty_thousand_quickly() -> None:
    known = _many()
    assert len(known) >= 20_000
    index = KernelIndex(known)
    times = []
    for place in _places()[::23]:
        final = Facts(f"{place}人民政府办公室关于印发《{place}“十四五”养老服务规划》的通知")
        start = time.process_time()
        found = index.propose(final)
        times.append(time.process_time() - start)
        assert [known[position].title for link, position in found if link.linked] == [
            f"关于公开征求《{place}“十四五”养老服务规划（征求意见稿）》意见的公告"
        ]
    assert sorted(times)[len(times) // 2] < 0.02


def test_a_doubtful_one_is_proposed_behind_the_sure_one() -> None:
    known = [
        Facts("朔州市供水管理暂行办法（征求意见稿）"),
        Facts("朔州市供水管理办法（征求意见稿）"),
        Facts("大同市供水管理办法（征求意见稿）"),
    ]
    found = KernelIndex(known).propose(Facts("朔州市人民政府关于印发《朔州市供水管理办法》的通知"))
    assert [(position, link.linked) for link, position in found] == [(1, True), (0, False)]


def test_of_a_series_hardly_any_is_compared_in_full() -> None:
    index = KernelIndex([Facts(f"第{number}号城市“十四五”卫生健康发展规划") for number in range(3000)])
    new = Facts("关于印发《第1132号城市“十四五”卫生健康发展规划》的通知")
    mine = bounds(new)
    likest = list(islice(index._likest(new, mine), 40))
    assert likest[0] == 1132
    assert len(likest) == 40
    assert [position for position in likest if possible(index._bounds[position], mine)] == [1132]


def test_what_is_impossible_is_no_link() -> None:
    titles = [
        "朔州市“十四五”公共卫生规划",
        "山西省朔州市“十四五”公共卫生规划（征求意见稿）",
        "山西省“十四五”公共卫生规划",
        "大同市“十四五”公共卫生规划",
        "朔州市“十三五”公共卫生规划",
        "“十四五”公共卫生规划",
        "国务院办公厅关于印发“十四五”公共卫生规划的通知",
        "朔州市公共卫生规划",
        "公共卫生规划（2021-2025年）",
        "《朔州市“十四五”公共卫生规划》解读",
        "朔州市人民政府关于废止《朔州市“十四五”公共卫生规划》的决定",
        "朔州市“十四五”公共服务规划",
        "朔州市公共卫生办法",
        "朔州市公共卫生工作要点（第3批）",
        "朔州市公共卫生工作要点（第13批）",
    ]
    ruled_out = 0
    for one, other in product(titles, titles):
        a, b = Facts(one), Facts(other)
        if not possible(bounds(a), bounds(b)):
            ruled_out += 1
            assert explain(a, b).relation == "none", (one, other)
    assert ruled_out > 100


def test_no_labelled_link_is_ruled_out() -> None:
    for label, first, second in PAIRS:
        a, b = Facts(first), Facts(second)
        if explain(a, b).relation != "none":
            assert possible(bounds(a), bounds(b)), (label, first, second)
            assert possible(bounds(b), bounds(a)), (label, first, second)


def test_those_that_share_the_most_come_first_however_many_hold_a_pair() -> None:
    known = _many()[:1500]
    index = KernelIndex(known)
    new = Facts("关于印发《云溪市“十四五”卫生健康规划》的通知")
    anywhere = bounds(new)._replace(region=None, period=None)
    shared = [len(_grams(new) & _grams(one)) for one in known]
    wanted = sorted((place for place, count in enumerate(shared) if count), key=lambda place: (-shared[place], place))
    assert list(index._likest(new, anywhere)) == wanted
    assert len(set(shared)) > 4


def test_plans_of_other_years_do_not_hide_the_one_of_these() -> None:
    known = [Facts(f"朔州市{year}年卫生健康工作要点") for year in range(1950, 2024)]
    index = KernelIndex([*known, Facts("朔州市2024年卫生健康重点工作要点（征求意见稿）")])
    found = index.propose(Facts("朔州市2024年卫生健康重点工作要点"))
    assert [(position, link.linked) for link, position in found] == [(len(known), True)]


def test_a_name_that_two_provinces_have_is_looked_for_in_both_and_found_once() -> None:
    known = [Facts("朝阳区供水管理办法（征求意见稿）"), Facts("长春市朝阳区供水管理办法（征求意见稿）")]
    found = KernelIndex(known).propose(Facts("朝阳区供水管理办法"))
    assert sorted(position for _, position in found) == [0, 1]
    elsewhere = KernelIndex(known).propose(Facts("北京市朝阳区供水管理办法"))
    assert [position for _, position in elsewhere] == [0]


def test_plans_of_the_same_name_elsewhere_do_not_hide_the_one_of_this_place() -> None:
    cities = "大同 朔州 忻州 晋中 吕梁 临汾 运城 长治 晋城 阳泉 太原 包头 乌海 赤峰 通辽 沈阳 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 四平 辽源 通化 白山 松原 白城 鹤岗 鸡西 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 徐州 常州 南通 淮安 盐城 扬州 镇江 泰州 宿迁"
    known = [Facts(f"{city}市“十四五”卫生健康规划（征求意见稿）") for city in cities.split()]
    index = KernelIndex([*known, Facts("关于公开征求《海东市“十四五”卫生健康事业发展规划》意见的公告")])
    found = index.propose(Facts("海东市人民政府办公室关于印发海东市“十四五”卫生健康规划的通知"))
    assert [(position, link.linked) for link, position in found] == [(len(known), True)]


def test_nothing_known_gives_nothing() -> None:
    assert KernelIndex().propose(Facts("朔州市供水管理办法")) == []
    assert KernelIndex([Facts("公告.pdf")]).propose(Facts("附件.pdf")) == []
