"""What figures put on the days of the calendar: by when the periods of indicators are to be reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bridgehead.ground.access.grants import today
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.falling import Between, Coming
from bridgehead.rooms.ledger.figure_words import period_words
from bridgehead.rooms.ledger.indicators import Definition
from bridgehead.rooms.ledger.selectors.figures_owed import (
    MOST_CHIPS,
    asked_for,
    due_of,
    form_address,
    reporting,
    unreported,
)
from bridgehead.rooms.ledger.who import named

DAY = timedelta(days=1)


def figure_days(asked: Between) -> Iterator[Coming]:
    """Yield by when bodies are to report, one entry a body, period and day; what was reported is not owed.

    Articles: 79
    """
    bodies = {one.code: one for one in reporting(asked.viewer)}
    wanted = [
        (definition, bodies[definition.body].pk, period)
        for definition in asked_for(bodies)
        for period in _due_between(definition, asked.first, asked.last)
    ]
    grouped: dict[tuple[date, str, Period], list[Definition]] = {}
    for definition, _pk, period in unreported(asked.viewer, wanted, today()):
        grouped.setdefault((due_of(definition, period), definition.body, period), []).append(definition)
    for (due_on, code, period), found in grouped.items():
        told = {"n": len(found), "period": period_words(period), "name": found[0].name}
        alone = len(found) == 1
        title = _("报 %(period)s的%(name)s") % told if alone else _("报 %(period)s的 %(n)s 项数据") % told
        address = form_address(found[0].id, period) if alone else reverse("ledger:figures-owed")
        numbers = tuple(sorted({number for one in found for number in one.articles}))[:MOST_CHIPS]
        yield Coming(due_on, title, named(bodies[code]), address, numbers, "figure")


def _due_between(definition: Definition, first: date, last: date) -> Iterator[Period]:
    """Yield the periods of an indicator whose figure is due between two days, the latest first."""
    one = Period.of(definition.least, last)
    while one.last >= definition.valid_from and one.first.year >= 2000:
        due_on = due_of(definition, one)
        if due_on < first:
            return
        if due_on <= last:
            yield one
        one = Period.of(definition.least, one.first - DAY)
