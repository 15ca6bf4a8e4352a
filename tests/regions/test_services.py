"""The services the region ships: each kind is there, in four languages, and every end of each can be reached."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from tests.regions.damage import Copy
from tests.regions.test_single_faults import WULIJI

from bridgehead.engines.cases.course import course
from bridgehead.engines.cases.events import Event, Lodged, Moved
from bridgehead.engines.cases.machine import Kind, Move, Outcome, Role
from bridgehead.engines.cases.services import FieldType, Service, Words
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.office_hours import Promise
from bridgehead.regions.load import Region, load_region
from bridgehead.regions.services import clock_of, owner_of, services_of

KINDS = {
    *("policy_question", "trade_news", "promotion", "training", "logistics", "trade_finance"),
    *("export_credit_insurance", "relief", "complaint", "approval", "investment", "outbound"),
}
SCRIPTS = {
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "en": re.compile(r"[A-Za-z]"),
    "ru": re.compile(r"[А-Яа-яЁё]"),
    "mn": re.compile(r"[А-Яа-яЁёӨөҮү]"),
}
FOREIGN = {"ru": re.compile(r"[A-Za-zӨөҮү\u4e00-\u9fff]"), "mn": re.compile(r"[A-Za-z\u4e00-\u9fff]")}
MORNING = datetime.fromisoformat("2026-03-02T10:00+08:00")


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


@pytest.fixture(scope="module")
def services(region: Region) -> dict[str, Service]:
    return services_of(region)


def words_of(service: Service) -> Iterator[Words]:
    yield from (service.name, service.about, *service.state_names.values(), *service.move_names.values())
    for field in service.fields:
        yield field.name
        yield from (one.name for one in field.choices)
        if field.hint.zh:
            yield field.hint


def test_every_kind_that_is_asked_for_is_there(services: dict[str, Service]) -> None:
    assert {one.kind for one in services.values()} == KINDS
    assert [one.id for one in services.values() if one.kind == "export_credit_insurance"] == [
        "export_credit_insurance",
        "export_credit_claim",
    ]


def test_every_word_a_trader_reads_is_in_four_languages(services: dict[str, Service]) -> None:
    for service in services.values():
        for words in words_of(service):
            for language, script in SCRIPTS.items():
                assert script.search(words.of(language)), (service.id, language, words)
                if language in FOREIGN:
                    text = re.sub(r"°C", "", words.of(language))
                    assert not FOREIGN[language].search(text), (service.id, language, text)
            assert len({words.zh, words.en, words.ru, words.mn}) == 4, words
    mongolian = "".join(words.mn for service in services.values() for words in words_of(service))
    assert mongolian.count("ү") > 200
    assert mongolian.count("ө") > 100


def test_another_language_reads_chinese(services: dict[str, Service]) -> None:
    name = services["relief"].name
    assert (name.of("zh-hans"), name.of("fr"), name.of("ru-RU")) == (name.zh, name.zh, name.ru)


def test_no_two_services_have_the_same_states_or_form(services: dict[str, Service]) -> None:
    for one, other in combinations(services.values(), 2):
        mine, theirs = ({state.id for state in each.machine.states} for each in (one, other))
        assert mine != theirs or one.kind == other.kind, (one.id, other.id)
        fields = [{field.id for field in each.fields} for each in (one, other)]
        assert len(fields[0] & fields[1]) < len(fields[0]) / 2, (one.id, other.id)


def test_a_service_ends_well_or_with_a_basis_and_the_trader_can_always_withdraw(services: dict[str, Service]) -> None:
    for service in services.values():
        outcomes = {one.outcome for one in service.machine.states}
        assert {Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED} < outcomes, service.id
        assert outcomes & {Outcome.GRANTED, Outcome.ANSWERED, Outcome.SERVED}, service.id
        for state in service.machine.states:
            if state.kind is not Kind.ENDED:
                assert service.machine.move(state.id, "withdraw"), (service.id, state.id)


def test_promises_are_proposals_and_say_so(services: dict[str, Service]) -> None:
    for service in services.values():
        assert service.confidence in ("assumption", "unverified")
        assert "office in charge" in service.source
        stages = [one.promise for one in service.machine.states if one.promise]
        assert service.promise or len(stages) == 6, service.id
        assert service.first_answer, service.id


def way_to(service: Service, end: str) -> list[Move]:
    """Return the fewest moves from the first state to one."""
    waiting: deque[tuple[str, list[Move]]] = deque([(service.machine.states[0].id, [])])
    seen = set()
    while waiting:
        here, way = waiting.popleft()
        if here == end:
            return way
        for move in service.machine.moves_from(here):
            if move.to not in seen:
                seen.add(move.to)
                waiting.append((move.to, [*way, move]))
    raise AssertionError((service.id, end))


def test_every_state_is_reached_by_events_that_carry_what_is_needed(
    region: Region, services: dict[str, Service]
) -> None:
    clock = clock_of(region)
    for service in services.values():
        owner = owner_of(region, service)
        for state in service.machine.states:
            events: list[Event] = [Lodged(MORNING, owner)]
            at = MORNING
            way = way_to(service, state.id)
            answers = dict(condition for move in way for condition in move.only_if)
            for move in way:
                here = course(service.machine, service.promise, events, clock, at, answers=answers)
                by = min(move.who, key=list(Role).index)
                if by is Role.CLOCK:
                    assert here.limit is not None
                    at = here.limit.at
                else:
                    at += timedelta(hours=1)
                    here = course(service.machine, service.promise, events, clock, at, answers=answers)
                    assert move in here.open_to(by)
                office = service.office_after(move.to, owner)
                events.append(Moved(at, move.id, by, dict.fromkeys(move.needs, "given"), office))
            here = course(service.machine, service.promise, events, clock, at)
            assert here.state is state


def test_an_investment_project_has_an_office_and_a_clock_on_every_step(
    region: Region, services: dict[str, Service]
) -> None:
    service, clock = services["investment_project"], clock_of(region)
    owner = owner_of(region, service, "150703")
    assert owner == "150700"
    events: list[Event] = [Lodged(MORNING, owner)]
    at = MORNING
    for move in way_to(service, "running"):
        at += timedelta(days=60)
        office = service.office_after(move.to, owner)
        events.append(Moved(at, move.id, Role.OFFICER, dict.fromkeys(move.needs, "given"), office))
    here = course(service.machine, service.promise, events, clock, at)
    assert [one.stage for one in here.stages] == ["lead", "signing", "site", "approvals", "building", "production"]
    assert {one.clock.stays[0].office for one in here.stages} == {"150700", "nm-zrzyt", "nm-zwfwj"}
    assert all(one.clock.due for one in here.stages)
    # 60 days are some 40 working days, fewer than the 250 for building and more than the 10 for a lead
    assert [one.clock.late for one in here.stages if one.stage in ("lead", "building")] == [True, False]
    assert here.office == "150700", "the owner has it again after land and approvals"


def test_local_organisations_own_what_lies_with_them(region: Region, services: dict[str, Service]) -> None:
    relief, approval, question = (services[id] for id in ("relief", "approval", "policy_question"))
    assert owner_of(region, relief) == "nm-swt"
    assert owner_of(region, relief, "150703") == "150700"
    assert owner_of(region, relief, "150781") == "150781", "named by its id"
    assert owner_of(region, approval, "150703") == "150703"
    assert owner_of(region, approval, "150700") == "150700"
    assert owner_of(region, approval, "150000") == "nm-zwfwj"
    assert owner_of(region, approval, "nowhere") == "nm-zwfwj"
    assert owner_of(region, question, "150781") == "nm-swt"


def test_a_choice_in_the_form_decides_the_office(region: Region, services: dict[str, Service]) -> None:
    question = services["policy_question"]
    owners = {one: owner_of(region, question, "150781", {"topic": one}) for one in ("tax", "origin", "other", "gone")}
    assert owners == {"tax": "nm-tax", "origin": "nm-ccpit", "other": "nm-swt", "gone": "nm-swt"}
    assert owner_of(region, question, form={"question": "tax"}) == "nm-swt", "another field does not decide"
    relief = replace(services["relief"], routes={("trouble", "disaster"): "nm-yjglt"})
    assert owner_of(region, relief, "", {"trouble": "disaster"}) == "nm-yjglt"
    assert owner_of(region, relief, "150781", {"trouble": "disaster"}) == "150781", "what is local stays local"
    both = replace(relief, routes={("trouble", "disaster"): "nm-yjglt", ("help_wanted", "x"): "nm-czt"})
    first = next(one.id for one in both.fields if one.id in ("trouble", "help_wanted"))
    assert first == "trouble"
    assert both.routed({"help_wanted": "x", "trouble": "disaster"}) == "nm-yjglt"


def test_clocks_have_the_hours_of_the_region_in_summer_and_in_winter(region: Region) -> None:
    clock = clock_of(region)("150781")
    eight_hours = Promise.read("8wh")
    due = clock.due(datetime.fromisoformat("2026-03-02T08:30+08:00"), eight_hours)
    assert due.at == datetime.fromisoformat("2026-03-03T10:00+08:00")
    due = clock.due(datetime.fromisoformat("2026-06-01T15:30+08:00"), eight_hours)
    assert due.at == datetime.fromisoformat("2026-06-02T17:00+08:00"), "150 minutes until 18:00, 210 and 120"
    assert clock_of(region)("nobody").hours == clock.hours, "one that is in no table keeps the hours of the region"


def test_sensitive_fields_and_bounds(services: dict[str, Service]) -> None:
    fields = {(service.id, field.id): field for service in services.values() for field in service.fields}
    assert fields["trade_finance", "finance_amount"].sensitive
    assert not fields["policy_question", "question"].sensitive
    months = fields["trade_finance", "finance_months"]
    assert (months.type, months.unit, months.minimum, months.maximum) == (FieldType.NUMBER, "months", 1, 120)
    trouble = fields["relief", "trouble"]
    assert [one.id for one in trouble.choices][:3] == ["buyer_default", "trade_remedy", "disaster"]


def test_a_region_without_the_tables_has_no_services() -> None:
    region = load_region(Path(__file__).parents[1] / "second_region")
    assert services_of(region) == {}
    with pytest.raises(BridgeheadError) as refused:
        clock_of(region)("anybody")
    assert refused.value.code == "clock.no_hours"


def planted(
    table: str, cells: dict[str, str], column: str, value: str, *faults: tuple[str, str]
) -> Callable[[Copy], None]:
    """Change one cell; every fault is a code and the column in which it lies, in the same row."""

    def plant(copy: Copy) -> None:
        row = copy.find(table, **cells)
        copy.set(table, row, column, value)
        for code, where in faults:
            copy.expect(code, f"{table}.csv", row, where)

    return plant


def bare_refusal(copy: Copy) -> None:
    row = copy.find("service_moves", service="relief", move="decline")
    copy.set("service_moves", row, "needs", "reason")
    copy.expect("case.refusal_without_basis", "service_moves.csv", row, "move")


def doubled_move(copy: Copy) -> None:
    row = copy.find("service_moves", service="relief", move="act")
    again = copy.repeat("service_moves", row, to="helped")
    copy.expect("case.doubled_move", "service_moves.csv", again, "move")


def unreachable(copy: Copy) -> None:
    row = copy.find("service_states", service="relief", state="helped")
    added = copy.repeat("service_states", row, state="attic")
    copy.expect("case.unreachable_state", "service_states.csv", added, "state")


def two_at_once(copy: Copy) -> None:
    row = copy.find("service_states", service="relief", state="evidence")
    copy.set("service_states", row, "limit", "")
    copy.expect("case.pause_without_limit", "service_states.csv", row, "state")
    move = copy.find("service_moves", service="relief", move="withdraw")
    copy.set("service_moves", move, "who", "trader; officer")
    copy.expect("case.withdrawn_by_office", "service_moves.csv", move, "move")


def rung_out_of_order(copy: Copy) -> None:
    row = copy.find("service_escalation", id="all-due")
    copy.set("service_escalation", row, "percent", "70")
    copy.expect("case.ladder_not_rising", "service_escalation.csv", row, "rung")


def bad_season(copy: Copy) -> None:
    row = copy.find("office_hours", id="region-summer")
    copy.set("office_hours", row, "season_to", "13-01", "hours.bad_month_day")


def overlapping_seasons(copy: Copy) -> None:
    row = copy.find("office_hours", id="region-summer")
    copy.repeat("office_hours", row, id="late", season_from="09-01", season_to="10-31")
    copy.expect("hours.seasons_overlap", "office_hours.csv", copy.find("office_hours", id="region"), "hours")


FREE = {"service": "export_credit_insurance", "move": "issue_free"}
INSURE = {"service": "export_credit_insurance", "move": "insure"}
STATE, MOVE = {"service": "relief", "state": "assessing"}, {"service": "relief", "move": "act"}


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(bare_refusal, id="a refusal without a basis"),
        pytest.param(doubled_move, id="a move twice"),
        pytest.param(unreachable, id="a state nobody gets to"),
        pytest.param(two_at_once, id="two faults of one machine"),
        pytest.param(rung_out_of_order, id="a rung out of order"),
        pytest.param(bad_season, id="a season that begins on no day"),
        pytest.param(overlapping_seasons, id="seasons that overlap"),
        pytest.param(
            planted("services", {"id": "relief"}, "promise", "5 days", ("clock.bad_promise", "promise")),
            id="a promise that is none",
        ),
        pytest.param(
            planted(
                "service_states",
                {"service": "relief", "state": "evidence"},
                "limit",
                "two weeks",
                ("calendar.bad_term", "limit"),
            ),
            id="a limit that is none",
        ),
        pytest.param(
            planted("service_states", STATE, "stage", "attic", ("case.bad_stage", "state")), id="a stage of nobody"
        ),
        pytest.param(
            planted("service_moves", MOVE, "needs", "a stamp", ("table.not_allowed", "needs")), id="an unknown need"
        ),
        pytest.param(
            planted("service_moves", FREE, "only_if", "free=yes", ("region.service_move_answer", "only_if")),
            id="an answer to a question nobody asks",
        ),
        pytest.param(
            planted("service_moves", FREE, "only_if", "free_policy=maybe", ("region.service_move_answer", "only_if")),
            id="an answer nobody can give",
        ),
        pytest.param(
            planted("service_moves", FREE, "only_if", "free_policy", ("region.service_move_answer", "only_if")),
            id="a condition without an answer",
        ),
        pytest.param(
            planted("service_moves", FREE, "only_if", "buyer=yes", ("region.service_move_answer", "only_if")),
            id="an answer out of a free text",
        ),
        pytest.param(
            planted("service_moves", INSURE, "same_as", "bank:forward", ("case.bad_condition", "move")),
            id="the same of what is no need",
        ),
        pytest.param(
            planted("service_moves", INSURE, "same_as", "body:check", ("case.bad_condition", "move")),
            id="the same as a move that did not say it",
        ),
        pytest.param(
            planted("service_moves", MOVE, "date", "not_past", ("case.bad_condition", "move")),
            id="a rule for a date that is not given",
        ),
        pytest.param(
            planted("service_moves", FREE, "date", "soon", ("table.not_allowed", "date")), id="an unknown rule"
        ),
        pytest.param(
            planted("service_moves", FREE, "effect", "parade", ("table.not_allowed", "effect")),
            id="an unknown effect",
        ),
        pytest.param(
            planted("service_moves", MOVE, "effect", "news_item", ("case.bad_condition", "move")),
            id="an effect of a move without a date",
        ),
        pytest.param(
            planted("office_hours", {"id": "region"}, "hours", "9-5", ("hours.unreadable", "hours")),
            id="hours that are none",
        ),
        pytest.param(
            planted("office_hours", {"id": "region"}, "zone", "Asia/Hohhot", ("hours.unknown_zone", "zone")),
            id="a zone that is none",
        ),
        pytest.param(
            planted("service_escalation", {"id": "all-due"}, "over", "1wd", ("case.bad_rung", "rung")),
            id="a rung that is both",
        ),
    ],
)
def test_a_planted_fault_is_named_with_file_and_row(tmp_path: Path, plant: Callable[[Copy], None]) -> None:
    copy = Copy(tmp_path / "copy")
    copy.expect(*WULIJI)
    plant(copy)
    expected, found = copy.verdict()
    assert found == expected
