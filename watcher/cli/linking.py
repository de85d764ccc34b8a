"""What ``watcher link`` does and prints."""

from __future__ import annotations

import json

from watcher.cli.common import at_most, fail, left_out, load_sources, load_stored, opened, print_json, print_table, say
from watcher.words import Options, tr

RELATIONS = {
    "final": ("印发稿", "final"),
    "review": ("后续征求意见", "later draft"),
    "interpretation": ("解读", "interpretation"),
    "repeal": ("废止", "repeal"),
    "none": ("无关", "none"),
}


def print_explanation(draft: str, final: str, format_: str) -> None:
    """Whether two titles are one document, how sure that is and why."""
    from watcher.alert.reasons import of_link
    from watcher.compare.lineage import explain

    found = explain(draft, final)
    if format_ == "json":
        print_json(
            {
                "linked": found.linked,
                "relation": found.relation,
                "confidence": found.confidence,
                "reasons": list(found.reasons),
            }
        )
        return
    verdict = (
        tr("是同一文件", "one document")
        if found.linked
        else tr("不是同一文件（或拿不准）", "not one document, or doubtful")
    )
    relation, sure = tr(*RELATIONS[found.relation]), f"{found.confidence:.2f}"
    say(tr(f"{verdict}：{relation}，把握 {sure}", f"{verdict}: {relation}, confidence {sure}"))
    for reason in found.reasons:
        say(f"  · {of_link(reason, Options.language)}")


def change_links(accept: int | None, undo: int | None, make: tuple[str, str] | None) -> None:
    """Makes or undoes a link; the history of decisions stays."""
    from watcher.pipeline.finding import find_document
    from watcher.pipeline.joining import accept_link, undo_link
    from watcher.types import Link

    with opened(load_sources()) as context:
        lineage, now = context.store.lineage, context.now()
        if make is not None:
            first, second = (find_document(context, one) for one in make)
            if first == second:
                fail(tr("这是同一份文件", "these are the same document"))
            by_hand = Link(True, "final", 1.0, (tr("手工关联", "linked by hand"),))
            with context.store.atomic():
                link_id = lineage.add_link(first, second, by_hand, state="linked", by="person", now=now)
            if link_id is None:
                fail(
                    tr(
                        "这两份文件已有关联或建议，见 watcher link",
                        "these two have a link or a proposal already; see watcher link",
                    )
                )
            accept_link(context, link_id)
            return
        link_id = accept if accept is not None else undo
        assert link_id is not None
        state = "linked" if accept is not None else "undone"
        if not lineage.decide(link_id, state, now):
            fail(tr(f"没有可处理的第 {link_id} 条，见 watcher link", f"nothing to do for {link_id}; see watcher link"))
        if accept is not None:
            accept_link(context, link_id)
        else:
            undo_link(context, link_id)


def print_links(format_: str, limit: int) -> None:
    """Links, newest first: of all states, for people at most ``limit`` of them."""
    from watcher.alert.reasons import of_link

    with opened(load_stored(), read_only=True) as context:
        found = context.store.lineage.links(limit=at_most(limit, format_))
        left_out(len(found), context.store.lineage.count_links())
    if format_ == "json":
        print_json([{**row, "reasons": json.loads(row["reasons"])} for row in found])
        return
    if not found:
        say(tr("（无）", "(none)"))
        return
    states = {"proposed": tr("待确认", "proposed"), "linked": tr("已关联", "linked"), "undone": tr("已撤销", "undone")}
    print_table(
        "",
        (
            tr("序号", "id"),
            tr("状态", "state"),
            tr("文件", "document"),
            tr("另一份", "other"),
            tr("关系", "relation"),
            tr("把握", "confidence"),
            tr("依据", "reasons"),
        ),
        [
            (
                row["id"],
                states[row["state"]],
                row["title"],
                row["other_title"],
                tr(*RELATIONS[row["relation"]]),
                f"{row['confidence']:.2f}",
                tr("；", "; ").join(of_link(one, Options.language) for one in json.loads(row["reasons"])),
            )
            for row in found
        ],
    )
