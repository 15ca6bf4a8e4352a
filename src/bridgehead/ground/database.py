"""The database: brought up to date by named migrations; refused when it is newer, damaged or not fit for its work."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from itertools import groupby
from pathlib import Path

from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, Error, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import Model

from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError, Fault

OLDEST_POSTGRESQL = 15
SMALLEST_ROOM_B = 128 * 1024
"""Less free room than this and SQLite cannot open its journal."""

LONGEST_WAIT_FOR_MIGRATIONS_MS = 600_000
_MIGRATING = 0x6272696467656865
"""Key of the lock one process takes to migrate a PostgreSQL database: the first eight letters of our name."""

_seen: set[str] = set()


def exists() -> bool:
    """Tell whether there is a database to read; looking must not create one.

    On PostgreSQL that is a database somebody has brought up to date; once seen it is not looked for again.
    """
    if connection.vendor == "postgresql":
        where = _server()
        if where not in _seen:
            connection.ensure_connection()
            # Past Django, so that looking counts as no query of the page.
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                if cursor.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
                    _seen.add(where)
        return where in _seen
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).is_file()


def refuse_nothing_there() -> None:
    """Refuse to go on where there is no database; nothing is made by looking.

    Raises
    ------
    BridgeheadError
        ``database.nothing_there``, or ``database.unavailable`` if the server cannot be asked.
    """
    with worded():
        if not exists() or (connection.vendor == "sqlite" and _is_empty_file()):
            raise BridgeheadError("database.nothing_there", _where())


def _is_empty_file() -> bool:
    file = Path(str(connection.settings_dict["NAME"]))
    if not file.is_file():  # in memory
        return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as looked_at:
            return looked_at.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    except sqlite3.Error:  # what cannot be read is told where it is used
        return False


def bring_up_to_date() -> None:
    """Apply the migrations that are missing, each in one transaction.

    Raises
    ------
    BridgeheadError
        ``database.newer`` if it holds migrations this version does not know; ``database.damaged`` if the file is no
        sound SQLite database; ``database.locked`` if another process holds it; for PostgreSQL ``database.too_old``,
        ``database.not_utf8`` and ``database.unbound_role``, all that apply; ``database.full``,
        ``database.read_only`` or ``database.unavailable`` otherwise.
    """
    with worded(), as_system("bringing the database up to date"):
        _refuse_damaged()
        _refuse_unfit_server()
        with _one_at_a_time():
            _refuse_newer()
            executor = Executor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                state = executor.migrate(executor.loader.graph.leaf_nodes(), plan)
                emit_post_migrate_signal(0, False, connection.alias, apps=state.apps, plan=plan)


class Executor(MigrationExecutor):
    """Records a migration in the transaction that applies it.

    Django puts off indexes and constraints to the end of that transaction and then records the migration after it:
    a process killed in between leaves a database whose next start finds its tables already there.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Apply one migration and record it, or do neither."""
        with self.connection.schema_editor(atomic=migration.atomic) as editor:
            state = _applied(migration, state, editor)
            while editor.deferred_sql:
                editor.execute(editor.deferred_sql.pop(0), None)
            self.record_migration(migration)
        return state


def _applied(migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor) -> ProjectState:
    """Apply the operations of a migration: the models it makes one after the other together, the rest as Django does.

    After each of them Django puts together anew every model it has to do with, three fifths of a first start.
    """
    label = migration.app_label
    for making, told in groupby(migration.operations, lambda one: type(one) is CreateModel):
        operations = list(told)
        if making:
            vars(state).pop("apps", None)  # put together once, when the first of them is made
            for one in operations:
                one.state_forwards(label, state)
            for one in operations:
                one.database_forwards(label, editor, state, state)
        else:
            part = Migration(migration.name, label)
            part.operations, part.atomic = operations, migration.atomic
            state = part.apply(state, editor)
    return state


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one process migrate a PostgreSQL database at a time; for SQLite the data folder is locked by the caller."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # The lock outlives this transaction; the patience for it does not.
        for name in ("lock_timeout", "statement_timeout"):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, str(LONGEST_WAIT_FOR_MIGRATIONS_MS)])
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")
    try:
        yield
    finally:
        # Lock and setting end with the connection, however the migrations did.
        connection.close()


def _refuse_unfit_server() -> None:
    """Refuse a PostgreSQL database that would do its work wrongly: all that is amiss at once."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), rolname,"
            " rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        version, encoding, role, unbound = cursor.fetchone()
    faults = []
    if version < OLDEST_POSTGRESQL * 10_000:
        told = {"version": version // 10_000, "oldest": OLDEST_POSTGRESQL}
        faults.append(Fault("database.too_old", told | _where()))
    if encoding != "UTF8":
        faults.append(Fault("database.not_utf8", {"encoding": encoding, **_where()}))
    if unbound:
        faults.append(Fault("database.unbound_role", {"role": role, **_where()}))
    if faults:
        raise BridgeheadError.of(faults)


def _refuse_damaged() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        said = cursor.fetchone()
    if said != ("ok",):
        raise BridgeheadError("database.damaged", {**_where(), "reason": str(said and said[0])})


def refuse_newer() -> None:
    """Refuse a database of a newer version without touching it; what cannot be read is told where it is used.

    Raises
    ------
    BridgeheadError
        ``database.newer``.
    """
    applied = _applied_in_file() if connection.vendor == "sqlite" else _applied_on_server()
    if applied:
        _refuse_unknown(MigrationLoader(None), applied)


_APPLIED = "SELECT app, name FROM django_migrations"


def _applied_in_file() -> list[tuple[str, str]]:
    file = Path(str(connection.settings_dict["NAME"]))
    if not file.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as looked_at:
            return looked_at.execute(_APPLIED).fetchall()
    except sqlite3.Error:
        return []


def _applied_on_server() -> list[tuple[str, str]]:
    """Ask over a connection of its own, as a file is opened apart: nothing of this look stays behind."""
    with suppress(connection.Database.Error):
        looking = connection.Database.connect(**connection.get_connection_params())
        with closing(looking), looking.cursor() as cursor:
            found: list[tuple[str, str]] = cursor.execute(_APPLIED).fetchall()
            return found
    return []


def _refuse_newer() -> None:
    loader = MigrationLoader(connection)
    _refuse_unknown(loader, loader.applied_migrations)


def _refuse_unknown(loader: MigrationLoader, applied: Iterable[tuple[str, str]]) -> None:
    ours = {app for app, _ in loader.disk_migrations}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in applied
        if (app, name) not in loader.disk_migrations and (app in ours or app not in loader.migrated_apps)
    )
    if unknown:
        raise BridgeheadError("database.newer", {**_where(), "migrations": unknown})


def _where() -> dict[str, object]:
    """Return where the database lies, for whoever runs the platform: a file, or a database on a server."""
    if connection.vendor == "postgresql":
        return {"server": _server()}
    return {"file": str(connection.settings_dict["NAME"])}


def _server() -> str:
    asked = connection.settings_dict
    host = ":".join(filter(None, (asked["HOST"] or "localhost", str(asked["PORT"]))))
    return f"{asked['NAME']} ({host})"


_writing = threading.RLock()
LONGEST_WAIT_S = 20


@contextmanager
def writing() -> Iterator[None]:
    """Let the threads of this process write to SQLite one after the other, in the order they came.

    SQLite takes one writer at a time and lets the others try again by chance; waiting in line is faster and nobody
    starves. PostgreSQL needs no line.

    Raises
    ------
    BridgeheadError
        ``database.locked`` if the line does not move.
    """
    if connection.vendor != "sqlite":
        yield
        return
    if not _writing.acquire(timeout=LONGEST_WAIT_S):
        raise BridgeheadError("database.locked", {**_where(), "reason": "busy"})
    try:
        yield
    finally:
        _writing.release()


@cache
def holding(model: type[Model]) -> str:
    """Return the statement that reads one record and holds it, put together once: that takes longer than to run it."""
    statement, _ = model._default_manager.select_for_update().filter(pk=0).query.sql_with_params()
    return str(statement)


def write_fields(record: Model, names: Iterable[str]) -> None:
    """Write fields of one record that is held, by a statement put together once for a model and its fields.

    Raises
    ------
    DatabaseError
        If there is no such row, or the running viewer may not see it.
    """
    fields = [record._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_writing_of(type(record), tuple(field.column for field in fields)), (*values, record.pk))
        if cursor.rowcount != 1:
            raise DatabaseError(f"{cursor.rowcount} rows of {record._meta.db_table} were written, not one")


@cache
def _writing_of(model: type[Model], columns: tuple[str, ...]) -> str:
    quoted = connection.ops.quote_name
    given = ", ".join(f"{quoted(column)} = %s" for column in columns)
    table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    return f"UPDATE {table} SET {given} WHERE {key} = %s"  # noqa: S608 - our own names


@contextmanager
def worded() -> Iterator[None]:
    """Turn the words of the database into one of our faults."""
    try:
        yield
    except Error as reason:
        raise fault_of(reason) from reason


def fault_of(reason: Error) -> BridgeheadError:
    """Return the fault for what the database said, in the words of whoever runs the platform.

    What the driver gives as a code is trusted before its words, which PostgreSQL may say in any language.
    """
    cause = reason.__cause__
    said = " ".join(str(reason).split())
    state = getattr(cause, "sqlstate", None)
    if state:
        code = _BY_STATE.get(state, "database.unavailable")
        return BridgeheadError(code, {**_where(), "reason": f"{said} ({state})"})
    name = getattr(cause, "sqlite_errorname", "")
    found = (code for start, code in _BY_NAME.items() if name.startswith(start))
    code = next(found, "") or next((code for words, code in _BY_WORDS.items() if words in said), "")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR")):
        code = _of_the_disk(Path(str(connection.settings_dict["NAME"])).parent)
    return BridgeheadError(code or "database.unavailable", {**_where(), "reason": said})


def _of_the_disk(folder: Path) -> str:
    """Return what the disk tells where SQLite only says that a file could not be opened or written."""
    with suppress(OSError):
        if shutil.disk_usage(folder).free < SMALLEST_ROOM_B:
            return "database.full"
        if folder.is_dir() and not os.access(folder, os.W_OK):
            return "database.read_only"
    return ""


_BY_STATE: Mapping[str, str] = {
    "53100": "database.full",
    "25006": "database.read_only",
    **dict.fromkeys(("55P03", "57014", "40001", "40P01"), "database.locked"),
    **dict.fromkeys(("42P01", "42703", "42883", "XX001", "XX002"), "database.damaged"),
}
_BY_NAME: Mapping[str, str] = {
    "SQLITE_FULL": "database.full",
    "SQLITE_READONLY": "database.read_only",
    "SQLITE_BUSY": "database.locked",
    "SQLITE_LOCKED": "database.locked",
    "SQLITE_CORRUPT": "database.damaged",
    "SQLITE_NOTADB": "database.damaged",
}
_BY_WORDS: Mapping[str, str] = {
    "disk is full": "database.full",
    "readonly database": "database.read_only",
    "is locked": "database.locked",
    **dict.fromkeys(("not a database", "malformed", "no such table", "no such column"), "database.damaged"),
}
