"""Operations on imported statutes, their duties and the organs that bear them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import current
from bridgehead.ground.screens.api.search import as_json
from bridgehead.ground.search.find import find
from bridgehead.rooms.statute.parsing import reading_of
from bridgehead.rooms.statute.search import KINDS
from bridgehead.rooms.statute.selectors.comparison import ChangeLine, compared
from bridgehead.rooms.statute.selectors.duties import DutyLine
from bridgehead.rooms.statute.selectors.matrix import matrix
from bridgehead.rooms.statute.selectors.organs import organ_page, organs
from bridgehead.rooms.statute.selectors.reading import duties_of_version
from bridgehead.rooms.statute.selectors.review import duty_page
from bridgehead.rooms.statute.selectors.statutes import Law, law_of, laws

router = Router(tags=["statute"])

WORK = Path(..., description="id of the statute")
VERSION = Query("", description="id of a text; by default the one that holds today")
DAY = Query("", description="the text that held on this day, YYYY-MM-DD")


@router.get("/statutes", summary="Statutes")
@audience("public")
def list_statutes(request: HttpRequest) -> dict[str, Any]:
    """List the imported statutes with the texts of each, the latest first."""
    found = laws(request.viewer)  # type: ignore[attr-defined]
    return {"statutes": [{**_law(one.law), "duties": one.duties, "to_review": one.to_review} for one in found]}


@router.get("/statutes/find", summary="Find provisions and duties")
@audience("public")
def find_provisions(
    request: HttpRequest,
    q: str = Query("", description="words that must all occur, in Chinese or English; in quotation marks as they are"),
    kind: str = Query("", description="article, provision or duty; by default the first few of each"),
    page: int = Query(1, ge=1, le=1_000_000, description="page of the things of one kind, from 1"),
) -> dict[str, Any]:
    """Find articles by their gist, and provisions and duties of imported texts by their words."""
    return as_json(find(current(), request.viewer, q, kind, page, among=KINDS))  # type: ignore[attr-defined]


@router.get("/statutes/{work}", summary="One statute")
@audience("public")
def get_statute(request: HttpRequest, work: int = WORK, version: str = VERSION, day: str = DAY) -> dict[str, Any]:
    """Give a text by articles and paragraphs, with the places of each in the source, and its duties."""
    viewer = request.viewer  # type: ignore[attr-defined]
    law = law_of(viewer, work, version, day)
    statute = reading_of(law.shown).statute
    return {
        **_law(law),
        "shown": law.shown.pk,
        "articles": [
            {
                "id": article.id,
                "label": article.label,
                "chapter": article.chapter,
                "section": article.section,
                "paragraphs": [
                    {"id": one.id, "text": one.whole.text, "start": one.span.start, "end": one.span.end}
                    for one in article.paragraphs
                ],
            }
            for article in statute.articles
        ],
        "duties": [duty_json(line) for line in duties_of_version(viewer, law.shown) if not line.rejected],
    }


@router.get("/statutes/{work}/compare", summary="Compare two texts")
@audience("public")
def compare_texts(
    request: HttpRequest,
    work: int = WORK,
    old: str = Query("", description="id of the earlier text; by default the one before the later"),
    new: str = Query("", description="id of the later text; by default the latest, in force or to come"),
) -> dict[str, Any]:
    """Tell what became of each provision and duty between two texts of a statute."""
    found = compared(request.viewer, work, old, new)  # type: ignore[attr-defined]
    if isinstance(found, Law):
        return {**_law(found), "same_law": None, "changes": [], "duties": []}
    return {
        **_law(found.law),
        "old": found.old.pk,
        "new": found.new.pk,
        "same_law": found.comparison.same_law,
        "changes": [_change(one) for one in (*found.headings, *found.changes, *found.renumbered)],
        "duties": [
            {
                "old": pair.old.row.eid if pair.old else None,
                "new": pair.new.row.eid if pair.new else None,
                "differs": list(pair.fields),
            }
            for pair in found.duties
        ],
    }


@router.get("/statutes/{work}/duties", summary="Duty matrix")
@audience("public")
def get_matrix(
    request: HttpRequest,
    *,
    work: int = WORK,
    version: str = VERSION,
    day: str = DAY,
    modality: str = Query("", description="must, must_not, may, encourage, support or declarative"),
    kind: str = Query("", description="kind of organ: government, department, private ..."),
    chapter: str = Query("", description="number of a chapter"),
    q: str = Query("", description="part of the name of an organ"),
) -> dict[str, Any]:
    """Give who owes what in which article of a statute."""
    viewer = request.viewer  # type: ignore[attr-defined]
    law = law_of(viewer, work, version, day)
    found = matrix(viewer, law, modality=modality, kind=kind, chapter=chapter, q=q.strip())
    return {
        **_law(law),
        "duties": found.duties,
        "organs": [
            {
                "organ": row.organ,
                "kind": row.kind,
                "count": row.count,
                "articles": [{"id": cell.article.id, "signs": cell.signs, "words": cell.words} for cell in row.filled],
            }
            for row in found.rows
        ],
    }


@router.get("/organs", summary="Organs")
@audience("public")
def list_organs(request: HttpRequest) -> dict[str, Any]:
    """List the organs that owe something in a statute as it holds today."""
    return {
        "organs": [
            {
                "organ": one.organ,
                "kind": group.kind,
                "bears": one.bears,
                "takes_part": one.takes_part,
                "statutes": one.statutes,
            }
            for group in organs(request.viewer)  # type: ignore[attr-defined]
            for one in group.organs
        ]
    }


@router.get("/organs/{path:organ}", summary="One organ")
@audience("public")
def get_organ(request: HttpRequest, organ: str = Path(..., description="its name")) -> dict[str, Any]:
    """Give everything an organ owes, by statute."""
    found = organ_page(request.viewer, organ)  # type: ignore[attr-defined]
    return {
        "organ": found.organ,
        "names": list(found.names),
        "organisations": [one.code for one in found.organisations],
        "taken_over": [
            {
                "successors": list(one.step.successors),
                "since": one.step.since,
                "basis": one.step.basis,
                "note": one.step.note,
            }
            for one in found.taken_over
        ],
        "took_over_from": [one.organ for one in found.before],
        "statutes": [
            {
                "statute": owed.law.work.pk,
                "title": owed.law.work.title,
                "duties": [duty_json(one.line) for one in owed.duties],
            }
            for owed in found.owed
        ],
    }


@router.get("/duties/{duty}", summary="One duty")
@audience("public")
def get_duty(request: HttpRequest, duty: int = Path(..., description="id of the duty")) -> dict[str, Any]:
    """Give one duty: what it rests on, who bears it by the rules, and what people answered."""
    found = duty_page(request.viewer, duty)  # type: ignore[attr-defined]
    return {
        **duty_json(found.line),
        "statute": found.law.work.pk,
        "read": [{"organ": one["organ"], "part": one["part"]} for one in found.line.row.read["bearers"]],
        "answers": [
            {
                "verdict": one.answer.verdict,
                "bearers": one.answer.bearers,
                "open_list": one.answer.open_list,
                "corrections": one.answer.corrections,
                "comment": one.answer.comment,
                "on_other_words": one.elsewhere,
                "decided_at": one.answer.decided_at,
                "withdrawn_at": one.answer.withdrawn_at,
            }
            for one in found.answers
        ],
    }


def duty_json(line: DutyLine) -> dict[str, Any]:
    """Return a duty as JSON types."""
    row = line.row
    return {
        "id": row.pk,
        "eid": row.eid,
        "article": row.article_eid,
        "paragraph": row.paragraph_eid,
        "modality": row.modality,
        "actors": [one.organ for one in (*line.leads, *line.actors)],
        "leads": [one.organ for one in line.leads],
        "co_actors": [one.organ for one in line.co_actors],
        "open_list": row.open_list,
        "what": row.what,
        "evidence": row.evidence,
        "start": row.start,
        "end": row.end,
        "deadline": row.deadline or None,
        "frequency": row.frequency or None,
        "reporting": row.reporting,
        "budget": row.budget,
        "assessment": row.assessment,
        "confidence": row.confidence,
        "doubts": row.doubts,
        "standing": row.standing,
    }


def _law(law: Law) -> dict[str, Any]:
    return {
        "id": law.work.pk,
        "title": law.work.title,
        "is_regulation": law.work.is_regulation,
        "in_force": law.in_force.pk if law.in_force else None,
        "texts": [
            {
                "id": one.pk,
                "file": one.file_name,
                "adopted_on": one.adopted_on,
                "effective_on": one.effective_on,
                "effective_rule": one.effective_rule or None,
                "begins_on": one.begins_on,
                "begins_given": one.begins_given,
                "articles": one.articles,
                "duties": one.counted,  # type: ignore[attr-defined]
                "sha256": one.sha256,
            }
            for one in law.versions
        ],
    }


def _change(one: ChangeLine) -> dict[str, Any]:
    words = [{"mark": word.mark, "text": word.text} for word in one.words]
    return {"kind": one.kind, "old": list(one.old_ids), "new": list(one.new_ids), "words": words}
