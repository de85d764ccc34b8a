"""Head tables of 信息公开 pages and byline rows: labels such as 索引号 and what stands beside them.

The labels are the fields of 国务院办公厅's 政府信息公开目录 as portals print them, with spaces inside (``索  引 号``),
printed twice, or without a value (the next label is then not the value).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.text import SPACES, tidy

# The last of each kind are those that pages in traditional characters print.
LABELS: dict[str, str] = {
    **dict.fromkeys(["索引号", "信息索引", "信息索引号", "索引号码", "信息索取号", "索取号", "索引號"], "index_number"),
    **dict.fromkeys(
        ["发文字号", "文号", "发文文号", "文件编号", "公文文号", "文件字号", "文件号", "发文号", "发布文号", "公文字号", "发文编号", "發文字號", "文號"], "document_number"
    ),
    **dict.fromkeys(
        ["发文机关", "发布机构", "发布机关", "公开主体", "发布单位", "主办单位", "发文单位", "制发机关", "发布主体", "制文机关",
         "公开机构", "发文机构", "发文部门", "发布部门", "信息公开机构", "公开责任机构", "颁布单位", "颁布机关", "颁布部门", "颁发部门", "制定机关", "公布机关", "公布单位", "通过机关", "發文機關", "發布機構", "發佈機構", "發文單位"],
        "issuer",
    ),
    **dict.fromkeys(["成文日期", "制发日期", "生成日期", "发文日期", "成文时间", "制文日期", "签发日期", "发文时间", "生成时间"], "written_on"),
    **dict.fromkeys(["发布日期", "公开日期", "发布时间", "公开时间", "发文公布日期", "日期", "时间", "更新时间", "更新日期",
         "发表时间", "发表日期", "上传时间", "发稿时间", "发稿日期", "录入时间", "录入日期", "公布日期", "公布时间", "刊发时间", "添加时间", "颁布日期", "颁布时间", "發布日期", "發佈日期", "發布時間", "發佈時間", "公開日期"], "published_on"),
    **dict.fromkeys(["标题", "名称", "公开事项名称", "信息名称", "文件名称", "文件标题", "公文名称", "法规标题", "政策标题", "政策名称", "来信标题", "信件标题", "征集主题", "调查主题", "標題", "名稱"], "title"),
    **dict.fromkeys(["主题分类", "信息分类", "分类", "主题", "主题类别", "所属主题", "信息类别", "主題分類"], "subject"),
    **dict.fromkeys(
        ["主题词", "关键词", "公开方式", "公开形式", "公开范围", "有效性", "效力状态", "时效性", "有效期", "时效", "文件状态", "生效日期",
         "实施日期", "失效日期", "废止日期", "施行日期", "内容概述", "信息概述", "摘要", "服务对象", "公开程序", "公开时限", "公开责任部门", "体裁",
         "体裁分类", "组配分类", "机构分类", "行业分类", "公文类型", "公文类别", "文件类型", "文件类别", "统一登记号", "统一编号", "规范性文件编号", "登记号", "公开类别", "公开属性", "责任部门", "责任处室", "备注/文号",
         "有效状态", "是否有效", "公开目录", "行政区划", "主题分类号", "栏目分类", "信息有效性", "发文类型", "公文种类", "文件种类", "公文时效", "施行时间", "失效时间", "批准日期", "通过日期", "批准机关", "批准部门", "批准时间", "通过时间", "政策状态", "政策级别", "政策层级", "适用对象", "法规类别", "效力级别", "法律效力", "效力位阶"],
        "",
    ),
    **dict.fromkeys(["来源", "信息来源", "文章来源", "稿源", "稿件来源", "新闻来源", "信息发布", "信息提供", "供稿单位", "来稿单位", "法规来源", "來源", "信息來源"], "source"),
    **dict.fromkeys(
        ["作者", "责任编辑", "编辑", "审核", "浏览次数", "阅读次数", "点击次数", "访问次数", "浏览量", "阅读量", "点击量", "点击数", "浏览", "阅读", "点击",
         "访问量", "字体", "字号", "字体大小", "选择字体", "字号大小", "发布人", "录入", "供稿", "撰稿", "初审", "复审", "终审", "校对", "累计次数", "视力保护色",
         "打印", "分享", "分享到", "收藏", "保护视力色", "文字大小", "信息员", "保存", "热度", "人气", "阅读数", "浏览数", "访问数", "点击率", "阅读人数", "浏览人数",
         "访问人数", "查看次数", "政策热度", "参与人数", "阅读人次", "浏览人次", "访问人次", "点击人次", "字数", "文章作者", "信息作者", "本文作者", "字体显示", "正文字号", "文字号", "字號", "瀏覽次數", "點擊次數"],
        "byline",
    ),
}  # fmt: skip
"""Label without spaces -> field; ``""`` where the product keeps no field, ``byline`` for what belongs to the page."""

_GAP = f"[{SPACES}]*"
_NAMES = "|".join(_GAP.join(map(re.escape, label)) for label in sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(
    f"(?<![\\w\u4e00-\u9fff])(?:【{_GAP}|\\[{_GAP})?({_NAMES}){_GAP}(?:】|\\])?{_GAP}(?:[:：]|(?<=】)|(?<=\\]))"
)
_BARE = re.compile(f"(?:【{_GAP})?({_NAMES}){_GAP}】?[:：]?")
_OTHER = re.compile("[\u4e00-\u9fff]{2,6}[:：].{0,60}[:：]")
_PAGE = frozenset(
    (
        "发布时间",
        "发布日期",
        "信息来源",
        "文章来源",
        "浏览次数",
        "阅读次数",
        "点击次数",
        "访问次数",
        "点击数",
        "浏览量",
        "阅读量",
        "访问量",
        "字体",
        "字号",
    )
)
"""Labels that stand on bylines alone: beside one of them a label that is not known belongs to the page too."""
_SPACED = re.compile(f"({_NAMES})[{SPACES}]+([^{SPACES}].{{0,160}})")
_APART = re.compile(f"(?<![^{SPACES}])({_NAMES})(?![^{SPACES}])")
_LONG = re.compile("|".join(sorted((label for label in LABELS if len(label) > 2), key=len, reverse=True)))
_SPACE = re.compile(f"[{SPACES}]")
_BAR = re.compile("\\s?[|｜]")
_COUNTED = re.compile("\\s[0-9]{1,9}\\s?[人次]{0,2}\\s?(?:浏览|阅读|点击|访问|查看|已?读).{0,6}$")
"""A counter without a label behind a value."""
_BLANK = {"", "无", "null", "暂无", "-", "--", "—", "——", "/", "空", "undefined", "无文号", "none"}
_STARTS = frozenset(label[0] for label in LABELS)
STRIP = SPACES + "|｜\\/·,，;；"


def field_of(label: str) -> str | None:
    """The field that a cell names when the whole of it is a label (``索 引 号：``), ``None`` when it is none.

    ``""`` means a known label whose value is not kept.
    """
    label = label.strip(STRIP)
    if not label or len(label) > 24 or (label[0] not in _STARTS and label[0] != "【"):
        return None
    match = _BARE.fullmatch(label)
    return LABELS[_SPACE.sub("", match[1])] if match else None


def spaced(line: str) -> tuple[str, str, str] | None:
    """``(field, label, value)`` of a line whose label is set off by a space alone (``索引号 YL0012-2021``); 文号, or a label of three characters and more."""
    line = line.strip(STRIP) if len(line) <= 200 else ""
    match = _SPACED.fullmatch(line) if line and line[0] in _STARTS else None
    label = _SPACE.sub("", match[1]) if match else ""
    return (
        (LABELS[label], label, match[2])
        if match and match[2][0] not in ":：" and (len(label) >= 3 or label == "文号")
        else None
    )


def in_row(line: str) -> list[tuple[str, str, str]]:
    """Pairs of a line on which labels and values follow each other without colons (``发布日期 2024-01-23 发布机构 X局``), two at least."""
    if not line or line[0] not in _STARTS or len(line) > 300 or "：" in line or ":" in line:
        return []
    found = [match for match in _APART.finditer(line) if match[0].strip() != line.strip()]
    if len(found) < 2 or found[0].start():
        return []
    ends = [match.start() for match in found[1:]] + [len(line)]
    return [
        (LABELS[label := _SPACE.sub("", match[1])], label, " ".join(line[match.end() : end].split()))
        for match, end in zip(found, ends, strict=True)
    ]


def glued(line: str) -> list[tuple[str, str, str]]:
    """Pairs of a line on which nothing parts labels from values (``发布机构X局发布日期2024-03-29浏览量3``), two at least."""
    if not line or line[0] not in _STARTS or len(line) > 200 or "：" in line or ":" in line or "。" in line:
        return []
    found = list(_LONG.finditer(line))
    if len(found) < 2 or found[0].start() or not any(LABELS[match[0]] for match in found):
        return []
    ends = [match.start() for match in found[1:]] + [len(line)]
    return [(LABELS[match[0]], match[0], line[match.end() : end]) for match, end in zip(found, ends, strict=True)]


def begins(line: str) -> bool:
    """Whether a line begins with a label, set off by a colon or by a space alone: it is no value of the line above."""
    line = line.strip(STRIP)
    return field_of(line) is not None or bool(pairs(line)) or bool(len(line) <= 200 and _SPACED.fullmatch(line))


def value_of(text: str) -> str | None:
    """A value without bars and padding; ``None`` for the ways in which portals print nothing (无, null, a dash)."""
    value = tidy(text.strip(STRIP))
    return None if value.lower() in _BLANK else value


def pairs(line: str) -> list[tuple[str, str, str]]:
    """``(field, label, raw value)`` of a line that consists of labelled values, ``[]`` when it begins with anything else.

    A line may hold several pairs (``索引号: … 主题分类: …``), with bars between; a value ends where the next label begins.
    """
    if line[:1] == "【" and (found := _bracketed(line)):
        return found
    line = line.strip(STRIP + "[【(（") if line[:1] in "[【(（" else line.strip(STRIP)
    if not line or len(line) > 600 or (line[0] not in _STARTS and _OTHER.match(line) is None):
        return []
    matches = list(_LABEL.finditer(line))
    if not matches:
        return []
    if matches[0].start() > 1 and not (
        _OTHER.match(line) and any(_SPACE.sub("", match[1]) in _PAGE for match in matches)
    ):
        return []
    ends = [m.start() for m in matches[1:]] + [len(line)]
    found = []
    for match, end in zip(matches, ends, strict=True):
        label = _SPACE.sub("", match[1])
        value = line[match.end() : end]
        if LABELS[label] == "issuer" and (bar := _BAR.search(value)) and bar.start() > 1:
            value = value[: bar.start()]  # 发布机构：市卫生健康委 ｜ 2024-01-18
        if LABELS[label] == "issuer" and (counted := _COUNTED.search(value)):
            value = value[: counted.start()]
        found.append((LABELS[label], label, value))
    return found


def parted(line: str) -> str:
    """A line with a space before each label that follows the value before it without one (``文号：X〔2022〕3号公开日期：…``), as spans print them."""
    if not line or line[0] not in _STARTS or len(line) > 300 or line.count("：") + line.count(":") < 2:
        return line
    return _GLUED.sub(" \\1", line)


_GLUED = re.compile(
    f"(?<=[0-9A-Za-z号日年局厅委府会室心处院效止）)〕])({'|'.join(sorted((name for name in LABELS if len(name) >= 4), key=len, reverse=True))}|文号|来源)(?=[:：])"
)


def _bracketed(line: str) -> list[tuple[str, str, str]]:
    """``【文　号】… 【发布日期】…``: labels in brackets, also ones that are not known, as long as one of them is."""
    if len(line) > 600:
        return []
    found = [(LABELS.get(name := _SPACE.sub("", label)), name, value) for label, value in _BRACKETS.findall(line)]
    return (
        [(field or "", name, value) for field, name, value in found]
        if any(field is not None for field, _, _ in found)
        else []
    )


_BRACKETS = re.compile("【([^】]{1,16})】[:：]?([^【]*)")


_SHORT_YEAR = re.compile("[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])")
"""A day of posting as some sites print it: ``22-07-14 09:12``."""


_NEXT_LABEL = re.compile(f"[{SPACES}][\u4e00-\u9fff]{{2,8}}[:：].*", re.DOTALL)
"""A label that is not known, with what follows: no part of a number."""


def collect(found: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Fields with a value; the first printed value wins, a later copy of the block changes nothing."""
    facts: dict[str, str] = {}
    for field, _, raw in found:
        value = value_of(raw)
        if field == "published_on" and value is not None and _SHORT_YEAR.match(value):
            value = f"20{value}"
        if field and value is not None:
            if field in ("document_number", "index_number"):
                value = _SPACE.sub("", _NEXT_LABEL.sub("", value))
            facts.setdefault(field, value)
    return facts
