"""Whatever happens to pages meanwhile: each edit is told once, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.histories import history


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_edit_of_a_random_history_is_told_and_nothing_else(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HISTORY_HOOK", "HISTORY_SECRET"):
        monkeypatch.setenv(name, "")  # what the history sets is taken back
    done = await history(tmp_path, 20, 10, seed)
    assert done.wanted.total() > 30
    assert done.lost == []
    assert done.invented == []
    assert done.broken == []
    assert done.noise == []
