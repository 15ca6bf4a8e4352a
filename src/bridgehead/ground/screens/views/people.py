"""Views of organisations, members, mandates and absences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.language import language
from bridgehead.ground.people import directory, selectors
from bridgehead.ground.screens import people_forms as forms
from bridgehead.ground.screens.filling import show
from bridgehead.ground.screens.record_forms import Offer, taken

CSV_HEAD = ("code", "name_zh", "name_en", "kind", "level", "parent", "reports_to", "articles")


def _answered(
    request: HttpRequest,
    template: str,
    offered: Callable[[], Iterable[Offer]],
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Carry out the form that was sent and come back to the page, or show the page."""
    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(f"{request.path}?done={answer.done.partition('-')[0]}")
    told = {"forms": answer.states, "refused": answer.refused, "done": request.GET.get("done", ""), **context()}
    return show(request, template, told, answer.status)


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def organisations(request: HttpRequest) -> HttpResponse:
    """Show the organisations as a tree, and the form to register one.

    Articles: 6, 79
    """
    viewer = _viewer(request)

    def offered() -> Iterable[Offer]:
        return (forms.create(viewer),) if viewer.may("organisation.create") else ()

    def context() -> dict[str, Any]:
        tree = directory.tree(request.GET.get("q", ""))
        may = viewer.may("organisation.create")
        kinds = [(name, word.in_language(language())) for name, word in roles().kinds.items()] if may else []
        return {"tree": tree, "kinds": kinds, "bodies": directory.bodies() if may else ()}

    return _answered(request, "ground/organisations.html", offered, context)


def organisations_csv(request: HttpRequest) -> HttpResponse:
    """Send the organisations the viewer may see as CSV."""
    nodes = list(directory.tree().nodes())
    codes = {node.record.pk: node.record.code for node in nodes}
    lines = (
        (
            *(node.record.code, node.record.name_zh, node.record.name_en, node.record.kind, node.record.level),
            *(codes.get(node.record.parent_id or 0), codes.get(node.record.reports_to_id or 0)),
            ",".join(map(str, node.articles)),
        )
        for node in nodes
    )
    return csv_response("organisations", CSV_HEAD, lines)


def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show an organisation, with the forms to edit and close it for those who may.

    Articles: 6, 79
    """
    viewer = _viewer(request)
    detail = directory.detail(organisation)
    sent = request.method == "POST"

    def offered() -> Iterable[Offer]:
        record = directory.organisation(organisation, journalled=False) if sent else detail.record
        return forms.of_organisation(viewer, record)

    def context() -> dict[str, Any]:
        accounts = directory.sees_accounts(viewer, detail.record)
        given, held = selectors.mandates(detail.record) if accounts else ((), ())
        moves = viewer.may("organisation.create", detail.record.pk)
        return {
            "detail": directory.detail_of(directory.organisation(organisation, journalled=False)) if sent else detail,
            "accounts": accounts,
            "members": [one for one in selectors.members(detail.record) if one.term.lasting] if accounts else (),
            "given": given,
            "held": held,
            "bodies": directory.bodies() if moves else (),
            "moves": moves,
        }

    return _answered(request, "ground/organisation.html", offered, context)


def members(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show members and roles, with the forms to register, appoint and end.

    Articles: 79
    """
    record = directory.organisation(organisation)
    viewer = selectors.admit_to_accounts(record)

    def context() -> dict[str, Any]:
        listed = selectors.members(record)
        lasting = [one for one in listed if one.term.lasting]
        return {
            "record": record,
            "members": lasting,
            # The forms of an account stand once, however many roles it holds.
            "first": set({one.person.pk: one.record.pk for one in reversed(lasting)}.values()),
            "former": [one for one in listed if not one.term.lasting],
            "gives": [selectors.meaning(role) for role in selectors.roles_to_give(record)],
            "meanings": selectors.meanings(record),
            "people": selectors.own_people(record),
        }

    return _answered(request, "ground/members.html", lambda: forms.of_members(viewer, record), context)


def mandates(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show the mandates given and held, with the forms to give and withdraw.

    Articles: 79
    """
    record = directory.organisation(organisation)
    viewer = selectors.admit_to_accounts(record)

    def context() -> dict[str, Any]:
        given, held = selectors.mandates(record)
        gives = viewer.grant_for("mandate.give", record.pk, to_write=True) is not None
        return {
            "record": record,
            "given": given,
            "held": held,
            "running": [line for line in given if line.term.lasting],
            "scopes": [(scope, selectors.scope_word(scope)) for scope in roles().mandate_scopes],
            "agents": [one for one in directory.agents() if one.pk != record.pk] if gives else (),
        }

    return _answered(request, "ground/mandates.html", lambda: forms.of_mandates(viewer, record), context)


def absences(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show who stands in for whom, with the forms to give and withdraw.

    Articles: 79
    """
    record = directory.organisation(organisation)
    viewer = selectors.admit_to_accounts(record)

    def context() -> dict[str, Any]:
        lines = selectors.absences(record)
        return {
            "record": record,
            "lines": lines,
            "running": [line for line in lines if line.term.lasting],
            "own": selectors.own_memberships(record),
            "colleagues": selectors.colleagues(record),
        }

    return _answered(request, "ground/absences.html", lambda: forms.of_absences(viewer, record), context)
