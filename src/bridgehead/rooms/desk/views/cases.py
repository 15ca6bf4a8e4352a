"""Cases: those of a firm, one case for both sides, its files, the queue of an office."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.engines.cases.machine import Effect, Need, Role
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import Received, file_store
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken_of
from bridgehead.rooms.desk.actions.case_moves import Given, extend, hand_over, move_case
from bridgehead.rooms.desk.actions.case_talk import note, rate, write
from bridgehead.rooms.desk.actions.replies import may_become_public
from bridgehead.rooms.desk.effects import EFFECTS
from bridgehead.rooms.desk.models import Case, CaseFile, Turn
from bridgehead.rooms.desk.selectors.case_effects import came_of, session_options
from bridgehead.rooms.desk.selectors.case_lists import STATES, my_cases
from bridgehead.rooms.desk.selectors.case_page import CasePage, OpenMove, case_file
from bridgehead.rooms.desk.selectors.case_page import case_page as page_of
from bridgehead.rooms.desk.selectors.case_routes import KEPT, case_routes
from bridgehead.rooms.desk.selectors.queue import VIEWS, Asked, view_word
from bridgehead.rooms.desk.selectors.queue import queue as queue_of
from bridgehead.rooms.desk.selectors.replies import reply_of
from bridgehead.rooms.desk.who import OFFER
from bridgehead.rooms.statute.public import provisions

PAPERS = Need.PAPERS.value


def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases of somebody's firms with their clocks.

    Articles: 50, 51, 77
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    seen = my_cases(viewer, number(asked.get("firm", "")), asked.get("state", ""), number(asked.get("page", "1")))
    return render(request, "desk/cases.html", {"seen": seen, "states": STATES})


def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits in somebody's offices, what is late first.

    Articles: 50, 51, 81
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = queue_of(viewer, asked_of(request))
    context = {
        "seen": seen,
        "states": [(one, view_word(one)) for one in VIEWS],
        "offices": choices(list(seen.offices)),
    }
    return render(request, "desk/queue.html", context)


def asked_of(request: HttpRequest) -> Asked:
    """Return what a queue is asked for."""
    asked = request.GET
    state = asked.get("state", "")
    return Asked(
        number(asked.get("office", "")),
        asked.get("service", "")[:60],
        state if state in VIEWS else "",
        number(asked.get("page", "1")) or 1,
    )


def case(request: HttpRequest, case: int) -> HttpResponse:
    """Show one case to its firm and to the offices that have to do with it, and let each do what they can.

    Articles: 50, 51, 77
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page, answer = taken_of(request, lambda: page_of(viewer, case), lambda page: list(_offers(viewer, page)))
    if answer.done:
        # Whoever handed a case over may not see it any more.
        if not visible(Case, viewer).filter(pk=case).exists():
            return HttpResponseRedirect(f"{reverse('desk:queue')}?done={answer.done}")
        return HttpResponseRedirect(f"{reverse('desk:case', args=[case])}?done={answer.done}")
    record_read(viewer, Case.RECORD, page.case.pk, page.case.owner_id, office_id=page.case.office_id)
    context = {
        "seen": page,
        "moves": [(one, answer.states[one.form]) for one in page.moves if one.form in answer.states],
        "forms": answer.states,
        "refused": answer.refused,
        "filling": answer.refused.filling if answer.refused else None,
        **_reply(viewer, page),
        "came_of": came_of(viewer, page),
        "routes": case_routes(page, (request.GET.get("goods") or request.POST.get("goods", ""))[:60]),
        **(_of_officers(viewer, page) if page.is_officer else {}),
    }
    return drawn(request, "desk/case.html", context, answer.status)


def _reply(viewer: Viewer, page: CasePage) -> dict[str, object]:
    """Return what an officer can make of an answered question: the reply it became, or that it may become one."""
    able = page.is_officer and viewer.grant_for(OFFER, page.case.office_id) is not None
    return {"publishes": True, "reply": reply_of(viewer, page.case)} if able and may_become_public(page.case) else {}


def _of_officers(viewer: Viewer, page: CasePage) -> dict[str, object]:
    """Return what officers choose from: provisions a refusal can rest on, offices a case can go to."""
    found: dict[str, object] = {}
    if any(Need.BASIS in one.move.needs for one in page.moves):
        found["bases"] = [(one.id, f"{one.label} — {one.title}") for one in provisions(viewer)]
    effects = {one.move.effect for one in page.moves}
    if Effect.TRAINING_PLACE in effects:
        found["sessions"] = session_options()
    if Effect.NEWS_ITEM in effects:
        found["languages"] = LANGUAGES
    if page.case.turn != Turn.NOBODY:
        rows = visible(Organisation, viewer).filter(kind__in=sorted(roles().public_kinds), closed_on=None)
        found["bodies"] = choices([one for one in rows if one.pk != page.case.office_id])
    return found


def _offers(viewer: Viewer, page: CasePage) -> Iterator[Offer]:
    """Yield the forms somebody has on a case."""
    case = page.case
    for one in page.moves:
        values = dict.fromkeys((need for need in one.needs if need != PAPERS and need not in one.repeated), "")
        if one.is_next and Need.ANSWER in values and Role.TRADER not in one.move.who:
            values[Need.ANSWER] = page.proposed
        if Need.OFFER in one.move.needs:
            values[KEPT] = ""
        if one.move.effect is not None:
            values |= EFFECTS[one.move.effect].values(case)
        yield Offer(one.form, partial(_move, viewer, case, one), values, case.version, (PAPERS,))
    if page.is_trader or page.is_officer:
        yield Offer("write", partial(_write, viewer, case), {"text": ""}, files=(PAPERS,))
    if page.is_officer:
        yield Offer("note", partial(_note, viewer, case), {"text": ""}, files=(PAPERS,))
        if case.turn != Turn.NOBODY:
            yield Offer("hand-over", partial(_hand_over, viewer, case), {"office": "", "reason": ""}, case.version)
    if page.can_extend:
        values = {"longer": "", "stage": "", "reason": ""}
        yield Offer("extend", partial(_extend, viewer, case), values, case.version)
    if page.can_rate:
        yield Offer("rate", partial(_rate, viewer, case), {"rating": "", "words": ""}, case.version)


def _files(sent: Sent) -> list[Received]:
    found = sent.file(PAPERS)
    return [found] if found is not None else []


def _move(viewer: Viewer, case: Case, one: OpenMove, sent: Sent) -> None:
    told = {need: one.repeated.get(Need(need)) or sent.text(need) for need in one.needs if need != PAPERS}
    effect = EFFECTS[one.move.effect].read(sent) if one.move.effect is not None else None
    given = Given(told, _files(sent), sent.texts(KEPT), effect)
    sending = {"once": sent.once, "unread": sent.unread, "version": sent.version}
    move_case(by=viewer, case=case.pk, move=one.move.id, given=given, **sending)


def _write(viewer: Viewer, case: Case, sent: Sent) -> None:
    files = _files(sent)
    write(by=viewer, case=case.pk, text=sent.text("text"), files=files, once=sent.once, unread=sent.unread)


def _note(viewer: Viewer, case: Case, sent: Sent) -> None:
    files = _files(sent)
    note(by=viewer, case=case.pk, text=sent.text("text"), files=files, once=sent.once, unread=sent.unread)


def _hand_over(viewer: Viewer, case: Case, sent: Sent) -> None:
    told = {"office": sent.number("office"), "reason": sent.text("reason")}
    hand_over(by=viewer, case=case.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _extend(viewer: Viewer, case: Case, sent: Sent) -> None:
    told = {"longer": sent.text("longer"), "stage": sent.text("stage"), "reason": sent.text("reason")}
    extend(by=viewer, case=case.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _rate(viewer: Viewer, case: Case, sent: Sent) -> None:
    told = {"rating": sent.number("rating"), "words": sent.text("words")}
    rate(by=viewer, case=case.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def file(request: HttpRequest, case: int, file: int) -> HttpResponse:
    """Send a file of a case to whoever sees it; reads by offices are journalled for the firm.

    Raises
    ------
    BridgeheadError
        ``file.no_such_file``, ``file.damaged``, ``file.missing``.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = case_file(viewer, case, file)
    content = file_store().open_whole(found.sha256)
    record_read(viewer, CaseFile.RECORD, found.pk, found.owner_id, office_id=found.office_id)
    return attachment(content, found.name, found.media_type)
