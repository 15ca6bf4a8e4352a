"""Public replies as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.replies import Reply, replies, reply_page, similar_replies

router = Router(tags=["desk"])


@router.get("/answers", summary="Questions answered for everybody")
@audience("public")
def list_answers(
    request: HttpRequest,
    q: str = Query("", max_length=200, description="words that must occur"),
    policy: str = Query("", max_length=100, description="code of a policy"),
    page: int = Query(1, ge=1, le=10**6, description="page of the list"),
) -> dict[str, Any]:
    """List the public replies that hold today, the newest first; with words, the best first."""
    seen = replies(request.viewer, q, policy, page)  # type: ignore[attr-defined]
    return {"answer": seen.says, "total": seen.total, "more": seen.more, "answers": [_reply(one) for one in seen.items]}


@router.get("/answers/similar", summary="Whether a question is answered already")
@audience("public")
def list_similar(
    request: HttpRequest, text: str = Query(..., max_length=3000, description="the question somebody is about to ask")
) -> dict[str, Any]:
    """List the public replies most like a question, none where nothing is alike."""
    return {"answers": [_reply(one) for one in similar_replies(request.viewer, text)]}  # type: ignore[attr-defined]


@router.get("/answers/{reply}", summary="A question answered for everybody")
@audience("public")
def get_answer(request: HttpRequest, reply: int = Path(..., description="number of the reply")) -> dict[str, Any]:
    """Give one public reply; whether it still holds is told."""
    one = reply_page(request.viewer, reply).reply  # type: ignore[attr-defined]
    return {**_reply(one), "current": one.current}


def _reply(one: Reply) -> dict[str, Any]:
    row = one.record
    return {
        "reply": row.pk,
        "question": one.question,
        "answer": one.answer,
        "policies": one.codes,
        "office": one.office,
        "released_at": row.released_at,
        "expires_on": row.expires_on,
    }
