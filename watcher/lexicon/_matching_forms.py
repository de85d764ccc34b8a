"""The forms of a plan's title that titles are matched by: its kernel, and its subject without place and years. Part of ``titles``."""

from __future__ import annotations

import re
from functools import lru_cache

from watcher.lexicon._frames import STANDARD, ZONES
from watcher.lexicon.periods import years_as_digits
from watcher.lexicon.places import remove_places


@lru_cache(maxsize=256)
def kernel_of_plan(plan: str) -> str:
    """``kernel`` of a plan's own title, as ``Title.plans`` holds it."""
    text = STANDARD.sub(r"\1年版", years_as_digits(plan))
    text = re.sub(r"第(十[一二三四五六七]?)个五年", r"\1五", text)
    for printed, usual in ZONES:
        text = text.replace(printed, usual)
    return re.sub(r"[^0-9a-zA-Z\u3400-\u9fff]+", "", text).lower()


_OURS = re.compile(
    r"(?:我|本|全)(?:省|市|县|区|旗|州|盟|自治区)(?!场|域|民(?!政|生|族|营)|容)|^(?:省|市|县|区|州)(?=卫|教|交|住|人|养|医|公|国|水|能|综|中|农|生|城)"
    r"|^自治[区州县旗]"
)
_CORPS = re.compile("^兵团(?=第[一二三四五六七八九十]{1,3}师)")
_FAR_GOALS = re.compile("和(?:20[0-9]{2}年)?远景目标(?=纲要)")
"""规划和2035年远景目标纲要 is the whole name of a 规划纲要."""
_ITS = re.compile("人民政府(?:办公[厅室])?(?=20[0-9]{2}年)")
"""X市人民政府2026年度目录 is X市2026年度目录."""
_PERIODS = re.compile(r"(?:20\d\d年?度?(?:-{1,3}|至|到)20\d\d年?度?)|十[一二三四五六七]?五(?=[^年]|$)(?:时期|期间)?")


@lru_cache(maxsize=256)
def subject_of_plan(plan: str) -> str:
    """``kernel_of_plan`` without places, 我市 and the period: what the plan is about and what kind of paper it is."""
    text = re.sub(r"第(十[一二三四五六七]?)个五年", r"\1五", years_as_digits(plan))
    text = _CORPS.sub("", _FAR_GOALS.sub("", _ITS.sub("", text)).replace("新疆生产建设兵团", "兵团"))
    text = text.removeprefix("中华人民共和国").removeprefix("全国").removeprefix("中国")
    subject = kernel_of_plan(_OURS.sub("", remove_places(_PERIODS.sub("", text).lstrip("年"))))
    # X市“十五五”规划纲要, with no field named, is the plan for all of them.
    return f"国民经济和社会发展{subject}" if subject.startswith("规划") and _PERIODS.search(text) else subject
