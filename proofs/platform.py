"""A platform to try things on: a data folder or database of its own, made ready in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database_url(database: str, folder: Path, *, fsync: bool = True) -> Iterator[str]:
    """Give the URL of an empty database of a kind; a PostgreSQL server runs while the block does, SQLite has none."""
    if database == "sqlite":
        yield ""
        return
    from scripts.postgres import running_server

    with running_server(fsync=fsync) as url:
        yield url


def environment(url: str, folder: Path, synchronous: str = "full") -> dict[str, str]:
    """Return the environment of a process that works on the platform."""
    return {
        **os.environ,
        "BRIDGEHEAD_DATA": str(folder),
        "BRIDGEHEAD_DATABASE_URL": url,
        "BRIDGEHEAD_SQLITE_SYNCHRONOUS": synchronous,
        "DJANGO_SETTINGS_MODULE": "bridgehead.site.settings",
    }


def start_django(url: str, folder: Path, synchronous: str = "full") -> None:
    """Let this process work on the platform, and bring its database up to date."""
    os.environ.update(environment(url, folder, synchronous))
    import django

    django.setup()
    from bridgehead.ground import database

    database.bring_up_to_date()


def durability() -> str:
    """Return how a commit over this connection outlives a power cut, as the database itself says it."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            return "fsync {}, synchronous_commit {}".format(*cursor.fetchone())
        cursor.execute("PRAGMA journal_mode")
        (mode,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous")
        (level,) = cursor.fetchone()
        return f"{mode}, synchronous {('off', 'normal', 'full', 'extra')[level]}"
