"""Pages of products, for firms and for the offices that list them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES, language
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.ground.wording import standing_label
from bridgehead.rooms.desk.actions.products import (
    KINDS,
    LIMITS,
    STANDINGS,
    ProductTold,
    change_product,
    list_product,
    withdraw_product,
)
from bridgehead.rooms.desk.models import Product
from bridgehead.rooms.desk.selectors.products import (
    ProductPage,
    catalogue,
    kind_word,
    product_desk,
    product_page,
    service_word,
)
from bridgehead.rooms.desk.texts import fields, sent_texts, values
from bridgehead.rooms.desk.who import OFFER

PLAIN = ("kind", "free", "least_cny", "most_cny", "source", "source_on", "standing", "valid_until")


def finance(request: HttpRequest) -> HttpResponse:
    """Show the products of trade finance that can be had.

    Articles: 51, 76
    """
    return _catalogue(request, Product.Service.FINANCE)


def insurance(request: HttpRequest) -> HttpResponse:
    """Show the products of export credit insurance that can be had.

    Articles: 51, 76
    """
    return _catalogue(request, Product.Service.INSURANCE)


def logistics(request: HttpRequest) -> HttpResponse:
    """Show the services of carriers, forwarders and warehouses that can be had.

    Articles: 51
    """
    return _catalogue(request, Product.Service.LOGISTICS)


def relief(request: HttpRequest) -> HttpResponse:
    """Show the measures a firm in trouble can ask for.

    Articles: 51
    """
    return _catalogue(request, Product.Service.RELIEF)


def _catalogue(request: HttpRequest, service: str) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {"seen": catalogue(service), "keeps": viewer.may(OFFER)}
    return render(request, "desk/catalogue.html", context)


def product(request: HttpRequest, product: int) -> HttpResponse:
    """Show one product.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/product.html", {"seen": product_page(viewer, product)})


def desk(request: HttpRequest) -> HttpResponse:
    """Show the products an office lists.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/products_desk.html", {"rows": product_desk(viewer)})


def new(request: HttpRequest) -> HttpResponse:
    """List a product.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, OFFER)
    made: list[Product] = []

    def save(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        made.append(list_product(by=viewer, owner=owner.pk, told=_told(sent), once=sent.once, unread=sent.unread))

    blank = dict.fromkeys((*fields(LIMITS), *PLAIN, "organisation"), "") | {"standing": STANDINGS[0]}
    answer = taken(request, lambda: [Offer("product", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:product-keep", args=[made[0].pk]))
    form = answer.states["product"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), **_options()}
    return drawn(request, "desk/office/product_write.html", context, answer.status)


def keep(request: HttpRequest, product: int) -> HttpResponse:
    """Change a product or take it off the list.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: ProductPage) -> list[Offer]:
        row = page.product.record
        if not page.keeps or not row.is_open:
            return []
        return [
            Offer("product", partial(_change, viewer, row), _values(row), row.version),
            Offer("withdraw", partial(_withdraw, viewer, row), {"reason": ""}, row.version),
        ]

    seen, answer = taken_of(request, lambda: product_page(viewer, product), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:product-keep', args=[product])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, **_options()}
    return drawn(request, "desk/office/product_keep.html", context, answer.status)


def _change(viewer: Viewer, row: Product, sent: Sent) -> None:
    told = _told(sent)
    change_product(by=viewer, product=row.pk, version=sent.version, told=told, once=sent.once, unread=sent.unread)


def _withdraw(viewer: Viewer, row: Product, sent: Sent) -> None:
    reason = sent.text("reason")
    withdraw_product(by=viewer, product=row.pk, version=sent.version, reason=reason, once=sent.once)


def _told(sent: Sent) -> ProductTold:
    kind = sent.text("kind")
    return ProductTold(
        service=next((service for service, kinds in KINDS.items() if kind in kinds), ""),
        kind=kind,
        texts=sent_texts(sent, LIMITS),
        source=sent.text("source"),
        source_on=sent.day("source_on"),
        standing=sent.text("standing"),
        free=sent.text("free") == "yes",
        least_cny=sent.decimal("least_cny"),
        most_cny=sent.decimal("most_cny"),
        valid_until=sent.day("valid_until"),
    )


def _values(row: Product) -> Mapping[str, str]:
    plain = {
        "kind": row.kind,
        "free": "yes" if row.free else "",
        "least_cny": "" if row.least_cny is None else f"{row.least_cny:f}",
        "most_cny": "" if row.most_cny is None else f"{row.most_cny:f}",
        "source": row.source,
        "source_on": str(row.source_on),
        "standing": row.standing,
        "valid_until": str(row.valid_until or ""),
    }
    return values(row.texts, LIMITS) | plain


def _options() -> dict[str, object]:
    kinds = [
        (kind, f"{service_word(service)} · {kind_word(kind)}") for service, found in KINDS.items() for kind in found
    ]
    standings = [(one.value, standing_label(one, language())) for one in STANDINGS]
    return {"languages": LANGUAGES, "limits": LIMITS, "product_kinds": kinds, "standings": standings}
