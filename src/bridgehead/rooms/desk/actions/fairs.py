"""Actions on fairs: an office announces them, firms sign up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Fair, FairEntry
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import country_of, read_goods
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import ASK, OFFER

LIMITS = {"title": 120, "gist": 1_000, "place": 200, "organiser": 200, "cost": 300}
LONGEST_SOURCE, LONGEST_BRINGS, LONGEST_CONTACT = 300, 500, 200
MOST_FIRMS = 5_000
State = FairEntry.State


@dataclass(frozen=True, slots=True)
class FairTold:
    """What an office says of a fair; see `Fair`."""

    texts: Texts
    country: str
    starts_on: date | None
    ends_on: date | None
    deadline: date | None
    source: str
    source_on: date | None
    capacity: int | None = None
    goods: str = ""


@action("fair.announce", permission=OFFER)
def announce_fair(deed: Deed, *, owner: int, told: FairTold) -> Fair:
    """Announce a fair: everybody sees it, firms sign up until its deadline.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``service.no_such_goods``, ``service.no_such_country``,
        ``promotion.days_out_of_order``, ``promotion.deadline_past``, ``promotion.bad_capacity``.

    Articles: 51
    """
    deed.require_in(owner)
    columns = _columns(deed, told)
    if told.deadline is not None and told.deadline < today(deed):
        deed.refuse("promotion.deadline_past", {"day": str(told.deadline)}, "deadline")
    deed.check()
    return deed.create(Fair(owner_id=owner, **columns))


@action("fair.change", permission=OFFER)
def change_fair(deed: Deed, *, fair: int, version: int, told: FairTold) -> Fair:
    """Change a fair; where its days or its place change, the firms that go there are told.

    Raises
    ------
    BridgeheadError
        Those of `announce_fair`, ``promotion.cancelled``, ``promotion.less_room``.

    Articles: 51
    """
    row = _planned(deed, fair, version)
    columns = _columns(deed, told)
    taken = row.entries.filter(state=State.TAKEN).count()
    if told.capacity is not None and told.capacity < taken:
        deed.refuse("promotion.less_room", {"taken": taken}, "capacity")
    deed.check()
    before = (row.starts_on, row.ends_on, row.texts.get("place"))
    row = deed.change(row, **columns)
    if (row.starts_on, row.ends_on, row.texts.get("place")) != before:
        _tell(deed, row, "fair_changed")
    _fill_up(deed, row)
    return row


@action("fair.cancel", permission=OFFER)
def cancel_fair(deed: Deed, *, fair: int, version: int) -> Fair:
    """Cancel a fair, with a reason; the firms that go there or wait are told.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``promotion.cancelled``.
    """
    row = _planned(deed, fair, version)
    reason = give_reason(deed)
    deed.check()
    row = deed.change(row, state=Fair.State.CANCELLED, reason=reason)
    _tell(deed, row, "fair_cancelled")
    return row


@action("fair.sign_up", permission=ASK)
def sign_up_for_fair(deed: Deed, *, fair: int, firm: int, brings: str, contact: str) -> FairEntry:
    """Sign a firm up for a fair; where there is no room, it waits.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``promotion.cancelled``, ``promotion.deadline_past``,
        ``promotion.signed_up_already``.

    Articles: 51
    """
    deed.require_in(firm)
    row = deed.lock(Fair, fair)
    said = needed(deed, brings, "brings", LONGEST_BRINGS)
    how = needed(deed, contact, "contact", LONGEST_CONTACT)
    if row.state == Fair.State.CANCELLED:
        deed.refuse("promotion.cancelled", {})
    elif row.deadline < today(deed):
        deed.refuse("promotion.deadline_past", {"day": str(row.deadline)})
    with as_system("signing up for a fair"):
        going = row.entries.exclude(state=State.GIVEN_UP)
        if going.filter(owner=firm).exists():
            deed.refuse("promotion.signed_up_already", {})
        deed.check()
        full = row.capacity is not None and going.filter(state=State.TAKEN).count() >= row.capacity
        entry = FairEntry(fair=row, owner_id=firm, office_id=row.owner_id, brings=said, contact=how, signed_at=deed.at)
        entry.state = State.WAITING if full else State.TAKEN
        return deed.create(entry)


@action("fair.give_up", permission=ASK)
def give_up_fair(deed: Deed, *, entry: int, version: int) -> FairEntry:
    """Say that a firm does not go to a fair; the room goes to who waits longest.

    Raises
    ------
    BridgeheadError
        ``promotion.given_up``, ``promotion.begun``.
    """
    row = deed.lock(FairEntry, entry, version)
    deed.require_in(row.owner_id)
    fair = deed.lock(Fair, row.fair_id)
    if row.state == State.GIVEN_UP:
        deed.refuse("promotion.given_up", {})
    elif fair.starts_on <= today(deed):
        deed.refuse("promotion.begun", {})
    deed.check()
    row = deed.change(row, state=State.GIVEN_UP)
    if fair.state == Fair.State.PLANNED:
        _fill_up(deed, fair)
    return row


def _fill_up(deed: Deed, fair: Fair) -> None:
    with as_system("filling a fair up"):
        waiting = fair.entries.select_for_update().filter(state=State.WAITING)
        free = None if fair.capacity is None else fair.capacity - fair.entries.filter(state=State.TAKEN).count()
        for one in waiting if free is None else waiting[: max(free, 0)]:
            deed.change(one, state=State.TAKEN)
            _tell(deed, fair, "fair_room", only=one)


def _tell(deed: Deed, fair: Fair, kind: str, only: FairEntry | None = None) -> None:
    with as_system("telling firms that go to a fair"):
        rows = [only] if only else list(fair.entries.exclude(state=State.GIVEN_UP))
        for one in rows:
            words = {"title": fair.texts["title"], "day": fair.starts_on}
            notify(deed, firm=one.owner_id, kind=kind, about=("desk:fair", {"fair": fair.pk}), words=words)


def _planned(deed: Deed, fair: int, version: int) -> Fair:
    row = deed.lock(Fair, fair, version)
    deed.require_in(row.owner_id)
    if row.state != Fair.State.PLANNED:
        deed.refuse("promotion.cancelled", {})
    return row


def _columns(deed: Deed, told: FairTold) -> dict[str, object]:
    texts = checked(deed, told.texts, LIMITS, must=("title", "place", "organiser"))
    source = needed(deed, told.source, "source", LONGEST_SOURCE)
    days = {name: getattr(told, name) for name in ("starts_on", "ends_on", "deadline", "source_on")}
    for field, value in days.items():
        if value is None:
            deed.refuse("form.missing", {}, field)
    if told.starts_on and told.ends_on and told.ends_on < told.starts_on:
        deed.refuse("promotion.days_out_of_order", {}, "ends_on")
    if told.deadline and told.ends_on and told.deadline > told.ends_on:
        deed.refuse("promotion.days_out_of_order", {}, "deadline")
    if told.capacity is not None and not 1 <= told.capacity <= MOST_FIRMS:
        deed.refuse("promotion.bad_capacity", {"most": MOST_FIRMS}, "capacity")
    country = ""
    try:
        country = country_of(needed(deed, told.country, "country", 60) or "CN")
    except BridgeheadError as refused:
        deed.refuse(refused.code, refused.parameters, "country")
    goods = read_goods(deed, told.goods)
    return {"texts": texts, "country": country, "goods": goods, "source": source, "capacity": told.capacity, **days}
