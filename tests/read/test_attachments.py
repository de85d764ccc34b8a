"""Attachments in the ways that pages link them; other links are none."""

from __future__ import annotations

import pytest

from watcher.read import read

HOST = "http://www.example.gov.cn"
LINKS = [
    (
        '<a href="/download?fileName=%E8%A7%84%E5%88%92.pdf&id=1">点击下载</a>',
        ("规划.pdf", "/download?fileName=%E8%A7%84%E5%88%92.pdf&id=1", "pdf"),
    ),
    ('附件：1.<a href="./P1.doc">方案</a>', ("方案", "/zwgk/P1.doc", "doc")),
    ('<a href="P2.xls" title="表格.xls"></a>', ("表格.xls", "/zwgk/P2.xls", "xls")),
    (
        '<a href="javascript:void(0)" onclick="window.open(\'/f/a.pdf\')">附件1.pdf</a>',
        ("附件1.pdf", "/f/a.pdf", "pdf"),
    ),
    ("<a href=\"javascript:download('/f/b.docx','1')\">规划全文</a>", ("规划全文", "/f/b.docx", "docx")),
    (
        '<a href="/module/download/down.jsp?i_ID=1">附件：名单.xlsx</a>',
        ("附件：名单.xlsx", "/module/download/down.jsp?i_ID=1", "xlsx"),
    ),
    ('<a href="/attach/abc">附件2：规划文本</a>', ("附件2：规划文本", "/attach/abc", "")),
    ('附件：<a href="/attach/abc">规划文本</a>', ("规划文本", "/attach/abc", "")),
    ('<a href="/attach/abc">规划文本</a>', None),
    ('<a href="/f/a.pdf#page=3">规划全文</a>', ("规划全文", "/f/a.pdf", "pdf")),
    ('<a href="#/file/a.pdf">规划.pdf</a>', None),
    ('<a data-href="/x/1.pdf" href="#">下载</a>', ("1.pdf", "/x/1.pdf", "pdf")),
    ('<a href="/d?id=9" download="全文.wps">全文</a>', ("全文", "/d?id=9", "wps")),
    ('<a href="a.PDF">规划.PDF</a>', ("规划.PDF", "/zwgk/a.PDF", "pdf")),
    ('<a href="/zcjd/1.html">《规划》解读</a>', None),
    ('<a href="mailto:a@b.gov.cn">附件请发 a@b.gov.cn</a>', None),
    ("<a href=\"javascript:share('/img/logo.png')\">分享</a>", None),
    ('<a href="/login?from=/a.pdf.html">登录</a>', None),
]


@pytest.mark.parametrize(("link", "wanted"), LINKS)
@pytest.mark.parametrize("where", ["in the article", "behind it"])
def test_a_link_to_a_file_is_offered(link: str, wanted: tuple[str, str, str] | None, where: str) -> None:
    article, behind = (f"<p>{link}</p>", "") if where == "in the article" else ("", f'<div class="fj">{link}</div>')
    page = f'<meta name="ArticleTitle" content="关于印发方案的通知"><div><div class="TRS_Editor"><p>现将方案印发给你们。</p>{article}</div>{behind}</div>'
    found = read(page.encode(), url=f"{HOST}/zwgk/t1.html", column=False).attachments
    assert [(one.name, one.url, one.format) for one in found] == (
        [(wanted[0], HOST + wanted[1], wanted[2])] if wanted else []
    )
