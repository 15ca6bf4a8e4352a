"""The database file: made, brought up to date, refused."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from bridgehead.ground import database

SRC = """
import os, sys
os.environ["BRIDGEHEAD_DATA"] = sys.argv[1]
os.environ.pop("BRIDGEHEAD_DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.2
from bridgehead.ground import database
from bridgehead.kernel.errors import BridgeheadError
try:
    database.bring_up_to_date()
    print("ready")
except BridgeheadError as error:
    print(error.code)
"""


def _up_to_date(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SRC, str(folder)], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert _up_to_date(folder) == "ready"
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def test_it_is_made_once_with_named_migrations_and_a_journal(folder: Path) -> None:
    assert _up_to_date(folder) == "ready"
    with sqlite3.connect(folder / "bridgehead.sqlite3") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        names = [name for (name,) in db.execute("SELECT name FROM django_migrations WHERE app = 'ground'")]
    assert "0001_region_edition" in names
    assert not any("auto" in name for name in names)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the database of the tests is compared with a file")
@pytest.mark.django_db
def test_it_is_the_database_django_makes(folder: Path) -> None:
    """The one of the tests is made by Django's own command."""
    told = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    with sqlite3.connect(folder / "bridgehead.sqlite3") as db, connection.cursor() as cursor:
        assert db.execute(told).fetchall() == cursor.execute(told).fetchall()


def test_one_from_a_newer_version_is_refused_and_left_alone(folder: Path) -> None:
    file = folder / "bridgehead.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ground', '0099_from_the_future', '2030-01-01')"
        )
    db.close()
    assert _up_to_date(folder) == "database.newer"
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT count(*) FROM django_migrations WHERE name LIKE '0099%'").fetchone() == (1,)


@pytest.mark.slow
def test_one_from_a_newer_version_with_a_new_room_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "bridgehead.sqlite3") as db:
        db.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '0001_cases', '2030-01-01')")
    db.close()
    assert _up_to_date(folder) == "database.newer"


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bridgehead.sqlite3"
    file.write_bytes(content)
    assert _up_to_date(tmp_path) == "database.damaged"
    assert file.read_bytes() == content


def test_a_damaged_page_is_found(folder: Path) -> None:
    file = folder / "bridgehead.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    for rest in folder.glob("bridgehead.sqlite3-*"):
        rest.unlink()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    assert _up_to_date(folder) == "database.damaged"


@pytest.mark.slow
def test_one_that_is_held_is_told_as_such(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "bridgehead.sqlite3", isolation_level=None)
    db.execute("CREATE TABLE t (x)")
    db.execute("BEGIN EXCLUSIVE")
    try:
        assert _up_to_date(tmp_path) == "database.locked"
    finally:
        db.close()
    assert _up_to_date(tmp_path) == "ready"


def test_a_folder_in_its_place_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "bridgehead.sqlite3").mkdir()
    assert _up_to_date(tmp_path) == "database.unavailable"


DIES = SRC.replace(
    "try:",
    """
from django.db.migrations.recorder import MigrationRecorder
record = MigrationRecorder.record_applied
def die_before(self, app, name):
    if (app, name) == ("ground", "0002_people_journal_tasks"):
        os._exit(9)
    record(self, app, name)
MigrationRecorder.record_applied = die_before
try:
    """.strip(),
    1,
)


@pytest.mark.slow
def test_a_migration_is_recorded_in_the_transaction_that_applies_it(tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], check=False, timeout=60).returncode == 9
    with sqlite3.connect(tmp_path / "bridgehead.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ground_organisation'").fetchone() == (0,)
    db.close()
    assert _up_to_date(tmp_path) == "ready"


NOTE = SRC.replace(
    "database.bring_up_to_date()", "from bridgehead.ground import editions; editions.record(current().region)"
)
NOTE = NOTE.replace("from bridgehead.ground import database", "from bridgehead.ground.region import current", 1)


def _noted(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", NOTE, str(folder)], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_an_edition_that_cannot_be_noted_is_told_as_what_it_is(folder: Path) -> None:
    file = folder / "bridgehead.sqlite3"
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        assert _noted(folder) == "database.locked"
    finally:
        db.close()
    assert _noted(folder) == "ready"
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE ground_regionedition")
    db.close()
    assert _noted(folder) == "database.damaged"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database is locked", "database.locked"),
        ("database table is locked: x", "database.locked"),
        ("attempt to write a readonly database", "database.read_only"),
        ("database or disk is full", "database.full"),
        ("unable to open database file", "database.unavailable"),
        ("no such table: ground_regionedition", "database.damaged"),
        ("file is not a database", "database.damaged"),
    ],
)
def test_what_the_driver_says_is_one_of_our_faults(said: str, code: str) -> None:
    fault = database.fault_of(OperationalError(said))
    assert fault.code == code
    assert fault.parameters["reason"] == said


WRITE = SRC.replace(
    "database.bring_up_to_date()",
    """
    from django.db import connection
    database.bring_up_to_date()
    with database.worded(), connection.cursor() as cursor:
        {prepare}
        cursor.execute("CREATE TABLE IF NOT EXISTS filler (x)")
        for _ in range(40):
            cursor.execute("INSERT INTO filler VALUES (randomblob(100000))")
    """.strip(),
)


def _wrote(folder: Path, prepare: str = "pass") -> str:
    done = subprocess.run(
        [sys.executable, "-c", WRITE.replace("{prepare}", prepare), str(folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_one_that_may_not_grow_is_full(folder: Path) -> None:
    assert _wrote(folder, 'cursor.execute("PRAGMA max_page_count = 1")') == "database.full"
    assert _wrote(folder) == "ready"


@pytest.mark.slow
def test_one_that_takes_no_writes_is_read_only(folder: Path) -> None:
    assert _wrote(folder, 'cursor.execute("PRAGMA query_only = 1")') == "database.read_only"
    assert _wrote(folder) == "ready"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk a little larger than an empty database with what its making takes, where a mount is allowed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_told_as_such_and_passes(small_disk: Path) -> None:
    assert _up_to_date(small_disk) == "ready"
    assert _wrote(small_disk) == "database.full"
    with suppress(OSError), (small_disk / "rest").open("wb", buffering=0) as rest:
        while rest.write(b"x" * 4096):
            pass
    assert _wrote(small_disk) == "database.full"
    (small_disk / "another").mkdir()
    assert _up_to_date(small_disk / "another") == "database.full"
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    assert _up_to_date(small_disk) == "ready"


@pytest.mark.slow
def test_a_read_only_disk_is_told_as_such_and_passes(small_disk: Path) -> None:
    assert _up_to_date(small_disk) == "ready"
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert _wrote(small_disk) == "database.read_only"
    subprocess.run(["mount", "-o", "remount,rw,size=50m", str(small_disk)], check=True)
    assert _wrote(small_disk) == "ready"


@pytest.mark.slow
def test_how_it_writes_is_the_operators_choice(folder: Path) -> None:
    told = "raise BridgeheadError(str(cursor.execute('PRAGMA synchronous').fetchone()[0]))"
    assert _wrote(folder, told) == "2"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIDGEHEAD_SQLITE_SYNCHRONOUS", "normal")
        assert _wrote(folder, told) == "1"
