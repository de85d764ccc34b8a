"""What differs at every request of a real page and means nothing: counters, tokens, clocks, related links, advertisements."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

_SUBJECTS = [
    "全民健身条例", "义务教育阶段招生工作", "农村公路建设项目", "春季植树造林", "稳岗返还补贴发放", "供热设施改造", "防汛抗旱应急演练",
    "城镇老旧小区改造", "科技特派员选派", "公共文化服务体系", "地下水超采治理", "电动自行车管理", "食品安全示范创建", "水利设施维护养护",
]  # fmt: skip
_FORMS = ["关于开展{}的通知", "{}政策解读", "{}情况通报", "关于做好{}的公告", "{}新闻发布会召开"]
_ADVERTS = [
    "政务服务一网通办，办事少跑腿",
    "扫码下载客户端，信息早知道",
    "年度会员限时优惠",
    "优化营商环境，我们在行动",
    "关注公众号领取资料包",
]
_HOT = ["智慧校园", "污水处理厂", "医疗设备采购", "道路养护", "信息化建设", "物业服务"]
_WEATHER = ["晴 3℃~12℃", "多云 1℃~9℃", "小雨 6℃~11℃", "阴 -2℃~5℃"]
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Related:
    """One line of a list of links that has nothing to do with the document."""

    title: str
    url: str
    date: str


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of one answer."""

    visits: int
    online: int
    useful: int
    token: str
    short: str
    stamp: int
    clock: str
    today: str
    weather: str
    advert: str
    hot: str
    related: tuple[Related, ...]


def noise(seed: int, path: str, number: int) -> Noise:
    """The noise of the ``number``-th answer for ``path``: the same arguments give the same noise."""
    chance = random.Random(f"{seed} {path} {number}")  # noqa: S311 (a made-up visit counter is no secret)
    now = datetime(2026, 1, 5, 8, 30) + timedelta(minutes=17 * number, seconds=chance.randrange(60))  # noqa: DTZ001 (as printed)
    related = tuple(
        Related(
            title=chance.choice(_FORMS).format(subject),
            url=f"/related/{chance.randrange(10_000, 99_999)}.html",
            date=f"{now - timedelta(days=chance.randrange(1, 90)):%Y-%m-%d}",
        )
        for subject in chance.sample(_SUBJECTS, 5)
    )
    return Noise(
        visits=1200 + 7 * number + chance.randrange(7),
        online=3_400_000 + 31 * number + chance.randrange(31),
        useful=number % 4,
        token=f"{chance.getrandbits(128):032x}",
        short=f"{chance.getrandbits(32):08x}",
        stamp=int(1_767_601_800_000 + 1000 * number),
        clock=f"{now:%Y-%m-%d %H:%M:%S}",
        today=f"{now.year}年{now.month}月{now.day}日 星期{_WEEKDAYS[now.weekday()]}",
        weather=chance.choice(_WEATHER),
        advert=chance.choice(_ADVERTS),
        hot=" ".join(chance.sample(_HOT, 3)),
        related=related,
    )
