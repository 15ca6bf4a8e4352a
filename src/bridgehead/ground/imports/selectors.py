"""Reads of imports, for whoever may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.imports.registry import importers
from bridgehead.ground.models import ImportRun, Organisation
from bridgehead.kernel.errors import BridgeheadError


def runs(viewer: Viewer) -> QuerySet[ImportRun]:
    """Return the imports somebody may see, newest first, without their previews."""
    return visible(ImportRun, viewer).select_related("owner").defer("preview")


def run_of(viewer: Viewer, run: int) -> ImportRun:
    """Return an import.

    Raises
    ------
    BridgeheadError
        ``import.no_such_import`` if it is not there or may not be seen.
    """
    found = visible(ImportRun, viewer).select_related("owner").filter(pk=run).first()
    if found is None:
        raise BridgeheadError("import.no_such_import")
    return found


def places(viewer: Viewer) -> QuerySet[Organisation]:
    """Return the organisations somebody may import something for: those of their grants."""
    ids = {grant.organisation_id for grant in viewer.grants}
    able = {pk for pk in ids if any(one.open_to(viewer, pk) for one in importers())}
    return visible(Organisation, viewer).filter(pk__in=able, closed_on__isnull=True)
