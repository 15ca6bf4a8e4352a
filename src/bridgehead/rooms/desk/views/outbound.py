"""Pages of projects abroad, for the firm and for the office it named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.outbound import (
    LIMITS,
    ProjectTold,
    answer_checklist,
    change_project,
    consent_office,
    register_project,
)
from bridgehead.rooms.desk.actions.outbound_care import close_visit, drop_visit, plan_visit, record_visit
from bridgehead.rooms.desk.checklist import ANSWERS
from bridgehead.rooms.desk.models import OutboundProject, PatrolVisit
from bridgehead.rooms.desk.selectors.outbound import (
    ProjectPage,
    care_page,
    own_firms,
    project_page,
    register,
)
from bridgehead.rooms.desk.selectors.outbound import care as care_of
from bridgehead.rooms.desk.tags import country_name

FIELDS = (*LIMITS, "country", "people", "starts_on", "ends_on")
Visit = PatrolVisit.State


def outbound(request: HttpRequest) -> HttpResponse:
    """Show the projects abroad of somebody's firms; register one.

    Articles: 47, 48
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    made: list[OutboundProject] = []

    def save(sent: Sent) -> None:
        firm = sent.organisation(viewer, own_firms(viewer), "firm")
        told = _told(sent)
        made.append(register_project(by=viewer, firm=firm.pk, told=told, once=sent.once, unread=sent.unread))

    answer = taken(request, lambda: [Offer("project", save, dict.fromkeys((*FIELDS, "firm"), ""))])
    if made:
        return HttpResponseRedirect(reverse("desk:outbound-project", args=[made[0].pk]))
    seen = register(viewer)
    context = {"seen": seen, "form": answer.states["project"], "refused": answer.refused, "firms": choices(seen.firms)}
    return drawn(request, "desk/outbound.html", context, answer.status)


def project(request: HttpRequest, project: int) -> HttpResponse:
    """Show one project abroad to its firm; answer the checklist, name an office, change it.

    Articles: 47, 48
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: ProjectPage) -> list[Offer]:
        row = page.project.record
        given = {f"note_{one.id}": one.note for one in page.project.items}
        given |= {one.id: one.answer for one in page.project.items}
        return [
            Offer("answers", partial(_answers, viewer, page), given, row.version),
            Offer("consent", partial(_consent, viewer, row), {"office": str(row.office_id or "")}, row.version),
            Offer("project", partial(_change, viewer, row), _values(row), row.version),
        ]

    seen, answer = taken_of(request, lambda: project_page(viewer, project), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:outbound-project', args=[project])}?done={answer.done}")
    context = {
        "seen": seen,
        "forms": answer.states,
        "refused": answer.refused,
        "answers": [("", pgettext("outbound answer", "还没有答")), *((one, answer_word(one)) for one in ANSWERS)],
        "offices": choices(list(seen.offices)),
    }
    return drawn(request, "desk/outbound_project.html", context, answer.status)


def care(request: HttpRequest) -> HttpResponse:
    """Show the projects abroad an office was named for, and its visits.

    Articles: 47, 48
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/outbound_care.html", {"seen": care_of(viewer)})


def care_project(request: HttpRequest, project: int) -> HttpResponse:
    """Show one project abroad to the office it named; plan visits and keep what they found.

    Articles: 47, 48
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: ProjectPage) -> list[Offer]:
        found = [Offer("plan", partial(_plan, viewer, project), {"planned_on": "", "purpose": ""})]
        for one in page.visits:
            if one.state == Visit.PLANNED:
                blank = dict.fromkeys(("visited_on", "findings", "follow_up", "follow_up_by"), "")
                found.append(Offer(f"record-{one.pk}", partial(_record, viewer, one), blank, one.version))
                found.append(Offer(f"drop-{one.pk}", partial(_drop, viewer, one), {"reason": ""}, one.version))
            elif one.state == Visit.OPEN:
                found.append(Offer(f"close-{one.pk}", partial(_close, viewer, one), {"outcome": ""}, one.version))
        return found

    seen, answer = taken_of(request, lambda: care_page(viewer, project), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:outbound-care-project', args=[project])}?done=care")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused}
    return drawn(request, "desk/office/outbound_care_project.html", context, answer.status)


def answer_word(answer: str) -> str:
    """Return what an answer to the checklist is called."""
    words = {
        "yes": pgettext("outbound answer", "做到了"),
        "no": pgettext("outbound answer", "没有做到"),
        "not_needed": pgettext("outbound answer", "不需要"),
    }
    return words[answer]


def _told(sent: Sent) -> ProjectTold:
    texts = {name: sent.text(name) for name in (*LIMITS, "country")}
    days = {name: sent.day(name) for name in ("starts_on", "ends_on")}
    return ProjectTold(people=sent.number("people"), **texts, **days)  # type: ignore[arg-type]


def _values(row: OutboundProject) -> Mapping[str, str]:
    found = {name: str(getattr(row, name) or "") for name in FIELDS}
    return found | {"country": country_name(row.country), "people": str(row.people)}


def _change(viewer: Viewer, row: OutboundProject, sent: Sent) -> None:
    told = _told(sent)
    change_project(by=viewer, project=row.pk, version=sent.version, told=told, once=sent.once, unread=sent.unread)


def _answers(viewer: Viewer, page: ProjectPage, sent: Sent) -> None:
    row = page.project.record
    answers = {one.id: (sent.text(one.id), sent.text(f"note_{one.id}")) for one in page.project.items}
    answer_checklist(by=viewer, project=row.pk, version=sent.version, answers=answers, once=sent.once)


def _consent(viewer: Viewer, row: OutboundProject, sent: Sent) -> None:
    office = sent.number("office")
    consent_office(by=viewer, project=row.pk, version=sent.version, office=office, once=sent.once, unread=sent.unread)


def _plan(viewer: Viewer, project: int, sent: Sent) -> None:
    told = {"planned_on": sent.day("planned_on"), "purpose": sent.text("purpose")}
    plan_visit(by=viewer, project=project, once=sent.once, unread=sent.unread, **told)  # type: ignore[arg-type]


def _record(viewer: Viewer, row: PatrolVisit, sent: Sent) -> None:
    record_visit(
        by=viewer,
        visit=row.pk,
        version=sent.version,
        visited_on=sent.day("visited_on"),
        findings=sent.text("findings"),
        follow_up=sent.text("follow_up"),
        follow_up_by=sent.day("follow_up_by"),
        once=sent.once,
        unread=sent.unread,
    )


def _drop(viewer: Viewer, row: PatrolVisit, sent: Sent) -> None:
    drop_visit(by=viewer, visit=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _close(viewer: Viewer, row: PatrolVisit, sent: Sent) -> None:
    close_visit(by=viewer, visit=row.pk, version=sent.version, outcome=sent.text("outcome"), once=sent.once)
