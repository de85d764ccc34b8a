"""A drawer's file is one kind of thing, keeps the drawer's joints, and comes with cases."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from watcher import drawers

CASES = Path(__file__).parent / "cases"
JOINTS = {"portals": ["recognises"], "formats": ["recognises", "blocks"], "channels": ["OPTIONS", "send"]}
MEMBERS = [(drawer, name) for drawer in JOINTS for name in drawers.names(drawer)]


@pytest.mark.parametrize("drawer", JOINTS)
def test_no_drawer_is_empty(drawer: str) -> None:
    assert drawers.names(drawer)


@pytest.mark.parametrize(("drawer", "name"), MEMBERS)
def test_a_member_comes_with_cases(drawer: str, name: str) -> None:
    folder = CASES / drawer / name
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert files, f"put at least one case of watcher/{drawer}/{name}.py into tests/cases/{drawer}/{name}/"


@pytest.mark.parametrize("drawer", JOINTS)
def test_cases_belong_to_a_member(drawer: str) -> None:
    folders = {path.name for path in (CASES / drawer).iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders - set(drawers.names(drawer)) == set(), "cases of a member that is gone"


@pytest.mark.parametrize(("drawer", "name"), MEMBERS)
def test_a_member_keeps_the_joints_of_its_drawer(drawer: str, name: str) -> None:
    member = drawers.member(drawer, name)
    assert (member.__doc__ or "").strip(), "say which system it is, and where its shape was seen"
    assert [joint for joint in JOINTS[drawer] if not hasattr(member, joint)] == []
    if drawer == "channels":
        assert inspect.iscoroutinefunction(member.send)
