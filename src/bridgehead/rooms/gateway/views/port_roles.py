"""The page of the port roles and its files."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.downloads import csv_response
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.drawings import port_roles as drawings
from bridgehead.rooms.gateway.selectors import division
from bridgehead.rooms.gateway.selectors import port_roles as selectors
from bridgehead.rooms.gateway.views.bodies import body_of

DIVISION_HEAD = (
    "direction", "commodity", "partner", "port", "role", "year", "tonnes", "share_of_market", "tests_passed",
    "carries", "specialised", "location_quotient", "cheapest", "cheapest_share", "gap_usd_per_t", "gap_to", "room",
    "border_use", "mode", "mode_word", "tied", "share_reported", "standing", "input_hash",
)  # fmt: skip
PROFILE_HEAD = (
    "port", "direction", "commodity", "year", "tonnes", "share", "location_quotient", "standing", "port_tonnes",
    "krugman_index", "herfindahl", "effective_lines",
)  # fmt: skip


def roles(request: HttpRequest) -> HttpResponse:
    """Show what each port carries, whom it resembles and serves, and the proposed division of work."""
    loaded = current()
    return render(
        request, "gateway/port_roles.html", {"body": body_of(request, loaded, "port_roles", "", lambda: _roles(loaded))}
    )


def _roles(loaded: Loaded) -> dict[str, object]:
    found = selectors.roles(loaded)
    every = division.markets(loaded)
    return {
        "statement": selectors.statement(loaded),
        "year": found.year,
        "rules": found.rules,
        "rule_lines": division.rule_lines(loaded),
        "bases": selectors.bases(loaded),
        "reported": selectors.reported_lines(loaded),
        "without": selectors.without(loaded),
        "lines": [(line, drawings.strip(line)) for line in selectors.role_lines(loaded)],
        "sameness": drawings.sameness(loaded),
        "works": division.by_port(loaded),
        "first_markets": every[: division.FIRST_MARKETS],
        "more_markets": every[division.FIRST_MARKETS :],
        "markets": len(every),
        "input_hash": loaded.flows.input_hash,
    }


def division_csv(request: HttpRequest) -> HttpResponse:
    """Send the proposed division of work: one row a market and port, with every test and its number."""
    return csv_response("port-division", DIVISION_HEAD, _division_rows(current()))


def _division_rows(loaded: Loaded) -> Iterator[tuple[object, ...]]:
    year, of = selectors.roles(loaded).year, loaded.flows.input_hash
    for market in selectors.roles(loaded).assignments:
        for part in market.parts:
            carries, special, cheapest, room, mode = (
                part.reason(test) for test in ("carries", "specialised", "cheapest", "room", "mode")
            )
            yield (
                market.direction, market.commodity, market.partner, part.port, part.role, year, part.tonnes,
                part.share, part.passed, _said(carries.passed), _said(special.passed), special.value,
                _said(cheapest.passed), cheapest.value, cheapest.gap_usd_per_t, cheapest.other, _said(room.passed),
                room.value, _said(mode.passed), mode.other, " ".join(market.tied), market.firm_share, "model", of,
            )  # fmt: skip


def _said(passed: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[passed]


def profiles_csv(request: HttpRequest) -> HttpResponse:
    """Send the profile of every port: one row a line of freight."""
    found = selectors.roles(current())
    rows = (
        (
            one.port, line.direction, line.commodity, found.year, line.tonnes, line.share, line.quotient,
            str(selectors.STANDINGS[line.basis]), one.tonnes, one.krugman, one.herfindahl, one.effective_lines,
        )
        for one in found.profiles
        for line in one.lines
    )  # fmt: skip
    return csv_response("port-profiles", PROFILE_HEAD, rows)


def sameness_csv(request: HttpRequest) -> HttpResponse:
    """Send how alike the ports are as a square table."""
    found = selectors.roles(current())
    ports = [one.port for one in found.profiles]
    rows = ((port, *row) for port, row in zip(ports, found.similarity, strict=True))
    return csv_response("port-sameness", ("port", *ports), rows)
