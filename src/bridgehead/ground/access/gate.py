"""The gate: owned rows are read through it, filtered for whoever reads."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from bridgehead.ground.access.viewer import Viewer, current_viewer
from bridgehead.ground.access.visibility import Visibility

M = TypeVar("M", bound=Model)


def visible(rows: type[M] | QuerySet[M], viewer: Viewer | None = None) -> QuerySet[M]:
    """Return the rows of an owned table that somebody may see.

    Parameters
    ----------
    rows : model or queryset
        Of a model that declares its `Visibility`.
    viewer : Viewer, optional
        Who reads; by default whoever the running request or block says.
    """
    viewer = viewer or current_viewer()
    if isinstance(rows, QuerySet):
        return _seen(rows, viewer)
    # A page asks for the same tables many times, and the filter is most of what such a query costs to build.
    kept: QuerySet[M] | None = viewer.seen.get(rows)
    if kept is None:
        kept = viewer.seen[rows] = _seen(rows._default_manager.all(), viewer)
    return kept.all()


def _seen(rows: QuerySet[M], viewer: Viewer) -> QuerySet[M]:
    declared: Visibility = rows.model.VISIBILITY  # type: ignore[attr-defined]
    return rows if viewer.wholly(declared.scope) else rows.filter(condition(declared, viewer))


def condition(declared: Visibility, viewer: Viewer) -> Q:
    """Return the filter for a viewer that does not see the scope wholly; the same rule as the row-level security."""
    told = Q()
    owners, offices = viewer.owners_in(declared.scope), viewer.offices_in(declared.scope)
    if owners:
        for column in declared.owners:
            told |= Q(**{f"{column}__in": owners})
    if offices:
        for column in declared.offices:
            told |= Q(**{f"{column}__in": offices})
    if viewer.person_id is not None:
        for column in declared.persons:
            told |= Q(**{column: viewer.person_id})
    if declared.public:
        told |= Q(**{declared.public: True})
    return told or Q(pk__in=())


def may_see(record: Any, viewer: Viewer | None = None) -> bool:
    """Tell whether somebody may see one row that is already at hand."""
    viewer = viewer or current_viewer()
    declared: Visibility = record.VISIBILITY
    if viewer.wholly(declared.scope) or (declared.public and getattr(record, declared.public)):
        return True
    owners, offices = viewer.owners_in(declared.scope), viewer.offices_in(declared.scope)
    return (
        any(getattr(record, column) in owners for column in declared.owners)
        or any(getattr(record, column) in offices for column in declared.offices)
        or (viewer.person_id is not None and any(getattr(record, c) == viewer.person_id for c in declared.persons))
    )
