"""Promotion as data: fairs, and firms that present themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.promotion import Card, FairSeen, card_page, cards, fair_page, fairs
from bridgehead.rooms.desk.tags import asked_for, listed

router = Router(tags=["desk"])


@router.get("/fairs", summary="Fairs that come")
@audience("public")
def list_fairs(request: HttpRequest) -> dict[str, Any]:
    """List the fairs that come; which firms go there is not told."""
    seen = fairs(request.viewer)  # type: ignore[attr-defined]
    return {"answer": seen.says, "fairs": [_fair(one) for one in seen.fairs]}


@router.get("/fairs/{fair}", summary="A fair")
@audience("public")
def get_fair(request: HttpRequest, fair: int = Path(..., description="number of the fair")) -> dict[str, Any]:
    """Give one fair."""
    return _fair(fair_page(request.viewer, fair).fair)  # type: ignore[attr-defined]


@router.get("/firms", summary="Firms that present themselves")
@audience("public")
def list_firms(
    request: HttpRequest,
    goods: str = Query("", description="chapter or heading of the Harmonized System, such as 44 or 4403"),
    country: str = Query("", description="code of a country, such as MN"),
    page: int = Query(1, description="page of the list"),
) -> dict[str, Any]:
    """List the firms that say so what they make and buy; how to reach them is not told."""
    seen = cards(*asked_for({"goods": goods, "country": country}), page)
    return {"answer": seen.says, "firms": [_card(one) for one in seen.cards]}


@router.get("/firms/{card}", summary="A firm that presents itself")
@audience("public")
def get_firm(request: HttpRequest, card: int = Path(..., description="number of the card")) -> dict[str, Any]:
    """Give what one firm says of itself."""
    return _card(card_page(request.viewer, card))  # type: ignore[attr-defined]


def _fair(one: FairSeen) -> dict[str, Any]:
    row = one.record
    return {
        "fair": row.pk,
        "title": one.title,
        "gist": one.gist,
        "place": one.place,
        "country": row.country,
        "organiser": one.organiser,
        "cost": one.cost,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "deadline": row.deadline,
        "capacity": row.capacity,
        "taken": one.taken,
        "goods": listed(row.goods),
        "state": row.state,
        "source": row.source,
        "source_on": row.source_on,
        "office": one.office,
    }


def _card(one: Card) -> dict[str, Any]:
    row = one.record
    return {
        "card": row.pk,
        "name": one.title,
        "makes": one.makes,
        "buys": one.buys,
        "gist": one.gist,
        "goods": listed(row.goods),
        "countries": listed(row.countries),
        "languages": row.languages,
        "changed_on": row.changed_on,
    }
