"""Products as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.models import Product
from bridgehead.rooms.desk.selectors.products import ProductSeen, catalogue, product_page

router = Router(tags=["desk"])


@router.get("/finance", summary="Products of trade finance")
@audience("public")
def list_finance(request: HttpRequest) -> dict[str, Any]:
    """List the products of trade finance that can be had today; null for what was not found."""
    return _list(Product.Service.FINANCE)


@router.get("/insurance", summary="Products of export credit insurance")
@audience("public")
def list_insurance(request: HttpRequest) -> dict[str, Any]:
    """List the products of export credit insurance that can be had today; null for what was not found."""
    return _list(Product.Service.INSURANCE)


@router.get("/logistics-services", summary="Services of carriers, forwarders and warehouses")
@audience("public")
def list_logistics(request: HttpRequest) -> dict[str, Any]:
    """List the logistics services that can be had today; null for what was not found."""
    return _list(Product.Service.LOGISTICS)


@router.get("/relief-measures", summary="Measures of relief")
@audience("public")
def list_relief(request: HttpRequest) -> dict[str, Any]:
    """List the measures of relief that can be asked for today; null for what was not found."""
    return _list(Product.Service.RELIEF)


@router.get("/products/{product}", summary="A product")
@audience("public")
def get_product(request: HttpRequest, product: int = Path(..., description="number of the product")) -> dict[str, Any]:
    """Give one product; whether it can be had is told."""
    one = product_page(request.viewer, product).product  # type: ignore[attr-defined]
    return {**_product(one), "available": one.available}


def _list(service: str) -> dict[str, Any]:
    seen = catalogue(service)
    return {"answer": seen.says, "products": [_product(one) for _, rows in seen.kinds for one in rows]}


def _product(one: ProductSeen) -> dict[str, Any]:
    row = one.record
    told = {kind: getattr(one, kind) or None for kind in ("rate", "for_whom", "documents", "apply")}
    return {
        "product": row.pk,
        "service": row.service,
        "kind": row.kind,
        "title": one.title,
        "provider": one.provider,
        "free": row.free,
        "least_cny": row.least_cny,
        "most_cny": row.most_cny,
        **told,
        "source": row.source,
        "source_on": row.source_on,
        "standing": row.standing,
        "valid_until": row.valid_until,
        "office": one.office,
    }
