"""The pages of the simulated portal: made-up plans in the mark-up of four portal systems, a fifth of them in GBK.

Everything is derived from a page's number, so that the portal, the runner and the checks agree without talking. A page is
a list of pieces; those that never change are compressed once and joined (deflate allows it), so that serving costs little.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from watcher.lexicon import places

FAMILIES = ("trs", "hanweb", "ucap", "govcn")
EDITED = 0.05
"""Share of pages whose plan is really edited in one epoch."""
SAVED_AGAIN = 0.02
"""Share of pages that are saved again with other mark-up in one epoch."""
CONDITIONAL = 0.4
"""Share of pages whose server answers conditional requests."""
COUNTED = 0.1
"""Share of pages with a counter inside the article."""
GBK = 0.2
PAGES_A_HOST = 40
TYPICAL = 6500
"""Characters of an article in the median."""


def _words(text: str) -> list[str]:
    return text.split()


@cache
def _places() -> list[str]:
    """Counties with their prefectures, 包头市昆都仑区, in an order without meaning."""
    rows = [
        line.split("	")
        for line in (Path(places.__file__).parent / "divisions.tsv").read_text("utf-8").splitlines()
        if line[0] != "#"
    ]
    names = {row[0]: row[1] for row in rows if len(row) == 2}
    found = [
        names[code[:4] + "00"] + name for code, name in names.items() if code[4:] != "00" and code[:4] + "00" in names
    ]
    _dice("places").shuffle(found)
    return found


_THINGS = _words(
    "公共卫生 医疗服务 基层治理 产业园区 职业教育 清洁能源 轨道交通 养老托育 生态保护 数字政务 应急救援 中医药 妇幼健康 疾病预防 健康促进 药品供应 人才队伍 科技创新 信息平台 分级诊疗 医养结合 家庭医生 血液管理 食品安全 职业病防治 精神卫生 爱国卫生 老龄事业 人口监测 托位供给 县域医共体 城市医疗集团 远程会诊 急诊急救 重症救治 传染病监测 慢性病管理 口腔健康 学生近视防控 健康素养 残疾预防 康复护理 安宁疗护 饮用水监测 环境卫生 农村改厕 病媒防制 无偿献血 标准制度 监督执法 投资保障 价格改革 医保支付 绩效考核 薪酬分配 国际合作 舆论宣传 法治建设 风险评估 实验室网络 物资储备 公立医院 民营医院 乡镇卫生院 社区服务中心 村卫生室 专科联盟 区域中心 重点专科 住院医师 全科医生 护士队伍 公卫医师 高层次人才 骨干培养 继续教育 学科带头人 科研项目 成果转化 临床试验 生物安全 数据共享 电子病历 健康档案 互联网医院 人工智能 物联网应用 网络安全 预约诊疗 日间手术 多学科诊疗 优质护理 合理用药 抗菌药物 院感防控 医疗纠纷 平安医院 后勤保障 节能降耗 应急演练 绿色通道"
)
_VERBS = _words(
    "推进 完善 加强 健全 优化 提升 落实 扩大 规范 深化 统筹 强化 加快 实施 支持 鼓励 引导 探索 开展 巩固 拓展 构建 夯实 整合 盘活 培育 壮大 补齐 压实 衔接 细化 夯牢 畅通 创新 推广 复制 督促 保障 带动 提高"
)
_ENDS = _words(
    "体系建设 服务能力 设施布局 协同机制 人才培养 监测评估 标准化管理 信息共享 资金保障 质量监管 规范运行 均衡发展 提质增效 资源下沉 制度改革 试点示范 联防联控 群防群治 综合治理 全程管理 项目落地 考核评价 政策支持 社会参与 责任落实 动态调整 梯次配置 互联互通 精细管理 长效机制"
)
_LINKS = _words(
    "同时 其中 进一步 到规划期末 按照统一部署 在此基础上 结合本地实际 坚持问题导向 以县为单位 围绕重点人群 面向基层一线 聚焦薄弱环节 依托现有资源 力争三年内 逐步 分类 有序 全面 稳步 持续"
)
_TAILS = _words(
    "形成可复制的经验 切实减轻群众负担 满足多层次需求 实现闭环管理 确保责任到岗到人 增强群众获得感 缩小城乡差距 不断提高保障水平 严守安全底线 推动高质量发展 为全市发展提供支撑 接受社会监督"
)
_TOPICS = _words(
    "卫生健康 医疗卫生服务体系 公共卫生 健康老龄化 疾病预防控制 中医药 妇女儿童健康 卫生人才 健康产业 托育服务 全民健康信息化 职业健康 卫生应急"
)
_NUMBERS = "一二三四五六七八九十"
# Name, unit, target's sign, baseline, step, decimals, nature.
_INDICATORS = (
    ("人均预期寿命", "岁", "", 78.2, 0.9, 1, "预期性"),
    ("孕产妇死亡率", "/10万", "≤", 9.0, -0.7, 1, "约束性"),
    ("婴儿死亡率", "‰", "≤", 4.6, -0.3, 1, "约束性"),
    ("5岁以下儿童死亡率", "‰", "≤", 5.9, -0.3, 1, "预期性"),
    ("居民健康素养水平", "%", "≥", 22.0, 1.1, 1, "预期性"),
    ("每千人口医疗卫生机构床位数", "张", "", 6.1, 0.3, 2, "预期性"),
    ("每千人口执业（助理）医师数", "人", "≥", 2.8, 0.12, 2, "预期性"),
    ("每千人口注册护士数", "人", "≥", 3.1, 0.2, 2, "预期性"),
    ("每万人口全科医生数", "人", "≥", 2.6, 0.3, 2, "约束性"),
    ("每千人口拥有3岁以下婴幼儿托位数", "个", "≥", 1.4, 0.6, 1, "预期性"),
    ("重大慢性病过早死亡率", "%", "≤", 16.4, -0.4, 1, "预期性"),
    ("适龄儿童免疫规划疫苗接种率", "%", "≥", 93.0, 0.4, 1, "约束性"),
    ("严重精神障碍患者规范管理率", "%", "≥", 88.0, 0.9, 1, "约束性"),
    ("高血压患者规范管理率", "%", "≥", 63.0, 1.3, 1, "预期性"),
    ("2型糖尿病患者规范管理率", "%", "≥", 62.0, 1.2, 1, "预期性"),
    ("县域就诊率", "%", "≥", 88.6, 0.8, 1, "预期性"),
    ("个人卫生支出占卫生总费用的比重", "%", "≤", 28.4, -0.5, 1, "约束性"),
    ("国家卫生城市占比", "%", "≥", 51.0, 2.0, 1, "预期性"),
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """What stands at a page in one epoch."""

    edits: int = 0
    """Values changed so far."""
    markup: int = 0
    """Times saved again with other mark-up."""


def _dice(*seed: object) -> random.Random:
    return random.Random(repr(seed))


def family(number: int) -> str:
    """Which system a page's host runs."""
    return FAMILIES[number // PAGES_A_HOST % len(FAMILIES)]


def gbk(number: int) -> bool:
    """Whether a page is written in GBK."""
    return _dice("gbk", number).random() < GBK


def conditional(number: int) -> bool:
    """Whether a page's server answers conditional requests."""
    return _dice("conditional", number).random() < CONDITIONAL


def counted(number: int) -> bool:
    """Whether a counter stands inside a page's article."""
    return _dice("counted", number).random() < COUNTED


def host(number: int) -> str:
    """The address that a page's host listens on, all of them loopback."""
    place = number // PAGES_A_HOST
    return f"127.{place // 62500}.{place // 250 % 250}.{place % 250 + 1}"


def alone(number: int) -> str:
    """An address that only this page has, for what is measured with many hosts."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def path(number: int) -> str:
    """Where a page stands on its host."""
    return f"/zwgk/ghjh/t20220{number % 9 + 1}{number % 28 + 1:02d}_{100000 + number}.html"


@dataclass(frozen=True)
class Event:
    """What happens at a page from one epoch to the next."""

    edited: bool
    saved_again: bool


def event(number: int, epoch: int, share: float = EDITED) -> Event:
    """What an epoch (1, 2, …) brings to a page; ``share`` of the pages are edited."""
    throw = _dice("event", number, epoch).random()
    return Event(throw < share, share <= throw < share + SAVED_AGAIN)


@lru_cache(maxsize=20000)
def _plan(number: int) -> tuple[str, int, tuple[tuple[str, str, str, float, float, int, str], ...]]:
    dice = _dice("plan", number)
    counties = _places()
    topic = _TOPICS[(number + number // len(counties)) % len(_TOPICS)]
    title = f"{counties[number % len(counties)]}“十四五”{topic}发展规划"
    return title, int(TYPICAL * min(4.0, max(0.3, dice.lognormvariate(0, 0.45)))), tuple(_INDICATORS)


def title(number: int) -> str:
    """The plan's title; no two of the first 30,000 are alike."""
    return _plan(number)[0]


def target(number: int, row: int, edits: int) -> str:
    """The target value of an indicator, as printed, after so many edits of the page."""
    name, _, sign, base, step, decimals, _ = _INDICATORS[row]
    steps = 2 + sum(edited_row(number, edit) == row for edit in range(edits))
    first = round(base * (1 + _dice("value", number, name).random() * 0.1) * 10**decimals)
    stride = max(1, round(abs(step) * 0.25 * 10**decimals)) * (1 if step > 0 else -1)
    return f"{sign}{(first + stride * steps) / 10**decimals:.{decimals}f}"


def edited_row(number: int, edit: int) -> int:
    """Which indicator the page's edit number ``edit`` (from 0) changes."""
    return (_dice("row", number).randrange(len(_INDICATORS)) + edit * 5) % len(_INDICATORS)


def news(number: int, state: State) -> tuple[str, str]:
    """Name and new printed value of the page's last edit: what an alert must show."""
    row = edited_row(number, state.edits - 1)
    return _INDICATORS[row][0], target(number, row, state.edits).lstrip("≥≤")


def _sentence(dice: random.Random) -> str:
    parts = [
        f"{dice.choice(_LINKS)}{dice.choice(_VERBS)}{dice.choice(_THINGS)}{dice.choice(_ENDS)}"
        for _ in range(dice.randint(2, 4))
    ]
    if dice.random() < 0.1:
        parts.append(f"新建{dice.choice(_THINGS)}示范点{dice.randint(3, 400)}个")
    if dice.random() < 0.06:
        parts.append(f"到2025年，{dice.choice(_THINGS)}覆盖率达到{dice.randint(50, 99)}%以上")
    parts.append(dice.choice(_TAILS))
    return "，".join(parts) + "。"


@lru_cache(maxsize=3000)
def paragraphs(number: int) -> tuple[str, ...]:
    """The plan's running text; edits only touch the table."""
    dice = _dice("text", number)
    wanted = _plan(number)[1]
    lines: list[str] = []
    written = chapter = section = 0
    while written < wanted:
        if section % 4 == 0:
            chapter, line = (
                chapter + 1,
                f"第{_NUMBERS[chapter % 10]}章 {dice.choice(_VERBS)}{dice.choice(_THINGS)}{dice.choice(_ENDS)}",
            )
            lines.append(line)
        lines.append(f"（{_NUMBERS[section % 10]}）{dice.choice(_VERBS)}{dice.choice(_THINGS)}{dice.choice(_ENDS)}")
        lines += ["".join(_sentence(dice) for _ in range(dice.randint(2, 5))) for _ in range(dice.randint(1, 3))]
        section += 1
        written = sum(map(len, lines))
    return tuple(lines)


def _rows(number: int, state: State) -> list[tuple[str, ...]]:
    dice = _dice("base", number)
    rows: list[tuple[str, ...]] = [("序号", "指标", "单位", "2020年", "2025年", "属性")]
    for row, (name, unit, _, base, _, decimals, nature) in enumerate(_INDICATORS):
        factor = 1 + _dice("value", number, name).random() * 0.1
        rows.append(
            (
                str(row + 1),
                name,
                unit,
                f"{base * factor * dice.uniform(0.97, 0.99):.{decimals}f}",
                target(number, row, state.edits),
                nature,
            )
        )
    return rows


def article(number: int, state: State) -> str:
    """The article's mark-up; the mark-up differs with ``state.markup``, the text does not."""
    style = state.markup % 4

    def paragraph(text: str) -> str:
        if style == 1:
            middle = len(text) // 2
            text = f'<span style="font-family: 仿宋;">{text[:middle]}</span><span style="font-size:16pt">{text[middle:]}</span>'
        elif style == 3:
            text = f'<font face="仿宋_GB2312">{text}</font>'
        return f'<p style="text-indent: 2em; line-height: {1.5 + style / 4}em;">　　{text}</p>\n'

    cells = "".join(
        "<tr>"
        + "".join(f'<td width="{90 + style}">' + (f"<p>{cell}</p>" if style == 2 else cell) + "</td>" for cell in row)
        + "</tr>\n"
        for row in _rows(number, state)
    )
    lines = paragraphs(number)
    third = len(lines) // 3
    return (
        "".join(map(paragraph, lines[:third]))
        + paragraph(f"专栏 {title(number)}主要指标")
        + f'<table border="1" cellspacing="0"><tbody>{cells}</tbody></table>\n'
        + "".join(map(paragraph, lines[third:]))
    )


@lru_cache(maxsize=400)
def _chrome(place: int) -> tuple[str, str, str]:
    """Head, menus and foot of a host: styles, scripts and links, as bulky as portals print them."""
    dice = _dice("chrome", place)
    name = f"{_places()[place * 7 % 2000]}卫生健康局"

    def word() -> str:
        return "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randint(3, 9)))

    styles = "\n".join(
        f".{word()}-{word()}{{{dice.choice(('margin', 'padding', 'width', 'top'))}:{dice.randint(0, 999)}px;color:#{dice.randrange(1 << 24):06x};background:url(/images/{word()}{dice.randint(1, 99)}.png) no-repeat}}"
        for _ in range(250)
    )
    scripts = "\n".join(
        f'function {word()}_{word()}(e){{var {word()}=document.getElementById("{word()}{dice.randint(1, 99)}");if(e>{dice.randint(1, 999)}){{return {word()}.{word()}({dice.randint(1, 9999)})}}}}'
        for _ in range(170)
    )
    menu = "\n".join(
        f'<li class="menu-item m{dice.randint(1, 99)}"><a href="/{word()}/{word()}/index_{dice.randint(1, 999)}.html" target="_blank" title="{(label := dice.choice(_THINGS) + dice.choice(_ENDS))}">{label}</a></li>'
        for _ in range(200)
    )
    return f"<style>{styles}</style>\n<script>{scripts}</script>", f'<div class="nav"><ul>{menu}</ul></div>', name


_Template = Callable[[int, str, str], str]


def _trs(number: int, body: str, source: str) -> str:
    return (
        f'<div class="detail"><h1>{title(number)}</h1><div class="info"><span>发布时间：2022-03-{number % 28 + 1:02d} 09:36</span> <span>来源：{source}</span> '
        f'<span>浏览次数：\x00counter\x00次</span></div><div class="view TRS_UEDITOR trs_paper_default">{body}</div><div id="qr">扫一扫在手机打开当前页</div></div>'
    )


def _hanweb(number: int, body: str, source: str) -> str:
    return (
        f'<table width="980"><tr><td class="title">{title(number)}</td></tr><tr><td>发布日期：2022-03-{number % 28 + 1:02d}　浏览次数：\x00counter\x00次　【打印】【关闭】</td></tr>'
        f'<tr><td><div id="zoom"><!--ZJEG_RSS.content.begin-->{body}<!--ZJEG_RSS.content.end--></div></td></tr></table>'
    )


def _ucap(number: int, body: str, source: str) -> str:
    return (
        f'<div class="article"><UCAPTITLE>{title(number)}</UCAPTITLE><publishtime>2022-03-{number % 28 + 1:02d} 08:00</publishtime><div class="share">分享到：微信 微博</div>'
        f'<div id="UCAP-CONTENT"><ucapcontent>{body}</ucapcontent></div></div>'
    )


def _govcn(number: int, body: str, source: str) -> str:
    return (
        f'<div class="wrap"><table class="bd1"><tbody><tr><td><b>索　引　号：</b></td><td>00123456X/2022-{number % 10000:05d}</td><td><b>主题分类：</b></td><td>卫生、体育\\卫生</td></tr>'
        f"<tr><td><b>发文机关：</b></td><td>{source}</td><td><b>成文日期：</b></td><td>2022年03月{number % 28 + 1:02d}日</td></tr><tr><td><b>标　　题：</b></td><td colspan='3'>{title(number)}</td></tr>"
        f'</tbody></table><table><tr><td id="UCAP-CONTENT" class="pages_content">{body}</td></tr></table></div>'
    )


_TEMPLATES: dict[str, _Template] = {"trs": _trs, "hanweb": _hanweb, "ucap": _ucap, "govcn": _govcn}


def source(number: int, state: State) -> str:
    """The page with ``\\0name\\0`` where something differs at every request."""
    head, menu, office = _chrome(number // PAGES_A_HOST)
    body = article(number, state)
    if counted(number):
        body += (
            "<p>本页浏览次数：\x00counter\x00次</p>\n"
            if number % 2
            else '<p>点击数：<span id="hits">\x00counter\x00</span></p>\n'
        )
    charset = "gb2312" if gbk(number) else "utf-8"
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{charset}">\n<meta name="csrf-token" content="\x00token\x00">\n'
        f'<meta name="SiteName" content="{office}">\n<meta name="ArticleTitle" content="{title(number)}">\n<meta name="PubDate" content="2022-03-{number % 28 + 1:02d} 09:36:38">\n'
        f'<title>{title(number)}_{office}</title>\n{head}</head>\n<body>\n<div class="banner"><a href="/zt/\x00token\x00/"><img src="/images/b.jpg" alt="专题"></a></div>{menu}'
        f'<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 正文</div>\n{_TEMPLATES[family(number)](number, body, office)}\n'
        f'<div class="related"><h3>相关推荐</h3><ul>\x00related\x00</ul></div>\n<div class="footer"><p>主办：{office}　网站标识码：36010{number % 100000:05d}　辽ICP备05000000号</p>'
        f"<p>您是第\x00counter\x00位访问者　<span>\x00clock\x00</span></p></div>\n</body></html>"
    )


def etag(number: int, state: State) -> str:
    """The validator of a page as it stands."""
    return f'"{number:x}-{state.edits:x}-{state.markup:x}"'


def _noise(name: str, dice: random.Random) -> str:
    if name == "counter":
        return str(dice.randint(1, 99999))
    if name == "token":
        return f"{dice.getrandbits(128):032x}"
    if name == "clock":
        return f"{dice.randint(8, 20)}:{dice.randint(10, 59)}:{dice.randint(10, 59)}"
    return "".join(
        f'<li><a href="/art/{dice.randint(1, 99999)}.html">关于{dice.choice(_VERBS)}{dice.choice(_THINGS)}{dice.choice(_ENDS)}的通知</a><span>2022-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}</span></li>'
        for _ in range(25)
    )


KEPT = 2500
"""Pages that are kept as they stand."""


@lru_cache(maxsize=KEPT)
def written(number: int, state: State) -> tuple[str, tuple[tuple[bytes, bytes], ...], tuple[str, ...]]:
    """Encoding, the fixed pieces (plain and deflated), and the names of what stands between them."""
    encoding = "gb18030" if gbk(number) else "utf-8"
    parts = source(number, state).split("\x00")
    return encoding, tuple((raw := part.encode(encoding), _deflated(raw)) for part in parts[::2]), tuple(parts[1::2])


def _deflated(raw: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)


def render(number: int, state: State, dice: random.Random) -> tuple[bytes, bytes]:
    """One answer: the page's bytes, and the same bytes gzipped. Differs at every call."""
    encoding, fixed, names = written(number, state)
    plain, packed = [fixed[0][0]], [fixed[0][1]]
    for name, (raw, deflated) in zip(names, fixed[1:], strict=True):
        noise = _noise(name, dice).encode(encoding)
        plain += (noise, raw)
        packed += (_deflated(noise), deflated)
    body = b"".join(plain)
    end = b"\x03\x00" + struct.pack("<II", zlib.crc32(body), len(body))
    return body, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"".join(packed) + end
