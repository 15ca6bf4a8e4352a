"""Forms that correct an inspection: its plan, a question, where and when a sample is visited."""

from __future__ import annotations

import re
from functools import partial

from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.record_forms import Offer, Sent
from bridgehead.rooms.ledger.actions.inspection_changes import (
    change_plan,
    change_question,
    change_sample,
    correct_finding,
    move_mending,
    withdraw_finding,
)
from bridgehead.rooms.ledger.actions.inspection_endings import end_inspection
from bridgehead.rooms.ledger.models import Finding, Inspection, Rectification
from bridgehead.rooms.ledger.selectors.inspections import InspectionPage, severity_word
from bridgehead.rooms.ledger.views.coordination_forms import day_in
from bridgehead.rooms.statute.public import title


def names_in(text: str) -> list[str]:
    """Return the names somebody wrote in a field, one a line or between commas."""
    return re.split(r"[、，,\n]", text)


def changes(viewer: Viewer, seen: InspectionPage) -> list[Offer]:
    """Return the forms that correct an inspection: what stands already is filled in, of samples and questions each."""
    record = seen.inspection
    plan = {"plan": record.plan, "group": "、".join(record.group), "ends_on": str(record.ends_on)}
    found = [Offer("plan", partial(_plan, viewer, record.pk), plan, record.version)]
    for question in seen.questions:
        given = {"text": question.text, "check_what": question.check_what}
        found.append(Offer(f"question-{question.pk}", partial(_question, viewer, question.pk), given))
    for sample in seen.samples:
        given = {"place": sample.place, "visit_on": str(sample.visit_on or "")}
        found.append(Offer(f"sample-{sample.pk}", partial(_sample, viewer, sample.pk), given))
    return found


def move(viewer: Viewer, record: Rectification) -> Offer:
    """Return the form that moves the day a fault is to be mended by."""
    return Offer("move", partial(_move, viewer, record.pk), {"due_on": str(record.due_on), "why": ""}, record.version)


def finding_choices(viewer: Viewer, of: Inspection) -> dict[str, object]:
    """Return what can be chosen in the form that corrects a finding of an inspection."""
    return {
        "article_options": [(one, f"{one} {title(one)}".strip()) for one in of.articles],
        "questions": [(one.pk, f"{one.article} {one.text}") for one in visible(of.questions.all(), viewer)],
        "samples": [(one.pk, one.called) for one in visible(of.samples.all(), viewer)],
        "severities": [(one, severity_word(one)) for one in Finding.Severity.values],
    }


def end(viewer: Viewer, record: Inspection) -> Offer:
    """Return the form that ends an inspection."""
    values = {"how": "", "on": str(timezone.localdate()), "why": ""}
    return Offer("end", partial(_end, viewer, record.pk), values, record.version)


def _end(viewer: Viewer, inspection: int, sent: Sent) -> None:
    told = {"how": sent.text("how"), "on": day_in(sent, "on"), "why": sent.text("why"), "version": sent.version}
    end_inspection(by=viewer, inspection=inspection, once=sent.once, unread=sent.unread, **told)


def correct(viewer: Viewer, record: Finding) -> Offer:
    """Return the form that corrects what a finding says."""
    values = {
        "text": record.text,
        "article": str(record.article),
        "question": str(record.question_id or ""),
        "sample": str(record.sample_id or ""),
        "severity": record.severity,
        "why": "",
    }
    return Offer("correct", partial(_correct, viewer, record.pk), values, record.version)


def _correct(viewer: Viewer, finding: int, sent: Sent) -> None:
    told = {name: sent.number(name) for name in ("article", "question", "sample")}
    said = {name: sent.text(name) for name in ("text", "severity", "why")}
    given = {"version": sent.version, "once": sent.once, "unread": sent.unread}
    correct_finding(by=viewer, finding=finding, **told, **said, **given)  # type: ignore[arg-type]


def withdraw(viewer: Viewer, record: Finding) -> Offer:
    """Return the form that withdraws a finding recorded by mistake."""
    return Offer("withdraw", partial(_withdraw, viewer, record.pk), {"why": ""}, record.version)


def _withdraw(viewer: Viewer, finding: int, sent: Sent) -> None:
    withdraw_finding(by=viewer, finding=finding, why=sent.text("why"), version=sent.version, once=sent.once)


def _plan(viewer: Viewer, inspection: int, sent: Sent) -> None:
    told = {"plan": sent.text("plan"), "group": names_in(sent.text("group")), "ends_on": day_in(sent, "ends_on")}
    given = {"version": sent.version, "once": sent.once, "unread": sent.unread}
    change_plan(by=viewer, inspection=inspection, **told, **given)  # type: ignore[arg-type]


def _question(viewer: Viewer, question: int, sent: Sent) -> None:
    given = {"text": sent.text("text"), "check_what": sent.text("check_what"), "once": sent.once}
    change_question(by=viewer, question=question, **given)


def _sample(viewer: Viewer, sample: int, sent: Sent) -> None:
    told = {"place": sent.text("place"), "visit_on": sent.day("visit_on")}
    change_sample(by=viewer, sample=sample, once=sent.once, unread=sent.unread, **told)  # type: ignore[arg-type]


def _move(viewer: Viewer, rectification: int, sent: Sent) -> None:
    told = {"due_on": day_in(sent, "due_on"), "why": sent.text("why"), "version": sent.version}
    move_mending(by=viewer, rectification=rectification, once=sent.once, unread=sent.unread, **told)
