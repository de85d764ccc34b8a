"""``watcher validate`` finds before the first round what would go wrong in it."""

from __future__ import annotations

from tests.cli.running import Ran, Shell

PAGE = (
    '<html><head><meta charset="utf-8"><title>云溪市卫生健康规划</title></head><body><div class="TRS_Editor">'
    "<p>到2025年，婴儿死亡率控制在5‰以内。</p>"
    + "<p>各部门要认真组织实施，确保取得实效。</p>" * 20
    + "</div></body></html>"
)
LIST = (
    '<html><head><meta charset="utf-8"><title>征求意见</title></head><body><ul>'
    + "".join(
        f'<li><a href="/t{n}.html">关于征求云溪市{topic}规划意见的公告</a><span>2026-03-0{n}</span></li>'
        for n, topic in enumerate(("卫生健康", "交通", "教育", "医疗保障", "水利"), 1)
    )
    + "</ul></body></html>"
)


def _validated(shell: Shell, sources: str, *options: str) -> Ran:
    (shell.folder / "plan.html").write_text(PAGE, encoding="utf-8")
    (shell.folder / "list.html").write_text(LIST, encoding="utf-8")
    (shell.folder / "sources.yaml").write_text(sources, encoding="utf-8")
    return shell("validate", *options)


def test_pages_are_read_twice_and_columns_must_list_something(shell: Shell) -> None:
    found = _validated(
        shell,
        "documents:\n"
        '  - {id: plan, pages: [{url: "file:plan.html"}]}\n'
        '  - {id: lost, pages: [{url: "file:plan.html"}], selectors: {body: div.nowhere}}\n'
        '  - {id: missing, pages: [{url: "file:missing.html"}]}\n'
        "columns:\n"
        '  - {id: list, url: "file:list.html", follow: "卫生|医疗"}\n'
        '  - {id: bare, url: "file:plan.html", follow: "卫生"}\n',
        "--fetch",
    )
    assert found.status == 1
    said = {line.split()[1]: line for line in found.stdout.splitlines() if line.startswith("  ")}
    assert "✓ plan" in said["plan"]
    assert "✗ lost" in said["lost"]
    assert "'div.nowhere' 在网页上找不到" in said["lost"]
    assert "没有这个文件" in said["missing"]
    assert "✓ list" in said["list"]
    assert "列表有 5 条，其中 2 条符合 follow" in said["list"]
    assert "✗ bare" in said["bare"]


def test_what_the_service_would_refuse_at_its_start_is_refused(shell: Shell) -> None:
    found = _validated(
        shell, 'settings: {web: {host: 0.0.0.0}}\ndocuments: [{id: plan, pages: [{url: "file:plan.html"}]}]\n'
    )
    assert found.status == 2
    assert "必须有密钥" in found.stderr


def test_a_file_that_watches_nothing_is_told_so(shell: Shell) -> None:
    found = _validated(shell, "settings: {}\n")
    assert found.status == 0
    assert "还没有要监测的文件或栏目" in found.stdout
