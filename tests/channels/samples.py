"""Events of every type about made-up plans of a made-up city, and the odd ones: very long, hostile."""

from __future__ import annotations

from datetime import UTC, datetime

from watcher.alert import events
from watcher.alert.events import AttachmentMove, DocumentFacts, ReadFacts
from watcher.alert.same_edit import join
from watcher.alert.settle import merge
from watcher.types import Event, Link
from watcher.words import both

NOW = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
PAGE = "https://watch.example.org"
PLAN = DocumentFacts(
    id="yunzhou-health-15-5",
    title="云州市“十五五”卫生健康发展规划",
    region="云州市",
    stage="final",
    url="https://wjw.yunzhou.gov.cn/zfxxgk/202603/t20260309_1024.html",
    column="yunzhou-wjw-consultations",
)
DRAFT = DocumentFacts(
    id="yunzhou-elderly",
    title="云州市老龄事业发展规划（征求意见稿）",
    region="云州市",
    stage="draft",
    url="https://wjw.yunzhou.gov.cn/hdjl/202603/t20260301_998.html",
)
READ = ReadFacts(portal="trs")
FILES = ReadFacts(portal="trs", files=("pdf", "docx"))
COLUMN = DocumentFacts(
    "yunzhou-wjw-consultations",
    "云州市卫生健康委员会 意见征集",
    url="https://wjw.yunzhou.gov.cn/hdjl/",
    column="yunzhou-wjw-consultations",
)


def side(
    op: str, value: str | None, *, text: str = "", nature: str | None = "预期性", quote: str = ""
) -> dict[str, object]:
    """One side of a move, as ``watcher diff`` prints it."""
    return {"op": op, "value": value, "text": text or value or "", "nature": nature, "quote": quote}


def move(
    name: str,
    unit: str,
    kind: str,
    effect: str | None,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    *,
    key: str | None = None,
    year: int | str | None = 2030,
) -> dict[str, object]:
    """One move, as ``watcher diff`` prints it."""
    return {
        "name": name, "key": key, "year": year, "unit": unit, "kind": kind, "effect": effect, "before": before, "after": after,
    }  # fmt: skip


MOVES = [
    move("每千人口医疗卫生机构床位数", "张", "changed", "raised", side("=", "6.8"), side("=", "7.5"), key="beds"),
    move("婴儿死亡率", "‰", "changed", "tightened", side("<=", "6"), side("<=", "5"), key="infant-mortality"),
    move("千人口执业（助理）医师数", "人", "changed", "relaxed", side(">=", "3.6", nature="约束性"), side(">=", "3.4", nature="约束性")),
    move("人均预期寿命", "岁", "changed", "unbinding", side("=", "80", nature="约束性"), side("=", "80")),
    move("孕产妇死亡率", "1/10万", "added", "added", None, side("<=", "10")),
    move("居民健康素养水平", "%", "removed", "removed", side(">=", "30"), None),
    move("常住人口", "万人", "changed", "restated", side("=", "356.1", nature=None), side("=", "358.4", nature=None), year=2025),
    move("个人卫生支出占比", "%", "changed", None, side("text", None, text="持续下降"), side("<=", "27")),
    move("人均预期寿命", "岁", "reworded", "reworded", {**side("=", "80"), "name": "人均期望寿命"}, {**side("=", "80"), "name": "人均预期寿命"}),
]  # fmt: skip
EDITS: list[dict[str, object]] = [
    {
        "kind": "replace",
        "section": "第三章 第二节",
        "before": "鼓励社会力量举办医疗机构，支持发展互联网医院。",
        "after": "规范社会力量举办医疗机构，不得新增互联网医院。",
        "spans": [
            ["delete", "鼓励"], ["insert", "规范"], ["equal", "社会力量举办医疗机构，"], ["delete", "支持发展"],
            ["insert", "不得新增"], ["equal", "互联网医院。"],
        ],
    },
    {"kind": "insert", "section": "第四章 第一节", "before": "", "after": "到2027年，每个旗县区至少设置1所公立精神专科。", "spans": [["insert", "到2027年，每个旗县区至少设置1所公立精神专科。"]]},
    {"kind": "delete", "section": "第五章", "before": "对超额完成任务的单位给予奖励。", "after": "", "spans": [["delete", "对超额完成任务的单位给予奖励。"]]},
    {"kind": "move", "section": "第六章", "before": "加强组织领导。", "after": "加强组织领导。", "spans": [["equal", "加强组织领导。"]]},
    {"kind": "format", "section": "第六章", "before": "（一）", "after": "(一)", "spans": [["delete", "（一）"], ["insert", "(一)"]]},
]  # fmt: skip


def diff(
    moves: list[dict[str, object]] | None = None,
    edits: list[dict[str, object]] | None = None,
    *,
    document: DocumentFacts = PLAN,
    stages: tuple[str, str] = ("final", "final"),
    versions: tuple[int, int] = (2, 3),
) -> dict[str, object]:
    """The JSON of ``watcher diff``."""
    ends = [
        {"version": version, "stage": stage, "seen_at": when, "url": document.url}
        for version, stage, when in zip(versions, stages, ("2026-03-01T02:00:00Z", "2026-03-09T01:29:58Z"), strict=True)
    ]
    return {
        "document": document.id,
        "from": ends[0],
        "to": ends[1],
        "moves": MOVES if moves is None else moves,
        "edits": EDITS if edits is None else edits,
    }


def long_change(count: int = 400) -> Event:
    """A rewrite: many moves and many edits, far above every limit."""
    moves = [
        move(f"第{at}项重点指标完成率", "%", "changed", "tightened", side(">=", str(at)), side(">=", str(at + 1)))
        for at in range(count)
    ]
    edits: list[dict[str, object]] = [
        {**EDITS[1], "after": f"第{at}条全文重写。" * 20, "spans": []} for at in range(count)
    ]
    return events.changed(PLAN, diff(moves, edits), NOW, read=READ)


NASTY = (
    "<b>粗</b> **强** [点我](http://evil.example/x) ![图](http://evil.example/p.png) <@all> <!channel> <at id=all></at> "
    "@所有人 @everyone @13800000000 `code` ~~删~~ # 标题 | 表 | &lt; \u202e倒\u202c \x1b[31m红 http://evil.example www.evil.example"
)


def hostile() -> Event:
    """Every text field that a page can fill is an attack."""
    document = DocumentFacts(
        id="x", title=NASTY, region=NASTY, stage="final", url="https://ok.example.gov.cn/a_(1)_[2].html?x=1&y=<z>"
    )
    moves = [
        move(
            NASTY,
            "<i>",
            "changed",
            "tightened",
            side("text", None, text=NASTY, nature=NASTY),
            side("<=", "5"),
            year=NASTY,
        )
    ]
    edits: list[dict[str, object]] = [
        {"kind": "replace", "section": NASTY, "before": NASTY, "after": "# " + NASTY, "spans": []}
    ]
    return events.changed(document, diff(moves, edits, document=document), NOW, read=ReadFacts(NASTY))


def samples() -> dict[str, Event]:
    """One event (or more) of every type, by the name of its golden files."""
    text_only = events.changed(PLAN, diff([]), NOW, read=READ)
    degraded = ReadFacts("generic", degraded=True, suspect=True)
    file = ReadFacts("pdf", format="pdf")
    began = datetime(2026, 3, 8, 13, 0, tzinfo=UTC)
    changed = events.changed(PLAN, diff(), NOW, read=READ)
    closing = events.consultation_closing(
        DRAFT,
        NOW,
        days=3,
        closes="2026-03-12",
        opens="2026-03-01",
        contact="电子邮箱：yzwjw@example.gov.cn；电话：0471-0000000",
    )
    silent = events.incident_opened(
        COLUMN,
        "unreachable",
        NOW,
        failures=3,
        reason=both("域名 wjw.example 没有地址", "the name wjw.example has no address"),
    )
    return {
        "document.first_seen": events.first_seen(DRAFT, NOW, indicators=23, read=FILES),
        "document.changed": changed,
        "document.changed-text-only": text_only,
        "document.changed-degraded": events.changed(PLAN, diff(MOVES[:1], []), NOW, read=degraded),
        "document.stage_changed": events.stage_changed(PLAN, diff(stages=("draft", "final")), NOW, read=READ),
        "document.stage_changed-same-text": events.stage_changed(
            PLAN, diff([], [], stages=("draft", "final")), NOW, read=READ
        ),
        "document.gone": events.gone(PLAN, NOW, reason="HTTP 404"),
        "document.back": events.back(PLAN, NOW),
        "consultation.opened": events.consultation_opened(
            DRAFT, NOW, opens="2026-03-01", closes="2026-03-12", contact="电子邮箱：yzwjw@example.gov.cn"
        ),
        "consultation.closing": closing,
        "consultation.closing-today": events.consultation_closing(DRAFT, NOW, days=0, closes="2026-03-09"),
        "consultation.closed": events.consultation_closed(DRAFT, NOW, closes="2026-03-12"),
        "consultation.result": events.consultation_result(
            DRAFT,
            NOW,
            result_title="关于《云州市老龄事业发展规划》公开征求意见采纳情况的反馈",
            result_url="https://wjw.yunzhou.gov.cn/r.html",
        ),
        "attachment.changed": events.attachment_changed(
            PLAN,
            [
                AttachmentMove("added", "附件2：重点项目表.xlsx", "https://wjw.yunzhou.gov.cn/P020260309.xlsx", "xlsx"),
                AttachmentMove("replaced", "附件1：规划全文.pdf", "https://wjw.yunzhou.gov.cn/P020260308.pdf", "pdf"),
            ],
            NOW,
        ),
        "link.proposed": events.link_proposed(
            PLAN,
            DRAFT,
            Link(
                True,
                "final",
                0.72,
                ("文件名称有出入：老龄", "地区一致：云州市", "阶段：征求意见稿 → 印发稿", "相隔2年"),
            ),
            NOW,
            proposal=7,
        ),
        "incident.opened": events.incident_opened(
            PLAN,
            "blocked",
            NOW,
            since=datetime(2026, 3, 8, 13, 0, tzinfo=UTC),
            failures=3,
            reason="HTTP 412",
            incident=5,
        ),
        "incident.opened-channel-dead": events.incident_opened(
            DocumentFacts("channel team", "team"),
            "channel-dead",
            NOW,
            failures=8,
            reason="errcode 93000: invalid webhook url",
        ),
        "incident.closed": events.incident_closed(
            PLAN, "blocked", NOW, since=datetime(2026, 3, 8, 13, 0, tzinfo=UTC), incident=5
        ),
        "digest": events.digest([changed, closing, text_only], NOW),
        "digest-weekly": events.digest(
            [changed, events.changed(DRAFT, diff(MOVES[:2], [], document=DRAFT), NOW, read=READ), silent],
            NOW,
            period="weekly",
        ),
        "document.changed-file": events.changed(PLAN, diff(MOVES[1:2], []), NOW, read=file),
        "document.changed-settled": merge(
            [events.changed(PLAN, diff(MOVES[:2], EDITS[:1]), NOW), events.changed(PLAN, diff(MOVES[2:3], []), NOW)]
        ),
        "document.changed-template": join(text_only, [events.changed(DRAFT, diff([], EDITS, document=DRAFT), NOW)] * 2),
        "incident.opened-column": silent,
        "incident.opened-network": events.incident_opened(
            DocumentFacts("network", "network"), "network", NOW, reason=both("3 个主机同时连不上", "3 hosts at once")
        ),
        "incident.closed-channel-dead": events.incident_closed(
            DocumentFacts("channel team", "team"), "channel-dead", NOW, since=began
        ),
        "test": events.test("team", NOW),
        "hostile": hostile(),
        "long": long_change(),
    }
