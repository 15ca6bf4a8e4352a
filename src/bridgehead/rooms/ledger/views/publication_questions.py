"""Pages of what the public asks: the form, the look-up by number and code, and the work on it inside."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import form_key
from bridgehead.ground.screens.filling import Filling
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import FormState, Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.questions import (
    ANSWERED_IN,
    LONGEST_ANSWER,
    LONGEST_CONTACT,
    LONGEST_TEXT,
    Taken,
    approve_answer,
    ask,
    ask_again,
    draft_answer,
    publish_answer,
    return_answer,
    route,
    withdraw_answer,
)
from bridgehead.rooms.ledger.actions.questions_closed import decline_question, same_question
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.papers.answers import answer_paper
from bridgehead.rooms.ledger.selectors.publication import kind_word
from bridgehead.rooms.ledger.selectors.publication_questions import (
    QuestionPage,
    question_page,
    questions,
)
from bridgehead.rooms.ledger.selectors.question_codes import asker_page, held_by
from bridgehead.rooms.ledger.views.coordination_forms import InLanguage, as_docx
from bridgehead.rooms.ledger.who import bodies, named
from bridgehead.rooms.statute.public import article_numbers, title, titles

LIMITS = {"text": LONGEST_TEXT, "contact": LONGEST_CONTACT, "answer": LONGEST_ANSWER}


def ask_page(request: HttpRequest) -> HttpResponse:
    """Take in a question, suggestion or complaint of anybody; show its number and code once.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given: list[Taken] = []
    first = request.GET.get("article", "")
    values = {"kind": "question", "article": first if first in _known() else "", "text": "", "contact": ""}

    def do(sent: Sent) -> None:
        article = sent.number("article")
        told = {"kind": sent.text("kind"), "text": sent.text("text"), "contact": sent.text("contact")}
        _within_limit(request)
        given.append(ask(by=viewer, article=article, once=sent.once, unread=sent.unread, **told))
        hold("question", request)

    answer = taken(request, lambda: [Offer("ask", do, values)])
    if given:
        context = {"taken": given[0], "days": ANSWERED_IN.count}
        return _unkept(render(request, "ledger/question_taken.html", context))
    form = answer.states["ask"]
    context = {
        "form": form,
        "filling": form.filling,
        "kinds": [(one, kind_word(one)) for one in PublicQuestion.Kind.values],
        "articles": [(number, f"{number} {said}") for number, said, _ in titles(article_numbers())],
        "limits": LIMITS,
        "days": ANSWERED_IN.count,
    }
    over = any(one.code == "question.too_many" for one in form.filling.elsewhere)
    return drawn(request, "ledger/question_ask.html", context, 429 if over else answer.status)


def state_page(request: HttpRequest) -> HttpResponse:
    """Show an asker how far their question is, by number and code, and let them ask again once.

    The code is sent in the field ``password``, which is never kept for a later try.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found: list[PublicQuestion] = []
    number, code = request.POST.get("number", "").strip(), request.POST.get("password", "")

    def look(sent: Sent) -> None:
        found.append(_looked_up(request, number, code))

    def again(sent: Sent) -> None:
        _looked_up(request, number, code)
        told = {"number": number, "code": code, "text": sent.text("text"), "contact": sent.text("contact")}
        ask_again(by=viewer, once=sent.once, **told)
        found.append(held_by(number, code))

    offers = [Offer("look", look, {"number": ""}), Offer("again", again, {"text": "", "contact": ""})]
    answer = taken(request, lambda: offers)
    if answer.refused is not None and answer.refused.name == "again":  # the form stands below its question again
        with suppress(BridgeheadError):
            found.append(held_by(number, code))
    forms = answer.states or {one.name: FormState(one.name, Filling(dict(one.values)), form_key()) for one in offers}
    context: dict[str, Any] = {"forms": forms, "filling": (answer.refused or forms["look"]).filling, "limits": LIMITS}
    if found:
        row = found[-1]
        context |= {
            "seen": asker_page(row),
            "row": row,
            "code": code,
            "kind": kind_word(row.kind),
            "about": title(row.article) if row.article else "",
        }
    return _unkept(drawn(request, "ledger/question_state.html", context, answer.status))


def question_list(request: HttpRequest) -> HttpResponse:
    """Show what the public asked and what it waits for, what is late first.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/questions.html", {"seen": questions(viewer, request.GET.get("state", ""))})


def question(request: HttpRequest, question: int) -> HttpResponse:
    """Show one question; route it, answer it, approve the answer of somebody else, publish it.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = question_page(viewer, question)
    sent = request.method == "POST"  # after a refusal the forms are those of the question as it is then
    answer = taken(request, lambda: _offers(viewer, question_page(viewer, question) if sent else page))
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:question", args=[question]))
    context = {
        "seen": page,
        "row": page.asked.record,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "bodies": [(one.pk, named(one)) for one in bodies(viewer)] if page.may_route else [],
        "limits": LIMITS,
    }
    return drawn(request, "ledger/question.html", context, answer.status)


def answer_docx(request: HttpRequest, question: int) -> HttpResponse:
    """Send the approved answer to a question as a Word document.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        page = question_page(viewer, question)
        return as_docx(answer_paper(page), f"answer-{page.asked.record.number}")


def _offers(viewer: Viewer, page: QuestionPage) -> list[Offer]:
    row = page.asked.record
    known = {"question": row.pk, "version": row.version}
    found: list[Offer] = []

    def offer(name: str, action: Any, values: dict[str, str], **read: str) -> None:
        found.append(Offer(name, partial(_carry_out, viewer, action, row.pk, read), values, known["version"]))

    if page.may_route:
        offer("route", route, {"organisation": str(row.office_id or "")}, organisation="number")
    if page.may_close:
        offer("decline", decline_question, {"reason": ""}, reason="text")
        offer("same", same_question, {"number": ""}, number="text")
    if page.may_draft:
        offer("draft", draft_answer, {"answer": row.answer}, answer="text")
    if page.may_decide:
        offer("approve", approve_answer, {})
        offer("return", return_answer, {"reason": ""}, reason="text")
    if page.may_publish:
        offer("publish", publish_answer, {"asked": row.text}, asked="text")
    if page.published is not None and viewer.grant_for("ledger.publish", row.owner_id, to_write=True):
        public = page.published
        do = partial(_withdraw, viewer, public.pk)
        found.append(Offer("withdraw", do, {"reason": ""}, public.version))
    return found


def _carry_out(viewer: Viewer, action: Any, question: int, read: dict[str, str], sent: Sent) -> None:
    told = {name: getattr(sent, kind)(name) for name, kind in read.items()}
    action(by=viewer, question=question, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _withdraw(viewer: Viewer, answer: int, sent: Sent) -> None:
    withdraw_answer(by=viewer, answer=answer, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _looked_up(request: HttpRequest, number: str, code: str) -> PublicQuestion:
    """Return the question of a number and code; tries are counted by both and by the address they come from."""
    spend("number", request, "".join(number.split()).upper())
    try:
        return held_by(number, code)
    except BridgeheadError:
        hold("number", request)
        raise


def _within_limit(request: HttpRequest) -> None:
    """Refuse what comes from an address that sent its share for a day, and keep what was typed.

    Raises
    ------
    BridgeheadError
        ``question.too_many``.
    """
    try:
        spend("question", request)
    except BridgeheadError as refused:
        hours = -(-int(refused.parameters["seconds"]) // 3600)
        raise BridgeheadError("question.too_many", {"hours": hours}) from refused


def _known() -> set[str]:
    return {str(one) for one in article_numbers()}


def _unkept(answer: HttpResponse) -> HttpResponse:
    """Let no browser keep a page that shows a code or what belongs to it."""
    answer["Cache-Control"] = "no-store, private"
    return answer
