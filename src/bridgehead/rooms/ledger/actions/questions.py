"""Actions on what the public asks: taking it in, routing it, answering it by two persons, publishing the answer."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.codes import digest_of_code, new_code, new_number
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.calendars import Term, Unit
from bridgehead.rooms.ledger.actions.common import body
from bridgehead.rooms.ledger.models import PublicAnswer, PublicQuestion
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.question_codes import CODES, ROUTABLE, WAITS, held_by, told_of
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN, PUBLISH
from bridgehead.rooms.statute.public import article_numbers

ANSWERED_IN = Term(15, Unit.WORKING_DAY)
"""How long a body has to answer the public: a setting of the platform, not a term of the regulation."""
ROUTED_IN = Term(3, Unit.WORKING_DAY)
"""How long the office has to route a question: a setting of the platform, too."""
LONGEST_TEXT = 2_000
LONGEST_CONTACT = 200
LONGEST_ANSWER = 5_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that was taken in: its number, and the code that is shown this once."""

    number: str
    code: str


@action("public_question.ask")
def ask(deed: Deed, *, kind: str, text: str, article: int | None = None, contact: str = "") -> Taken:
    """Take in what somebody from the public asks, suggests or complains of; whoever sends it needs no account.

    The row is written as the platform, which alone may see it before an office does.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``form.no_such_choice``, ``dossier.no_such_article``,
        ``question.nobody_takes_it``.

    Articles: 7
    """
    said = needed(deed, text, "text", LONGEST_TEXT)
    how = fitting(deed, contact, "contact", LONGEST_CONTACT)
    if kind not in PublicQuestion.Kind.values:
        deed.refuse("form.no_such_choice", {"value": kind[:40]}, "kind")
    if article is not None and article not in article_numbers():
        deed.refuse("dossier.no_such_article", {"article": article}, "article")
    with as_system("taking in a question of the public"):
        owner = _who_takes_it()
        if owner is None:
            deed.refuse("question.nobody_takes_it", {})
        deed.check()
        code = new_code()
        number = new_number(str(today(deed).year), lambda one: PublicQuestion.objects.filter(number=one).exists())
        due = calendar().due(today(deed), ANSWERED_IN)
        deed.create(
            PublicQuestion(
                owner=owner,
                number=number,
                code_hash=digest_of_code(CODES, number, code),
                kind=kind,
                article=article,
                text=said,
                contact=how,
                asked_on=today(deed),
                due_on=due.day,
                provisional=due.provisional,
            )
        )
    return Taken(number, code)


@action("public_question.ask_again")
def ask_again(deed: Deed, *, number: str, code: str, text: str, contact: str = "") -> PublicQuestion:
    """Ask again once, where the answer does not answer: what was asked and told before stays beside it.

    What was declined, or said to be the same as another, may be asked again, too.

    Raises
    ------
    BridgeheadError
        ``question.unknown`` for a wrong number or code; else with all of ``form.missing``, ``form.text_too_long``,
        ``question.not_answered_yet``, ``question.asked_again``.

    Articles: 7
    """
    with as_system("looking up a question by its code"):
        row = held_by(number, code, to_change=True)
        said = needed(deed, text, "text", LONGEST_TEXT)
        how = fitting(deed, contact, "contact", LONGEST_CONTACT)
        if row.again_on is not None:
            deed.refuse("question.asked_again", {"number": row.number})
        elif row.state in WAITS:
            deed.refuse("question.not_answered_yet", {"number": row.number, "due": str(row.due_on)})
        deed.check()
        due = calendar().due(today(deed), ANSWERED_IN)
        return deed.change(
            row,
            state=PublicQuestion.State.NEW,
            earlier=row.text,
            earlier_answer="\n\n".join(one.text for one in told_of(row)),
            earlier_answered_on=row.answered_on,
            again_on=today(deed),
            text=said,
            contact=how,
            answer="",
            drafted_by=None,
            drafted_at=None,
            writers=[],
            approved_by=None,
            answered_on=None,
            refusal="",
            same_as=None,
            returned="",
            due_on=due.day,
            provisional=due.provisional,
        )


@action("public_question.route", permission=PUBLISH)
def route(deed: Deed, *, question: int, version: int, organisation: int | None) -> PublicQuestion:
    """Give a question to the body that is to answer it, or to another one while there is no answer.

    One that was declined, or said to be the same as another, is taken up again by that.

    Raises
    ------
    BridgeheadError
        ``ledger.unknown_body``, ``question.not_waiting``.
    """
    row = deed.lock(PublicQuestion, question, version)
    deed.require_in(row.owner_id)
    one = body(deed, organisation, "organisation")
    if row.state not in ROUTABLE:
        deed.refuse("question.not_waiting", {"state": row.state})
    deed.check()
    assert one is not None
    kept = {"routed_on": today(deed), "refusal": "", "same_as": None, "answered_on": None}
    return deed.change(row, office=one, state=PublicQuestion.State.ROUTED, **kept)


@action("public_question.draft", permission=HAND_IN)
def draft_answer(deed: Deed, *, question: int, version: int, answer: str) -> PublicQuestion:
    """Write the answer for the body it was given to; a second person approves it before the asker sees it.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``, ``question.not_waiting``.
    """
    row = deed.lock(PublicQuestion, question, version)
    if row.office_id is None:
        deed.refuse("question.not_waiting", {"state": row.state})
        deed.check()
    deed.require_in(row.office_id)
    said = needed(deed, answer, "answer", LONGEST_ANSWER)
    if row.state not in (PublicQuestion.State.ROUTED, PublicQuestion.State.DRAFTED):
        deed.refuse("question.not_waiting", {"state": row.state})
    deed.check()
    writers = sorted({*row.writers, deed.by.person_id})
    kept = {"drafted_by": deed.by.person_id, "drafted_at": deed.at, "writers": writers, "returned": ""}
    return deed.change(row, answer=said, state=PublicQuestion.State.DRAFTED, **kept)


@action("public_question.approve", permission=DECIDE)
def approve_answer(deed: Deed, *, question: int, version: int) -> PublicQuestion:
    """Approve an answer others wrote: the asker can read it from now on, and how to reach them is erased.

    Raises
    ------
    BridgeheadError
        ``question.own_answer``, ``question.not_drafted``.

    Articles: 7
    """
    row = _drafted(deed, question, version)
    if deed.by.person_id in row.writers:
        deed.refuse("question.own_answer", {})
    deed.check()
    kept = {"approved_by": deed.by.person_id, "answered_on": today(deed), "contact": ""}
    return deed.change(row, state=PublicQuestion.State.ANSWERED, **kept)


@action("public_question.return", permission=DECIDE)
def return_answer(deed: Deed, *, question: int, version: int) -> PublicQuestion:
    """Send an answer back to whoever wrote it, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``question.own_answer``, ``question.not_drafted``.
    """
    row = _drafted(deed, question, version)
    reason = give_reason(deed)
    if deed.by.person_id in row.writers:
        deed.refuse("question.own_answer", {})
    deed.check()
    return deed.change(row, state=PublicQuestion.State.ROUTED, returned=reason)


@action("public_answer.publish", permission=PUBLISH)
def publish_answer(deed: Deed, *, question: int, version: int, asked: str) -> PublicAnswer:
    """Publish an answer beside the question in the office's own words; the answer stays as it was approved.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``, ``question.not_answered``, ``question.published``.

    Articles: 7
    """
    row = deed.lock(PublicQuestion, question, version)
    deed.require_in(row.owner_id)
    said = needed(deed, asked, "asked", LONGEST_TEXT)
    if row.state != PublicQuestion.State.ANSWERED:
        deed.refuse("question.not_answered", {"state": row.state})
    elif PublicAnswer.objects.filter(question=row, answered_on=row.answered_on, withdrawn_on=None).exists():
        deed.refuse("question.published", {})
    deed.check()
    assert row.office is not None
    assert row.answered_on is not None
    return deed.create(
        PublicAnswer(
            question=row,
            owner_id=row.owner_id,
            body_zh=row.office.name_zh,
            body_en=row.office.name_en,
            kind=row.kind,
            article=row.article,
            asked=said,
            answer=row.answer,
            asked_on=row.again_on or row.asked_on,
            answered_on=row.answered_on,
            published_on=today(deed),
        )
    )


@action("public_answer.withdraw", permission=PUBLISH)
def withdraw_answer(deed: Deed, *, answer: int, version: int) -> PublicAnswer:
    """Withdraw an answer that was published, with a reason; the asker still reads it with number and code.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``publication.withdrawn``.
    """
    row = deed.lock(PublicAnswer, answer, version)
    deed.require_in(row.owner_id)
    reason = give_reason(deed)
    if row.withdrawn_on is not None:
        deed.refuse("publication.withdrawn", {"on": str(row.withdrawn_on)})
    deed.check()
    return deed.change(row, withdrawn_on=today(deed), is_open=False, reason=reason)


def _drafted(deed: Deed, question: int, version: int) -> PublicQuestion:
    """Return a question whose answer waits for a second person: of the body that answers, or of the office."""
    row = deed.lock(PublicQuestion, question, version)
    answering = [at for at in (row.office_id, row.owner_id) if at is not None]
    at = next((one for one in answering if deed.by.grant_for(DECIDE, one, to_write=True)), answering[0])
    deed.require_in(at)
    if row.state != PublicQuestion.State.DRAFTED:
        deed.refuse("question.not_drafted", {"state": row.state})
    return row


def _who_takes_it() -> Organisation | None:
    """Return the coordination body nearest to the top of the region."""
    rows = list(Organisation.objects.filter(kind="coordination", closed_on__isnull=True).order_by("code"))
    return min(rows, key=lambda one: (one.level not in ("", "region"), one.code), default=None)
