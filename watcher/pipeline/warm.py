"""What reading needs, loaded before anybody waits for it: rules and word lists are read when they are first asked for.

Imported by the server that worker processes are forked from, so that they begin warm and share what was loaded.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.pipeline.examine import Examined, Job, examine
from watcher.types import Fetched, VersionRef

YOUNG = 5_000
"""Objects that come before the collector looks through them. With Python's own 700 it walks every page once or twice and finds nothing:
what a page leaves is freed as soon as nobody holds it.
"""
_PAGE = """\
<html><head><meta charset="utf-8"><title>{0}</title><meta name="ArticleTitle" content="{0}"></head><body>
<div class="TRS_UEDITOR"><p>{0}</p><p>第一章 发展基础</p><p>　　到2025年，全市人均预期寿命达到{1}岁，婴儿死亡率控制在5‰以下，每千人口执业（助理）医师数3.2人。</p>
<p>表1 主要指标</p><table><tr><td>序号</td><td>指标</td><td>单位</td><td>2020年</td><td>2025年</td><td>属性</td></tr>
<tr><td>1</td><td>人均预期寿命</td><td>岁</td><td>77.3</td><td>{1}</td><td>预期性</td></tr>
<tr><td>2</td><td>孕产妇死亡率</td><td>/10万</td><td>9.0</td><td>≤8.3</td><td>约束性</td></tr></table>
<p>　　坚持以人民健康为中心，健全公共卫生服务体系，提升基层医疗卫生服务能力，促进人口长期均衡发展。</p>
<p>市卫生健康委员会</p><p>2022年3月1日</p></div></body></html>"""


def _examined(value: str, charset: str) -> Examined:
    url = "http://localhost/art/2022/3/1/art_1_1.html"
    text = _PAGE.format("呼和浩特市“十四五”卫生健康发展规划（征求意见稿）", value).replace("utf-8", charset)
    body, headers = text.encode(charset), {"content-type": "text/html"}
    return examine(Job(Fetched(url, url, 200, headers, body, datetime.fromtimestamp(0, UTC)), hint=True))


def warm() -> None:
    """Reads a plan twice, in two encodings, and compares."""
    old, new = _examined("78.5", "utf-8"), _examined("79", "gbk")
    assert old.reading is not None
    assert new.reading is not None
    ref = VersionRef(1, "draft", datetime.fromtimestamp(0, UTC), "http://localhost/")
    to_json(compare(old.reading, new.reading, old.indicators, new.indicators), "plan", ref, ref)


def settle() -> None:
    """What was loaded until now stays: no collection walks it again. Later ones are rare. For a process, once, when it is ready."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
