"""The register of programmes on a day that is past: what was known at its end, with the money of papers up to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.programmes import change_programme, end_programme
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import opened, paid, said
from tests.rooms.ledger.test_tasks_as_of import DAY, Time, time

pytestmark = pytest.mark.django_db
__all__ = ["time"]


@pytest.mark.article(74)
def test_the_register_is_as_it_was_known_on_a_day(
    world: LedgerWorld, time: Time, browser: Callable[[Person], Client]
) -> None:
    by, first = seen_as(world.commerce_officer), today()
    top = opened(world, code="top", next_due_on=first + 2 * DAY)
    part = opened(world, code="part", parent=top.pk, next_due_on=first + 60 * DAY)
    paid(world, part, "appropriation", "100")
    then = time.on(5)
    paid(world, part, "payment", "150")
    told = said("exhibition", name_zh="新名称", next_due_on=first + 90 * DAY, office=world.transport.pk)
    top.refresh_from_db()
    top = change_programme(by=by, programme=top.pk, version=top.version, said=told)
    opened(world, code="later")
    time.on(1)
    part.refresh_from_db()
    end_programme(by=by, programme=part.pk, version=part.version, state="stopped", why="不办了")
    time.on(1)
    client, before = browser(world.commerce_officer), then - DAY

    def listed(on: date, query: str = "") -> tuple[Any, ...]:
        found = client.get(f"/api/programmes?on={on}&{query}").json()
        names = ("code", "name_zh", "office", "late", "state", "over_budget")
        counts = tuple(found[name] for name in ("running", "overdue", "over_budget", "total"))
        rows = [(*(one[name] for name in names), float(one["payment"])) for one in found["programmes"]]
        return counts, rows, [(float(one["funds"]), float(one["payment"])) for one in found["money_by"]]

    was = [
        ("top", "向北开放洽谈会", "commerce", True, "running", False, 0.0),
        ("part", "向北开放洽谈会", "commerce", False, "running", False, 0.0),
    ]
    assert listed(before) == ((2, 1, 0, 2), was, [(100.0, 0.0)])
    assert listed(before, "only=late")[1] == listed(before, "kind=exhibition")[1][:1] == was[:1]
    assert listed(before, f"organisation={world.transport.pk}")[1] == []
    assert listed(first - DAY) == ((0, 0, 0, 0), [], [])
    counts, rows, money = listed(then)
    assert (counts, money) == ((3, 0, 2, 3), [(100.0, 150.0)])
    assert [one[:3] for one in rows if one[0] == "top"] == [("top", "新名称", "transport")]
    assert {one[0]: one[4] for one in listed(today())[1]} == {"top": "running", "part": "stopped", "later": "running"}
    # What was known on a day and what is there today are told alike where nothing changed since.
    assert listed(today() - DAY) == listed(today())
    page = client.get(f"/programmes/?on={before}").content.decode().split("<main", 1)[1]
    assert f'value="{before}"' in page
    assert f'/?on={before}">向北开放洽谈会</a>' in page
    assert "新名称" not in page
    assert "later" not in page
    table = client.get(f"/programmes.csv?on={before}").content.decode()
    assert "新名称" not in table
    assert table.count("向北开放洽谈会") == 2
    assert client.get(f"/programmes.docx?on={before}").status_code == 200
    for address in ("/programmes/", "/programmes.csv", "/programmes.docx", "/api/programmes"):
        assert client.get(f"{address}?on=yesterday").status_code == 422, address
