"""The words of messages in Chinese and English: stages, effects, labels. Data, no sentences that need logic."""

from __future__ import annotations

from typing import Final

from watcher.types import EventType
from watcher.words import Language

STAGES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("征求意见稿", "draft for comment"),
    "review": ("送审稿", "draft for review"),
    "final": ("印发稿", "final"),
    "amended": ("修订稿", "amended"),
    "repealed": ("已废止", "repealed"),
    "interpretation": ("解读", "interpretation"),
    "other": ("其他文本", "other text"),
}
OPS: Final[dict[str, str]] = {"=": "", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "约"}
NATURES: Final[dict[str, str]] = {"预期性": "anticipatory", "约束性": "binding", "建议性": "advisory"}

ROLES: Final[dict[str, tuple[str, str]]] = {
    "baseline": ("基数", "baseline"),
    "actual": ("现状", "actual"),
    "change": ("增减", "change"),
}
"""Values that are no plain target."""
ORIGINS: Final[dict[str, tuple[str, str]]] = {"table": ("（表格）", "(table)"), "prose": ("（正文）", "(text)")}

PORTALS: Final[dict[str, tuple[str, str]]] = {
    "generic": ("通用规则（没有专门模板）", "generic rules (no template)"),
    "text": ("纯文本文件", "plain text file"),
    "departments": ("部门网站模板", "template of a department's site"),
    "easysite": ("EasySite 网站模板", "EasySite template"),
    "epoint": ("新点（Epoint）网站模板", "Epoint template"),
    "founder": ("方正（翔宇）网站模板", "Founder template"),
    "gkmlpt": ("广东信息公开平台模板", "template of Guangdong's disclosure platform"),
    "govcn": ("中国政府网模板", "gov.cn template"),
    "hanweb": ("大汉（JCMS）网站模板", "Hanweb JCMS template"),
    "jpaas": ("大汉（JPaaS）网站模板", "Hanweb JPaaS template"),
    "shanghai": ("上海政府网站模板", "template of Shanghai's sites"),
    "trs": ("拓尔思（TRS）网站模板", "TRS template"),
    "ucap": ("开普（UCAP）网站模板", "UCAP template"),
    "vsb": ("博达（VSB）网站模板", "VSB template"),
    "xxgk": ("信息公开页模板", "disclosure page template"),
}
"""How a page was read: the members of the portals' drawer, and what is read without one."""

KINDS: Final[dict[EventType, tuple[str, str]]] = {
    "document.first_seen": ("新文件", "New document"),
    "document.changed": ("文件有变动", "Document changed"),
    "document.stage_changed": ("文件进入新阶段", "Document moved to another stage"),
    "document.gone": ("页面已不存在", "Page gone"),
    "document.back": ("页面已恢复", "Page back"),
    "consultation.opened": ("开始征求意见", "Consultation opened"),
    "consultation.closing": ("征求意见即将截止", "Consultation closes soon"),
    "consultation.closed": ("征求意见已截止", "Consultation closed"),
    "consultation.result": ("意见采纳情况已公布", "Consultation result published"),
    "attachment.changed": ("附件有变动", "Attachments changed"),
    "link.proposed": ("疑似同一文件，请确认", "Possibly the same document, please decide"),
    "incident.opened": ("监测异常", "Incident"),
    "incident.closed": ("异常已恢复", "Recovered"),
    "digest": ("变动汇总", "Digest"),
    "test": ("测试通知", "Test message"),
}


REACHED: Final[dict[str, tuple[str, str]]] = {
    "draft": ("重新征求意见", "New draft for comment"),
    "review": ("形成送审稿", "Draft for review"),
    "final": ("正式印发", "Final text issued"),
    "amended": ("已修订", "Amended"),
    "repealed": ("已废止", "Repealed"),
}
"""What happened to a document, by the stage that it reached."""


def pick(pair: tuple[str, str], language: Language) -> str:
    """The Chinese or the English one."""
    return pair[0] if language == "zh" else pair[1]


def kind_word(kind: str, language: Language) -> str:
    """What a type of event is called; the type itself where nobody named it."""
    return next((pick(words, language) for name, words in KINDS.items() if name == kind), kind)


def stage(name: object, language: Language) -> str:
    """The word for a stage, ``""`` for none."""
    return pick(STAGES[name], language) if isinstance(name, str) and name in STAGES else ""
