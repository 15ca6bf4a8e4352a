"""Reads of files, for whoever may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.models import StoredFile
from bridgehead.kernel.errors import BridgeheadError

KeptBack = Callable[[Viewer], QuerySet[Any, Any]]
"""Gives the ids of files a room does not show somebody yet, such as those of a draft of another organisation."""

_kept_back: list[KeptBack] = []


def keep_back(which: KeptBack) -> None:
    """Let a room keep files back from those who see the files of an organisation."""
    _kept_back.append(which)


def kept_back(viewer: Viewer) -> list[QuerySet[Any, Any]]:
    """Return the questions for the ids of files that are not shown to somebody yet."""
    return [which(viewer) for which in _kept_back]


def _shown(viewer: Viewer) -> QuerySet[StoredFile]:
    found = visible(StoredFile, viewer)
    for ids in kept_back(viewer):
        found = found.exclude(pk__in=ids)
    return found


def files_of(viewer: Viewer, owner: int | None = None) -> QuerySet[StoredFile]:
    """Return the files somebody may see, newest first; those of one organisation if it is named."""
    found = _shown(viewer).select_related("owner")
    return found if owner is None else found.filter(owner=owner)


def give_out(viewer: Viewer, file: int) -> tuple[StoredFile, bytes]:
    """Return a file with its content; a read by somebody who does not belong to its owner is journalled first.

    Raises
    ------
    BridgeheadError
        ``file.no_such_file`` if it is not there or may not be seen, ``file.withdrawn``, ``file.damaged``,
        ``file.missing``.
    """
    record = _shown(viewer).filter(pk=file).first()
    if record is None:
        raise BridgeheadError("file.no_such_file")
    if record.withdrawn_at is not None:
        raise BridgeheadError("file.withdrawn", {"name": record.name})
    content = file_store().open_whole(record.sha256)
    record_read(viewer, StoredFile.RECORD, record.pk, record.owner_id, office_id=record.office_id)
    return record, content
