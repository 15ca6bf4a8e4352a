"""Saving: one snapshot of the database and the files it names, into an archive that appears when it is whole."""

from __future__ import annotations

import copy
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

import bridgehead
from bridgehead.ground import database
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.backup.contents import ANCHORS, FORMAT, MANIFEST, digest_of, kept, plain
from bridgehead.ground.backup.staging import staged
from bridgehead.ground.files.naming import named_files, naming_files
from bridgehead.ground.files.store import make_durable
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal import anchors
from bridgehead.ground.journal.entries import moment
from bridgehead.ground.models import JournalHead
from bridgehead.kernel.errors import BridgeheadError

ALIAS = "snapshot"
ROWS_AT_ONCE = 2000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds.

    Attributes
    ----------
    file : Path
        The archive.
    tables, rows, files : int
        How much of each.
    missing : tuple of str
        Files the database names that are not in the store, and so not in the backup.
    damaged : tuple of str
        Files whose content in the store is not theirs any more; they are not in the backup either.
    size_b : int
        Bytes of the archive.
    position : int
        End of the journal's chain.
    """

    file: Path
    tables: int
    rows: int
    files: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    size_b: int
    position: int


def save(file: Path, progress: Progress | None = None) -> Saved:
    """Write a backup while people work.

    Parameters
    ----------
    file : Path
        The archive, ``.tar.gz``; it must not exist yet. It can be read by its owner alone.
    progress : callable, optional
        Told what is being written, how much is done and of how much.

    Raises
    ------
    BridgeheadError
        ``database.nothing_there``, ``backup.exists``, ``backup.not_written``, and the faults of the database. Nothing
        is left behind then.
    """
    database.refuse_nothing_there()
    if file.exists():
        raise BridgeheadError("backup.exists", {"file": str(file)})
    tell = progress or (lambda *_: None)
    try:
        with staged(".backup-", file.absolute().parent) as folder:
            with database.worded():
                manifest = _snapshot(folder, tell)
            whole = folder / "whole.tar.gz"
            missing, damaged = _pack(folder, whole, manifest, tell)
            whole.chmod(0o600)
            with whole.open("rb") as stream:
                os.fsync(stream.fileno())
            whole.replace(file)
            make_durable(file.absolute().parent)
    except OSError as reason:
        raise BridgeheadError(
            "backup.not_written", {"file": str(file), "reason": reason.strerror or str(reason)}
        ) from reason
    saved = Saved(
        file,
        len(manifest["tables"]),
        sum(table["rows"] for table in manifest["tables"].values()),
        len(manifest["files"]) - len(missing) - len(damaged),
        missing,
        damaged,
        file.stat().st_size,
        manifest["journal"]["position"],
    )
    _note(saved, manifest)
    return saved


@contextmanager
def _read_only() -> Iterator[None]:
    """Open a second connection whose one transaction sees the database as it is now, and holds nobody up."""
    told = copy.deepcopy(connection.settings_dict)
    if connection.vendor == "sqlite":
        told["OPTIONS"]["transaction_mode"] = "DEFERRED"
    else:
        from psycopg import IsolationLevel

        told["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    connections.databases[ALIAS] = told
    try:
        with transaction.atomic(using=ALIAS):
            yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


def _snapshot(folder: Path, tell: Progress) -> dict[str, Any]:
    """Write every table as lines of JSON; return the manifest so far."""
    (folder / "tables").mkdir()
    begun = timezone.now()
    tables: dict[str, dict[str, Any]] = {}
    models = kept()
    with as_system("backup"), _read_only():
        for at, model in enumerate(models, 1):
            tell(model._meta.db_table, at, len(models))
            tables[model._meta.db_table] = _write_table(folder, model)
        head = JournalHead.objects.using(ALIAS).get(pk=1)
        wanted: set[str] = set()
        for model in naming_files():
            wanted |= set(named_files(model, ALIAS))
        applied = MigrationRecorder(connections[ALIAS]).applied_migrations()
    return {
        "format": FORMAT,
        "version": bridgehead.__version__,
        "database": connection.vendor,
        "begun": moment(begun),
        "migrations": sorted(applied),
        "tables": tables,
        "files": sorted(wanted),
        "journal": {"position": head.position, "chain": head.chain},
    }


def _write_table(folder: Path, model: Any) -> dict[str, Any]:
    names = [field.attname for field in model._meta.concrete_fields]
    file = folder / "tables" / f"{model._meta.db_table}.jsonl"
    rows = 0
    found = hashlib.sha256()
    with file.open("wb") as stream:
        asked = model._base_manager.using(ALIAS).order_by("pk").values_list(*names)
        for values in asked.iterator(chunk_size=ROWS_AT_ONCE):
            line = json.dumps([plain(value) for value in values], ensure_ascii=False).encode() + b"\n"
            stream.write(line)
            found.update(line)
            rows += 1
    return {"model": model._meta.label, "columns": names, "rows": rows, "sha256": found.hexdigest()}


def _pack(
    folder: Path, whole: Path, manifest: dict[str, Any], tell: Progress
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put tables, files and manifest into the archive; return the files that are missing, and those damaged."""
    store = file_store()
    missing, damaged = [], []
    with gzip.GzipFile(whole, "wb", compresslevel=3, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for table in sorted(manifest["tables"]):
            tar.add(folder / "tables" / f"{table}.jsonl", f"tables/{table}.jsonl", filter=_nobody)
        for at, sha256 in enumerate(manifest["files"], 1):
            tell("files", at, len(manifest["files"]))
            try:
                content = store.open_whole(sha256)
            except BridgeheadError as trouble:
                (missing if trouble.code == "file.missing" else damaged).append(sha256)
                continue
            member = _nobody(tarfile.TarInfo(f"files/{sha256}"))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        if anchors.own_file().is_file():
            kept_anchors = shutil.copyfile(anchors.own_file(), folder / ANCHORS)
            manifest["anchors"] = digest_of(Path(kept_anchors))
            tar.add(kept_anchors, ANCHORS, filter=_nobody)
        manifest["missing"] = sorted(missing + damaged)
        manifest["damaged"] = damaged
        manifest["ended"] = moment(timezone.now())
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        tar.add(folder / MANIFEST, MANIFEST, filter=_nobody)
    return tuple(missing), tuple(damaged)


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Say nothing of the machine in the archive: neither users nor modes."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def notes() -> Path:
    """Return the file in which the platform notes its backups, for the doctor."""
    folder: Path = settings.BRIDGEHEAD_DATA
    return folder / "backups.jsonl"


def _note(saved: Saved, manifest: Mapping[str, Any]) -> None:
    told = {"file": str(saved.file.absolute()), "at": manifest["ended"], "position": saved.position}
    try:
        with notes().open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(told, ensure_ascii=False) + "\n")
    except OSError:  # the backup is whole; that it was made is then known to whoever made it
        return
