"""Actions that end a question of the public without its own answer: declining it, naming one that asks the same."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import give_reason, needed, today
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.who import PUBLISH

_NUMBER_LENGTH = 16
_NOT_GIVEN = (PublicQuestion.State.NEW, PublicQuestion.State.ROUTED)
_ENDED_HERE = (PublicQuestion.State.DECLINED, PublicQuestion.State.SAME)


@action("public_question.decline", permission=PUBLISH)
def decline_question(deed: Deed, *, question: int, version: int) -> PublicQuestion:
    """Decline a question, with a reason its asker reads; how to reach them is erased. Giving it to a body undoes it.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``question.not_waiting``.

    Articles: 7
    """
    row = _open(deed, question, version)
    reason = give_reason(deed)
    deed.check()
    return deed.change(row, refusal=reason, **_ended(deed, PublicQuestion.State.DECLINED))


@action("public_question.same", permission=PUBLISH)
def same_question(deed: Deed, *, question: int, version: int, number: str) -> PublicQuestion:
    """Say that a question asks the same as another, whose answer its asker then reads; what was the same as it follows.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``question.not_waiting``, ``question.no_such_number``, ``question.no_original`` for one that
        cannot answer for it: itself, one that was declined, or one that is itself the same as another.

    Articles: 7
    """
    row = _open(deed, question, version)
    said = needed(deed, number, "number", _NUMBER_LENGTH)
    deed.check()
    other = PublicQuestion.objects.filter(owner=row.owner_id, number=said).first()
    if other is None:
        deed.refuse("question.no_such_number", {"number": said}, "number")
    elif other.pk == row.pk or other.state in _ENDED_HERE:
        deed.refuse("question.no_original", {"number": said}, "number")
    deed.check()
    for one in PublicQuestion.objects.select_for_update().filter(same_as=row):
        deed.change(one, same_as=other)
    return deed.change(row, same_as=other, **_ended(deed, PublicQuestion.State.SAME))


def _open(deed: Deed, question: int, version: int) -> PublicQuestion:
    """Return a question nobody wrote an answer to yet."""
    row = deed.lock(PublicQuestion, question, version)
    deed.require_in(row.owner_id)
    if row.state not in _NOT_GIVEN:
        deed.refuse("question.not_waiting", {"state": row.state})
        deed.check()
    return row


def _ended(deed: Deed, state: str) -> dict[str, object]:
    return {"state": state, "office": None, "answered_on": today(deed), "answer": "", "contact": ""}
