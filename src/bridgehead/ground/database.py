"""The database file: brought up to date by named migrations, refused when it is newer or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bridgehead.kernel.errors import BridgeheadError


def exists() -> bool:
    """Tell whether there is a database to read; looking must not create one."""
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).is_file()


def bring_up_to_date() -> None:
    """Apply the migrations that are missing, each in one transaction.

    Raises
    ------
    BridgeheadError
        ``database.newer`` if it holds migrations this version does not know; ``database.damaged`` if the file is no
        sound SQLite database; ``database.locked`` if another process holds it; ``database.unavailable`` otherwise.
    """
    with _worded():
        _refuse_damaged()
        _refuse_newer()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)


def _refuse_damaged() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        said = cursor.fetchone()
    if said != ("ok",):
        raise BridgeheadError("database.damaged", {"file": _file(), "reason": str(said and said[0])})


def _refuse_newer() -> None:
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if (app, name) not in loader.disk_migrations and (app in ours or app not in loader.migrated_apps)
    )
    if unknown:
        raise BridgeheadError("database.newer", {"file": _file(), "migrations": unknown})


def _file() -> str:
    return str(connection.settings_dict["NAME"])


@contextmanager
def _worded() -> Iterator[None]:
    """Turn the words of the database into one of our faults."""
    try:
        yield
    except DatabaseError as reason:
        said = str(reason)
        code = "database.unavailable"
        if "locked" in said:
            code = "database.locked"
        elif "not a database" in said or "malformed" in said or "corrupt" in said:
            code = "database.damaged"
        raise BridgeheadError(code, {"file": _file(), "reason": said}) from reason
