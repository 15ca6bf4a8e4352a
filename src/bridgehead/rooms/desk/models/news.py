"""Trade news: items an office writes and a second person releases, and what firms subscribed to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.cases import Case
from bridgehead.rooms.desk.models.training import OFFERED


class NewsItem(models.Model):
    """One item: its texts, goods and countries it is about, its source, and until when it is news.

    ``texts`` are ``title`` and ``text`` by language. ``writers`` are all who wrote at it; none of them releases it.
    ``case`` is what a firm handed in that it was made of, if it was: that is told nobody, and done once.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    RECORD: ClassVar = "news_item"
    VISIBILITY: ClassVar = OFFERED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", db_index=False)
    texts = models.JSONField()
    goods = models.CharField(max_length=200, blank=True)
    countries = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    expires_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    writers = models.JSONField(default=list)
    returned = models.CharField(max_length=500, blank=True)
    written_by = models.BigIntegerField(null=True)
    released_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; nobody releases what they wrote."""

        ordering = ("-released_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=("expires_on", "-released_at"), condition=Q(is_open=True), name="news_that_is_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_by=None) | Q(written_by=None) | ~Q(released_by=F("written_by")),
                name="nobody_releases_their_own_news",
            ),
            models.CheckConstraint(
                condition=Q(state="released", is_open=True, released_at__isnull=False)
                | Q(state="draft", is_open=False, released_at=None)
                | (Q(state="withdrawn", is_open=False) & ~Q(reason="")),
                name="news_is_open_while_released",
            ),
            models.UniqueConstraint(fields=("case",), name="one_item_of_news_of_a_case"),
        ]

    def __str__(self) -> str:
        return str(self.texts.get("title", {}).get("zh", self.pk))


class NewsSubscription(models.Model):
    """What a firm is told of as soon as it is released: goods, a country, or both; with neither, everything."""

    RECORD: ClassVar = "news_subscription"
    VISIBILITY: ClassVar = Visibility("cases", offices=())

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    goods = models.CharField(max_length=6, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        """Each once."""

        ordering = ("goods", "country")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "goods", "country"), name="one_subscription_of_a_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.goods} {self.country}"
