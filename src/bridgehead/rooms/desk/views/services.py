"""The directory of services, and beginning a case with a draft that is never lost."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.language import language
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import CHANGED, Answer, Offer, Sent, taken_of
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.cases import drop_draft, drop_draft_file, lodge, save_draft
from bridgehead.rooms.desk.actions.replies import SERVICE
from bridgehead.rooms.desk.models import Case, CaseDraft
from bridgehead.rooms.desk.selectors.replies import similar_replies
from bridgehead.rooms.desk.selectors.services import ServicePage, directory, service_page

LODGE, DROP, DROP_FILE = "lodge", "drop", "drop-file"
GONE = ("case.draft_gone", "action.no_such_record")
"""What is said of a draft that was lodged or dropped in another window."""


def services(request: HttpRequest) -> HttpResponse:
    """Show every service with what it promises and how long it really took.

    Articles: 50, 51, 77
    """
    return render(request, "desk/services.html", {"seen": directory()})


class Beginning:
    """A form of a service on its way: its draft, and the case it became."""

    def __init__(self, viewer: Viewer, service: str, draft: int, version: int) -> None:
        self.viewer = viewer
        self.service = service
        self.draft = draft
        self.version = version
        self.late = False
        self.kept: CaseDraft | None = None
        self.made: Case | None = None

    def lodge(self, sent: Sent, page: ServicePage) -> None:
        """Keep the draft, or lodge the case; what is refused is kept as a draft, with the files that came with it.

        Where the draft is gone or was changed meanwhile, or is another firm's, that is a new one.
        """
        firm = sent.organisation(self.viewer, list(page.firms), "firm").pk
        if page.draft is not None and any(one.place.field == "firm" for one in sent.unread):
            firm = page.draft.owner_id
        told = self._told(sent, page, firm)
        if sent.text("keep"):
            self.kept = self._keep(told, once=sent.once, unread=sent.unread)
            return
        try:
            self.made = lodge(by=self.viewer, once=sent.once, unread=sent.unread, **told)
        except BridgeheadError as refused:
            if refused.code != "action.repeated":
                # What cannot be kept either was refused for a reason that is told.
                with suppress(BridgeheadError):
                    self.draft = self._keep(told).pk
            self.late = refused.code in (*GONE, CHANGED)
            if refused.code in GONE:
                raise BridgeheadError("case.draft_gone") from refused
            raise

    def _keep(self, told: dict[str, Any], **sending: Any) -> CaseDraft:
        try:
            return save_draft(by=self.viewer, **told, **sending)
        except BridgeheadError as refused:
            if told["draft"] is None or refused.code not in (*GONE, CHANGED):
                raise
            return save_draft(by=self.viewer, **{**told, "draft": None, "version": None}, **sending)

    def _told(self, sent: Sent, page: ServicePage, firm: int) -> dict[str, Any]:
        files: dict[str, Received] = {}
        for one in page.fields:
            if one.is_file and (file := sent.file(one.id)) is not None:
                files[one.id] = file
        form = {one.id: sent.text(one.id) for one in page.fields if not one.is_file}
        told = {"firm": firm, "service": self.service, "form": form, "title": sent.text("title")}
        others = page.draft is not None and page.draft.owner_id != firm
        draft = None if others else self.draft or None
        return {**told, "draft": draft, "version": self.version or None if draft else None, "files": files}


def service(request: HttpRequest, service: str) -> HttpResponse:
    """Show one service; let somebody of a firm fill in its form, keep it as a draft and lodge it.

    Articles: 50, 51, 77
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = number(request.POST.get("draft", "") or request.GET.get("draft", ""))
    begun = Beginning(viewer, service, asked, number(request.POST.get("version", "")))
    sent = request.method == "POST" and request.POST.get("form") == LODGE

    def offers(page: ServicePage) -> list[Offer]:
        if not page.firms:
            return []
        files = tuple(one.id for one in page.fields if one.is_file)
        found = [Offer(LODGE, lambda sent: begun.lodge(sent, page), page.values(), files=files)]
        if page.draft is not None:
            draft = page.draft.pk
            found.append(Offer(DROP, lambda sent: drop_draft(by=viewer, draft=draft, once=sent.once)))
            found.append(Offer(DROP_FILE, lambda sent: _drop_file(viewer, sent)))
        return found

    page, answer = taken_of(request, lambda: service_page(viewer, service, begun.draft, sent), offers)
    if begun.made is not None:
        return HttpResponseRedirect(f"{reverse('desk:case', args=[begun.made.pk])}?done=lodge")
    if begun.kept is not None:
        return HttpResponseRedirect(f"{reverse('desk:service', args=[service])}?draft={begun.kept.pk}&done=keep")
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:service', args=[service])}?done={answer.done}")
    context = {
        "seen": page,
        "forms": answer.states,
        "form": answer.states.get(LODGE),
        "filling": answer.states[LODGE].filling if LODGE in answer.states else None,
        "refused": answer.refused,
        "firms": [(str(one.pk), one.name(language())) for one in page.firms],
        **_answered(request, page, answer),
        "accept": ",".join(f".{ending}" for kind in kinds().values() for ending in kind.endings),
    }
    return drawn(request, "desk/service.html", context, 409 if begun.late else answer.status)


def _answered(request: HttpRequest, page: ServicePage, answer: Answer) -> dict[str, object]:
    """Return the public replies like a question on policy that somebody is about to ask."""
    if page.line.service.id != SERVICE:
        return {}
    about = request.GET.get("about", "")[:500]
    values = answer.states[LODGE].filling.values if LODGE in answer.states else {}
    typed = about or " ".join(filter(None, (values.get("title"), values.get("question"))))
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return {"asks": True, "about": about, "similar": similar_replies(viewer, typed) if typed else []}


def _drop_file(viewer: Viewer, sent: Sent) -> None:
    drop_draft_file(by=viewer, file=sent.number("file", needed=True) or 0, once=sent.once, unread=sent.unread)
