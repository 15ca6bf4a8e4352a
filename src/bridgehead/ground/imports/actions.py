"""Actions on imports: proposing a table, looking at it again, applying it."""

from __future__ import annotations

from bridgehead.ground.access.viewer import Viewer, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received, receive
from bridgehead.ground.imports.preview import Preview, apply_lines, compare, content_of, preview
from bridgehead.ground.imports.reading import Reading, read
from bridgehead.ground.imports.registry import Importer, importer_of
from bridgehead.ground.imports.selectors import run_of
from bridgehead.ground.models import ImportRun, Organisation
from bridgehead.kernel.errors import BridgeheadError

TAKEN = ("csv", "xlsx")
APPLICABLE = (ImportRun.State.PREVIEWED, ImportRun.State.STALE)


def propose_import(
    *, by: Viewer, kind: str, organisation: int, content: bytes, name: str, declared: str = "", once: str = ""
) -> ImportRun:
    """Take in a table and keep it with its preview; nothing of it is applied.

    Parameters
    ----------
    by : Viewer
        Who imports.
    kind : str
        Which importer.
    organisation : int
        For which organisation.
    content, name, declared
        The bytes, the name and the media type as they were sent.
    once : str
        Key of the form.

    Raises
    ------
    BridgeheadError
        ``action.not_allowed``, ``import.unknown_kind``, and whatever is wrong with the file itself. What is wrong
        with its rows stands in the preview.
    """
    importer = importer_of(kind)
    _allow(by, importer, organisation)
    file = receive(content, name, declared, taken=TAKEN, as_table=True)
    with viewing(by):
        found = preview(content, file.kind.name, file.name, importer, viewer=by, organisation=organisation)
    return _propose(by=by, once=once, kind=kind, organisation=organisation, file=file, found=found)


def _allow(by: Viewer, importer: Importer, organisation: int) -> None:
    """Refuse somebody who may not import this, before any work is done."""
    if not importer.open_to(by, organisation):
        given = {"action": "import.propose", "permission": importer.permission}
        raise BridgeheadError("action.not_allowed", given)


@action("import.propose", permission="import.run")
def _propose(deed: Deed, *, kind: str, organisation: int, file: Received, found: Preview) -> ImportRun:
    _require(deed, importer_of(kind), organisation)
    return deed.create(
        ImportRun(
            owner=deed.lock(Organisation, organisation),
            kind=kind,
            name=file.name,
            file_kind=file.kind.name,
            media_type=file.kind.media_type,
            sha256=file.sha256,
            size_b=file.size_b,
            state=ImportRun.State.REFUSED if found.faults else ImportRun.State.PREVIEWED,
            fingerprint=found.fingerprint,
            preview=found.as_json(),
            asked_by=deed.by.person_id,
            asked_at=deed.at,
            **found.counts,
        )
    )


def _require(deed: Deed, importer: Importer, organisation: int) -> None:
    deed.require(importer.permission, organisation)
    deed.require_in(organisation)


def apply_import(*, by: Viewer, run: int, version: int | None = None, once: str = "", reason: str = "") -> ImportRun:
    """Apply an import: all of it or nothing, in one transaction with an entry of the journal for each record.

    Raises
    ------
    BridgeheadError
        ``import.stale`` if the records are no longer those it was compared with; its preview is then a new one.
        ``import.already_applied``, ``import.has_refused_rows``, ``import.no_such_import``, ``action.not_allowed``,
        ``action.changed_meanwhile``, ``action.repeated``, and what the actions refuse.
    """
    with viewing(by):
        record = run_of(by, run)
    importer = importer_of(record.kind)
    _allow(by, importer, record.owner_id)
    reading = read(content_of(record.sha256), record.file_kind, importer.schema, record.name)
    try:
        return _apply(by=by, once=once, reason=reason, run=run, version=version, reading=reading)
    except BridgeheadError as refused:
        if refused.code == "import.stale":
            renew_import(by=by, run=run)
        raise


@action("import.apply", permission="import.run")
def _apply(deed: Deed, *, run: int, version: int | None, reading: Reading) -> ImportRun:
    record = deed.lock(ImportRun, run)
    importer = importer_of(record.kind)
    _require(deed, importer, record.owner_id)
    if record.state == ImportRun.State.APPLIED:
        raise BridgeheadError("import.already_applied", {"name": record.name})
    if record.state not in APPLICABLE:
        raise BridgeheadError("import.has_refused_rows", {"count": record.refused})
    record = deed.lock(ImportRun, run, version)
    found = compare(reading, importer, importer.current(deed.by, record.owner_id), record.name)
    if found.fingerprint != record.fingerprint:
        raise BridgeheadError("import.stale", {"name": record.name})
    refused = apply_lines(deed, importer, record.owner_id, found.changes, record.name)
    if refused:
        raise BridgeheadError.of(refused)
    return deed.change(record, state=ImportRun.State.APPLIED, applied_by=deed.by.person_id, applied_at=deed.at)


def renew_import(*, by: Viewer, run: int) -> ImportRun:
    """Compare an import that is not applied yet with the records as they are now, and keep the new preview."""
    with viewing(by):
        record = run_of(by, run)
        importer = importer_of(record.kind)
        _allow(by, importer, record.owner_id)
        content = content_of(record.sha256)
        found = preview(content, record.file_kind, record.name, importer, viewer=by, organisation=record.owner_id)
    return _renew(by=by, run=run, found=found)


@action("import.renew", permission="import.run")
def _renew(deed: Deed, *, run: int, found: Preview) -> ImportRun:
    record = deed.lock(ImportRun, run)
    _require(deed, importer_of(record.kind), record.owner_id)
    if record.state == ImportRun.State.APPLIED:
        raise BridgeheadError("import.already_applied", {"name": record.name})
    return deed.change(
        record,
        state=ImportRun.State.REFUSED if found.faults else ImportRun.State.STALE,
        fingerprint=found.fingerprint,
        preview=found.as_json(),
        **found.counts,
    )
