"""PostgreSQL, a real server: made ready once, refused when unfit, and every trouble told as what it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scripts import postgres

from tests.cli.running import free_port
from tests.databases import beside, fresh

psycopg = pytest.importorskip("psycopg")
pytestmark = [pytest.mark.slow, pytest.mark.any_database]  # it brings a server of its own

BEGIN = """
import json, os, sys, time
import django
django.setup()
from django.conf import settings
from django.db import connection, transaction
from bridgehead.ground import database
from bridgehead.kernel.errors import BridgeheadError, sentence
heard = []
def hear(action):
    try:
        action()
        heard.append("ready")
    except BridgeheadError as error:
        heard.append("+".join(fault.code for fault in error.faults))
        heard.append(sentence(error.faults[0], "en").message)
def say(*statements):
    with database.worded(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
"""
END = "\nprint(json.dumps(heard))\n"
UP = "hear(database.bring_up_to_date)\n"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    try:
        with postgres.server(fsync=False, tcp_port=free_port()) as one:
            one.sql("ALTER ROLE bridgehead PASSWORD 'p@ss/w?rd#1'")
            yield one
    except postgres.NoServerError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def url(server: postgres.Server) -> Iterator[str]:
    """Give an empty database."""
    with fresh(server.url) as one:
        yield one


_started: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def _all_ended() -> Iterator[None]:
    """End what a test that failed left running."""
    yield
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None and not stream.closed:
                stream.close()
        process.wait()


def _start(url: str, program: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "BRIDGEHEAD_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bridgehead.site.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN + program + END],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )
    _started.append(process)
    return process


def _ended(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    heard: list[str] = json.loads(out.splitlines()[-1])
    return heard


def _heard(url: str, program: str) -> list[str]:
    return _ended(_start(url, program))


def _one(url: str, query: str) -> object:
    with psycopg.connect(url) as looking:
        return looking.execute(query).fetchone()[0]


# Made ready


def test_it_is_made_ready_once_and_the_connection_is_set_for_its_work(url: str) -> None:
    program = (
        UP
        + """
from bridgehead.ground.database import exists
for name in ("statement_timeout", "lock_timeout", "application_name", "TimeZone", "client_encoding"):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        heard.append(cursor.fetchone()[0])
heard.append(exists())
"""
        + UP
    )
    asked = "hear(lambda: heard.append(database.exists()))\n"
    assert _heard(url, asked) == [False, "ready"]
    assert _heard(url, program) == ["ready", "1min", "20s", "bridgehead", "UTC", "UTF8", True, "ready"]
    assert _heard(url, asked) == [True, "ready"]
    assert _one(url, "SELECT count(*) FROM django_migrations WHERE name = '0001_region_edition'") == 1


def test_several_first_starts_at_once_do_not_collide(url: str) -> None:
    when = f"time.sleep(max(0, {time.time() + 3} - time.time()))\n"
    processes = [_start(url, when + UP) for _ in range(3)]
    assert [_ended(process) for process in processes] == [["ready"]] * 3
    assert _one(url, "SELECT count(*) - count(DISTINCT (app, name)) FROM django_migrations") == 0
    assert _one(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


def test_a_start_waits_for_migrations_longer_than_for_other_locks(url: str) -> None:
    impatient = "settings.DATABASES['default']['OPTIONS']['options'] = '-c lock_timeout=100'\n"
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [0x6272696467656865])
        process = _start(url, impatient + UP)
        until = time.monotonic() + 60
        while not _one(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(0.5)
    assert _ended(process) == ["ready"]


def test_migrations_that_are_killed_leave_nothing_half_made(url: str) -> None:
    process = _start(url, UP)
    until = time.monotonic() + 60
    while not _one(url, "SELECT to_regclass('ground_organisation') IS NOT NULL"):
        assert time.monotonic() < until
        assert process.poll() is None or _one(url, "SELECT to_regclass('ground_organisation') IS NOT NULL")
    process.kill()
    process.communicate()
    assert _heard(url, UP) == ["ready"]


DIES = """
from django.db.migrations.recorder import MigrationRecorder
record = MigrationRecorder.record_applied
def die_before(self, app, name):
    if (app, name) == ("ground", "0002_people_journal_tasks"):
        os._exit(9)
    record(self, app, name)
MigrationRecorder.record_applied = die_before
"""


def test_a_migration_is_recorded_in_the_transaction_that_applies_it(url: str) -> None:
    assert _start(url, DIES + UP).wait(90) == 9
    assert not _one(url, "SELECT to_regclass('ground_organisation') IS NOT NULL")
    assert _heard(url, UP) == ["ready"]


# Refused


@pytest.mark.parametrize(("app", "name"), [("ground", "0099_from_the_future"), ("desk", "0001_cases")])
def test_one_from_a_newer_version_is_refused_and_left_alone(url: str, app: str, name: str) -> None:
    assert _heard(url, UP) == ["ready"]
    with psycopg.connect(url) as other:
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, '2031-01-01')", (app, name))
    heard = _heard(url, UP + "hear(database.refuse_newer)\n")
    assert heard[::2] == ["database.newer", "database.newer"]
    assert f"{app}.{name}" in heard[1]
    assert "platform_" in heard[1]


def test_looking_for_a_newer_one_needs_no_database_and_makes_none(server: postgres.Server, url: str) -> None:
    assert _heard(url, "hear(database.refuse_newer)\n") == ["ready"]
    assert _one(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert _heard(beside(server.url, "nowhere"), "hear(database.refuse_newer)\n") == ["ready"]


def test_an_unfit_database_is_refused_with_all_that_is_amiss(server: postgres.Server) -> None:
    bytes_only = "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    with fresh(server.url, bytes_only) as url:
        old = "database.OLDEST_POSTGRESQL = 99\n"
        unbound = url.replace("//bridgehead@", "//postgres@")
        heard = _heard(unbound, UP + old + UP)
        assert heard[::2] == [
            "database.not_utf8+database.unbound_role",
            "database.too_old+database.not_utf8+database.unbound_role",
        ]
        assert "SQL_ASCII" in heard[1]
        assert "99" in heard[3]
        assert _one(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


# Trouble, in the server's own words


def test_a_server_that_cannot_be_reached_is_unavailable(server: postgres.Server) -> None:
    closed = f"postgresql://bridgehead@127.0.0.1:{free_port()}/bridgehead"
    code, words = _heard(closed, UP)
    assert code == "database.unavailable"
    assert "refused" in words
    code, words = _heard(beside(server.url, "nowhere"), UP)
    assert code == "database.unavailable"
    assert "nowhere" in words
    code, words = _heard(f"postgresql://bridgehead:guessed@127.0.0.1:{server.port}/bridgehead", UP)
    assert code == "database.unavailable"
    assert "password authentication failed" in words
    assert "guessed" not in words


def test_a_password_with_every_sign_gets_through(server: postgres.Server) -> None:
    url = f"postgresql://bridgehead:p%40ss%2Fw%3Frd%231@127.0.0.1:{server.port}/bridgehead?sslmode=disable"
    assert _heard(url, "hear(lambda: say('SELECT 1'))\n") == ["ready"]


TROUBLES = {
    "database.read_only": """
say("SET default_transaction_read_only = on")
hear(lambda: say("CREATE TABLE t (x int)"))
""",
    "database.damaged": 'hear(lambda: say("SELECT * FROM ground_nothing"))\n',
    "database.locked": """
say("CREATE TABLE t (x int)", "SET statement_timeout = 50")
hear(lambda: say("SELECT pg_sleep(5)"))
""",
}


@pytest.mark.parametrize("code", TROUBLES)
def test_trouble_is_told_as_what_it_is(url: str, code: str) -> None:
    heard = _heard(url, TROUBLES[code])
    assert heard[0] == code
    assert "platform_" in heard[1]


def test_a_lock_that_is_held_is_told_as_such(url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE t (x int)")
        other.commit()
        other.execute("LOCK TABLE t")
        impatient = "say('SET lock_timeout = 50')\nhear(lambda: say('SELECT * FROM t'))\n"
        assert _heard(url, impatient)[0] == "database.locked"


def test_two_in_each_others_way_are_told_as_such(url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE t (x int)")
        other.execute("INSERT INTO t VALUES (1)")
        other.commit()
        process = _start(
            url,
            """
say("SET default_transaction_isolation = 'repeatable read'")
def clash():
    with database.worded(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM t")
        print("read", flush=True)
        sys.stdin.readline()
        cursor.execute("UPDATE t SET x = 3")
hear(clash)
""",
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "read\n"
        other.execute("UPDATE t SET x = 2")
        other.commit()
        assert _ended(process)[0] == "database.locked"


@contextmanager
def _small_disk(server: postgres.Server) -> Iterator[Path]:
    disk = Path(tempfile.mkdtemp(prefix="bridgehead-disk-"))
    mounted = shutil.which("mount") and not (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False, capture_output=True
        ).returncode
    )
    try:
        if not mounted:
            pytest.skip("a small disk can be mounted by root only")
        server.give(disk)
        yield disk
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)
        disk.rmdir()


def test_a_full_disk_is_told_as_such_and_passes(server: postgres.Server, url: str) -> None:
    fill = "hear(lambda: say(\"INSERT INTO t SELECT repeat('x', 500) FROM generate_series(1, 9999)\"))\n"
    with _small_disk(server) as disk:
        server.sql(f"CREATE TABLESPACE small LOCATION '{disk}'", "GRANT CREATE ON TABLESPACE small TO bridgehead")
        try:
            with psycopg.connect(url) as other:
                other.execute("CREATE TABLE t (x text) TABLESPACE small")
            code, words = _heard(url, fill)
            assert code == "database.full"
            assert "53100" in words
            subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
            assert _heard(url, fill) == ["ready"]
        finally:
            with psycopg.connect(url) as other:
                other.execute("DROP TABLE IF EXISTS t")
            server.sql("CHECKPOINT", "DROP TABLESPACE small")


# The server goes away and comes back

GONE = (
    UP
    + """
from bridgehead.cli.get import ask
from bridgehead.site.wsgi import application
from bridgehead.ground.access.viewer import system
from bridgehead.ground.actions import action
from bridgehead.ground.models import Organisation

@action("organisation.try")
def touch(deed, *, code):
    return deed.create(Organisation(code=code, name_zh="试", name_en="Try", kind="enterprise"))

def look():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return pid
def visit():
    for path in ("/api/about", "/about/"):
        status, _, answer = ask(application, path)
        body = answer.decode()
        heard.append([status, "database.unavailable" in body, "bridgehead-pg-" in body, "socket" in body])
def do(code):
    hear(lambda: touch(by=system("try"), code=code))
visit(); do("before")
first = look()
visit()
heard.append(look() == first)
for told in ("gone", "back", "back again"):
    print(told, flush=True)
    sys.stdin.readline()
    if told != "back again":
        do(told)
    visit()
    do(told + " then")
"""
)


def test_a_server_that_goes_away_is_told_without_its_place_and_found_again(server: postgres.Server, url: str) -> None:
    process = _start(url, GONE)
    assert process.stdin is not None
    assert process.stdout is not None

    def goes_on(expected: str) -> None:
        assert process.stdout.readline() == f"{expected}\n", process.communicate()[1]

    goes_on("gone")
    server.stop("immediate")
    try:
        process.stdin.write("\n")
        process.stdin.flush()
        goes_on("back")
    finally:
        server.start()
    process.stdin.write("\n")
    process.stdin.flush()
    goes_on("back again")
    server.stop()
    server.start()
    heard = _ended(process)
    fine, refused = [200, False, False, False], [503, True, False, False]
    assert heard[:7] == ["ready", fine, fine, "ready", fine, fine, True]
    gone = heard[7:13]
    assert (gone[0], gone[2:4], gone[4]) == ("database.unavailable", [refused, refused], "database.unavailable")
    assert heard[13:] == ["ready", fine, fine, "ready", fine, fine, "ready"]
