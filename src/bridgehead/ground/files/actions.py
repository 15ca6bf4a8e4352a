"""Actions on files: handing one in, withdrawing it."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation, StoredFile

LONGEST_NOTE = 500


@action("file.store", permission="file.store")
def store_file(deed: Deed, *, owner: int, file: Received, note: str = "", to_office: bool = False) -> StoredFile:
    """Keep a file for an organisation.

    Parameters
    ----------
    deed : Deed
        Who hands it in.
    owner : int
        The organisation whose file it is.
    file : Received
        What `bridgehead.ground.files.uploads.receive` gave.
    note : str
        What it is, in the sender's words.
    to_office : bool
        Whether the office that keeps the organisation in its books sees it, too.

    Raises
    ------
    BridgeheadError
        ``file.note_too_long``.
    """
    deed.require_in(owner)
    whose = deed.lock(Organisation, owner)
    if len(note.strip()) > LONGEST_NOTE:
        deed.refuse("file.note_too_long", {"limit": LONGEST_NOTE}, "note")
    deed.check()
    return deed.create(
        StoredFile(
            owner=whose,
            office_id=whose.office_id if to_office else None,
            name=file.name,
            kind=file.kind.name,
            media_type=file.kind.media_type,
            sha256=file.sha256,
            size_b=file.size_b,
            note=note.strip(),
            uploaded_by=deed.by.person_id,
            uploaded_at=deed.at,
        )
    )


@action("file.withdraw", permission="file.store")
def withdraw_file(deed: Deed, *, file: int, version: int) -> StoredFile:
    """Withdraw a file: it is listed still, and given out no more.

    Raises
    ------
    BridgeheadError
        ``file.withdrawn`` if it was before.
    """
    record = deed.lock(StoredFile, file, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        deed.refuse("file.withdrawn", {"name": record.name})
    deed.check()
    return deed.change(record, withdrawn_at=deed.at)
