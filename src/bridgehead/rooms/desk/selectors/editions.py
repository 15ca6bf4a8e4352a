"""Which edition of each policy answers a question of a day, as it was known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, StrIndex
from django.utils import timezone

from bridgehead.engines.eligibility.policies import Policy as Rule
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import read_rule


@dataclass(frozen=True, slots=True)
class Answering:
    """A policy with the edition that answers for it, and the rule it says."""

    policy: Policy
    edition: PolicyEdition
    rule: Rule


def rests_on_withdrawn(column: str = "policies") -> Exists:
    """Return whether a row names a policy that was withdrawn, in a column with codes between commas."""
    code = Concat(Value(","), F("code"), Value(","))
    withdrawn = Policy.objects.filter(withdrawn_on__lte=timezone.localdate())
    return Exists(withdrawn.annotate(at=StrIndex(OuterRef(column), code)).filter(at__gt=0))


def answering(as_of: date | None = None, known_at: datetime | None = None, subject: str = "") -> list[Answering]:
    """Return the policies that answer a question, each by the edition that holds.

    Parameters
    ----------
    as_of : date, optional
        The day asked about; today by default.
    known_at : datetime, optional
        By what was published then; now by default.
    subject : str
        Only policies about this: ``enterprise``, ``import_lot``, ...; all by default.
    """
    day = as_of or timezone.localdate()
    moment = known_at or timezone.now()
    rows = (
        PolicyEdition.objects.filter(is_open=True, holds_from__lte=day, published_at__lte=moment)
        .exclude(Q(policy__withdrawn_on__lte=timezone.localdate(moment)))
        .select_related("policy")
        .order_by("policy__code", "holds_from", "number")
    )
    latest = {row.policy_id: row for row in rows}
    found = (Answering(row.policy, row, read_rule(row.rule)) for row in latest.values())
    return [one for one in found if not subject or one.rule.subject == subject]
