"""The notices of somebody's firms and offices, and how many of them are unread."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.pages import Example, page_named
from bridgehead.rooms.desk.models import Case, Notice, NoticeRead, NoticeReader, PolicyClaim
from bridgehead.rooms.desk.notice_kinds import FIRMS, KINDS, OFFICES, Kind
from bridgehead.rooms.desk.notices import SCOPE, says
from bridgehead.rooms.desk.who import firms

A_PAGE = 30
CASE = "desk:case"
FRESH = timedelta(days=90)
"""How long a notice counts as unread for somebody who never marked any."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in words; ``to`` names the organisation where somebody reads for several.

    ``policy`` is the one a firm was told of and has not said how it stands to.
    """

    notice: Notice
    kind: str
    sentence: str
    address: str
    unread: bool
    to: str
    policy: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of notice somebody can have by e-mail."""

    kind: Kind
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The list: what it says in a sentence, its lines, whether there are older ones, and what comes by e-mail."""

    says: str
    unread: int
    lines: Sequence[Line]
    page: int
    more: bool
    choices: Sequence[Choice]
    email: str


def unread_count(viewer: Viewer) -> int:
    """Return how many notices somebody has not read."""
    return _unread(viewer).count() if _told(viewer) else 0


def notice_page(viewer: Viewer, page: int = 1) -> NoticePage:
    """Return the notices of somebody's firms and offices, the newest first.

    Articles: 51
    """
    at = max(page, 1)
    rows = list(_rows(viewer).select_related("owner")[(at - 1) * A_PAGE : at * A_PAGE + 1])
    waiting = set(_unread(viewer).values_list("pk", flat=True))
    several = len(_told(viewer)) > 1
    open_claims = _open_claims(viewer, rows)
    seen = _cases_seen(viewer, rows)
    unread = len(waiting)
    said = npgettext("notice", "%(n)s 条通知没有读", "%(n)s 条通知没有读", unread) % {"n": unread}
    person = visible(Person, viewer).filter(pk=viewer.person_id).first()
    return NoticePage(
        said if unread else pgettext("notice", "没有未读的通知"),
        unread,
        [_line(one, one.pk in waiting, several, open_claims, seen) for one in rows[:A_PAGE]],
        at,
        len(rows) > A_PAGE,
        _choices(viewer),
        person.email if person else "",
    )


def _open_claims(viewer: Viewer, rows: Sequence[Notice]) -> Mapping[tuple[int, str], int]:
    """Return the policies firms were told of and have not said how they stand to, by firm and code."""
    codes = {one.kwargs["policy"] for one in rows if one.kind == "policy_fits"}
    if not codes:
        return {}
    claims = visible(PolicyClaim, viewer).filter(policy__code__in=codes, state=PolicyClaim.State.TOLD)
    able = {one.pk for one in firms(viewer)}
    found = claims.filter(owner__in=able).values_list("owner_id", "policy__code", "policy_id")
    return {(owner, code): policy for owner, code, policy in found}


def _cases_seen(viewer: Viewer, rows: Sequence[Notice]) -> set[int]:
    """Return the cases notices are about that somebody may see: a late one is reported to bodies that may not."""
    told = {one.kwargs["case"] for one in rows if one.page == CASE}
    return set(visible(Case, viewer).filter(pk__in=told).values_list("pk", flat=True)) if told else set()


def _line(
    one: Notice, unread: bool, several: bool, claims: Mapping[tuple[int, str], int], cases: Container[int]
) -> Line:
    leads = one.page and (one.page != CASE or one.kwargs["case"] in cases)
    address = page_named(one.page).address(language(), Example(one.kwargs)) if leads else ""
    to = one.owner.name(language()) if several else ""
    policy = claims.get((one.owner_id, str(one.kwargs.get("policy", ""))))
    return Line(one, KINDS[one.kind].title(), says(one), address, unread, to, policy)


def _choices(viewer: Viewer) -> list[Choice]:
    reader = visible(NoticeReader, viewer).first()
    chosen = reader.mailed if reader else {}
    told = _told(viewer)
    public = visible(Organisation, viewer).filter(pk__in=told, is_public=True).count()
    sides = {OFFICES} if public else set()
    sides |= {FIRMS} if len(told) > public else set()
    return [
        Choice(one, one.title(), chosen.get(one.name, one.mailed)) for one in KINDS.values() if one.readers in sides
    ]


def _told(viewer: Viewer) -> set[int]:
    """Return the firms and offices somebody reads the notices of: where they are members, stand in or are entrusted."""
    return {
        one.organisation_id
        for one in viewer.grants
        if "own" in one.meaning.sees and (one.scopes is None or SCOPE in one.scopes)
    }


def _rows(viewer: Viewer) -> QuerySet[Notice]:
    theirs = Q(person_id=None) | Q(person_id=viewer.person_id)
    return visible(Notice, viewer).filter(theirs, owner__in=_told(viewer))


def _unread(viewer: Viewer) -> QuerySet[Notice]:
    reader = visible(NoticeReader, viewer).filter(person_id=viewer.person_id).values("read_until")[:1]
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), person_id=viewer.person_id)
    return _rows(viewer).filter(~Exists(read), told_at__gt=Coalesce(reader, Value(timezone.now() - FRESH)))
