"""Restoring: everything is checked before anything is written, and all of it is written or nothing."""

from __future__ import annotations

import gzip
import json
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from bridgehead.ground import database
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.backup.contents import ANCHORS, FORMAT, MANIFEST, MEMBER, chunks, digest_of
from bridgehead.ground.backup.numbers import go_on_after_the_journal
from bridgehead.ground.backup.staging import staged as staged_in
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal import anchors, clock
from bridgehead.ground.journal.verify import verify
from bridgehead.ground.search.index import rebuild
from bridgehead.kernel.chain import Anchor
from bridgehead.kernel.errors import BridgeheadError

ROWS_AT_ONCE = 2000
_UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, UnicodeError, ValueError, FileExistsError)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    tables: int
    rows: int
    files: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    position: int
    begun: str


def restore(file: Path) -> Restored:
    """Restore a backup into an empty platform.

    The files come first: they are named by their content, so a restore that was broken off is simply done again. Then
    all rows are written in one transaction.

    Raises
    ------
    BridgeheadError
        ``backup.no_such_file``, ``backup.damaged`` with what is, ``backup.other_format``, ``backup.newer``,
        ``backup.not_empty``, ``backup.not_unpacked``, ``backup.journal_not_sound``, or a fault of the store such as
        ``file.disk_full``. No row was written then.
    """
    if not file.is_file():
        raise BridgeheadError("backup.no_such_file", {"file": str(file)})
    folder: Path = settings.BRIDGEHEAD_DATA
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with staged_in(".restore-", folder) as staged:
            _unpack(file, staged)
            manifest = _checked(file, staged)
            with database.worded():
                _refuse_newer(manifest)
                _refuse_what_is_there(manifest)
                _keep_files(staged, manifest)
                _load(staged, manifest)
    except OSError as reason:
        told = {"folder": str(folder), "reason": reason.strerror or str(reason)}
        raise BridgeheadError("backup.not_unpacked", told) from reason
    clock.forget()
    with database.worded():
        rebuild()
    rows = sum(table["rows"] for table in manifest["tables"].values())
    left_out, damaged = set(manifest["missing"]), set(manifest.get("damaged", ()))
    there = len(manifest["files"]) - len(left_out)
    told_files = tuple(sorted(left_out - damaged)), tuple(sorted(damaged))
    position = manifest["journal"]["position"]
    return Restored(len(manifest["tables"]), rows, there, *told_files, position, manifest["begun"])


def _unpack(file: Path, staged: Path) -> None:
    """Take the archive apart; only the names a backup has are taken, and only ordinary files."""
    (staged / "tables").mkdir()
    (staged / "files").mkdir()
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                if not (member.isfile() and MEMBER.fullmatch(member.name)):
                    raise _damaged(file, member.name)
                stream = tar.extractfile(member)
                assert stream is not None
                with (staged / member.name).open("xb") as out:
                    while chunk := stream.read(1 << 20):
                        out.write(chunk)
            while packed.read(1 << 20):  # to the end, so that its checksum is looked at
                pass
    except _UNREADABLE as trouble:
        raise _damaged(file, str(trouble)) from trouble


def _checked(file: Path, staged: Path) -> dict[str, Any]:
    """Return the manifest once every part of the archive is what it says."""
    try:
        manifest: dict[str, Any] = json.loads((staged / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise BridgeheadError("backup.other_format", {"file": str(file), "format": manifest["format"]})
        tables, files, missing = manifest["tables"], manifest["files"], set(manifest["missing"])
        for name, table in tables.items():
            part = staged / "tables" / f"{name}.jsonl"
            if not part.is_file() or digest_of(part) != table["sha256"]:
                raise _damaged(file, f"tables/{name}.jsonl")
        for sha256 in files:
            part = staged / "files" / sha256
            if sha256 not in missing and (not part.is_file() or digest_of(part) != sha256):
                raise _damaged(file, f"files/{sha256}")
        if "anchors" in manifest and digest_of(staged / ANCHORS) != manifest["anchors"]:
            raise _damaged(file, ANCHORS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise _damaged(file, f"{MANIFEST}: {trouble}") from trouble
    return manifest


def _damaged(file: Path, part: str) -> BridgeheadError:
    return BridgeheadError("backup.damaged", {"file": str(file), "part": part})


def _refuse_newer(manifest: dict[str, Any]) -> None:
    known = set(MigrationExecutor(connection).loader.disk_migrations)
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        raise BridgeheadError("backup.newer", {"migrations": unknown, "version": manifest["version"]})


def _refuse_what_is_there(manifest: dict[str, Any]) -> None:
    """Refuse a platform that holds something, or whose tables are further than those of the backup.

    An empty platform of a later version is not taken back to an earlier one: its tables are made anew.
    """
    if not database.exists():
        return
    _refuse_entries()
    further = set(MigrationExecutor(connection).loader.applied_migrations) - {(a, n) for a, n in manifest["migrations"]}
    if further:
        raise BridgeheadError("backup.not_empty")


def _refuse_entries() -> None:
    if "ground_journalentry" not in connection.introspection.table_names():
        return
    with as_system("restore"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ground_journalentry")
        count = cursor.fetchone()[0]
    if count:
        raise BridgeheadError("backup.not_empty", {"entries": count})


def _let_nobody_begin() -> None:
    """Keep others from writing until the rows are committed, and see that nobody has begun meanwhile."""
    if connection.vendor == "postgresql":  # SQLite takes one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ground_journalentry, ground_journalhead IN SHARE ROW EXCLUSIVE MODE")
    _refuse_entries()


def _load(staged: Path, manifest: dict[str, Any]) -> None:
    """Make the tables as they were, fill them in one transaction, then bring them up to date."""
    executor = database.Executor(connection)
    wanted = {(app, name) for app, name in manifest["migrations"]}
    graph = executor.loader.graph
    known = [key for key in sorted(wanted) if key in graph.nodes]
    leaves = [key for key in known if not any(child.key in wanted for child in graph.node_map[key].children)]
    with as_system("restore"):
        executor.migrate(leaves)
        state = executor.loader.project_state(leaves)
        with database.writing(), transaction.atomic():
            _let_nobody_begin()
            models = []
            for name, table in manifest["tables"].items():
                model = state.apps.get_model(*table["model"].split("."))
                models.append(model)
                _fill(staged / "tables" / f"{name}.jsonl", model, table)
            go_on_after_the_journal(models)
            report = verify([Anchor(**manifest["journal"])] if manifest["journal"]["position"] else [])
            if not report.sound:
                raise BridgeheadError("backup.journal_not_sound", {"findings": len(report.findings)})
            if (staged / ANCHORS).is_file() and not anchors.own_file().exists():
                (staged / ANCHORS).replace(anchors.own_file())
    database.bring_up_to_date()


def _fill(file: Path, model: Any, table: dict[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [fields[name] for name in table["columns"]]
    if model._base_manager.exists():  # what a migration puts there, such as the head of the journal
        model._base_manager.all().delete()
    waiting: list[Any] = []
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            values = json.loads(line)
            waiting.append(
                model(
                    **{
                        field.attname: value if value is None else field.to_python(value)
                        for field, value in zip(columns, values, strict=True)
                    }
                )
            )
            if len(waiting) == ROWS_AT_ONCE:
                model._base_manager.bulk_create(waiting)
                waiting = []
    model._base_manager.bulk_create(waiting)


def _keep_files(staged: Path, manifest: dict[str, Any]) -> None:
    """Put the files into the store, which replaces a copy of the same name that has gone bad."""
    store = file_store()
    for sha256 in manifest["files"]:
        part = staged / "files" / sha256
        if part.is_file():
            type(store)(store.folder, part.stat().st_size + 1).put(chunks(part))
