"""Pages of training for those who take part: the calendar, one session, a partner's place, a certificate."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override, pgettext

from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES, NAMES, django_code, html_code, language
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, fresh, taken, taken_of
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.docx_paper import docx_paper
from bridgehead.render.icalendar import icalendar
from bridgehead.rooms.desk.actions.training_places import Taken, give_up, give_up_by_code, sign_up, sign_up_as_partner
from bridgehead.rooms.desk.models import TrainingPlace
from bridgehead.rooms.desk.papers.certificates import certificate_paper
from bridgehead.rooms.desk.selectors.training import (
    Certificate,
    Session,
    SessionPage,
    calendar,
    certificate,
    certificate_of,
    entries,
    session_of,
    session_page,
)
from bridgehead.rooms.desk.training_codes import held_by
from bridgehead.rooms.desk.who import firms

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def training(request: HttpRequest) -> HttpResponse:
    """Show the training that comes, by month.

    Articles: 48, 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/training.html", {"seen": calendar(viewer)})


def training_ics(request: HttpRequest) -> HttpResponse:
    """Send the training that comes, or one session, in the form calendars take over (RFC 5545).

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with _in_language(request):
        found = [one for _, rows in calendar(viewer).months for one in rows]
        only = number(request.GET.get("session", ""))
        shown = [one for one in found if not only or one.record.pk == only]
        there = {one.record.pk: _address(reverse("desk:training-session", args=[one.record.pk])) for one in shown}
        content = icalendar(
            pgettext("training", "培训日历"), entries(shown, there), timezone.localdate(), product="desk"
        )
    return attachment(content, "training.ics", "text/calendar; charset=utf-8")


def session(request: HttpRequest, session: int) -> HttpResponse:
    """Show one session; sign up for it, with an account or without, or give a place up.

    Articles: 48, 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given: list[Taken] = []

    def offers(page: SessionPage) -> list[Offer]:
        found = [Offer("give_up", partial(_give_up, viewer), {"place": "", "version": ""})]
        if not page.session.open:
            return found
        if able:
            found.append(Offer("take", partial(_sign_up, viewer, session), {"firm": "", "name": viewer.name}))
        blank = {"name": "", "firm_name": "", "email": "", "language": language()}
        found.append(Offer("partner", partial(_partner, request, session, given), blank))
        return found

    able = firms(viewer)
    seen, answer = taken_of(request, lambda: session_page(viewer, session), offers)
    if given:
        context = {"taken": given[0], "seen": seen}
        return _unkept(render(request, "desk/training_taken.html", context))
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:training-session', args=[session])}?done={answer.done}")
    context = {
        "seen": seen,
        "forms": answer.states,
        "refused": answer.refused,
        "firms": choices(able),
        "languages": [(code, NAMES[code][1], html_code(code)) for code in LANGUAGES],
    }
    over = answer.refused and any(one.code == "training.too_many" for one in answer.refused.filling.elsewhere)
    return drawn(request, "desk/training_session.html", context, 429 if over else answer.status)


def place(request: HttpRequest) -> HttpResponse:
    """Show a partner how their place stands, by number and code; let them give it up or take their certificate.

    The code is sent in the field ``password``, which is never kept for a later try.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found: list[TrainingPlace] = []
    paper: list[HttpResponse] = []
    code_given, number_given = request.POST.get("password", ""), request.POST.get("number", "").strip()

    def look(sent: Sent) -> None:
        found.append(_looked_up(request, number_given, code_given))

    def leave(sent: Sent) -> None:
        _looked_up(request, number_given, code_given)
        give_up_by_code(by=viewer, number=number_given, code=code_given, once=sent.once)
        found.append(held_by(number_given, code_given))

    def certified(sent: Sent) -> None:
        row = _looked_up(request, number_given, code_given)
        if row.certificate is None:
            raise BridgeheadError("certificate.no_such_paper")
        paper.append(_as_docx(Certificate(row, Session(row.session))))

    offers = [Offer("look", look, {"number": ""}), Offer("leave", leave, {}), Offer("paper", certified, {})]
    answer = taken(request, lambda: offers)
    if paper:
        return _unkept(paper[0])
    if answer.refused is not None and answer.refused.name != "look":
        with suppress(BridgeheadError):
            found.append(held_by(number_given, code_given))
    forms = answer.states or fresh(request, offers)
    context: dict[str, Any] = {"forms": forms, "filling": answer.refused.filling if answer.refused else None}
    if found:
        context |= {"row": found[-1], "session": session_of(found[-1]), "code": code_given}
    return _unkept(drawn(request, "desk/training_place.html", context, answer.status))


def check_certificate(request: HttpRequest) -> HttpResponse:
    """Say whether there is a certificate of a number, and what it is for.

    Articles: 51
    """
    found: list[Certificate] = []

    def look(sent: Sent) -> None:
        spend("link", request)
        found.append(certificate(sent.text("number", needed=True)))

    offers = [Offer("look", look, {"number": request.GET.get("number", "")[:40]})]
    answer = taken(request, lambda: offers)
    forms = answer.states or fresh(request, offers)
    context = {"form": forms["look"], "filling": forms["look"].filling, "found": found[0] if found else None}
    return _unkept(drawn(request, "desk/training_certificate.html", context, answer.status))


def certificate_docx(request: HttpRequest, place: int) -> HttpResponse:
    """Send the certificate of a firm's place as a Word document.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with _in_language(request):
        return _as_docx(certificate_of(viewer, place))


def _as_docx(found: Certificate) -> HttpResponse:
    paper = certificate_paper(found, _address(reverse("desk:training-certificate")))
    return attachment(docx_paper(paper), f"certificate-{found.place.certificate}.docx", DOCX)


def _address(path: str) -> str:
    """Return the whole address of a page, where the operator has named the platform's own."""
    return f"{settings.BRIDGEHEAD_ADDRESS}{path}" if settings.BRIDGEHEAD_ADDRESS else ""


def _in_language(request: HttpRequest) -> override:
    asked = request.GET.get("lang", "")
    return override(django_code(asked if asked in LANGUAGES else language()))


def _sign_up(viewer: Viewer, session: int, sent: Sent) -> None:
    firm = sent.organisation(viewer, firms(viewer), "firm")
    sign_up(by=viewer, session=session, firm=firm.pk, name=sent.text("name"), once=sent.once, unread=sent.unread)


def _partner(request: HttpRequest, session: int, given: list[Taken], sent: Sent) -> None:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        spend("sign-up", request)
    except BridgeheadError as refused:
        hours = -(-int(refused.parameters["seconds"]) // 3600)
        raise BridgeheadError("training.too_many", {"hours": hours}) from refused
    told = {name: sent.text(name) for name in ("name", "firm_name", "email", "language")}
    try:
        given.append(sign_up_as_partner(by=viewer, session=session, once=sent.once, unread=sent.unread, **told))
    except BridgeheadError as refused:
        if any(one.code == "training.signed_up_already" for one in refused.faults):
            hold("sign-up", request)  # an answer about whoever has an address is a try, too
        raise
    hold("sign-up", request)


def _give_up(viewer: Viewer, sent: Sent) -> None:
    give_up(by=viewer, place=sent.number("place", needed=True) or 0, version=sent.version, once=sent.once)


def _looked_up(request: HttpRequest, number: str, code: str) -> TrainingPlace:
    """Return the place of a number and code; tries are counted by both and by the address they come from."""
    spend("number", request, "".join(number.split()).upper())
    try:
        return held_by(number, code)
    except BridgeheadError:
        hold("number", request)
        raise


def _unkept(answer: HttpResponse) -> HttpResponse:
    """Let no browser keep a page that shows a code or what belongs to it."""
    answer["Cache-Control"] = "no-store, private"
    return answer
