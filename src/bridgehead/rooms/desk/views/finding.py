"""Finding policies by questions: for anybody, without an account; a firm may keep what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.engines.eligibility.facts import Value
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.screens.attachments import form_key
from bridgehead.ground.screens.filling import Filling, Said, filled
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Answer, FormState, Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.desk.actions.firms import keep_answer
from bridgehead.rooms.desk.explaining import fact_words
from bridgehead.rooms.desk.models import PolicyAnswer
from bridgehead.rooms.desk.rules import as_kept, read_given, register
from bridgehead.rooms.desk.selectors.finding import FIRMS, finding, from_typed, profile_facts, wanted_of
from bridgehead.rooms.desk.who import firms

UNKNOWN = "?"
"""What stands for "I do not know" in a field."""
KEEP_FORM = "keep"


@dataclass
class Asked:
    """What a form said: the subject, the day, typed values, what is not known, and what could not be read."""

    subject: str = FIRMS
    as_of: date | None = None
    facts: dict[str, Value] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def find(request: HttpRequest) -> HttpResponse:
    """Ask the next questions, show what is settled, and keep the answer for a firm.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = firms(viewer)
    asked = _asked(request, able[0].pk if able else None)
    if request.method == "POST" and request.POST.get("form") == KEEP_FORM:
        made: list[PolicyAnswer] = []

        def keep(sent: Sent) -> None:
            firm = sent.organisation(viewer, able, "firm")
            told = {fact: _as_text(value) for fact, value in asked.facts.items()}
            day = finding(asked.facts, asked.skipped, asked.subject, asked.as_of).as_of
            said = {"as_of": day, "subject": asked.subject, "facts": told}
            made.append(keep_answer(by=viewer, firm=firm.pk, once=sent.once, unread=sent.unread, **said))

        answer = taken(request, lambda: [Offer(KEEP_FORM, keep, {"firm": ""})])
        if made:
            return HttpResponseRedirect(reverse("desk:answer", args=[made[0].pk]))
    else:
        answer = Answer({KEEP_FORM: FormState(KEEP_FORM, Filling({"firm": ""}), form_key())})
    seen = finding(asked.facts, asked.skipped, asked.subject, asked.as_of)
    faults: Mapping[str, tuple[Said, ...]] = {}
    if asked.faults:
        fields = [f"a:{one.place.field}" for one in asked.faults]
        placed = [Fault(one.code, one.parameters, Place(field=f"a:{one.place.field}")) for one in asked.faults]
        faults = filled(asked.typed, fields, BridgeheadError.of(placed)).faults
    context = {
        "seen": seen,
        "typed": asked.typed,
        "faults": faults,
        "firms": [(str(one.pk), one.name(language())) for one in able],
        "form": answer.states[KEEP_FORM],
        "refused": answer.refused,
        "unknown": UNKNOWN,
    }
    response = drawn(request, "desk/find.html", context, 422 if asked.faults else answer.status)
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest, firm: int | None) -> Asked:
    """Return what the form said; of a first visit, what the firm told before."""
    post = request.POST if request.method == "POST" else request.GET
    subject = post.get("subject", FIRMS)[:40]
    asked = Asked(subject=subject, as_of=_day(post.get("as_of", "")))
    if request.method != "POST":
        asked.facts = profile_facts(firm) if firm is not None and subject == FIRMS else {}
        return asked
    # Earlier answers first, so that one given again takes its place.
    for prefix in ("g:", "a:"):
        for name, text in post.items():
            if name.startswith(prefix):
                _take(asked, name.removeprefix(prefix), str(text).strip())
    for fact in post.getlist("forget"):
        asked.facts.pop(fact, None)
        asked.skipped = [one for one in asked.skipped if one != fact]
    return asked


def _take(asked: Asked, fact: str, text: str) -> None:
    if register().find(fact) is None or not text:
        return
    asked.skipped = [one for one in asked.skipped if one != fact]
    if text == UNKNOWN:
        asked.facts.pop(fact, None)
        asked.skipped.append(fact)
        return
    try:
        asked.facts[fact] = read_given(fact, from_typed(fact, text))
    except BridgeheadError:
        asked.typed[f"a:{fact}"] = text
        told = {"name": fact_words(fact).name, "value": text, wanted_of(fact): "y"}
        asked.faults.append(Fault("firm.wrong_answer", told, Place(field=fact)))


def _as_text(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(as_kept(value))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
