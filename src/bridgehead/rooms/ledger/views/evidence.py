"""One piece of evidence: decided on by somebody else, revised where it was returned."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.models import StoredFile
from bridgehead.ground.screens.attachments import attachment
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.evidence import (
    accept_evidence,
    return_evidence,
    revise_evidence,
    take_back_acceptance,
    withdraw_evidence,
)
from bridgehead.rooms.ledger.models import Evidence
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.evidence import EvidencePage, evidence_page
from bridgehead.rooms.ledger.selectors.periods import closed_for_evidence, closed_on
from bridgehead.rooms.ledger.selectors.tasks import task_page
from bridgehead.rooms.ledger.views.tasks import target_units, told_in
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN


def evidence(request: HttpRequest, evidence: int) -> HttpResponse:
    """Show one piece of evidence on a day; accept or return it, revise it, take an acceptance back.

    Articles: 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = evidence_page(viewer, evidence, day_of(request.GET.get("on", "")))

    def offered() -> list[Offer]:
        if not page.today:
            return []
        return _offers(viewer, page if request.method == "GET" else evidence_page(viewer, evidence))

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:evidence", args=[evidence]))
    states = answer.states
    filling = (answer.refused or states.get("revise") or next(iter(states.values()), None)) if states else None
    whole = task_page(viewer, page.line.row.task_id) if "revise" in states else None
    context = {
        "seen": page,
        "at": at(page.on),
        "forms": states,
        "filling": filling.filling if filling else None,
        "goals": [(f"m{one.record.pk}", one.name) for one in whole.milestones]
        + [(f"t{one.record.pk}", one.name) for one in whole.targets]
        if whole
        else [],
        "targets": whole.targets if whole else (),
        "figure_units": target_units(whole) if whole else [],
        "closed": closed_for_evidence(page.line.row.owner_id) if "revise" in states else None,
        "shut": closed_on(page.line.row.owner_id, page.line.day) if "accept" in states else "",
        "limit_mb": round(file_store().largest_b / 1e6),
        "accept": ",".join(f".{ending}" for kind in kinds().values() for ending in kind.endings),
    }
    return drawn(request, "ledger/evidence.html", context, answer.status)


def _offers(viewer: Viewer, page: EvidencePage) -> list[Offer]:
    row = page.line.row
    found: list[Offer] = []
    if page.decides:
        found.append(Offer("accept", partial(_accept, viewer, row.pk), {"reason": ""}, row.version))
        found.append(Offer("return", partial(_return, viewer, row.pk), {"reason": ""}, row.version))
    if row.state == Evidence.State.ACCEPTED and viewer.grant_for(DECIDE, row.owner_id, to_write=True):
        found.append(Offer("take-back", partial(_take_back, viewer, row.pk), {"reason": ""}, row.version))
    if page.revises:
        revise = partial(_revise, viewer, row.pk)
        found.append(Offer("revise", revise, _shown(row), row.version, files=("file",)))
    open_ = row.state in (Evidence.State.DRAFT, Evidence.State.HANDED_IN, Evidence.State.RETURNED)
    if open_ and viewer.grant_for(HAND_IN, row.office_id, to_write=True):
        found.append(Offer("withdraw", partial(_withdraw, viewer, row.pk), {}, row.version))
    return found


def _shown(row: Evidence) -> dict[str, str]:
    part = f"m{row.milestone_id}" if row.milestone_id else f"t{row.target_id}" if row.target_id else ""
    return {
        "claim": row.claim,
        "issuer": row.issuer,
        "dated_on": row.dated_on.isoformat(),
        "part": part,
        "value": "" if row.value is None else f"{row.value.normalize():f}",
        "unit": row.unit,
        "as_of": row.as_of.isoformat() if row.as_of else "",
        "source": row.source,
        "completes": "on" if row.completes else "",
    }


def _accept(viewer: Viewer, evidence: int, sent: Sent) -> None:
    accept_evidence(by=viewer, evidence=evidence, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _return(viewer: Viewer, evidence: int, sent: Sent) -> None:
    return_evidence(by=viewer, evidence=evidence, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _take_back(viewer: Viewer, evidence: int, sent: Sent) -> None:
    reason = sent.text("reason")
    take_back_acceptance(by=viewer, evidence=evidence, version=sent.version, reason=reason, once=sent.once)


def _revise(viewer: Viewer, evidence: int, sent: Sent) -> None:
    told, file = told_in(sent), sent.file()
    revise_evidence(
        by=viewer,
        evidence=evidence,
        version=sent.version,
        told=told,
        file=file,
        hand_in=sent.text("do") != "draft",
        once=sent.once,
        unread=sent.unread,
    )


def _withdraw(viewer: Viewer, evidence: int, sent: Sent) -> None:
    withdraw_evidence(by=viewer, evidence=evidence, version=sent.version, once=sent.once)


def evidence_file(request: HttpRequest, evidence: int) -> HttpResponse:
    """Send the file a piece of evidence had on a day to whoever may see the evidence; the read is journalled.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``, ``file.no_such_file``, ``file.damaged``, ``file.missing``.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = evidence_page(viewer, evidence, day_of(request.GET.get("on", ""))).line.row
    if row.file_id is None:
        raise BridgeheadError("file.no_such_file")
    with as_system("reading the file of evidence somebody may see"):
        file = StoredFile.objects.get(pk=row.file_id)
    content = file_store().open_whole(file.sha256)
    record_read(viewer, StoredFile.RECORD, file.pk, file.owner_id, office_id=file.office_id)
    return attachment(content, file.name, file.media_type)
