"""What the pages say, Chinese first; English stands beside it in ``english.yaml``. Words of messages are used where they fit."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from watcher.alert import incidents
from watcher.alert.words import KINDS, NATURES, STAGES, pick
from watcher.words import VERDICTS, Language, effect_word, told


@cache
def english() -> dict[str, str]:
    """Chinese text → English text."""
    found: dict[str, str] = yaml.safe_load(files("watcher.web").joinpath("english.yaml").read_text("utf-8"))
    return found


def say(chinese: str, language: Language, **values: object) -> str:
    """A text in the reader's language; ``{name}`` in it is filled from ``values``. One that is not translated stays Chinese."""
    text = chinese if language == "zh" else english().get(chinese, chinese)
    return text.format(**values) if values else text


def stage_word(stage: str | None, language: Language) -> str:
    """A stage in words, ``""`` for none."""
    return pick(STAGES.get(stage, (stage, stage)), language) if stage else ""


STATES = {
    "waiting": ("待发", "waiting"),
    "digest": ("等汇总", "for the digest"),
    "sending": ("发送中", "sending"),
    "sent": ("已送达", "sent"),
    "dead": ("未送达", "dead letter"),
}
CAUSES = {
    "first": ("首次读到", "first seen"),
    "content": ("内容变动", "content changed"),
    "rules": ("规则更新", "our rules changed"),
}
ROLES = {
    "baseline": ("基期", "baseline"),
    "target": ("目标", "target"),
    "actual": ("现状", "actual"),
    "change": ("变化", "change"),
}


FAILURES = {
    400: (("看不懂这个地址", "地址里的条件写错了。请回到列表重新选择。"), ("This address makes no sense", "A condition in it is wrong; choose again from the lists.")),
    403: (("不能这样做", "表单已过期，或这个页面只供查看。请重新打开原来的页面再试一次。"), ("This cannot be done", "The form is too old, or this page only shows things; open its page again and retry.")),
    404: (("没有这一页", "地址可能写错了，或者文件、版本已经不在这里。"), ("There is no such page", "The address may be wrong, or the document or version is not here any more.")),
    405: (("不能这样打开", "请从页面上的按钮操作。"), ("This cannot be opened like that", "Use the buttons of the page.")),
    413: (("提交的内容太大", "请缩短后再试。"), ("Too large", "Shorten it and try again.")),
    415: (("不能这样提交", "请从页面上的按钮操作。"), ("This cannot be sent like that", "Use the buttons of the page.")),
    421: (("这个页面只在自己的地址上应答", "请用 settings: alerts: link 里写的地址打开。"), ("This page answers to its own address only", "Open it at the address under settings: alerts: link.")),
    429: (("试得太多", "请过几分钟再来。"), ("Too many tries", "Come back in a few minutes.")),
    500: (("程序出错了", "这是 watcher 自身的问题，日志里有记录。请稍后再试。"), ("Something went wrong", "This is a fault of watcher; the log has more. Try again later.")),
    503: (("暂时打不开", "数据库暂时读不了，请稍后再试。"), ("Not available now", "The database cannot be read at the moment; try again later.")),
}  # fmt: skip
"""What a status means to a reader, and what to do: Chinese, English."""


class Words:
    """The vocabulary in one language, for the templates."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def stage(self, name: str | None) -> str:
        """征求意见稿, 印发稿 …"""
        return stage_word(name, self._language)

    def effect(self, name: str) -> str:
        """收紧, 放宽 …"""
        return effect_word(name, self._language)

    def nature(self, name: str | None) -> str:
        """约束性 or 预期性."""
        return (name or "") if self._language == "zh" else NATURES.get(name or "", name or "")

    def verdict(self, name: str | None) -> str:
        """What a page was when it was last looked at."""
        return pick(VERDICTS.get(name or "", ("尚未检查", "not checked yet")), self._language)

    def state(self, name: str) -> str:
        """Where an alert is on its way."""
        return pick(STATES.get(name, (name, name)), self._language)

    def cause(self, name: str) -> str:
        """Why a version exists."""
        return pick(CAUSES.get(name, (name, name)), self._language)

    def role(self, name: str) -> str:
        """What a value is: where one stands, or where one wants to go."""
        return pick(ROLES.get(name, (name, name)), self._language)

    def event(self, name: str) -> str:
        """What a message tells."""
        return pick(KINDS.get(name, (name, name)), self._language)  # type: ignore[call-overload]

    def failure(self, status: int) -> tuple[str, str]:
        """Heading and advice of an error page."""
        return FAILURES.get(status, FAILURES[500])[self._language == "en"]

    def reason(self, text: str | None) -> str:
        """Why a delivery failed, or a page could not be read."""
        return told(text or "", self._language)

    def subject(self, text: str) -> str:
        """What an incident is about, where that is no document."""
        return incidents.subject(text, self._language)

    def incident(self, kind: str) -> str:
        """What is wrong with a source."""
        return incidents.name(kind, self._language)

    def todo(self, kind: str) -> str:
        """What to do about it."""
        return incidents.advice(kind, self._language)[1]
