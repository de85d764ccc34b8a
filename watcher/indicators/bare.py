"""Numbers without a unit: which of them are values (达到1.28, 三分之二, members of a list), and which dates and numbers of items."""

from __future__ import annotations

import re

from watcher.indicators.values import Mention

STATE_BEFORE = re.compile(
    r"(?:达到?了?|为|是|占到?|提高[到至]|提升[到至]|上升[到至]|增长[到至]|增加[到至]|增至|升至|下降[到至]|降低?[到至]|降至|减少[到至]|控制在|保持在|稳定在|维持在|约为|比|[至到](?:20\d\d年[末底]?的?)?)[“\"]?\s{0,2}$"
)
CALENDAR = re.compile(r"(?:19|20)\d\d")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DAY = re.compile(r"^\s?[月日号时点]|^\s?[:：][0-9]|^[-/][0-9]")
_LIST_OF_CHANGES = re.compile(r"^(?:[、和与及]\s?[0-9]+(?:\.[0-9]+)?){1,8}\s?(?:个?百分点|[%％‰])")
_CHANGE_BEFORE = re.compile(r"(?:提高|提升|上升|增长|增加|下降|降低|减少|回落|回升)了?$")
"""提高1.8和2.1个百分点: the unit stands behind the last member only."""
_LIST_OF_VALUES = re.compile(r"^(?:[、和与及]\s?[0-9]+(?:\.[0-9]+)?){1,8}\s?[^\s0-9、，,。；年月日至到—–-]")
_DEALT_BEFORE = re.compile(r"(?:分别|依次)[^，,。；、0-9]{0,12}(?:[0-9]+(?:\.[0-9]+)?[、和与及]\s?){0,8}$")
"""分别控制在36、34、32微克/立方米: the unit stands behind the last member of a list that is dealt out."""
_CHANGED_BY = re.compile(
    r"(?:同比|(?:比|较)[^，,。；0-9]{2,8})(?:提高|上升|增加|扩大|下降|降低|减少|缩小|回落|回升)了?$"
)
"""收入比为1.92，比上年同期缩小0.04: a ratio's change has no unit either."""
_ABOVE_BY = re.compile(r"[高低优好]于[^，,。；0-9]{1,6}平均(?:水平|值)?$")
_OLDER = re.compile(r"(?:由|从)(?:20\d\d年[末底初]?的?)?[^，,。；0-9]{0,10}$")
_THAN_LEVEL = re.compile(r"[较比与](?:(?:19|20)\d\d年[末底]?|(?:上年|去年)(?:同期|末)?)的$")
"""较2020年的1.79下降28.5%: an older value without a unit."""
_COURSE = ("下降", "降低", "减少", "回落", "提高", "提升", "上升", "增加", "增长", "回升", "相比")
_NEWER = re.compile(r"^[^，,。；0-9]{1,8}[到至为][^，,。；0-9]{0,4}[0-9]")
_NEWER_PART = re.compile(r"^[^，,。；0-9]{1,8}[到至为][^，,。；0-9]{0,4}?[0-9一二三四五六七八九十百]")
_BASE_OF_INDEX = re.compile(r"(?:以|设)[^，,。；0-9]{1,12}为$")
"""以女性为100, 以2015年为100: what an index is measured in."""
_PART_OF = re.compile(r"占[^，,。；占]{1,14}?的?$")
"""占全省的三分之一."""
_RATE_BEFORE = re.compile(r"(?:率|系数|指数|密度|强度)(?:[（(][^（()）]{1,8}[)）])?$")
_DECIMAL_OR_NONE = re.compile(r"[0-9]+\.[0-9]+|0")
"""性别比108.5, 孕产妇死亡率0."""
_YEAR_BEHIND = re.compile(r"\s?年")
_NONE_OF = re.compile(r"报告|发生|死亡|感染|发病|增长|[，,。；]")
_PROVIDED_BEFORE = re.compile(r"(?:配[备置]|设[置立])[^，,。；]{2,16}$")


def refused(sentence: str, mention: Mention, before: str, behind: str) -> bool:
    """A number without a unit is an indicator's only behind 达到, 保持在, 控制在 …, or as a fraction of something."""
    value = mention.value
    if value.number in ("100", "1000", "1") and _BASE_OF_INDEX.search(before):
        return True
    if "/" in value.text or "分之" in value.text:
        if _PART_OF.search(before) and (not behind or behind[0] in "，,。；、)）"):
            return False
        if (_CHANGE_BEFORE.search(before) and not CHINESE.match(behind)) or (
            _OLDER.search(before) and _NEWER_PART.match(behind)
        ):
            # 比2023年减少三分之一; 由四分之一提高到三分之二
            return False
        if behind.startswith(("达到", "实现", "建成")):
            return False
        return behind[:1] not in "的以村社乡县旗学医企居家单" and not STATE_BEFORE.search(before)
    if _DAY.match(behind) or _YEAR_BEHIND.match(behind):
        return True
    if value.number is not None and CALENDAR.fullmatch(value.number):
        return True
    if value.op == "=" and _LIST_OF_CHANGES.match(behind) and _CHANGE_BEFORE.search(before):
        return False
    if value.op == "=" and _LIST_OF_VALUES.match(behind) and _DEALT_BEFORE.search(sentence, 0, mention.number_start):
        return False
    if (
        value.op == "="
        and (_CHANGED_BY.search(before) or _ABOVE_BY.search(before))
        and (not behind or behind[0] in "，,。；、)）")
    ):
        return False
    if value.op == "=" and _OLDER.search(before) and _NEWER.match(behind):
        return False
    if value.op == "=" and behind.startswith(_COURSE) and _THAN_LEVEL.search(before):
        return False
    stop = not behind[:1] or behind[:1] in '，,。；;、)）之”"和与及'
    if value.number == "0" and before.endswith(("保持", "实现", "为", "达到")):
        return bool(behind) and not _NONE_OF.match(behind)
    if value.op not in ("=", "text"):
        return not (stop and len(before) > 2)
    if stop and value.number is not None and _DECIMAL_OR_NONE.fullmatch(value.number) and _RATE_BEFORE.search(before):
        return False
    if stop and value.number is None and _PROVIDED_BEFORE.search(before):
        return False
    return not (stop and STATE_BEFORE.search(before))
