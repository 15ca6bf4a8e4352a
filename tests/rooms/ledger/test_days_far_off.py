"""Days at either end of all dates: asked for in an address, or set as the day by which something is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.tasks import give_task
from tests.ledger import LedgerWorld, seen_as

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_there_is_break_no_page(world: LedgerWorld, browser: Browser, on: str) -> None:
    told = {"owner": world.office.pk, "lead": world.commerce.pk, "title": "长期坚持"}
    task = give_task(by=seen_as(world.coordinator), due_on=date(9999, 12, 31), **told)
    signed_in = browser(world.coordinator)
    task_pages = (reverse("ledger:task", args=[task.pk]), f"/api/ledger/tasks/{task.pk}")
    pages = [reverse(f"ledger:{name}") for name in ("board", "duties", "meetings", "problems", "requests", "pace")]
    pages += [reverse("ledger:figures-owed"), "/api/figures/owed", reverse("ledger:body", args=["commerce"])]
    for page in (*pages, *task_pages):
        assert signed_in.get(page).status_code == 200, page
        answered = signed_in.get(page, {"on": on}).status_code
        assert answered == 200 or (page in task_pages and answered < 500), page
    assert signed_in.get(reverse("ledger:morning")).status_code == 200
    assert signed_in.get(reverse("ledger:calendar"), {"month": on[:7]}).status_code < 500
