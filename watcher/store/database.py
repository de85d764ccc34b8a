"""Opening the database file: pragmas, migrations with a backup first, backups, checks."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from watcher.errors import StoreError
from watcher.store.schema import migrations
from watcher.store.trouble import refusal
from watcher.words import both, told

BUSY_MS = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
PASSING: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
"""Trouble of the whole database: it passes, or all stands still, whatever is read."""
TROUBLE: tuple[type[Exception], ...] = (*PASSING, StoreError)
"""What a full disk, a locked or damaged database and a read-only folder raise: waited out by who runs for long."""


def stamp(moment: datetime) -> str:
    """An instant as stored: ISO 8601 in UTC with milliseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Undoes ``stamp``."""
    return datetime.fromisoformat(text)


def millis(moment: datetime) -> int:
    """An instant as the tables store it that grow with every edit: milliseconds since 1970, six bytes instead of twenty-four."""
    return (moment - _EPOCH) // _MILLISECOND


def instant(number: int) -> datetime:
    """Undoes ``millis``."""
    return _EPOCH + number * _MILLISECOND


def iso(column: str) -> str:
    """SQL that shows a column of milliseconds as ``stamp`` would have written the instant; NULL stays NULL."""
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch')"


class Tables(Database):
    """sqlite_utils' database on a connection that begins and ends its transactions itself: a statement goes straight to SQLite, and
    inner transactions have one name, so that they are prepared once.
    """

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> sqlite3.Cursor:
        """``sqlite3.Connection.execute``."""
        if self._tracer:
            self._tracer(sql, parameters)
        return self.conn.execute(sql, () if parameters is None else parameters)

    @contextmanager
    def atomic(self) -> Generator[Database, None, None]:
        """A transaction, or inside of one a part that is undone by itself."""
        if not self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("SAVEPOINT part")
        try:
            yield self
        except BaseException:
            if self.conn.in_transaction:  # some errors end all of it
                self.conn.execute("ROLLBACK TO part")
                self.conn.execute("RELEASE part")
            raise
        self.conn.execute("RELEASE part")


@contextmanager
def unguarded(db: Database) -> Generator[None, None, None]:
    """Without SQLite's own look for references to deleted rows; no transaction may be open."""
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def rows_of(db: Database, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """What a SELECT finds, as dictionaries; ``Database.query`` without the savepoint that it puts around each statement."""
    cursor = db.execute(sql, list(values))
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@dataclass(frozen=True, slots=True)
class Listing:
    """A long list that is asked for as values and as JSON: its columns by name (texts, numbers, NULL), and the rest of the SELECT."""

    columns: Mapping[str, str]
    rest: str

    def rows(self, db: Database, values: Sequence[Any]) -> list[dict[str, Any]]:
        """As dictionaries."""
        return rows_of(
            db, f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in self.columns.items())} {self.rest}", values
        )

    def json(self, db: Database, values: Sequence[Any]) -> list[str]:
        """Each row an object of JSON; SQLite writes it, which takes no longer than the values alone."""
        pairs = ", ".join(f"'{name}', {sql}" for name, sql in self.columns.items())
        return [row[0] for row in db.execute(f"SELECT json_object({pairs}) {self.rest}", list(values))]


MAGIC = b"SQLite format 3\0"
MEMORY = Path(":memory:")
"""A store that nothing is kept of."""
_BEGUN = frozenset({"_sqlite_migrations", "sqlite_sequence"})
"""What stands in a database whose making was cut off (disk full, power lost): the next start goes on with it."""


def _connect(path: Path, *, read_only: bool, alone: bool = False) -> sqlite3.Connection:
    """``alone``: nobody else has the file open; only so can one with a write-ahead log be read where none can be made."""
    if path == MEMORY:
        return sqlite3.connect(":memory:", isolation_level=None)
    mode = "ro&immutable=1" if alone else "ro" if read_only else "rwc"
    address = f"file:{str(path).replace('%', '%25').replace('?', '%3f').replace('#', '%23')}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_MS / 1000, isolation_level=None, cached_statements=512)


def edition_now(document: str, *, among: str = "") -> str:
    """SQL: the edition of a document's newest text (``among`` those versions ``n`` that fit a condition). A text that our own rules
    made anew is no newer than it was: the draft that is read again behind its final stays behind it.
    """
    return (
        f"(SELECT n.edition_id FROM versions n WHERE n.document_id = {document} AND n.cause <> 'rules' {among} "
        f"AND NOT {behind('n')} ORDER BY n.number DESC LIMIT 1)"
    )


_RANK = "instr('draft review final amended repealed', {}.stage)"


def behind(version: str) -> str:
    """SQL: whether a later stage of its document came between the first text of a version's edition and the version, or was named in
    sources.yaml together with its address. An edit of the draft's page after the final was issued leaves the final the text that holds;
    a new draft (of an amendment) is an edition of its own and the newest text.
    """
    named = "(SELECT s.added_at FROM sources s WHERE s.id = {}.source_id AND s.column_id IS NULL)"
    return (
        f"EXISTS (SELECT 1 FROM editions x CROSS JOIN versions f ON f.edition_id = x.id WHERE x.document_id = {version}.document_id "
        f"AND x.id <> {version}.edition_id AND {_RANK.format('x')} > {_RANK.format(version)} AND f.cause = 'first' "
        f"AND f.number < {version}.number AND (f.number > (SELECT min(m.number) FROM versions m WHERE m.edition_id = {version}.edition_id) "
        f"OR {named.format('f')} = {named.format(version)}))"
    )


def open_database(path: Path, *, read_only: bool = False, now: Callable[[], datetime] | None = None) -> Database:
    """Opens (and creates or upgrades, unless ``read_only``) the database.

    Raises ``StoreError`` with what to do when the file is missing, damaged, not ours, or of a newer release.
    """
    now = now or (lambda: datetime.now(UTC))
    if read_only and not path.exists():
        raise _nothing(path)
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection, tables = _opened(path, read_only=read_only)
        except sqlite3.OperationalError as error:
            if not (read_only and _sealed(path, error) and not _log_of(path).exists()):
                raise
            connection, tables = _opened(path, read_only=True, alone=True)
    except (sqlite3.Error, OSError) as error:
        said = (_SEALED if _sealed(path, error) else refusal(error)) or both(
            f"数据库打不开：{error}；请检查路径、权限和磁盘",
            f"the database cannot be opened: {error}; check the path, its permissions and the disk",
        )
        raise StoreError(both(f"{path}：{told(said, 'zh')}", f"{path}: {told(said, 'en')}")) from None
    if read_only and not tables:
        connection.close()
        raise _nothing(path)
    if tables - _BEGUN and "versions" not in tables:
        connection.close()
        raise StoreError(
            both(
                f"{path}：这是别的程序的 SQLite 文件；请在 settings: database 另指定文件",
                f"{path}: this is an SQLite file of something else; name another file under settings: database",
            )
        )
    db = Tables(connection, execute_plugins=False)
    known = {one.name for one in migrations._migrations}
    applied = {one.name for one in migrations.applied(db)} if tables else set()
    if newer := sorted(applied - known):
        db.close()
        raise StoreError(
            both(
                f"{path}：由更新版本的 watcher 写入（含 {', '.join(newer)}）；请升级 watcher，或恢复备份",
                f"{path}: written by a newer release of watcher (it knows {', '.join(newer)}); upgrade watcher, or restore a backup",
            )
        )
    if known - applied:
        if read_only:
            db.close()
            raise StoreError(
                both(
                    f"{path}：由旧版本写入；运行一次 watcher check 或 watcher run 即可升级",
                    f"{path}: of an older release; run `watcher check` or `watcher run` once to upgrade it",
                )
            )
        _upgrade(db, path, now() if applied else None)
    if not read_only and path != MEMORY:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
    return db


_SEALED = both(
    "所在文件夹不可写（只读挂载，或没有权限），数据库的日志文件（-wal、-shm）建不了；请改为可写，或把整个文件夹复制到可写的地方",
    "its folder cannot be written (mounted read-only, or no permission), so the log files (-wal, -shm) of the database cannot be made; "
    "make it writable, or copy the whole folder to where it is",
)


def _sealed(path: Path, error: Exception) -> bool:
    """Whether the file is there and cannot be opened because nothing can be written beside it."""
    cannot = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    return cannot and os.access(path, os.R_OK) and not os.access(path.parent, os.W_OK)


def _log_of(path: Path) -> Path:
    """The write-ahead log: there while anybody has the database open for writing, or after a crash. Without it the file is whole."""
    return path.with_name(f"{path.name}-wal")


def _opened(path: Path, *, read_only: bool, alone: bool = False) -> tuple[sqlite3.Connection, set[str]]:
    """A connection that is set up, and the names of the tables."""
    connection = _connect(path, read_only=read_only, alone=alone)
    try:
        return connection, _prepare(connection, read_only=read_only)
    except UnicodeDecodeError as error:  # SQLite's own message, with a name of the schema that is damaged
        connection.close()
        raise sqlite3.OperationalError("Could not decode to UTF-8") from error
    except sqlite3.Error:
        connection.close()
        raise


def _nothing(path: Path) -> StoreError:
    return StoreError(
        both(
            f"{path}：还没有存任何东西；请先运行 watcher check",
            f"{path}: nothing is stored yet; run `watcher check` first",
        )
    )


def _prepare(connection: sqlite3.Connection, *, read_only: bool) -> set[str]:
    """Sets a new connection up; the names of the tables that are there."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -2000")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables and not read_only:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # upkeep gives empty pages back, some at a time
    return tables


def _upgrade(db: Database, path: Path, backup_at: datetime | None) -> None:
    if backup_at is not None:
        backup(db, path.with_name(f"{path.name}.before-upgrade-{backup_at:%Y%m%dT%H%M%SZ}"))
    try:
        # A table that is made anew is dropped for a moment; the migration itself looks whether every reference still holds.
        db.conn.execute("PRAGMA foreign_keys = OFF")
        db.conn.execute("PRAGMA temp_store = FILE")  # whole tables are sorted
        migrations.apply(db)
        db.conn.execute("PRAGMA foreign_keys = ON")
        db.conn.execute("PRAGMA temp_store = MEMORY")
        if db.conn.execute("PRAGMA auto_vacuum").fetchone() != (2,):  # of a release that gave nothing back
            db.conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
            db.conn.execute("VACUUM")
    except (sqlite3.Error, StoreError) as error:
        db.close()
        said = refusal(error) or str(error)
        zh, en = told(said, "zh"), told(said, "en")
        if backup_at is None:
            raise StoreError(
                both(f"{path}：数据库建不起来：{zh}", f"{path}: the database could not be made: {en}")
            ) from None
        raise StoreError(
            both(
                f"{path}：升级失败，已还原（{zh}）；旁边有备份",
                f"{path}: the upgrade failed and was rolled back ({en}); a backup lies beside it",
            )
        ) from None


def backup(db: Database, target: Path) -> None:
    """A consistent copy while others read and write; appears under its name only when it is whole."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        copy = sqlite3.connect(partial)
        try:
            # In one step: after each one that another process writes in between, SQLite would begin anew. Writers go on.
            db.conn.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        said = refusal(error) or str(error)
        raise StoreError(
            both(
                f"{target}：备份写不进去：{told(said, 'zh')}",
                f"{target}: the backup could not be written: {told(said, 'en')}",
            )
        ) from None


def check_file(path: Path) -> None:
    """Raises ``StoreError`` unless the file is a whole database of a release that we know, and nothing besides.

    A file may come from anywhere: its schema is compared, object by object, with the one that our migrations make, before
    anything in it is run. A trigger or a computed column would act in our name for ever after.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise StoreError(both(f"{path}：不是 SQLite 数据库", f"{path}: not an SQLite database"))
        connection = _connect(path, read_only=True)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            _check_schema(path, connection)
            (size,) = connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            ).fetchone()
            if path.stat().st_size != size:
                raise StoreError(
                    both(
                        f"{path}：已损坏：文件有 {path.stat().st_size} 字节，其中 {size} 字节属于它",
                        f"{path}: damaged: {path.stat().st_size} bytes long, and {size} are its own",
                    )
                )
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise StoreError(both(f"{path}：数据库不能用：{error}", f"{path}: not a usable database: {error}")) from None
    if answer != "ok":
        raise StoreError(both(f"{path}：已损坏：{answer}", f"{path}: damaged: {answer}"))


def _check_schema(path: Path, connection: sqlite3.Connection) -> None:
    there = _objects(connection)
    if not any(name == "versions" for _, name, _ in there):
        raise StoreError(both(f"{path}：不是 watcher 的数据库", f"{path}: not a database of watcher"))
    known = [one.name for one in migrations._migrations]
    applied = [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    if newer := sorted(set(applied) - set(known)):
        raise StoreError(
            both(
                f"{path}：由更新版本的 watcher 写入（含 {', '.join(newer)}）",
                f"{path}: written by a newer release of watcher (it knows {', '.join(newer)})",
            )
        )
    like = Database(sqlite3.connect(":memory:", isolation_level=None), execute_plugins=False)
    try:
        migrations.apply(like, stop_before=[name for name in known if name not in applied])
        wrong = sorted(there ^ _objects(like.conn), key=str)
    finally:
        like.close()
    if wrong:
        kind, name, _ = wrong[0]
        raise StoreError(
            both(
                f"{path}：与 watcher 写出的不同：{kind} {name} 不是我们的，或者缺失",
                f"{path}: not as watcher writes it: the {kind} {name} is not ours, or missing",
            )
        )


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    """Everything that a schema consists of: kind, name, definition. SQLite's own statistics are left out."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_stat[14]'")
    return {(row[0], row[1], row[2]) for row in rows}
