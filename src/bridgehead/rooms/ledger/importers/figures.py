"""The importer of figures: an organisation brings in a table of its own, row by row through the same actions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed
from bridgehead.ground.imports.registry import Change, Current, Importer, Key, Values, keyed
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.periods import Period
from bridgehead.kernel.schemas import read_schema
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger.actions.figures import enter_figure, revise_figure
from bridgehead.rooms.ledger.figure_words import plain
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.units import unit_code
from bridgehead.rooms.ledger.who import ENTER

SCHEMA = Path(__file__).with_name("schemas") / "figures.csv"


def current_figures(viewer: Viewer, organisation: int) -> Mapping[Key, Current]:
    """Return the figures of an organisation that hold, by indicator, period, place and source."""
    rows = visible(Figure, viewer).filter(office=organisation, ended_at=None).select_related("office")
    found = {}
    for row in rows:
        values: dict[str, object] = {
            "indicator": row.indicator,
            "period": row.period,
            "place": row.place or None,
            "source": row.source,
            "value": plain(row.given),
            "unit": row.given_unit,
            "source_on": row.source_on,
            "standing": row.standing,
            "note": row.note or None,
            "organisation": row.office.code,
        }
        found[keyed(values, ("indicator", "period", "place", "source"))] = Current(values, row)  # type: ignore[arg-type]
    return found


def tidy_figure(values: Values) -> Values:
    """Bring a row into the form of the records: period and unit as they are kept, a standing where none is given.

    A period that cannot be read stays as it is, for the action to refuse with everything else that is wrong.
    """
    period = str(values["period"] or "")
    with suppress(BridgeheadError):
        period = str(Period.read(period))
    definition = indicators().latest(str(values["indicator"]))
    unit = unit_code(str(values["unit"] or ""), definition.unit if definition else "") or None
    return {**values, "period": period, "unit": unit, "standing": values["standing"] or Standing.REPORTED.value}


def apply_figure(deed: Deed, organisation: int, change: Change) -> Figure:
    """Enter or revise one figure.

    Raises
    ------
    BridgeheadError
        With all of ``import.unknown_organisation``, ``figure.other_organisation``, and what the actions refuse.
    """
    stranger = _of_another(deed, organisation, str(change.values["organisation"] or ""))
    try:
        made = _write(deed, organisation, change)
    except BridgeheadError as refused:
        raise BridgeheadError.of([*stranger, *refused.faults]) from refused
    if stranger:
        raise BridgeheadError.of(stranger)
    return made


def _write(deed: Deed, organisation: int, change: Change) -> Figure:
    values = change.values
    text = {name: str(values[name] or "") for name in ("source", "standing", "note", "unit")}
    source_on, value = values["source_on"], str(values["value"] if values["value"] is not None else "")
    day = source_on if isinstance(source_on, date) else None
    if change.current is not None:
        record: Figure = change.current.record
        return revise_figure(by=deed, figure=record.pk, version=record.version, value=value, source_on=day, **text)
    where = {name: str(values[name] or "") for name in ("indicator", "period", "place")}
    return enter_figure(by=deed, organisation=organisation, value=value, source_on=day, **where, **text)


def _of_another(deed: Deed, organisation: int, code: str) -> list[Fault]:
    """Return what is wrong where a row names another organisation than the one it is imported for."""
    if not code:
        return []
    named = visible(Organisation, deed.by).filter(code=code, closed_on__isnull=True).first()
    if named is None:
        return [Fault("import.unknown_organisation", {"value": code}, Place(field="organisation"))]
    if named.pk == organisation:
        return []
    own = visible(Organisation, deed.by).get(pk=organisation)
    given = {"organisation": named.name(language()), "own": own.name(language())}
    return [Fault("figure.other_organisation", given, Place(field="organisation"))]


def figures_importer() -> Importer:
    """Return the importer of figures."""
    return Importer(
        kind="figures",
        schema=read_schema(SCHEMA),
        permission=ENTER,
        current=current_figures,
        apply=apply_figure,
        tidy=tidy_figure,
        fixed=frozenset(("organisation",)),
    )
