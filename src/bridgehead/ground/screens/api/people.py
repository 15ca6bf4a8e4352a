"""Operations beside the pages of organisations, members, mandates and absences."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.people import directory, selectors

router = Router(tags=["ground"])
CODE = "code of the organisation"


def _named(record: Organisation | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {"code": record.code, "name_zh": record.name_zh, "name_en": record.name_en}


def _told(record: Organisation, articles: tuple[int, ...]) -> dict[str, Any]:
    return {
        **(_named(record) or {}),
        "kind": record.kind,
        "level": record.level or None,
        "demonstration": record.demo,
        "reports_to": record.reports_to.code if record.reports_to else None,
        "articles": list(articles),
    }


def _term(term: selectors.Term) -> dict[str, Any]:
    return {
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "withdrawn_on": term.withdrawn_on,
        "state": term.state,
    }


def _person(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name, "demonstration": person.demo}


@router.get("/organisations", summary="Organisations")
@audience("public")
def list_organisations(
    request: HttpRequest, q: str = Query("", description="part of a name, a code or a credit code")
) -> dict[str, Any]:
    """List the organisations the caller may see, those above first, with the code of the one above each."""
    tree = directory.tree(q)
    nodes = list(tree.nodes())
    codes = {node.record.pk: node.record.code for node in nodes}
    return {
        "total": tree.total,
        "found": tree.found,
        "organisations": [
            {**_told(node.record, node.articles), "parent": codes.get(node.record.parent_id or 0), "below": node.below}
            for node in nodes
        ],
    }


@router.get("/organisations/{organisation}", summary="An organisation")
@audience("public")
def get_organisation(request: HttpRequest, organisation: str = Path(..., description=CODE)) -> dict[str, Any]:
    """Tell names, kind, place and articles of an organisation, and which stand below it."""
    detail = directory.detail(organisation)
    return {
        **_told(detail.record, detail.articles),
        "uscc": detail.record.uscc,
        "closed_on": detail.record.closed_on,
        "above": [_named(one) for one in detail.way],
        "office": _named(detail.record.office),
        "below": [_named(node.record) for group in detail.groups for node in group.nodes],
    }


@router.get("/organisations/{organisation}/members", summary="Members and roles")
@audience("member.read")
def list_members(request: HttpRequest, organisation: str = Path(..., description=CODE)) -> dict[str, Any]:
    """List who holds which role in an organisation, those who hold it today first."""
    record = directory.organisation(organisation)
    selectors.admit_to_accounts(record)
    return {
        "organisation": _named(record),
        "members": [
            {"person": _person(one.person), "role": one.role.name, **_term(one.term)}
            for one in selectors.members(record)
        ],
    }


@router.get("/organisations/{organisation}/mandates", summary="Mandates")
@audience("organisation.read")
def list_mandates(request: HttpRequest, organisation: str = Path(..., description=CODE)) -> dict[str, Any]:
    """List the mandates an organisation gave and those it holds."""
    record = directory.organisation(organisation)
    selectors.admit_to_accounts(record)
    given, held = selectors.mandates(record)

    def told(line: selectors.MandateLine) -> dict[str, Any]:
        joined = {"principal": _named(line.principal), "agent": _named(line.agent)}
        return {"id": line.record.pk, **joined, "scopes": line.record.scopes, **_term(line.term)}

    return {"organisation": _named(record), "given": [told(one) for one in given], "held": [told(one) for one in held]}


@router.get("/organisations/{organisation}/absences", summary="Standing in")
@audience("member.read")
def list_absences(request: HttpRequest, organisation: str = Path(..., description=CODE)) -> dict[str, Any]:
    """List who stands in for whom in an organisation."""
    record = directory.organisation(organisation)
    selectors.admit_to_accounts(record)
    return {
        "organisation": _named(record),
        "absences": [
            {
                "delegator": _person(one.delegator),
                "delegate": _person(one.delegate),
                "role": one.role.name,
                **_term(one.term),
            }
            for one in selectors.absences(record)
        ],
    }
