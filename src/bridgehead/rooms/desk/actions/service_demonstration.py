"""The actions of the demonstration of services: a session that is over, a made-up signal, taking everything away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Model, Q, QuerySet

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.outbound_care import receive_signal
from bridgehead.rooms.desk.actions.training import record_attendance
from bridgehead.rooms.desk.models import (
    Enquiry,
    Fair,
    FairEntry,
    FirmCard,
    NewsItem,
    NewsSubscription,
    Notice,
    OutboundProject,
    OutboundSignal,
    PatrolVisit,
    Product,
    TrainingPlace,
    TrainingSession,
)

MARKED = Q(texts__title__zh__endswith=MARK_ZH)


@action("desk_demonstration.hold_training")
def hold_training(deed: Deed, *, session: int) -> TrainingSession:
    """Let a session lie three weeks back, and everybody who signed up have attended it."""
    _only_the_platform(deed)
    row = deed.lock(TrainingSession, session)
    back = row.starts_at - (deed.at - timedelta(days=21))
    row = deed.change(row, starts_at=row.starts_at - back, ends_at=row.ends_at - back)
    there = list(row.places.filter(state=TrainingPlace.State.TAKEN).values_list("pk", flat=True))
    return record_attendance(by=deed, session=row.pk, version=row.version, attended=there)


@action("desk_demonstration.signal")
def raise_signal(deed: Deed, *, country: str, title: dict[str, str]) -> int:
    """Let a made-up signal reach the projects in a country."""
    _only_the_platform(deed)
    told = {"reference": f"demonstration-{country}", "level": "warning", "source": MARK_ZH.strip("（）")}
    return receive_signal(deed, {**told, "country": country, "title": title, "raised_at": deed.at.isoformat()})


@action("desk_demonstration.remove_services")
def remove_services(deed: Deed) -> tuple[int, int]:
    """Remove what the demonstration made of services; what somebody real signed up for is cancelled instead.

    Returns
    -------
    tuple of int
        How many records were removed, and how many cancelled.
    """
    _only_the_platform(deed)
    projects = list(OutboundProject.objects.filter(owner__demo=True).values_list("pk", flat=True))
    of_office = Notice.objects.filter(page="desk:outbound-care-project", kwargs__project__in=projects)
    mine = Q(owner__demo=True)
    removed = _remove(deed, of_office)
    for model in (OutboundSignal, PatrolVisit, OutboundProject, FairEntry, FirmCard, NewsSubscription, Notice):
        removed += _remove(deed, model._default_manager.filter(mine))
    removed += _remove(deed, Enquiry.objects.filter(mine | Q(to__demo=True)))
    removed += _remove(deed, TrainingPlace.objects.filter(mine | Q(owner=None, session__in=_sessions())))
    removed += _remove(deed, NewsItem.objects.filter(MARKED)) + _remove(deed, Product.objects.filter(MARKED))
    gone, kept = _remove_unless(deed, _sessions(), TrainingPlace.objects.values("session"))
    others, left = _remove_unless(deed, Fair.objects.filter(MARKED), FairEntry.objects.values("fair"))
    return removed + gone + others, kept + left


def _sessions() -> QuerySet[TrainingSession]:
    return TrainingSession.objects.filter(MARKED)


def _remove_unless(deed: Deed, rows: QuerySet[Model], taken: QuerySet[Model]) -> tuple[int, int]:
    """Remove what nobody takes part in, cancel the rest."""
    kept = 0
    for row in rows.filter(pk__in=taken):
        deed.change(row, state="cancelled", reason=MARK_ZH)
        kept += 1
    return _remove(deed, rows.exclude(pk__in=taken)), kept


def _remove(deed: Deed, rows: Iterable[Model]) -> int:
    found = list(rows)
    for row in found:
        deed.remove(row)
    return len(found)


def _only_the_platform(deed: Deed) -> None:
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
