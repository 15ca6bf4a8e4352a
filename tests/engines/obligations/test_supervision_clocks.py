"""Due dates of supervision: cases worked out by hand, and generated chains beside a walk from day to day."""

from __future__ import annotations

import csv
import random
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.obligations.drawing import draw
from bridgehead.engines.obligations.procedure import Branch, Event, Extension, course
from bridgehead.engines.obligations.templates import (
    Clock,
    clocks_on,
    latest_extension,
    procedure_of,
    read_branches,
)
from bridgehead.engines.obligations.votes import Votes
from bridgehead.kernel.calendars import Calendar, Due, Term
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.calendars import calendar_of
from bridgehead.regions.load import load_region

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "supervision" / "due_dates.toml").read_text(encoding="utf-8"))
REGION = ROOT / "src" / "bridgehead" / "regions" / "nmg"
DAY = timedelta(days=1)


def table(name: str) -> list[dict[str, str]]:
    with (REGION / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


TEMPLATES: dict[str, list[dict[str, str]]] = {}
for row in table("supervision_templates"):
    TEMPLATES.setdefault(row["template"], []).append(row)
CLOCKS = [
    Clock(one["body"], one["template"], one["step"], one["term"], date.fromisoformat(one["valid_from"]))
    for one in table("supervision_clocks")
]


@pytest.fixture(scope="module")
def china() -> Calendar:
    return calendar_of(load_region())


@pytest.mark.parametrize("case", CASES["term"], ids=lambda case: case["name"])
def test_a_term_ends_on_the_day_worked_out_by_hand(case: dict[str, Any], china: Calendar) -> None:
    assert china.due(case["begins"], Term.read(case["term"])) == Due(case["due"])


@pytest.mark.article(83)
@pytest.mark.parametrize("case", CASES["chain"], ids=lambda case: case["name"])
def test_a_chain_stands_where_it_was_worked_out_by_hand(case: dict[str, Any], china: Calendar) -> None:
    bodies = ("congress", case.get("level", ""))
    own = clocks_on(CLOCKS, case["template"], bodies, case["events"][0][1])
    rows = [
        {**one, "term": own[one["step"]].term if one["step"] in own else one["term"]}
        for one in TEMPLATES[case["template"]]
    ]
    events = [Event(*one) for one in case["events"]]
    longer = [Extension(*one) for one in case.get("extensions", ())]
    waits = course(procedure_of(case["template"], rows), events, china, case["as_of"], longer).waits
    if not case["waits"]:
        assert waits is None
        return
    assert waits is not None
    assert (waits.step.id, waits.due, waits.late_wd) == (case["waits"], Due(case["due"]), case["late_wd"])


def test_templates_and_clocks_of_the_region_are_sound() -> None:
    for name, rows in TEMPLATES.items():
        found = procedure_of(name, rows)
        assert [int(one["order"]) for one in rows] == list(range(1, len(rows) + 1))
        assert all(
            one.term is None or step["confidence"] == "assumption" for one, step in zip(found.steps, rows, strict=True)
        )
        assert all(("longest" in one and bool(one["longest"])) == bool(one["extensions"]) for one in rows)
    for clock in CLOCKS:
        assert clock.step in [one["step"] for one in TEMPLATES[clock.template]]
        Term.read(clock.term)


# Generated chains, beside a plain walk from day to day that shares nothing with the calendar it checks.

CHAINS = 50


class Walk:
    """A chain walked day by day, with the days off in a plain set."""

    def __init__(self, rows: list[dict[str, str]], off: set[date], worked: set[date]) -> None:
        self.rows = {one["step"]: one for one in rows}
        self.off, self.worked = off, worked
        self.log: list[tuple[str, date]] = []
        self.next = rows[0]["step"]

    def works(self, day: date) -> bool:
        if day.weekday() in (5, 6):
            return day in self.worked
        return day not in self.off

    def last_day(self, begins: date, term: str) -> date:
        count, unit = int(term.rstrip("wdmy")), term.lstrip("0123456789")
        day = begins
        if unit == "wd":
            while count:
                day += DAY
                count -= self.works(day)
        elif unit in ("d", "w"):
            for _ in range(count * (7 if unit == "w" else 1)):
                day += DAY
        else:
            year, month = begins.year, begins.month
            for _ in range(count * (12 if unit == "y" else 1)):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            number = begins.day
            while True:
                try:
                    day = date(year, month, number)
                    break
                except ValueError:
                    number -= 1
        while not self.works(day):
            day += DAY
        return day

    def due(self, until: date | None) -> date | None:
        row = self.rows[self.next]
        since = row["counts_from"]
        begun = [on for step, on in self.log if not since or step == since]
        found = self.last_day(begun[-1], row["term"]) if begun and row["term"] else None
        if until is not None and (found is None or until > found):
            found = until
            while not self.works(found):
                found += DAY
        return found

    def late(self, due: date | None, on: date) -> int:
        count, day = 0, due
        while day is not None and day < on:
            day += DAY
            count += self.works(day)
        return count

    def take(self, on: date, outcome: str) -> None:
        step = self.next
        self.log.append((step, on))
        times = sum(name == step for name, _ in self.log)
        best, to = 0, ""
        for part in self.rows[step]["outcomes"].split(";"):
            said, _, following = part.strip().partition(">")
            name, _, since = said.partition("@")
            if name == outcome and best < int(since or 1) <= times:
                best, to = int(since or 1), following
        self.next = to


def a_calendar(chance: random.Random, first: int) -> tuple[set[date], set[date]]:
    """Return days off and weekend days worked: runs of three to nine days off, a make-up day before or behind."""
    off: set[date] = set()
    worked: set[date] = set()
    for year in range(first, first + 6):
        for month in (1, 2, 4, 5, 6, 9, 10):
            begins = date(year, month, chance.randint(1, 26))
            run = [begins + number * DAY for number in range(chance.randint(3, 9))]
            off |= set(run)
            for away in range(2, 12):
                day = begins - away * DAY if chance.random() < 0.5 else run[-1] + away * DAY
                if day.weekday() >= 5 and chance.random() < 0.4:
                    worked.add(day)
    return off, worked - off


TERMS = ("3d", "7d", "15d", "5wd", "10wd", "22wd", "2w", "1m", "2m", "3m", "6m", "1y")


def a_chain(seed: int) -> int:
    """Walk one chain beside the engine and return how many due dates were compared."""
    chance = random.Random(seed)
    begins = chance.choice(
        (date(2024, 2, 29), date(2023, 12, 31), date(2025, 1, 26), date(2027, 8, 31), date(2026, 9, 28))
    )
    begins += chance.randint(-20, 20) * DAY
    off, worked = a_calendar(chance, begins.year)
    name = chance.choice(sorted(TEMPLATES))
    clocks = [
        Clock(
            chance.choice(("one", "level", "other")),
            name,
            one["step"],
            chance.choice(TERMS),
            begins + chance.randint(-900, 30) * DAY,
        )
        for one in TEMPLATES[name] * 2
        if chance.random() < 0.6
    ]
    rows = []
    for one in TEMPLATES[name]:
        fits = [it for it in clocks if it.step == one["step"] and it.valid_from <= begins]
        near = [it for it in fits if it.body == "one"] or [it for it in fits if it.body == "level"]
        newest = sorted(near, key=lambda it: it.valid_from)[-1:]
        rows.append({**one, "term": newest[0].term if newest else one["term"]})
    own = clocks_on(clocks, name, ("one", "level"), begins)
    procedure = procedure_of(name, TEMPLATES[name]).with_terms({step: Term.read(it.term) for step, it in own.items()})
    calendar, walk = Calendar(off, worked), Walk(rows, off, worked)
    events: list[Event] = []
    longer: list[Extension] = []
    on, compared = begins, 0
    for _ in range(14):
        taken = 1 + sum(one.step == walk.next for one in events)
        due = walk.due(None)
        until = None
        if due is not None and procedure.by_id[walk.next].extensions and chance.random() < 0.5:
            until = due + chance.randint(1, 90) * DAY
            longer.append(Extension(walk.next, taken, until))
            due = walk.due(until)
        looked = on + chance.randint(0, 200) * DAY
        waits = course(procedure, events, calendar, looked, longer).waits
        assert waits is not None
        assert (waits.step.id, waits.due.day if waits.due else None) == (walk.next, due), (seed, events)
        assert waits.late_wd == walk.late(due, looked), (seed, events)
        compared += due is not None
        on = on + chance.randint(0, 150) * DAY
        branches = [
            part.partition(">")[0].partition("@")[0].strip() for part in walk.rows[walk.next]["outcomes"].split(";")
        ]
        outcome = chance.choice(branches) if chance.random() < 0.5 else branches[-1]
        events.append(Event(walk.next, on, outcome))
        walk.take(on, outcome)
        stands = course(procedure, events, calendar, on, longer)
        assert stands.behind[-1].late_wd == walk.late(due, on), (seed, events)
        if not walk.next:
            assert stands.waits is None
            break
    return compared


@pytest.mark.article(83)
def test_no_due_date_of_fifty_generated_chains_is_wrong() -> None:
    compared = [a_chain(seed) for seed in range(CHAINS)]
    assert len(compared) == CHAINS
    assert sum(compared) > 4 * CHAINS


def test_what_follows_is_read_from_one_cell() -> None:
    assert read_branches("satisfied>; not_satisfied>handling;not_satisfied@2>measures") == (
        Branch("satisfied", ""),
        Branch("not_satisfied", "handling"),
        Branch("not_satisfied", "measures", 2),
    )
    for wrong in ("satisfied", "a@0>b", ">b>c", "Ja>b"):
        with pytest.raises(BridgeheadError) as refused:
            read_branches(wrong)
        assert refused.value.code == "procedure.bad_branch"


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ((36, 0, 0, 0, 70), "satisfied"),
        ((35, 0, 0, 0, 70), "not_satisfied"),  # half is not above half
        ((35, 1, 0, 0, 70), "basically_satisfied"),
        ((30, 5, 0, 0, 35), "satisfied"),
        ((30, 5, 0, 0, 71), "not_satisfied"),  # of those who came all, of the members not half
        ((18, 0, 17, 0, 35), "satisfied"),
    ],
)
def test_a_vote_is_carried_above_half_of_the_members(counts: tuple[int, ...], outcome: str) -> None:
    assert Votes(*counts).outcome == outcome


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ((40, 20, 10, 1, 70), ["vote.too_many"]),
        ((1, 1, 1, 1, 0), ["vote.no_members"]),
        ((-1, -2, 0, 0, 0), ["vote.negative", "vote.negative", "vote.no_members"]),
    ],
)
def test_what_cannot_have_been_counted_is_refused_at_once(counts: tuple[int, ...], codes: list[str]) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Votes(*counts)
    assert [one.code for one in refused.value.faults] == codes


def test_a_draw_can_be_drawn_again_by_anybody() -> None:
    names = [f"body-{number}" for number in range(40)]
    drawn = draw("2026-11-26 07", names, 5)
    assert drawn == draw("2026-11-26 07", reversed(names * 2), 5)
    assert drawn == draw("2026-11-26 07", names, 12)[:5]
    assert len(set(drawn)) == 5
    # printf '2026-11-26 07:body-N' | sha256sum, sorted
    assert draw("seed", ["a", "b", "c"], 3) == ["a", "c", "b"]
    often = [draw(str(seed), names, 10) for seed in range(400)]
    counts = [sum(name in one for one in often) for name in names]
    assert min(counts) > 60
    assert max(counts) < 145
    assert draw("seed", names, 0) == []


def test_an_extension_goes_no_further_than_the_longest_term() -> None:
    plain = Calendar()
    begun = date(2026, 1, 30)
    due = plain.due(begun, Term.read("2m"))
    assert latest_extension(plain, begun, due, "6m") == date(2026, 7, 30)
    assert latest_extension(plain, begun, due, "") is None
