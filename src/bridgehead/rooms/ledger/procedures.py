"""The region's procedures of supervision: its templates and clocks, frozen for a case on the day it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import pgettext

from bridgehead.engines.obligations.procedure import Course, Event, Extension, Procedure, course
from bridgehead.engines.obligations.templates import Clock, clocks_on, procedure_of
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import CaseEvent, CaseExtension, SupervisionCase
from bridgehead.rooms.ledger.region import calendar

CONGRESS_PARTS = ("congress", "committee")
"""Parts that the congress owes; the others are the body's that answers."""
_COPIED = ("step", "who", "form", "term", "counts_from", "outcomes", "longest", "name_zh", "name_en", "confidence")


@dataclass(frozen=True, slots=True)
class Template:
    """A procedure of the region: its name, from when on it holds, and its steps as a case keeps them."""

    id: str
    zh: str
    en: str
    valid_from: date | None
    steps: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return speak(language(), self.zh, self.en)


def _plain_step(*given: str) -> Mapping[str, Any]:
    step, who, form, outcomes, zh, en = given
    said = {"step": step, "who": who, "form": form, "outcomes": outcomes, "name_zh": zh, "name_en": en}
    empty = {"term": "", "counts_from": "", "longest": "", "extensions": 0}
    return {**said, **empty, "confidence": "assumption", "source": "no procedure of the region; no term is set"}


PLAIN = Template(
    "plain",
    "一般监督",
    "Plain supervision",
    None,
    (
        _plain_step("report", "government", "paper", ">opinions", "报告", "Report"),
        _plain_step("opinions", "congress", "opinions", ">handling", "审议意见", "Opinions"),
        _plain_step("handling", "government", "paper", ">vote", "研究处理情况报告", "Handling report"),
        _plain_step(
            "vote",
            "congress",
            "vote",
            "satisfied>;basically_satisfied>;not_satisfied>handling",
            "满意度测评",
            "Satisfaction vote",
        ),
    ),
)
"""What a region without a table of its own goes by: the order of things, and no terms."""


def templates(on: date) -> tuple[Template, ...]:
    """Return the procedures a case can be opened by on a day: of each the newest that holds; a plain one without any.

    Articles: 83
    """
    every: tuple[Template, ...] = current().remember("ledger.supervision_templates", _templates)
    newest: dict[str, Template] = {}
    for one in every:
        if one.valid_from is not None and one.valid_from <= on:
            there = newest.get(one.id)
            if there is None or (there.valid_from or date.min) < one.valid_from:
                newest[one.id] = one
    return tuple(newest.values()) or (PLAIN,)


def _templates() -> tuple[Template, ...]:
    rows: dict[tuple[str, date], list[Any]] = {}
    for row in current().region.rows("supervision_templates"):
        rows.setdefault((row.text("template"), date.fromisoformat(row.text("valid_from"))), []).append(row)
    found = []
    for (name, since), of_it in rows.items():
        of_it.sort(key=lambda row: int(row.text("order")))
        steps = tuple(
            {key: row.text(key) for key in (*_COPIED, "source")} | {"extensions": int(row.text("extensions") or 0)}
            for row in of_it
        )
        procedure_of(name, steps)  # a table that leads nowhere is told at once, not when a case is stuck in it
        found.append(Template(name, of_it[0].text("template_zh"), of_it[0].text("template_en"), since, steps))
    return tuple(found)


def clocks() -> tuple[Clock, ...]:
    """Return the clocks of single bodies and levels in the region."""
    found: tuple[Clock, ...] = current().remember("ledger.supervision_clocks", _clocks)
    return found


def _clocks() -> tuple[Clock, ...]:
    return tuple(
        Clock(
            *(row.text(key) for key in ("body", "template", "step", "term")), date.fromisoformat(row.text("valid_from"))
        )
        for row in current().region.rows("supervision_clocks")
    )


def frozen(template: str, body: Organisation, on: date) -> tuple[Template, list[dict[str, Any]]]:
    """Return a template and its steps with the clocks of a body, as a case opened on a day keeps them.

    Raises
    ------
    BridgeheadError
        ``supervision.unknown_template``.
    """
    known = {one.id: one for one in templates(on)}
    found = known.get(template)
    if found is None:
        given = {"template": template, "known": [one.name for one in known.values()]}
        raise BridgeheadError("supervision.unknown_template", given, Place(field="template"))
    own = clocks_on(clocks(), template, (body.code, body.level), on)
    told = {
        (row.text("body"), row.text("template"), row.text("step"), row.text("valid_from")): row
        for row in current().region.rows("supervision_clocks")
    }
    steps = []
    for step in found.steps:
        laid = dict(step)
        clock = own.get(step["step"])
        if clock is not None:
            row = told[clock.body, clock.template, clock.step, str(clock.valid_from)]
            laid |= {"term": clock.term, "confidence": row.text("confidence"), "source": row.text("source")}
        steps.append(laid)
    return found, steps


def procedure(case: SupervisionCase) -> Procedure:
    """Return the procedure of a case, as it was frozen."""
    return procedure_of(case.template, case.steps)


def course_of(
    case: SupervisionCase, events: Sequence[CaseEvent], extensions: Sequence[CaseExtension], on: date
) -> Course:
    """Return where a case stands on a day; what was recorded for later days is left out."""
    granted = [
        Extension(one.step, one.taken, one.until)
        for one in extensions
        if one.state == CaseExtension.State.GRANTED and one.decided_on is not None and one.decided_on <= on
    ]
    taken = [Event(one.step, one.counts_on, one.outcome) for one in events]
    return course(procedure(case), taken, calendar(), on, granted)


def step_of(case: SupervisionCase, step: str) -> Mapping[str, Any]:
    """Return what a case keeps of a step."""
    return next(one for one in case.steps if one["step"] == step)


def step_name(case: SupervisionCase, step: str) -> str:
    """Return what a step is called in the language of the request, empty for none."""
    said = next((one for one in case.steps if one["step"] == step), None)
    return speak(language(), said["name_zh"], said["name_en"]) if said else ""


def owes(case: SupervisionCase, step: str) -> int:
    """Return the organisation that owes a step."""
    return int(case.owner_id if step_of(case, step)["who"] in CONGRESS_PARTS else case.office_id)


def part_name(who: str) -> str:
    """Return the word for the part of a body that owes a step, empty where the body says it all."""
    return {
        "congress": "",
        "committee": pgettext("supervision", "专门委员会"),
        "government": pgettext("supervision", "政府"),
        "responsible": pgettext("supervision", "承办单位"),
    }.get(who, who)


def outcome_name(outcome: str) -> str:
    """Return the word for how a step ended, empty where it can end in one way only."""
    return {
        "": "",
        "satisfied": pgettext("supervision", "满意"),
        "basically_satisfied": pgettext("supervision", "基本满意"),
        "not_satisfied": pgettext("supervision", "不满意"),
        "abstained": pgettext("supervision", "弃权"),
        "closed": pgettext("supervision", "办结"),
        "again": pgettext("supervision", "继续监督"),
    }.get(outcome, outcome)
