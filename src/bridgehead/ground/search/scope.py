"""What a viewer may find: the gate's rule as a condition on entries of all kinds at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from bridgehead.ground.access.audience import PUBLIC, SIGNED_IN, admits
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.access.visibility import Visibility

Condition = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose an entry is: in the words of a `Visibility`, the columns replaced by what stands in them."""

    scope: str = ""
    is_open: bool = True
    owners: tuple[int | None, int | None] = (None, None)
    office: int | None = None
    person: int | None = None


def standing_of(record: Model) -> Standing:
    """Return whose the entry of a record is; open to its audience if its model declares no visibility."""
    declared: Visibility | None = getattr(record, "VISIBILITY", None)
    if declared is None:
        return Standing()

    def value(column: str) -> Any:
        return getattr(record, column)

    owners = (*map(value, declared.owners), None, None)[:2]
    offices, persons = map(value, declared.offices), map(value, declared.persons)
    is_open = bool(declared.public and value(declared.public))
    return Standing(declared.scope, is_open, owners, next(offices, None), next(persons, None))


def refuse_unless_told(model: type[Model]) -> None:
    """Refuse a model whose visibility has more columns than an entry; ValueError.

    Of several offices an entry has the first: a record is found by fewer than may see it, never by more.
    """
    declared: Visibility | None = getattr(model, "VISIBILITY", None)
    if declared and (len(declared.owners) > 2 or len(declared.persons) > 1):
        raise ValueError(f"{model.__name__}: an entry has two owners and one person at most")


def condition(viewer: Viewer) -> Condition:
    """Return the condition on a row ``e`` of the index for a viewer, with its values.

    The viewer belongs to the audience, and sees the record: because it is open, because they see its scope wholly,
    because of its owner, its office, or because it is theirs.
    """
    if viewer.system:
        return "1 = 1", ()
    audiences = [one for one in (PUBLIC, SIGNED_IN, *sorted(roles().permissions)) if admits(viewer, one)]
    among, values = _among("e.audience", audiences)
    told = ["e.is_open"]
    for scopes, owners, offices in _alike(viewer):
        said: list[Condition] = []
        for column in ("e.owner_id", "e.second_owner_id"):
            said += [_among(column, owners)] if owners else []
        said += [_among("e.office_id", offices)] if offices else []
        if said:
            inside, given = _among("e.scope", scopes)
            told.append(f"({inside} AND ({' OR '.join(part for part, _ in said)}))")
            values += (*given, *(one for _, ids in said for one in ids))
    wholly = [scope for scope in roles().scopes if viewer.wholly(scope)]
    for column, those in (("e.scope", wholly), ("e.person_id", [viewer.person_id] if viewer.signed_in else [])):
        if those:
            inside, given = _among(column, those)
            told.append(inside)
            values += given
    return f"({among} AND ({' OR '.join(told)}))", values


def without(may: Condition, kind: str, kept_back: QuerySet[Any, Any]) -> Condition:
    """Return a condition that also leaves out the records of a kind whose keys a question of one column gives."""
    try:
        question, given = kept_back.order_by().query.sql_with_params()
    except EmptyResultSet:
        return may
    told, values = may
    # The question is Django's own. Among keys of which one is unknown nothing is known not to be.
    keys = f"WITH kept(id) AS ({question}) SELECT CAST(id AS text) FROM kept WHERE id IS NOT NULL"  # noqa: S608
    return f"({told} AND NOT (e.kind = %s AND e.record IN ({keys})))", (*values, kind, *given)


def _alike(viewer: Viewer) -> Iterable[tuple[list[str], frozenset[int], frozenset[int]]]:
    """Give the scopes that let see the same organisations together: without a mandate that is one group."""
    found: dict[tuple[frozenset[int], frozenset[int]], list[str]] = {}
    for scope in roles().scopes:
        found.setdefault((viewer.owners_in(scope), viewer.offices_in(scope)), []).append(scope)
    return ((scopes, owners, offices) for (owners, offices), scopes in found.items() if owners or offices)


def _among(column: str, values: Collection[Any]) -> Condition:
    given = tuple(sorted(values)) if isinstance(values, frozenset) else tuple(values)
    return f"{column} IN ({', '.join(['%s'] * len(given))})", given


POSTGRES_FUNCTIONS = """
CREATE OR REPLACE FUNCTION bridgehead_wholes() RETURNS text[] LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN ARRAY(SELECT jsonb_array_elements_text(coalesce(bridgehead_viewer() -> 'wholly', '[]'))); END $$;
CREATE OR REPLACE FUNCTION bridgehead_keys(part text) RETURNS text[] LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN ARRAY(SELECT seen.key || ':' || id
     FROM jsonb_each_text(coalesce(bridgehead_viewer() -> part, '{}')) AS seen,
     unnest(seen.value::bigint[]) AS id); END $$;
"""
"""What a viewer sees in every scope at once, as ``scope:id``; ``*:id`` is what all scopes have in common."""


def policy() -> str:
    """Return the same rule as the condition of PostgreSQL's policy; what stands in brackets is worked out once.

    One condition over all scopes: with one of its own for each, planning a statement took longer than running it.
    """
    parts = ["is_open", "(SELECT coalesce((bridgehead_viewer() -> 'all')::boolean, false))"]
    parts += ["scope = ANY((SELECT bridgehead_wholes())::text[])", "person_id = (SELECT bridgehead_person())"]
    for column, part in (("owner_id", "owners"), ("second_owner_id", "owners"), ("office_id", "offices")):
        keys = f"(SELECT bridgehead_keys('{part}'))::text[]"
        parts += [f"('*:' || {column}) = ANY({keys})", f"(scope || ':' || {column}) = ANY({keys})"]
    return " OR ".join(parts)
