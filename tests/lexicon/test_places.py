"""Places: the division that a title is about, by its full name."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.lexicon.places import find, is_within, region_of, remove_places, same_place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("绍兴市上虞区卫生健康现代化建设实施方案", "绍兴市上虞区"),
        ("关于《呼和浩特市“十四五”卫生与健康事业发展规划》征求意见的通知", "呼和浩特市"),
        ("朔州市人民政府关于印发《朔州市“十四五”公共卫生体系规划》的通知", "朔州市"),
        ("乌兰察布市卫生健康委党组书记、主任 张贵平", "乌兰察布市"),
        ("鄂尔多斯“十四五”卫生健康事业发展规划", "鄂尔多斯市"),
        ("健康上虞行动（2020—2030年）", "上虞区"),
        ("浙江省绍兴市上虞区教育规划", "浙江省绍兴市上虞区"),
        ("北京市朝阳区教育规划", "北京市朝阳区"),
        ("恩施州卫生健康事业“十四五”规划", "恩施土家族苗族自治州"),
        ("峨边县养老服务规划", "峨边彝族自治县"),
        ("广西“十四五”卫生健康规划", "广西壮族自治区"),
        ("吉林省吉林市城镇体系规划", "吉林省吉林市"),
        ("吉林教育", "吉林省"),
        ("西安市新城区国土空间规划", "西安市新城区"),
        ("雄安新区医疗卫生规划", "雄安新区"),
        ("内蒙古自治区人民政府关于印发呼和浩特市国土空间规划的通知", "呼和浩特市"),
        ("省政府关于《推进绍兴市卫生健康现代化建设实施方案》的意见", "绍兴市"),
    ],
)
def test_a_title_names_its_place(text: str, expected: str) -> None:
    assert region_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "国家卫生健康委办公厅关于印发公立医院评价指标的通知",
        "关于做好合作医疗工作的通知",
        "公安机关办理行政案件程序规定",
        "全面加强新城区建设",
        "城区9分钟、乡镇15分钟",
        "推进国家长治久安",
        "中山大学附属第一医院建设规划",
        "资源枯竭城市转型规划",
        "",
    ],
)
def test_words_are_no_places(text: str) -> None:
    assert region_of(text) is None


def test_a_text_is_about_the_place_of_its_first_title_line() -> None:
    text = (
        "\n鄂尔多斯市“十四五”卫生健康事业发展规划\n\n“十四五”时期，"
        + "根据《内蒙古自治区规划》，结合全市实际，制定本规划。" * 30
    )
    assert region_of(text) == "鄂尔多斯市"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("上虞区", "绍兴市上虞区", True),
        ("恩施州", "恩施土家族苗族自治州", True),
        ("内蒙古", "内蒙古自治区", True),
        ("上虞市", "上虞区", True),
        ("朝阳市", "北京市朝阳区", False),
        ("山西省", "陕西省", False),
        ("海南省", "海南藏族自治州", False),
        ("昌吉州", "昌吉市", False),
        ("吉林省", "吉林市", False),
    ],
)
def test_places_are_compared_by_what_they_are(a: str, b: str, same: bool) -> None:
    assert same_place(a, b) is same
    assert same_place(b, a) is same


def test_parents_are_known() -> None:
    assert is_within("朔州市", "山西省")
    assert is_within("绍兴市上虞区", "浙江省")
    assert not is_within("山西省", "朔州市")
    assert not is_within("朔州市", "朔州市")
    assert not is_within("朔州市", "陕西省")


def test_places_are_taken_out_of_a_name() -> None:
    assert remove_places("绍兴市上虞区卫生健康规划") == "卫生健康规划"


def test_the_whole_list_is_there() -> None:
    assert [place.code for place in find("呼和浩特市")] == ["150100"]
    assert {place.level for place in find("呼和浩特市")} == {"prefecture"}
    for name in (
        "雁塔区",
        "深圳市",
        "和田地区",
        "石河子市",
        "墨脱县",
        "林芝市",
        "天门市",
        "三沙市",
        "巴彦淖尔市",
        "伊金霍洛旗",
    ):
        assert find(name), name


def test_loading_is_quick() -> None:
    code = "import time,watcher.lexicon.places as p;t=time.process_time();p.region_of('朔州市');print(time.process_time()-t)"
    best = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    assert best < 0.2  # 15 ms on an idle core; the machine of a test run is not idle


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    found = region_of(text)
    assert found is None or find(found)


@pytest.mark.parametrize(
    "text", ["推进医保定点医药机构管理", "建设五宜城市", "延长健康寿命", "长治久安", "交通化工园区规划"]
)
def test_a_name_across_two_words_is_no_place(text: str) -> None:
    assert region_of(text) is None


def test_a_county_that_is_also_a_word_is_known_by_its_suffix() -> None:
    assert region_of("延长县教育规划") == "延长县"


def test_the_end_of_another_name_is_no_place() -> None:
    assert region_of("祁连州地方病防治规划") is None
    assert region_of("连州地方病防治规划") == "连州市"


def test_a_place_named_elsewhere_tells_which_of_several_is_meant() -> None:
    assert region_of("西湖区文物保护利用规划 杭州市") == "杭州市西湖区"
    assert region_of("通州区教育规划（征求意见稿） 南通市通州区教育体育局") == "南通市通州区"
    assert region_of("鼓楼区养老规划") == "鼓楼区"
