"""What firms think of how their cases went: by service, for everybody and for an office of its own cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from bridgehead.engines.cases.measure import Satisfaction, satisfaction
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models import Case
from bridgehead.rooms.desk.services import service_name

MEASURED_DAYS = 365
"""What is measured is over the cases that ended in so many days."""


@dataclass(frozen=True, slots=True)
class Rated:
    """What the cases of a service were rated, and whether they are made up."""

    service: str
    found: Satisfaction
    demo: bool = False

    @property
    def name(self) -> str:
        """The name of the service in the language of the request."""
        return service_name(self.service)


def ratings() -> Mapping[str, Rated]:
    """Return what the cases of each service were rated in the last year, whosever they were.

    Of fewer than five only their number. The made-up cases of a demonstration count only for a service no real case was
    rated in.

    Articles: 51, 77
    """
    with as_system("summing what cases were rated"):
        return _rated(Case.objects.all())


def ratings_of(offices: Sequence[Organisation]) -> list[Rated]:
    """Return what the cases that ended with some offices were rated in the last year, by service.

    The caller has seen to it that they are offices of whoever asks.

    Articles: 51, 77
    """
    with as_system("summing what cases of an office were rated"):
        found = _rated(Case.objects.filter(office__in=offices)) if offices else {}
    return sorted(found.values(), key=lambda one: one.service)


def _rated(rows: QuerySet[Case]) -> dict[str, Rated]:
    since = timezone.now() - timedelta(days=MEASURED_DAYS)
    rows = rows.filter(ended_at__gte=since, rating__isnull=False).order_by()
    told = list(rows.values_list("service", "owner__demo").annotate(Count("pk"), Sum("rating")))
    # What is real comes last, and takes the place of what is made up.
    return {
        service: Rated(service, satisfaction(count, total), demo)
        for service, demo, count, total in sorted(told, key=lambda one: (not one[1], one[0]))
    }
