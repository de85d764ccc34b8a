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

from watcher.lexicon._frames import (
    ABOUT,
    AMEND,
    AMENDED_IN_PART,
    AMENDED_MARK,
    AMENDED_SEVERAL,
    AMENDING,
    AND_OTHERS,
    ANSWERED,
    APPROVED,
    ASKED,
    BRIEFING,
    CONSULT,
    DATED_TAIL,
    DERIVED_HEAD,
    DERIVED_TAIL,
    DRAFT_MARK,
    DRAFT_TAIL,
    ENDED,
    EXPLAINED,
    EXPLAINED_BY,
    EXPLAINED_NEWS,
    EXPLAINED_TAIL,
    FRAME,
    GRANTED,
    INTERPRET,
    INTERPRET_LABEL,
    INVALID,
    ISSUE,
    ISSUED,
    ISSUED_AROUND,
    KIND,
    LABEL_ORGAN,
    LEAD_IN,
    NEUTRAL_MARK,
    NEWS,
    NOT_CONSULT,
    NOTIFIED,
    OPINION,
    ORGAN,
    ORGAN_ISSUES,
    PAPER,
    PLANNED,
    REPEAL,
    RESULT,
    REVIEW_MARK,
    REVIEW_TAIL,
    SEVERAL,
    SPACE,
    SPEECH,
    STANDARD,
    TAIL_BRACKET,
    TRIAL_MARK,
    VALID,
)
from watcher.lexicon._matching_forms import kernel_of_plan as kernel_of_plan
from watcher.lexicon._matching_forms import subject_of_plan as subject_of_plan
from watcher.lexicon._own_names import without_own_words
from watcher.lexicon._wrappings import LONGEST, book_titles, fold, outside, unwrap
from watcher.lexicon.periods import period_of as period_of
from watcher.lexicon.places import remove_places
from watcher.types import Stage

Act = Literal["bare", "issue", "consult", "interpret", "repeal", "amend", "about", "result", "derive", "other"]
"""What a title does with its plan: is it (bare), issues it, asks for opinions, explains it, ends it, changes it, speaks about it (approval,
drafting notes, evaluation), reports what became of the opinions, carries it out by a document of its own (derive), or none of these."""


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


@lru_cache(maxsize=256)
def parse(title: str) -> Title:
    """``title`` taken apart; never raises. Titles longer than 400 characters are cut."""
    invalid = bool(INVALID.search(fold(title)))
    whole = unwrap(title)
    books = book_titles(whole)
    outer = outside(whole)
    inner = "".join(books)
    draft = bool(DRAFT_MARK.search(whole) or any(DRAFT_TAIL.search(part) for part in (*books, whole)))
    review = bool(REVIEW_MARK.search(whole) or any(REVIEW_TAIL.search(part) for part in (*books, whole)))
    act = _act(outer, bool(books))
    # A 送审稿 that is only shown (公示) is under review; one that opinions are asked on is a draft.
    asks = books and re.search("意见|征求|征集|听取|征询", outer)
    if act == "consult" and not asks and not draft and REVIEW_MARK.search(whole):
        act = "bare"
    plans = _plans(whole, books, act)
    if act in ("issue", "bare", "consult", "derive") and books and len(books) == 1:
        deeper = _act(outside(_strip_marks(books[0])), "《" in books[0])
        if deeper in ("repeal", "amend") or (deeper == "issue" and "《" in books[0]):
            act = deeper if act != "consult" or deeper != "issue" else act
            draft = draft or _act(outer, True) == "consult"
    stage = _stage(
        act,
        draft=draft or act == "consult",
        review=review,
        amended=bool(AMENDED_MARK.search(inner or whole)),
        invalid=invalid,
        plan=plans[0],
        whole=fold(title) if act == "bare" and not books else "",
    )
    if act == "about" and not books and not draft and not review and _speaks_for_itself(outer):
        stage = "final"  # what an organ grants or founds is its own paper; what it says of a plan is not
    if CONSULT.search(outer) and act in ("repeal", "amend"):
        stage = "draft"
    return Title(
        whole,
        plans,
        act,
        stage,
        trial=bool(TRIAL_MARK.search(whole)),
        amended=bool(AMENDED_MARK.search(whole))
        or "修正案" in whole
        or bool(AMENDING.search("".join(DRAFT_MARK.findall(whole)))),
        forwarded="转发" in outer or "批转" in outer,
    )


def _stage(act: Act, *, draft: bool, review: bool, amended: bool, invalid: bool, plan: str, whole: str) -> Stage:
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
    named = KIND.search(TAIL_BRACKET.sub("", plan)) or STANDARD.search(plan) or PAPER.search(whole)
    return "final" if act == "issue" or named else "other"


def _speaks_for_itself(outer: str) -> bool:
    """Whether an approval is no paper about a plan: what it founds, allows or lists stands in no other."""
    if GRANTED.search(outer):
        return True
    found = ANSWERED.search(outer)
    return found is not None and not PLANNED.search(found["of"]) and not KIND.search(found["of"])


def _act(outer: str, has_book: bool) -> Act:
    """What the frame around the plan does. ``outer`` is the title with every 《…》 replaced by □."""
    frame = AND_OTHERS.sub("", without_own_words(_strip_marks(outer)))
    if SPEECH.search(frame) or (NEWS.search(frame) and not KIND.search(frame) and not BRIEFING.search(frame)):
        return "other"
    if RESULT.search(frame):
        return "result"
    if INTERPRET.search(frame) and not (has_book and ISSUE.search(frame) and "印发" in frame):
        return "interpret"
    consult = bool(CONSULT.search(frame)) and not NOT_CONSULT.search(frame)
    if not consult and NOT_CONSULT.search(frame):
        return "other"
    if not consult and ((ABOUT.search(frame) and not APPROVED.search(frame)) or OPINION.search(_without_organ(frame))):
        return "about"
    if REPEAL.search(frame):
        return "repeal"
    if consult:
        return "consult" if not has_book or not _derived(frame) else "derive"
    if has_book and AMEND.search(frame.replace("修订版", "")) and "印发" not in frame:
        return "amend"
    if has_book:
        if _residue(frame):
            return "derive"
        return "issue" if ISSUE.search(frame) else "bare"
    if AMENDED_IN_PART.match(_without_organ(frame)) or AMENDED_SEVERAL.search(frame):
        return "amend"
    issues = "关于" in frame or (ORGAN_ISSUES.match(frame) and KIND.search(TAIL_BRACKET.sub("", frame)))
    return "issue" if issues and ISSUED.search(frame) else "bare"


def _derived(frame: str) -> bool:
    """Whether a consultation asks about a document that carries the plan out, or about a part of it, and not about the plan."""
    if not re.search(r"征求|征集|征询|听取|意见", frame):
        return _residue(frame)  # 公示 alone may publish anything: 《X》审查结果公示
    before, _, after = frame.partition("□")
    head = re.sub(r"(?:征求|征集|听取|征询).*$", "", before.rpartition("关于")[2])
    tail = re.split(r"征求|征集|听取|征询|公开|公示|意见", after, maxsplit=1)[0]
    return bool(DERIVED_HEAD.search(head) or DERIVED_TAIL.search(tail))


def _residue(frame: str) -> bool:
    """True where more than frame words stand around the plan: the title is then a document of its own (《X》实施细则, 贯彻《X》的意见)."""
    before, _, after = frame.partition("□")
    tail = FRAME.sub("", after.replace("□", ""))
    head = before.rpartition("关于")[2] if "关于" in before else ""
    head = re.sub(r"^.{0,24}?(?=(?:印发|发布|公布|下发|转发|批转|征求|征集))", "", head) if ISSUE.search(head) else head
    head = re.sub(r"(转发|批转)[^□]{2,30}(?:制订|制定|编制|拟订|拟定)的?$", r"\1", head)
    head = re.sub(r"(征求|征集|听取|发布|印发|公布)对?.{0,16}(?:标准|规章|法规|文件|规范)$", r"\1", head)
    return len(tail) >= 2 or len(FRAME.sub("", remove_places(head))) >= 2


def _plans(whole: str, books: tuple[str, ...], act: Act) -> tuple[str, ...]:
    if books and act not in ("derive", "other"):
        return tuple(dict.fromkeys(_bare(_innermost(book)) for book in sorted(books, key=len, reverse=True)))
    text = _strip_marks(_to_stage_mark(whole, act) if act in ("consult", "bare") else whole)
    if act == "derive":
        for pattern in (ISSUED_AROUND, *ASKED):
            if match := pattern.search(_without_organ(text)):
                return (_bare(match["plan"]),)
        return (_bare(_without_organ(text)),)
    if act == "issue" and (match := ISSUED.search(text)):
        return tuple(_bare(plan) for plan in _several(match["plan"]))
    if act == "consult":
        for pattern in ASKED:
            if match := pattern.search(_without_organ(text)):
                return (_bare(match["plan"]),)
    if act == "interpret":
        stripped = re.sub(r"^\[?[^\]]{0,8}\]", "", text)
        if (label := INTERPRET_LABEL.match(stripped)) and INTERPRET.search(stripped[: label.start("rest")]):
            stripped = label["rest"]
        if match := EXPLAINED.match(stripped):
            return (_bare(EXPLAINED_TAIL.sub("", match["plan"])),)
        if (match := EXPLAINED_BY.match(stripped)) and KIND.search(
            TAIL_BRACKET.sub("", explained := _bare(match["plan"] or match["asked"]))
        ):
            return (explained,)
        if match := EXPLAINED_NEWS.match(stripped):
            return (_bare(match["plan"]),)
        return (_bare(EXPLAINED_TAIL.sub("", stripped)),)
    if act == "amend" and (match := AMENDED_IN_PART.match(_without_organ(text))):
        return (_bare(match["plan"]),)
    if act == "bare" and (match := NOTIFIED.match(_without_organ(text))) and _names_place(match["plan"]):
        return (_bare(match["plan"]),)
    if act == "repeal" and (match := ENDED.search(text)):
        return (_bare(match["plan"]),)
    return (_bare(text),)


def _names_place(plan: str) -> bool:
    """Whether a plan's title begins with its place."""
    return not remove_places(plan).startswith(plan[:2])


def _to_stage_mark(whole: str, act: Act) -> str:
    """A plan ends where its （草案） or （送审稿） stands, whatever follows."""
    for mark in (*DRAFT_MARK.finditer(whole), *REVIEW_MARK.finditer(whole)):
        tail = whole[mark.end() :]
        if KIND.search(TAIL_BRACKET.sub("", whole[: mark.start()])) and (
            act == "consult" or not tail or CONSULT.search(tail)
        ):
            asked = re.search("征求|征集|听取|征询", whole[: mark.start()])
            return whole[: mark.end()] + ("" if act == "bare" else "的意见" if asked else "征求意见")
    return whole


def _several(plan: str) -> tuple[str, ...]:
    """X规划和Y规划 are two plans where both name their place or kind in full; 规划和计划管理办法 is one."""
    parts = tuple(part for part in SEVERAL.split(plan) if part)
    whole = len(parts) > 1 and all(len(part) >= 6 and KIND.search(TAIL_BRACKET.sub("", part)) for part in parts)
    return parts if whole and len({remove_places(part) != part for part in parts}) == 1 else (plan,)


@lru_cache(maxsize=256)
def printed(title: str) -> str:
    """All that a title prints, in the form of a kernel: where ``holds`` looks."""
    return kernel_of_plan(unwrap(title))


def holds(whole: str, plan: str) -> bool:
    """Whether a title (``whole``, as ``printed`` has it) prints ``plan`` in full and around it nothing but what frames a plan: organs, verbs of issuing,
    asking or explaining, dates.

    For titles decorated in ways that ``parse`` does not know. The plan must be long enough (8 characters) and end in a kind of paper.
    """
    wanted = kernel_of_plan(plan)
    at = whole.find(wanted)
    if at < 0 or len(wanted) < 8 or not KIND.search(TAIL_BRACKET.sub("", plan)):
        return False
    before = FRAME.sub("", INTERPRET.sub("", remove_places(whole[:at])))
    after = FRAME.sub("", INTERPRET.sub("", whole[at + len(wanted) :]))
    return len(after) <= 1 and (len(before) <= 1 or bool(LABEL_ORGAN.search(before)))


def _innermost(book: str) -> str:
    """关于印发《X》的通知 inside 《》 is X; anything else inside 《》 is the plan's own name."""
    marked = _strip_marks(book)
    if "《" in marked:
        outer = outside(marked)
        if (ISSUE.search(outer) or REPEAL.search(outer) or AMEND.search(outer)) and not _residue(outer):
            return max(book_titles(marked), key=len)
        return book
    if (match := ISSUED.search(marked)) and "关于" in marked and marked.endswith(("通知", "公告", "通告", "函")):
        return match["plan"]
    return book


def _bare(plan: str) -> str:
    """A plan's title without stage marks, issuer and 关于."""
    plan = _strip_marks(plan)
    plan = REVIEW_TAIL.sub("", DRAFT_TAIL.sub("", plan))
    plan = _without_organ(plan)
    plan = LEAD_IN.sub("", plan).strip(":,.、;-")
    return plan if FRAME.sub("", plan) else ""


def _without_organ(text: str) -> str:
    """X市人民政府办公室关于 … → 关于 …; a title that merely contains 关于 keeps its words."""
    return "关于" + text[match.end() :] if (match := ORGAN.match(text)) else text


def _strip_marks(text: str) -> str:
    for mark in (DRAFT_MARK, REVIEW_MARK, AMENDED_MARK, TRIAL_MARK, NEUTRAL_MARK, INVALID, VALID, DATED_TAIL):
        text = mark.sub("", text)
    return text


_folded = lru_cache(maxsize=256)(fold)


def plan_title(title: str) -> str:
    """The title of the plan that a title carries, as near to the print as its stage marks allow: quotation marks and width are kept.

    朔州市人民政府关于印发《朔州市“十四五”公共卫生体系规划》的通知 → 朔州市“十四五”公共卫生体系规划; a bare title is itself without （征求意见稿）.
    """
    wanted = parse(title).plans[0]
    if not wanted:
        return title.strip()
    # Find the printed characters behind the folded ones: every folded character comes from one printed character.
    printed = unicodedata.normalize("NFC", title[:LONGEST])
    folded, places = [], []
    for at, character in enumerate(printed):
        for piece in _folded(character):
            folded.append(piece)
            places.append(at)
    start = "".join(folded).find(wanted)
    if start < 0:
        return wanted
    first, last = places[start], places[start + len(wanted) - 1]
    while first > 0 and printed[first - 1] in '“‘"「':
        first -= 1
    return printed[first : last + 1]


@lru_cache(maxsize=256)
def kernel(title: str) -> str:
    """The matching form of the plan: letters, digits and characters of ``plan_title`` only, 第十四个五年 as 十四五, years as digits.

    Places and years stay in it; equal kernels are equal plans. ``""`` where the title names nothing (a bare document number).
    """
    return kernel_of_plan(parse(title).plans[0])


_DRAFT_LINE = re.compile(
    r"^[(\[]?[^()\[\]]{0,12}(?:征求意见稿|征求意见版|公示稿|草案公示|公示草案|讨论稿)[^()\[\]]{0,6}[)\]]?$"
)
_DRAFT_TEXT = re.compile(
    r"(?:现|拟|特|现就|现将)[^。]{0,80}(?:公开)?(?:征求|征集|听取)(?:社会|公众|各界|各方|广大|意见|修改)|(?:向|面向)(?:全?社会|公众|社会各界)[^。]{0,20}(?:征求|征集|听取)[^。]{0,12}(?:意见|建议)|意见反馈截止|征求意见(?:时间|期限|截止)"
)


_OWN_LINE = 120
_STAGED = re.compile("[审批会稿版示⽰]")
"""What every line has that states a stage, folded or not."""
_ASKING = "征听反"
"""One of these stands in whatever asks for opinions."""


def stage_of(title: str, text: str = "") -> Stage:
    """The stage of what stands under ``title``; ``text`` is the body, whose head may say more than the title.

    A notice that asks for opinions is a draft, and so is a bare plan whose own text carries （征求意见稿） or asks for opinions; a plan
    without a draft mark is final; speeches, news and papers about a plan are ``other``.
    """
    taken = parse(title)
    if taken.act in ("issue", "interpret", "result", "repeal") or taken.stage in ("draft", "review"):
        return taken.stage
    head = text[:2000]
    # A stage that stands on a line of its own is short; to fold whole paragraphs costs more than all the rest.
    lines = [fold(line) for line in head.splitlines()[:30] if len(line) <= _OWN_LINE and _STAGED.search(line)]
    if any(REVIEW_MARK.fullmatch(line) or REVIEW_TAIL.fullmatch(line) for line in lines):
        return "review"
    if any(_DRAFT_LINE.match(line) for line in lines) or (
        any(map(head.__contains__, _ASKING)) and _DRAFT_TEXT.search(_fold_head(head))
    ):
        return "draft" if taken.act != "about" else taken.stage
    return taken.stage


def _fold_head(head: str) -> str:
    return SPACE.sub("", head)[:1200]
