"""What the replay portal has on its shelves: where every page stands, in which CMS, and how it is built from its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import yaml

from watcher.demo import seedtext
from watcher.demo.seedtext import Paper

HERE = Path(__file__).parent
COLUMN = "/hhht/zwgk/zfwj/"
FINAL = f"{COLUMN}202205/t20220520_1290117.html"

Validator = Literal["etag", "last-modified"]


@dataclass(slots=True)
class Page:
    """One address of the portal: its text, how the text becomes a paper, and the template of its CMS."""

    template: str
    build: Callable[[str], Paper]
    text: str
    site: str = ""
    published: str = ""
    encoding: str = "utf-8"
    content_type: str = "text/html; charset=utf-8"
    validator: Validator | None = None
    edits: int = 0

    def paper(self) -> Paper:
        """The document as it stands now."""
        return self.build(self.text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the column: ``href`` is relative, as TRS writes it; ``shown`` is the title as the list cuts it."""

    title: str
    href: str
    date: str

    @property
    def shown(self) -> str:
        """The title as the list prints it."""
        return self.title if len(self.title) <= 30 else self.title[:28] + "..."


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything that the portal can serve: paths to pages, ids of the documents to paths, the column."""

    pages: dict[str, Page]
    documents: Mapping[str, str]
    column: list[Entry] = field(default_factory=list)


def notice(title: str, paragraphs: tuple[str, ...], _text: str = "") -> Paper:
    """A small page without head fields."""
    return Paper(title=title, parts=(title, *paragraphs))


def plain(text: str) -> Paper:
    """Any text as a paper: the first line is the title, every other line a paragraph."""
    title, *rest = seedtext.lines(text) or [""]
    return Paper(title=title, parts=tuple(rest))


_OLDER = [
    ("呼和浩特市人民政府关于表彰全市民族团结进步模范集体的决定", "2022-05-12"),
    ("呼和浩特市人民政府办公室关于印发2022年政务公开工作要点的通知", "2022-05-06"),
    ("呼和浩特市人民政府关于加强城市供水管理工作的意见", "2022-04-28"),
    ("呼和浩特市人民政府办公室关于做好2022年防汛抗旱工作的通知", "2022-04-21"),
    ("呼和浩特市人民政府办公室关于印发《城市园林绿化养护管理办法》的通知", "2022-04-15"),
    ("呼和浩特市人民政府关于公布第六批市级文物保护单位的通知", "2022-04-08"),
    ("呼和浩特市人民政府办公室关于调整市安全生产委员会成员的通知", "2022-03-30"),
    ("呼和浩特市人民政府关于促进奶业高质量发展的实施意见", "2022-03-24"),
    ("呼和浩特市人民政府办公室关于征集2022年度民生实事项目的公告", "2022-03-16"),
    ("呼和浩特市人民政府关于禁止在城市建成区燃放烟花爆竹的通告", "2022-03-09"),
    ("呼和浩特市人民政府办公室关于印发《城市轨道交通运营突发事件应急预案》的通知", "2022-03-02"),
    ("呼和浩特市人民政府办公室关于做好森林草原防火工作的通知", "2022-02-23"),
    ("呼和浩特市人民政府关于2021年度科学技术奖励的决定", "2022-02-16"),
    ("呼和浩特市人民政府办公室关于2022年部分节假日安排的通知", "2022-01-20"),
    ("呼和浩特市人民政府关于印发《国有土地上房屋征收与补偿办法》的通知", "2022-01-13"),
    ("呼和浩特市人民政府办公室关于进一步规范行政应诉工作的通知", "2022-01-06"),
    ("呼和浩特市人民政府关于加快推进数字经济发展的实施意见", "2021-12-29"),
]  # fmt: skip


def shelves(seeds: Path) -> Shelves:
    """The portal before anything happens: five documents, and a column with older notices. Reads ``seeds``."""
    text = partial(seedtext.seed, seeds)
    pages = {
        "/zhengce/detail/20220210-8813.html": Page("aggregator.html", seedtext.draft, text("000")),
        "/sz/zwgk/zfwj/202206/t20220603_355102.html": Page(
            "trs.html",
            seedtext.shuozhou,
            text("001"),
            site="朔州市人民政府",
            published="2022-06-03 10:20:00",
            validator="last-modified",
        ),
        "/art/2022/3/8/art_1204_312345.html": Page(
            "hanweb.html", seedtext.ordos, text("002"), encoding="gbk", content_type="text/html"
        ),
        "/c1229268000/202312/5f2c1d0e9ab84d3796b1f0c7a8e4d512.shtml": Page(
            "ucap.html", seedtext.shangyu, text("003"), validator="etag"
        ),
        "/article/221381.html": Page("essay.html", seedtext.ulanqab, text("004")),
    }
    names = (
        "hohhot-health-14-5",
        "shuozhou-public-health-14-5",
        "ordos-health-14-5",
        "shangyu-health",
        "ulanqab-health-2020",
    )
    documents = dict(zip(names, list(pages), strict=True))
    column = []
    for number, (title, date) in enumerate(_OLDER):
        href = f"./{date[:4]}{date[5:7]}/t{date.replace('-', '')}_{1280000 - 37 * number}.html"
        column.append(Entry(title, href, date))
        body = ("各旗、县、区人民政府,市各有关部门:", "现将有关事项通知如下,请认真贯彻执行。", "(本页为演示而编写)")
        pages[COLUMN + href[2:]] = Page(
            "trs.html", partial(notice, title, body), "", site="呼和浩特市人民政府", published=f"{date} 09:00:00"
        )
    return Shelves(pages, documents, column)


def final_version(draft_text: str) -> tuple[Page, Entry]:
    """The made-up final version of the plan of seed 000: the draft's text with the changes of final.yaml.

    Raises ``ValueError`` when a text that should change does not stand in the draft exactly once.
    """
    data = yaml.safe_load((HERE / "final.yaml").read_text(encoding="utf-8"))
    text = draft_text
    for change in data["changes"]:
        text = replaced_once(text, change["old"], change["new"])
    fields = {str(label): str(value) for label, value in data["fields"].items()}
    title = str(data["title"])
    opening = tuple(str(line) for line in data["notice"])

    def build(changed: str) -> Paper:
        plan = seedtext.hohhot_final(changed)
        return Paper(title, (*opening, *plan.parts), fields)

    date = "-".join(re.findall(r"\d+", fields["发布日期"]))
    page = Page("trs.html", build, text, site="呼和浩特市人民政府", published=f"{date} 16:30:00")
    return page, Entry(title, "." + FINAL.removeprefix(COLUMN.rstrip("/")), date)


def replaced_once(text: str, old: str, new: str) -> str:
    """``text`` with ``old`` replaced. Raises ``ValueError`` unless ``old`` stands in it exactly once."""
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in the text, not once")
    return text.replace(old, new)
