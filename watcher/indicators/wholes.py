"""What the rows of a table are parts of: a measure in the column before their names, or in the caption over rows of places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.indicators import values
from watcher.indicators.heads import MEASURES
from watcher.indicators.roles import Column
from watcher.text import plain
from watcher.types import Cell

_PLACE = re.compile(
    "[\u4e00-\u9fff]{1,12}(?:[省市县区旗州盟镇乡]|街道|苏木|林场|农场)|[合总]计|小计|全[省市县区州旗盟]"
)
_NUMBERED = re.compile(r"(?:附[件表录]?|续?表|专栏)\s?[0-9一二三四五六七八九十]{0,3}(?:[-—.][0-9]{1,2})?[:：、.\s]*")
_UNIT = re.compile(r"[（(][^（()）]{1,12}[)）]\s*$|单位[:：].*")
_TIMES = re.compile(r"20\d\d年?(?:[-—–至到]20\d\d)?(?:年|年度)?|[“\"]?十[二三四五六]五[”\"]?(?:时期|期间|期末|末)?")
_EACH = re.compile(
    r"^.{0,12}?(?:各|分)(?:(?:[省市县区旗州盟]|乡镇?|镇|街道?|地区?|旗县|片区|园区)(?:[（(][省市县区旗州盟、乡镇街道]{1,8}[)）])?){1,3}"
)
_SENSE = re.compile(
    "(?:规划|年度|分年度|阶段|预期|控制)?(?:目标|任务|计划|指标|情况|分解|分配|安排|统计|汇总|一览|明细)*表?$"
)
_CHANGES = ("降低", "下降", "增长", "提高")


def measure_of(found: Sequence[Column], body: Sequence[Sequence[Cell]], name_at: int, caption: str) -> str:
    """The measure that a caption names for rows of places under bare years (各县森林覆盖率目标: 森林覆盖率); ``""`` for other tables."""
    if not caption or any(column.says for column in found):
        return ""
    if any(column.kind == "value" and not isinstance(column.year, int) for column in found):
        return ""
    if not holds_places(body, name_at):
        return ""
    text = _UNIT.sub("", _NUMBERED.sub("", caption.strip(), count=1))
    text = _SENSE.sub("", _EACH.sub("", _TIMES.sub("", text)).strip(" 　:：的"))
    return text if 2 < len(text) <= 16 and text.endswith((*MEASURES, *_CHANGES)) else ""


def holds_places(body: Sequence[Sequence[Cell]], name_at: int) -> bool:
    """Whether the rows are those of places."""
    return _most(_PLACE, body, name_at)


def holds_houses(body: Sequence[Sequence[Cell]], name_at: int) -> bool:
    """Whether the rows are those of hospitals, schools and the like."""
    return _most(_HOUSE, body, name_at)


def _most(form: re.Pattern[str], body: Sequence[Sequence[Cell]], name_at: int) -> bool:
    names = [plain(row[name_at].text) for row in body]
    return sum(form.fullmatch(name) is not None for name in names) * 3 >= len(names) * 2


_HOUSE = re.compile(
    "[\u4e00-\u9fff]{2,14}(?:医院|卫生院|保健院|服务中心|服务站|疾控中心|中学|小学|学校|幼儿园|分局)|[合总]计"
)


def wholes_at(found: Sequence[Column], body: Sequence[Sequence[Cell]], name_at: int) -> int | None:
    """The column directly left of the names, if it holds the measures of which they are parts; ``None`` elsewhere."""
    if not name_at or found[name_at - 1].kind not in ("category", "name", "unknown"):
        return None
    return name_at - 1 if holds_measures(body, name_at) else None


def holds_measures(body: Sequence[Sequence[Cell]], name_at: int) -> bool:
    """Whether the column left of ``name_at`` holds measures and that column their parts.

    Measures say their units (装机规模（万千瓦） over 风电, 光伏), or end as measures do where their parts do not (用水量 over 耕地灌溉).
    """
    pairs = {(row[name_at - 1].text, row[name_at].text) for row in body if row[name_at - 1].text.strip()}
    told = [(*values.split_unit(whole), *values.split_unit(part)) for whole, part in pairs if whole != part]
    if any(unit for _, _, _, unit in told):
        return False
    parted = [(whole, unit) for whole, unit, part, _ in told if not part.endswith(MEASURES)]
    measured = sum(bool(unit) or (len(whole) > 2 and whole.endswith(MEASURES)) for whole, unit in parted)
    return measured * 3 > len(told) * 2


def part_of(name: str, whole: str) -> str:
    """The name of a part with the measure of its whole; a part of one character goes behind, in brackets."""
    if not whole or name == whole:
        return name
    return f"{whole}（{name}）" if len(name) == 1 else name + whole
