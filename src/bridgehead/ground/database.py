"""The database file: brought up to date by named migrations, refused when it is newer or damaged."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError

OLDEST_POSTGRESQL = 15
_ADVISORY_LOCK = 0x6272696467656865
_FULL = ("disk is full", "No space left", "53100")
_READ_ONLY = ("readonly database", "read-only transaction", "25006")
_LOCKED = ("locked", "lock timeout", "55P03", "deadlock")
_DAMAGED = ("not a database", "malformed", "corrupt", "no such table", "no such column")


def exists() -> bool:
    """Tell whether there is a database to read; looking must not create one."""
    if connection.vendor != "sqlite":
        return True
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).is_file()


def bring_up_to_date() -> None:
    """Apply the migrations that are missing, each in one transaction.

    Raises
    ------
    BridgeheadError
        ``database.newer`` if it holds migrations this version does not know; ``database.damaged`` if the file is no
        sound SQLite database; ``database.locked`` if another process holds it; ``database.too_old`` for a server before
        PostgreSQL 15; ``database.unavailable`` otherwise.
    """
    with worded(), as_system("bringing the database up to date"):
        _refuse_damaged()
        _refuse_old_server()
        with _one_at_a_time():
            _refuse_newer()
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one process migrate a PostgreSQL database at a time; for SQLite the data folder is locked by the caller."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _refuse_old_server() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    if number < OLDEST_POSTGRESQL * 10_000:
        raise BridgeheadError("database.too_old", {"version": number // 10_000})


def _refuse_damaged() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        said = cursor.fetchone()
    if said != ("ok",):
        raise BridgeheadError("database.damaged", {"file": _file(), "reason": str(said and said[0])})


def refuse_newer() -> None:
    """Refuse a database file of a newer version without touching it; what cannot be read is told where it is used.

    Raises
    ------
    BridgeheadError
        ``database.newer``.
    """
    file = Path(_file())
    if connection.vendor != "sqlite" or not file.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as looked_at:
            applied = looked_at.execute("SELECT app, name FROM django_migrations").fetchall()
    except sqlite3.Error:
        return
    _refuse_unknown(MigrationLoader(None), applied)


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
        raise BridgeheadError("database.newer", {"file": _file(), "migrations": unknown})


def _file() -> str:
    return str(connection.settings_dict["NAME"])


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
        raise BridgeheadError("database.locked", {"file": _file(), "reason": "busy"})
    try:
        yield
    finally:
        _writing.release()


@contextmanager
def worded() -> Iterator[None]:
    """Turn the words of the database into one of our faults."""
    try:
        yield
    except Error as reason:
        raise fault_of(reason) from reason


def fault_of(reason: Error) -> BridgeheadError:
    """Return the fault for what the database said, in the words of whoever runs the platform."""
    said = f"{reason} {getattr(reason.__cause__, 'sqlstate', None) or ''}".strip()
    code = "database.unavailable"
    for found, marks in _WORDS.items():
        if any(words in said for words in marks):
            code = found
            break
    return BridgeheadError(code, {"file": _file(), "reason": said})


_WORDS: Mapping[str, tuple[str, ...]] = {
    "database.full": _FULL,
    "database.read_only": _READ_ONLY,
    "database.locked": _LOCKED,
    "database.damaged": _DAMAGED,
}
