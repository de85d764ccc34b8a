"""Places: which division of China a title or text is about.

The names come from ``divisions.tsv`` (sources and licences in its head), read on first use in a few milliseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

Level = Literal["province", "prefecture", "county"]

_TITLE = 200
_TEXT = 4000
# Ethnic parts of the names of autonomous areas: 恩施土家族苗族自治州 is printed 恩施州, 峨边彝族自治县 峨边县.
_NATIONS = (
    "土家族", "苗族", "藏族", "羌族", "彝族", "侗族", "布依族", "壮族", "瑶族", "回族", "满族", "蒙古族", "蒙古", "朝鲜族", "白族", "傣族",
    "景颇族", "哈尼族", "傈僳族", "柯尔克孜", "哈萨克", "哈萨克族", "维吾尔", "维吾尔族", "纳西族", "拉祜族", "佤族", "布朗族", "独龙族",
    "怒族", "普米族", "土族", "撒拉族", "东乡族", "保安族", "裕固族", "黎族", "畲族", "仡佬族", "水族", "毛南族", "仫佬族", "塔吉克", "锡伯",
    "达斡尔族", "达斡尔", "各族", "鄂温克族", "鄂伦春", "鄂温克", "俄罗斯族",
)  # fmt: skip
_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "新区",
    "林区",
    "特区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
    "州",
)
_ZONES = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
)
_LEAD = re.compile(
    r"(?:^|[《〈“\"‘：:，,、。；;（(\s]|健康|美丽|数字|幸福|平安|推进|建设|法治|智慧|关于|印发|转发|中共)$"
)
_PLACE_AFTER = re.compile(
    r"[“\"]?(?:十[一二三四五六]五|第十|20\d\d|卫生|健康|教育|行动|建设|规划|高质量|全域|国土|综合|中医|养老|医疗|人民|政府|$)"
)
_NOT_AFTER = ("大学", "学院", "医院", "路", "大道", "街", "银行", "师范", "股份", "集团")
_BOOK = re.compile("《([^《》]{2,150})》")
_NESTED = str.maketrans("〈〉<>＜＞", "《》《》《》")


class Place(NamedTuple):
    """One division."""

    code: str
    """GB/T 2260 code of six characters; new areas have an ``N`` in it."""
    name: str
    """Full name: 呼和浩特市."""
    former: bool = False
    """True for a name no longer in force."""

    @property
    def level(self) -> Level:
        """Province, prefecture or county, by the code."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"

    def within(self, other: Place) -> bool:
        """True where ``other`` is a parent of this place (not the place itself)."""
        if other.level == "county" or self.code == other.code:
            return False
        return self.code.startswith(other.code[: 2 if other.level == "province" else 4])


@dataclass(frozen=True, slots=True)
class _Index:
    names: dict[str, tuple[Place, ...]]
    """Full names."""
    shorts: dict[str, tuple[Place, ...]]
    """Names without their suffix."""
    heads: dict[str, tuple[str, ...]]
    """First two characters to the names that begin so, longest first."""
    words: frozenset[str]
    """Short names that are words of the language."""
    nouns: frozenset[str]
    """Whole names that are words of the language."""
    accidents: dict[str, tuple[str, ...]]
    """First two characters to words that hold a name by accident."""


@cache
def _index() -> _Index:
    names: dict[str, list[Place]] = {}
    shorts: dict[str, list[Place]] = {}
    lines = (Path(__file__).parent / "divisions.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("#"):
            continue
        code, name, *rest = line.split("\t")
        place = Place(code, name, rest[:1] == ["former"])
        for other in rest[1].split() if len(rest) > 1 else ():
            shorts.setdefault(other, []).append(place)
        names.setdefault(name, []).append(place)
        for short in _short_names(name):
            shorts.setdefault(short, []).append(place)
    words, nouns, accidents = (
        frozenset(line.split())
        for line in (Path(__file__).parent / "place_words.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    heads: dict[str, set[str]] = {}
    for name in (*names, *shorts):
        heads.setdefault(name[:2], set()).add(name)
    return _Index(
        {name: tuple(places) for name, places in names.items()},
        {name: tuple(places) for name, places in shorts.items()},
        {head: tuple(sorted(group, key=len, reverse=True)) for head, group in heads.items()},
        words,
        nouns,
        {word[:2]: tuple(other for other in accidents if other[:2] == word[:2]) for word in accidents},
    )


def _short_names(name: str) -> Iterator[str]:
    """呼和浩特市 → 呼和浩特; 恩施土家族苗族自治州 → 恩施, 恩施州; 内蒙古自治区 → 内蒙古; 保定高新技术产业开发区 → 保定高新区, 保定市高新区."""
    for whole, usual in _ZONES:
        if name.endswith(whole):
            city = name[: -len(whole)].removesuffix("市")
            yield from (f"{city}{usual}", f"{city}市{usual}")
            if whole == "经济技术开发区":
                yield f"{city}开发区"
            return
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            base = name[: -len(suffix)]
            if suffix.startswith("自治") and name != "内蒙古自治区":
                bare = _without_nations(base)
                if bare != base and len(bare) >= 2:
                    yield bare
                    yield bare + suffix[-1]
                elif len(base) >= 2:
                    yield base
            elif len(base) >= 2:
                yield base
            if suffix in ("新区", "林区", "特区") and len(base) >= 1:
                yield name[:-1]
            return


def _without_nations(base: str) -> str:
    changed = True
    while changed:
        changed = False
        for nation in _NATIONS:
            if base.endswith(nation) and len(base) > len(nation) + 1:
                base, changed = base[: -len(nation)], True
    return base


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    places: tuple[Place, ...]


def _mentions(text: str) -> Iterator[_Mention]:
    """Places printed in ``text``, longest names first, never overlapping."""
    index = _index()
    at, before = 0, None
    while at < len(text) - 1:
        found = None
        head = text[at : at + 2]
        if accident := next((word for word in index.accidents.get(head, ()) if text.startswith(word, at)), ""):
            at += len(accident)
            continue
        for name in index.heads.get(head, ()):
            if text.startswith(name, at) and (places := _accepted(index, text, at, name, before)):
                found = _Mention(at, at + len(name), places)
                break
        if found is None:
            at += 1
        else:
            yield found
            at, before = found.end, found


def _accepted(index: _Index, text: str, at: int, name: str, before: _Mention | None) -> tuple[Place, ...]:
    """The places that ``name`` at ``at`` stands for, empty when it is rather a word than a place."""
    behind = before is not None and before.end == at
    full = index.names.get(name, ())
    if behind and before is not None:
        children = tuple(
            p for p in (*full, *index.shorts.get(name, ())) if any(p.within(parent) for parent in before.places)
        )
        if children and (full or (name not in index.words or _PLACE_AFTER.match(text, at + len(name)))):
            return _preferred(children)
    if full and len(name) > 2 and name not in index.nouns:
        return _preferred(full)
    lead = _LEAD.search(text[max(0, at - 4) : at]) is not None
    if full and len(name) == 2 and name.endswith(("县", "旗", "市")):
        return full if lead else ()
    shorts = index.shorts.get(name, ())
    if not shorts or name in index.nouns or text.startswith(_NOT_AFTER, at + len(name)):
        return ()
    big = tuple(place for place in shorts if place.level != "county")
    if text.startswith("省", at + len(name)) and all(place.level != "province" for place in big):
        return ()  # 海东 is 海东市, but not the beginning of 海东省
    if big:
        if name not in index.words or (lead and _PLACE_AFTER.match(text, at + len(name))):
            return _preferred(big)
        return ()
    if (
        name in index.words
        or len({place.code for place in shorts if not place.former} or {p.code for p in shorts}) != 1
    ):
        return ()
    if not lead and at and _LEAD.search(text[max(0, at - 5) : at - 1]):
        return ()  # 连州 is 连州市, but not the end of 祁连州
    # 云州 is 云州区, but not the beginning of 云州市, which is another place.
    whole = name[-1] in "州县旗区" and text[at + len(name) : at + len(name) + 1] not in ("市", "县", "省", "旗")
    return _preferred(shorts) if whole or (lead and _PLACE_AFTER.match(text, at + len(name))) else ()


def _preferred(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Names in force before former ones, provinces before prefectures (吉林 is 吉林省)."""
    current = tuple(place for place in places if not place.former) or places
    order = {"province": 0, "prefecture": 1, "county": 2}
    top = min(order[place.level] for place in current)
    return tuple(place for place in current if order[place.level] == top)


def _chains(text: str) -> Iterator[tuple[int, tuple[_Mention, ...]]]:
    """Neighbouring mentions that are parent and child (浙江省 + 绍兴市 + 上虞区), with where they begin."""
    chain: list[_Mention] = []
    for mention in _mentions(text):
        gap = text[chain[-1].end : mention.start].strip() if chain else ""
        if chain and not gap and any(child.within(parent) for child in mention.places for parent in chain[-1].places):
            kept = tuple(child for child in mention.places if any(child.within(parent) for parent in chain[-1].places))
            chain.append(_Mention(mention.start, mention.end, kept))
            continue
        if chain:
            yield chain[0].start, tuple(chain)
        chain = [mention]
    if chain:
        yield chain[0].start, tuple(chain)


def _spell(chain: tuple[_Mention, ...]) -> str:
    return "".join(mention.places[0].name for mention in chain)


@lru_cache(maxsize=256)
def region_of(text: str) -> str | None:
    """The place that a title or text is about, by its full name, with parents only where they are printed.

    绍兴市上虞区 of 绍兴市上虞区卫生健康现代化建设实施方案; a missing suffix is restored (鄂尔多斯 → 鄂尔多斯市). In a title the place of the plan
    (inside 《》, or behind 印发) goes before that of the issuer. Of a longer text the first short line that names a place
    decides, then the place named most often in its first 4,000 characters. ``None`` when no place is named.
    """
    if len(text) <= _TITLE and "\n" not in text.strip():
        return _of_title(text)
    lines = text[:_TEXT].splitlines()
    for line in lines[:40]:
        if 2 <= len(line.strip()) <= 120 and (found := _of_title(line)):
            return found
    counts = Counter(_spell(chain) for _, chain in _chains(text[:_TEXT]))
    return counts.most_common(1)[0][0] if counts else None


def _of_title(title: str) -> str | None:
    title = re.sub(r"\s+", "", title.translate(_NESTED))
    books = sorted(_BOOK.findall(title), key=len, reverse=True)
    _, issued, rest = title.rpartition("印发")
    for part in (*books[:1], rest if issued else "", title):
        for _, chain in _chains(part):
            return _parent_named(chain, title) + _spell(chain)
    return None


def _parent_named(chain: tuple[_Mention, ...], title: str) -> str:
    """The place that a title names elsewhere and that alone tells which of several places of one name is meant (西湖区…规划 杭州市), else ``""``."""
    if len(chain) > 1 or len(chain[0].places) < 2:
        return ""
    for _, other in _chains(title):
        for at, mention in enumerate(other):
            if sum(place.within(parent) for place in chain[0].places for parent in mention.places) == 1:
                return _spell(other[: at + 1])
    return ""


@lru_cache(maxsize=256)
def places_in(text: str) -> tuple[str, ...]:
    """All places that a title names, in order, parents joined to their children (浙江省绍兴市)."""
    return tuple(_spell(chain) for _, chain in _chains(text[:_TITLE]))


@lru_cache(maxsize=8192)
def find(name: str) -> tuple[Place, ...]:
    """The divisions that a printed name may mean (上虞区, 绍兴市上虞区, 恩施州), the most specific of a chain; empty when unknown."""
    name = re.sub(r"\s+", "", name)
    for _, chain in _chains(name):
        return chain[-1].places
    index = _index()
    return _preferred(found) if (found := index.names.get(name) or index.shorts.get(name, ())) else ()


def same_place(a: str, b: str) -> bool:
    """True where both names mean one division: 上虞区 and 绍兴市上虞区, 恩施州 and 恩施土家族苗族自治州, 上虞市 (former) and 上虞区."""
    if a == b:
        return True
    return any(_same(one, other) for one in find(a) for other in find(b))


def _same(one: Place, other: Place) -> bool:
    if one.code == other.code:
        return True
    if not (one.former or other.former) or one.code[:2] != other.code[:2]:
        return False
    # 上虞市 became 上虞区; 株洲县 beside 株洲市 was another place all along.
    return one.level == other.level and bool(set(_short_names(one.name)) & set(_short_names(other.name)))


@lru_cache(maxsize=8192)
def place_keys(name: str) -> frozenset[str]:
    """What an index of places holds ``name`` under: two names that ``same_place`` takes for one share a key (others rarely do)."""
    keys = {place.code for place in find(name)}
    keys.update(place.code[:2] + short for place in find(name) for short in _short_names(place.name))
    return frozenset(keys or {name})


def is_within(child: str, parent: str) -> bool:
    """True where ``parent`` is above ``child``: 朔州市 within 山西省. A place is not within itself."""
    return any(one.within(other) for one in find(child) for other in find(parent))


def remove_places(text: str) -> str:
    """``text`` without the places that it names; for comparing what two titles are about."""
    out, at = [], 0
    for mention in _mentions(text):
        out.append(text[at : mention.start])
        at = mention.end
    return "".join((*out, text[at:]))
