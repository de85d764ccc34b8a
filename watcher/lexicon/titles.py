"""What titles of government documents say: the plan that a notice carries, its stage, its years.

A plan travels under many titles (关于公开征求《X（征求意见稿）》意见的公告, X市人民政府办公室关于印发《X》的通知, X政策解读). ``parse`` takes the
frame (who does what with it) away from the plan and says what the frame does; everything else here is derived from that.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from watcher.lexicon.periods import period_of as period_of
from watcher.lexicon.periods import years_as_digits
from watcher.lexicon.places import remove_places
from watcher.text import SPACES
from watcher.types import Stage

Act = Literal["bare", "issue", "consult", "interpret", "repeal", "amend", "about", "result", "derive", "other"]
"""What a title does with its plan: is it (bare), issues it, asks for opinions, explains it, ends it, changes it, speaks about it (approval,
drafting notes, evaluation), reports what became of the opinions, carries it out by a document of its own (derive), or none of these."""

_LONGEST = 400
"""Titles are cut here; nobody prints longer ones, and every pattern below stays cheap."""
_FOLD = str.maketrans(
    {
        "（": "(", "）": ")", "［": "[", "］": "]", "〔": "[", "〕": "]", "【": "[", "】": "]", "﹝": "[", "﹞": "]", "〈": "《", "〉": "》", "<": "《", ">": "》",
        "＜": "《", "＞": "》", "：": ":", "，": ",", "；": ";", "“": "", "”": "", "\"": "", "＂": "", "‘": "", "’": "", "'": "", "「": "", "」": "", "〝": "", "〞": "",
        "—": "-", "–": "-", "－": "-", "―": "-", "~": "-", "～": "-", "〜": "-", "‐": "-", "−": "-",
    }
)  # fmt: skip
_SPACE = re.compile(f"[{SPACES}]+")

# Wrappings around a whole title: running states of a column, attachment labels, document numbers, file names.
_WRAPS = (
    re.compile(r"^\[(?!图解|图文|解读|政策解读|一图|视频|文字解读|专家解读|\d)[^\[\]《》]{1,8}\](?=.{6})"),
    re.compile(r"\[(?:进行中|征集中|正在进行|未开始|已结束|已截止|结束|已反馈)\]$"),
    re.compile(r"^(?:附件|附)\d{0,2}[:.、]?(?=[^件])"),
    re.compile(r"^\d{1,3}[.、](?=\D)"),
    re.compile(r"^[\u4e00-\u9fff]{1,10}(?:\[|\()(?:19|20)\d\d(?:\]|\))第?\d{1,4}号[:\-]?"),
    re.compile(r"[(\[]?[\u4e00-\u9fff]{1,10}(?:\[|\()(?:19|20)\d\d(?:\]|\))第?\d{1,4}号[)\]]?$"),
    re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar|html?|txt)$", re.IGNORECASE),
    re.compile(r"[_|丨\-][^_|丨《》\-]{0,24}(?:网|网站|门户|政府|委员会|局|厅|频道|栏目|公告公示|通知公告|政策文件)$"),
    re.compile(r"(?<=.{6})[(]?(?:人民政府|部|局|委|委员会)?令[(]?第\d{1,4}号[)]*$"),
    re.compile(r"^[\u4e00-\u9fff]{2,16}令[(]?(?:20\d\d年)?第?\d{1,4}号[)]?(?=.{4})"),
)  # fmt: skip
_ORGAN_BEHIND = re.compile(r"(?<=办法|条例|规定|规划|方案|意见)[\u4e00-\u9fff]{2,9}(?:省|市|县|区|州)$")
_CONSULT_HEAD = re.compile(r"^(?:公开)?(?:征求意见|意见征集|征集公告|民意征集|征集意见)(?:公告)?[:|丨\-](.{4,})$")
_LEAD_IN = re.compile("^(?:关于)?(?:对(?![外口接标])|就(?!业))?")
_DATED_TAIL = re.compile(r"\(20\d\d年\d{1,2}月(?:\d{1,2}日)?\)$")
_YEARS_OUTSIDE = re.compile(r"》(\([0-9年度版\-至到]{4,16}\))")
_INVALID = re.compile(r"[(\[](?:已|宣布|全文)?(?:失效|废止|停止执行)[)\]]")
_VALID = re.compile(r"[(\[](?:现行)?有效[)\]]")

_DRAFT_WORDS = "征求意见|意见征集|征集意见|公开征|草案|公示|讨论|意见征求|征询|初稿|过程稿|公众|社会"
_DRAFT_MARK = re.compile(rf"[(\[][^()\[\]]{{0,16}}(?:{_DRAFT_WORDS})[^()\[\]]{{0,12}}[)\]]")
_REVIEW_MARK = re.compile(r"[(\[][^()\[\]]{0,10}(?:送审|报批|报审|审议|评审|上会)[^()\[\]]{0,6}稿?[)\]]")
_AMENDED_MARK = re.compile(r"[(\[][^()\[\]]{0,14}(?:修订|修正|修改)[^()\[\]]{0,14}[)\]]|(?<=.)(?:修订版|修订稿)$")
_AMENDING = re.compile("修订|修正|修改")
_TRIAL_MARK = re.compile(r"[(\[](?:试行|暂行|试点)[)\]]")
_NEUTRAL_MARK = re.compile(
    r"[(\[](?:印发稿|正式稿|定稿|发布稿|全文|公开版|公开|摘要|代拟稿|简本|正文|文本|政策文件|主动公开)[)\]]"
)
_DRAFT_TAIL = re.compile(
    r"(?:公开|修订|二次|再次|第[一二三四1-4]次)*(?:征求意见稿|征求意见版|公示稿|讨论稿|草案(?:稿|修改稿)?|初稿)(?:公示)?$"
)
_REVIEW_TAIL = re.compile(r"(?:送审稿|报批稿|报审稿|审议稿|评审稿)$")

_ORGAN = re.compile(
    r"^[^《》]{2,60}?(?:政府|办公厅|办公室|委员会|委|局|厅|部|署|院|会|中心|指挥部|领导小组|法院|省委|市委|区委|县委|集团|公司|银行|办|协会|大学)"
    r"(?:等[一二三四五六七八九十\d]{0,3}(?:个)?(?:部门|单位|委办局)?|\(?印发\)?)?(?:[、,]|联合)*关于"
)
_CONSULT = re.compile(
    r"(?:征求|公开征集)[^《》□]{0,90}(?:意见|建议)(?:建议)?的?(?:公告|通告|通知|函|启事|公示)?$|"
    r"(?:征求|征集|征询|听取|收集)[^《》]{0,14}(?:意见|建议|民意|□)|(?:意见|建议)[^《》]{0,4}(?:征集|征求|征询)|公开征求|公开征集|向社会征求|"
    r"公示(?:的?(?:公告|通知|启事))?$|草案公示|批前公示|征求意见"
)
_NOT_CONSULT = re.compile(
    r"征集[^《》]{0,30}?(?:作品|项目|线索|案例|需求|专家|人选|志愿者|选题|课题|标识|口号|名称|供应商|单位|企业|机构|提案|议案|史料|藏品|公告代理|代表|评审|承办|合作|服务商|大学生士兵)|"
    r"征集[^《》]{0,20}(?:编制|制定|起草|立项|工作思路)[^《》]{0,8}(?:意见|建议)|建言献策|征集[^《》稿]{0,16}(?:计划|规划)(?:的)?(?:建议|项目)|"
    r"(?:问卷|网上)调查|征兵"
)
_RESULT = re.compile(
    r"(?:意见|建议|征集|征求|公示|反馈)[^《》稿]{0,8}(?:采纳|反馈|汇总|处理|回复|吸纳|整理|收集|答复)|(?:征集|征求意见|征求|公示|意见)(?:的)?(?:结果|情况)|采纳情况|结果反馈"
)
_INTERPRET = re.compile(
    r"解读|图解|一图|图说|图文|读懂|看懂|问答|答问|答记者问|有问必答|新闻发布会|新闻通气会|吹风会|简明|漫画|动画|动漫|短视频|H5|长图|速览|划重点|一问一答|明白卡|政策要点|亮点|百问|您想知道|带你看"
)
_ABOUT = re.compile(
    r"(?:起草|编制|修订|制定|修改|政策|情况|编写|草案|的)说明|说明$|风险评估|听证|竞争审查|合法性审查|合法性审核|专家论证|环境影响(?:报告|评价(?:公众|信息|公示|第|文件))|环评|公众参与|中期评估|终期评估|中期检查|后评估|评估报告|实施评估|"
    r"实施情况|执行情况|完成情况|落实情况|进展情况|批复|同意|审查意见|复函|答复|评审会|论证会|座谈会|启动会|培训|宣贯|宣传|招标|采购|中标|成交|比选|磋商"
)
_REPEAL = re.compile(r"废止|失效|停止执行|停止施行|停止实施")
_AMEND = re.compile(r"修改|修正|修订|调整")
_ISSUE = re.compile(r"印发|下达|发布|公布|下发|颁布|转发|批转|颁发|出台|公开|实行|施行|命令|令$|第\d+号")
_FRAME = re.compile(
    r"□|关于|印发|下达|联合|进行|开展|提出|敬请|诚邀|邀请|请|发布|公布|下发|颁布|颁发|转发|批转|实行|施行|对外|国家标准|行业标准|团体标准|强制性|推荐性|法律|法规|地方性|规章|政府|部门|再次|重新|二次|第[一二三四五1-5]次|公开|面向|社会|公众|各界|各方|有关|广泛|网上|线上|征求|征集|征询|听取|收集|意见|建议|民意|修改|"
    r"征求意见稿|草案|公示|反馈|对|就|向|的|等|及其?|和|与|两|三|四|五|个|项|部|份|文件|规范性|行政|政策|措施|通知|公告|通告|通报|函|启事|公函|决定|命令|令|第\d+号|批前|现|将|予以|拟|"
    r"规范|地方标准|全文|附|修订|修正|送审稿|报批稿|试行|暂行|[()\[\]:,.、;\-]"
)
_ISSUED = re.compile(
    r"(?:印发|发布|公布|下发|下达|颁布|转发|批转|颁发)(?P<plan>[^□]{4,}?)(?:的?(?:通知|公告|通告|函|决定|命令|令|通报))?$"
)
_ASKED = (
    re.compile(r"(?:征求|征集|听取|征询)(?:社会各?界?|公众|各方|各界)*(?:人士)?(?:对|关于|就)?(?P<plan>.{4,}?)(?:的)?(?:修改|公众|社会)?(?:意见|建议)+(?:和建议|及建议)?(?:的|建议)*(?:公告|通告|通知|函|启事|公示|公函)?$"),
    re.compile(r"^(?:关于)?(?:就|对)?(?P<plan>.{2,}?)(?:的)?(?:面向|向)?(?:全?社会|社会公众|公众|全市|各界)*(?:再次|重新|第.次|二次|公开|广泛|网上)*(?:征求|征集|听取|征询)(?:社会|公众|各方|各界|修改)*(?:的)?(?:意见|建议|民意)"),
    re.compile(r"^(?:关于)?(?P<plan>.{2,}?)(?:的)?(?:征求(?:社会)?(?:意见|民意)|进行公示|意见征集|意见征求|(?:批前)?公示)"),
)  # fmt: skip
_EXPLAINED = re.compile(
    r"^(?:(?:政策|文字|图文|图片|专家|视频|部门|文件|媒体|负责人|权威)*(?:解读|图解|图说|问答)|一图(?:读懂|看懂|解读|速览)?|一张图(?:读懂|看懂)?|\d*秒?(?:读懂|看懂))[:\-之|]*(?:关于)?(?P<plan>.{4,})$"
)
_EXPLAINED_TAIL = re.compile(
    r"(?:的)?(?:政策|文字|图文|图片|专家|视频|部门|文件|相关|负责人|起草|权威|[一二三四五六七八九十]+)*(?:解读|图解|问答|答记者问|一图读懂|一图看懂|读懂|看懂|解读材料|政策简明问答)[()一二三四五六\d]*(?:稿|材料|来了|全文)?$"
)
_ENDED = re.compile(r"(?:废止|停止执行|停止施行|停止实施)(?P<plan>.{4,}?)(?:的(?:通知|公告|决定|通告|命令))?$")
_KIND = re.compile(
    r"(?:规划|计划|方案|意见|办法|纲要|规定|细则|条例|措施|规范|指南|标准|目录|制度|预案|决定|通知|通告|规则|章程|要点|清单|指引|行动|政策|设计|导则|准则|规程|名录|定额|公告|命令|纲领|安排|任务书|体系|路线图|"
    r"政府工作报告|计划草案的报告|预算|蓝图|战略|工程|决议|承诺|白皮书|法|法典|若干举措|举措|\d条)$"
)
_TAIL_BRACKET = re.compile(r"(?:[(\[][^()\[\]]{1,24}[)\]])+$")
_SPEECH = re.compile(r"讲话|致辞|发言|在.{2,30}(?:会议|大会|座谈会|论坛|仪式)上|述职|演讲|寄语")
_NEWS = re.compile(
    r"召开|举行|举办|开展.{0,12}(?:调研|活动)|会议(?:精神)?$|赴.{2,12}调研|来.{2,12}调研|通过(?:专家)?(?:评审|验收)|(?:我|全)[省市县区]出台"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart."""

    whole: str
    """The title without wrappings and white space, brackets in one form."""
    plans: tuple[str, ...]
    """Titles of the plans that it carries, stage marks removed, longest first; at least one, which may be ``""``."""
    act: Act
    stage: Stage
    trial: bool = False
    """（试行）, 暂行 in brackets."""
    amended: bool = False
    """（2023年修订）, 修订征求意见稿."""
    forwarded: bool = False
    """转发, 批转."""


@lru_cache(maxsize=65536)
def parse(title: str) -> Title:
    """``title`` taken apart; never raises. Titles longer than 400 characters are cut."""
    invalid = bool(_INVALID.search(_fold(title)))
    whole = _unwrap(title)
    books = _books(whole)
    outer = _outside(whole)
    inner = "".join(books)
    draft = bool(_DRAFT_MARK.search(whole) or any(_DRAFT_TAIL.search(part) for part in (*books, whole)))
    review = bool(_REVIEW_MARK.search(whole) or any(_REVIEW_TAIL.search(part) for part in (*books, whole)))
    act = _act(outer, whole, bool(books))
    if act == "consult" and not books and not draft and _REVIEW_MARK.search(whole):
        act = "bare"
    plans = _plans(whole, books, outer, act)
    if act in ("issue", "bare", "consult", "derive") and books and len(books) == 1:
        deeper = _act(_outside(_strip_marks(books[0])), books[0], "《" in books[0])
        if deeper in ("repeal", "amend") or (deeper == "issue" and "《" in books[0]):
            act = deeper if act != "consult" or deeper != "issue" else act
            draft = draft or _act(outer, whole, True) == "consult"
    stage = _stage(
        act,
        draft=draft or act == "consult",
        review=review,
        amended=bool(_AMENDED_MARK.search(inner or whole)),
        invalid=invalid,
        plan=plans[0],
    )
    if _CONSULT.search(outer) and act in ("repeal", "amend"):
        stage = "draft"
    return Title(
        whole,
        plans,
        act,
        stage,
        trial=bool(_TRIAL_MARK.search(whole)),
        amended=bool(_AMENDED_MARK.search(whole)) or bool(_AMENDING.search("".join(_DRAFT_MARK.findall(whole)))),
        forwarded="转发" in outer or "批转" in outer,
    )


def _stage(act: Act, *, draft: bool, review: bool, amended: bool, invalid: bool, plan: str) -> Stage:
    if act == "interpret":
        return "interpretation"
    if act in ("about", "result", "other"):
        return "other"
    if review and act != "consult":
        return "review"
    if draft:
        return "draft"
    if act == "repeal" or invalid:
        return "repealed"
    if amended or act == "amend":
        return "amended"
    return "final" if act == "issue" or _KIND.search(_TAIL_BRACKET.sub("", plan)) else "other"


def _act(outer: str, whole: str, has_book: bool) -> Act:
    """What the frame around the plan does. ``outer`` is the title with every 《…》 replaced by □."""
    frame = _strip_marks(outer)
    if _SPEECH.search(frame) or (_NEWS.search(frame) and not _KIND.search(frame)):
        return "other"
    if _RESULT.search(frame):
        return "result"
    if _INTERPRET.search(frame) and not (has_book and _ISSUE.search(frame) and "印发" in frame):
        return "interpret"
    consult = bool(_CONSULT.search(frame)) and not _NOT_CONSULT.search(frame)
    if not consult and _NOT_CONSULT.search(frame):
        return "other"
    if _ABOUT.search(frame) and not consult and "印发" not in frame:
        return "about"
    if _REPEAL.search(frame):
        return "repeal"
    if consult:
        return "consult" if not has_book or not _residue(frame) else "derive"
    if has_book and _AMEND.search(frame.replace("修订版", "")) and "印发" not in frame:
        return "amend"
    if has_book:
        if _residue(frame):
            return "derive"
        return "issue" if _ISSUE.search(frame) else "bare"
    return "issue" if _ISSUED.search(frame) and "关于" in frame else "bare"


def _residue(frame: str) -> bool:
    """True where more than frame words stand around the plan: the title is then a document of its own (《X》实施细则, 贯彻《X》的意见)."""
    before, _, after = frame.partition("□")
    tail = _FRAME.sub("", after.replace("□", ""))
    head = before.rpartition("关于")[2] if "关于" in before else ""
    head = (
        re.sub(r"^.{0,24}?(?=(?:印发|发布|公布|下发|转发|批转|征求|征集))", "", head) if _ISSUE.search(head) else head
    )
    head = re.sub(r"(征求|征集|听取|发布|印发|公布)对?.{0,16}(?:标准|规章|法规|文件|规范)$", r"\1", head)
    return len(tail) >= 2 or len(_FRAME.sub("", remove_places(head))) >= 2


def _plans(whole: str, books: tuple[str, ...], outer: str, act: Act) -> tuple[str, ...]:
    if books and act not in ("derive", "other"):
        return tuple(dict.fromkeys(_bare(_innermost(book)) for book in sorted(books, key=len, reverse=True)))
    text = _strip_marks(whole)
    if act == "derive":
        if issued := re.search(r"(?:印发|发布|公布)(?P<plan>.*《.+》.*?)(?:的?(?:通知|公告|通告|函))?$", text):
            return (_bare(issued["plan"]),)
        return (_bare(_without_organ(text)),)
    if act == "issue" and (match := _ISSUED.search(text)):
        return (_bare(match["plan"]),)
    if act == "consult":
        for pattern in _ASKED:
            if match := pattern.search(_without_organ(text)):
                return (_bare(match["plan"]),)
    if act == "interpret":
        stripped = re.sub(r"^\[?[^\]]{0,8}\]", "", text)
        if match := _EXPLAINED.match(stripped):
            return (_bare(_EXPLAINED_TAIL.sub("", match["plan"])),)
        return (_bare(_EXPLAINED_TAIL.sub("", stripped)),)
    if act == "repeal" and (match := _ENDED.search(text)):
        return (_bare(match["plan"]),)
    return (_bare(text),)


def _innermost(book: str) -> str:
    """关于印发《X》的通知 inside 《》 is X; anything else inside 《》 is the plan's own name."""
    marked = _strip_marks(book)
    if "《" in marked:
        outer = _outside(marked)
        if (_ISSUE.search(outer) or _REPEAL.search(outer) or _AMEND.search(outer)) and not _residue(outer):
            return max(_books(marked), key=len)
        return book
    if (match := _ISSUED.search(marked)) and "关于" in marked and marked.endswith(("通知", "公告", "通告", "函")):
        return match["plan"]
    return book


def _bare(plan: str) -> str:
    """A plan's title without stage marks, issuer and 关于."""
    plan = _strip_marks(plan)
    plan = _REVIEW_TAIL.sub("", _DRAFT_TAIL.sub("", plan))
    plan = _without_organ(plan)
    plan = _LEAD_IN.sub("", plan).strip(":,.、;-")
    return plan if _FRAME.sub("", plan) else ""


def _without_organ(text: str) -> str:
    """X市人民政府办公室关于 … → 关于 …; a title that merely contains 关于 keeps its words."""
    return "关于" + text[match.end() :] if (match := _ORGAN.match(text)) else text


def _strip_marks(text: str) -> str:
    for mark in (_DRAFT_MARK, _REVIEW_MARK, _AMENDED_MARK, _TRIAL_MARK, _NEUTRAL_MARK, _INVALID, _VALID, _DATED_TAIL):
        text = mark.sub("", text)
    return text


def _books(whole: str) -> tuple[str, ...]:
    """Contents of the outermost 《…》, in order; an unclosed one runs to the end, less the frame behind it."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(whole):
        if character == "《":
            depth += 1
            if depth == 1:
                start = at + 1
        elif character == "》" and depth:
            depth -= 1
            # 《关于印发《X》的通知 (never closed): the next 《 at depth 1 would swallow it; real titles nest once at most.
            if depth == 0:
                found.append(whole[start:at])
    if depth and not found and len(whole) - start > 3:
        rest = whole[start:]
        found.append(rest.replace("《", "") if "》" not in rest else max(re.split("[《》]", rest), key=len))
    return tuple(book for book in found if len(book) > 1)


def _outside(whole: str) -> str:
    """``whole`` with each outermost 《…》 replaced by □."""
    out, depth = [], 0
    for character in whole:
        if character == "《":
            if depth == 0:
                out.append("□")
            depth += 1
        elif character == "》":
            depth = max(0, depth - 1)
        elif depth == 0:
            out.append(character)
    return "".join(out)


def _fold(title: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", title[:_LONGEST].translate(_FOLD))).translate(_FOLD)


def _unwrap(title: str) -> str:
    text = _fold(title)
    for _ in range(3):
        before = text
        for wrap in _WRAPS:
            text = wrap.sub("", text)
        text = _VALID.sub("", _INVALID.sub("", text)).strip(":.、;,-_|")
        if text == before:
            break
    text = _CONSULT_HEAD.sub(r"\1征求意见", text)
    return _YEARS_OUTSIDE.sub(r"\1》", _ORGAN_BEHIND.sub("", text))


def plan_title(title: str) -> str:
    """The title of the plan that a title carries, as near to the print as its stage marks allow: quotation marks and width are kept.

    朔州市人民政府关于印发《朔州市“十四五”公共卫生体系规划》的通知 → 朔州市“十四五”公共卫生体系规划; a bare title is itself without （征求意见稿）.
    """
    wanted = parse(title).plans[0]
    if not wanted:
        return title.strip()
    # Find the printed characters behind the folded ones: every folded character comes from one printed character.
    printed = unicodedata.normalize("NFC", title[:_LONGEST])
    folded, places = [], []
    for at, character in enumerate(printed):
        for piece in _fold(character):
            folded.append(piece)
            places.append(at)
    start = "".join(folded).find(wanted)
    if start < 0:
        return wanted
    first, last = places[start], places[start + len(wanted) - 1]
    while first > 0 and printed[first - 1] in '“‘"「':
        first -= 1
    return printed[first : last + 1]


@lru_cache(maxsize=65536)
def kernel(title: str) -> str:
    """The matching form of the plan: letters, digits and characters of ``plan_title`` only, 第十四个五年 as 十四五, years as digits.

    Places and years stay in it; equal kernels are equal plans. ``""`` where the title names nothing (a bare document number).
    """
    return kernel_of_plan(parse(title).plans[0])


def kernel_of_plan(plan: str) -> str:
    """``kernel`` of a plan's own title, as ``Title.plans`` holds it."""
    text = re.sub(r"第(十[一二三四五六七]?)个五年", r"\1五", years_as_digits(plan))
    return re.sub(r"[^0-9a-zA-Z\u3400-\u9fff]+", "", text).lower()


_OURS = re.compile(
    r"(?:我|本|全)(?:省|市|县|区|旗|州|盟|自治区)(?!场|域|民|容)|^(?:省|市|县|区|州)(?=卫|教|交|住|人|养|医|公|国|水|能|综|中|农|生|城)"
    r"|^自治[区州县旗]"
)
_PERIODS = re.compile(r"(?:20\d\d年?度?(?:-{1,3}|至|到)20\d\d年?度?)|十[一二三四五六七]?五(?=[^年]|$)(?:时期|期间)?")


@lru_cache(maxsize=65536)
def subject_of_plan(plan: str) -> str:
    """``kernel_of_plan`` without places, 我市 and the period: what the plan is about and what kind of paper it is."""
    text = re.sub(r"第(十[一二三四五六七]?)个五年", r"\1五", years_as_digits(plan))
    text = text.removeprefix("中华人民共和国")
    return kernel_of_plan(_OURS.sub("", remove_places(_PERIODS.sub("", text).lstrip("年"))))


_DRAFT_LINE = re.compile(
    r"^[(\[]?[^()\[\]]{0,12}(?:征求意见稿|征求意见版|公示稿|草案公示|公示草案|讨论稿)[^()\[\]]{0,6}[)\]]?$"
)
_DRAFT_TEXT = re.compile(
    r"(?:现|拟|特|现就|现将)[^。]{0,80}(?:公开)?(?:征求|征集|听取)(?:社会|公众|各界|各方|广大|意见|修改)|(?:向|面向)(?:全?社会|公众|社会各界)[^。]{0,20}(?:征求|征集|听取)[^。]{0,12}(?:意见|建议)|意见反馈截止|征求意见(?:时间|期限|截止)"
)


def stage_of(title: str, text: str = "") -> Stage:
    """The stage of what stands under ``title``; ``text`` is the body, whose head may say more than the title.

    A notice that asks for opinions is a draft, and so is a bare plan whose own text carries （征求意见稿） or asks for opinions; a plan
    without a draft mark is final; speeches, news and papers about a plan are ``other``.
    """
    taken = parse(title)
    if taken.act in ("issue", "interpret", "result", "repeal") or taken.stage in ("draft", "review"):
        return taken.stage
    head = text[:2000]
    lines = [_fold(line) for line in head.splitlines()[:30]]
    if any(_REVIEW_MARK.fullmatch(line) or _REVIEW_TAIL.fullmatch(line) for line in lines):
        return "review"
    if any(_DRAFT_LINE.match(line) for line in lines) or _DRAFT_TEXT.search(_fold_head(head)):
        return "draft" if taken.act != "about" else taken.stage
    return taken.stage


def _fold_head(head: str) -> str:
    return _SPACE.sub("", head)[:1200]
