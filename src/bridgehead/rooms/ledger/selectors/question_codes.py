"""Finding a question of the public again by its number and the code only its asker knows; what they are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.codes import fits
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.who import named

WAITS = ("new", "routed", "drafted")
ROUTABLE = ("new", "routed", "declined", "same")
CODES = "question"
"""What the codes are for."""
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class Told:
    """Something the asker is told: an answer, or why there is none; by whom, and when."""

    text: str
    body: str
    on: date | None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class AskerPage:
    """A question as its asker sees it.

    Attributes
    ----------
    row : PublicQuestion
        The question.
    says : str
        How far it is.
    other : str
        Of a question that is the same as another, how far that one is.
    due_on : date or None
        By when it is answered; None where it is not waited for.
    body : str
        Who answers it; empty where nobody does yet.
    told : sequence of Told
        What was answered; of a question that is the same as another, what was answered to that one.
    may_ask_again : bool
        Whether it may be asked again.
    """

    row: PublicQuestion
    says: str
    other: str
    due_on: date | None
    body: str
    told: Sequence[Told]
    may_ask_again: bool


def asker_page(row: PublicQuestion) -> AskerPage:
    """Return what the asker of a question sees of it; nothing of the text of another is in it.

    Articles: 7
    """
    with as_system("telling an asker how far a question is"):
        leading, told = row.same_as or row, told_of(row)
        body = named(leading.office) if leading.state != PublicQuestion.State.NEW else ""
    says, other = asker_word(leading.state), ""
    if leading is not row:
        other = _("那一件：%(says)s") % {"says": says}
        says = _("和 %(number)s 问的是同一件事") % {"number": leading.number}
    waits = leading.state in WAITS
    again = row.again_on is None and row.state not in WAITS
    return AskerPage(row, says, other, leading.due_on if waits else None, body, told, again)


def told_of(row: PublicQuestion) -> list[Told]:
    """Return what the asker of a question was told; every answer of the other where it is the same as that."""
    if row.same_as is not None:
        other = row.same_as
        earlier = Told(other.earlier_answer, "", other.earlier_answered_on)
        return [*([earlier] if other.earlier_answer else []), *told_of(other)]
    if row.state == PublicQuestion.State.DECLINED:
        return [Told(row.refusal, named(row.owner), row.answered_on, declined=True)]
    return [Told(row.answer, named(row.office), row.answered_on)] if row.state == PublicQuestion.State.ANSWERED else []


def asker_word(state: str) -> str:
    """Return how far a question is, for the one who asked it."""
    words = {
        "new": _("已经收到，正在确定由哪个单位答复"),
        "routed": _("已经交给答复的单位"),
        "drafted": _("答复已经写好，正在由另一个人核准"),
        "answered": _("已经答复"),
        "declined": _("没有受理，理由在下面"),
    }
    return words.get(state, state)


def held_by(number: str, code: str, *, to_change: bool = False) -> PublicQuestion:
    """Return the question of a number whose code somebody knows; read as the platform, and only that one row.

    Raises
    ------
    BridgeheadError
        ``question.unknown``, the same for a number there is none of and for a wrong code.

    Articles: 7
    """
    told = "".join(number.split())[:_LONGEST]
    with as_system("looking up a question by its code"):
        rows = PublicQuestion.objects.select_for_update(of=("self",)) if to_change else PublicQuestion.objects
        rows = rows.select_related("owner", "office", "same_as__office", "same_as__owner")
        row = rows.filter(number=told).first() if told.isascii() else None
    if row is None or not fits(CODES, told, code, row.code_hash):
        raise BridgeheadError("question.unknown")
    return row
