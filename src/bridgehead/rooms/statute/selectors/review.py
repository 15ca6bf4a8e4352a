"""The review queue: duties a person should look at, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.statute.derived import CORRECTABLE, FLAGS, read_asks
from bridgehead.rooms.statute.models import Answer, Bearer, DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import reading_of
from bridgehead.rooms.statute.selectors.duties import (
    DutyLine,
    field_word,
    lines,
    modality_word,
    organ_word,
    part_word,
    standing_word,
)
from bridgehead.rooms.statute.selectors.reading import (
    Beside,
    Block,
    Links,
    beside,
    duties_of_version,
    links,
    text_address,
)
from bridgehead.rooms.statute.selectors.statutes import Law, laws

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One duty that waits, and the statute it stands in."""

    law: Law
    line: DutyLine
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be looked at: all of it counted, one page of it shown."""

    waiting: Sequence[Waiting]
    total: int
    answered: int
    page: int
    pages: int
    laws: Sequence[tuple[Law, int]]
    chosen: Law | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that was given: what, by whom; whether it was given for other words of an earlier text."""

    answer: Answer
    by: str
    verdict: str
    bearers: Sequence[tuple[str, str]]
    asks: Sequence[tuple[str, str]]
    organisation: str
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty: its article around it, who bears it by the rules and by people, and what was answered before."""

    law: Law
    version: StatuteVersion
    line: DutyLine
    article: Beside
    read: Sequence[tuple[str, str]]
    read_open: bool
    read_asks: Sequence[tuple[str, str]]
    answers: Sequence[Said]
    known: Sequence[str]

    @property
    def standing(self) -> Answer | None:
        """The answer on these words that holds."""
        return next((one.answer for one in self.answers if not one.elsewhere and not one.answer.withdrawn_at), None)


def queue(viewer: Viewer, work: str = "", page: int = 1) -> Queue:
    """Return the duties that wait, of one law or of all, as they hold today."""
    listed = [one for one in laws(viewer) if one.to_review]
    chosen = next((one.law for one in listed if str(one.law.work.pk) == work), None)
    by_version = {one.law.shown.pk: one.law for one in listed if chosen is None or one.law is chosen}
    rows = visible(DutyRow, viewer).filter(statute__in=by_version, to_review=True).order_by("statute_id", "position")
    total = rows.count()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, page), pages)
    shown = rows.select_related("statute").prefetch_related("bearers")[(page - 1) * A_PAGE : page * A_PAGE]
    return Queue(
        waiting=[Waiting(by_version[line.row.statute_id], line, _around(line)) for line in lines(shown)],
        total=total,
        answered=visible(Answer, viewer).filter(withdrawn_at=None).count(),
        page=page,
        pages=pages,
        laws=[(one.law, one.to_review) for one in listed],
        chosen=chosen,
    )


def _around(line: DutyLine) -> list[Block]:
    """Return the paragraph a duty stands in, with its words marked."""
    articles = reading_of(line.row.statute).statute.articles
    article = next((one for one in articles if one.id == line.row.article_eid), None)
    if article is None:  # read by other rules since; the page of the statute says so
        return []
    paragraph = line.row.paragraph_eid
    blocks = beside(article, [line], Links({}, {})).blocks
    return [one for one in blocks if one.id == paragraph or one.id.startswith(f"{paragraph}__")]


def duty_page(viewer: Viewer, duty: int) -> DutyPage:
    """Return one duty with its article.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_duty``.
    """
    row = visible(DutyRow, viewer).filter(pk=duty, statute__withdrawn_at=None).select_related("statute").first()
    if row is None:
        raise BridgeheadError("statute.no_such_duty")
    law = next(one.law for one in laws(viewer) if one.law.work.pk == row.statute.work_id)
    reading = reading_of(row.statute)
    found = [line for line in duties_of_version(viewer, row.statute) if line.article == row.article_eid]
    article = next((one for one in reading.statute.articles if one.id == row.article_eid), None)
    if article is None:
        raise BridgeheadError("statute.reread_first", {"title": row.statute.title})
    held = Q(anchor=row.anchor) | Q(pk=row.answer_id)
    given = list(visible(Answer, viewer).filter(held, work=row.statute.work_id).select_related("owner"))
    people = dict(visible(Person, viewer).filter(pk__in=[one.decided_by for one in given]).values_list("pk", "name"))
    known = visible(Bearer, viewer).order_by().values_list("organ", flat=True).distinct()
    return DutyPage(
        law=law,
        version=row.statute,
        line=next(line for line in found if line.row.pk == row.pk),
        article=beside(article, found, links(viewer, reading, text_address(row.statute))),
        read=_in_words(row.read["bearers"]),
        read_open=row.read["open_list"],
        read_asks=_asks_in_words({name: value for name, value in read_asks(row).items() if value}),
        answers=[_said(one, people.get(one.decided_by or 0, ""), row) for one in given],
        known=sorted(known),
    )


def _said(answer: Answer, by: str, row: DutyRow) -> Said:
    return Said(
        answer=answer,
        by=by,
        verdict=standing_word(answer.verdict),
        bearers=_in_words(answer.bearers),
        asks=_asks_in_words(answer.corrections),
        organisation=answer.owner.name(language()),
        elsewhere=answer.anchor != row.anchor,
    )


def _asks_in_words(asks: Mapping[str, str | bool]) -> list[tuple[str, str]]:
    """Return what a duty asks besides who bears it: name and value of each."""
    return [(field_word(name), _value_word(name, asks[name])) for name in CORRECTABLE if name in asks]


def _value_word(name: str, value: str | bool) -> str:
    if name == "modality":
        return modality_word(str(value))
    if name in FLAGS:
        return pgettext("statute flag", "是") if value else pgettext("statute flag", "否")
    return str(value) or "—"


def _in_words(bearers: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return the name of each bearer, and what it does where that is not simply to bear the duty."""
    return [
        (organ_word(one["organ"]), part_word(one["part"]) if one["part"] != Bearer.Part.ACTOR else "")
        for one in bearers
    ]


def reviewers(viewer: Viewer) -> list[Organisation]:
    """Return the organisations somebody may review duties for."""
    ids = {grant.organisation_id for grant in viewer.grants}
    able = {pk for pk in ids if viewer.grant_for("statute.review", pk, to_write=True)}
    return list(visible(Organisation, viewer).filter(pk__in=able, closed_on=None))
