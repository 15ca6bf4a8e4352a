"""Giving a task, and one task with everything about it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Answer, Offer, Sent, taken
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import Told, draft_evidence
from bridgehead.rooms.ledger.actions.goals import drop_milestone, drop_target, set_milestone, set_target
from bridgehead.rooms.ledger.actions.tasks import change_task, end_task, give_task, join_in, leave
from bridgehead.rooms.ledger.models import Part, Target, Task
from bridgehead.rooms.ledger.papers.escalation import rung_paper
from bridgehead.rooms.ledger.papers.tasks import task_paper
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.giving import (
    Giving,
    Whole,
    giving,
    indicators,
    may_divide,
    may_give,
    may_keep,
    units,
    whole,
    wholes,
)
from bridgehead.rooms.ledger.selectors.periods import closed_for_evidence
from bridgehead.rooms.ledger.selectors.tasks import TaskPage, task_page
from bridgehead.rooms.ledger.units import unit_choices
from bridgehead.rooms.ledger.views.coordination_forms import InLanguage, as_docx
from bridgehead.rooms.ledger.views.duties import DOCX
from bridgehead.rooms.ledger.who import HAND_IN, HASTEN, KEEP, bodies, discipline_bodies
from bridgehead.rooms.ledger.wording import part_word

NEW = ("organisation", "title", "what", "lead", "due_on", "term", "period", "joint", "supervised", "parent", "weight")
EVIDENCE = ("organisation", "claim", "issuer", "dated_on", "part", "value", "unit", "as_of", "source", "completes")


def new_task(request: HttpRequest) -> HttpResponse:
    """Give a task for a duty, a decision, a problem, or as part of another one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    for_what = giving(
        viewer,
        number(asked.get("duty", "")),
        number(asked.get("parent", "")),
        asked.get("matter", "")[:60],
        number(asked.get("article", "")),
    )
    able = for_what.owners
    first = dict.fromkeys(NEW, "") | {"title": for_what.title, "lead": for_what.lead, "joint": for_what.joint}
    if for_what.parent:  # no field of the form then: what is wrong with it is told above
        del first["parent"]

    def offered() -> list[Offer]:
        return [Offer("give", give, first)] if able else []

    made: list[Task] = []

    def give(sent: Sent) -> None:
        made.append(_give(viewer, for_what, sent))

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:task", args=[made[0].pk]))
    context = {
        "for_what": for_what,
        "form": answer.states.get("give"),
        "filling": answer.states["give"].filling if answer.states else None,
        "organisations": choices(able),
        "bodies": choices(bodies(viewer)),
        "chosen": _chosen(request, first),
        "wholes": []
        if for_what.parent or not answer.states
        else wholes(viewer, for_what.duty.pk if for_what.duty else None, for_what.article),
        "query": request.GET.urlencode(),
    }
    return drawn(request, "ledger/task_new.html", context, answer.status)


def _chosen(request: HttpRequest, first: dict[str, str]) -> dict[str, list[str]]:
    """Return which bodies are marked in the two lists of the form."""
    if request.method == "POST":
        return {name: request.POST.getlist(name) for name in ("joint", "supervised")}
    return {name: first[name].split() for name in ("joint", "supervised")}


def _give(viewer: Viewer, for_what: Giving, sent: Sent) -> Task:
    owner = sent.organisation(viewer, for_what.owners)
    due_on, weight = sent.day("due_on"), sent.decimal("weight")
    lead, chosen = sent.number("lead"), sent.number("parent")
    joint = [number(one) for one in sent.texts("joint")]
    supervised = [number(one) for one in sent.texts("supervised")]
    more: dict[str, Any] = {} if weight is None else {"weight": weight}
    above = for_what.parent.pk if for_what.parent else chosen
    return give_task(
        by=viewer,
        owner=owner.pk,
        lead=lead,
        title=sent.text("title"),
        what=sent.text("what"),
        due_on=due_on,
        term=sent.text("term"),
        period=sent.text("period"),
        # A part counts for the duty through its whole.
        duty=for_what.duty.pk if for_what.duty and above is None else None,
        article=for_what.article,
        parent=above,
        matter=for_what.matter,
        joint=joint,
        supervised=supervised,
        once=sent.once,
        unread=sent.unread,
        **more,
    )


def task(request: HttpRequest, ledger_task: int) -> HttpResponse:
    """Show one task; change it, set what it is made of, hand in evidence, escalate.

    Articles: 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = task_page(viewer, ledger_task, day_of(request.GET.get("on", "")))

    def offered() -> list[Offer]:
        now = page if request.method == "GET" else task_page(viewer, ledger_task)
        return _offers(viewer, now) if page.today else []

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:task", args=[ledger_task]))
    handing = offices_handing_in(viewer, page)
    context = {
        "seen": page,
        "at": at(page.on),
        "forms": answer.states,
        "refused": answer.refused is not None,
        "filling": _filling(answer, "evidence"),
        "keeps": may_keep(viewer, page.line.task),
        "divides": may_divide(viewer, page.line.task),
        "gives": may_give(viewer),
        "organisations": choices(handing),
        "wholes": _wholes(viewer, page) if "change" in answer.states else [],
        "bodies": choices(bodies(viewer)) if answer.states else [],
        "parts": [(one, part_word(one)) for one in (Part.JOINT, Part.SUPERVISED)],
        "goals": _goals(page),
        "targets": page.targets,
        "disciplines": _disciplines(viewer, page) if "rung" in answer.states else [],
        "indicators": indicators() if "target" in answer.states else [],
        "units": units() if "target" in answer.states else [],
        "figure_units": target_units(page),
        "closed": closed_for_evidence(page.line.task.owner_id) if "evidence" in answer.states else None,
        "limit_mb": round(file_store().largest_b / 1e6),
        "kinds": [kind.title("zh") for kind in kinds().values()],
        "accept": ",".join(f".{ending}" for kind in kinds().values() for ending in kind.endings),
    }
    return drawn(request, "ledger/task.html", context, answer.status)


def _filling(answer: Answer, name: str) -> Any:
    if answer.refused is not None:
        return answer.refused.filling
    return answer.states[name].filling if name in answer.states else None


def offices_handing_in(viewer: Viewer, page: TaskPage) -> list[Any]:
    """Return the bodies for which somebody may hand in evidence of a task."""
    taking = {page.line.task.office_id} | {one.office_id for one, _, _ in page.parts if one.part != Part.SUPERVISED}
    return [one for one in able_in(viewer, HAND_IN) if one.pk in taking]


def _disciplines(viewer: Viewer, page: TaskPage) -> list[tuple[str, str, str]]:
    """Return the discipline bodies a hand-over can be addressed to, where that is what comes next."""
    step = page.line.next_rung
    return choices(discipline_bodies(viewer)) if step is not None and step.outside else []


def rung_docx(request: HttpRequest, ledger_task: int, escalation: int) -> HttpResponse:
    """Send the paper of a rung that was taken as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        return as_docx(rung_paper(viewer, ledger_task, escalation), f"escalation-{escalation}")


def target_units(page: TaskPage) -> list[tuple[str, str]]:
    """Return the units a figure for one of the targets of a task can be given in, those of the targets first."""
    return unit_choices([one.record.unit for one in page.targets if isinstance(one.record, Target)])


def _wholes(viewer: Viewer, page: TaskPage) -> list[Whole]:
    """Return what a task can be made a part of: tasks of its own duty, or of that of its whole, and this one."""
    task, above = page.line.task, page.above
    duty = task.duty_id or (above.duty_id if above else None)
    found = wholes(viewer, duty, task.article, but=task.pk)
    return found if above is None or whole(above) in found else [whole(above), *found]


def _goals(page: TaskPage) -> list[tuple[str, str]]:
    """Return milestones and targets as choices of the form of evidence."""
    milestones = [(f"m{one.record.pk}", one.name) for one in page.milestones]
    return milestones + [(f"t{one.record.pk}", one.name) for one in page.targets]


def _offers(viewer: Viewer, page: TaskPage) -> list[Offer]:
    record = page.line.task
    found: list[Offer] = []
    if record.state == Task.State.ENDED:
        return found
    if offices_handing_in(viewer, page):
        hand_in = partial(_hand_in, viewer, page)
        found.append(Offer("evidence", hand_in, dict.fromkeys(EVIDENCE, ""), files=("file",)))
    hastens = page.rung_from is None or viewer.grant_for(HASTEN, record.owner_id, to_write=True) is not None
    if viewer.grant_for(KEEP, record.owner_id, to_write=True) and page.line.next_rung and hastens:
        values = dict.fromkeys(("note", "to", "to_text", "early_why"), "")
        found.append(Offer("rung", partial(_rung, viewer, record.pk), values))
    if not may_keep(viewer, record):
        return found
    shown = {
        "title": record.title,
        "what": record.what,
        "lead": str(record.office_id),
        "due_on": record.due_on.isoformat(),
        "parent": str(record.parent_id or ""),
        "weight": f"{record.weight.normalize():f}",
        "reason": "",
    }
    found.append(Offer("change", partial(_change, viewer, record), shown, record.version))
    found.append(Offer("end", partial(_end, viewer, record.pk), {"reason": ""}, record.version))
    found.append(Offer("join", partial(_join, viewer, record.pk), {"body": "", "part": "joint"}))
    found.append(Offer("milestone", partial(_milestone, viewer, record.pk), {"title": "", "due_on": "", "weight": ""}))
    found.append(Offer("target", partial(_target, viewer, record.pk), dict.fromkeys(TARGET, "")))
    for part, _, _ in page.parts:
        found.append(Offer(f"leave-{part.pk}", partial(_leave, viewer, part.pk), {}, part.version))
    for goal in (*page.milestones, *page.targets):
        drop = partial(_drop, viewer, goal.record.RECORD, goal.record.pk)
        name = f"drop-{goal.record.RECORD}-{goal.record.pk}"
        found.append(Offer(name, drop, {"reason": ""}, goal.record.version))
    return found


TARGET = ("indicator", "baseline", "goal", "unit", "weight")


def _hand_in(viewer: Viewer, page: TaskPage, sent: Sent) -> None:
    at = sent.organisation(viewer, offices_handing_in(viewer, page))
    told, file = told_in(sent), sent.file()
    draft_evidence(
        by=viewer,
        task=page.line.task.pk,
        organisation=at.pk,
        told=told,
        file=file,
        hand_in=sent.text("do") != "draft",
        once=sent.once,
        unread=sent.unread,
    )


def told_in(sent: Sent) -> Told:
    """Return what a form of evidence says; what cannot be read is noted in the form."""
    dated_on, as_of, value = sent.day("dated_on"), sent.day("as_of"), sent.decimal("value")
    part = sent.text("part")
    return Told(
        claim=sent.text("claim"),
        issuer=sent.text("issuer"),
        dated_on=dated_on,
        milestone=number(part[1:]) or None if part.startswith("m") else None,
        target=number(part[1:]) or None if part.startswith("t") else None,
        completes=bool(sent.text("completes")),
        value=value,
        unit=sent.text("unit"),
        as_of=as_of,
        source=sent.text("source"),
    )


def _rung(viewer: Viewer, task: int, sent: Sent) -> None:
    told = {name: sent.text(name) for name in ("rung", "note", "to_text", "early_why")}
    take_rung(by=viewer, task=task, to=sent.number("to"), once=sent.once, unread=sent.unread, **told)


def _change(viewer: Viewer, record: Task, sent: Sent) -> None:
    due_on, lead = sent.day("due_on"), sent.number("lead")
    if due_on is None and sent.text("due_on"):  # it cannot be read: that no reason is given for another day is no fault
        due_on = record.due_on
    parent, weight = sent.number("parent"), sent.decimal("weight")
    change_task(
        by=viewer,
        task=record.pk,
        version=sent.version,
        title=sent.text("title"),
        what=sent.text("what"),
        lead=lead,
        due_on=due_on,
        parent=parent,
        weight=weight,
        reason=sent.text("reason"),
        once=sent.once,
        unread=sent.unread,
    )


def _end(viewer: Viewer, task: int, sent: Sent) -> None:
    end_task(by=viewer, task=task, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _join(viewer: Viewer, task: int, sent: Sent) -> None:
    chosen, part = sent.number("body", needed=True), sent.text("part")
    join_in(by=viewer, task=task, organisation=chosen, part=part, once=sent.once, unread=sent.unread)


def _leave(viewer: Viewer, part: int, sent: Sent) -> None:
    leave(by=viewer, part=part, version=sent.version, once=sent.once)


def _milestone(viewer: Viewer, task: int, sent: Sent) -> None:
    due_on, weight = sent.day("due_on"), sent.decimal("weight")
    more: dict[str, Any] = {} if weight is None else {"weight": weight}
    told = {"title": sent.text("title"), "due_on": due_on}
    set_milestone(by=viewer, task=task, once=sent.once, unread=sent.unread, **told, **more)


def _target(viewer: Viewer, task: int, sent: Sent) -> None:
    baseline, goal = sent.decimal("baseline", needed=True), sent.decimal("goal", needed=True)
    weight = sent.decimal("weight")
    indicator, unit = sent.text("indicator", needed=True), sent.text("unit", needed=True)
    more: dict[str, Any] = {} if weight is None else {"weight": weight}
    told = {"indicator": indicator, "baseline": baseline or Decimal(0), "goal": goal or Decimal(0), "unit": unit}
    set_target(by=viewer, task=task, once=sent.once, unread=sent.unread, **told, **more)


def _drop(viewer: Viewer, kind: str, record: int, sent: Sent) -> None:
    same: dict[str, Any] = {"version": sent.version, "reason": sent.text("reason"), "once": sent.once}
    if kind == "milestone":
        drop_milestone(by=viewer, milestone=record, **same)
    else:
        drop_target(by=viewer, target=record, **same)


def task_docx(request: HttpRequest, ledger_task: int) -> HttpResponse:
    """Send one task with its evidence on a day as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return attachment(task_paper(viewer, ledger_task, day), f"task-{ledger_task}.docx", DOCX)
