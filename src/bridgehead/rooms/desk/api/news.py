"""Trade news as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.news import Item, news, news_page
from bridgehead.rooms.desk.tags import asked_for, listed

router = Router(tags=["desk"])


@router.get("/news", summary="Trade news")
@audience("public")
def list_news(
    request: HttpRequest,
    goods: str = Query("", description="chapter or heading of the Harmonized System, such as 44 or 4403"),
    country: str = Query("", description="code of a country, such as MN"),
    page: int = Query(1, description="page of the list"),
) -> dict[str, Any]:
    """List the current news, the newest first."""
    seen = news(*asked_for({"goods": goods, "country": country}), page)
    return {"answer": seen.says, "news": [_item(one) for one in seen.items], "total": seen.total}


@router.get("/news/{news}", summary="An item of trade news")
@audience("public")
def get_news(request: HttpRequest, news: int = Path(..., description="number of the item")) -> dict[str, Any]:
    """Give one item with its text; whether it is current is told."""
    one = news_page(request.viewer, news).item  # type: ignore[attr-defined]
    return {**_item(one), "text": one.text, "current": one.current}


def _item(one: Item) -> dict[str, Any]:
    row = one.record
    return {
        "news": row.pk,
        "title": one.title,
        "goods": listed(row.goods),
        "countries": listed(row.countries),
        "source": row.source,
        "source_on": row.source_on,
        "released_at": row.released_at,
        "expires_on": row.expires_on,
        "office": one.office,
    }
