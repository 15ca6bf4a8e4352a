"""Forms of programmes: entering one of a kind, and changing what one says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.engines.programmes.kinds import Field, Kind, Type
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.kernel.cells import CellFault, parse_ranges
from bridgehead.rooms.ledger.actions.programmes import Said, change_programme, open_programme
from bridgehead.rooms.ledger.models import Programme
from bridgehead.rooms.ledger.plan_lines import plan_lines
from bridgehead.rooms.ledger.programme_kinds import as_typed, bracketed, called, kind_of, unit_of
from bridgehead.rooms.ledger.selectors.programme import programme_of
from bridgehead.rooms.ledger.who import RUN, bodies, named

BEFORE = "field-"
"""Begins the name of a typed field in a form, so that no kind can hide a field every programme has."""
TEXTS = ("name_zh", "name_en", "place", "next_step", "source", "plan_line", "project")


@dataclass(frozen=True, slots=True)
class Input:
    """A typed field as a form shows it."""

    name: str
    label: str
    hint: str
    type: str
    options: list[tuple[str, str]]
    needed: bool


def inputs(fields: tuple[Field, ...]) -> list[Input]:
    """Return typed fields as a form shows them."""
    return [_input(one) for one in fields]


def _input(one: Field) -> Input:
    options: list[tuple[str, str]] = []
    if one.type is Type.CHOICE:
        options = [(choice.id, speak(language(), choice.name_zh, choice.name_en)) for choice in one.choices]
    elif one.type is Type.BOOLEAN:
        options = [("true", pgettext("programme", "是")), ("false", pgettext("programme", "否"))]
    label = called(one) + (bracketed(unit_of(one)) if one.unit else "")
    hint = "" if one.required else pgettext("programme", "可不填")
    return Input(f"{BEFORE}{one.id}", label, hint, "date" if one.type is Type.DATE else "text", options, one.required)


def typed(sent: Sent, fields: tuple[Field, ...]) -> dict[str, str]:
    """Return what was typed into the fields of a kind."""
    return {one.id: sent.text(f"{BEFORE}{one.id}") for one in fields}


def shown(fields: tuple[Field, ...], values: dict[str, Any]) -> dict[str, str]:
    """Return kept values as they stand in a form."""
    return {f"{BEFORE}{one.id}": as_typed(one, values.get(one.id)) for one in fields}


def new_programme(request: HttpRequest, kind: str) -> HttpResponse:
    """Take in a programme of a kind."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    declared = kind_of(kind)
    able = able_in(viewer, RUN)
    made: list[Programme] = []

    def open_it(sent: Sent) -> None:
        told = said(viewer, sent, declared)
        stage_on, at = sent.day("stage_on"), sent.organisation(viewer, able)
        made.append(
            open_programme(
                by=viewer,
                once=sent.once,
                unread=sent.unread,
                organisation=at.pk,
                kind=kind,
                said=told,
                code=sent.text("code"),
                stage=sent.text("stage"),
                stage_on=stage_on,
            )
        )

    first = {
        **dict.fromkeys((*TEXTS, "organisation", "code", "office", "parent", "next_due_on", "source_on"), ""),
        "articles": ",".join(map(str, declared.articles)),
        "stage": declared.stages[0].id,
        "stage_on": today().isoformat(),
        **shown(declared.fields, {}),
    }
    answer = taken(request, lambda: [Offer("open", open_it, first)])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:programme", args=[made[0].pk]))
    context = {**_context(viewer, declared), "form": answer.states["open"], "filling": answer.states["open"].filling}
    context |= {"organisations": choices(able), "stages": [(one.id, called(one)) for one in declared.stages]}
    return drawn(request, "ledger/programme_form.html", context, answer.status)


def edit_programme(request: HttpRequest, programme: int) -> HttpResponse:
    """Change what a programme says."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    record = programme_of(viewer, programme)
    declared = kind_of(record.kind)
    able = keeps(viewer, record)

    def change_it(sent: Sent) -> None:
        told, version = said(viewer, sent, declared), sent.version
        change_programme(by=viewer, once=sent.once, unread=sent.unread, programme=programme, version=version, said=told)

    def offered() -> list[Offer]:
        now = programme_of(viewer, programme)
        return [Offer("change", change_it, _values(now, declared), now.version)] if able else []

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:programme", args=[programme]))
    form = answer.states.get("change")
    filling = form.filling if form else None
    context = {**_context(viewer, declared), "form": form, "filling": filling, "record": record}
    context["step_needed"] = record.state == Programme.State.RUNNING
    return drawn(request, "ledger/programme_form.html", context, answer.status)


def keeps(viewer: Viewer, record: Programme) -> bool:
    """Tell whether somebody may keep a programme: for its owner, or for the body that leads it."""
    return any(viewer.grant_for(RUN, one, to_write=True) for one in (record.owner_id, record.office_id))


def said(viewer: Viewer, sent: Sent, kind: Kind) -> Said:
    """Return what a form says of a programme; what cannot be read is noted in the form."""
    return Said(
        **{name: sent.text(name) for name in TEXTS},
        office=sent.number("office"),
        parent=by_code(viewer, sent, "parent", "programme.unknown_parent"),
        next_due_on=sent.day("next_due_on"),
        source_on=sent.day("source_on"),
        articles=_articles(sent),
        fields=typed(sent, kind.fields),
    )


def by_code(viewer: Viewer, sent: Sent, name: str, code: str) -> int | None:
    """Return the programme a form names by its code; None for nothing."""
    given = sent.text(name)
    if not given:
        return None
    found = visible(Programme, viewer).filter(code=given).first()
    if found is None:
        sent.refuse(code, name, programme=given[:60])
        return None
    return int(found.pk)


def day_of(given: date | None) -> str:
    """Return a day as it stands in a form."""
    return given.isoformat() if given else ""


def _articles(sent: Sent) -> tuple[int, ...] | None:
    try:
        given = sent.text("articles")
        return parse_ranges(given) if given else None
    except CellFault as fault:
        sent.refuse(fault.code, "articles", **fault.parameters)
        return None


def _context(viewer: Viewer, kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind,
        "kind_name": called(kind),
        "inputs": inputs(kind.fields),
        "bodies": [(one.pk, named(one)) for one in bodies(viewer)],
        "plan_lines": plan_lines(),
        "record": None,
        "step_needed": True,
    }


def _values(record: Programme, kind: Kind) -> dict[str, str]:
    """Return what stands in the form at first: the programme as it is."""
    texts = {name: getattr(record, "place_id" if name == "place" else name) for name in TEXTS}
    parent = record.parent.code if record.parent else ""
    return {
        **texts,
        "office": str(record.office_id),
        "parent": parent,
        "next_due_on": day_of(record.next_due_on),
        "source_on": day_of(record.source_on),
        "articles": ",".join(map(str, record.articles)),
        **shown(kind.fields, record.fields),
    }
