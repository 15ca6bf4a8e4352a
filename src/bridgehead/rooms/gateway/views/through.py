"""The page on who uses a link or a port, and its file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.downloads import csv_response
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.drawings import maps as drawings
from bridgehead.rooms.gateway.selectors import demand, flows, names, queues
from bridgehead.rooms.gateway.selectors import through as selectors
from bridgehead.rooms.gateway.views.bodies import body_of

HEAD = (
    "asked", "direction", "from", "to", "origin", "destination", "commodity", "year", "tonnes", "share_of_direction",
    "sent_t", "share_of_row", "usd_per_t", "hours", "wait_h", "kg_co2e_per_t", "standing", "input_hash",
)  # fmt: skip
FIRST = 10


def through(request: HttpRequest) -> HttpResponse:
    """Show who uses a link or a port: from where to where, which goods, at what cost, and what else they could take."""
    loaded = current()
    question = selectors.question_of(loaded, request.GET)
    context: dict[str, object] = {}
    if question.asked:
        context["page_title"] = selectors.answer(loaded, question).name
    body = body_of(request, loaded, "through", question, lambda: _through(loaded, question))
    return render(request, "gateway/through.html", {"body": body, **context})


def _through(loaded: Loaded, question: selectors.Question) -> dict[str, object]:
    context: dict[str, object] = {
        "question": question,
        "ports": [(*one, one[0] == question.port) for one in selectors.port_choices(loaded)],
        "links": [(*one, one[0] == question.link) for one in selectors.link_choices(loaded)],
        "base_year": loaded.region.settings.base_year,
    }
    if not question.asked:
        return context | {"waiting": [line for line in queues.waiting(loaded) if line.queue.link][:FIRST]}
    found = selectors.answer(loaded, question)
    return context | {
        "found": found,
        "statement": selectors.statement(loaded, found),
        "lead": selectors.lead(loaded, found),
        "map": drawings.through_map(loaded, question),
        "sides": [_side(loaded, side) for side in found.sides],
        "summary": flows.summary(loaded),
        "demand_words": demand.foundation(loaded),
    }


def _side(loaded: Loaded, side: selectors.Side) -> dict[str, object]:
    found = side.found
    users = [
        (user, _named(loaded, user.origin), _named(loaded, user.destination), names.name(loaded, user.commodity),
         user.tonnes / found.tonnes)
        for user in found.users
    ]  # fmt: skip
    others = [
        (one, selectors.course(loaded, one.origin, one.destination), loaded.components.links_by_id[one.link].mode,
         selectors.address(link=one.link))
        for one in found.links
    ]  # fmt: skip
    beside = [
        (one, selectors.ports_words(loaded, one.ports), selectors.address(port=one.ports[0]) if one.ports else "")
        for one in found.beside
    ]
    return {
        "side": side,
        "users": users[:FIRST],
        "more_users": users[FIRST:],
        "parts": (
            ("origins", [(part, *_named(loaded, part.of)) for part in found.origins[:FIRST]]),
            ("destinations", [(part, *_named(loaded, part.of)) for part in found.destinations[:FIRST]]),
            ("commodities", [(part, names.name(loaded, part.of), "") for part in found.commodities[:FIRST]]),
        ),
        "links": others[:FIRST],
        "more_links": others[FIRST:],
        "beside": beside[:FIRST],
    }


def _named(loaded: Loaded, id_: str) -> tuple[str, str]:
    return names.short(loaded, id_), names.href(id_, loaded)


def through_csv(request: HttpRequest) -> HttpResponse:
    """Send every demand row that passes a link or a port, each direction by itself."""
    loaded = current()
    question = selectors.question_of(loaded, request.GET)
    return csv_response("flows-through", HEAD, _cells(loaded, question) if question.asked else ())


def _cells(loaded: Loaded, question: selectors.Question) -> Iterator[tuple[object, ...]]:
    flows_of = loaded.flows
    for side in selectors.answer(loaded, question).sides:
        for user in side.found.users:
            mean = user.mean
            yield (
                question.link or question.port, side.direction, side.start, side.end, user.origin, user.destination,
                user.commodity, flows_of.year, user.tonnes, user.tonnes / side.found.tonnes, user.sent_t, user.share,
                mean.usd, mean.hours, mean.wait_h, mean.kg_co2e, "model", flows_of.input_hash,
            )  # fmt: skip
