"""docs/operations.md against the code: every incident that can be opened, every command and every setting that it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from typer.main import get_command

from watcher.alert.incidents import ADVICE, advice, name
from watcher.cli import app
from watcher.sources.form import AlertsForm, DocumentForm, NetworkForm, SettingsForm, UpkeepForm

HOME = Path(__file__).parents[2]
GUIDE = (HOME / "docs" / "operations.md").read_text(encoding="utf-8")
TABLE = set(re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.MULTILINE))


def opened() -> set[str]:
    """Kinds of incidents that the code names where it opens one, or decides of which kind it is."""
    found = set()
    for file in (HOME / "watcher" / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ADVICE:
                found.add(node.value)
    service = (HOME / "watcher" / "service.py").read_text(encoding="utf-8")
    return found | {kind for kind in ADVICE if f'"{kind}"' in service}


@pytest.mark.parametrize("kind", sorted(ADVICE))
def test_every_incident_is_explained_in_the_guide_and_in_its_message(kind: str) -> None:
    assert kind in TABLE
    assert all(advice(kind, "zh"))
    assert all(advice(kind, "en"))
    assert name(kind, "zh") != kind


def test_the_guide_explains_nothing_that_there_is_not() -> None:
    assert ADVICE.keys() == TABLE
    of_verdicts = {"blocked", "unreachable", "error", "login", "empty", "shrunken", "gone"}
    assert opened() | of_verdicts == ADVICE.keys(), "kinds that nothing opens"


def test_commands_and_settings_of_the_guide_exist() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"(?:^|[`/ ])watcher ([a-z][a-z-]+)\b", "\n".join(_code())))
    assert named - {"watcher"} <= commands, named - commands
    forms = (SettingsForm, NetworkForm, UpkeepForm, AlertsForm, DocumentForm)
    known = {key for form in forms for key in form.model_fields}
    for key in (
        "heartbeat",
        "backup_every",
        "backups",
        "ipv4_only",
        "shrunken_rounds",
        "silent_after",
        "per_host_delay",
    ):
        assert key in GUIDE
        assert key in known


def _code() -> list[str]:
    """What the guide prints as code: blocks of commands, and words between back-ticks that begin with watcher."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    lines = [line.partition("#")[0] for block in blocks for line in block.splitlines() if "docker" not in line]
    return lines + re.findall(r"`(watcher [^`]+)`", GUIDE)
