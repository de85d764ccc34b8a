"""Texts for people in their language: at once (``tr``), or kept in both for whoever reads them later (``both``, ``told``)."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]


class Options:
    """Options that stand before the command; one set a process."""

    sources = Path("sources.yaml")
    language: Language = "zh"
    chosen = False
    """Whether the language was asked for; else it becomes that of the settings once they are read."""


def speak(language: Language) -> None:
    """The language of the settings, unless another was asked for."""
    if not Options.chosen:
        Options.language = language


def tr(zh: str, en: str) -> str:
    """A text in the language that was asked for."""
    return zh if Options.language == "zh" else en


SEAM = "\x1f"
"""Between the two languages of a text that ``both`` made."""


def both(zh: str, en: str) -> str:
    """A text in both languages, for what is stored or sent on before anybody reads it: why a page could not be read, say.

    ``told`` picks one of them. What stands in it must not have two languages itself (``around`` puts words around such a text).
    """
    return zh if zh == en else f"{zh}{SEAM}{en}"


def told(text: str, language: str | None = None) -> str:
    """A text in one language, the one that was asked for where none is named; a text that has only one as it is."""
    zh, seam, en = text.partition(SEAM)
    return en if seam and (language or Options.language) == "en" else zh


def around(text: str, frame: Callable[[str], str]) -> str:
    """A text with words around it, in each language that it has; the words are made by ``frame``."""
    zh, seam, en = text.partition(SEAM)
    return f"{frame(zh)}{SEAM}{frame(en)}" if seam else frame(zh)


def within(data: object, language: str | None = None) -> object:
    """JSON types with every text in one language."""
    if isinstance(data, str):
        return told(data, language)
    if isinstance(data, Mapping):
        return {name: within(value, language) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [within(value, language) for value in data]
    return data


_SYSTEM: Mapping[int, str] = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "它是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "文件系统只读",
    errno.ELOOP: "它链接到自己",
    errno.ENAMETOOLONG: "名称过长",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ECONNREFUSED: "对方拒绝连接",
}
"""What the system says of a file or port, in Chinese."""


def system(error: OSError) -> str:
    """Why the system refused something, in both languages; its own word where there is no Chinese for it."""
    said = error.strerror or str(error) or type(error).__name__
    return both(_SYSTEM.get(error.errno or 0, said), said)


_MISTRUST: Mapping[str, str] = {
    "expired": "已过期",
    "not yet valid": "尚未生效",
    "self-signed": "自签名",
    "self signed": "自签名",
    "issuer": "签发者不明，或缺少中间证书",
    "first certificate": "签发者不明，或缺少中间证书",
    "mismatch": "与域名不符",
    "not valid for": "与域名不符",
    "key too weak": "密钥过短",
}
"""Parts of what OpenSSL says of a certificate."""


def mistrust(said: str) -> str:
    """Why a certificate is not accepted, in Chinese; ``""`` for what OpenSSL seldom says."""
    return next((zh for part, zh in _MISTRUST.items() if part in said.lower()), "")


STAGE_WORDS: Mapping[str, tuple[str, str]] = {
    "draft": ("征求意见稿", "draft"),
    "review": ("送审稿", "review"),
    "final": ("印发稿", "final"),
    "amended": ("修订", "amended"),
    "repealed": ("废止", "repealed"),
    "interpretation": ("解读", "interpretation"),
    "other": ("其他", "other"),
}
EFFECT_WORDS: Mapping[str, tuple[str, str]] = {
    "tightened": ("收紧", "tightened"),
    "relaxed": ("放宽", "relaxed"),
    "reversed": ("上下限互换", "bound turned round"),
    "postponed": ("推迟", "postponed"),
    "advanced": ("提前", "brought forward"),
    "binding": ("改为约束性", "made binding"),
    "unbinding": ("取消约束性", "no longer binding"),
    "removed": ("删除", "removed"),
    "added": ("新增", "added"),
    "raised": ("上调", "raised"),
    "lowered": ("下调", "lowered"),
    "changed": ("调整", "changed"),
    "split": ("拆分", "split"),
    "merged": ("合并", "merged"),
    "restated": ("数据修订", "restated"),
    "reworded": ("表述调整", "reworded"),
}
"""In the order of their weight: what a reader must know first comes first. Besides the effects of a move it has the
kinds that stand in for a missing effect."""


def effect_word(effect: str, language: Language) -> str:
    """An effect (or a kind of move) as a word; itself where it has none."""
    zh, en = EFFECT_WORDS.get(effect, (effect, effect))
    return zh if language == "zh" else en


VERDICTS: Mapping[str, tuple[str, str]] = {
    "document": ("正常", "read"),
    "challenge": ("被防火墙拦截", "challenge page"),
    "error": ("出错", "error"),
    "login": ("要求登录", "login wall"),
    "empty": ("没有正文", "no body"),
    "shrunken": ("正文骤减", "body shrank"),
    "gone": ("已不存在", "gone"),
    "unreachable": ("连不上", "unreachable"),
}
