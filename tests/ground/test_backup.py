"""Backup and restore: consistent, whole or refused, the same on either database; the doctor sees what is broken."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground.backup.contents import DERIVED, NEVER_USED, kept

FILL = """
import os, django
django.setup()
from bridgehead.ground import database
database.bring_up_to_date()
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.files.actions import store_file
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.journal.seal import seal_pending
from tests.ground.world import member, world
there = world()
by = viewer_of(member(there.alpha, "enterprise_admin", name="安娜"))
store_file(by=by, owner=there.alpha.pk, file=receive("一份证明\\n".encode(), "证明.txt", "text/plain"), note="附件")
seal_pending()
"""
DUMP = """
import django, json
django.setup()
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.backup.contents import kept, plain
with as_system("tests"):
    for model in kept():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.order_by("pk").values_list(*names):
            if model._meta.label != "ground.RegionEdition":
                print(model._meta.label, json.dumps([plain(value) for value in row], ensure_ascii=False))
"""
ROOT = Path(__file__).resolve().parents[2]


def _environment(folder: Path, url: str = "") -> dict[str, str]:
    return {
        **os.environ,
        "BRIDGEHEAD_DATA": str(folder),
        "BRIDGEHEAD_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "bridgehead.site.settings",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


def _python(script: str, folder: Path, url: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], env=_environment(folder, url), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _command(folder: Path, *words: str, url: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from bridgehead.cli.main import main; main()", *words]
    return subprocess.run(command, env=_environment(folder, url), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    _python(FILL, folder)
    return folder


@pytest.fixture(scope="module")
def archive(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "one.tar.gz"
    done = _command(original, "backup", str(file), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["files"] == 1
    assert told["missing"] == []
    assert file.stat().st_mode & 0o077 == 0
    return file


def test_what_is_restored_is_what_was_there_row_for_row(original: Path, archive: Path, tmp_path: Path) -> None:
    there = _stored(original)
    bad = tmp_path / there.relative_to(original)
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"a damaged copy, which is replaced")
    done = _command(tmp_path, "restore", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    assert bad.read_bytes() == there.read_bytes()
    assert _python(DUMP, tmp_path) == _python(DUMP, original)
    restored = {file.name for file in (tmp_path / "files").rglob("*") if file.is_file()}
    assert {name for name in restored if ".damaged-" not in name} == {
        file.name for file in (original / "files").rglob("*") if file.is_file()
    }
    assert _command(tmp_path, "journal", "verify").returncode == 0
    assert _command(tmp_path, "doctor", "--full").returncode == 0


@pytest.mark.slow
def test_a_platform_that_holds_something_is_left_alone(original: Path, archive: Path) -> None:
    before = _python(DUMP, original)
    done = _command(original, "restore", str(archive), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout or done.stderr)["error"]["code"] == "backup.not_empty"
    assert _python(DUMP, original) == before
    assert _command(original, "backup", str(archive)).returncode == 2, "an archive is never overwritten"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_changed_or_cut_archive_is_refused_before_anything_is_written(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    from bridgehead.ground.backup.restoring import _checked, _unpack
    from bridgehead.kernel.errors import BridgeheadError

    whole = archive.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        wrong = whole[:at]
    else:
        wrong = whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :]
    folder = tmp_path_factory.mktemp("wrong")
    file = folder / "wrong.tar.gz"
    file.write_bytes(wrong)
    try:
        _unpack(file, folder)
        _checked(file, folder)
    except BridgeheadError as error:
        assert error.code == "backup.damaged"  # noqa: PT017 - what is not refused must be the same
    else:  # a bit of the header of gzip that says nothing, such as the system it was written on
        assert gzip.decompress(wrong) == gzip.decompress(whole)
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_county_moves_to_postgresql_and_back(original: Path, archive: Path, tmp_path: Path) -> None:
    postgres = pytest.importorskip("scripts.postgres")
    try:
        postgres.programs()
    except Exception as missing:
        pytest.skip(f"no PostgreSQL on this machine: {missing}")
    (tmp_path / "region").mkdir()
    (tmp_path / "county").mkdir()
    with postgres.running_server(fsync=False) as url:
        there = _command(tmp_path / "region", "restore", str(archive), url=url)
        assert there.returncode == 0, there.stderr
        assert _python(DUMP, tmp_path / "region", url) == _python(DUMP, original)
        assert _command(tmp_path / "region", "doctor", "--full", url=url).returncode == 0
        back = tmp_path / "back.tar.gz"
        assert _command(tmp_path / "region", "backup", str(back), url=url).returncode == 0
        # The platform goes on there: numbers of new records do not collide with the restored ones.
        _python(GO_ON, tmp_path / "region", url)
        removed = int(_python(REMOVED, tmp_path / "region", url))
        gone = tmp_path / "gone.tar.gz"
        assert _command(tmp_path / "region", "backup", str(gone), url=url).returncode == 0
    with postgres.running_server(fsync=False) as url:
        assert _command(tmp_path / "other", "restore", str(gone), url=url).returncode == 0
        assert int(_python(NEXT, tmp_path / "other", url)) > removed
    assert _command(tmp_path / "county", "restore", str(back)).returncode == 0
    assert _python(DUMP, tmp_path / "county") == _python(DUMP, original)


GO_ON = """
import django
django.setup()
from bridgehead.ground.access.viewer import as_system
from tests.ground.world import member, organisation
with as_system("tests"):
    member(organisation("new", "enterprise"), "enterprise")
"""


def _stored(folder: Path) -> Path:
    # What a killed process was still writing lies beside these, without a name, until it is swept.
    (file,) = (folder / "files").glob("[0-9a-f][0-9a-f]/*")
    return file


def _code(done: subprocess.CompletedProcess[str]) -> str:
    code: str = json.loads(done.stdout)["error"]["code"]
    return code


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"something else", None], ids=["damaged", "missing"])
def test_a_file_that_is_not_whole_is_told_and_the_rest_backed_up(
    original: Path, tmp_path: Path, content: bytes | None
) -> None:
    folder, archive, there = tmp_path / "sick", tmp_path / "one.tar.gz", tmp_path / "there"
    shutil.copytree(original, folder)
    file = _stored(folder)
    name = file.parent.name + file.name
    file.chmod(0o600)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    done = _command(folder, "backup", str(archive), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["files"], told["missing"], told["damaged"]) == (0, [name] * (not content), [name] * bool(content))
    assert "backup.files_not_whole" in done.stderr
    assert name[:12] in done.stderr
    done = _command(there, "restore", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    back = json.loads(done.stdout)
    assert (back["files"], back["missing"], back["damaged"]) == (0, told["missing"], told["damaged"])
    assert "backup.restored_without_files" in done.stderr
    assert _python(DUMP, there) == _python(DUMP, folder)


@pytest.mark.slow
def test_a_restore_that_was_broken_off_is_done_again(original: Path, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way", encoding="ascii")  # the store takes nothing
    done = _command(tmp_path, "restore", str(archive), "--json")
    assert done.returncode == 2
    assert _code(done).startswith("file.")
    (tmp_path / "files").unlink()
    done = _command(tmp_path, "restore", str(archive), "--json")
    assert done.returncode == 0, done.stdout
    assert _python(DUMP, tmp_path) == _python(DUMP, original)
    assert _stored(tmp_path).read_bytes() == _stored(original).read_bytes()


@pytest.mark.slow
def test_a_restore_killed_at_any_moment_is_done_again(original: Path, archive: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from bridgehead.cli.main import main; main()", "restore", str(archive)]
    began = time.monotonic()
    assert _command(tmp_path / "whole", "restore", str(archive)).returncode == 0
    whole_s = time.monotonic() - began
    dumped = _python(DUMP, original)
    for number in range(3, 11, 4 if os.environ.get("CI") else 1):
        folder = tmp_path / str(number)
        with subprocess.Popen(command, env=_environment(folder), stderr=subprocess.DEVNULL) as restoring:
            with suppress(subprocess.TimeoutExpired):
                restoring.wait(whole_s * number / 11)
            restoring.kill()
        again = _command(folder, "restore", str(archive), "--json")
        # Either nothing had been committed and everything is now, or all rows had been.
        assert again.returncode == 0 or _code(again) == "backup.not_empty", again.stdout
        assert _python(DUMP, folder) == dumped
        assert _stored(folder).read_bytes() == _stored(original).read_bytes()
        assert _command(folder, "journal", "verify").returncode == 0


@pytest.mark.parametrize("words", [["backup", "one.tar.gz"], ["doctor"], ["restore", "one.tar.gz"]])
@pytest.mark.parametrize(
    "exists", [pytest.param(True, id="empty", marks=pytest.mark.slow), pytest.param(False, id="mistyped")]
)
def test_where_there_is_no_platform_nothing_is_made(tmp_path: Path, words: list[str], exists: bool) -> None:
    folder = tmp_path / "data"
    if exists:
        folder.mkdir()
    words = [str(tmp_path / word) if word.endswith(".gz") else word for word in words]
    done = _command(folder, *words, "--json")
    assert done.returncode == 2
    assert _code(done) == ("backup.no_such_file" if words[0] == "restore" else "database.nothing_there")
    assert sorted(tmp_path.rglob("*")) == [folder] * exists


@pytest.mark.slow
def test_a_restore_waits_for_whoever_prepares_the_folder(archive: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    command = [sys.executable, "-c", "from bridgehead.cli.main import main; main()", "restore", str(archive)]
    with (tmp_path / ".preparing").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen(command, env=_environment(tmp_path), stdout=subprocess.PIPE) as restoring:
            with pytest.raises(subprocess.TimeoutExpired):
                restoring.wait(timeout=8)
            assert sorted(tmp_path.iterdir()) == [tmp_path / ".preparing"]
            fcntl.flock(held, fcntl.LOCK_UN)
            assert restoring.wait(timeout=120) == 0


KILLED = """
import os, signal
from pathlib import Path
from bridgehead.ground.backup.staging import staged
with staged({prefix!r}, Path({folder!r})) as place:
    (place / "half").write_bytes(b"x" * 1000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_what_a_killed_backup_or_restore_left_is_swept(original: Path, archive: Path, tmp_path: Path) -> None:
    from bridgehead.ground.backup.staging import staged

    for prefix in (".backup-", ".restore-"):
        script = KILLED.format(prefix=prefix, folder=str(tmp_path))
        killed = subprocess.run([sys.executable, "-c", script], env=_environment(tmp_path), check=False)
        assert killed.returncode == -9
    assert len(list(tmp_path.glob(".backup-*/half")) + list(tmp_path.glob(".restore-*/half"))) == 2
    with staged(".backup-", tmp_path) as mine:
        assert _command(original, "backup", str(tmp_path / "one.tar.gz")).returncode == 0
        assert list(tmp_path.glob(".backup-*")) == [mine], "another one that is at work is left alone"
    assert _command(tmp_path, "restore", str(archive)).returncode == 0
    assert not list(tmp_path.glob(".restore-*"))


REMOVED = """
import django
django.setup()
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person
from tests.ground.world import BY
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.journal.seal import seal_pending
person = register_person(by=BY, login="removed", name="走了")
with as_system("tests"):
    Person._base_manager.filter(pk=person.pk).delete()
seal_pending()
print(person.pk)
"""
NEXT = """
import django
django.setup()
from bridgehead.ground.people.accounts import register_person
from tests.ground.world import BY
print(register_person(by=BY, login="next", name="新来").pk)
"""


@pytest.mark.slow
def test_the_number_of_a_removed_record_is_not_given_again(original: Path, tmp_path: Path) -> None:
    folder, archive, there = tmp_path / "old", tmp_path / "one.tar.gz", tmp_path / "there"
    shutil.copytree(original, folder)
    removed = int(_python(REMOVED, folder))
    assert _command(folder, "backup", str(archive)).returncode == 0
    assert _command(there, "restore", str(archive)).returncode == 0
    assert int(_python(NEXT, there)) > removed


LATE = """
import django, threading
from datetime import timedelta
from pathlib import Path
django.setup()
from django.db import connection, transaction
from django.utils import timezone
real = timezone.now
timezone.now = lambda: real() - timedelta(hours=1)
from bridgehead.ground.backup.saving import save
from bridgehead.ground.journal.seal import seal_pending
from bridgehead.ground.journal.verify import verify
from tests.ground.world import organisation
written, sealed = threading.Event(), threading.Event()
def slow():
    with transaction.atomic():
        organisation("late", "department")
        written.set()
        assert sealed.wait(30)
    connection.close()
one = threading.Thread(target=slow)
one.start()
assert written.wait(30)
organisation("quick", "department")
seal_pending()
sealed.set()
one.join()
report = verify()
assert report.sound and len(report.unsealed) == 1, report
save(Path({archive!r}))
"""
SEAL = """
import django
django.setup()
from bridgehead.ground.journal.seal import seal_pending
from bridgehead.ground.journal.verify import verify
assert seal_pending() == 1
assert verify().sound
"""


@pytest.mark.slow
def test_an_entry_committed_late_is_restored_and_sealed_an_hour_later(original: Path, tmp_path: Path) -> None:
    postgres = pytest.importorskip("scripts.postgres")
    try:
        postgres.programs()
    except Exception as missing:
        pytest.skip(f"no PostgreSQL on this machine: {missing}")
    archive = tmp_path / "late.tar.gz"
    (tmp_path / "region").mkdir()
    (tmp_path / "county").mkdir()
    with postgres.running_server(fsync=False) as url:
        for words in (["doctor"], ["backup", str(archive)]):
            assert _code(_command(tmp_path / "nowhere", *words, "--json", url=url)) == "database.nothing_there"
        assert not (tmp_path / "nowhere").exists()
        _python(UP, tmp_path / "region", url)
        _python(LATE.replace("{archive!r}", repr(str(archive))), tmp_path / "region", url)
        done = _command(tmp_path / "county", "restore", str(archive))
        assert done.returncode == 0, done.stderr
        _python(SEAL, tmp_path / "county")
        _python(SEAL, tmp_path / "region", url)


UP = """
import django
django.setup()
from bridgehead.ground import database
database.bring_up_to_date()
"""


def test_every_model_is_kept_or_named_as_one_that_need_not_be() -> None:
    from django.apps import apps

    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert {model._meta.label for model in kept()} == labels - DERIVED - NEVER_USED
    assert labels >= DERIVED | NEVER_USED, "a name that is none any more"


def _broken(folder: Path) -> dict[str, str]:
    done = _command(folder, "doctor", "--json", "--full")
    return {one["name"]: one["severity"] for one in json.loads(done.stdout)["checks"]}


@pytest.mark.slow
def test_the_doctor_sees_what_is_really_broken(original: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sick"
    shutil.copytree(original, folder)
    assert "error" not in _broken(folder).values()
    import sqlite3

    with sqlite3.connect(folder / "bridgehead.sqlite3") as raw:
        raw.execute("DROP TRIGGER ground_journalentry_no_UPDATE")
        raw.execute("UPDATE ground_journalentry SET reason = 'x' WHERE id = 3")
        raw.execute("UPDATE ground_journalhead SET latest_at = '2199-01-01 00:00:00'")
    raw.close()
    (folder / "secret.key").write_text("known to all", encoding="ascii")
    (folder / "secret.key").chmod(0o644)
    for file in (folder / "files").rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"something else")
    found = _broken(folder)
    assert {name for name, grave in found.items() if grave == "error"} == {"journal", "clock", "key", "files"}


NEGLECTED = """
import django
from datetime import timedelta
from pathlib import Path
django.setup()
from django.utils import timezone
from bridgehead.ground import database
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal.seal import seal_pending
from bridgehead.ground.mail import PASSWORD_CHANGED, send_mail
from bridgehead.ground.models import ImportRun, Person, SearchEntry
from tests.ground.world import member, organisation
database.bring_up_to_date()
real = timezone.now
timezone.now = lambda: real() - timedelta(days=40)
office = organisation("office", "department")
person = member(office, "head")
seal_pending()
timezone.now = lambda: real() - timedelta(minutes=2)
organisation("unsealed", "department")
timezone.now = real
with as_system("tests"):
    SearchEntry.objects.order_by("pk").first().delete()
    Person.objects.filter(pk=person.pk).update(email="one@example.org")
    kept = file_store().put([b"imported"])
    ImportRun.objects.create(
        owner=office, kind="members", name="a.csv", file_kind="csv", media_type="text/csv", sha256=kept.sha256,
        size_b=kept.size_b, state="applied", fingerprint="", preview={}, asked_at=real(),
    )
file_store().path(kept.sha256).unlink()
file_store().put([b"of nobody"])
assert send_mail({"person": person.pk, "words": PASSWORD_CHANGED, "address": "http://localhost"}) == "written"
"""


def _told(folder: Path) -> dict[str, tuple[str, str, str]]:
    done = _command(folder, "doctor", "--json")
    return {
        one["name"]: (one["severity"], one["found"], one["cure"] or "") for one in json.loads(done.stdout)["checks"]
    }


@pytest.mark.slow
def test_the_doctor_sees_what_was_neglected_and_its_cures_cure(tmp_path: Path) -> None:
    _python(NEGLECTED, tmp_path)
    told = _told(tmp_path)
    grave = {name: told[name][0] for name in ("files", "orphans", "mail", "sealing", "anchor", "search")}
    assert grave == {
        "files": "error",
        "orphans": "ok",
        **dict.fromkeys(("mail", "sealing", "anchor", "search"), "warning"),
    }
    assert all(told[name][2] for name in grave), "each says what to do"
    assert "1 of 1" in told["files"][1]
    assert told["orphans"][1].startswith("no record names 1,")
    assert told["sealing"][1].startswith("1 entries")
    assert told["mail"][1].startswith("1 lie")
    said = _command(tmp_path, "doctor").stdout
    assert "no record names 1," in said, "what is information is printed, too"

    assert _command(tmp_path, "journal", "anchor").returncode == 0
    assert _command(tmp_path, "search", "rebuild").returncode == 0
    for mail in (tmp_path / "outgoing-mail").iterdir():
        mail.unlink()
    told = _told(tmp_path)
    assert {name: told[name][0] for name in ("mail", "sealing", "anchor", "search")} == dict.fromkeys(
        ("mail", "sealing", "anchor", "search"), "ok"
    )
    with (tmp_path / "anchors.jsonl").open("a") as file:
        file.write("no anchor\n")
    assert _told(tmp_path)["anchor"][0] == "error"
