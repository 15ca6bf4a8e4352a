"""Pages of meetings and decisions: the list, planning one, one meeting, one decision."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.ledger.actions.decisions import (
    DecisionTold,
    edit_decision,
    give_decision,
    record_decision,
    settle_decision,
)
from bridgehead.rooms.ledger.actions.meetings import (
    MeetingTold,
    cancel_meeting,
    edit_meeting,
    file_minutes,
    hold_meeting,
    plan_meeting,
)
from bridgehead.rooms.ledger.models import Decision, Meeting
from bridgehead.rooms.ledger.papers.coordination import meeting_paper
from bridgehead.rooms.ledger.papers.decisions import decision_paper
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.coordination import a_day, meeting_kind, meeting_state, today
from bridgehead.rooms.ledger.selectors.meetings import (
    DecisionPage,
    MeetingPage,
    decision_page,
    meeting_list,
    meeting_page,
    minutes_of,
)
from bridgehead.rooms.ledger.views.coordination_forms import (
    InLanguage,
    again_on,
    articles_in,
    as_docx,
    body_groups,
    body_options,
    day_in,
    listed,
    moment_in,
    numbers_in,
)
from bridgehead.rooms.ledger.who import KEEP


def meetings(request: HttpRequest) -> HttpResponse:
    """Show the meetings, and what of their decisions is still to be done.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET.get("state", "")
    state = asked if asked in Meeting.State.values else ""
    on = day_of(request.GET.get("on", ""))
    seen = meeting_list(viewer, number(request.GET.get("page", "1")) or 1, state, on)
    states = [(one, meeting_state(one)) for one in Meeting.State.values]
    context = {"seen": seen, "state": state, "states": states, "keeps": bool(able_in(viewer, KEEP))}
    context |= {"again": again_on(request), "at": at(on)}
    return render(request, "ledger/meetings.html", context)


def new_meeting(request: HttpRequest) -> HttpResponse:
    """Plan a meeting and ask bodies to it.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)
    made: list[Meeting] = []

    def plan(sent: Sent) -> None:
        told = _meeting_told(sent)
        at = sent.organisation(viewer, able)
        made.append(plan_meeting(by=viewer, organisation=at.pk, told=told, once=sent.once, unread=sent.unread))

    blank = {"organisation": "", "title": "", "kind": "", "day": "", "time": "", "place": "", "chair": ""}
    answer = taken(request, lambda: [Offer("plan", plan, blank | {"agenda": "", "participants": ""})])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:meeting", args=[made[0].pk]))
    form = answer.states["plan"]
    context = {"form": form, "filling": form.filling, **_choices(viewer, able)}
    return drawn(request, "ledger/meeting_new.html", context, answer.status)


def meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """Show one meeting on a day; let whoever keeps it change, hold or cancel it, file its minutes and record decisions.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    page, answer = taken_of(
        request,
        lambda: meeting_page(viewer, meeting, day),
        lambda page: _meeting_offers(viewer, page) if page.today else [],
    )
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:meeting", args=[meeting]))
    context = {
        "seen": page,
        "at": at(day),
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        **(_choices(viewer, []) if page.keeps else {}),
    }
    return drawn(request, "ledger/meeting.html", context, answer.status)


def _meeting_offers(viewer: Viewer, page: MeetingPage) -> list[Offer]:
    """Return the forms of a meeting for whoever keeps it, as far as it is."""
    record = page.record
    if not page.keeps or record.state == Meeting.State.CANCELLED:
        return []
    if record.state == Meeting.State.HELD:
        new = {"text": "", "office": "", "joint": "", "due_on": "", "articles": ""}
        return [
            Offer("decide", partial(_decide, viewer, record), new),
            Offer("minutes", partial(_file_minutes, viewer, record), {}, record.version, files=("file",)),
        ]
    at = timezone.localtime(record.planned_at)
    planned = {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}
    shown = {name: getattr(record, name) for name in ("title", "kind", "place", "chair")}
    asked = listed(sorted(one.body for one in page.seats))
    return [
        Offer(
            "edit",
            partial(_edit, viewer, record),
            shown | planned | {"agenda": "\n".join(record.agenda), "participants": asked},
            record.version,
        ),
        Offer(
            "hold", partial(_hold, viewer, record), planned | {"chair": record.chair, "attended": asked}, record.version
        ),
        Offer("cancel", partial(_cancel, viewer, record), {"note": ""}, record.version),
    ]


def _edit(viewer: Viewer, record: Meeting, sent: Sent) -> None:
    told, same = _meeting_told(sent), sent.version
    edit_meeting(by=viewer, meeting=record.pk, version=same, told=told, once=sent.once, unread=sent.unread)


def _hold(viewer: Viewer, record: Meeting, sent: Sent) -> None:
    told = {"held_at": moment_in(sent), "attended": numbers_in(sent, "attended"), "chair": sent.text("chair")}
    hold_meeting(by=viewer, meeting=record.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _cancel(viewer: Viewer, record: Meeting, sent: Sent) -> None:
    cancel_meeting(by=viewer, meeting=record.pk, version=sent.version, note=sent.text("note"), once=sent.once)


def _file_minutes(viewer: Viewer, record: Meeting, sent: Sent) -> None:
    file, version = sent.file(), sent.version
    file_minutes(by=viewer, meeting=record.pk, version=version, file=file, once=sent.once, unread=sent.unread)


def _decide(viewer: Viewer, record: Meeting, sent: Sent) -> None:
    told = _decision_told(sent)
    record_decision(by=viewer, meeting=record.pk, told=told, once=sent.once, unread=sent.unread)


def _meeting_told(sent: Sent) -> MeetingTold:
    return MeetingTold(
        title=sent.text("title"),
        kind=sent.text("kind"),
        planned_at=moment_in(sent),
        place=sent.text("place"),
        chair=sent.text("chair"),
        agenda=sent.text("agenda").splitlines(),
        participants=numbers_in(sent, "participants"),
    )


def _decision_told(sent: Sent) -> DecisionTold:
    due, office = day_in(sent, "due_on"), sent.number("office")
    joint, articles = numbers_in(sent, "joint"), articles_in(sent)
    return DecisionTold(text=sent.text("text"), office=office, due_on=due, joint=joint, articles=articles)


def _choices(viewer: Viewer, able: list[Organisation]) -> dict[str, object]:
    return {
        "organisations": choices(able),
        "bodies": body_options(viewer),
        "groups": body_groups(viewer),
        "kinds": [(one, meeting_kind(one)) for one in Meeting.Kind.values],
    }


def decision(request: HttpRequest, decision: int) -> HttpResponse:
    """Show one decision on a day; let whoever keeps it change it, make it a task, settle or drop it.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    page, answer = taken_of(
        request,
        lambda: decision_page(viewer, decision, day),
        lambda page: _decision_offers(viewer, page) if page.today else [],
    )
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:decision", args=[decision]))
    context = {
        "seen": page,
        "at": at(day),
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "bodies": body_options(viewer) if answer.states else (),
        "groups": body_groups(viewer) if answer.states else (),
    }
    return drawn(request, "ledger/decision.html", context, answer.status)


def _decision_offers(viewer: Viewer, page: DecisionPage) -> list[Offer]:
    record = page.line.record
    if not page.keeps or record.state != Decision.State.OPEN:
        return []
    shown = {
        "text": record.text,
        "office": str(record.office_id),
        "joint": listed(record.joint),
        "due_on": a_day(record.due_on),
        "articles": ", ".join(map(str, page.line.articles)),
        "reason": "",
    }
    return [
        Offer("give", partial(_give, viewer, record), {"due_on": ""}, record.version),
        Offer("edit", partial(_edit_decision, viewer, record), shown, record.version),
        Offer("settle", partial(_settle, viewer, record), {"note": "", "on": a_day(today())}, record.version),
    ]


def _give(viewer: Viewer, record: Decision, sent: Sent) -> None:
    give_decision(by=viewer, decision=record.pk, version=sent.version, once=sent.once)


def _edit_decision(viewer: Viewer, record: Decision, sent: Sent) -> None:
    told, reason = _decision_told(sent), sent.text("reason")
    edit_decision(
        by=viewer,
        decision=record.pk,
        version=sent.version,
        told=told,
        reason=reason,
        once=sent.once,
        unread=sent.unread,
    )


def _settle(viewer: Viewer, record: Decision, sent: Sent) -> None:
    told = {"note": sent.text("note"), "on": sent.day("on"), "dropped": sent.text("verdict") == "dropped"}
    settle_decision(by=viewer, decision=record.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def meeting_docx(request: HttpRequest, meeting: int) -> HttpResponse:
    """Send a meeting with its decisions on a day as a Word document.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    with InLanguage(request):
        return as_docx(meeting_paper(meeting_page(viewer, meeting, day)), f"meeting-{meeting}")


def decision_docx(request: HttpRequest, decision: int) -> HttpResponse:
    """Send one decision as a notice to its owners, as it was on a day, as a Word document.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    with InLanguage(request):
        return as_docx(decision_paper(decision_page(viewer, decision, day)), f"decision-{decision}")


def minutes(request: HttpRequest, meeting: int) -> HttpResponse:
    """Send the minutes of a meeting to whoever was asked to it.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = minutes_of(viewer, meeting)
    return attachment(file_store().open_whole(file.sha256), file.name, file.media_type)
