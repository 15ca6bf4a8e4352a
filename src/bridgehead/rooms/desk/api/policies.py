"""Policies as data: the library and one policy, with what it rests on and who checked it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.library import IN_FORCE, Entry, entries_of, library, policy_page, search

router = Router(tags=["desk"])


@router.get("/policies", summary="The policy library")
@audience("public")
def list_policies(
    request: HttpRequest,
    subject: str = Query("", description="whom or what they are about, such as enterprise or export_lot"),
    state: str = Query(IN_FORCE, description="in_force, coming, ended or all"),
    q: str = Query("", description="words to search for; subject and state do not narrow what is found"),
    page: int = Query(1, ge=1, le=10**6, description="page of what a search finds"),
) -> dict[str, Any]:
    """List the published policies with what each rests on, or what a search finds of them, the best first."""
    seen = library(subject, state)
    found = search(request.viewer, q, page)  # type: ignore[attr-defined]
    if found is None:
        return {"answer": seen.says, "policies": [_entry(one) for one in seen.entries], "total": seen.total}
    told = {"answer": seen.says, "policies": [_entry(one) for one in entries_of(found)], "total": found.found}
    return {**told, "page": found.page, "pages": found.pages}


@router.get("/policies/{policy}", summary="A policy")
@audience("public")
def get_policy(request: HttpRequest, policy: str = Path(..., description="code of the policy")) -> dict[str, Any]:
    """Give one policy: its rule in the format of the policies file, its editions, and its state.

    The state is that of the list, ``not_yet`` before its first edition holds, or ``withdrawn``.
    """
    seen = policy_page(request.viewer, policy)  # type: ignore[attr-defined]
    return {
        **_entry(seen.entry),
        "rule": seen.entry.edition.rule,
        "editions": [
            {
                "number": one.edition.number,
                "state": one.edition.state,
                "holds_from": one.edition.holds_from,
                "change": one.edition.change,
            }
            for one in seen.editions
        ],
    }


def _entry(one: Entry) -> dict[str, Any]:
    rule, edition = one.rule, one.edition
    return {
        "policy": one.policy.code,
        "title": one.title,
        "gist": one.gist,
        "state": one.state,
        "subject": rule.subject,
        "kind": rule.benefit.kind,
        "measure": rule.benefit.measure,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "issuer": rule.issuer,
        "number": rule.doc_no,
        "source": rule.source,
        "articles": list(rule.articles),
        "edition": edition.number,
        "holds_from": edition.holds_from,
        "checked_by": edition.checker,
        "checked_on": edition.checked_on,
        "check_expires_on": edition.check_expires_on,
        "withdrawn_on": one.policy.withdrawn_on,
    }
