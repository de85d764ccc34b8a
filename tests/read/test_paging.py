"""Next pages and calendar leaves of lists, in the forms that portals write them."""

from __future__ import annotations

import pytest

from watcher.read.columns import read_column

BASE = "http://www.example.gov.cn/zw/tz/"
ROWS = "".join(
    f'<li><a href="/art/{number}.html">关于做好第{number}批老旧小区改造工作的通知</a><span>2024-06-{10 + number}</span></li>'
    for number in range(6)
)
NEXT: list[tuple[str, str, str | None]] = [
    ("index_2.html", '<script>createPageHTML(9, 2, "index", "html");</script>', "index_3.html"),
    ("index_8.html", '<script>createPageHTML(9, 8, "index", "html");</script>', None),
    (
        "index.html",
        '<select><option value="index.html" selected>第1页</option><option value="index_2.html">第2页</option></select>',
        "index_2.html",
    ),
    (
        "index_2.html",
        '<select><option value="index.html">1</option><option value="index_2.html">2</option></select>',
        None,
    ),
    ("index.html", '<div class="page"><a href="index_2.html"><img src="n.gif" alt="下一页"></a></div>', "index_2.html"),
    ("index.html", '<a href="index_2.html">Next →</a>', "index_2.html"),
    (
        "index.shtml",
        '<script>var currentPage=0;var countPage=12;document.write("<a href=\\"index_"+(currentPage+1)+".shtml\\">下一页</a>")</script>',
        "index_1.shtml",
    ),
    ("index.html", '<a aria-label="Next" href="index_2.html"><span>&rsaquo;</span></a>', "index_2.html"),
    (
        "index.html",
        '<div class="page"><a class="prev"></a><a class="next" href="index_2.html"><i></i></a></div>',
        "index_2.html",
    ),
    ("index.html", '<link rel="next" href="index_2.html">', "index_2.html"),
    ("index.html", '<a href="index_11.html">下10页</a><a href="index_2.html">下页</a>', "index_2.html"),
    ("index_5.html", '<a href="index_4.html">上一页</a><a class="disabled">下一页</a>', None),
    ("index_5.html", '<a href="index_4.html">上一页</a><a href="index_5.html">下一页</a>', None),
    ("index.html", '<a class="next-step" href="/guide/2.html"><i></i></a>', None),
    (
        "list.html",
        '<select name="dept"><option value="/a/">市政府</option><option value="/b/">市发展改革委</option></select>',
        None,
    ),
]


@pytest.mark.parametrize(("page", "pager", "following"), NEXT)
def test_the_next_page_is_found_as_the_pager_says_it(page: str, pager: str, following: str | None) -> None:
    html = f"<html><head><title>通知</title></head><body><ul class=list>{ROWS}</ul>{pager}</body></html>"
    found = read_column(html, BASE + page)
    assert len(found.items) == 6
    assert found.next == (following and BASE + following)


LEAVES = [
    '<div class="d"><span class="day">17</span><span class="ym">2024.06</span></div>',
    "<em>06-17</em><u>2024</u>",
    "<p>2024</p><p>06/17</p>",
    "<strong>17</strong><span>2024年6月</span>",
    "<span>06月17日</span><span>2024年</span>",
    "<span>17</span>/<span>2024-06</span>",
    "<i>2024年06月</i><b>17</b>",
    '<time datetime="2024-06-17">6天前</time>',
    '<span title="2024-06-17">06-17</span>',
]


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("before", [True, False])
def test_a_calendar_leaf_is_one_date_wherever_it_stands(leaf: str, before: bool) -> None:
    link = '<a href="/art/{0}.html">关于做好第{0}批老旧小区改造工作的通知</a>'
    said = "<p>根据第3号文件要求，现就有关工作通知如下……</p>" if before else ""
    row = f"<li>{leaf}{link}{said}</li>" if before else f"<li>{link}{leaf}</li>"
    html = "<ul>" + "".join(row.replace("{0}", str(number)) for number in range(4)) + "</ul>"
    assert [item.date for item in read_column(html, BASE).items] == ["2024-06-17"] * 4


@pytest.mark.parametrize("text", ["12 2024-06-05", "第17号 2024-06-05 09:30", "2024-06-05 17:30"])
def test_a_number_beside_a_whole_date_is_no_day(text: str) -> None:
    row = '<li><b>{1}</b><a href="/art/{0}.html">关于做好第{0}批老旧小区改造工作的通知</a></li>'
    html = "<ul>" + "".join(row.replace("{0}", str(at)).replace("{1}", text) for at in range(4)) + "</ul>"
    assert {item.date for item in read_column(html, BASE).items} == {"2024-06-05"}
