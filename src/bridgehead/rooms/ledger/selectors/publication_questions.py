"""What the public asked, for those who route, answer and approve; and what an asker sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import PublicAnswer, PublicQuestion
from bridgehead.rooms.ledger.selectors.publication import kind_word, published_answer
from bridgehead.rooms.ledger.selectors.question_codes import ROUTABLE, WAITS
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN, PUBLISH, named, names_of
from bridgehead.rooms.ledger.wording import due_word
from bridgehead.rooms.statute.public import title

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is listed inside.

    Attributes
    ----------
    record : PublicQuestion
        The row; its contact is shown by `QuestionPage` alone.
    kind, waits : str
        What it is, and what it waits for, in words.
    body : str
        Who is to answer, empty where nobody is yet.
    late : bool
        Whether its day is past.
    due : str
        How far off its day is, in working days.
    """

    record: PublicQuestion
    kind: str
    waits: str
    body: str
    late: bool
    due: str

    @property
    def articles(self) -> tuple[int, ...]:
        """The number of its article, for the chip."""
        return (self.record.article,) if self.record.article else ()


@dataclass(frozen=True, slots=True)
class Asks:
    """The list: the answer in one sentence, what waits with what is late first, and how many there are of each."""

    says: str
    rows: Sequence[Asked]
    counts: Sequence[tuple[str, str, int]]
    state: str
    more: int


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question as its page shows it.

    Attributes
    ----------
    asked : Asked
        The question.
    about : str
        Title of its article.
    contact : str
        How to reach who asked; only for the office that took it in.
    drafted_by, approved_by : str
        Who wrote and who approved the answer, where the viewer may see them.
    published : PublicAnswer or None
        The answer as it is public.
    original : PublicQuestion or None
        The one it asks the same as.
    repeats : sequence of PublicQuestion
        Those that ask the same.
    may_route, may_close, may_draft, may_decide, may_publish : bool
        What the viewer may do with it as it is.
    """

    asked: Asked
    about: str
    contact: str
    drafted_by: str
    approved_by: str
    published: PublicAnswer | None
    original: PublicQuestion | None
    repeats: Sequence[PublicQuestion]
    may_route: bool
    may_close: bool
    may_draft: bool
    may_decide: bool
    may_publish: bool


def questions(viewer: Viewer, state: str = "") -> Asks:
    """Return what waits of the questions somebody may see, or those in a state, with what is late first.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter``.

    Articles: 7
    """
    if state and state not in PublicQuestion.State.values:
        told = {"value": state, "allowed": list(PublicQuestion.State.values)}
        raise BridgeheadError("request.bad_filter", told, Place(field="state"))
    every = visible(PublicQuestion, viewer)
    chosen = every.filter(state=state) if state else every.filter(state__in=WAITS)
    ended = state and state not in WAITS
    found = _page(chosen.order_by("-answered_on", "-id") if ended else chosen.order_by("due_on", "id"))
    there = dict(every.order_by().values_list("state").annotate(Count("id")))
    counts = [(one, state_word(one), there.get(one, 0)) for one in PublicQuestion.State.values]
    late = every.filter(state__in=WAITS, due_on__lt=today()).count()
    shown = [asked_of(one) for one in found]
    waiting = sum(there.get(one, 0) for one in WAITS)
    more = (there.get(state, 0) if state else waiting) - len(shown)
    return Asks(_says(waiting, late), shown, counts, state, max(0, more))


def question_page(viewer: Viewer, question: int) -> QuestionPage:
    """Return a question with what the viewer may do with it.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.

    Articles: 7
    """
    row = visible(PublicQuestion, viewer).select_related("owner", "office").filter(pk=question).first()
    if row is None:
        raise BridgeheadError("action.no_such_record", {"kind": PublicQuestion.RECORD, "id": str(question)})
    names = names_of({row.drafted_by, row.approved_by})
    of_office = viewer.grant_for(PUBLISH, row.owner_id) is not None
    public = published_answer(viewer, row)
    deciding = [at for at in (row.office_id, row.owner_id) if at and viewer.grant_for(DECIDE, at, to_write=True)]
    keeps = bool(viewer.grant_for(PUBLISH, row.owner_id, to_write=True))
    return QuestionPage(
        asked_of(row),
        title(row.article) if row.article else "",
        row.contact if of_office else "",
        names.get(row.drafted_by or 0, ""),
        names.get(row.approved_by or 0, ""),
        public,
        visible(PublicQuestion, viewer).filter(pk=row.same_as_id).first() if row.same_as_id else None,
        list(visible(PublicQuestion, viewer).filter(same_as=row).order_by("id")),
        keeps and row.state in ROUTABLE,
        keeps and row.state in ("new", "routed"),
        bool(
            row.state in ("routed", "drafted")
            and row.office_id
            and viewer.grant_for(HAND_IN, row.office_id, to_write=True)
        ),
        row.state == "drafted" and bool(deciding) and viewer.person_id not in row.writers,
        keeps and row.state == "answered" and public is None,
    )


def asked_of(row: PublicQuestion, on: date | None = None) -> Asked:
    """Return a question in words, as of a day."""
    on = on or today()
    waiting = row.state in WAITS
    late = waiting and row.due_on < on
    return Asked(row, kind_word(row.kind), state_word(row.state), named(row.office), late, due_word(row.due_on, on))


def state_word(state: str) -> str:
    """Return what a question in a state waits for."""
    words = {
        "new": pgettext("question", "等分办"),
        "routed": pgettext("question", "等答复"),
        "drafted": pgettext("question", "等核准"),
        "answered": pgettext("question", "已答复"),
        "declined": pgettext("question", "没有受理"),
        "same": pgettext("question", "和另一件相同"),
    }
    return words.get(state, state)


def _page(rows: QuerySet[PublicQuestion]) -> list[PublicQuestion]:
    return list(rows.select_related("office").defer("contact", "code_hash")[:A_PAGE])


def _says(waiting: int, late: int) -> str:
    if not waiting:
        return _("公众来件都已答复")
    said = ngettext("%(n)d 件公众来件在等", "%(n)d 件公众来件在等", waiting) % {"n": waiting}
    comma = speak(language(), "，", ", ")
    if not late:
        return said + comma + _("没有逾期的")
    return said + comma + ngettext("%(n)d 件已逾期", "%(n)d 件已逾期", late) % {"n": late}
