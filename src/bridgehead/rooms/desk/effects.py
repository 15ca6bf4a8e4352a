"""What a move of a case does beyond the case, by the name the table gives it: what is asked for it, and how it is made.

All of it happens in the transaction of the move: where something is wrong with it, the case does not move either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from bridgehead.engines.cases.machine import Effect, Role
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.ground.told import today
from bridgehead.rooms.desk.actions.news import NewsTold, item_of, release_item
from bridgehead.rooms.desk.actions.training_places import PlacesTold, find_seats, give_seats
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.tags import country_name

Told = PlacesTold | NewsTold
"""What somebody says of an effect."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An effect that waits for its move: its day, None where something was wrong with it, and what makes it."""

    day: date | None
    make: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Handler:
    """How an effect comes about.

    Attributes
    ----------
    values : callable
        What stands in its fields at first, by field: what the firm filled in, and nothing where it was not asked.
    read : callable
        Reads what was sent.
    prepare : callable
        Notes whatever is wrong with what was told, of nothing that all is missing; returns what makes it.
    """

    values: Callable[[Case], Mapping[str, str]]
    read: Callable[[Sent], Told]
    prepare: Callable[[Deed, Case, Told | None], Prepared]


def _places_values(case: Case) -> Mapping[str, str]:
    return {"session": "", "names": str(case.form.get("participant", ""))}


def _read_places(sent: Sent) -> Told:
    return PlacesTold(sent.number("session"), sent.text("names"))


def _prepare_places(deed: Deed, case: Case, told: Told | None) -> Prepared:
    session, names = find_seats(deed, case.owner_id, told if isinstance(told, PlacesTold) else PlacesTold())
    if session is None:
        return Prepared(None, list)
    day = timezone.localdate(session.starts_at) if session.starts_at > deed.at else None
    return Prepared(day, lambda: give_seats(deed, case, session, names))


def _news_values(case: Case) -> Mapping[str, str]:
    form = case.form
    country = str(form.get("country_about", ""))
    return {
        "source_on": "",
        "expires_on": str(form.get("news_expires", "")),
        "goods": str(form.get("product_about", "")),
        "countries": country_name(country) if country else "",
    }


def _read_news(sent: Sent) -> Told:
    return NewsTold({}, "", sent.day("source_on"), sent.day("expires_on"), sent.text("goods"), sent.text("countries"))


def _prepare_news(deed: Deed, case: Case, told: Told | None) -> Prepared:
    # Whoever releases it changes no word of it: what it says is what the firm handed in.
    texts = {"title": {"zh": case.title}, "text": {"zh": str(case.form.get("news_text", ""))}}
    said = told if isinstance(told, NewsTold) else NewsTold({}, "", None, None)
    said = replace(said, texts=texts, source=str(case.form.get("news_source", "")))
    item = item_of(deed, case, said, _editor(deed, case))
    ahead = said.expires_on is not None and said.expires_on > today(deed)
    return Prepared(said.expires_on if ahead else None, lambda: release_item(deed, case, item))


def _editor(deed: Deed, case: Case) -> int | None:
    """Return who of the offices worked on a case last, but for who acts now; None for nobody."""
    with as_system("looking who edited what a firm handed in"):
        rows = CaseEvent.objects.filter(case=case, kind=CaseEvent.Kind.MOVED, role__in=(Role.OFFICER, Role.HEAD))
        people = rows.order_by("-number").values_list("person_id", flat=True)
        return next((one for one in people if one not in (None, deed.by.person_id)), None)


EFFECTS: Mapping[Effect, Handler] = {
    Effect.TRAINING_PLACE: Handler(_places_values, _read_places, _prepare_places),
    Effect.NEWS_ITEM: Handler(_news_values, _read_news, _prepare_news),
}
"""Every effect a table can name."""
