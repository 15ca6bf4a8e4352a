"""Actions on figures: entering, revising and withdrawing one, and saying which of several counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from bridgehead.ground import wording
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.cells import CellFault, parse_decimal
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Standing
from bridgehead.kernel.units import convert, measures
from bridgehead.rooms.ledger.actions.common import read_period
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.models import ClosedPeriod, Figure
from bridgehead.rooms.ledger.units import unit_code, unit_name
from bridgehead.rooms.ledger.who import ENTER, KEEP, body_of

STANDINGS = tuple(one for one in Standing if one is not Standing.MODEL)
"""What an organisation may say of its own figures; what an engine reckoned is never reported as a figure."""
MOST_DIGITS = 15
"""As many as every database keeps exactly."""
DECIMALS = 10
LONGEST_SOURCE = 300
_EVERY = {
    Frequency.DAY: ("按日", "day"),
    Frequency.MONTH: ("按月", "month"),
    Frequency.QUARTER: ("按季", "quarter"),
    Frequency.HALF: ("按半年", "half-year"),
    Frequency.YEAR: ("按年", "year"),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A value as it was typed, and in the unit of its indicator."""

    value: Decimal
    given: Decimal
    given_unit: str


@action("figure.enter", permission=ENTER)
def enter_figure(
    deed: Deed,
    *,
    organisation: int,
    indicator: str,
    period: str,
    value: str | Decimal,
    unit: str,
    source: str,
    source_on: date | None = None,
    standing: str = Standing.REPORTED.value,
    note: str = "",
    place: str = "",
    keeper: int | None = None,
) -> Figure:
    """Report the value of an indicator for a period; reports of others and from other sources stand beside it.

    Parameters
    ----------
    deed : Deed
        Who reports.
    organisation : int
        The organisation whose figure it is, which is their own.
    indicator : str
        Id of an indicator or series.
    period : str
        As `Period.read` takes it.
    value : str or Decimal
        The number.
    unit : str
        Its unit; another than that of the indicator is converted, and both are kept.
    source, source_on
        Where it stands, and of which day that is.
    standing : str
        How it came about.
    note : str
        Remark.
    place : str
        Place or port it speaks of; empty for the whole region.
    keeper : int, optional
        The body that asked for it and keeps it; the organisation itself by default.

    Raises
    ------
    BridgeheadError
        Everything that is wrong with it: ``figure.unknown_indicator``, ``figure.not_a_number``,
        ``figure.too_many_digits``, ``figure.wrong_unit``, ``unit.unknown``, ``period.unreadable``,
        ``figure.wrong_period``, ``figure.period_not_over``, ``ledger.period_closed``, ``form.missing``,
        ``figure.unknown_standing``, ``figure.unknown_place``, ``figure.source_in_future``, ``figure.already_there``,
        ``form.text_too_long``, ``ledger.unknown_body``.

    Articles: 79, 81
    """
    deed.require_in(organisation)
    office = deed.lock(Organisation, organisation)
    owner = body_of(deed.by, keeper, "keeper") if keeper else office
    definition = _definition(deed, indicator)
    span = _period(deed, owner, definition, period)
    amount = _amount(deed, definition, value, unit)
    _check_place(deed, place)
    told = _told(deed, source, source_on, standing, note)
    if definition and span:
        _refuse_second(deed, definition, span, office=office, place=place, source=told["source"])
    deed.check()
    assert definition is not None
    assert span is not None
    assert amount is not None
    figure = Figure(office=office, owner=owner, indicator=definition.id, place=place, **_of(span), **told)
    return _enter(deed, figure, definition, amount)


@action("figure.revise", permission=ENTER)
def revise_figure(
    deed: Deed,
    *,
    figure: int,
    version: int,
    value: str | Decimal,
    unit: str,
    source: str,
    source_on: date | None = None,
    standing: str = Standing.REPORTED.value,
    note: str = "",
) -> Figure:
    """Put another figure in the place of one, which stays with what it said.

    The revision of a figure that counts counts, too: it is the same report.

    Raises
    ------
    BridgeheadError
        As for `enter_figure`, and ``figure.is_past``, ``figure.nothing_changed``, ``action.changed_meanwhile``.

    Articles: 79, 81
    """
    before = _held(deed, figure, version)
    definition = _definition(deed, before.indicator)
    _refuse_closed(deed, before.owner_id, Period(before.first_on, before.last_on))
    amount = _amount(deed, definition, value, unit)
    told = _told(deed, source, source_on, standing, note)
    if definition and told["source"] != before.source:
        span = Period(before.first_on, before.last_on)
        _refuse_second(deed, definition, span, office=before.office, place=before.place, source=told["source"])
    if amount and (amount.given, amount.given_unit) == (before.given, before.given_unit):
        same = all(getattr(before, name) == said for name, said in told.items())
        if same:
            deed.refuse("figure.nothing_changed", field="value")
    deed.check()
    assert definition is not None
    assert amount is not None
    counts, why = before.counts, before.why
    deed.change(before, ended_at=deed.at, counts=False)
    after = Figure(office=before.office, owner=before.owner, indicator=before.indicator, place=before.place, **told)
    after.period, after.first_on, after.last_on = before.period, before.first_on, before.last_on
    after.replaces, after.counts, after.why = before, counts, why
    return _enter(deed, after, definition, amount)


@action("figure.withdraw", permission=ENTER)
def withdraw_figure(deed: Deed, *, figure: int, version: int) -> Figure:
    """Withdraw a figure, with a reason in the journal; it stays, and counts nowhere.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``figure.is_past``, ``ledger.period_closed``, ``action.changed_meanwhile``.

    Articles: 79, 81
    """
    record = _held(deed, figure, version)
    _refuse_closed(deed, record.owner_id, Period(record.first_on, record.last_on))
    give_reason(deed)
    deed.check()
    return deed.change(record, ended_at=deed.at, withdrawn=True, counts=False)


@action("figure.choose", permission=KEEP)
def choose_figure(deed: Deed, *, figure: int, version: int) -> Figure:
    """Let one of several figures for the same period count, with a reason; the others stay and are shown.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``figure.is_past``, ``figure.alone``, ``ledger.period_closed``,
        ``action.changed_meanwhile``.

    Articles: 5, 81
    """
    record = deed.lock(Figure, figure, version)
    _refuse_past(deed, record)
    _refuse_closed(deed, record.owner_id, Period(record.first_on, record.last_on))
    give_reason(deed)
    same = {"indicator": record.indicator, "place": record.place, "period": record.period, "ended_at": None}
    with as_system("looking for figures of the same period"):
        others = list(Figure.objects.filter(**same).exclude(pk=record.pk).values_list("pk", "counts"))
    if not others and not _is_published(record):
        deed.refuse("figure.alone")
    deed.check()
    for other, counts in others:
        if counts:
            deed.change(deed.lock(Figure, other), counts=False, why="")
    return deed.change(record, counts=True, why=deed.reason.strip())


def _held(deed: Deed, figure: int, version: int) -> Figure:
    """Return a figure of one's own organisation, held; note that it is past."""
    record = deed.lock(Figure, figure, version)
    deed.require_in(record.office_id)
    _refuse_past(deed, record)
    return record


def _enter(deed: Deed, figure: Figure, definition: Definition, amount: Amount) -> Figure:
    figure.value, figure.unit = amount.value, definition.unit
    figure.given, figure.given_unit = amount.given, amount.given_unit
    figure.author_id, figure.entered_at = deed.by.person_id, deed.at
    return deed.create(figure)


def _of(period: Period) -> dict[str, object]:
    return {"period": str(period), "first_on": period.first, "last_on": period.last}


def _definition(deed: Deed, indicator: str) -> Definition | None:
    found = indicators().latest(indicator.strip())
    if found is None:
        deed.refuse("figure.unknown_indicator", {"indicator": indicator}, "indicator")
    return found


def _period(deed: Deed, owner: Organisation, definition: Definition | None, given: str) -> Period | None:
    """Return the period of a figure; note that it cannot be read, is none of the indicator's, not over or closed."""
    if not given.strip():
        deed.refuse("form.missing", None, "period")
    period = read_period(deed, given)
    if period is None:
        return None
    now = today(deed)
    if definition and not definition.takes(period):
        told = {
            "indicator": definition.name,
            "frequency": speak(language(), *_EVERY[definition.least]),
            "period": str(period),
            "example": str(Period.of(definition.least, now).year_before),
        }
        deed.refuse("figure.wrong_period", told, "period")
    if period.last >= now:
        ends = {"period": str(period), "ends": period.last.isoformat(), "today": now.isoformat()}
        deed.refuse("figure.period_not_over", ends, "period")
    _refuse_closed(deed, int(owner.pk), period)
    return period


def _refuse_closed(deed: Deed, owner: int, period: Period) -> None:
    """Refuse a period that lies in a closed one of who keeps the figure or of a coordination body.

    Whoever reports need not see who closed it.
    """
    with as_system("looking for closed periods"):
        rows = ClosedPeriod.objects.filter(opened_on=None, first_on__lte=period.first, last_on__gte=period.last)
        closed = rows.filter(Q(owner=owner) | Q(owner__kind="coordination")).order_by("-last_on").first()
    if closed is not None:
        deed.refuse("ledger.period_closed", {"period": closed.period, "on": str(closed.closed_on)}, "period")


def _amount(deed: Deed, definition: Definition | None, value: str | Decimal, unit: str) -> Amount | None:
    """Return a value in the unit of its indicator; note that it is no number, too long, or in a wrong unit."""
    number = _number(deed, value)
    wanted = definition.unit if definition else ""
    given = unit_code(unit, wanted) or wanted
    try:
        measures(given)
        converted = convert(number if number is not None else Decimal(1), given, wanted) if wanted else Decimal(1)
    except BridgeheadError as refused:
        if refused.code == "unit.unknown":
            deed.refuse("unit.unknown", {"unit": unit}, "unit")
        else:
            name = definition.name if definition else ""
            told = {"unit": unit_name(given), "wanted": unit_name(wanted), "indicator": name}
            deed.refuse("figure.wrong_unit", told, "unit")
        return None
    if number is None:
        return None
    exponent = converted.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        converted = round(converted, DECIMALS)
    return Amount(converted, number, given)


def _number(deed: Deed, value: str | Decimal) -> Decimal | None:
    typed = str(value).strip()
    if not typed:
        deed.refuse("form.missing", None, "value")
        return None
    try:
        number = parse_decimal(typed)
    except CellFault:
        deed.refuse("figure.not_a_number", {"value": typed[:60]}, "value")
        return None
    plain = f"{number:f}".lstrip("-")
    if len(plain.replace(".", "").strip("0")) > MOST_DIGITS or len(plain.partition(".")[2].rstrip("0")) > DECIMALS:
        deed.refuse("figure.too_many_digits", {"value": typed[:60]}, "value")
        return None
    if abs(number) >= Decimal(10) ** MOST_DIGITS:
        deed.refuse("figure.too_many_digits", {"value": typed[:60]}, "value")
        return None
    return number


def _check_place(deed: Deed, place: str) -> None:
    if place and current().region.kind_of(place) not in ("places", "ports"):
        deed.refuse("figure.unknown_place", {"place": place[:60]}, "place")


def _told(deed: Deed, source: str, source_on: date | None, standing: str, note: str) -> dict[str, object]:
    """Return what a figure rests on; note everything that is wrong with it."""
    if standing not in STANDINGS:
        allowed = [wording.standing_label(one, language()) for one in STANDINGS]
        deed.refuse("figure.unknown_standing", {"standing": standing[:40], "allowed": allowed}, "standing")
    if source_on is not None and source_on > today(deed):
        deed.refuse("figure.source_in_future", {"day": source_on.isoformat()}, "source_on")
    return {
        "source": needed(deed, source, "source", LONGEST_SOURCE),
        "source_on": source_on,
        "standing": standing,
        "note": fitting(deed, note, "note"),
    }


def _refuse_second(deed: Deed, definition: Definition, period: Period, **same: object) -> None:
    """Refuse a second figure of the same organisation and source, which would be a revision of the first."""
    there = Figure.objects.filter(ended_at=None, indicator=definition.id, period=str(period), **same).first()
    if there is not None:
        told = {
            "indicator": definition.name,
            "period": str(period),
            "value": wording.measured_words(there.given, there.given_unit, language()),
        }
        deed.refuse("figure.already_there", told, "source")


def _refuse_past(deed: Deed, record: Figure) -> None:
    if record.ended_at is not None:
        deed.refuse("figure.is_past")


def _is_published(record: Figure) -> bool:
    """Tell whether the region's table has a value for the period, too."""
    if record.place:
        return False
    return any(
        one.value is not None and one.period is not None and str(one.period) == record.period
        for one in indicators().published.get(record.indicator, ())
    )
