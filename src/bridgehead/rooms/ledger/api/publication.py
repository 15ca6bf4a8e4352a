"""Operations of the ledger: what is public, and what the public asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.api.dossiers import section_json
from bridgehead.rooms.ledger.models import Publication
from bridgehead.rooms.ledger.selectors.publication import Answered, Published, public_article, public_list
from bridgehead.rooms.ledger.selectors.publication_questions import Asked, question_page, questions

router = Router(tags=["ledger"])


@router.get("/public", summary="What is public")
@audience("public")
def list_public(request: HttpRequest) -> dict[str, Any]:
    """List the articles whose dossiers are public, and the answers to the public."""
    found = public_list(request.viewer)  # type: ignore[attr-defined]
    return {
        "answer": found.says,
        "copies": [_copy(one) for one in found.copies],
        "answers": [_answer(one) for one in found.answers],
    }


@router.get("/public/{article}", summary="A published article")
@audience("public")
def get_public(
    request: HttpRequest,
    article: int = Path(..., description="number of the article"),
    year: str = Query("", description="year; by default the newest one"),
) -> dict[str, Any]:
    """Give the public copies of an article for a year, each as a body froze it, and the answers about it."""
    found = public_article(request.viewer, article, year)  # type: ignore[attr-defined]
    return {
        "article": found.article,
        "title": found.title,
        "year": found.year,
        "copies": [
            {
                **_copy(one),
                "gist": one.copy.gist,
                "sections": [section_json(section) for section in one.copy.sections],
            }
            for one in found.shown
        ],
        "other_years": found.other_years,
        "answers": [_answer(one) for one in found.answers],
    }


@router.get("/questions", summary="Questions of the public")
@audience("ledger.read")
def list_questions(
    request: HttpRequest,
    state: str = Query("", description="new, routed, drafted, answered, declined or same; by default all that wait"),
) -> dict[str, Any]:
    """List what the public asked, what is late first; without how to reach who asked."""
    found = questions(request.viewer, state)  # type: ignore[attr-defined]
    return {
        "answer": found.says,
        "counts": {one: count for one, _, count in found.counts},
        "questions": [_asked(one) for one in found.rows],
        "more": found.more,
    }


@router.get("/questions/{question}", summary="A question of the public")
@audience("ledger.read")
def get_question(request: HttpRequest, question: int = Path(..., description="id of the question")) -> dict[str, Any]:
    """Give one question with its answer; without how to reach who asked."""
    found = question_page(request.viewer, question)  # type: ignore[attr-defined]
    row = found.asked.record
    return {
        **_asked(found.asked),
        "text": row.text,
        "reply": row.answer or None,
        "returned": row.returned or None,
        "answered_on": row.answered_on,
        "refusal": row.refusal or None,
        "same_as": found.original.number if found.original else None,
        "earlier": {"text": row.earlier, "reply": row.earlier_answer, "answered_on": row.earlier_answered_on}
        if row.again_on
        else None,
        "public": found.published is not None,
    }


def _copy(one: Published) -> dict[str, Any]:
    record: Publication = one.record
    return {
        "article": record.article,
        "title": one.copy.title,
        "answer": one.copy.says or None,
        "year": record.year,
        "as_of": record.as_of,
        "published_on": record.published_on,
        "published_by": one.copy.by,
        "note": record.note or None,
        "sha256": record.sha256,
    }


def _answer(one: Answered) -> dict[str, Any]:
    record = one.record
    return {
        "kind": record.kind,
        "article": record.article,
        "asked": record.asked,
        "reply": record.answer,
        "body": one.body,
        "asked_on": record.asked_on,
        "answered_on": record.answered_on,
        "published_on": record.published_on,
    }


def _asked(one: Asked) -> dict[str, Any]:
    row = one.record
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "article": row.article,
        "state": row.state,
        "body": one.body or None,
        "asked_on": row.again_on or row.asked_on,
        "due_on": row.due_on,
        "late": one.late,
    }
