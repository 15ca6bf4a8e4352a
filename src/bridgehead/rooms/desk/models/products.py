"""What banks, insurers, carriers and offices offer traders: finance, insurance, carriage, relief, in their words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation
from bridgehead.kernel.source import Standing
from bridgehead.rooms.desk.models.training import OFFERED


class Product(models.Model):
    """One product an office lists.

    ``texts`` are ``title``, ``provider``, ``rate``, ``for_whom``, ``documents`` and ``apply`` by language: the rate is
    as it was told, with source and day. What is not known is empty, and the pages say that it was not found.
    """

    class Service(models.TextChoices):
        """The service it belongs to."""

        FINANCE = "finance"
        INSURANCE = "insurance"
        LOGISTICS = "logistics"
        RELIEF = "relief"

    class Kind(models.TextChoices):
        """What it is."""

        LOAN = "loan"
        GUARANTEE = "guarantee"
        FACTORING = "factoring"
        LETTER_OF_CREDIT = "letter_of_credit"
        LEASING = "leasing"
        EXCHANGE = "exchange"
        SMALL_FIRMS = "small_firms"
        SHORT_TERM = "short_term"
        LONG_TERM = "long_term"
        OUTBOUND = "outbound"
        TRAIN = "train"
        ROAD = "road"
        FORWARDING = "forwarding"
        STORAGE = "storage"
        AGENCY = "agency"
        FUND = "fund"
        DEFERRAL = "deferral"
        LEGAL = "legal"
        REMEDY = "remedy"
        EMERGENCY = "emergency"

    RECORD: ClassVar = "product"
    VISIBILITY: ClassVar = OFFERED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.CharField(max_length=9, choices=Service.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    texts = models.JSONField()
    free = models.BooleanField(default=False)
    least_cny = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    most_cny = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    standing = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Standing])
    valid_until = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Those of a kind together; free ones first."""

        ordering = ("service", "kind", "-free", "id")
        indexes: ClassVar = [models.Index(fields=("service", "valid_until"), name="products_of_a_service")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(least_cny=None) | Q(most_cny=None) | Q(most_cny__gte=F("least_cny")),
                name="a_product_has_a_range_of_amounts",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True) | ~Q(reason=""), name="a_product_is_withdrawn_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.pk}"
