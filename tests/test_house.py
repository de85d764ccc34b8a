"""The house keeps its shape: floors, rooms with one duty, and files that belong here."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib

import pytest

from tests.house_source import ROOT, Module, floors, imports, modules, project_files, strings

OWN = "watcher"


def room_of(target: str) -> str | None:
    """The room that an import leads to, ``None`` for other people's packages."""
    parts = target.split(".")
    if parts[0] != OWN:
        return None
    return parts[1] if len(parts) > 1 and parts[1] in floors() else "__init__"


def test_the_walk_sees_every_import() -> None:
    source = (
        "from __future__ import annotations\nfrom . import sibling\nfrom ..store import Store\n"
        "if TYPE_CHECKING:\n    import httpx\ndef late():\n    from watcher.cli import app\n"
    )
    module = Module(ROOT / "watcher" / "read" / "x.py", "watcher.read.x", "read", ast.parse(source))
    assert {found.target for found in imports(module)} == {
        "__future__.annotations", "watcher.read.sibling", "watcher.store.Store", "httpx", "watcher.cli.app",
    }  # fmt: skip


def test_every_room_stands_on_a_floor_of_the_drawing() -> None:
    homeless = {module.place for module in modules() if module.room not in floors()}
    assert not homeless, f"draw these in docs/house.md: {sorted(homeless)}"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_room_imports_only_from_floors_below(module: Module) -> None:
    own = floors().get(module.room, 0)
    wrong = []
    for found in imports(module):
        room = room_of(found.target)
        if room is None or room == module.room:
            continue
        # Floor 0 holds the words that everybody uses, and they may use each other.
        if floors()[room] > own or (floors()[room] == own and own > 0):
            wrong.append(
                f"{module.place}:{found.line}: {module.room} (floor {own}) imports {found.target} (floor {floors()[room]})"
            )
    assert not wrong, "\n".join(wrong)


def test_floor_0_has_no_circle() -> None:
    ground = {room for room, floor in floors().items() if floor == 0}
    needs: dict[str, set[str]] = {room: set() for room in ground}
    for module in modules():
        if module.room in ground:
            rooms = {room_of(found.target) for found in imports(module)}
            needs[module.room] |= {room for room in rooms if room and room != module.room and room in ground}
    while free := {room for room, others in needs.items() if not others}:
        needs = {room: others - free for room, others in needs.items() if room not in free}
    assert not needs, f"these import each other in a circle: {needs}"


def test_only_the_drawers_import_by_name() -> None:
    wrong = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        if module.room != "drawers"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"__import__", "import_module", "importlib.import_module"}
    ]
    assert not wrong, f"an import by name hides from the walk of the house: {wrong}"


def places_of(packages: dict[str, set[str]]) -> list[str]:
    """Imports of packages (prefixes of dotted names) outside the rooms that may have them."""
    wrong = []
    for module in modules():
        for found in imports(module):
            for package, rooms in packages.items():
                if (found.target + ".").startswith(package + ".") and module.room not in rooms:
                    wrong.append(f"{module.place}:{found.line}: {found.target} belongs in {sorted(rooms)}")
    return wrong


def test_only_fetch_speaks_to_the_network() -> None:
    clients = ["httpx", "httpx_aiohttp", "requests", "urllib3", "urllib.request", "http.client", "playwright"]
    wrong = places_of({client: {"fetch"} for client in clients})
    # aiohttp is a server as well: the replay portal may serve with it, nobody but fetch may ask with it.
    wrong += [line for line in places_of({"aiohttp": {"fetch"}}) if not re.search(r": aiohttp\.web(\.| )", line)]
    assert not wrong, "\n".join(wrong)


def test_only_the_store_opens_sqlite() -> None:
    wrong = places_of({"sqlite3": {"store"}, "sqlite_utils": {"store"}})
    assert not wrong, "\n".join(wrong)


SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW|TRIGGER|VIRTUAL)|PRAGMA\s|BEGIN\s+IMMEDIATE|VACUUM\b|ATTACH\s|WITH\s+\w+\s+AS\s*\()",
    re.IGNORECASE | re.DOTALL,
)


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT id FROM versions", True),
        ("\n  insert or ignore into alerts values (?)", True),
        ("update {} set state = ?", True),
        ("PRAGMA journal_mode = wal", True),
        ("a SELECT inside a sentence FROM nowhere", False),
        ("updated the set", False),
    ],
)
def test_sql_is_known_when_seen(text: str, is_sql: bool) -> None:
    assert bool(SQL.match(text.replace("{}", "x"))) is is_sql


def test_only_the_store_holds_sql() -> None:
    wrong = [
        f"{module.place}:{line}: {text.strip()[:60]}"
        for module in modules()
        if module.room != "store"
        for text, line in strings(module)
        if SQL.match(text.replace("{}", "x"))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_statement_numbers_its_places() -> None:
    """``?1`` is a name to sqlite3: with a list of values Python 3.12 warns of it, 3.14 refuses it."""
    numbered = re.compile(r"\?\d")
    assert numbered.search("nullif(?2, x)")
    assert not numbered.search("VALUES (?, ?)")
    wrong = [
        f"{module.place}:{line}: {text.strip()[:60]}"
        for module in modules()
        if module.room == "store"
        for text, line in strings(module)
        if numbered.search(text)
    ]
    assert not wrong, "\n".join(wrong)


PURE = {"types", "settings", "text", "decoding", "lexicon", "portals", "read", "indicators", "compare", "alert"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "localtime", "gmtime"}
OUTSIDE = {
    "asyncio",
    "socket",
    "subprocess",
    "threading",
    "multiprocessing",
    "concurrent",
    "time",
    "random",
    "secrets",
    "uuid",
}


def test_pure_rooms_read_no_clock_and_touch_nothing_outside() -> None:
    wrong = []
    for module in modules():
        if module.room not in PURE:
            continue
        wrong += [
            f"{module.place}:{i.line}: imports {i.target}" for i in imports(module) if i.target.split(".")[0] in OUTSIDE
        ]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                owner = ast.unparse(node.func.value).split(".")[-1]
                if owner in {"datetime", "date", "time"}:
                    wrong.append(f"{module.place}:{node.lineno}: reads the clock ({ast.unparse(node.func)})")
    assert not wrong, "\n".join(wrong)


# The formats hand hostile files to other people's parsers, which break in ways that nobody lists.
CATCHERS = {"pipeline", "service", "cli", "formats"}


def test_only_the_top_catches_every_error() -> None:
    wrong = []
    for module in modules():
        if module.room in CATCHERS:
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = (
                {"everything"}
                if node.type is None
                else {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
            )
            raises_again = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if caught & {"everything", "Exception", "BaseException"} and not raises_again:
                wrong.append(f"{module.place}:{node.lineno}: swallows every error, bugs too")
    assert not wrong, "\n".join(wrong)


# Spelled in halves, so that this file does not name what it forbids.
ELSEWHERE = re.compile(
    "|".join(
        [
            r"(?<![\w.:/-])/wo" r"rk/",
            r"\.\./sha" r"red/",
            r"\bfa" r"rm-[a-z]",
            r"(?<!\w)\.libr" r"ary/",
            r"\bpy" r"pi\.org",
            r"pythonhos" r"ted\.org",
            r"registry\.np" r"mjs",
            r"\bdeb\.deb" r"ian\.org",
            r"/opt/py" r"pi",
        ]
    )
)  # fmt: skip


def test_no_file_names_a_place_outside_the_project() -> None:
    wrong = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", "replace")
        wrong += [
            f"{path.relative_to(ROOT)}:{number}: {found[0]}"
            for number, line in enumerate(text.splitlines(), 1)
            if (found := ELSEWHERE.search(line))
        ]
    assert not wrong, "\n".join(wrong)


def test_no_code_knows_one_of_the_seeds() -> None:
    """Rules must hold for every document: a seed's name or digest stands in the demo and in settings only."""
    names = {path.stem for path in (ROOT / "seeds").iterdir()} | {
        path.stem.partition("_")[2] for path in (ROOT / "seeds").iterdir()
    }
    wrong = [
        f"{module.place}: {name}"
        for module in modules()
        if module.room != "demo"
        for name in names
        if name in module.path.read_text(encoding="utf-8")
    ]
    assert not wrong, "\n".join(wrong)


LOCKS = [".ci/requirements.txt", ".ci/requirements-dev.txt", ".ci/requirements-cluster.txt"]


def pinned(lock: str) -> dict[str, str]:
    """Package to version of a lock file."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {name.lower(): version for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(entries) > 30
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def asked(wishes: list[str]) -> set[str]:
        return {re.split(r"[\s<>=;\[!~]", wish, maxsplit=1)[0].lower() for wish in wishes}

    runtime = asked(project["project"]["dependencies"]) | asked(project["dependency-groups"]["build"])
    extras = [wish for wishes in project["project"]["optional-dependencies"].values() for wish in wishes]
    assert runtime - set(pinned(LOCKS[0])) == set(), "run make lock"
    assert asked(project["dependency-groups"]["dev"] + extras) - set(pinned(LOCKS[1])) == set(), "run make lock"


def test_the_product_is_checked_with_the_versions_it_runs_with() -> None:
    checked = pinned(LOCKS[1])
    runs = pinned(LOCKS[0]).items() | pinned(LOCKS[2]).items()
    differing = {name: (version, checked.get(name)) for name, version in runs if checked.get(name) != version}
    assert not differing, "run make lock"


def test_the_coverage_floor_only_rises() -> None:
    def floor(text: str) -> float:
        return float(tomllib.loads(text).get("tool", {}).get("coverage", {}).get("report", {}).get("fail_under", 0))

    now = floor((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    commits = git("log", "--format=%H", "-n", "15", "--", "pyproject.toml").split()
    before = [floor(git("show", f"{commit}:pyproject.toml")) for commit in commits]
    assert now >= max(before, default=0.0)
