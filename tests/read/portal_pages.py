"""Pages of government portals made for tests: eight structures around one document, with noise and edits.

The mark-up follows what real portals print (containers, head tables, scripts, footers); names, texts and figures are made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

SUBJECTS = (
    "公共服务",
    "基层治理",
    "产业园区",
    "职业教育",
    "清洁能源",
    "轨道交通",
    "养老托育",
    "生态保护",
    "数字政务",
    "应急救援",
)
VERBS = ("推进", "完善", "加强", "健全", "优化", "提升", "落实", "扩大", "规范", "深化")
ENDS = (
    "体系建设",
    "服务能力",
    "设施布局",
    "协同机制",
    "人才培养",
    "监测评估",
    "标准化管理",
    "信息共享",
    "资金保障",
    "质量监管",
)


@dataclass(frozen=True)
class Doc:
    """The document that every structure prints."""

    title: str = "辽阳市人民政府办公室关于印发《辽阳市“十四五”公共服务规划》的通知"
    plan: str = "辽阳市“十四五”公共服务规划"
    number: str = "辽市政办发〔2021〕38号"
    issuer: str = "辽阳市人民政府办公室"
    signed: str = "2021年11月26日"
    published: str = "2021-12-03"
    index: str = "00123456X/2021-00412"
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    markup: str = ""
    """The article as HTML, in place of paragraphs and rows."""
    attachment: tuple[str, str] = ("辽阳市“十四五”公共服务规划.pdf", "./P020211203358291.pdf")


def document(seed: int, paragraphs: int = 60) -> Doc:
    """A document of made-up sentences, chapters and one table; the same for the same seed."""
    chance = random.Random(seed)
    lines = []
    for number in range(paragraphs):
        if number % 9 == 0:
            lines.append(
                f"第{'一二三四五六七八九十'[number // 9 % 10]}章 {chance.choice(VERBS)}{chance.choice(SUBJECTS)}{chance.choice(ENDS)}"
            )
        elif number % 3 == 1:
            lines.append(
                f"（{'一二三四五六七八九十'[number % 10]}）{chance.choice(VERBS)}{chance.choice(SUBJECTS)}{chance.choice(ENDS)}"
            )
        else:
            lines.append("".join(_sentence(chance) for _ in range(chance.randint(2, 6))))
    rows = [("类别", "指标", "单位", "2020年", "2025年", "属性")]
    for number in range(12):
        unit = chance.choice(("%", "个", "张", "岁", "人"))
        rows.append(
            (
                SUBJECTS[number // 3],
                f"{chance.choice(SUBJECTS)}{ENDS[number % 10]}覆盖率{number}",
                unit,
                str(chance.randint(10, 99)),
                f"≥{chance.randint(100, 199) / 2}",
                chance.choice(("预期性", "约束性")),
            )
        )
    return Doc(paragraphs=tuple(lines), rows=tuple(rows))


def _sentence(chance: random.Random) -> str:
    return (
        f"{chance.choice(VERBS)}{chance.choice(SUBJECTS)}{chance.choice(ENDS)}，到2025年，{chance.choice(SUBJECTS)}覆盖率达到{chance.randint(30, 99)}%以上，"
        f"新建{chance.choice(SUBJECTS)}示范点{chance.randint(3, 400)}个，{chance.choice(VERBS)}{chance.choice(ENDS)}与{chance.choice(ENDS)}衔接。"
    )


def edited(doc: Doc, chance: random.Random) -> Doc:
    """The document with one character changed, in a paragraph or in a table cell."""
    if chance.random() < 0.5:
        at = chance.choice([i for i, line in enumerate(doc.paragraphs) if len(line) > 30])
        line = doc.paragraphs[at]
        place = chance.randrange(len(line))
        new = line[:place] + ("甲" if line[place] != "甲" else "乙") + line[place + 1 :]
        return replace(doc, paragraphs=(*doc.paragraphs[:at], new, *doc.paragraphs[at + 1 :]))
    at, column = chance.randrange(1, len(doc.rows)), chance.randrange(1, 6)
    row = list(doc.rows[at])
    row[column] = (
        row[column][:-1] + ("7" if row[column][-1] != "7" else "8")
        if column in (3, 4)
        else row[column][:-1] + ("项" if row[column][-1] != "项" else "处")
    )
    return replace(doc, rows=(*doc.rows[:at], tuple(row), *doc.rows[at + 1 :]))


@dataclass
class Noise:
    """What differs between two fetches of one page: counters, tokens, banners, related links, advertisements, clocks."""

    chance: random.Random
    markup: int = 0
    """Another value saves the article again with other mark-up (spans, classes, line breaks of the source)."""
    links: int = 30
    pad: int = 0
    """Bytes of further menus, to bring a page to the size of real ones."""
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = "".join(self.chance.choice("0123456789abcdef") for _ in range(32))

    def related(self) -> str:
        items = "".join(
            f'<li><a href="/art/{self.chance.randint(1, 9999)}.html" title="{self._name()}">{self._name()}</a><span>2021-{self.chance.randint(1, 12):02d}-{self.chance.randint(1, 28):02d}</span></li>'
            for _ in range(self.links)
        )
        return f'<div class="related"><h3>相关推荐</h3><ul>{items}</ul></div>'

    def _name(self) -> str:
        return f"关于{self.chance.choice(VERBS)}{self.chance.choice(SUBJECTS)}{self.chance.choice(ENDS)}的通知"

    def banner(self) -> str:
        return f'<div class="banner b{self.chance.randint(1, 99)}"><a href="/zt/{self.chance.randint(1, 99)}/"><img src="/images/b{self.chance.randint(1, 9)}.jpg" alt="专题"></a></div>'

    def counter(self) -> str:
        return f"浏览次数：{self.chance.randint(1, 99999)}次"

    def menu(self) -> str:
        unit = '<li><a href="/col/col{0}/index.html" target="_blank">栏目名称{0}</a></li>\n'
        items = "".join(unit.format(n) for n in range(40 + self.pad // 75))
        return f'<div class="nav"><ul>{items}</ul></div>'

    def footer(self) -> str:
        return (
            '<div class="footer"><p>主办：辽阳市人民政府办公室　承办：辽阳市大数据中心</p><p>网站标识码：3601000001　辽ICP备05000000号　辽公网安备 36010000000001号</p>'
            f'<p>您是第{self.chance.randint(10000, 99999)}位访问者　<span id="now">{self.chance.randint(10, 23)}:{self.chance.randint(10, 59)}</span></p></div>'
        )

    def ad(self) -> str:
        return f'<div class="ad"><a href="http://ad.example.cn/{self.token}">点击领取福利{self.chance.randint(1, 999)}</a></div>'


def article(doc: Doc, noise: Noise) -> str:
    """The document's own mark-up: title, number, paragraphs, the table, the signature."""
    if doc.markup:
        return doc.markup
    chance = random.Random(noise.markup)
    style = noise.markup % 4

    def paragraph(text: str) -> str:
        if style == 1:
            middle = len(text) // 2
            text = f'<span style="font-family: 仿宋;">{text[:middle]}</span><span style="font-size:16pt">{text[middle:]}</span>'
        elif style == 2:
            text = "".join(f"<span>{c}</span>" if c.isdigit() else c for c in text)
        if style == 3:
            return f"　　{text}<br/>\n"
        return f'<p style="text-indent: 2em;" class="p{chance.randint(1, 9)}">　　{text}</p>\n'

    cells = []
    for number, row in enumerate(doc.rows):
        first = ""
        if number == 0:
            first = f"<td>{row[0]}</td>"
        elif (number - 1) % 3 == 0:
            first = f'<td rowspan="{min(3, len(doc.rows) - number)}">{row[0]}</td>'
        inner = first + "".join(
            f"<td><p>{cell}</p></td>" if style == 2 else f'<td width="{chance.randint(50, 90)}">{cell}</td>'
            for cell in row[1:]
        )
        cells.append(f"<tr>{inner}</tr>")
    table = f'<table border="1" cellspacing="0"><tbody>{"".join(cells)}</tbody></table>'
    half = len(doc.paragraphs) // 2
    parts = [paragraph(doc.plan), *map(paragraph, doc.paragraphs[:half]), table, *map(paragraph, doc.paragraphs[half:])]
    return (
        paragraph(doc.number)
        + paragraph("各县（区）人民政府，市政府各部门：")
        + "".join(parts)
        + paragraph(doc.issuer)
        + paragraph(doc.signed)
    )


def _metas(doc: Doc) -> str:
    return (
        f'<meta name="SiteName" content="辽阳市人民政府">\n<meta content="{doc.title.replace("“", "“")}" name="ArticleTitle">\n'
        f'<meta name="PubDate" content="{doc.published} 09:36:38">\n<meta name="ContentSource" content="{doc.issuer}">\n<meta name="contentSource" content="null">\n'
    )


def _page(doc: Doc, noise: Noise, inner: str, *, metas: str = "", charset: str = "utf-8", body: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{charset}">\n<meta name="csrf-token" content="{noise.token}">\n{metas}<title>{doc.title}_辽阳市人民政府</title>\n'
        f'<link rel="stylesheet" href="/style.css?v={noise.token[:6]}"><script>var token="{noise.token}";var t=new Date();</script></head>\n<body {body}>\n{noise.banner()}{noise.menu()}'
        f'<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 正文</div>\n{inner}\n{noise.related()}{noise.ad()}{noise.footer()}\n<script src="/js/{noise.token}.js"></script></body></html>'
    )


def _files(doc: Doc) -> str:
    return f'<div class="fjlist"><p>附件：</p><ul><li><a href="{doc.attachment[1]}" title="{doc.attachment[0]}">{doc.attachment[0]}</a></li></ul></div>'


def trs(doc: Doc, noise: Noise) -> str:
    inner = (
        f'<div class="detail"><h1>{doc.title}</h1><div class="info"><span>发布时间：{doc.published} 09:36</span> <span>来源：{doc.issuer}</span> <span>{noise.counter()}</span> 字体：[<a>大</a> <a>中</a> <a>小</a>]</div>'
        f'<div class="view TRS_UEDITOR trs_paper_default">{article(doc, noise)}</div>{_files(doc)}<div id="qr">扫一扫在手机打开当前页</div></div>'
    )
    return _page(doc, noise, inner, metas=_metas(doc))


def hanweb(doc: Doc, noise: Noise) -> str:
    inner = (
        f'<table width="980"><tr><td class="title">{doc.title}</td></tr><tr><td>发布日期：{doc.published}　{noise.counter()}　【打印】【关闭】</td></tr><tr><td><div id="zoom"><!--ZJEG_RSS.content.begin-->'
        f"{article(doc, noise)}<!--ZJEG_RSS.content.end--></div></td></tr></table>"
    )
    return _page(
        doc,
        noise,
        inner,
        metas=_metas(doc) + f'<meta name="Maketime" content="2021-12-03 10:{noise.chance.randint(10, 59)}:00">',
    )


def ucap(doc: Doc, noise: Noise) -> str:
    inner = (
        f'<div class="article"><UCAPTITLE>{doc.title}</UCAPTITLE><publishtime>{doc.published} 08:00</publishtime><div class="share">分享到：微信 微博</div><div id="UCAP-CONTENT"><ucapcontent>{article(doc, noise)}'
        f"<p>附件：<a href='/files/{doc.attachment[1].lstrip('./')}'>{doc.attachment[0]}</a></p></ucapcontent></div></div>"
    )
    return _page(
        doc,
        noise,
        inner,
        metas=f'<meta name="others" content="页面生成时间 2021-12-03 10:{noise.chance.randint(10, 59)}:11">'
        + _metas(doc),
    )


def vsb(doc: Doc, noise: Noise) -> str:
    inner = (
        f'<form name="_newscontent_fromname"><h1 align="center">{doc.title}</h1><div>时间：{doc.published} 点击数：<span id="dynclicks">{noise.chance.randint(1, 9999)}</span></div>'
        f'<div id="vsb_content"><div class="v_news_content">{article(doc, noise)}<p>{noise.counter()}</p></div></div><p>上一条：<a href="1.htm">{noise._name()}</a></p><p>下一条：<a href="2.htm">{noise._name()}</a></p></form>'
    )
    return _page(doc, noise, inner)


def epoint(doc: Doc, noise: Noise) -> str:
    inner = (
        f'<div class="ewb-main"><h3 class="ewb-article-tt">{doc.title}</h3><div class="ewb-article-sources">信息来源：{doc.issuer}　发布日期：{doc.published}　{noise.counter()}</div>'
        f'<div class="ewb-article-info">{article(doc, noise)}</div></div>'
    )
    return _page(doc, noise, inner)


def govcn(doc: Doc, noise: Noise) -> str:
    head = (
        f'<table class="bd1"><tbody><tr><td><b>索　引　号：</b></td><td>{doc.index}</td><td><b>主题分类：</b></td><td>国民经济管理、国有资产监管\\其他</td></tr><tr><td><b>发文机关：</b></td><td>{doc.issuer}</td>'
        f"<td><b>成文日期：</b></td><td>{doc.signed}</td></tr><tr><td><b>标　　题：</b></td><td colspan='3'>{doc.title}</td></tr><tr><td><b>发文字号：</b></td><td>{doc.number}</td><td><b>发布日期：</b></td>"
        "<td>2021年12月03日</td></tr><tr><td><b>主 题 词：</b></td><td></td><td></td><td></td></tr></tbody></table>"
    )
    inner = f'<div class="wrap">{head}<table><tr><td id="UCAP-CONTENT" class="pages_content">{article(doc, noise)}</td></tr></table></div>'
    metas = f'<meta name="manuscriptId" content="565{noise.chance.randint(1, 1)}"><meta name="firstpublishedtime" content="{doc.published}-10:00:00"><meta name="lastmodifiedtime" content="2021-12-{noise.chance.randint(10, 28)}">'
    return _page(doc, noise, inner, metas=metas)


def xxgk(doc: Doc, noise: Noise) -> str:
    head = (
        f'<div class="top-l"><p><strong>索引号</strong>：{doc.index}</p><p><strong>发布机构</strong>：{doc.issuer}</p><p><strong>名称</strong>：{doc.title}</p><p><strong>文号</strong>：无</p></div>'
        f'<div class="top-r"><p><strong>主题分类</strong>：综合政务</p><p><strong>发布日期</strong>：2021年12月03日</p></div>'
    )
    inner = f'<div class="container">{head}<div class="article_con">{article(doc, noise)}</div><div class="dhlm">扫一扫在手机打开当前页</div></div>'
    return _page(doc, noise, inner)


def unknown(doc: Doc, noise: Noise) -> str:
    inner = f'<div class="x1"><div class="x2"><h1>{doc.title}</h1><div class="x3"><div class="x4">{article(doc, noise)}</div></div></div></div>'
    return _page(doc, noise, inner)


STRUCTURES: dict[str, Callable[[Doc, Noise], str]] = {
    "trs": trs, "hanweb": hanweb, "ucap": ucap, "vsb": vsb, "epoint": epoint, "govcn": govcn, "xxgk": xxgk, "generic": unknown,
}  # fmt: skip


def page(
    structure: str, doc: Doc, seed: int, *, markup: int = 0, encoding: str = "utf-8", pad: int = 0, links: int = 30
) -> bytes:
    """One fetch of a page: the same document and structure with the noise of ``seed``."""
    html = STRUCTURES[structure](doc, Noise(random.Random(seed), markup=markup, pad=pad, links=links))
    if encoding != "utf-8":
        html = html.replace('charset="utf-8"', 'charset="gb2312"', 1)
    return html.encode(encoding)
