"""Actions on cases of supervision: opening one, and taking its steps one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bridgehead.engines.obligations.procedure import Stage
from bridgehead.engines.obligations.votes import Votes
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.supervision_parts import (
    LONGEST_LINE,
    LONGEST_TITLE,
    body,
    kept_file,
    known_articles,
    not_later,
    today,
    told,
)
from bridgehead.rooms.ledger.models import CaseEvent, Opinion, SupervisionCase, Vote
from bridgehead.rooms.ledger.procedures import CONGRESS_PARTS, course_of, frozen, owes, procedure, step_of
from bridgehead.rooms.ledger.who import ANSWER, SUPERVISE

MOST_OPINIONS = 40


@action("supervision.open", permission=SUPERVISE)
def open_case(
    deed: Deed,
    *,
    organisation: int,
    office: int | None,
    template: str,
    title: str,
    articles: Iterable[int],
    opened_on: date,
) -> SupervisionCase:
    """Open a case: its steps and clocks are those of that day, whatever the tables say later.

    Parameters
    ----------
    deed : Deed
        Who opens it.
    organisation : int
        The congress.
    office : int
        The body that answers.
    template : str
        Which procedure of the region.
    title : str
        What it is about.
    articles : iterable of int
        The articles of the regulation it is about.
    opened_on : date
        From when on it runs.

    Raises
    ------
    BridgeheadError
        ``supervision.unknown_template``, ``ledger.unknown_body``, ``supervision.own_house``, ``form.missing``,
        ``supervision.too_long``, ``supervision.unknown_article``, ``supervision.not_yet``.

    Articles: 83
    """
    deed.require_in(organisation)
    owner = deed.lock(Organisation, organisation)
    answers = body(deed, office, "office")
    if answers is not None and answers.pk == owner.pk:
        deed.refuse("supervision.own_house", None, "office")
    title = told(deed, title, "title", longest=LONGEST_TITLE)
    about = known_articles(deed, articles)
    not_later(deed, opened_on, "opened_on")
    try:
        found, steps = frozen(template, owner, opened_on)
    except BridgeheadError as unknown:
        deed.refuse(unknown.code, unknown.faults[0].parameters, "template")
    deed.check()
    deed.holds_from(opened_on)
    case = SupervisionCase(
        owner=owner,
        office=answers,
        title=title,
        template=found.id,
        template_zh=found.zh,
        template_en=found.en,
        valid_from=found.valid_from,
        steps=steps,
        articles=about,
        opened_on=opened_on,
        author_id=deed.by.person_id,
    )
    case.waits = procedure(case).steps[0].id
    case.waits_for_id = owes(case, case.waits)
    return deed.create(case)


@action("supervision.step")
def take_step(
    deed: Deed,
    *,
    case: int,
    step: str,
    on: date,
    version: int | None = None,
    outcome: str = "",
    summary: str = "",
    despite: str = "",
    file: Received | None = None,
    opinions: Sequence[Mapping[str, Any]] = (),
    votes: Mapping[str, int] | None = None,
) -> CaseEvent:
    """Record the step that is next, by the side that owes it.

    Parameters
    ----------
    deed : Deed
        Who records it.
    case : int
        The case.
    step : str
        The step.
    on : date
        When it was taken.
    version : int, optional
        Version of the case the form was filled in with.
    outcome : str
        How it ended, where it can end in several ways; that of a vote is worked out.
    summary : str
        What it says.
    despite : str
        Why it is voted on or ended while opinions are open, where some are; kept with the step.
    file : Received, optional
        Its paper.
    opinions : sequence of mapping
        ``text``, ``office`` and ``due_on`` of each opinion, where the step is to issue opinions.
    votes : mapping, optional
        What was counted, where it is a vote.

    Raises
    ------
    BridgeheadError
        ``procedure.ended``, ``procedure.out_of_order``, ``procedure.before_previous``, ``procedure.unknown_outcome``,
        ``supervision.not_yet``, ``supervision.no_opinion``, ``supervision.due_before``, ``vote.too_many`` and the other
        faults of votes, ``supervision.opinions_open`` for a vote or an end while opinions are open and no reason is
        given, ``form.missing``; all at once.

    Articles: 83
    """
    record = deed.lock(SupervisionCase, case, version)
    waits = record.waits or record.steps[-1]["step"]
    congress = step_of(record, waits)["who"] in CONGRESS_PARTS
    deed.require(SUPERVISE if congress else ANSWER, owes(record, waits))
    events = list(record.events.order_by("id"))
    _check_order(deed, record, step, on, events)
    kind = step_of(record, waits)["form"] if step == waits else "paper"
    counted = _votes(deed, votes or {}) if kind == "vote" else None
    given = _opinions(deed, record, opinions, on) if kind == "opinions" else []
    if kind == "vote":
        outcome = counted.outcome if counted else ""
    elif step == record.waits:
        _check_outcome(deed, record, step, outcome, events)
    summary = told(deed, summary, "summary", needed=kind == "paper")
    despite = told(deed, despite, "despite", needed=False, longest=LONGEST_LINE)
    if step == record.waits and not despite:
        _check_settled(deed, record, kind, outcome, events)
    deed.check()
    deed.holds_from(on)
    owner, reader = (record.owner_id, record.office_id) if congress else (record.office_id, record.owner_id)
    event = deed.create(
        CaseEvent(
            case=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            step=step,
            taken=1 + sum(one.step == step for one in events),
            on=on,
            recorded_on=today(deed),
            outcome=outcome,
            summary=summary,
            despite=despite,
            file=kept_file(deed, file, owner, reader),
            author_id=deed.by.person_id,
        )
    )
    if counted is not None:
        sides = {"owner_id": record.owner_id, "office_id": record.office_id}
        deed.create(Vote(event=event, **sides, **{name: getattr(counted, name) for name in _COUNTED}))
    waiting = settle(deed, record)
    _issue(deed, record, given, on, waiting)
    return event


_COUNTED = ("satisfied", "basically_satisfied", "not_satisfied", "abstained", "members")


def settle(deed: Deed, case: SupervisionCase) -> Stage | None:
    """Say in a case which step is next and who owes it by when, as follows from what was recorded."""
    events, extensions = list(case.events.order_by("id")), list(case.extensions.order_by("id"))
    waits = course_of(case, events, extensions, today(deed)).waits
    if waits is None:
        ended = {"state": SupervisionCase.State.CLOSED, "closed_on": events[-1].counts_on}
        deed.change(case, waits="", waits_for_id=None, due_on=None, provisional=False, **ended)
        return None
    due = waits.due
    deed.change(
        case,
        state=SupervisionCase.State.OPEN,
        closed_on=None,
        waits=waits.step.id,
        waits_for_id=owes(case, waits.step.id),
        due_on=due.day if due else None,
        provisional=bool(due and due.provisional),
    )
    return waits


def _check_order(deed: Deed, case: SupervisionCase, step: str, on: date, events: Sequence[CaseEvent]) -> None:
    if not case.waits:
        deed.refuse("procedure.ended", {"step": step}, "step")
    elif step != case.waits:
        deed.refuse("procedure.out_of_order", {"step": step, "next": case.waits}, "step")
    before = events[-1].counts_on if events else case.opened_on
    if on < before:
        deed.refuse("procedure.before_previous", {"step": step, "on": str(on), "before": str(before)}, "on")
    not_later(deed, on, "on")


def _check_outcome(deed: Deed, case: SupervisionCase, step: str, outcome: str, events: Sequence[CaseEvent]) -> None:
    try:
        procedure(case).by_id[step].next(outcome, 1 + sum(one.step == step for one in events))
    except BridgeheadError as unknown:
        deed.refuse(unknown.code, unknown.faults[0].parameters, "outcome")


def _check_settled(deed: Deed, case: SupervisionCase, kind: str, outcome: str, events: Sequence[CaseEvent]) -> None:
    """Note a vote, or a step that ends a case, while opinions of it are not accepted."""
    open_still = case.opinions.exclude(state=Opinion.State.ACCEPTED).order_by("number")
    numbers = list(open_still.values_list("number", flat=True))
    if not numbers:
        return
    step = procedure(case).by_id[case.waits]
    taken = 1 + sum(one.step == step.id for one in events)
    after = {one.to for one in step.branches if one.outcome == outcome and one.from_round <= taken}
    if kind == "vote" or "" in after:
        deed.refuse("supervision.opinions_open", {"numbers": numbers}, "despite")


def _votes(deed: Deed, given: Mapping[str, int]) -> Votes | None:
    for name in _COUNTED:
        if given.get(name) is None:
            deed.refuse("form.missing", None, name)
    if any(given.get(name) is None for name in _COUNTED):
        return None
    try:
        return Votes(**{name: given[name] for name in _COUNTED})
    except BridgeheadError as wrong:
        for fault in wrong.faults:
            deed.refuse(fault.code, fault.parameters, fault.place.field)
        return None


def _opinions(
    deed: Deed, case: SupervisionCase, given: Sequence[Mapping[str, Any]], on: date
) -> list[tuple[str, Organisation | None, date | None]]:
    """Return the opinions of a form; note everything that is wrong with them."""
    if not given:
        deed.refuse("supervision.no_opinion", None, "opinions")
    if len(given) > MOST_OPINIONS:
        deed.refuse("supervision.too_many_opinions", {"limit": MOST_OPINIONS}, "opinions")
    found = []
    for one in given[:MOST_OPINIONS]:
        due = one.get("due_on")
        if due is not None and due < on:
            deed.refuse("supervision.due_before", {"due": str(due), "on": str(on)}, "opinions")
        handles = body(deed, one.get("office") or case.office_id, "opinions")
        found.append((told(deed, str(one.get("text", "")), "opinions"), handles, due))
    return found


def _issue(
    deed: Deed,
    case: SupervisionCase,
    given: Sequence[tuple[str, Organisation | None, date | None]],
    on: date,
    waiting: Stage | None,
) -> None:
    """Issue opinions: each is due by its own day, else with the step that follows."""
    falls_due = waiting.due.day if waiting and waiting.due else None
    there = case.opinions.count()
    for number, (text, handles, due) in enumerate(given, there + 1):
        deed.create(
            Opinion(
                case=case,
                owner_id=case.owner_id,
                office=handles,
                matter=case.title,
                number=number,
                text=text,
                issued_on=on,
                due_on=due or falls_due,
            )
        )
