"""Products as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground import wording
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Product
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import OFFER

TEXTS = ("title", "provider", "rate", "for_whom", "documents", "apply")
Service, Kind = Product.Service, Product.Kind


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """A product in words."""

    record: Product

    def __getattr__(self, kind: str) -> str:
        """Return one of its texts; empty for what was not found."""
        if kind in TEXTS:
            return said(self.record.texts, kind)
        raise AttributeError(kind)

    @property
    def kind(self) -> str:
        """What it is."""
        return kind_word(self.record.kind)

    @property
    def amounts(self) -> str:
        """From how much to how much in yuan; empty where neither was found."""
        code, least, most = language(), self.record.least_cny, self.record.most_cny
        words = [wording.number(one, code) for one in (least, most) if one is not None]
        if least is None and most is not None:
            return pgettext("product", "最多 %(most)s 元") % {"most": words[0]}
        if most is None and least is not None:
            return pgettext("product", "最少 %(least)s 元") % {"least": words[0]}
        return pgettext("product", "%(least)s–%(most)s 元") % {"least": words[0], "most": words[1]} if words else ""

    @property
    def available(self) -> bool:
        """Whether it can be had today."""
        until = self.record.valid_until
        return self.record.is_open and (until is None or until >= timezone.localdate())

    @property
    def asked_under(self) -> str:
        """The kind of service by which a firm asks for it."""
        return ASKED_UNDER[Service(self.record.service)]

    @property
    def catalogue_page(self) -> str:
        """The page it is listed on."""
        return CATALOGUES[self.asked_under]

    @property
    def service(self) -> str:
        """What its service is called."""
        return service_word(self.record.service)

    @property
    def office(self) -> str:
        """Who lists it."""
        return self.record.owner.name(language())


ASKED_UNDER = {
    Service.FINANCE: "trade_finance",
    Service.INSURANCE: "export_credit_insurance",
    Service.LOGISTICS: "logistics",
    Service.RELIEF: "relief",
}
"""The kind of service of the desk by which a firm asks for a product."""
CATALOGUES = {
    "trade_finance": "desk:finance",
    "export_credit_insurance": "desk:insurance",
    "logistics": "desk:logistics-services",
    "relief": "desk:relief-measures",
}
"""The page that lists the products of a kind of service."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of a service that can be had today, by kind."""

    service: str
    says: str
    kinds: Sequence[tuple[str, Sequence[ProductSeen]]]
    count: int

    @property
    def asked_under(self) -> str:
        """The kind of service by which a firm asks for them."""
        return ASKED_UNDER[Service(self.service)]


def catalogue(service: str) -> Catalogue:
    """Return the products of a service that can be had today; what has ended is not among them.

    Articles: 51, 76
    """
    rows = _available().filter(service=service).select_related("owner")
    found = [ProductSeen(one) for one in rows]
    kinds = [(kind_word(kind), list(group)) for kind, group in groupby(found, key=lambda one: one.record.kind)]
    return Catalogue(service, _says(service, len(found)), kinds, len(found))


def _says(service: str, count: int) -> str:
    if not count:
        none = {
            Service.FINANCE: pgettext("product", "还没有登记贸易融资产品"),
            Service.INSURANCE: pgettext("product", "还没有登记出口信保产品"),
            Service.LOGISTICS: pgettext("product", "还没有登记物流服务"),
            Service.RELIEF: pgettext("product", "还没有登记纾困措施"),
        }
        return none[Service(service)]
    words = {
        Service.FINANCE: npgettext("product", "%(n)s 个贸易融资产品可以申请", "%(n)s 个贸易融资产品可以申请", count),
        Service.INSURANCE: npgettext("product", "%(n)s 个出口信保产品可以申请", "%(n)s 个出口信保产品可以申请", count),
        Service.LOGISTICS: npgettext("product", "%(n)s 项物流服务可以预订", "%(n)s 项物流服务可以预订", count),
        Service.RELIEF: npgettext("product", "%(n)s 项纾困措施可以申请", "%(n)s 项纾困措施可以申请", count),
    }
    return words[Service(service)] % {"n": count}


def _available() -> QuerySet[Product]:
    lasting = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    return Product.objects.filter(lasting, is_open=True)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product; whether whoever looks keeps it."""

    product: ProductSeen
    keeps: bool


def product_page(viewer: Viewer, product: int) -> ProductPage:
    """Return one product.

    Raises
    ------
    BridgeheadError
        ``product.no_such_product``.

    Articles: 51, 76
    """
    row = visible(Product, viewer).filter(pk=product).select_related("owner").first()
    if row is None:
        raise BridgeheadError("product.no_such_product")
    return ProductPage(ProductSeen(row), viewer.grant_for(OFFER, row.owner_id) is not None)


def product_desk(viewer: Viewer) -> list[ProductSeen]:
    """Return the products the offices of somebody list."""
    able = [one.pk for one in able_in(viewer, OFFER)]
    rows = visible(Product, viewer).filter(owner__in=able).select_related("owner")
    return [ProductSeen(one) for one in rows[:500]] if able else []


def kind_word(kind: str) -> str:
    """Return what a kind of product is called."""
    words = {
        Kind.LOAN: pgettext("product kind", "贷款"),
        Kind.GUARANTEE: pgettext("product kind", "担保"),
        Kind.FACTORING: pgettext("product kind", "保理、应收账款融资"),
        Kind.LETTER_OF_CREDIT: pgettext("product kind", "信用证、押汇"),
        Kind.LEASING: pgettext("product kind", "租赁"),
        Kind.EXCHANGE: pgettext("product kind", "汇率避险"),
        Kind.SMALL_FIRMS: pgettext("product kind", "小微企业保单"),
        Kind.SHORT_TERM: pgettext("product kind", "短期出口信用保险"),
        Kind.LONG_TERM: pgettext("product kind", "中长期出口信用保险"),
        Kind.OUTBOUND: pgettext("product kind", "海外投资保险"),
        Kind.TRAIN: pgettext("product kind", "班列和铁路集装箱"),
        Kind.ROAD: pgettext("product kind", "公路运输"),
        Kind.FORWARDING: pgettext("product kind", "货运代理、多式联运"),
        Kind.STORAGE: pgettext("product kind", "仓储、保税仓、海外仓"),
        Kind.AGENCY: pgettext("product kind", "报关报检代理"),
        Kind.FUND: pgettext("product kind", "救助资金、应急贷款"),
        Kind.DEFERRAL: pgettext("product kind", "缓缴、减免"),
        Kind.LEGAL: pgettext("product kind", "法律援助、追偿"),
        Kind.REMEDY: pgettext("product kind", "贸易救济应对"),
        Kind.EMERGENCY: pgettext("product kind", "应急协调"),
    }
    return words[Kind(kind)]


def service_word(service: str) -> str:
    """Return what a service is called."""
    words = {
        Service.FINANCE: pgettext("product service", "贸易融资"),
        Service.INSURANCE: pgettext("product service", "出口信用保险"),
        Service.LOGISTICS: pgettext("product service", "物流服务"),
        Service.RELIEF: pgettext("product service", "纾困措施"),
    }
    return words[Service(service)]
