"""Pages of what a body owes to supervision: an opinion it answers, a fault it mends."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.actions.supervision_answers import answer_opinion, decide_opinion
from bridgehead.rooms.ledger.models import Finding, Inspection, Opinion, Rectification, SupervisionCase
from bridgehead.rooms.ledger.papers.findings import fault_paper
from bridgehead.rooms.ledger.selectors.as_of import ended_by
from bridgehead.rooms.ledger.selectors.board import at
from bridgehead.rooms.ledger.selectors.findings import problem_of
from bridgehead.rooms.ledger.selectors.inspection_history import corrections
from bridgehead.rooms.ledger.selectors.inspections import FindingLine, ending_words, finding_page, keeps
from bridgehead.rooms.ledger.selectors.supervision_lines import opinion_page
from bridgehead.rooms.ledger.views.inspection_changes import correct, finding_choices, move, withdraw
from bridgehead.rooms.ledger.views.supervision_parts import day_asked, paper_of
from bridgehead.rooms.ledger.who import ANSWER, SUPERVISE


def opinion(request: HttpRequest, opinion: int) -> HttpResponse:
    """Show one opinion; let its body answer it and the congress decide on the answer.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    seen = opinion_page(viewer, opinion, on)

    def offered() -> list[Offer]:
        if on < timezone.localdate():
            return []
        record = seen.opinion if request.method == "GET" else opinion_page(viewer, opinion, on).opinion
        answers = viewer.grant_for(ANSWER, record.office_id, to_write=True)
        if answers and record.state in (Opinion.State.OPEN, Opinion.State.RETURNED):
            do, values = partial(_answer, viewer, opinion), {"answer": record.answer}
            return [Offer("answer", do, values, record.version, files=("file",))]
        decides = viewer.grant_for(SUPERVISE, record.owner_id, to_write=True)
        if decides and record.state == Opinion.State.ANSWERED and record.author_id != viewer.person_id:
            return [Offer("decide", partial(_decide, viewer, opinion), {"why": ""}, record.version)]
        return []

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:opinion", args=[opinion]))
    context = {
        "seen": opinion_page(viewer, opinion, on) if answer.refused else seen,
        "of": visible(SupervisionCase, viewer).filter(pk=seen.opinion.case_id).first(),
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
    }
    return drawn(request, "ledger/opinion.html", context, answer.status)


def _answer(viewer: Viewer, opinion: int, sent: Sent) -> None:
    given = {"answer": sent.text("answer"), "file": sent.file(), "version": sent.version}
    answer_opinion(by=viewer, opinion=opinion, once=sent.once, unread=sent.unread, **given)


def _decide(viewer: Viewer, opinion: int, sent: Sent) -> None:
    accepted = sent.text("verdict") == "accept"
    given = {"why": sent.text("why"), "version": sent.version, "once": sent.once}
    decide_opinion(by=viewer, opinion=opinion, accepted=accepted, **given)


def finding(request: HttpRequest, finding: int) -> HttpResponse:
    """Show one finding; let the responsible body hand in what was mended, and somebody else decide on it.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    seen = finding_page(viewer, finding, on)
    of = visible(Inspection, viewer).filter(pk=seen.finding.inspection_id).first()
    ended = of is not None and of.closed_on is not None

    def offered() -> list[Offer]:
        line = seen if request.method == "GET" else finding_page(viewer, finding, on)
        record = line.mending
        if line.finding.withdrawn_on is not None or on < timezone.localdate():
            return []
        if record is None:
            return _corrections(viewer, line.finding, ended=ended)
        if record.handed_on is not None:
            return []
        open_still = record.state in (Rectification.State.OPEN, Rectification.State.RETURNED)
        if open_still and viewer.grant_for(ANSWER, record.office_id, to_write=True):
            carry_out = partial(_hand_in, viewer, record.pk)
            own = [Offer("hand_in", carry_out, {"evidence": record.evidence}, record.version, files=("file",))]
            return [*own, *_kept(viewer, line, ended=ended)]
        handed_in = record.state == Rectification.State.HANDED_IN and record.author_id != viewer.person_id
        if not keeps(viewer, record.owner_id) or record.state == Rectification.State.ACCEPTED:
            return []
        found = _kept(viewer, line, ended=ended)
        if handed_in:
            found.append(Offer("decide", partial(_decide_mending, viewer, record.pk), {"why": ""}, record.version))
        return found

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:finding", args=[finding]))
    context = {
        "problem": problem_of(viewer, finding),
        "seen": finding_page(viewer, finding, on) if answer.refused else seen,
        "of": of,
        "ended": ending_words(ended_by(of, on)) if of else "",
        "corrections": corrections(seen.finding, on),
        "at": at(on),
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
    }
    if "correct" in answer.states and of is not None:
        context |= finding_choices(viewer, of)
    return drawn(request, "ledger/finding.html", context, answer.status)


def _kept(viewer: Viewer, line: FindingLine, *, ended: bool) -> list[Offer]:
    """Return the forms that correct a fault, for those who inspect."""
    if line.mending is None or not keeps(viewer, line.finding.owner_id):
        return []
    return [move(viewer, line.mending), *_corrections(viewer, line.finding, ended=ended)]


def _corrections(viewer: Viewer, record: Finding, *, ended: bool) -> list[Offer]:
    """Return the forms that correct a finding before its inspection ends, for those who inspect."""
    if ended or not keeps(viewer, record.owner_id):
        return []
    return [correct(viewer, record), withdraw(viewer, record)]


def _hand_in(viewer: Viewer, rectification: int, sent: Sent) -> None:
    given = {"evidence": sent.text("evidence"), "file": sent.file(), "version": sent.version}
    hand_in_mending(by=viewer, rectification=rectification, once=sent.once, unread=sent.unread, **given)


def _decide_mending(viewer: Viewer, rectification: int, sent: Sent) -> None:
    accepted = sent.text("verdict") == "accept"
    given = {"why": sent.text("why"), "version": sent.version, "once": sent.once}
    decide_mending(by=viewer, rectification=rectification, accepted=accepted, **given)


def finding_docx(request: HttpRequest, finding: int) -> HttpResponse:
    """Send the notice of a fault to whoever mends it as a Word document.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    return paper_of(request, f"finding-{finding}", lambda _code: fault_paper(viewer, finding, on))
