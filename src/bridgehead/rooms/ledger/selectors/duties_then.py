"""Which duties the ledger followed on a day: as they are, or as the journal says they were at the end of a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Duty
from bridgehead.rooms.ledger.selectors.as_of import as_said_on, end_of


def duties_on(viewer: Viewer, on: date, articles: Collection[int] | None = None) -> list[Duty]:
    """Return the duties that were followed at the end of a day, by article.

    One that has gone since, or has moved to another article with a new text, is as it was then.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    on : date
        The day.
    articles : collection of int, optional
        Of which articles; of all that bear a number by default.
    """
    past = on < timezone.localdate()
    wanted = Q(article__isnull=False) if articles is None else Q(article__in=tuple(articles))
    if past:
        wanted |= Q(version__gt=1)  # what was changed may have stood elsewhere
    rows = visible(Duty, viewer).filter(wanted, taken_over_at__lt=end_of(on))
    found = [
        one
        for one in (as_said_on(rows, on) if past else rows.exclude(state=Duty.State.GONE))
        if one.state != Duty.State.GONE and one.article is not None and (articles is None or one.article in articles)
    ]
    return sorted(found, key=lambda one: (one.article, one.pk))
