"""Incidents: when a source's failures become one, and what people are told to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from watcher.alert.words import pick
from watcher.types import Verdict
from watcher.words import Language

OURS: Final[frozenset[str]] = frozenset({"channel-dead", "overdue", "disk", "network", "settings", "damaged"})
"""Kinds that speak of the product itself and not of a source."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What an incident means and what to do, in Chinese and English; one plain sentence each."""

    name: tuple[str, str]
    meaning: tuple[str, str]
    todo: tuple[str, str]


ADVICE: Final[dict[str, Advice]] = {
    "blocked": Advice(
        ("被防火墙拦截", "blocked by a firewall"),
        (
            "网站返回的是防火墙验证页，不是文件正文。",
            "The site answers with a firewall's challenge instead of the document.",
        ),
        (
            "先用浏览器打开原文核对；在 sources.yaml 中调大该站的访问间隔，或为该监测源设置 render: browser 或 proxy。",
            "Open the page in a browser; give this host a longer spacing in sources.yaml, or set render: browser or a proxy.",
        ),
    ),
    "unreachable": Advice(
        ("无法连接", "unreachable"),
        ("连不上网站，或在时限内没有应答。", "The site cannot be reached or does not answer in time."),
        (
            "在浏览器中打开原文；若能打开，请检查本机网络、DNS 与代理，或为该监测源调大 timeout、只用 IPv4。",
            "Open the page in a browser; if it opens, check this machine's network, DNS and proxy, or raise timeout or use IPv4 only.",
        ),
    ),
    "error": Advice(
        ("页面报错", "error page"),
        ("网站返回错误页或维护页。", "The site answers with an error or maintenance page."),
        (
            "通常会自行恢复；若持续一天以上，请核对网址是否已更换。",
            "It usually passes; if it lasts longer than a day, check whether the address has changed.",
        ),
    ),
    "login": Advice(
        ("需要登录", "login demanded"),
        ("网站返回登录页。", "The site answers with a login page."),
        ("请换用公开网址，或从监测中移除该页。", "Use a public address, or stop watching the page."),
    ),
    "empty": Advice(
        ("正文为空", "no body"),
        ("页面能打开，但读不到正文。", "The page opens, but no body can be read."),
        (
            "正文可能由脚本加载或只有图片；试用 watcher read 网址 --dropped 查看，或设置 render: browser、selectors.body。",
            "The body may be loaded by a script or be an image; look with watcher read URL --dropped, or set render: browser or selectors.body.",
        ),
    ),
    "shrunken": Advice(
        ("正文骤减", "body shrank"),
        (
            "正文比上一版少了大半，或表格全部消失；在确认之前不作为新版本。",
            "The body lost most of its text or all its tables; it is no version until it repeats.",
        ),
        (
            "请打开原文核对；若确实删减，连续多轮之后会自动采信。",
            "Look at the page; if it was really cut, it is believed after some more rounds.",
        ),
    ),
    "gone": Advice(
        ("页面已不存在", "page gone"),
        ("网站称该页不存在。", "The site says that the page does not exist."),
        (
            "文件可能已转到新网址或撤下；请查找新网址并更新 sources.yaml，历史版本仍然保留。",
            "It may have moved or been withdrawn; find the new address and change sources.yaml. The history stays.",
        ),
    ),
    "degraded": Advice(
        ("网站改版", "site redesigned"),
        (
            "原来的栏目模板认不出该页，正文是按文字密度推断的，指标变动暂不通知。",
            "No known template fits the page any more; the body is guessed and indicator moves are not alerted.",
        ),
        (
            "用 watcher read 网址 核对正文；必要时在该监测源设置 selectors.body。",
            "Check with watcher read URL; where needed set selectors.body for the source.",
        ),
    ),
    "flapping": Advice(
        ("内容来回切换", "going back and forth"),
        (
            "同一网址在两种内容之间反复切换，每个版本都已保存，但不再逐次通知。",
            "The address goes back and forth between the same texts; every version is kept, but no longer told one by one.",
        ),
        (
            "用 watcher log 查看；若是网站多台服务器不同步，等待即可；若是页面零件造成，设置 selectors.drop。",
            "See watcher log; servers out of step settle by themselves; for a part of the page set selectors.drop.",
        ),
    ),
    "silent": Advice(
        ("久无动静", "silent"),
        (
            "超过预期时间没有新内容，也没有成功的检查。",
            "For longer than expected there was nothing new and no good check.",
        ),
        ("请核对栏目是否停更或换了网址。", "Check whether the column was given up or has moved."),
    ),
    "indicators-lost": Advice(
        ("指标读不出", "indicators lost"),
        ("以前能读出指标的文件，现在一项也读不出。", "A document that had indicators now has none."),
        (
            "请打开原文核对：可能改成了图片或附件，也可能是改版。",
            "Look at the page: the table may have become an image or an attachment, or the site was redesigned.",
        ),
    ),
    "attachment": Advice(
        ("附件取不到", "attachment lost"),
        (
            "页面仍列出以前读到的附件，但文件已取不到；比较时沿用已存的文件。",
            "The page still names files that were read before, but they cannot be had; the stored ones stand in for them.",
        ),
        (
            "打开原文页面核对附件是否撤下或换了网址；已存的文件在文件页的快照里，不会丢失。",
            "Look at the page: the file may be withdrawn or have moved. The stored one is kept with the document's snapshots.",
        ),
    ),
    "format-helper": Advice(
        ("缺少文件读取程序", "format helper missing"),
        (
            "附件的格式需要本机没有安装的程序，因此未读取。",
            "The file's format needs a program that is not installed; it was not read.",
        ),
        (
            "按 docs/operations.md 安装相应程序（如 antiword、LibreOffice），之后会自动补读。",
            "Install the program (antiword, LibreOffice …) as docs/operations.md says; the file is then read by itself.",
        ),
    ),
    "format": Advice(
        ("文件读不出", "file unreadable"),
        (
            "文件损坏、加密、过大，或只有扫描图像。",
            "The file is damaged, encrypted, too large, or holds scanned images only.",
        ),
        (
            "请打开原文核对；该文件的变动只能按整个文件判断。",
            "Look at the file; its changes can be told only as a whole.",
        ),
    ),
    "channel-dead": Advice(
        ("通知渠道失效", "channel dead"),
        (
            "该渠道已停用：机器人被移除、密钥失效，或多次发送失败。",
            "The channel was stopped: robot removed, key not valid, or too many failures.",
        ),
        (
            "修正 sources.yaml 中的渠道，用 watcher test-channel 名称 试发，再用 watcher resend 补发。",
            "Mend the channel in sources.yaml, try it with watcher test-channel NAME, then watcher resend.",
        ),
    ),
    "network": Advice(
        ("本机网络中断", "our own network is gone"),
        (
            "所有网站同时无法连接，应是本机的网络或 DNS 故障，不是网站的问题；期间不计各监测源的失败次数。",
            "No site can be reached, all at once: this machine's network or DNS is at fault, not the sites; failures are not counted meanwhile.",
        ),
        (
            "请检查本机网络、DNS 与代理；恢复之后会自动续查，不丢失。",
            "Check this machine's network, DNS and proxy; checks go on by themselves afterwards, nothing is lost.",
        ),
    ),
    "cluster": Advice(
        ("工作机失联", "workers unreachable"),
        (
            "连不上调度器，或没有可用的工作进程（其他机器）；期间不抓取任何网页，也不会改由本机抓取。",
            "The scheduler cannot be reached or no worker on other machines can be used; nothing is fetched meanwhile, not from this machine either.",
        ),
        (
            "检查调度器与工作机（watcher scheduler、watcher worker）、网络和版本；恢复之后会自动续查，不丢失。",
            "Check the scheduler and the workers (watcher scheduler, watcher worker), the network and their release; checks go on by themselves, nothing is lost.",
        ),
    ),
    "overdue": Advice(
        ("调度滞后", "scheduler overdue"),
        ("到期的检查没有按时开始。", "Checks that are due do not start in time."),
        (
            "查看 watcher status 与日志；可能是进程停过、磁盘已满或监测源过多。",
            "See watcher status and the log: the process stood still, the disk is full, or there are too many sources.",
        ),
    ),
    "disk": Advice(
        ("数据库无法写入", "database not writable"),
        ("数据库写不进去（磁盘已满、只读或被锁）。", "The database cannot be written (disk full, read-only, locked)."),
        (
            "腾出空间或修正权限；恢复之后会自动续跑，不丢失。",
            "Free some space or mend the permissions; work then goes on by itself, nothing is lost.",
        ),
    ),
    "configuration": Advice(
        ("不允许访问", "address refused"),
        (
            "该网址被访问规则或网站的 robots.txt 拒绝，没有发出请求。",
            "The address is refused by the access policy or by the site's robots.txt; it was not asked.",
        ),
        (
            "核对网址；内网地址须写入 allow_private；确有理由时为该监测源设置 robots: false 与 robots_reason。",
            "Check the address; a private one must be named in allow_private; with good reason set robots: false and robots_reason.",
        ),
    ),
    "settings": Advice(
        ("监测源文件有误", "bad sources.yaml"),
        ("新的 sources.yaml 有错误，旧配置继续有效。", "The new sources.yaml is wrong; the old one stays in force."),
        (
            "用 watcher validate 查看错误所在行，改好后自动生效。",
            "watcher validate shows the line; mended, it is taken by itself.",
        ),
    ),
    "damaged": Advice(
        ("数据库损坏", "database damaged"),
        (
            "每周核对发现数据库有内容与存入时不符，多为磁盘故障所致。",
            "The weekly check found stored content that is not what was written, mostly a fault of the disk.",
        ),
        (
            "先另存现有备份，再运行 watcher verify 查看；停止服务后用 watcher restore 恢复最近的完好备份。",
            "Put the backups aside, look with watcher verify, stop the service and restore the newest good backup with watcher restore.",
        ),
    ),
    "bug": Advice(
        ("程序缺陷", "a bug in watcher"),
        (
            "watcher 处理该监测源时出错，只推迟了这一个源。",
            "watcher failed on this source; only this source is pushed back.",
        ),
        (
            "请把日志中 check.bug 一行报告给维护者；升级后会自动恢复。",
            "Report the log line check.bug; after an upgrade it goes on by itself.",
        ),
    ),
}

_SUBJECTS: Final[dict[str, tuple[str, str]]] = {
    "network": ("本机网络", "network"),
    "scheduler": ("调度", "scheduler"),
    "executor": ("工作机", "workers"),
    "database": ("数据库", "database"),
    "disk": ("数据库", "database"),
}

_OF_VERDICT: Final[dict[str, str]] = {
    "challenge": "blocked",
    "unreachable": "unreachable",
    "error": "error",
    "login": "login",
    "empty": "empty",
    "shrunken": "shrunken",
    "gone": "gone",
}


def name(kind: str, language: Language) -> str:
    """What the kind is called; the kind itself where nobody named it."""
    return pick(ADVICE[kind].name, language) if kind in ADVICE else kind


def subject(text: str, language: Language) -> str:
    """What an incident is about, where that is no source but a channel or a part of the product itself."""
    if text.startswith("channel "):
        return pick((text.replace("channel ", "渠道 ", 1), text), language)
    return pick(_SUBJECTS.get(text, (text, text)), language)


def advice(kind: str, language: Language) -> tuple[str, str]:
    """What it means and what to do; two empty texts for a kind that is not known."""
    if kind not in ADVICE:
        return "", ""
    return pick(ADVICE[kind].meaning, language), pick(ADVICE[kind].todo, language)


def kind_of(verdict: Verdict) -> str | None:
    """The kind of incident that a verdict counts towards; None for a document."""
    return _OF_VERDICT.get(verdict)


def indicators_lost(before: int, after: int) -> bool:
    """Whether a document that had indicators (more than one or two strays) has none now."""
    return before >= 3 and after == 0


def overdue(oldest_due: datetime | None, now: datetime) -> bool:
    """Whether the oldest source that is due has waited longer than a quarter of an hour."""
    return oldest_due is not None and (now - oldest_due).total_seconds() > 900
