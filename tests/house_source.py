"""Reading the project's own source for the house tests: modules, imports, strings, files."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "watcher"


@dataclass(frozen=True)
class Module:
    """One file of the package: its dotted name, the room it is in, and its syntax tree."""

    path: Path
    name: str
    room: str
    tree: ast.Module

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Import:
    """One import, wherever it stands (function bodies and TYPE_CHECKING blocks too), as an absolute dotted name."""

    target: str
    line: int


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        package = parts[:-1] if parts[-1] == "__init__" else parts
        room = parts[1] if len(parts) > 1 else "__init__"
        found.append(Module(path, ".".join(package), room, ast.parse(path.read_text(encoding="utf-8"), str(path))))
    return tuple(found)


def imports(module: Module) -> Iterator[Import]:
    """The imports of a module. ``from a import b`` gives ``a.b``, for ``b`` may be a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.name.split(".")
                if module.path.name != "__init__.py":
                    package = package[:-1]
                package = package[: len(package) - (node.level - 1)]
                base = ".".join([*package, base] if base else package)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno)


def strings(module: Module) -> Iterator[tuple[str, int]]:
    """String literals that are not docstrings; an f-string's holes are ``{}``."""
    inside: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            pieces = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            inside.update(id(part) for part in node.values)
            yield "".join(pieces), node.lineno
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value, node.lineno


@cache
def floors() -> dict[str, int]:
    """Room to floor, as the drawing in docs/house.md has it."""
    drawing = re.search(r"```\n(.*?)```", (ROOT / "docs" / "house.md").read_text(encoding="utf-8"), re.DOTALL)
    assert drawing is not None, "docs/house.md must hold the drawing of the house"
    found = {"__init__": 0, "__main__": 6}
    for line in drawing[1].splitlines():
        floor, _, rest = line.partition(" ")
        if floor.isdigit():
            found.update({name: int(floor) for name, _ in re.findall(r"(?<![\w/])([a-z_]+)(\.py|/)(?![\w])", rest)})
    return found


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git keeps, or what it would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())
