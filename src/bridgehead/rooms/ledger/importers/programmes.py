"""Programmes from a spreadsheet: one row a programme, with what its kind records in one column of pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bridgehead.engines.programmes.kinds import Kind
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed
from bridgehead.ground.imports.registry import Change, Current, Importer, Key, Values
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import read_schema
from bridgehead.rooms.ledger.actions.programmes import Said, change_programme, open_programme
from bridgehead.rooms.ledger.models import Programme
from bridgehead.rooms.ledger.programme_kinds import as_typed, kind_of
from bridgehead.rooms.ledger.who import RUN

SCHEMA = Path(__file__).with_name("schemas") / "programmes.csv"
_BETWEEN = re.compile(r"\s*[;；\n]\s*(?=[a-z0-9_-]+\s*=|$)")
"""What stands between two pairs; a semicolon within a text is none."""
_TEXTS = ("name_zh", "name_en", "next_step", "source", "plan_line", "project")


def current_programmes(viewer: Viewer, organisation: int) -> Mapping[Key, Current]:
    """Return the programmes an organisation keeps, by their code."""
    rows = visible(Programme, viewer).filter(owner=organisation).select_related("office", "parent")
    return {(one.code,): Current(_as_row(one), one) for one in rows}


def _as_row(one: Programme) -> Values:
    return {
        "code": one.code,
        "kind": one.kind,
        **{name: getattr(one, name) or None for name in _TEXTS},
        "office": one.office.code if one.office_id != one.owner_id else None,
        "place": one.place_id or None,
        "parent": one.parent.code if one.parent else None,
        "stage": one.stage,
        "next_due_on": one.next_due_on,
        "source_on": one.source_on,
        "articles": tuple(one.articles),
        "fields": written(kind_of(one.kind), one.fields) or None,
    }


def written(kind: Kind, fields: Mapping[str, object]) -> str:
    """Return typed fields as a cell holds them: pairs in the order of the kind."""
    return "; ".join(f"{one.id}={as_typed(one, fields[one.id])}" for one in kind.fields if one.id in fields)


def pairs(text: str) -> dict[str, str]:
    """Return the pairs of a cell.

    Raises
    ------
    BridgeheadError
        ``programme.bad_pairs`` with the part that is none.
    """
    found: dict[str, str] = {}
    for part in filter(None, _BETWEEN.split(text.strip())):
        name, sign, value = part.partition("=")
        if not sign or not name.strip():
            raise BridgeheadError("programme.bad_pairs", {"part": part[:80]}, Place(field="fields"))
        found[name.strip()] = value.strip()
    return found


def tidy_programme(values: Values) -> Values:
    """Bring a row into the form in which records keep it: places by id, articles of the kind, fields in order.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_kind``, ``programme.bad_pairs`` and what is wrong with the fields.
    """
    kind = kind_of(str(values["kind"]))
    given = values["articles"] if isinstance(values["articles"], tuple) else ()
    place = current().region.place_id(str(values["place"])) if values["place"] else None
    try:
        fields = written(kind, kind.read(pairs(str(values["fields"] or ""))))
    except BridgeheadError as refused:
        raise in_columns(refused) from refused
    articles = tuple(sorted({int(str(one)) for one in given or kind.articles}))
    return {**values, "articles": articles, "place": place, "fields": fields or None}


def apply_programme(deed: Deed, organisation: int, change: Change) -> Programme:
    """Enter or change one programme.

    Raises
    ------
    BridgeheadError
        With all of ``import.unknown_organisation``, ``programme.unknown_parent`` and ``programme.bad_pairs`` with their
        columns, and what the actions refuse.
    """
    values = change.values
    strange: list[Fault] = []
    articles = values["articles"] if isinstance(values["articles"], tuple) else ()
    said = Said(
        **{name: str(values[name] or "") for name in _TEXTS},
        office=_office(deed, values["office"], strange),
        place=str(values["place"] or ""),
        parent=_parent(deed, values["parent"], strange),
        next_due_on=_day(values["next_due_on"]),
        source_on=_day(values["source_on"]),
        articles=tuple(int(str(one)) for one in articles),
        fields=_pairs(str(values["fields"] or ""), strange),
    )
    unread = {one.place.field for one in strange}
    try:
        made = _write(deed, organisation, change, said)
    except BridgeheadError as refused:
        more = [one for one in in_columns(refused).faults if one.place.field not in unread]
        raise BridgeheadError.of([*strange, *more]) from refused
    if strange:
        raise BridgeheadError.of(strange)
    return made


def _write(deed: Deed, organisation: int, change: Change, said: Said) -> Programme:
    if change.current is not None:
        record = change.current.record
        return change_programme(by=deed, programme=record.pk, version=record.version, said=said)
    kind, code, stage = (str(change.values[name] or "") for name in ("kind", "code", "stage"))
    return open_programme(by=deed, organisation=organisation, kind=kind, said=said, code=code, stage=stage)


def in_columns(refused: BridgeheadError) -> BridgeheadError:
    """Return a refusal whose faults lie in columns of the table: all fields of a kind stand in one."""
    return BridgeheadError.of(
        [
            Fault(one.code, one.parameters, Place(field="fields"), one.severity)
            if (one.place.field or "").startswith("field-")
            else one
            for one in refused.faults
        ]
    )


def _office(deed: Deed, code: object, faults: list[Fault]) -> int | None:
    """Return the body of a code, noting the fault where there is none."""
    if not code:
        return None
    rows = visible(Organisation, deed.by).filter(kind__in=sorted(roles().public_kinds), closed_on__isnull=True)
    found = rows.filter(code=str(code)).first()
    if found is None:
        faults.append(Fault("import.unknown_organisation", {"value": str(code)}, Place(field="office")))
    return int(found.pk) if found else None


def _parent(deed: Deed, code: object, faults: list[Fault]) -> int | None:
    """Return the programme of a code, noting the fault where there is none."""
    if not code:
        return None
    found = visible(Programme, deed.by).filter(code=str(code)).first()
    if found is None:
        faults.append(Fault("programme.unknown_parent", {"programme": str(code)}, Place(field="parent")))
    return int(found.pk) if found else None


def _pairs(text: str, faults: list[Fault]) -> dict[str, str]:
    try:
        return pairs(text)
    except BridgeheadError as refused:
        faults += refused.faults
        return {}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


PROGRAMMES = Importer(
    kind="programmes",
    schema=read_schema(SCHEMA),
    permission=RUN,
    current=current_programmes,
    apply=apply_programme,
    tidy=tidy_programme,
    fixed=frozenset(("kind", "stage")),
)
