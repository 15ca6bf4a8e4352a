"""Actions on products: listing, changing, withdrawing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import choice, give_reason, needed, today
from bridgehead.kernel.source import Standing
from bridgehead.rooms.desk.models import Product
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import OFFER

LIMITS = {"title": 120, "provider": 200, "rate": 200, "for_whom": 500, "documents": 1_000, "apply": 500}
LONGEST_SOURCE = 300
MOST_CNY = Decimal(10) ** 12
Kind, Service = Product.Kind, Product.Service
KINDS: Mapping[str, tuple[str, ...]] = {
    Service.FINANCE: (
        *(Kind.LOAN, Kind.GUARANTEE, Kind.FACTORING, Kind.LETTER_OF_CREDIT, Kind.LEASING, Kind.EXCHANGE),
    ),
    Service.INSURANCE: (Kind.SMALL_FIRMS, Kind.SHORT_TERM, Kind.LONG_TERM, Kind.OUTBOUND),
    Service.LOGISTICS: (Kind.TRAIN, Kind.ROAD, Kind.FORWARDING, Kind.STORAGE, Kind.AGENCY),
    Service.RELIEF: (Kind.FUND, Kind.DEFERRAL, Kind.LEGAL, Kind.REMEDY, Kind.EMERGENCY),
}
STANDINGS = (Standing.REPORTED, Standing.ESTIMATE)
"""What is told of a product was published by a named source, or somebody judged it."""


@dataclass(frozen=True, slots=True)
class ProductTold:
    """What an office says of a product; see `Product`."""

    service: str
    kind: str
    texts: Texts
    source: str
    source_on: date | None
    standing: str = Standing.REPORTED
    free: bool = False
    least_cny: Decimal | None = None
    most_cny: Decimal | None = None
    valid_until: date | None = None


@action("product.list", permission=OFFER)
def list_product(deed: Deed, *, owner: int, told: ProductTold) -> Product:
    """List a product: everybody sees it until its last day.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``form.no_such_choice``, ``product.bad_amount``,
        ``product.amounts_out_of_order``, ``product.ended``, ``product.source_to_come``.

    Articles: 51, 76
    """
    deed.require_in(owner)
    columns = _columns(deed, told)
    deed.check()
    return deed.create(Product(owner_id=owner, **columns))


@action("product.change", permission=OFFER)
def change_product(deed: Deed, *, product: int, version: int, told: ProductTold) -> Product:
    """Change what is told of a product.

    Raises
    ------
    BridgeheadError
        Those of `list_product`, ``product.withdrawn``.

    Articles: 51, 76
    """
    row = _open(deed, product, version)
    columns = _columns(deed, told)
    deed.check()
    return deed.change(row, **columns)


@action("product.withdraw", permission=OFFER)
def withdraw_product(deed: Deed, *, product: int, version: int) -> Product:
    """Take a product off the list, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``product.withdrawn``.
    """
    row = _open(deed, product, version)
    reason = give_reason(deed)
    deed.check()
    return deed.change(row, is_open=False, reason=reason)


def _open(deed: Deed, product: int, version: int) -> Product:
    row = deed.lock(Product, product, version)
    deed.require_in(row.owner_id)
    if not row.is_open:
        deed.refuse("product.withdrawn", {})
    return row


def _columns(deed: Deed, told: ProductTold) -> dict[str, object]:
    texts = checked(deed, told.texts, LIMITS, must=("title", "provider"))
    source = needed(deed, told.source, "source", LONGEST_SOURCE)
    choice(deed, told.service, KINDS, "kind")
    choice(deed, told.kind, KINDS.get(told.service, ()), "kind")
    choice(deed, told.standing, STANDINGS, "standing")
    if told.source_on is None:
        deed.refuse("form.missing", {}, "source_on")
    elif told.source_on > today(deed):
        deed.refuse("product.source_to_come", {"day": str(told.source_on)}, "source_on")
    if told.valid_until is not None and told.valid_until < today(deed):
        deed.refuse("product.ended", {"day": str(told.valid_until)}, "valid_until")
    for field, amount in (("least_cny", told.least_cny), ("most_cny", told.most_cny)):
        if amount is not None and not 0 <= amount <= MOST_CNY:
            deed.refuse("product.bad_amount", {}, field)
    if told.least_cny is not None and told.most_cny is not None and told.least_cny > told.most_cny:
        deed.refuse("product.amounts_out_of_order", {}, "most_cny")
    return {
        "service": told.service,
        "kind": told.kind,
        "texts": texts,
        "free": told.free,
        "least_cny": told.least_cny,
        "most_cny": told.most_cny,
        "source": source,
        "source_on": told.source_on,
        "standing": told.standing,
        "valid_until": told.valid_until,
    }
