"""Indicator names: one normal form, one key, one direction; likeness only ever proposes.

The entries are data (``indicators.yaml``, each with its source). A name is found when its normal form equals that of
one of the printed names of an entry; nothing is merged because it looks alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from rapidfuzz import fuzz, process

from watcher.lexicon.units import family
from watcher.text import plain

Polarity = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the data file."""

    key: str
    name: str
    """The usual printed name."""
    unit: str
    """The usual unit, ``""`` when none."""
    better: Polarity | None
    """The direction that is progress; ``None`` when neither is."""
    source: str
    """Short name of the plan that defines it; explained at the top of the file."""
    also: tuple[str, ...]
    """Other printed names."""


_BRACKETS = re.compile(r"[()\[\]{}《》<>〔〕【】]")
_TRAILING_UNIT = re.compile(r"[(\[]([^()\[\]]{1,12})[)\]]?$")
_ABBREVIATION = re.compile(
    r"(?<=[\u4e00-\u9fff])[(\[](?:gdp|r&d|cod|nh3-n|nox|vocs?|so2|o3|pm2\.5|pm10|aed|hiv|aids|copd|cpi|eqi)[)\]]"
)
"""What a bracket only says again in Latin letters."""
_WHERE = re.compile(
    r"^(?:(?:到|至)?20\d\d年(?:末|底)?|其中|力争|确保|实现|完成|全面|全市|全省|全区|全县|全旗|全州|全盟|全国|我市|我省|我区|我县|我州|我盟|我旗|本市|本省|本区|本县|市域|城乡|辖区内?|各级各类|各类|现有|共有)+"
)
_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (mark, re.compile(pattern), replacement)
    for mark, pattern, replacement in (
        ("型", r"ⅱ型|ii型|二型", "2型"),
        ("期望", r"期望寿命", "预期寿命"),
        ("慢性", r"慢性疾病", "慢性病"),
        ("规范", r"规范化(?=管理)", "规范"),
        ("规范", r"健康规范管理", "规范管理"),
        ("免疫", r"规划免疫", "免疫规划"),
        ("单位", r"以?(?:街道|乡镇|苏木乡镇|乡镇街道|街道乡镇|苏木乡镇街道|镇街道?|乡镇或街道)为单位", "乡镇为单位"),
        ("及以上", r"及以上", "以上"),
        ("生产总值", r"(?:国内|地区)?生产总值", "gdp"),
        ("能源消耗", r"能源消耗", "能耗"),
        ("研究与", r"研究与(?:试验|实验)发展", "研发"),
        ("r&d", r"(?:研发)?r&d", "研发"),
        ("pm2.5", r"(?:细颗粒物)?pm2\.5", "细颗粒物"),
        ("规上", r"(?<!法)规上", "规模以上"),
        ("达到", r"达到$", ""),
        ("下降", r"下降(?:率|比例|幅度)?", "降低"),
        ("减少", r"减少(?:率|比例|幅度)?$", "降低"),
        ("增", r"增(?:速|长率|幅)$", "增长"),
        ("比", r"比重|占比|比率|所占比例|的比例", "比例"),
        ("医生", r"医生", "医师"),
        ("五岁", r"五岁", "5岁"),
        ("三岁", r"三岁", "3岁"),
        (
            "",
            r"每?(百万|百|千|万|10万|十万)(?:名)?(?:常住|户籍)?(?:人口?|居民)(?:中|均)?(?:拥有|配备|配置)?",
            r"每\1人",
        ),
        ("每十万", r"每十万", "每10万"),
        ("至", r"(?<=\d)至(?=\d)", "-"),
        ("的", r"的", ""),
        ("", r"(?:数量|总数|总量|人数|个数|数)$", ""),
        ("设", r"设立|设置|开设", "设"),
        ("综合", r"综合性医院", "综合医院"),
    )
)
"""What is written in several ways, in the order it is settled: a mark that must stand there, what is replaced, by what."""
_RULED = re.compile("[型期慢规免单及比医岁百千万至的数量设综值耗研降减达增&.]")
"""One of these stands wherever a rule may apply."""


@lru_cache(maxsize=2048)
def normal(name: str) -> str:
    """The form in which names are compared: :func:`watcher.text.plain`, units in brackets, places and fillers gone.

    Rate bases stay (每千人 is not 每万人), and so do all words that tell two indicators apart.
    """
    text = plain(name)
    if _BRACKETS.search(text):
        unit = _TRAILING_UNIT.search(text)
        if unit and family(unit[1]) and (unit[1] in "人个" or family(unit[1]) != unit[1]):
            text = text[: unit.start()]
        text = _BRACKETS.sub("", _ABBREVIATION.sub("", text))
    text = text.replace("、", "").replace(",", "").replace(":", "")
    where = _WHERE.match(text)
    text = text[where.end() :] or text if where else text
    if _RULED.search(text):
        for mark, pattern, replacement in _RULES:
            if mark in text:
                text = pattern.sub(replacement, text)
    return text


@cache
def entries() -> dict[str, Entry]:
    """All entries by key, in the order of the file. Raises ``ValueError`` when two entries claim one name."""
    data = yaml.load(files("watcher.lexicon").joinpath("indicators.yaml").read_text("utf-8"), yaml.CSafeLoader)
    found: dict[str, Entry] = {}
    for row in data["indicators"]:
        if row["key"] in found:
            raise ValueError(f"indicators.yaml: the key {row['key']} stands twice")
        found[row["key"]] = Entry(
            row["key"], row["name"], row["unit"], row.get("better"), row["source"], tuple(row["also"])
        )
    return found


@cache
def _forms() -> dict[str, str]:
    """Normal form → key."""
    forms: dict[str, str] = {}
    for entry in entries().values():
        for name in (entry.name, *entry.also):
            form = normal(name)
            if forms.setdefault(form, entry.key) != entry.key:
                raise ValueError(f"indicators.yaml: {name} ({form}) belongs to {forms[form]} and to {entry.key}")
    return forms


@lru_cache(maxsize=8192)
def canonical(name: str) -> str | None:
    """The key of a printed name, ``None`` when the data file does not know it."""
    return _forms().get(normal(name))


def polarity(key: str | None) -> Polarity | None:
    """The direction that is progress for a key; ``None`` for unknown keys and where neither is."""
    entry = entries().get(key or "")
    return entry.better if entry else None


def usual_unit(key: str | None) -> str | None:
    """The unit the data file gives for a key, ``None`` for an unknown key."""
    entry = entries().get(key or "")
    return entry.unit if entry else None


def title(key: str) -> str:
    """The usual Chinese name of a key; the key itself when it is unknown."""
    entry = entries().get(key)
    return entry.name if entry else key


def suggest(name: str, limit: int = 3) -> list[tuple[str, float]]:
    """Keys whose names look like this one, best first, with their likeness (0 to 1). A proposal, never a merger.

    A name with another rate base (每千人, 每万人) or another number in it is never proposed.
    """
    form = normal(name)
    wanted = _marks(form)
    best: dict[str, float] = {}
    for other, score, _ in process.extract(form, _forms().keys(), scorer=fuzz.ratio, limit=12, score_cutoff=60):
        if _marks(other) == wanted:
            key = _forms()[other]
            best[key] = max(best.get(key, 0.0), round(score / 100, 3))
    return sorted(best.items(), key=lambda pair: -pair[1])[:limit]


def _marks(form: str) -> tuple[str, ...]:
    """What may never differ between two names that are proposed as one: rate base and digits."""
    return tuple(re.findall(r"每(?:百|千|万|10万)[人名]?|\d+(?:\.\d+)?", form))
