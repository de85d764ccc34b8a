"""The words and marks of false pages, from ``signs.yaml``: read once, compared in a matching form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from watcher.text import SPACES

SPARE = 8
"""Characters that a part of a title may have beside the phrase."""
_SPACE = re.compile(f"[{SPACES}][{SPACES}]*")
_BLANK = " \n\t\r\xa0\u2002\u2003\u3000\u200b\u2060\ufeff\u00ad"
"""The white space that pages use; counting it beats taking all of it away."""
_PARTS = re.compile(r"\s[-–—]+\s|[_|｜»>·]|--+|——")
_SITES = re.compile(f"{_PARTS.pattern}|(?<=[\u4e00-\u9fff）)])-(?=[\u4e00-\u9fff])")
"""What parts a document's title from its site's name: a bare hyphen between characters, too."""
_KIND = re.compile(
    r"^关于|《|(?:通知|公告|通告|规划|办法|意见|方案|通报|函|报告|决定|决议|条例|规定|细则|纲要|计划|解读|公示|指南|规范|标准|总结|要点|制度|预案|说明|图解|答复|目录|清单|名单|批复|倡议|公开信|章程|须知|细则|预算|决算|年报|简报|规程|守则|准则|导则|指引|措施|手册|名录|大纲|白皮书|纪要|启事|声明|公报|报表|问答|简介|概况|议程|日程|年鉴|请示|议案|意向|预告|讲话|致辞|批示|(?:告知|决定|答复|意见|通知|责任|倡议|任务|建议|申请)书)(?:\(.{0,20}\))?$"
)


def fold(text: str) -> str:
    """The form in which phrases are compared: NFKC, lower case, no white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def length(text: str) -> int:
    """Characters without white space."""
    # To look for a character takes a fraction of counting it, and most of these are on hardly any page.
    return len(text) - sum([text.count(blank) for blank in _BLANK if blank in text])


@dataclass(frozen=True, slots=True)
class Wall:
    """The marks of one firewall."""

    sign: str
    name: str
    status: frozenset[int]
    alone: bool
    header: tuple[tuple[str, str], ...]
    cookie: tuple[str, ...]
    markup: tuple[str, ...]
    text: tuple[str, ...]

    def in_headers(self, headers: Mapping[str, str]) -> bool:
        """A header that only this firewall sends."""
        return any(name in headers and part in headers[name].lower() for name, part in self.header)

    def in_cookies(self, names: tuple[str, ...]) -> bool:
        """A cookie of its making."""
        return any(name.startswith(self.cookie) for name in names) if self.cookie else False

    def in_markup(self, head: str) -> bool:
        """Its script or its address in the page's source (folded)."""
        return any(mark in head for mark in self.markup)

    def in_text(self, words: str) -> bool:
        """Its words in what a reader sees (folded)."""
        return any(mark in words for mark in self.text)


@dataclass(frozen=True, slots=True)
class _Rule:
    title: tuple[str, ...]
    text: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]


@cache
def _data() -> dict[str, Any]:
    source = files("watcher.fetch").joinpath("signs.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(source, Loader=loader)  # noqa: S506 (a safe loader either way)
    return data


def _folded(words: list[str] | None) -> tuple[str, ...]:
    return tuple(fold(str(word)) for word in words or ())


@cache
def walls() -> tuple[Wall, ...]:
    """All known firewalls, in the order of the file."""
    found = []
    for entry in _data()["walls"]:
        header = tuple(
            tuple(part.strip() for part in text.lower().partition(":")[::2]) for text in entry.get("header", ())
        )
        found.append(
            Wall(
                entry["sign"],
                entry["name"],
                frozenset(entry.get("status", ())),
                bool(entry.get("alone", False)),
                tuple((pair[0], pair[1]) for pair in header),
                tuple(str(name).lower() for name in entry.get("cookie", ())),
                _folded(entry.get("markup")),
                _folded(entry.get("text")),
            )
        )
    return tuple(found)


@cache
def _rules(kind: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(_folded(e.get("title")), _folded(e.get("text")), tuple(_folded(group) for group in e.get("all", ())))
        for e in _data()[kind]
    )


def is_document(title: str) -> bool:
    """Whether a part of a title is the title of an official paper: 关于…的公告."""
    return any(
        part.startswith("关于") and _KIND.search(part.removeprefix("关于")) is not None
        for part in map(fold, _SITES.split(title))
    )


def is_paper(title: str) -> bool:
    """Whether a part of a title names a kind of official paper (…公告, …条例, 答复), with or without 关于."""
    return any(_KIND.search(part) is not None for part in map(fold, _SITES.split(title)))


_ALONE = re.compile(
    "(?:(?:系统|网站|网络|平台|温馨|友情|重要|操作|信息|安全|站点|升级|改造|改版|新版|迁移|搬迁|切换|检修|关停|备案|维护|停机|暂停|服务|访问|临时|紧急|ipv6)(?:[及和与、]?))*(?:公告|通告|通知|提示|提醒|说明|声明|启事|公示)|"
    "(?:办事|服务)指南|(?:通知|公示)公告|公告公示|(?:政府|政务)公报|规章制度|政策(?:措施|解读|说明)"
)


def is_named_paper(title: str) -> bool:
    """Whether a part of a title names a paper and what it is about: not 公告 or 系统升级公告 alone, as home-made excuses are headed."""
    return any(_KIND.search(part) and not _ALONE.fullmatch(part) for part in map(fold, _SITES.split(title)))


_CRUMB = re.compile("您?(?:当前|现在|目前)?所?在?的?位置")
_VISITOR = re.compile(
    "您(?:所|要|正在|当前|访问|的访问|的点击|的浏览器|使用的浏览器|查看|查找|浏览|请求|的请求|的ip|的操作|的网络|今日|今天|尚未|还未|还没|没有|无权|提交)|你(?:所|要|访问|查看|查找|浏览|没有)|亲,|抱歉|对不起|很遗憾|请先登[录陆]|登[录陆]后(?:可|才|方|即)?(?:能|以)?(?:查看|阅读|浏览|访问)|"
    "(?:该|此|本)(?:条|篇|项)?(?:信息|内容|文章|页面?|栏目|链接|稿件|记录|资讯)(?:id)?(?:已|暂|不|无|被|正在|尚未|仅)|不再(?:展示|显示)|(?:查看|阅读|浏览)(?:本|全|原)文(?:需|须|请)|页面不存在|不存在或|已?被?删除|sorry|notfound|denied"
)
_ITSELF = re.compile(
    "本站|本网|该文件|网站|站点|门户|首页|页面|栏目|网页|系统|平台|节点|脚本|机房|数据|源站|站群|主机|空间|文章|内容|信息|文件库|链接"
)
_STATE = re.compile(
    "正在|即将|将于|将在|期待|谅解|见谅|理解|暂[停时不缓]|停[止用]|中断|关闭|恢复|无法|无效|不能|不可|不再|无权|禁[止用]|拒绝|失败|重试|返回|中止|终止|自动生成|创建成功|已?并入|移步|过低|不支持|不受支持|切换|未开通|未发布|飞到|走失|迷路|离线|繁忙|拥堵|备案|同步|稍候|稍后|回收站|归档|下线|失效|移除|撤下|未公开|取消公开|撤回|撤稿"
)
_MACHINE = re.compile(
    "(?<![a-z])(?:ip|url|sql|web|html|server)(?![a-z])|cookie|license|website|webserver|browser|gateway|maintenance|connection|exception|timeout|timedout|proxy|directory|id[=为]|错误[码:]|错误代码|报错|防护|防御|规则号|策略编号|请求|会话|机器|拖动|滑动|拼图|按钮|点击(?:继续|进入)|真实用户|解析失败|[.](?:ftl|jsp|php|asp)|刷新|浏览器|服务器|域名|爬虫|采集|验证码|登[录陆]|账号|权限|扫码|上网|充值|彩金|百家乐|老虎机|博彩|敬请期待|建设中|加载|授权|(?<![0-9])(?:40[134]|50[0234])(?![0-9])"
)


def speaks_to_visitor(words: str) -> bool:
    """Whether folded words tell a visitor why there is nothing to see, rather than the public what was decided."""
    return _VISITOR.search(_CRUMB.sub("", words)) is not None


def speaks_of_itself(words: str, *, briefly: bool) -> bool:
    """Whether folded words say of a site, its pages or machines what state they are in; of a text that is ``brief`` a word of machines is enough."""
    return (briefly and _MACHINE.search(words) is not None) or (
        _ITSELF.search(words) is not None and _STATE.search(words) is not None
    )


def titles(*texts: str) -> tuple[str, ...]:
    """The parts of titles, folded, that may tell of a failure: not those that name a kind of document.

    「网站建设中长期规划」 and 「关于系统维护的公告」 are documents, 「系统维护中 - 某某市人民政府」 is not.
    """
    parts = dict.fromkeys(part for text in texts for part in _PARTS.split(text))
    return tuple(part for part in dict.fromkeys(map(fold, parts)) if part and not _KIND.search(part))


def find(kind: str, titles: tuple[str, ...], short: str) -> str | None:
    """The phrase of ``kind`` (``challenge``, ``gone``, ``maintenance``, ``error``, ``login``) that a page says, or None.

    A phrase in a title counts where it is most of a part of it. ``short`` (folded) is ``""`` where the page's text is too long for its words to count.
    """
    for rule in _rules(kind):
        for part in titles:
            for phrase in rule.title:
                if phrase in part and len(part) <= len(phrase) + SPARE:
                    return phrase
        if not short:
            continue
        for phrase in rule.text:
            if phrase in short:
                return phrase
        if rule.groups:
            hits = [next((phrase for phrase in group if phrase in short), None) for group in rule.groups]
            if all(hits) and (kind == "login" or _together(rule.groups, short)):
                return "…".join(str(hit) for hit in hits)
    return None


_NEAR = 50
"""Characters between what is missing and that it is: an address in the footer is not what was deleted."""


def _together(groups: tuple[tuple[str, ...], ...], short: str) -> bool:
    """Whether a phrase of the second group stands near one of the first."""
    ones, others = (
        [at for phrase in group for at in range(len(short)) if short.startswith(phrase, at)] for group in groups[:2]
    )
    return any(abs(one - other) <= _NEAR for one in ones for other in others)


@cache
def _chrome() -> tuple[frozenset[str], tuple[str, ...]]:
    lines: set[str] = set()
    labels: list[str] = []
    for entry in _data()["chrome"]:
        lines.update(_folded(entry.get("text")))
        labels.extend(_folded(entry.get("label")))
    return frozenset(lines), tuple(labels)


_LOADING = re.compile("(?:页面|数据|内容|系统|正在|努力|拼命)*(?:加载|载入|跳转|打开)中?.{0,12}")


_UNFILLED = re.compile("[^{}$<>]{0,20}(?:\\{\\{[^{}]{1,60}\\}\\}|\\$\\{[^{}]{1,60}\\}|<%[^%]{1,60}%>)")
"""The place of a value that no script has filled in."""
_MENU = re.compile("首页[^。,;:0-9]{4,80}")
"""A row of links that begins with the way home."""


def is_chrome(line: str) -> bool:
    """Whether a folded line is a tool bar's, or a label of a head table with its value."""
    lines, labels = _chrome()
    bare = line.strip("|[]【】()<>-·:")
    if (
        not bare
        or line in lines
        or bare in lines
        or _LOADING.fullmatch(bare)
        or _UNFILLED.fullmatch(line)
        or _MENU.fullmatch(line)
    ):
        return True
    return any(
        line == label or line.startswith((label + ":", "[" + label + "]", "【" + label + "】")) for label in labels
    )
