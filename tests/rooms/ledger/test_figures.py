"""Figures: who enters them, what is refused, what stays; and what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry
from bridgehead.ground.region import serving
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.ledger.actions.figures import choose_figure, enter_figure, revise_figure, withdraw_figure
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import ClosedPeriod, Figure
from bridgehead.rooms.ledger.selectors.figures import Reckoner, value_of
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.figures import entered, make

JANUARY = Period.read("2025-01")
SECOND_REGION = Path(__file__).parents[2] / "second_region"

Read = Callable[..., Any]


def refused(work: Callable[[], object]) -> list[tuple[str, str | None]]:
    """Return the codes and fields of what a piece of work refuses."""
    with pytest.raises(BridgeheadError) as error:
        work()
    return [(one.code, one.place.field) for one in error.value.faults]


@pytest.mark.article(79)
def test_everything_wrong_with_a_figure_is_said_at_once(world: LedgerWorld) -> None:
    ahead = timezone.localdate() + timedelta(days=400)
    found = refused(
        lambda: entered(
            world,
            period=f"{ahead:%Y-%m}",
            value="1,100",
            unit="trains",
            source=" ",
            standing="rumour",
            place="atlantis",
            source_on=ahead,
        )
    )
    assert set(found) == {
        ("figure.period_not_over", "period"),
        ("figure.wrong_unit", "unit"),
        ("figure.not_a_number", "value"),
        ("figure.unknown_place", "place"),
        ("form.missing", "source"),
        ("figure.unknown_standing", "standing"),
        ("figure.source_in_future", "source_on"),
    }
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"indicator": "rainfall"}, "figure.unknown_indicator"),
        ({"period": "last spring"}, "period.unreadable"),
        ({"period": "2025-01-15"}, "figure.wrong_period"),
        ({"period": "2025-03..05"}, "figure.wrong_period"),
        ({"indicator": "hub_throughput", "period": "2025-02"}, "figure.wrong_period"),
        ({"indicator": "hub_throughput", "period": "2025-01..05"}, "figure.wrong_period"),
        ({"unit": "stone"}, "unit.unknown"),
        ({"value": ""}, "form.missing"),
        ({"value": "NaN"}, "figure.not_a_number"),
        ({"value": "1e300"}, "figure.too_many_digits"),
        ({"value": "0.12345678901"}, "figure.too_many_digits"),
        ({"note": "长" * 501}, "form.text_too_long"),
        ({"standing": "model"}, "figure.unknown_standing"),
    ],
)
def test_a_figure_that_cannot_be_so_is_refused(world: LedgerWorld, said: dict[str, str], code: str) -> None:
    assert [one for one, _ in refused(lambda: entered(world, **said))] == [code]


def test_the_sentence_of_a_wrong_unit_names_the_wanted_one(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as error:
        entered(world, unit="persons")
    assert error.value.faults[0].parameters["wanted"] == "万吨"


@pytest.mark.parametrize(
    ("tongue", "allowed"),
    [("zh-hans", "实测、报告、推算、估计"), ("en", "measured, reported, derived, estimate")],
)
def test_the_sentence_of_a_wrong_standing_names_those_of_the_form(
    world: LedgerWorld, tongue: str, allowed: str
) -> None:
    with override(tongue), pytest.raises(BridgeheadError) as error:
        entered(world, standing="rumour")
    assert allowed in sentence(error.value.faults[0], tongue).cure


def test_a_total_since_january_and_longer_periods_are_taken(world: LedgerWorld) -> None:
    for period in ("2025-01..11", "2025Q1", "2025H1", "2024"):
        assert entered(world, period=period).period == period


def test_a_value_in_another_unit_is_converted_and_both_are_kept(world: LedgerWorld, seen_by: Read) -> None:
    figure = entered(world, value="11234567.5", unit="t")
    assert (figure.value, figure.unit) == (Decimal("1123.45675"), "10^4 t")
    assert (figure.given, figure.given_unit) == (Decimal("11234567.5"), "t")
    found = seen_by(world.commerce_officer, value_of, "port_freight", JANUARY)
    assert (found.value, found.how, found.standing) == (Decimal("1123.45675"), "entered", Standing.REPORTED)


def test_only_an_organisations_own_people_enter_its_figures(world: LedgerWorld) -> None:
    told = {"indicator": "port_freight", "period": "2025-01", "value": "1", "unit": "t", "source": "x"}
    for person, office in (
        (world.customs_officer, world.commerce),
        (world.deputy, world.commerce),
        (world.coordinator, world.commerce),
    ):
        found = refused(lambda p=person, o=office: enter_figure(by=seen_as(p), organisation=o.pk, **told))  # type: ignore[misc]
        assert found == [("action.not_allowed", None)]
    figure = entered(world)
    found = refused(
        lambda: revise_figure(
            by=seen_as(world.customs_officer), figure=figure.pk, version=1, value="2", unit="t", source="x"
        )
    )
    assert found[0][0] in ("action.no_such_record", "action.not_allowed")


@pytest.mark.article(79)
def test_a_closed_period_takes_nothing(world: LedgerWorld) -> None:
    figure = entered(world)
    with as_system("tests"):
        ClosedPeriod.objects.create(
            owner=world.office,
            period="2025Q1",
            first_on=date(2025, 1, 1),
            last_on=date(2025, 3, 31),
            closed_on=date(2025, 4, 20),
        )
    officer = seen_as(world.commerce_officer)
    for work in (
        lambda: entered(world, period="2025-02"),
        lambda: revise_figure(by=officer, figure=figure.pk, version=1, value="7", unit="10^4 t", source="口岸月报"),
        lambda: withdraw_figure(by=officer, figure=figure.pk, version=1, reason="重复"),
    ):
        assert refused(work) == [("ledger.period_closed", "period")]
    entered(world, period="2025-04")
    entered(world, period="2025H1")  # only its first quarter is closed


def test_revisions_are_kept_and_the_journal_says_why(world: LedgerWorld, seen_by: Read) -> None:
    first = entered(world)
    officer = seen_as(world.commerce_officer)
    told: dict[str, Any] = {"unit": "10^4 t", "source": "口岸月报"}
    assert refused(lambda: revise_figure(by=officer, figure=first.pk, version=1, value="1100", **told)) == [
        ("figure.nothing_changed", "value")
    ]
    assert refused(lambda: entered(world, value="1200")) == [("figure.already_there", "source")]
    second = revise_figure(by=officer, figure=first.pk, version=1, value="1120", reason="补报", **told)
    first.refresh_from_db()
    assert first.ended_at == second.entered_at
    assert (first.value, second.value, second.replaces_id) == (1100, 1120, first.pk)
    assert refused(lambda: revise_figure(by=officer, figure=first.pk, version=2, value="9", **told)) == [
        ("figure.is_past", None)
    ]
    withdraw = refused(lambda: withdraw_figure(by=officer, figure=second.pk, version=1))
    assert withdraw == [("form.missing", "reason")]
    withdraw_figure(by=officer, figure=second.pk, version=1, reason="报错了月份")
    assert seen_by(world.commerce_officer, value_of, "port_freight", JANUARY).value is None
    with as_system("tests"):
        said = JournalEntry.objects.filter(record_kind="figure").values_list("action", "reason")
    assert set(said) == {("figure.enter", ""), ("figure.revise", "补报"), ("figure.withdraw", "报错了月份")}
    assert Figure.objects.count() == 2


@pytest.mark.article(5, 79)
def test_conflicting_reports_stand_side_by_side_and_one_may_count(world: LedgerWorld, seen_by: Read) -> None:
    make(world)
    found = seen_by(world.coordinator, value_of, "port_freight", Period.read("2026-01"))
    assert [(one.value, one.counts) for one in found.reports] == [(Decimal(1120), True), (Decimal(1115), False)]
    assert (found.value, found.spread, found.differs) == (1120, 5, True)
    customs = Figure.objects.get(office=world.customs)
    coordinator = seen_as(world.coordinator)
    told: dict[str, Any] = {"figure": customs.pk, "version": customs.version}
    assert refused(lambda: choose_figure(by=coordinator, **told)) == [("form.missing", "reason")]
    assert refused(lambda: choose_figure(by=seen_as(world.customs_officer), reason="x", **told)) == [
        ("action.not_allowed", None)
    ]
    choose_figure(by=coordinator, reason="以海关统计为准", **told)
    found = seen_by(world.coordinator, value_of, "port_freight", Period.read("2026-01"))
    assert (found.value, [one.counts for one in found.reports]) == (1115, [True, False])
    assert found.reports[0].why == "以海关统计为准"


@pytest.mark.article(5, 79)
def test_what_was_published_gives_way_only_to_the_body_the_indicator_names(world: LedgerWorld, seen_by: Read) -> None:
    def read() -> Any:
        return seen_by(world.coordinator, value_of, "port_freight", Period.read("2025"))

    told = {"indicator": "port_freight", "period": "2025", "unit": "10^4 t"}
    customs = enter_figure(
        by=seen_as(world.customs_officer), organisation=world.customs.pk, value="9000", source="海关统计", **told
    )
    found = read()
    assert (found.value, found.how, found.differs) == (13200, "published", True)
    assert found.others == f"9,000 ({world.customs.name('zh')})"
    with as_system("tests"):
        definition = indicators().latest("port_freight")
        assert definition is not None
        bodies = type(world.commerce).objects
        bodies.filter(code=definition.body).update(code="elsewhere")
        bodies.filter(pk=world.commerce.pk).update(code=definition.body)
    entered(world, period="2025", value="13210")
    found = read()
    assert (found.value, found.by) == (13210, world.commerce.name("zh"))
    assert [one.value for one in found.reports] == [13210, 13200, 9000]
    choose_figure(by=seen_as(world.coordinator), figure=customs.pk, version=customs.version, reason="以海关统计为准")
    assert read().value == 9000


def test_there_is_nothing_to_choose_where_a_figure_is_alone(world: LedgerWorld) -> None:
    figure = entered(world)
    found = refused(lambda: choose_figure(by=seen_as(world.coordinator), figure=figure.pk, version=1, reason="x"))
    assert found == [("figure.alone", None)]


def test_the_reckoning_takes_entered_then_published_then_formula_then_sum(world: LedgerWorld, seen_by: Read) -> None:
    def read(indicator: str, period: str) -> Any:
        return seen_by(world.commerce_officer, value_of, indicator, Period.read(period))

    published = read("port_freight", "2024")
    assert (published.value, published.how, published.qualifier) == (10000, "published", Qualifier.AT_LEAST)
    assert published.source
    assert published.source_date == "2026-01-15"
    use = read("port_capacity_use", "2024")
    assert (use.value, use.how, use.standing, use.qualifier) == (50, "formula", Standing.DERIVED, Qualifier.ABOUT)
    assert use.inputs == (("port_freight", Period.read("2024")), ("port_capacity", Period.read("2024")))
    assert read("trade_total", "2022").how == "published"
    differing = read("cr_express_transit", "2023")
    assert (differing.value, differing.spread) == (8295, 29)
    gap = read("port_energy_intensity", "2024")
    assert gap.value is None
    assert [one.series for one in gap.missing] == ["port_energy"]
    for month, value in enumerate((1000, 1100, 1300), start=1):
        entered(world, period=f"2024-{month:02}", value=str(value))
    summed = read("port_freight", "2024Q1")
    assert (summed.value, summed.how, summed.standing) == (3400, "sum", Standing.DERIVED)
    entered(world, period="2024Q1", value="3333")
    assert read("port_freight", "2024Q1").value == 3333


def test_totals_since_january_join_what_was_reported_in_parts(world: LedgerWorld, seen_by: Read) -> None:
    entered(world, period="2025-01..07", value="7000")
    entered(world, period="2025-08", value="900")
    entered(world, period="2025-10", value="800")

    def totals(viewer: Any) -> Any:
        reckoner = Reckoner.of(viewer, ["port_freight"], [2025])
        return reckoner.running("port_freight", 2025, date(2025, 10, 31)), reckoner.by_part(
            "port_freight", 2025, Frequency.MONTH
        )

    running, months = seen_by(world.commerce_officer, totals)
    assert {month: one.value for month, one in running.items()} == {7: 7000, 8: 7900}
    assert months[7] == 900
    assert months[9] == 800
    assert months[6] is None  # the total to June is not known


def test_many_values_are_read_in_one_query(
    world: LedgerWorld, seen_by: Read, django_assert_max_num_queries: Any
) -> None:
    entered(world)
    ids = [one.id for one in indicators().listed]
    with django_assert_max_num_queries(4):
        reckoner = seen_by(world.commerce_officer, Reckoner.of, ids, [2025])
        months = {month: Period.read(f"2025-{month:02}") for month in range(1, 13)}
        found = {(one, month): reckoner.value(one, when) for one in ids for month, when in months.items()}
    assert found["port_freight", 1].value == 1100
    assert {one for one, _ in found} == set(ids)


def test_a_region_without_tables_has_no_indicators(world: LedgerWorld) -> None:
    with serving(SECOND_REGION):
        assert indicators().listed == ()
        assert [one for one, _ in refused(lambda: entered(world))] == ["figure.unknown_indicator"]
