"""Pace of targets, who has not reported, the importer, and the section of the dossier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.imports.actions import apply_import, propose_import
from bridgehead.ground.imports.preview import kept_faults
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.imports.templates import write_csv
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger.actions.figures import choose_figure, enter_figure, revise_figure
from bridgehead.rooms.ledger.dossier import Asked as Dossier
from bridgehead.rooms.ledger.figures_elsewhere import section
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import Evidence, Figure, Spell, Target, Task
from bridgehead.rooms.ledger.selectors.figures import Reckoner
from bridgehead.rooms.ledger.selectors.figures_owed import figures_owed
from bridgehead.rooms.ledger.selectors.figures_pace import Asked, PaceLine, pace_board, pattern_of
from tests.ground.world import member
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.figures import entered

Read = Callable[..., Any]
END_OF_2025 = date(2025, 12, 31)
LATER = date(2026, 6, 30)
"""A day on which the figures of 2025 were published."""


def noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))


def months_of(world: LedgerWorld, year: int, values: list[int]) -> None:
    """Report the freight of the first months of a year."""
    with as_system("tests"):
        for month, value in zip(Period.read(str(year)).parts(Frequency.MONTH), values, strict=False):
            Figure.objects.create(
                owner=world.commerce,
                office=world.commerce,
                indicator="port_freight",
                period=str(month),
                first_on=month.first,
                last_on=month.last,
                value=value,
                unit="10^4 t",
                given=value,
                given_unit="10^4 t",
                standing="reported",
                source="口岸月报",
                entered_at=noon(month.last + timedelta(days=9)),
            )


@pytest.mark.article(81)
def test_the_board_holds_a_target_against_the_usual_course_of_the_years_before(
    world: LedgerWorld, seen_by: Read
) -> None:
    months_of(world, 2022, [500] * 6 + [1500] * 6)  # a quarter of the year by the end of June
    months_of(world, 2025, [500] * 6)
    board = seen_by(world.coordinator, pace_board, date(2025, 7, 15), Asked(year=2025))
    line = next(one for one in board.lines if one.definition.id == "port_freight")
    assert (line.done.value, line.through) == (3000, date(2025, 6, 30))
    assert line.pattern.years == (2022,)
    assert line.pace.usual == pytest.approx(0.25)
    assert line.share == pytest.approx(3000 / 13000)
    assert line.pace.projected == pytest.approx(12000)
    assert line.status == "behind"
    assert (line.goal.source_date, line.goal.standing) == ("2025-01-14", Standing.REPORTED)


def test_without_earlier_months_the_spread_is_even_and_says_so(world: LedgerWorld, seen_by: Read) -> None:
    months_of(world, 2025, [100] * 6)
    board = seen_by(world.coordinator, pace_board, date(2025, 7, 15), Asked(year=2025))
    line = board.lines[0]  # who must act stands first
    assert (line.definition.id, line.status, line.late) == ("port_freight", "far_behind", True)
    assert "平均分摊" in line.pattern_words
    assert "远远落后" in board.headline


def test_the_board_of_a_year_says_openly_what_has_no_figure(world: LedgerWorld, seen_by: Read) -> None:
    board = seen_by(world.coordinator, pace_board, LATER, Asked(year=2025))
    found = {one.definition.id: one.status for one in board.lines}
    assert found == {
        "port_freight": "reached",
        "trade_total": "on_pace",
        "cr_express_local": "no_figure",
        "freight_ceke": "reached",
    }
    trade = next(one for one in board.lines if one.definition.id == "trade_total")
    assert (trade.done.value, str(trade.done.period)) == (Decimal("1963.3"), "2025-01..11")
    assert [one.definition.id for one in seen_by(world.coordinator, pace_board, LATER, Asked(2025, 14)).lines] == [
        "cr_express_local"
    ]
    assert seen_by(world.coordinator, pace_board, LATER, Asked(2025, five_type="绿色")).lines == ()
    assert {one.definition.id for one in seen_by(world.coordinator, pace_board, LATER, Asked(year=2023)).lines} == {
        "port_freight",
        "freight_ganqimaodu",
    }


@pytest.mark.article(79)
def test_the_board_of_a_past_day_knows_what_was_known_then(world: LedgerWorld, seen_by: Read) -> None:
    first = entered(world, period="2025-01..06", value="6000")
    told: dict[str, Any] = {"unit": "10^4 t", "source": "口岸月报"}
    officer = seen_as(world.commerce_officer)
    second = revise_figure(by=officer, figure=first.pk, version=first.version, value="6600", reason="补报", **told)
    with as_system("tests"):
        Figure.objects.filter(pk=first.pk).update(entered_at=noon(date(2025, 7, 10)), ended_at=noon(date(2025, 8, 1)))
        Figure.objects.filter(pk=second.pk).update(entered_at=noon(date(2025, 8, 1)))

    def freight(on: date, known_on: date | None = None) -> Any:
        board = seen_by(world.coordinator, pace_board, on, Asked(year=2025), known_on)
        line = next(one for one in board.lines if one.definition.id == "port_freight")
        return line.done and line.done.value

    days = (date(2025, 7, 9), date(2025, 7, 10), date(2025, 7, 31), date(2025, 8, 1), date(2026, 1, 10), LATER)
    # The year was published in January: the last two, of which the first is before that.
    assert [freight(on) for on in days] == [None, 6000, 6000, 6600, 6600, 13200]
    end = date(2025, 6, 30)
    assert (freight(end), freight(end, days[1]), freight(end, LATER)) == (None, 6000, 6600)
    assert freight(date(2025, 6, 29), LATER) is None, "the half-year was not over"


def test_a_published_value_and_a_target_are_known_from_the_day_of_their_source(
    world: LedgerWorld, seen_by: Read
) -> None:
    value, target = indicators().published["port_freight"][0], indicators().targets[0]
    for said, before, since in (
        ("2026-01-15", date(2026, 1, 14), date(2026, 1, 15)),
        ("2026-01", date(2026, 1, 30), date(2026, 1, 31)),
        ("2026", date(2026, 12, 30), date(2026, 12, 31)),
    ):
        for one in (value, target):
            dated = replace(one, source_date=said)
            assert (dated.known_on(before), dated.known_on(since)) == (False, True)
    for on, there in ((date(2025, 1, 13), False), (date(2025, 1, 14), True)):
        lines = seen_by(world.coordinator, pace_board, on, Asked(year=2025)).lines
        assert any(one.definition.id == "port_freight" for one in lines) is there


def test_who_does_not_see_every_figure_is_not_told_that_there_is_none(
    world: LedgerWorld, seen_by: Read, browser: Callable[..., Any]
) -> None:
    def freight(person: Any, on: date) -> Any:
        board = seen_by(person, pace_board, on, Asked(year=2025))
        return board, next(one for one in board.lines if one.definition.id == "port_freight")

    def gap(person: Any) -> str:
        on = date(2025, 7, 15)
        return seen_by(person, lambda viewer: section(Dossier(viewer, (14,), 2025, on))[14].gap)

    _, silent = freight(world.transport_officer, date(2025, 7, 15))
    told = browser(world.transport_officer).get("/indicators/port_energy_intensity/").content.decode()
    assert "没有你能看到的数" in told
    assert "还没有人报过" not in told
    assert "还没有人报过" in browser(world.coordinator).get("/indicators/port_energy_intensity/").content.decode()
    months_of(world, 2025, [1000] * 6)
    board, line = freight(world.transport_officer, date(2025, 7, 15))
    assert line == silent, "no word of what others reported"
    assert (line.status, line.done) == ("none_seen", None)
    assert "没有你能看到的数" in line.said
    assert "没有你能看到的数" in board.headline
    assert "没有数据" not in board.headline
    assert freight(world.coordinator, date(2025, 7, 15))[1].done.value == 6000
    assert freight(world.coordinator, date(2025, 1, 15))[1].status == "no_figure"
    assert freight(world.commerce_officer, date(2025, 7, 15))[1].done.value == 6000
    assert "没有你能看到的数" in gap(world.transport_officer)
    assert "没有数据" in gap(world.coordinator)


def test_a_report_that_was_chosen_later_did_not_count_before(world: LedgerWorld, seen_by: Read) -> None:
    first = entered(world, period="2025-01..06", value="6000", source="甲报")
    second = entered(world, period="2025-01..06", value="6600", source="乙报")
    choose_figure(by=seen_as(world.coordinator), figure=first.pk, version=first.version, reason="以甲报为准")
    with as_system("tests"):
        Figure.objects.filter(pk=first.pk).update(entered_at=noon(date(2025, 7, 10)))
        Figure.objects.filter(pk=second.pk).update(entered_at=noon(date(2025, 7, 11)))

    def freight(known_on: date | None) -> Any:
        board = seen_by(world.coordinator, pace_board, date(2025, 7, 15), Asked(year=2025), known_on)
        return next(one for one in board.lines if one.definition.id == "port_freight").done

    assert freight(timezone.localdate()).value == 6000
    then = freight(None)
    assert (then.value, [one.counts for one in then.reports]) == (6600, [False, False])


def test_a_board_of_a_day_has_the_tasks_and_terms_of_that_day(world: LedgerWorld, seen_by: Read) -> None:
    target = a_target(world, "port_freight", date(2025, 3, 1), date(2026, 3, 31), "0", "6000", "10^4 t")
    with as_system("tests"):
        told = {"task": target.task, "owner": world.office, "office": world.commerce, "owed": True, "share": 0}
        Spell.objects.create(from_on=date(2025, 3, 1), until_on=date(2025, 5, 1), due_on=END_OF_2025, **told)
        Spell.objects.create(from_on=date(2025, 5, 1), due_on=date(2026, 3, 31), **told)
        Task.objects.filter(pk=target.task_id).update(state=Task.State.ENDED, ended_on=date(2025, 8, 1))
    found = {}
    for on in (date(2025, 2, 28), date(2025, 4, 30), date(2025, 5, 1), date(2025, 8, 1)):
        for year in (2025, 2026):
            board = seen_by(world.coordinator, pace_board, on, Asked(year=year))
            found[on.month, year] = [one.goal.span[1] for one in board.lines if one.goal.span]
    assert {when: days for when, days in found.items() if days} == {
        (4, 2025): [END_OF_2025],
        (5, 2026): [date(2026, 3, 31)],
    }


def a_target(world: LedgerWorld, indicator: str, given: date, due: date, baseline: str, goal: str, unit: str) -> Target:
    with as_system("tests"):
        task = Task.objects.create(
            owner=world.office, office=world.commerce, title="达到目标", given_on=given, due_on=due
        )
        told = {"indicator": indicator, "baseline": Decimal(baseline), "goal": Decimal(goal), "unit": unit}
        return Target.objects.create(task=task, owner=world.office, office=world.commerce, **told)


def accepted(world: LedgerWorld, target: Target, value: str, as_of: date, on: date, **more: object) -> Evidence:
    with as_system("tests"):
        told = {"claim": "完成情况", "issuer": "商务厅", "dated_on": as_of, "state": "accepted", "accepted_on": on}
        who = {"task": target.task, "owner": world.office, "office": world.commerce, "target": target}
        figure = {"value": Decimal(value), "unit": target.unit, "as_of": as_of, "source": "月报"}
        return Evidence.objects.create(**told, **who, **figure, **more)


@pytest.mark.article(79)
def test_the_target_of_a_task_is_as_far_as_its_accepted_evidence_within_its_own_days(
    world: LedgerWorld, seen_by: Read
) -> None:
    """Given on 1 January and due on 30 June 2025: by the end of March half of it would be there; 2,400 of 6,000 are."""
    target = a_target(world, "port_freight", date(2025, 1, 1), date(2025, 6, 30), "13200", "6000", "10^4 t")
    months_of(world, 2025, [900] * 6)  # what the region reports is no progress of the task

    def line(on: date) -> PaceLine:
        return next(one for one in seen_by(world.coordinator, pace_board, on).lines if one.goal.task)

    nothing = line(date(2025, 3, 31))
    assert (nothing.status, nothing.done, nothing.said) == ("no_figure", None, "还没有认可的证据")
    accepted(world, target, "2400", date(2025, 3, 31), date(2025, 4, 2))
    accepted(world, target, "3600", date(2025, 4, 30), date(2025, 5, 5), taken_back_on=date(2025, 5, 20))
    assert line(date(2025, 4, 1)).done is None
    assert line(date(2025, 5, 6)).done.value == 3600
    seen = line(date(2025, 6, 1))
    assert (seen.done.value, seen.done.by, seen.done.source) == (2400, world.commerce.name_zh, "月报")
    assert seen.share == pytest.approx(0.4)
    assert seen.pace.usual == pytest.approx(0.5)
    assert seen.pace.projected == pytest.approx(4800)
    assert seen.status == "far_behind"
    assert "从交办到到期" in seen.said


@pytest.mark.article(81)
def test_what_is_reported_by_quarters_is_held_against_the_quarters_of_the_years_before(
    world: LedgerWorld, seen_by: Read
) -> None:
    """By the end of June 30 of 100 in one year and 60 of 100 in the other: usually 45 %."""
    told: dict[str, Any] = {"indicator": "cbec_turnover", "unit": "10^8 CNY", "source": "商务月报"}
    for period, value in (("2022Q1", "90"), ("2022Q2", "1"), ("2022Q3", "1")):  # no fourth quarter: it tells nothing
        entered(world, period, value, **told)
    for period, value in (("2023Q1", "10"), ("2023Q2", "20"), ("2023Q3", "30"), ("2023Q4", "40")):
        entered(world, period, value, **told)
    for period, value in (("2024Q1", "30"), ("2024-01..06", "60"), ("2024-01..09", "80"), ("2024", "100")):
        entered(world, period, value, **told)
    target = a_target(world, "cbec_turnover", date(2025, 1, 1), END_OF_2025, "0", "20", "10^8 CNY")
    accepted(world, target, "9", date(2025, 6, 30), date(2025, 7, 5))
    board = seen_by(world.coordinator, pace_board, date(2025, 7, 15), Asked(year=2025), timezone.localdate())
    line = next(one for one in board.lines if one.goal.task)
    assert (line.pattern.years, line.pattern.parts) == ((2023, 2024), 4)
    assert line.pace.usual == pytest.approx(0.45)
    assert (line.status, line.pace.projected) == ("on_pace", pytest.approx(20))
    assert "2023–2024，各季的数在季内平摊" in line.said
    then = seen_by(world.coordinator, pace_board, date(2025, 7, 15), Asked(year=2025))
    line = next(one for one in then.lines if one.goal.task)
    assert line.pattern.years == (), "what was entered today was not known in July 2025"
    assert "没有往年分期的数" in line.said


def test_what_is_reported_by_half_years_has_a_course(world: LedgerWorld) -> None:
    said = ("reported", "s", None, "", False, "", "o", "甲", "A")
    halves = Period.read("2024H1"), Period.read("2024H2")
    rows = {
        (one.first, one.last): [("opinions_in_time", one.first, one.last, 1, Decimal(value), *said)]
        for one, value in zip(halves, (3, 1), strict=True)
    }
    found = pattern_of(Reckoner(indicators(), {"opinions_in_time": rows}), "opinions_in_time", 2025)
    assert (found.years, found.parts, found.share(date(2025, 6, 30))) == ((2024,), 2, 0.75)


def test_a_level_is_counted_from_where_it_began_and_has_no_pace(world: LedgerWorld, seen_by: Read) -> None:
    """From 50 % of the capacity to 60 %: at 54 % four tenths of the way are done, and no month brings a part of it."""
    assert not indicators().latest("port_capacity_use").adds
    target = a_target(world, "port_capacity_use", date(2025, 1, 2), END_OF_2025, "50", "60", "%")
    accepted(world, target, "54", date(2025, 6, 30), date(2025, 7, 2))

    def line(on: date) -> PaceLine:
        return next(one for one in seen_by(world.coordinator, pace_board, on).lines if one.goal.task)

    found = line(END_OF_2025)
    assert (found.goal.baseline, found.goal.goal, found.done.value) == (50, 60, 54)
    assert (found.share, found.pace, found.status) == (pytest.approx(0.4), None, "level")
    assert "完成 40%" in found.said
    assert (found.pattern_words, found.projected) == ("", "")
    accepted(world, target, "60", date(2025, 9, 30), date(2025, 10, 2))
    assert (line(END_OF_2025).share, line(END_OF_2025).status) == (1, "reached")


VALUES = st.lists(st.none() | st.integers(0, 5000), min_size=36, max_size=36)


def reckoner(ids: dict[str, list[int | None]]) -> Reckoner:
    """Return a reckoner over months from January 2023 on."""
    months = [one for year in (2023, 2024, 2025) for one in Period.read(str(year)).parts(Frequency.MONTH)]
    found: dict[str, dict[tuple[date, date], list[tuple[Any, ...]]]] = {}
    for id, values in ids.items():
        for month, value in zip(months, values, strict=True):
            if value is not None:
                told = (1, Decimal(value), "reported", "s", None, "", False, "", "o", "甲", "A")
                found.setdefault(id, {})[month.first, month.last] = [(id, month.first, month.last, *told)]
    return Reckoner(indicators(), found)


@settings(max_examples=25, deadline=None)
@given(one=VALUES, other=VALUES)
def test_what_is_reckoned_together_is_what_each_gives_alone(one: list[int | None], other: list[int | None]) -> None:
    both = reckoner({"trade_export": one, "trade_import": other})
    alone = {"trade_export": reckoner({"trade_export": one}), "trade_import": reckoner({"trade_import": other})}
    for id, values in (("trade_export", one), ("trade_import", other)):
        for year in (2023, 2024, 2025):
            total = both.to_date(id, year, END_OF_2025)
            assert total == alone[id].to_date(id, year, END_OF_2025)
            months = values[(year - 2023) * 12 : (year - 2022) * 12]
            known = next((at for at, value in enumerate(months) if value is None), 12)
            expected = sum(value or 0 for value in months[:known]) if known else None
            assert (total.value if total else None) == expected
    whole = both.value("trade_total", Period.read("2024"))
    parts = one[12:24] + other[12:24]
    assert whole.value == (None if None in parts else sum(value or 0 for value in parts))


@pytest.mark.article(79)
def test_who_has_not_reported(world: LedgerWorld, seen_by: Read) -> None:
    with as_system("tests"):
        body = Organisation.objects.get(code="nm-swt")  # which the table of indicators names
        officer = member(body, "officer", "reporting-officer", "周经办")
    on = date(2026, 4, 10)
    asked: dict[str, Any] = {"organisation_ids": [body.pk], "on": on, "periods": 2}
    found = seen_by(officer, figures_owed, **asked)
    freight = [one for one in found if one.indicator == "port_freight"]
    assert [(str(one.period), one.due_on, one.late) for one in freight] == [
        ("2026-02", date(2026, 3, 13), True),
        ("2026-03", date(2026, 4, 15), False),  # ten working days, Tomb-Sweeping Day and its bridge left out
    ]
    assert freight[0].address.endswith("/indicators/port_freight/?period=2026-02#enter")
    assert "port_capacity_use" not in {one.indicator for one in found}  # its inputs are asked for instead
    assert "port_capacity" in {one.indicator for one in found}
    told = {"indicator": "port_freight", "unit": "10^4 t", "source": "口岸月报", "organisation": body.pk}
    enter_figure(by=seen_as(officer), period="2026-01..02", value="2000", **told)
    enter_figure(by=seen_as(officer), period="2026-03", value="1000", **told)
    late = [one for one in seen_by(officer, figures_owed, **asked) if one.indicator == "port_freight"]
    assert len(late) == 2, "entered today, so they were owed on that day"
    with as_system("tests"):
        Figure.objects.update(entered_at=datetime(2026, 4, 10, 23, 0, tzinfo=timezone.get_current_timezone()))
    left = seen_by(officer, figures_owed, **asked)
    assert [one for one in left if one.indicator == "port_freight"] == []
    assert len(seen_by(officer, figures_owed, [body.pk], date(2026, 4, 9), 2)) == len(found)
    assert seen_by(officer, figures_owed, [world.customs.pk], on) == []


def test_an_import_shows_what_is_new_changed_and_the_same_and_refuses_strangers(world: LedgerWorld) -> None:
    entered(world, period="2025-01", value="1100", source="月报")
    entered(world, period="2025-02", value="1200", source="月报")
    rows = [
        ("port_freight", "2025-01", "", "月报", "1100", "10^4 t", "", "", "", ""),
        ("port_freight", "2025-02", "", "月报", "12.5", "Mt", "2025-03-03", "", "改", "commerce"),
        ("port_freight", "2025-03", "", "月报", "1300", "10^4 t", "", "", "", "commerce"),
        ("port_freight", "2025-04", "", "月报", "1400", "10^4 t", "", "", "", "nobody"),
        ("port_freight", "2025-05", "", "月报", "1400", "10^4 t", "", "", "", "transport"),
        ("rainfall", "2025-06", "", "月报", "1400", "trains", "", "", "", ""),
        ("port_freight", "last May", "", "月报", "1400", "h", "2099-01-01", "", "", "nobody"),
    ]
    by = seen_as(world.commerce_officer)
    told: dict[str, Any] = {"kind": "figures", "organisation": world.commerce.pk, "name": "t.csv"}
    run = propose_import(by=by, content=write_csv(importer_of("figures").schema, rows), **told)
    assert (run.new, run.changed, run.unchanged, run.refused) == (1, 1, 1, 4)
    found = [(one.code, one.place.row, one.place.column) for one in kept_faults(run.preview["faults"])]
    assert found == [
        ("import.unknown_organisation", 6, "organisation"),
        ("figure.other_organisation", 7, "organisation"),
        ("figure.unknown_indicator", 8, "indicator"),
        ("import.unknown_organisation", 9, "organisation"),
        ("period.unreadable", 9, "period"),
        ("figure.wrong_unit", 9, "unit"),
        ("figure.source_in_future", 9, "source_on"),
    ]
    run = propose_import(by=by, content=write_csv(importer_of("figures").schema, rows[:3]), **told)
    apply_import(by=by, run=run.pk)
    holding = Figure.objects.filter(ended_at=None).order_by("period")
    assert [(one.period, one.value) for one in holding] == [("2025-01", 1100), ("2025-02", 1250), ("2025-03", 1300)]
    assert Figure.objects.filter(ended_at__isnull=False).count() == 1
