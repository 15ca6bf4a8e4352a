"""One case of supervision: its chain of steps, what was recorded at each, opinions and longer terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import npgettext, pgettext

from bridgehead.engines.obligations.procedure import Stage
from bridgehead.engines.obligations.templates import read_branches
from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import CaseEvent, CaseExtension, Inspection, Opinion, SupervisionCase
from bridgehead.rooms.ledger.procedures import (
    CONGRESS_PARTS,
    course_of,
    outcome_name,
    part_name,
    step_name,
    step_of,
)
from bridgehead.rooms.ledger.selectors.as_of import extension_on
from bridgehead.rooms.ledger.selectors.supervision_lines import (
    CaseLine,
    OpinionLine,
    case_answer,
    case_line,
    extension_state,
    opinion_lines,
    term_words,
)
from bridgehead.rooms.ledger.who import name_of, named, names_of


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain of a case.

    Attributes
    ----------
    name, part, by : str
        The step, the part of the body that owes it, and the body.
    taken : int
        The so-many-th time.
    look : str
        ``done``, ``now`` or empty: how it is drawn.
    term : str
        How long that one has, in words; empty where nothing says.
    due, on : date or None
        Its last day, and the day it was taken.
    provisional : bool
        Whether the last day may still move.
    late_wd : int
        Working days it was late.
    outcome : str
        How it ended, in words.
    confidence, source : str
        What the term rests on.
    """

    name: str
    part: str
    by: str
    taken: int
    look: str
    term: str
    due: date | None
    on: date | None
    provisional: bool
    late_wd: int
    outcome: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """What was recorded at a step: by whom, with what paper and which votes."""

    event: CaseEvent
    step: str
    outcome: str
    by: str
    votes: Sequence[tuple[str, int]]

    @property
    def days(self) -> str:
        """When it was recorded, where that is another day than the one it says, and when it was received."""
        one, said = self.event, []
        if one.recorded_on != one.on:
            said.append(pgettext("supervision", "%(day)s 记录") % {"day": wording.day(one.recorded_on, language())})
        if one.received_on is not None:
            said.append(pgettext("supervision", "%(day)s 收到") % {"day": wording.day(one.received_on, language())})
        return pgettext("supervision", "，").join(said)


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request for a longer term and what was said to it."""

    extension: CaseExtension
    step: str
    state: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case as it stood on a day."""

    on: date
    answer: str
    line: CaseLine
    congress: str
    answers: str
    chain: Sequence[ChainStep]
    events: Sequence[EventLine]
    opinions: Sequence[OpinionLine]
    extensions: Sequence[ExtensionLine]
    inspections: Sequence[Inspection]
    waits: Mapping[str, Any] | None
    outcomes: Sequence[tuple[str, str]]

    @property
    def case(self) -> SupervisionCase:
        """The case."""
        return self.line.case

    @property
    def asks_despite(self) -> bool:
        """Whether the step that waits is a vote or may end the case while opinions are open: why is to be said."""
        open_still = any(one.opinion.state != Opinion.State.ACCEPTED for one in self.opinions)
        if not open_still or self.waits is None:
            return False
        ends = any(not one.to for one in read_branches(self.waits["outcomes"]))
        return self.waits["form"] == "vote" or ends

    @property
    def congress_owes(self) -> bool:
        """Whether the congress owes the next step."""
        return self.waits is not None and self.waits["who"] in CONGRESS_PARTS


def case_page(viewer: Viewer, case: int, on: date) -> CasePage:
    """Return everything about a case as it stood on a day.

    Raises
    ------
    BridgeheadError
        ``supervision.no_such_case``.

    Articles: 83
    """
    record = visible(SupervisionCase, viewer).filter(pk=case).select_related("owner", "office").first()
    if record is None:
        raise BridgeheadError("supervision.no_such_case")
    events = list(visible(CaseEvent, viewer).filter(case=record).select_related("file", "vote").order_by("id"))
    asked = visible(CaseExtension, viewer).filter(case=record, asked_on__lte=on).order_by("id")
    extensions = [extension_on(one, on) for one in asked]
    stands = course_of(record, events, extensions, on)
    line = case_line(record, stands.waits, on)
    shown = [one for one in events if one.counts_on <= on]
    people = names_of({one.author_id for one in (*shown, *extensions)})
    issued = visible(Opinion, viewer).filter(case=record, issued_on__lte=on).select_related("office", "file")
    opinions = opinion_lines(issued.order_by("number"), on)
    waits = step_of(record, stands.waits.step.id) if stands.waits else None
    return CasePage(
        on=on,
        answer=_answer(line, opinions),
        line=line,
        congress=named(record.owner),
        answers=named(record.office),
        chain=_chain(record, stands.behind, stands.waits),
        events=[
            EventLine(
                one,
                step_name(record, one.step),
                outcome_name(one.outcome),
                name_of(one.author_id, people),
                _counts(one),
            )
            for one in shown
        ],
        opinions=opinions,
        extensions=[
            ExtensionLine(one, step_name(record, one.step), extension_state(one.state), name_of(one.author_id, people))
            for one in extensions
        ],
        inspections=list(visible(Inspection, viewer).filter(case=record)),
        waits=waits,
        outcomes=_outcomes(stands.waits),
    )


def _answer(line: CaseLine, opinions: Sequence[OpinionLine]) -> str:
    """Return the one sentence that says how a case stands, with the opinions that are not accepted."""
    said = case_answer(line)
    left = [one.opinion.number for one in opinions if one.opinion.state != Opinion.State.ACCEPTED]
    if not left:
        return said
    given = {"said": said, "numbers": ("、" if language() == "zh" else ", ").join(map(str, left))}
    words = npgettext(
        "supervision",
        "%(said)s；第 %(numbers)s 条审议意见还没有认可",
        "%(said)s；第 %(numbers)s 条审议意见还没有认可",
        len(left),
    )
    return words % given


def _counts(event: CaseEvent) -> list[tuple[str, int]]:
    vote = getattr(event, "vote", None)
    if vote is None:
        return []
    names = ("satisfied", "basically_satisfied", "not_satisfied", "abstained")
    return [(outcome_name(one), getattr(vote, one)) for one in names] + [
        (pgettext("supervision", "全体组成人员"), vote.members)
    ]


def _outcomes(waits: Stage | None) -> list[tuple[str, str]]:
    """Return the ways the step that waits can end, where there are several; a vote ends as it was counted."""
    found: dict[str, str] = {}
    for one in waits.step.branches if waits else ():
        if one.outcome:
            found[one.outcome] = outcome_name(one.outcome)
    return list(found.items())


def _chain(case: SupervisionCase, behind: Sequence[Stage], waits: Stage | None) -> list[ChainStep]:
    """Return the steps that were taken, the one that waits, and those that follow if all goes well."""
    found = [_chain_step(case, one.step.id, "done", one) for one in behind]
    if waits is None:
        return found
    found.append(_chain_step(case, waits.step.id, "now", waits))
    seen, following = {waits.step.id}, waits.step.branches[0].to
    by_id = {one["step"]: one for one in case.steps}
    while following and following not in seen:
        seen.add(following)
        found.append(_chain_step(case, following, ""))
        following = read_branches(by_id[following]["outcomes"])[0].to
    return found


def _chain_step(case: SupervisionCase, step: str, look: str, stage: Stage | None = None) -> ChainStep:
    said = step_of(case, step)
    due = stage.due if stage else None
    return ChainStep(
        name=speak(language(), said["name_zh"], said["name_en"]),
        part=part_name(said["who"]),
        by=named(case.owner if said["who"] in CONGRESS_PARTS else case.office),
        taken=stage.taken if stage else 1,
        look=look,
        term=term_words(said["term"]),
        due=due.day if due else None,
        on=stage.on if stage else None,
        provisional=bool(due and due.provisional),
        late_wd=stage.late_wd if stage else 0,
        outcome=outcome_name(stage.outcome) if stage else "",
        confidence=said["confidence"],
        source=said["source"],
    )
