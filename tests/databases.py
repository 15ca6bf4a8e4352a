"""Databases of their own for tests that start the platform, on the PostgreSQL server the tests run against."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

URL = os.environ.get("BRIDGEHEAD_DATABASE_URL", "")
"""The server the whole run uses; empty for SQLite."""

_STARTERS = "tests.cli.running"
"""The module with what starts the platform on the database of the run."""

_numbers = itertools.count(1)


def asks(item: pytest.Item) -> bool:
    """Tell whether a test may ask the database of the run: through Django, or by starting the platform on it.

    What shows something the database of the run has no part in is marked ``any_database``.
    """
    if item.get_closest_marker("any_database"):
        return False
    if "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db"):
        return True
    module = getattr(item, "module", None)
    return any(getattr(one, "__module__", "") == _STARTERS for one in vars(module).values()) if module else False


def beside(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def fresh(url: str, make: str = "") -> Iterator[str]:
    """Give the URL of an empty database, which is dropped at the end; ``make`` goes with CREATE DATABASE."""
    import psycopg

    name = f"platform_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} {make}")
    try:
        yield beside(url, name)
    finally:
        with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
            # WITH (FORCE) fails while autovacuum is at work there, which no role but a superuser may end; a plain drop
            # ends it, but waits for everybody else.
            ours = "datname = %s AND usename = current_user"
            server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}", [name])
            server.execute(f"DROP DATABASE {name}")


class Own:
    """One fresh database for a test, made when a command of it first asks for one."""

    def __init__(self) -> None:
        self._until_the_end = ExitStack()
        self._url = ""

    def url(self) -> str:
        """Return its URL, the same one until it is dropped; empty for SQLite."""
        if URL and not self._url:
            self._url = self._until_the_end.enter_context(fresh(URL))
        return self._url

    def drop(self) -> None:
        """Drop it if it was made."""
        self._until_the_end.close()
        self._url = ""


OWN = Own()
