"""``watcher diff``: what its options show."""

from __future__ import annotations

import pytest

from tests.cli.running import Shell

LONG = "各部门要认真组织实施，确保取得实效。" * 20


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_what_is_equal_is_folded_unless_all_is_asked_for(shell: Shell, format_: str) -> None:
    (shell.folder / "sources.yaml").write_text(
        'settings: {database: w.db}\ndocuments: [{id: plan, pages: [{url: "file:plan.txt"}]}]\n', encoding="utf-8"
    )
    for rate in (5, 4):
        text = f"云溪市卫生健康规划\n\n到2025年，婴儿死亡率控制在{rate}‰以内。{LONG}"
        (shell.folder / "plan.txt").write_text(text, encoding="utf-8")
        assert shell("check").status == 0
    assert LONG not in shell("diff", "plan", "--stored", "--format", format_).stdout
    assert LONG in shell("diff", "plan", "--stored", "--all", "--format", format_).stdout
