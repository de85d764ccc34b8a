"""Fills a database with many documents and versions and times what the store answers.

``python -m tests.bench.store_scale FOLDER [DOCUMENTS] [VERSIONS]`` (20,000 and 5 when left out) writes FOLDER/watcher.db and
FOLDER/sources.yaml once, then times the store on it; ``tests.bench.commands`` times the commands. A database that an earlier
release of this bench filled gets what it lacks (alerts, incidents, links).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.alert import events
from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.settings import DocumentSource, Page, Sources
from watcher.store import NewVersion, Store
from watcher.store.content import Content
from watcher.store.database import moment
from watcher.types import Block, Fetched, Indicator, Link, Reading

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("婴儿死亡率", "人均预期寿命", "居民健康素养水平", "每千人口床位数", "每千人注册护士数", "孕产妇死亡率")


def reading(document: int, version: int) -> tuple[Reading, tuple[Indicator, ...]]:
    """A short plan of its own: about 1,500 characters, six indicators, one of which moves with every version."""
    blocks = [Block("heading", "第一章 发展目标", level=1)]
    indicators = []
    for at, name in enumerate(NAMES):
        value = f"{(document * 7 + at * 3) % 90 + (version if at == 0 else 0)}"
        sentence = f"到2025年，第{document}市{name}达到{value}%。"
        start = sum(len(block.text) + 1 for block in blocks) + sentence.index(value + "%")
        blocks.append(Block("paragraph", sentence))
        indicators.append(
            Indicator(name, f"key-{at}", "%", 2025, "target", "=", value, value + "%", None, "prose", "第一章 发展目标", sentence[:-1], start, start + len(value) + 1)
        )  # fmt: skip
    filler = "坚持以人民健康为中心，完善整合型医疗卫生服务体系，推进优质资源扩容和区域均衡布局，"
    blocks += [
        Block("paragraph", f"{filler}重点任务第{document * 31 + at}项，责任单位第{(document + at) % 977}处。")
        for at in range(20)
    ]
    return Reading(
        "document", f"第{document}市“十四五”卫生健康规划", tuple(blocks), "final", f"第{document % 300}市"
    ), tuple(indicators)


def fill(folder: Path, documents: int, versions: int) -> Store:
    """Writes everything through the store's own doors, two hundred documents a transaction."""
    database = folder / "watcher.db"
    plans = tuple(
        DocumentSource(f"doc-{at}", f"第{at}市“十四五”卫生健康规划", (Page(f"http://{at % 900}.example/{at}.html"),))
        for at in range(documents)
    )
    sources = Sources(folder / "sources.yaml", database, plans)
    lines = ["settings: {database: watcher.db}", "documents:"]
    lines += [f'  - {{id: {one.id}, title: "{one.title}", pages: [{{url: "{one.pages[0].url}"}}]}}' for one in plans]
    sources.file.write_text("\n".join(lines), encoding="utf-8")
    store = Store(database)
    store.sources.sync(sources, START)
    rows = {row.document_id: row for row in store.sources.active()}
    last: dict[int, tuple[int, int]] = {}
    for version in range(versions):
        for first in range(0, documents, 200):
            with store.atomic():
                for document in range(first, min(first + 200, documents)):
                    row = rows[f"doc-{document}"]
                    seen = START + timedelta(days=version, seconds=document)
                    text, values = reading(document, version)
                    body = f"<html><title>{text.title}</title><div class=nav>{'首页 ' * 80}</div>{text.text}</html>".encode()
                    near = last[document][1] if document in last else None
                    content = Content.of(text, values)
                    snapshot = store.snapshots.add(
                        row.id,
                        Fetched(row.url, row.url, 200, {"content-type": "text/html"}, body, seen),
                        "document",
                        near,
                        content,
                    )
                    new = store.versions.add(
                        NewVersion(
                            f"doc-{document}",
                            row.id,
                            snapshot,
                            "final",
                            "content" if near else "first",
                            "r",
                            seen,
                            content,
                        )
                    )
                    if near is not None:
                        old = store.versions.get(last[document][0])
                        now = store.versions.get(new)
                        change = compare(old.reading, now.reading, old.indicators, now.indicators)
                        diff = to_json(change, now.document_id, old.ref, now.ref)
                        store.changes.add(old.id, new, "content", change, diff, seen)
                    store.versions.mark_compared(new)
                    last[document] = (new, snapshot)
    return store


def furnish(store: Store, documents: int) -> None:
    """An alert of every change (sent, but for one in a thousand), an open incident of every hundredth document, a closed one of every
    tenth, a link of every twentieth.
    """
    newest: int | None = None
    while found := store.changes.feed(before=newest, limit=500):
        with store.atomic():
            for one in found:
                at = moment(one["created_at"])
                about = events.DocumentFacts(one["document_id"], one["title"], one["region"], "final", one["url"])
                event = events.changed(about, store.changes.diff(one["id"]), at)
                row = store.changes.add_event(event, document_id=one["document_id"], change_id=one["id"])
                alert = store.outbox.add(row, "team", f"document {one['document_id']}", at, at)
                if one["id"] % 1000:
                    store.outbox.sent(alert, "ok", at)
                else:
                    store.outbox.failed(alert, "HTTP 500", None)
        newest = found[-1]["id"]
    with store.atomic():
        for document in range(0, documents, 10):
            name = f"doc-{document}"
            store.incidents.open(name, "unreachable", f"{document % 900}.example did not answer in time", START)
            if document % 100:
                store.incidents.close(name, START + timedelta(days=1))
        for document in range(0, documents - 1, 20):
            reasons = ("文件名称一致：第市十四五卫生健康规划", "均未写明地区", "规划期一致：2021-2025")
            state = "proposed" if document % 200 else "linked"
            link = Link(True, "final", 0.71, reasons)
            store.lineage.add_link(f"doc-{document}", f"doc-{document + 1}", link, state=state, by="rule", now=START)


def main() -> None:
    folder = Path(sys.argv[1])
    documents, versions = (int(one) for one in (*sys.argv[2:4], "20000", "5")[:2])
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "watcher.db").exists():
        begun = time.process_time()
        fill(folder, documents, versions).close()
        print(
            f"filled: {documents} documents x {versions} versions in {time.process_time() - begun:.0f} s of processor time"
        )
    with Store(folder / "watcher.db") as store:
        if not store.outbox.counts():
            furnish(store, documents)
    size = sum(file.stat().st_size for file in folder.glob("watcher.db*"))
    print(f"database: {size / 1e6:.1f} MB")
    with Store(folder / "watcher.db", read_only=True) as store:
        asked: dict[str, Callable[[], object]] = {
            "documents": store.documents,
            "feed": store.changes.feed,
            "log": lambda: store.versions.log("doc-77"),
            "search": lambda: store.versions.search("第77市 床位数"),
            "newest": lambda: store.versions.newest("doc-77", 2),
            "counts": store.counts,
        }
        for name, ask in asked.items():
            begun = time.perf_counter()
            ask()
            print(f"store {name:<12} {(time.perf_counter() - begun) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
