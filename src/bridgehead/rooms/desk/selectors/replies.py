"""Public replies as they are read: those that hold, one of them, those like a question, what waits for its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find, most_alike
from bridgehead.kernel.bigrams import tokens
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.replies import may_become_public
from bridgehead.rooms.desk.models import Case, Policy, PolicyEdition, PublicReply
from bridgehead.rooms.desk.selectors.editions import rests_on_withdrawn
from bridgehead.rooms.desk.selectors.library import word_of
from bridgehead.rooms.desk.tags import listed
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import HANDLE, OFFER, RELEASE

A_PAGE = 20
MOST_SIMILAR = 3
LEAST_ALIKE = 0.3
"""Share of the pairs of characters and words of a question that a reply must hold to be worth showing."""
State = PublicReply.State


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in words; ``lost`` is whether a policy it rests on was withdrawn."""

    record: PublicReply
    lost: bool = False

    @property
    def question(self) -> str:
        """What was asked."""
        return said(self.record.texts, "question")

    @property
    def answer(self) -> str:
        """What was answered."""
        return said(self.record.texts, "answer")

    @property
    def gist(self) -> str:
        """The first paragraph of the answer."""
        return self.answer.strip().partition("\n")[0]

    @property
    def office(self) -> str:
        """Who is responsible for it."""
        return self.record.owner.name(language())

    @property
    def codes(self) -> list[str]:
        """The codes of the policies it is about."""
        return listed(self.record.policies)

    @property
    def current(self) -> bool:
        """Whether it holds today."""
        return self.record.is_open and not self.lost and self.record.expires_on >= timezone.localdate()


@dataclass(frozen=True, slots=True)
class Replies:
    """The list: what it says in a sentence, a page of it, and by what it is narrowed."""

    says: str
    items: Sequence[Reply]
    total: int
    page: int
    more: bool
    q: str
    policy: str
    policies: Sequence[tuple[str, str]]


def _current() -> QuerySet[PublicReply]:
    rows = PublicReply.objects.filter(is_open=True, expires_on__gte=timezone.localdate())
    return rows.exclude(rests_on_withdrawn()).select_related("owner")


def _told(rows: QuerySet[PublicReply], most: int | None = None) -> list[Reply]:
    """Return replies that need not hold any more, each with whether a policy it rests on was withdrawn."""
    told = rows.select_related("owner").annotate(lost=rests_on_withdrawn())[:most]
    return [Reply(one, one.lost) for one in told]


def _about(rows: QuerySet[PublicReply], code: str) -> QuerySet[PublicReply]:
    return rows.filter(policies__contains=f",{code},")


def policy_titles(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return published policies of some codes with their titles, in the order of the codes."""
    return [(one.code, one.title) for one in _bases(codes)]


@dataclass(frozen=True, slots=True)
class Basis:
    """A published policy that a reply rests on; whether it was withdrawn, or changed since the reply was released."""

    code: str
    title: str
    withdrawn_on: date | None
    changed: bool


def _bases(codes: Sequence[str], released_at: datetime | None = None) -> list[Basis]:
    today = timezone.localdate()
    published = {one.pk: one for one in Policy.objects.filter(code__in=codes, is_open=True)}
    found, changed = {}, set()
    for row in PolicyEdition.objects.filter(policy__in=published, is_open=True):
        policy = published[row.policy_id]
        if row.number == policy.published:
            found[policy.code] = (word_of(row), policy.withdrawn_on)
        begins = (row.published_at, row.holds_from)
        if released_at and row.holds_from <= today and _later(begins, released_at):
            changed.add(policy.code)
    return [Basis(code, *found[code], code in changed) for code in codes if code in found]


def _later(begins: tuple[datetime | None, date], moment: datetime) -> bool:
    """Return whether an edition was published, or began to hold, after a moment."""
    published_at, holds_from = begins
    return (published_at is not None and published_at > moment) or holds_from > timezone.localdate(moment)


def replies(viewer: Viewer, q: str = "", policy: str = "", page: int = 1) -> Replies:
    """Return the replies that hold today, the newest first; with words, those found by them, the best first.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    q : str
        Words.
    policy : str
        Code of a policy.
    page : int
        Which page of the list.

    Raises
    ------
    BridgeheadError
        ``request.too_long``.

    Articles: 51
    """
    at = max(page, 1)
    rows = _about(_current(), policy) if policy else _current()
    if q.strip():
        found = find(current(), viewer, q, PublicReply.RECORD, at)
        pks = [int(hit.record) for group in found.groups for hit in group.hits]
        by_key = {one.pk: Reply(one) for one in rows.filter(pk__in=pks)}
        items = [by_key[pk] for pk in pks if pk in by_key]
        total, at, more = (found.found if not policy else len(items)), found.page, found.page < found.pages
    else:
        total = rows.count()
        items = [Reply(one) for one in rows[(at - 1) * A_PAGE : at * A_PAGE]]
        more = total > at * A_PAGE
    says = npgettext("replies", "%(n)s 个问题有公开答复", "%(n)s 个问题有公开答复", total) % {"n": total}
    if not total:
        asked = q.strip() or policy
        says = pgettext("replies", "没有找到这样的公开答复") if asked else pgettext("replies", "还没有公开答复")
    codes = {code for kept in _current().values_list("policies", flat=True) for code in listed(kept)}
    options = policy_titles(sorted(codes | ({policy} if policy else set())))
    return Replies(says, items, total, at, more, q.strip(), policy, options)


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """One reply, the policies it rests on; whether whoever looks writes or releases for its office."""

    reply: Reply
    policies: Sequence[Basis]
    keeps: bool
    releases: bool


def reply_page(viewer: Viewer, reply: int) -> ReplyPage:
    """Return one reply.

    Raises
    ------
    BridgeheadError
        ``reply.no_such_reply``.

    Articles: 51
    """
    found = _told(visible(PublicReply, viewer).filter(pk=reply))
    if not found:
        raise BridgeheadError("reply.no_such_reply")
    row = found[0].record
    keeps, releases = (viewer.grant_for(one, row.owner_id) is not None for one in (OFFER, RELEASE))
    return ReplyPage(found[0], _bases(found[0].codes, row.released_at), keeps, releases)


def replies_about(code: str) -> list[Reply]:
    """Return the replies about a policy that hold today, the newest first.

    Articles: 51
    """
    return [Reply(one) for one in _about(_current(), code)[:A_PAGE]]


def similar_replies(viewer: Viewer, text: str) -> list[Reply]:
    """Return the replies whose question and answer hold most of what somebody is about to ask; none for nothing alike.

    Articles: 51
    """
    asked = {token for token in tokens(text) if len(token) > 1}
    keys = [int(one) for one in most_alike(viewer, text, PublicReply.RECORD, 4 * MOST_SIMILAR)]
    rows = {one.pk: Reply(one) for one in _current().filter(pk__in=keys)}
    found = [rows[key] for key in keys if key in rows]
    return [one for one in found if _alike(asked, one) >= LEAST_ALIKE][:MOST_SIMILAR]


def _alike(asked: set[str], reply: Reply) -> float:
    texts = (text for kind in reply.record.texts.values() for text in kind.values())
    there = {token for text in texts for token in tokens(text)}
    return len(asked & there) / len(asked) if asked else 0.0


@dataclass(frozen=True, slots=True)
class ReplyDesk:
    """The replies of the offices somebody writes for: questions to word anew, drafts, what holds, what is over."""

    questions: Sequence[Case]
    drafts: Sequence[Reply]
    current: Sequence[Reply]
    over: Sequence[Reply]


def reply_desk(viewer: Viewer) -> ReplyDesk:
    """Return the replies somebody looks after, and the answered questions that may become one.

    Articles: 51
    """
    able = [one.pk for one in able_in(viewer, OFFER)]
    rows = visible(PublicReply, viewer).filter(owner__in=able).order_by("-id")
    found = _told(rows, 200) if able else []
    drafts = [one for one in found if one.record.state == State.DRAFT]
    holding = [one for one in found if one.current]
    over = [one for one in found if one not in drafts and one not in holding]
    return ReplyDesk(_questions(viewer), drafts, holding, over)


def _questions(viewer: Viewer) -> list[Case]:
    offices = [one.pk for one in able_in(viewer, OFFER) if viewer.grant_for(HANDLE, one.pk) is not None]
    taken = PublicReply.objects.exclude(state=State.WITHDRAWN).values("case")
    rows = visible(Case, viewer).filter(office__in=offices, service="policy_question", outcome="answered")
    return [one for one in rows.exclude(pk__in=taken).order_by("-ended_at")[:100] if may_become_public(one)]


@dataclass(frozen=True, slots=True)
class Asked:
    """An answered question that may become a public reply: what was asked and answered, for whoever words it anew."""

    case: Case
    question: str
    answer: str


def question_of(viewer: Viewer, case: int) -> Asked:
    """Return an answered question that somebody may word anew.

    Raises
    ------
    BridgeheadError
        ``case.no_such_case`` for one they do not handle, ``reply.not_for_the_public``.
    """
    row = visible(Case, viewer).filter(pk=case).first()
    if row is None or any(viewer.grant_for(one, row.office_id) is None for one in (OFFER, HANDLE)):
        raise BridgeheadError("case.no_such_case")
    if not may_become_public(row):
        raise BridgeheadError("reply.not_for_the_public")
    events = row.events.order_by("-number").values_list("given", flat=True)
    answer = next((one["answer"] for one in events if "answer" in one), "")
    return Asked(row, str(row.form.get("question", "")), str(answer))


def reply_of(viewer: Viewer, case: Case) -> Reply | None:
    """Return the reply a case became, for whoever looks after it; None where there is none or it was withdrawn."""
    found = _told(visible(PublicReply, viewer).filter(case=case).exclude(state=State.WITHDRAWN))
    return found[0] if found else None


def state_word(reply: Reply) -> str:
    """Return how far a reply is."""
    if reply.record.state == State.DRAFT:
        return pgettext("replies", "草稿，等另一个人发布")
    if reply.record.state == State.WITHDRAWN:
        return pgettext("replies", "已撤回")
    if reply.lost:
        return pgettext("replies", "所依据的政策已不再使用")
    return pgettext("replies", "已公开") if reply.current else pgettext("replies", "已过期")
