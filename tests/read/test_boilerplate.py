"""What the page adds to a document, by phrases and by what the site itself teaches."""

from __future__ import annotations

from importlib import resources

import pytest
import re2
import yaml
from hypothesis import given
from hypothesis import strategies as st

from watcher.read import read
from watcher.read.boilerplate import counter_moved, folded, is_chrome, learn_noise, only_figures, tail_start, taught


@pytest.mark.parametrize(
    "line",
    [
        "扫一扫在手机打开当前页面",
        "字体：[大 中 小]",
        "【打印】【关闭】",
        "浏览次数：1,024次",
        "上一篇：关于做好工作的通知",
        "相关解读",
        "您现在的位置：首页 > 公开",
        "分享到：微信 微博",
        "网站地图",
        "版权所有 © 某市 辽ICP备05000000号",
        "首页>政务公开>规划",
    ],
)
def test_phrases_of_pages_are_known(line: str) -> None:
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line", ["关于做好企业注册登记工作的通知", "管理员队伍建设方案", "网格管理员2022年工作计划", "登录注册服务规范"]
)
def test_titles_at_the_top_are_no_chrome(line: str) -> None:
    assert not is_chrome(line, "head")


@pytest.mark.parametrize("line", ["承办方要落实责任", "主办会议的通知"])
def test_last_lines_of_documents_are_no_chrome(line: str) -> None:
    assert not is_chrome(line, "tail")


@pytest.mark.parametrize(
    "line",
    [
        "附件：1.任务分工表",
        "全体大中小学教师培训覆盖率100%",
        "共12个字段需填写",
        "阅读量",
        "访问人次",
        "标签管理制度",
        "来源：国家统计局",
        "主办",
        "一、总体要求",
        "保障措施",
        "扫黑除恶专项斗争",
        "打印机采购项目",
        "相关部门要按照职责分工落实",
        "中",
        "大",
        "字号",
        "登录系统用户数",
        "微信公众号关注人数（万人）",
        "浏览量",
        "收藏家协会",
        "返回式卫星工程",
    ],
)
def test_lines_of_documents_are_not_taken_in_the_middle(line: str) -> None:
    assert not is_chrome(line) or len(line) < 4


def test_phrases_are_linear_expressions_that_say_where_they_were_seen() -> None:
    entries = yaml.safe_load(resources.files("watcher.read").joinpath("phrases.yaml").read_text(encoding="utf-8"))
    for entry in entries:
        assert re2.compile(entry["pattern"])
        assert entry["where"] in ("any", "head", "tail")
        assert entry["seen"]


def test_the_tail_begins_at_the_first_phrase_after_the_last_sentence() -> None:
    lines = ["到2025年达到80%。", "附件：任务表", "38291", "相关推荐", "关于印发办法的通知", "2021-01-02", "返回首页"]
    assert tail_start(lines) == 2


def test_without_a_phrase_nothing_is_tail() -> None:
    assert tail_start(["到2025年达到80%。", "某市人民政府", "2021年5月20日"]) == 3


def test_a_phrase_before_the_last_sentence_is_no_tail() -> None:
    assert tail_start(["登录", "加强建设。", "某市教育局"]) == 3


def test_a_counter_that_differs_between_two_fetches_is_learned() -> None:
    noise = learn_noise(["正文。", "今日访问 12 人次"], ["正文。", "今日访问 15 人次"])
    assert noise == {folded("今日访问 99 人次")}
    assert taught("今日访问 77 人次", noise)


def test_a_server_that_still_has_the_old_page_teaches_no_noise() -> None:
    old, new = ["年接待游客1100万人次"], ["年接待游客1200万人次"]
    assert learn_noise(new, old), "without the last version the two cannot be told from a counter"
    assert learn_noise(new, old, known=old) == frozenset()


def test_an_edited_value_between_two_fetches_is_no_noise() -> None:
    assert learn_noise(["床位数达到6.8张"], ["床位数达到7.5张"]) == frozenset()


def test_a_signature_ends_the_document_not_the_organisers_above_it() -> None:
    lines = [
        "现将有关事项通知如下。",
        "主办单位：某市卫生健康委员会",
        "承办单位：市疾控中心",
        "联系人：张三",
        "某市卫生健康委员会",
        "2024年3月1日",
        "主办单位：某市卫生健康委员会",
        "网站标识码：1400000001",
    ]
    assert tail_start(lines) == 6
    assert tail_start(lines[:6]) == 6
    assert tail_start([lines[0], *lines[6:]]) == 1


@pytest.mark.parametrize(
    "line", ["地理位置：人民路以东", "位置：城南片区", "温馨提示：就诊请佩戴口罩。", "下载方式：见附件"]
)
def test_lines_of_notices_are_not_the_page_s(line: str) -> None:
    assert not is_chrome(line, "tail")


@pytest.mark.parametrize(
    "line",
    [
        "打印本页　关闭窗口",
        "[打印文章] [添加收藏]",
        "阅读 3.2万",
        "浏览量: 1,234",
        "热度：862",
        "通知公告 您的位置：首页 > 通知公告",
        "—— 本文来自政策文件网，更多内容请关注公众号",
    ],
)
def test_lines_of_pages_are_not_the_document_s(line: str) -> None:
    assert is_chrome(line, "tail")


@given(st.lists(st.text("1２a\n\u3000规", max_size=4), max_size=9), st.integers(0, 9), st.text("13\na", max_size=3))
def test_only_figures_moved_is_told_from_the_lines_that_differ_as_from_the_whole_text(
    pieces: list[str], place: int, other: str
) -> None:
    before, after = "".join(pieces), "".join([*pieces[:place], other, *pieces[place + 1 :]])
    assert only_figures(before, after) == (before != after and folded(before) == folded(after))
    assert only_figures("一、目标\n床位数达到7.5张\n2025\n", "一、目标\n床位数达到8张\n2025\n") is False
    assert only_figures("一、目标\n阅读 12\n34\n", "一、目标\n阅读 7\n34\n") is True


_LINES = st.lists(
    st.tuples(
        st.sampled_from(("床位数达到0张", "阅读0次", "0人关注", "0", "更新于0年0月", "全年接待游客0万人次以上,同比增长0%,创历史新高,圆满完成全年目标任务0项,再上台阶")),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=6,
)  # fmt: skip


@given(_LINES, st.integers(0, 3))
def test_another_fetch_teaches_nothing_of_what_moved_where_no_counter_may_have(
    lines: list[tuple[str, int, int]], later: int
) -> None:
    before = [form.replace("0", str(was)) for form, was, _ in lines]
    after = [form.replace("0", str(now)) for form, _, now in lines]
    again = [form.replace("0", str(later)) for form, _, _ in lines]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    if not counter_moved("\n".join(before), "\n".join(after)):
        assert not learn_noise((line for line in moved if line not in before), again, before)
    assert counter_moved("床位数3张\n阅读1次", "床位数3张\n阅读2次")
    assert not counter_moved("床位数3张\n阅读1次", "床位数4张\n阅读1次")
    assert not counter_moved("床位数3张\n阅读1次", "床位数达3张\n阅读2次")


def test_a_counter_in_brackets_is_chrome_and_a_remark_in_brackets_is_not() -> None:
    assert is_chrome("（本文已被浏览 331 次）")
    assert is_chrome("[点击：12次]")
    assert not is_chrome("（此件公开发布）")
    assert not is_chrome("（全年接待游客331万人次）")


def test_how_many_read_a_letter_is_no_text_and_how_many_took_part_in_what_a_table_counts_is() -> None:
    def table(*rows: tuple[str, str]) -> str:
        cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
        page = f'<div id="zoom"><p>现将2025年有关情况公布如下，请予监督。</p><table border="1">{cells}</table><p>特此通报。</p></div>'
        return read(page.encode(), url="http://www.example.gov.cn/a.html", column=False).text

    assert "356" not in table(("信件编号", "20230012"), ("来信标题", "关于公交线路的建议"), ("访问量", "356"))
    assert "128" not in table(("征集主题", "养犬条例"), ("开始时间", "2025-01-02"), ("参与人数", "128"))
    assert "5600" in table(("项目", "数量"), ("活动场次", "120"), ("参与人数", "5600"))
    assert "5600" in table(("开展活动", "120场"), ("参与人数", "5600人次"), ("发放资料", "8000份"))


def test_a_line_that_offers_a_file_is_read_without_its_counter() -> None:
    def lines(many: int) -> list[str]:
        page = f'<div id="zoom"><p>现印发给你们，请认真组织实施。</p><p>附件：<a href="/a.pdf">规划.pdf</a>（下载次数：{many}）</p><p>全年应用软件下载{many}次</p></div>'
        return read(page.encode(), url="http://www.example.gov.cn/a.html", column=False).text.split("\n")

    assert lines(12)[1:] == ["附件：规划.pdf", "全年应用软件下载12次"]
    assert lines(97)[:2] == lines(12)[:2]
