"""What all tests share: a data folder of their own, no network, the choice of tests by article."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases

SECOND_REGION = Path(__file__).parent / "second_region"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--article N``: only the tests that prove something of that article."""
    parser.addoption("--article", type=int, default=None, help="run only the tests marked article(N)")


def pytest_configure(config: pytest.Config) -> None:
    """Keep results and database of the tests out of the developer's data folder, and the locale out of the tests.

    ``BRIDGEHEAD_DATABASE_URL`` alone is let through: it says which database the tests run on.
    """
    from django.conf import settings

    if os.environ.get("PYTEST_XDIST_WORKER") or not config.getoption("numprocesses", None):
        gc.disable()  # until everything is collected, see below
    folder = Path(tempfile.mkdtemp(prefix="bridgehead-test-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    settings.BRIDGEHEAD_DATA = folder
    settings.BRIDGEHEAD_REGION = None
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]
    for name in [name for name in os.environ if name.startswith("BRIDGEHEAD_") and name != "BRIDGEHEAD_DATABASE_URL"]:
        del os.environ[name]
    os.environ["BRIDGEHEAD_DATA"] = str(folder)


def pytest_report_header() -> str:
    """Say which database the tests run on."""
    return f"database: {'PostgreSQL' if databases.URL else 'SQLite'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only the tests of the article asked for; on PostgreSQL only those that ask the database of the run."""
    number = config.getoption("--article")
    if number is None and not databases.URL:
        return
    wanted = items
    if number is not None:
        wanted = [item for item in wanted if any(number in mark.args for mark in item.iter_markers("article"))]
    if databases.URL:
        wanted = [item for item in wanted if databases.asks(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


def pytest_collection_finish() -> None:
    """Keep the garbage collector off the thousands of tests: to look through them all the time took a fifth of a run.

    For the same reason it looks at what is new less often than every 700 objects.
    """
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        outside = self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)
        if outside and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        return real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _a_flush_empties_the_journal_too() -> Iterator[None]:
    """Let tests with transactions of their own empty the database afterwards, which the journal refuses on purpose."""
    from django.core.management.commands import flush
    from django.db import connection, transaction

    from bridgehead.kernel.chain import GENESIS

    real = flush.Command.handle
    tables = ("ground_journalentry", "ground_journalseal")

    def handle(self: flush.Command, **options: Any) -> None:
        if connection.vendor == "postgresql":
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _ in triggers]
            after = [sql for _, sql in triggers]
        with connection.cursor() as cursor:
            for statement in before:
                cursor.execute(statement)
        real(self, **options)
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in after:
                cursor.execute(statement)
            cursor.execute("INSERT INTO ground_journalhead (id, position, chain) VALUES (1, 0, %s)", [GENESIS])
        _take_over_organisations()

    patch = pytest.MonkeyPatch()
    patch.setattr(flush.Command, "handle", handle)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _nobody_remembers_the_clock() -> None:
    """Let every test begin without the time another test wrote into the journal."""
    from bridgehead.ground.journal import clock

    clock.forget()


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    """Forget how often forms were sent in the tests before."""
    limits = sys.modules.get("bridgehead.ground.access.limits")
    if limits is not None:
        limits.limiter().storage.reset()


@pytest.fixture(autouse=True)
def _own_database() -> Iterator[None]:
    """Drop the database a test started the platform on, if it did."""
    yield
    databases.OWN.drop()


@pytest.fixture(autouse=True, scope="session")
def _whoever_is_signed_in_is_noted() -> Iterator[None]:
    """Let the client of the tests sign somebody in as the page does, which notes the time on a row nobody else sees."""
    from django.test import Client

    from bridgehead.ground.access.viewer import as_system

    real = Client.force_login

    def force_login(self: Client, *args: Any, **kwargs: Any) -> None:
        with as_system("tests"):
            real(self, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "force_login", force_login)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def second_region() -> Path:
    """Return the folder of the small region that is nowhere near the first one."""
    return SECOND_REGION


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give Debian's Chromium under playwright; skip where it is not installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # Django refuses its database from a thread with a running loop, which playwright's is; no test here uses it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Begin with the organisations of the shipped region."""
    with django_db_blocker.unblock():
        _take_over_organisations()


def _take_over_organisations() -> None:
    """Take over the organisations of the shipped region, as the start of the platform does."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.people.organisations import adopt_region
    from bridgehead.ground.region import current

    adopt_region(by=system("tests"), region=current().region)
