"""Products of finance and insurance for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bridgehead.ground.access.grants import today
from bridgehead.rooms.desk.actions.products import ProductTold, list_product
from bridgehead.rooms.desk.models import Product
from tests.desk.services import ServiceWorld
from tests.ledger import seen_as

DAY = timedelta(days=1)


def product_told(**changed: Any) -> ProductTold:
    """Return what an office says of a product."""
    kept = {
        "service": "finance",
        "kind": "loan",
        "texts": {
            "title": {"zh": "外贸订单贷", "en": "Loan on export orders"},
            "provider": {"zh": "边贸银行", "en": "Border Trade Bank"},
            "documents": {"zh": "营业执照\n出口合同"},
        },
        "source": "银行宣传页 https://bank.example",
        "source_on": today() - DAY,
        "most_cny": Decimal(3_000_000),
        "valid_until": today() + 90 * DAY,
    }
    return ProductTold(**{**kept, **changed})


def listed(world: ServiceWorld, **told: Any) -> Product:
    """Return a product the office lists."""
    return list_product(by=seen_as(world.officer), owner=world.office.pk, told=product_told(**told))


def make(world: ServiceWorld) -> None:
    """List a loan, and a free policy for small firms of which little is known."""
    listed(world)
    texts = {"title": {"zh": "小微企业统保"}, "provider": {"zh": "信保公司"}}
    listed(world, service="insurance", kind="small_firms", free=True, texts=texts, most_cny=None, valid_until=None)
