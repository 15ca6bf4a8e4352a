"""The demonstration of programmes: different kinds, marked, the same twice, and gone when it is wiped."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.demonstration.registry import fill, wipe
from bridgehead.ground.models import JournalEntry, Person, StoredFile
from bridgehead.ground.people.memberships import enrol
from bridgehead.ground.region import current
from bridgehead.rooms.ledger import programme_demonstration
from bridgehead.rooms.ledger.actions.programmes import change_programme, open_programme
from bridgehead.rooms.ledger.actions.programmes_money import enter_money
from bridgehead.rooms.ledger.actions.programmes_parts import add_party
from bridgehead.rooms.ledger.models import (
    Programme,
    ProgrammeArticle,
    ProgrammeItem,
    ProgrammeMoney,
    ProgrammeParty,
    ProgrammeTotal,
    StageMove,
)
from bridgehead.rooms.ledger.programme_demonstration import PROGRAMMES
from bridgehead.rooms.ledger.selectors.programme import programme_page
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import opened, paid, said

pytestmark = pytest.mark.django_db
BY = system("tests")
MODELS = (Programme, ProgrammeArticle, ProgrammeItem, ProgrammeMoney, ProgrammeParty, ProgrammeTotal, StageMove)


@pytest.fixture(autouse=True)
def _reading_all() -> Iterator[None]:
    with as_system("tests"):
        yield


def counted() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in (*MODELS, StoredFile)}


def there(key: str) -> Programme:
    return Programme.objects.get(code=f"demonstration-{key}")


def test_it_shows_programmes_of_different_kinds_and_goes_again() -> None:
    region, before = current().region, counted()
    fill(region)
    shown = list(Programme.objects.all())
    assert len(shown) == len(PROGRAMMES)
    assert len({one.kind for one in shown}) >= 4
    for one in shown:
        assert MARK_ZH in one.name_zh
        assert "(demonstration)" in one.name_en
        assert MARK_ZH in one.source
        assert (one.next_step, one.next_due_on) != ("", None)
    words = [
        *ProgrammeParty.objects.values_list("name", flat=True),
        *ProgrammeItem.objects.values_list("title", flat=True),
    ]
    words += [
        *ProgrammeMoney.objects.values_list("source", flat=True),
        *StageMove.objects.values_list("evidence", flat=True),
    ]
    assert words
    assert all(MARK_ZH in one for one in words)
    assert {one.state for one in StageMove.objects.all()} == {"proposed", "accepted", "returned"}
    for move in StageMove.objects.filter(state="accepted"):
        assert move.decided_by is not None
        assert move.decided_by != move.proposed_by
    assert there("link-road").stage == "construction"
    assert (there("link-bridge").parent, there("link-bridge").total.over) == (there("link-road"), True)
    assert [there(key).total.over for key in ("link-road", "fair")] == [False, False]
    steps = programme_page(BY, there("council").pk).steps
    assert [step.confirmed for step in steps][-2:] == [False, True], "entered at a later stage, and moved on since"
    filled, entries = counted(), JournalEntry.objects.count()
    assert not fill(region).made
    assert (counted(), JournalEntry.objects.count()) == (filled, entries)
    assert wipe(region).made["closed"] == 0
    assert counted() == before
    assert not wipe(region).made["removed"]


def test_a_programme_that_real_work_rests_on_is_ended_with_what_it_is_a_part_of() -> None:
    region = current().region
    fill(region)
    real = seen_as(
        enrol(by=BY, organisation=there("fair").owner_id, login="real", name="真人", role="coordination").person
    )
    add_party(by=real, programme=there("link-bridge").pk, role="contractor", name="真的承建方")
    given = {"kind": "transfer", "amount": "10", "year": 2026, "on": there("site").source_on, "source": "批复"}
    taken = open_programme(by=real, organisation=there("site").owner_id, kind="exhibition", said=said("exhibition"))
    enter_money(by=real, programme=taken.pk, giver=there("site").pk, **given)
    wipe(region)
    left = {one.code: one.state for one in Programme.objects.filter(code__startswith="demonstration-")}
    assert left == {f"demonstration-{key}": "stopped" for key in ("link-bridge", "link-road", "site")}
    assert not Person.objects.filter(demo=True, is_active=True).exists()


def test_what_was_made_a_part_of_a_real_programme_takes_its_money_along(world: LedgerWorld) -> None:
    region = current().region
    fill(region, beside_real_data=True)
    top, fair = opened(world), there("fair")
    paid(world, top, "appropriation", "100")
    kept = {"name_zh": fair.name_zh, "office": fair.office_id, "parent": top.pk, "next_due_on": fair.next_due_on}
    change_programme(by=BY, programme=fair.pk, version=fair.version, said=said("exhibition", **kept))
    assert ProgrammeTotal.objects.get(programme=top).funds == 3_000_100
    wipe(region)
    total = ProgrammeTotal.objects.get(programme=top)
    assert (total.funds, total.payment) == (100, 0)
    assert all(Decimal(one["payment"]) == 0 for one in total.years.values())


def test_a_region_without_a_kind_has_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = programme_demonstration.kinds()
    monkeypatch.setattr(programme_demonstration, "kinds", lambda: {"exhibition": known["exhibition"]})
    fill(current().region)
    assert [one.kind for one in Programme.objects.all()] == ["exhibition"]
