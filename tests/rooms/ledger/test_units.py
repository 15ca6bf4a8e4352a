"""Units of figures as people write them: chosen by name in forms, read by name in actions and imports."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.evidence import Told, draft_evidence
from bridgehead.rooms.ledger.actions.figures import enter_figure
from bridgehead.rooms.ledger.actions.goals import set_target
from bridgehead.rooms.ledger.importers.figures import tidy_figure
from bridgehead.rooms.ledger.models import Evidence, Task
from bridgehead.rooms.ledger.units import known, unit_choices, unit_code
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.duties import make
from tests.rooms.ledger.test_duty_pages import fields_of


def with_target(world: LedgerWorld) -> Task:
    """Return a task that is to bring the freight of the ports, kept by ten thousand tonnes, to 145 million tonnes."""
    task = make(world)
    freight = {"indicator": "port_freight", "baseline": Decimal(13200), "goal": Decimal(14500)}
    set_target(by=seen_as(world.coordinator), task=task.pk, unit="万吨", **freight)  # type: ignore[arg-type]
    return task


def test_a_unit_is_meant_by_its_name_in_either_language_or_by_its_code() -> None:
    told = {"万吨": "10^4 t", "吨": "t", "元": "CNY", "亿元": "10^8 CNY", "10,000 t": "10^4 t", " 10^4  t ": "10^4 t"}
    assert {written: unit_code(written) for written in told} == told
    assert unit_code("CNY 100 million") == "10^8 CNY"
    assert unit_code("万标箱") == "10^4 TEU"
    assert unit_code("个", "items") == "count", "the one of the name that converts into what is wanted"
    assert unit_code("个", "units") == "units"
    assert unit_code("担") == "担", "what nobody knows stays, and is told as it was written"


def test_every_unit_that_is_offered_has_a_name_and_is_read_by_it() -> None:
    for code in ("zh-hans", "en"):
        with override(code):
            for unit, name in unit_choices(known()):
                assert unit_code(name, unit) in known(), (code, unit, name)
    with override("zh-hans"):
        nameless = [unit for unit, name in unit_choices(known()) if unit == name]
    assert set(nameless) <= {"TEU", "%", "‰", "ratio", "index"}, nameless


def test_the_form_of_evidence_offers_units_by_name_that_of_the_target_first(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    task = with_target(world)
    officer, here = browser(world.commerce_officer), f"/ledger/tasks/{task.pk}/"
    page = officer.get(here).content.decode()
    field = re.search(r'<select id="evidence-unit".*?</select>', page, re.S)
    assert field
    offered = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)</option>', field[0])
    assert offered[0] == ("10^4 t", "万吨")
    assert ("t", "吨") in offered
    assert "CNY" not in dict(offered), "money is no freight"
    english = officer.get(f"/en{here}").content.decode()
    assert ">10,000 t</option>" in english


@pytest.mark.parametrize("unit", ["万吨", "10,000 t", "10^4 t"])
def test_evidence_is_taken_in_a_unit_by_its_name(
    world: LedgerWorld, browser: Callable[[Person], Client], unit: str
) -> None:
    task = with_target(world)
    target = task.targets.get()
    officer, here = browser(world.commerce_officer), f"/ledger/tasks/{task.pk}/"
    told = {
        **fields_of(officer.get(here).content.decode(), "evidence"),
        "claim": "已到一亿三千五百万吨",
        "issuer": "商务厅",
        "dated_on": str(today()),
        "part": f"t{target.pk}",
        "value": "13500",
        "unit": unit,
        "as_of": str(today()),
    }
    assert officer.post(here, told).status_code == 302
    row = Evidence.objects.get(claim="已到一亿三千五百万吨")
    assert (row.value, row.unit) == (13500, "10^4 t")


def test_a_refused_unit_is_told_by_its_name(world: LedgerWorld) -> None:
    task = with_target(world)
    by = seen_as(world.commerce_officer)
    told = Told("x", "y", today(), target=task.targets.get().pk, value=Decimal(5), unit="元", as_of=today())
    with pytest.raises(BridgeheadError) as refused:
        draft_evidence(by=by, task=task.pk, organisation=world.commerce.pk, told=told)
    assert (refused.value.code, refused.value.parameters) == ("unit.other_kind", {"unit": "元", "wanted": "万吨"})


def test_a_figure_is_entered_and_imported_in_a_unit_by_its_name(world: LedgerWorld) -> None:
    given = {"indicator": "port_freight", "period": f"{today().year - 1}-03", "source": "月报"}
    made = enter_figure(
        by=seen_as(world.commerce_officer), organisation=world.commerce.pk, value="11200000", unit="吨", **given
    )
    assert (made.value, made.unit, made.given, made.given_unit) == (1120, "10^4 t", 11200000, "t")
    row = tidy_figure({**given, "unit": "万吨", "standing": None})
    assert row["unit"] == "10^4 t", "so that a table that says 万吨 changes nothing that is kept as 10^4 t"
