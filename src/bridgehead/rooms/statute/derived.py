"""What is derived from a version: its provisions, its duties and who bears them, with people's answers laid over.

Nothing here is journalled: all of it can be made anew from the text, the rules and the answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, prefetch_related_objects

from bridgehead.engines.statute.model import Actor, Article, Duty, Statute
from bridgehead.ground.search.index import index_records, unindex
from bridgehead.rooms.statute.models import Answer, Bearer, DutyRow, Provision, StatuteVersion
from bridgehead.rooms.statute.parsing import Reading, organ_named

TO_REVIEW = ("unnamed", "inherited")
"""Doubts that send a duty to the review queue."""
TERMS = ("deadline", "frequency")
FLAGS = ("reporting", "budget", "assessment")
CORRECTABLE = ("modality", *TERMS, *FLAGS)
"""What a person may say otherwise than the rules read it, besides who bears a duty."""

Bearers = list[dict[str, Any]]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Answers:
    """What people answered about the duties of a law.

    Attributes
    ----------
    standing : mapping
        The standing answers, by anchor.
    carried : mapping
        Answers given for other words of an earlier version, by the id of the duty they are carried to.
    """

    standing: Mapping[str, Answer]
    carried: Mapping[str, Answer]

    def on(self, duty: Duty) -> Answer | None:
        """Return the answer on a duty, None where nobody gave one."""
        return self.standing.get(duty.anchor) or self.carried.get(duty.id)


def write_derived(version: StatuteVersion, reading: Reading, answers: Answers) -> None:
    """Write the provisions and duties of a version anew, in the running transaction, and index them."""
    numbers = dict(version.duty_rows.values_list("eid", "pk"))
    forget_derived(version)
    provisions = Provision.objects.bulk_create(map(fitted, _provisions(version, reading.statute)))
    articles = {article.id: article for article in reading.statute.articles}
    rows = [
        _row(version, articles[duty.article], duty, position, answers.on(duty))
        for position, duty in enumerate(reading.duties)
    ]
    for row in rows:
        row.pk = numbers.get(row.eid)  # addresses stay what they were
    made = DutyRow.objects.bulk_create(map(fitted, rows))
    Bearer.objects.bulk_create(fitted(one) for row in made for one in _bearers(row))
    prefetch_related_objects(made, "bearers")
    index_records(provisions)
    index_records(made)


def forget_derived(version: StatuteVersion) -> None:
    """Take provisions and duties of a version away, from the index too."""
    for kind, rows in (("provision", version.provisions), ("duty", version.duty_rows)):
        unindex(kind, *rows.values_list("pk", flat=True))
        rows.all().delete()


def apply_answer(row: DutyRow, answer: Answer | None) -> None:
    """Lay an answer over a duty, or take it away again, and write who bears it."""
    lay_over(row, answer)
    row.save()
    row.bearers.all().delete()
    Bearer.objects.bulk_create(map(fitted, _bearers(row)))
    index_records([row])


def lay_over(row: DutyRow, answer: Answer | None) -> None:
    """Set what an answer changes in a row that is not saved yet.

    An answer whose anchor is another one was given for other words: of it only who bears the duty is carried over, and
    looked at again.
    """
    carried = answer is not None and answer.anchor != row.anchor
    row.read |= read_asks(row)
    corrections = {} if answer is None or carried else _asked(row, answer)
    for name in CORRECTABLE:
        setattr(row, name, corrections.get(name, row.read[name]))
    row.answer = answer
    row.open_list = row.read["open_list"] if answer is None or _leaves_bearers(row) else answer.open_list
    if answer is None:
        row.standing = DutyRow.Standing.READ
        row.to_review = needs_review(row.doubts)
    else:
        row.standing = DutyRow.Standing.CARRIED if carried else DutyRow.Standing(answer.verdict)
        row.to_review = carried


def _asked(row: DutyRow, answer: Answer) -> dict[str, Any]:
    """Return what a duty asks by an answer on its words.

    In the text it was given on, all the person saw holds; words elsewhere in another text may set another deadline.
    """
    return {**(answer.asks if answer.statute_id == row.statute_id else {}), **answer.corrections}


def read_asks(row: DutyRow) -> dict[str, Any]:
    """Return what the rules read that a duty asks, besides who bears it."""
    return {name: row.read.get(name, getattr(row, name)) for name in CORRECTABLE}


def _leaves_bearers(row: DutyRow) -> bool:
    """Tell whether who bears a duty is what the rules read: nobody answered, or somebody that it is none."""
    return row.answer is None or row.answer.verdict == Answer.Verdict.REJECTED


def needs_review(doubts: Sequence[str]) -> bool:
    """Tell whether a person should look at a duty with these doubts."""
    return any(one in TO_REVIEW for one in doubts)


def bearers_of(row: DutyRow) -> Bearers:
    """Return who bears a duty, by the answer if there is one; nobody bears what is none."""
    if row.standing == DutyRow.Standing.REJECTED:
        return []
    if row.answer is None or _leaves_bearers(row):
        found: Bearers = row.read["bearers"]
        return found
    read = {one["organ"]: one for one in row.read["bearers"]}
    return [{**(read.get(one["organ"]) or _classed(one["organ"])), **one} for one in row.answer.bearers]


def _classed(organ: str) -> dict[str, Any]:
    """Return of what kind a body is that the rules did not read in a duty, so that it is one row wherever it stands."""
    _, kind, known = organ_named(organ)
    return {"kind": kind, "known": known}


def _provisions(version: StatuteVersion, statute: Statute) -> list[Provision]:
    chapters = {article.id: statute.chapter_of(article) for article in statute.articles}
    return [
        Provision(
            statute=version,
            owner_id=version.owner_id,
            is_open=version.is_open,
            eid=article.id,
            position=position,
            label=article.label,
            chapter=(chapter.title or "") if (chapter := chapters[article.id]) is not None else "",
            text=article.text,
        )
        for position, article in enumerate(statute.articles)
    ]


def _row(version: StatuteVersion, article: Article, duty: Duty, position: int, answer: Answer | None) -> DutyRow:
    words = next(one.whole for one in article.paragraphs if one.id == duty.paragraph)
    row = DutyRow(
        statute=version,
        owner_id=version.owner_id,
        is_open=version.is_open,
        eid=duty.id,
        position=position,
        article_eid=duty.article,
        paragraph_eid=duty.paragraph,
        label=article.label,
        chapter=article.chapter,
        modality=duty.modality.value,
        word=duty.word,
        what=words.within(duty.action),
        evidence=words.within(duty.evidence),
        start=duty.evidence.start,
        end=duty.evidence.end,
        what_start=duty.action.start,
        what_end=duty.action.end,
        deadline=duty.deadline.text if duty.deadline else "",
        frequency=duty.frequency.text if duty.frequency else "",
        reporting=duty.reporting,
        budget=duty.budget,
        assessment=duty.assessment,
        confidence=duty.confidence,
        doubts=list(duty.doubts),
        anchor=duty.anchor,
        read={"bearers": _read_bearers(duty), "open_list": duty.open_list},
    )
    lay_over(row, answer)
    return row


def _read_bearers(duty: Duty) -> Bearers:
    leads = {actor.organ for actor in duty.leads}
    found = [_bearer(one, "lead" if one.organ in leads else "actor") for one in duty.actors]
    return found + [_bearer(one, "co_actor") for one in duty.co_actors]


def _bearer(actor: Actor, part: str) -> dict[str, Any]:
    return {
        "organ": actor.organ,
        "name": actor.name,
        "part": part,
        "kind": actor.kind,
        "known": actor.known,
        "inherited": actor.inherited,
    }


def _bearers(row: DutyRow) -> list[Bearer]:
    return [
        Bearer(
            duty=row,
            owner_id=row.owner_id,
            is_open=row.is_open,
            position=position,
            part=one["part"],
            organ=one["organ"],
            name=one.get("name") or one["organ"],
            kind=one.get("kind", "unknown"),
            known=bool(one.get("known")),
            inherited=bool(one.get("inherited")),
        )
        for position, one in enumerate(bearers_of(row))
    ]


def state_of(row: DutyRow) -> str:
    """Return what a duty says, for a form that must not answer on something else."""
    read = hashlib.sha256(json.dumps(row.read, sort_keys=True).encode()).hexdigest()[:12]
    return f"{row.answer_id or 0}.{row.anchor}.{read}"


def fitted(record: M) -> M:
    """Cut the texts of a record to what their columns hold; the whole text stays in the file."""
    for field in record._meta.concrete_fields:
        most, value = getattr(field, "max_length", None), getattr(record, field.attname)
        if most is not None and isinstance(value, str) and len(value) > most:
            setattr(record, field.attname, f"{value[: most - 1]}…")
    return record
