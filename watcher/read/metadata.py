"""What a document says of itself: number, dates, issuer, subject, stage, region, period. Labels first, then the text.

A number, date or name that stands inside a sentence is a citation of another document and is never this document's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from watcher.lexicon import dates, places
from watcher.lexicon import titles as words
from watcher.read import consultation
from watcher.read.draft import Draft
from watcher.read.titles import is_title, key
from watcher.text import squeeze
from watcher.types import Block, Consultation, Metadata, Stage

_OPEN, _CLOSE = "[〔\\[（(【﹝［]", "[〕\\]）)】﹞］]"
NUMBER = re.compile(
    f"[（(]?([\u4e00-\u9fffA-Za-z]{{1,16}}(?:字|规|令)?{_OPEN}\\s*(?:19|20)[0-9]{{2}}\\s*年?{_CLOSE}\\s*(?:第?\\s*[0-9A-Z-]{{1,8}}\\s*[号號]|号\\s*[0-9]{{1,5}}))[）)]?(?:\\s{{1,30}}签发人[:：]?.{{0,12}})?"
)
_DECREE = re.compile(
    "[（(]?((?:[\u4e00-\u9fff]{2,24})?(?:令|公告|通告)?\\s*(?:(?:19|20)[0-9]{2}年?)?\\s*第\\s*[0-9一二三四五六七八九十百]{1,5}\\s*号)[）)]?"
)
_PROMULGATED = re.compile("([\u4e00-\u9fff]{2,24}令)\\s?(第\\s?[0-9]{1,5}\\s?号)\\s?(?:公布|发布|颁布)")
_DATE_LINE = re.compile(
    "[（(]?\\s*(?:(?:(?:19|20)[0-9]{2}|[１２][０９][０-９]{2})\\s*年\\s*[0-9０-９]{1,2}\\s*月\\s*[0-9０-９]{1,2}\\s*日|[二〇○零一]{1,2}[〇○零一二三四五六七八九Ｏ０0OoＯ]{2,3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日|(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2})\\s*[）)]?"
)
_DATE_END = re.compile("(?:^|[\\s\u3000])((?:19|20)[0-9]{2}\\s?年\\s?[0-9]{1,2}\\s?月\\s?[0-9]{1,2}\\s?日)$")
_BODY = re.compile(
    "[\u4e00-\u9fff（）()、·\\s]{2,60}(?:政府|委员会|办公室|办公厅|[局厅委部院署办处]|集团|中心|公司|协会|卫健委|指挥部|领导小组|学会|[总支大]队|管委会|银行|海关|大学|学校|联合会|基金会)(?:[（(].{1,20}[）)])?"
)
_DRAFTED = re.compile(
    "(?:^|[，,。；;、》\\s])(?:由|现将|我)?([\u4e00-\u9fff]{2,24}?(?:政府|委员会|办公室|办公厅|[局厅委部院]))(?:会同[^，,。]{2,30}|组织|牵头|研究)*(?:草拟|起草|编制|拟定|制定|修订|拟订|研究制定)(?:了|形成|完成)"
)
_DRAFTING = re.compile("(?:草拟|起草|编制|拟定|制定|修订|拟订)(?:了|形成|完成)")
"""What ``_DRAFTED`` ends in, found without trying it at every name of an office."""
_SPEAKER = re.compile(
    "([\u4e00-\u9fff]{3,24}?(?:委员会|政府|办公室|[委局厅院部]))(?:党组书记|党委书记|书记|主任|局长|厅长|市长|省长|县长|区长|旗长|主席|院长|部长|党组成员|副)"
)
_TITLES_END = re.compile("(?:书记|主任|局长|厅长|市长|省长|县长|区长|旗长|主席|院长|部长)")
_UNTIL = re.compile("(?:到|(?<!截)至)\\s?(20[0-9]{2})\\s?年(?!\\s?[0-9]{1,2}\\s?月\\s?[0-9]{1,2}\\s?日)")
_FROM_TO = re.compile("(20[0-9]{2})\\s?年?\\s?[-—~至到]+\\s?(20[0-9]{2})\\s?年(?!年?均|平均|累计|以来|连续|间)")
"""2021—2025年 of a plan's opening lines; 2018—2022年年均2.4人 tells of results."""
_YEARLY = re.compile("(20[0-9]{2})年(?!\\s?[0-9]{1,2}\\s?月).{0,14}(?:工作(?!日)|重点任务|要点)")


def derive(draft: Draft) -> tuple[Metadata, Stage, str | None, str | None]:
    """``(metadata, stage, region, plan_title)`` of a draft whose blocks are final."""
    blocks = draft.blocks
    first = [block.text for block in blocks[:40] if block.kind != "table"]
    facts = draft.facts
    title = draft.title
    text_head = "\n".join(first[:12])[:3000]
    dated = _date_lines(blocks)
    signature = _signature(blocks, dated)
    published = _date(facts.get("published_on"))
    written = _date(facts.get("written_on")) or _signed(blocks, dated)
    plan = _plan_title(draft)
    issuer = (
        facts.get("issuer")
        or signature
        or _entitled(title)
        or _drafted(first)
        or _speaker(first[:8])
        or _adopted(first[:6])
        or _source(facts.get("source"))
    )
    named = plan if plan and _ORDINAL.fullmatch(title) else title
    stage = words.stage_of(named or (first[0] if first else ""), text_head)
    region = places.region_of(title) if title else None
    region = region or _printed_place(title)
    if region is None:
        region = next(
            (
                found
                for text in _naming(plan, issuer, signature, first, draft.site)
                if (found := places.region_of(text) or _printed_place(text))
            ),
            None,
        )
    asks = (
        stage == "draft"
        or "征求" in title
        or "征集" in title
        or "公示" in title
        or "意见" in title
        or "公众参与" in title
    )
    window = Consultation()
    if asks:
        tables = [block.text for block in blocks[:6] if block.kind == "table" and len(block.text) <= 800]
        window = consultation.window(first, published=published, written=written, tables=tables)
        opens, closes = _date(facts.get("opens")), _date(facts.get("closes"))
        window = replace(window, opens=window.opens or opens, closes=window.closes or closes)
    metadata = Metadata(
        document_number=facts.get("document_number") or _number(first) or _number_behind(title),
        index_number=facts.get("index_number"),
        issuer=issuer,
        written_on=written,
        published_on=published,
        subject=facts.get("subject"),
        period=_period(draft, plan, published or written, first),
        consultation=window,
    )
    return metadata, stage, region, plan


_NATIONAL = re.compile("国家|国务院|全国|中国|中华人民共和国|中共中央|中央")


_WIRE = re.compile("(?:本报|.{0,12}(?:社|网|报|台|讯)).{0,20}(?:电|讯)")
"""The place where a reporter wrote is not the place of which is told."""


def _naming(plan: str | None, issuer: str | None, signed: str | None, first: Sequence[str], site: str) -> Iterator[str]:
    """Texts that may name the place when the title does not, best first. A national body's document has no place."""
    speaker = _speaker(first[:8])
    yield from filter(None, (plan, issuer, signed, speaker, site))
    if not (issuer and _NATIONAL.match(issuer)):
        yield from (line for line in first[:4] if len(line) <= 60 and line[-1:] not in "：:" and not _WIRE.match(line))


_OFFICE = "人民政府|人大|人民代表大会|政协|(?:[\u4e00-\u9fff]{2,14}?(?:委员会|[局厅委院]|办公室|办公厅))(?:$|关于|印发|办公室|[（(])"
_PLACE = re.compile(
    "(?:关于|印发|公布|(?:19|20)[0-9]{2}年度?|[《“])*(?![在对为就各我该本全])([\u4e00-\u9fff]{2,4}?(?:自治[区州县旗]|省|市(?![场政民容级区委直辖县域价面值])|县|区|旗|盟|州))"
    f'(?:(?={_OFFICE}|[“"]?(?:十[一二三四五六七]五|(?:19|20)[0-9]{{2}}|国民经济|卫生健康))|(?<=市))'
)
_NO_PLACE = re.compile(
    "全[省市县区]|[园社小景片校城灾库山牧矿厂郊辖街港新湖林]区$|开发区|[区市县][市县区]$|[都城县地夜超股楼上入菜集我各]市$|门市部|(?:示范|试点|文明|卫生|园林|先进)[市县区]$"
)


def _printed_place(text: str) -> str | None:
    """The place that a title or the name of an office begins with, where the list of divisions does not have it (yet)."""
    match = _PLACE.match(text) if len(text) <= 120 else None
    return None if match is None or _NO_PLACE.search(match[1]) else match[1]


_ENTITLED = re.compile(
    "([\u4e00-\u9fff]{2,30}?(?:人民政府|办公室|办公厅|委员会|[局厅部委院署会]))(?:[、\\s][\u4e00-\u9fff、\\s]{2,80})?关于"
)


def _entitled(title: str) -> str | None:
    """The body whose name a title begins with (X人民政府关于…)."""
    match = _ENTITLED.match(title)
    return match[1] if match and _BODY.fullmatch(match[1]) and match[1][0] not in "各对与就" else None


def _date(text: str | None) -> str | None:
    return dates.find_date(text) or dates.iso(text) if text else None


def _plan_title(draft: Draft) -> str | None:
    """The plan's own title where the page's is another: that of the document printed below it, or the one inside 《》."""
    if draft.own_title and key(draft.own_title) != key(draft.title):
        return draft.own_title
    if _ORDINAL.fullmatch(draft.title):
        return next((b.text for b in draft.blocks[:10] if b.kind != "table" and is_title(b.text)), None)
    plan = words.plan_title(draft.title) if draft.title else None
    return plan if plan and key(plan) != key(draft.title) else None


_ORDINAL = re.compile(".{0,24}令\\s?[（(]?第\\s?.{1,6}\\s?号[）)]?")
"""What calls itself by the number of the decree alone."""


def _number(lines: Sequence[str]) -> str | None:
    """The document's own number: a line that consists of nothing else, among the first ones."""
    for line in lines[:14]:
        text = line.strip()
        if len(text) <= 80 and "号" in text and (match := NUMBER.fullmatch(text)):
            return squeeze(match[1])
    above = ""
    for line in lines[:4]:
        text = line.strip()
        if 3 <= len(text) <= 30 and (match := _DECREE.fullmatch(text)):
            office = above if text[0] == "第" and above.endswith(("令", "公告", "通告")) and len(above) <= 30 else ""
            return squeeze(office + match[1])
        above = text
        if text[:1] in "（(" and text[-1:] in "）)" and (decree := _PROMULGATED.search(text[:80])):
            return decree[1].rpartition("日")[2] + decree[2]
    return None


def _number_behind(title: str) -> str | None:
    """The number that a title ends in, in brackets of its own: ``…的通知（X政办发〔2022〕31号）``."""
    match = _BEHIND.search(title[:300])
    number = NUMBER.fullmatch(match[1]) if match else None
    return squeeze(number[1]) if number else None


_BEHIND = re.compile("[（(]([^（）()]{4,30}号)[）)]$")


def _date_lines(blocks: Sequence[Block]) -> list[int]:
    """Positions of blocks that are nothing but a date: near the top (below a title or a covering letter), then at the end."""
    head = range(min(40, len(blocks)))
    tail = range(max(40, len(blocks) - 12), len(blocks))
    return [
        i
        for i in (*head, *tail)
        if len(blocks[i].text) <= 40 and blocks[i].kind != "table" and _DATE_LINE.fullmatch(blocks[i].text.strip())
    ]


def _signed(blocks: Sequence[Block], dated: Sequence[int]) -> str | None:
    for i in dated:
        if found := dates.find_date(blocks[i].text):
            return found
    for block in (*blocks[:30], *blocks[-8:]):
        if (
            len(block.text) <= 60
            and block.kind != "table"
            and (match := _DATE_END.search(block.text.strip()))
            and _BODY.match(block.text)
        ):
            return dates.find_date(match[1])
    return None


def _signature(blocks: Sequence[Block], dated: Sequence[int]) -> str | None:
    """The body that signed: the line above the date line."""
    for i in dated:
        if i == 0:
            continue
        above = blocks[i - 1].text.strip()
        if blocks[i - 1].kind != "table" and len(above) <= 60 and _BODY.fullmatch(above) and "各" not in above[:2]:
            return re.sub("[\\s\u3000]{2,}", " ", above)
    return None


def _drafted(lines: Sequence[str]) -> str | None:
    for line in lines[:10]:
        if _DRAFTING.search(line) and (match := _DRAFTED.search(line[:1500])):
            return match[1]
    return None


def _speaker(lines: Sequence[str]) -> str | None:
    for line in lines:
        if len(line) <= 40 and _TITLES_END.search(line) and (match := _SPEAKER.match(line.strip())):
            return match[1]
    return None


_ADOPTED = re.compile(
    "[（(].{0,80}?日([\u4e00-\u9fff]{2,20}?)(?:第[一二三四五六七八九十]{1,3}届)?(人民代表大会(?:常务委员会)?)(?:第.{1,6}次会议)?(?:通过|修订|批准|修正)"
)


def _adopted(lines: Sequence[str]) -> str | None:
    """The people's congress that adopted a statute, as the line in brackets below its title says."""
    for line in lines:
        if line[:1] in "（(" and (match := _ADOPTED.match(line[:200])):
            return match[1] + match[2]
    return None


def _source(text: str | None) -> str | None:
    return text if text and _BODY.fullmatch(text) else None


def _period(draft: Draft, plan: str | None, since: str | None, lines: Sequence[str]) -> str | None:
    """The years that the plan is for: its title's, those of its first aims, or the year whose work is laid out."""
    for title in (plan, draft.title):
        if title and (found := words.period_of(title)):
            return found
    years = [match[1] for line in lines if len(line) <= 60 for match in _YEARLY.finditer(line)]
    if years:
        return max(years)
    for line in lines[:30]:
        if match := _FROM_TO.search(line[:1000]):
            return f"{match[1]}-{match[2]}" if match[1] < match[2] else None
        if (match := _UNTIL.search(line[:3000])) and since:
            return f"{since[:4]}-{match[1]}" if since[:4] < match[1] else match[1] if since[:4] == match[1] else None
    return None
