"""What could not be delivered is told for as long as it waits, with when it goes and how it goes at once."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.cli.running import Shell
from watcher.store import Store

PLAN = "云溪市卫生健康规划\n\n到2025年，婴儿死亡率控制在5‰以内。" + "各部门要认真组织实施，确保取得实效。" * 20


def _unreachable(shell: Shell, settings: str = "") -> None:
    """One alert that cannot be delivered: nobody listens where its channel posts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (shell.folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    (shell.folder / "hook").write_text(f"http://127.0.0.1:{port}/secret-part\n", encoding="utf-8")
    (shell.folder / "sources.yaml").write_text(
        f'settings: {{database: w.db, {settings} network: {{allow_private: ["127.0.0.1:{port}"], retries: 0}}}}\n'
        'channels: {hook: {kind: webhook, url: "file:hook"}}\n'
        'documents: [{id: plan, pages: [{url: "file:plan.txt"}], channels: [hook]}]\n',
        encoding="utf-8",
    )
    assert shell("check").status == 0
    (shell.folder / "plan.txt").write_text(PLAN.replace("5‰", "4‰"), encoding="utf-8")


def test_what_waits_is_told_until_it_is_sent(shell: Shell) -> None:
    _unreachable(shell)
    first = shell("check")
    assert "未送达的通知 1 条" in first.stderr
    second = shell("check")
    assert "未送达" not in second.stderr, "nothing was tried"
    for found in (first, second):
        assert "渠道 hook 有 1 条通知待发：等到 " in found.stderr
        assert "watcher resend --waiting" in found.stderr
        assert "secret-part" not in found.stderr
    told = json.loads(shell("check", "--format", "json").stdout)["waiting"]
    assert [(one["channel"], one["count"]) for one in told] == [("hook", 1)]
    assert datetime.fromisoformat(told[0]["until"]).tzinfo is not None
    with Store(shell.folder / "w.db", read_only=True) as store:
        assert store.outbox.recent()[0]["tries"] == 1
    again = shell("resend", "--waiting")
    assert "重新排队 1 条，已发 0 条" in again.stdout
    assert "1 条通知待发" in again.stderr
    with Store(shell.folder / "w.db") as store:
        store.outbox.stop_channel("hook", "HTTP 410", datetime.now(UTC))
    assert "渠道已停用（HTTP 410）；修好后运行 watcher resend --channel hook" in shell("check").stderr


def test_in_the_quiet_hours_nothing_has_failed(shell: Shell) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    begin, end = (f"{now + timedelta(hours=away):%H:%M}" for away in (-2, 2))
    _unreachable(shell, f'alerts: {{quiet_hours: ["{begin}", "{end}"]}},')
    found = shell("check")
    assert "1 条通知待发：现在是免打扰时段" in found.stderr
    assert "未送达" not in found.stderr


def test_what_waits_behind_a_refused_one_is_told_why(shell: Shell) -> None:
    _unreachable(shell)
    text = (shell.folder / "sources.yaml").read_text(encoding="utf-8")
    (shell.folder / "sources.yaml").write_text(
        text.replace("documents: [", 'documents: [{id: other, pages: [{url: "file:other.txt"}]}, '), encoding="utf-8"
    )
    (shell.folder / "other.txt").write_text(PLAN.replace("云溪", "青川"), encoding="utf-8")
    shell("check", "other")
    (shell.folder / "other.txt").write_text(PLAN.replace("云溪", "青川").replace("5‰", "4.5‰"), encoding="utf-8")
    assert "渠道 hook 有 2 条通知待发：对方没有收下前一条（没有应答" in shell("check").stderr


def test_an_alert_that_is_not_there_is_not_sent_again(shell: Shell) -> None:
    _unreachable(shell)
    found = shell("resend", "999")
    assert found.status == 2
    assert "没有序号 999 的通知" in found.stderr


def test_the_effects_of_a_version_are_counts_for_programs(shell: Shell) -> None:
    _unreachable(shell)
    shell("check")
    second, first = json.loads(shell("log", "plan", "--format", "json").stdout)
    assert (second["effects"], first["effects"]) == ({"tightened": 1}, None)


def test_what_is_exported_for_programs_has_the_types_of_the_other_commands(shell: Shell) -> None:
    _unreachable(shell)
    exported = json.loads(shell("export", "indicators", "--format", "json").stdout)
    shown = json.loads(shell("indicators", "plan", "--format", "json").stdout)
    assert [(one["year"], one["disputed"], one["value"]) for one in exported] == [(2025, False, "5")]
    assert [(one["year"], one["disputed"], one["value"]) for one in shown] == [(2025, False, "5")]


def test_a_version_may_be_named_by_its_stage_in_chinese(shell: Shell) -> None:
    _unreachable(shell)
    shell("check")
    stage = shell("docs", "--format", "csv").stdout.splitlines()[1].split(",")[3]
    found = shell("diff", "plan", "--from", "1", "--to", stage)
    assert found.status == 1
    assert "4‰" in found.stdout
