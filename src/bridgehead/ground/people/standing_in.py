"""Actions by which somebody acts for another: mandates of brokers, delegation during absence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bridgehead.ground.access.grants import in_force, open_on, today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Delegation, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.memberships import role_word
from bridgehead.kernel.errors import BridgeheadError

LONGEST_DAYS = 3 * 366
AGENTS = ("broker", "carrier")
_MANDATE_DATES = ("mandate.ends_before_start", "mandate.in_the_past", "mandate.too_long")
_DELEGATION_DATES = ("delegation.ends_before_start", "delegation.in_the_past", "delegation.too_long")


@action("mandate.give", permission="mandate.give")
def give_mandate(
    deed: Deed,
    *,
    principal: int,
    agent: int,
    scopes: Sequence[str],
    ends_on: date,
    starts_on: date | None = None,
    note: str = "",
) -> Mandate:
    """Let a broker act for an enterprise in some scopes until a day.

    Raises
    ------
    BridgeheadError
        ``mandate.to_oneself``, ``mandate.no_broker``, ``mandate.unknown_scope``, ``mandate.no_scope``,
        ``mandate.ends_before_start``, ``mandate.in_the_past``, ``mandate.too_long``; ``mandate.held_already`` for a
        scope and days the broker holds one for already, so that withdrawing a mandate ends what it gave.
    """
    giver = deed.lock(Organisation, principal)
    deed.require_in(giver.pk)
    begin = starts_on or today()
    with as_system("looking for the agent"):  # brokers offer their services: a principal need not see their accounts
        taker = Organisation.objects.filter(open_on(today()), pk=agent).first()
    if taker is not None and taker.pk == giver.pk:
        deed.refuse("mandate.to_oneself", {}, "agent")
    elif taker is None or taker.kind not in AGENTS:
        deed.refuse("mandate.no_broker", {"agent": taker.name_zh if taker else agent}, "agent")
    unknown = sorted(set(scopes) - set(roles().mandate_scopes))
    if unknown:
        deed.refuse("mandate.unknown_scope", {"scopes": unknown, "known": list(roles().mandate_scopes)}, "scopes")
    if not scopes:
        deed.refuse("mandate.no_scope", {"known": list(roles().mandate_scopes)}, "scopes")
    _dates(deed, _MANDATE_DATES, begin, ends_on)
    made = Mandate(principal=giver, agent=taker, scopes=sorted(set(scopes)), starts_on=begin, ends_on=ends_on)
    if taker is not None:
        _refuse_twice(deed, made)
    deed.check()
    deed.holds_from(begin)
    made.note = note.strip()[:500]
    return deed.create(made)


def _refuse_twice(deed: Deed, new: Mandate) -> None:
    """Refuse scopes the broker holds on some of the days; the principal is held, so two forms wait for one another."""
    with as_system("looking for mandates that run"):
        rows = Mandate.objects.filter(principal=new.principal, agent=new.agent, withdrawn_on__isnull=True)
        running = list(rows.filter(starts_on__lte=new.ends_on, ends_on__gte=new.starts_on))
    twice = [one for one in running if set(one.scopes) & set(new.scopes)]
    if not twice:
        return
    held = {scope for one in twice for scope in one.scopes} & set(new.scopes)
    words = [roles().scopes[scope].in_language(language()) for scope in roles().mandate_scopes if scope in held]
    until = max(one.ends_on for one in twice).isoformat()
    deed.refuse("mandate.held_already", {"agent": new.agent.name_zh, "scopes": words, "until": until}, "scopes")


def _dates(deed: Deed, codes: tuple[str, str, str], begin: date, end: date) -> None:
    reversed_, past, too_long = codes
    told = {"from": begin.isoformat(), "to": end.isoformat()}
    if end < begin:
        deed.refuse(reversed_, told, "ends_on")
    elif end < today():
        deed.refuse(past, told, "ends_on")
    elif (end - begin).days > LONGEST_DAYS:
        deed.refuse(too_long, {**told, "most_days": LONGEST_DAYS}, "ends_on")


@action("mandate.withdraw", permission="mandate.give")
def withdraw_mandate(deed: Deed, *, mandate: int, version: int) -> Mandate:
    """Withdraw a mandate at once.

    Raises
    ------
    BridgeheadError
        ``mandate.over`` if it ended or was withdrawn before.
    """
    record = deed.lock(Mandate, mandate, version)
    deed.require_in(record.principal_id)
    if record.withdrawn_on is not None or record.ends_on < today():
        deed.refuse("mandate.over", {"on": (record.withdrawn_on or record.ends_on).isoformat()})
    deed.check()
    return deed.change(record, withdrawn_on=today())


@action("delegation.give", permission="delegation.give")
def delegate(
    deed: Deed,
    *,
    membership: int,
    delegate: int,
    ends_on: date,
    starts_on: date | None = None,
    note: str = "",
) -> Delegation:
    """Let a colleague stand in for one's own membership during an absence.

    Raises
    ------
    BridgeheadError
        ``delegation.not_yours``, ``delegation.to_oneself``, ``delegation.no_colleague``, ``delegation.held_already``,
        ``delegation.role_cannot_be_delegated``, ``delegation.ends_before_start``, ``delegation.in_the_past``,
        ``delegation.too_long``.
    """
    record = deed.lock(Membership, membership)
    begin = starts_on or today()
    if not deed.by.system:
        deed.require_in(record.organisation_id)
        if record.person_id != deed.by.person_id:
            deed.refuse("delegation.not_yours", {}, "membership")
    if record.role in ("administrator", "auditor"):
        deed.refuse("delegation.role_cannot_be_delegated", {"role": role_word(record.role)}, "membership")
    over = record.withdrawn_on or record.ends_on
    if record.withdrawn_on is not None or (record.ends_on is not None and record.ends_on < begin):
        deed.refuse("membership.ended", {"on": over.isoformat() if over else ""}, "membership")
    with as_system("looking for the colleague"):
        colleague = Person.objects.filter(pk=delegate, is_active=True).first()
        known = colleague is not None and _colleagues(colleague, record.organisation_id, begin)
    if delegate == record.person_id:
        deed.refuse("delegation.to_oneself", {}, "delegate")
    elif not known:
        deed.refuse("delegation.no_colleague", {}, "delegate")
    _dates(deed, _DELEGATION_DATES, begin, ends_on)
    running = Delegation.objects.filter(
        membership=record, withdrawn_on__isnull=True, starts_on__lte=ends_on, ends_on__gte=begin
    )
    if running.exists():
        deed.refuse("delegation.held_already", {}, "starts_on")
    deed.check()
    assert colleague is not None
    deed.holds_from(begin)
    return deed.create(
        Delegation(
            membership=record,
            organisation_id=record.organisation_id,
            delegator_id=record.person_id,
            delegate=colleague,
            starts_on=begin,
            ends_on=ends_on,
            note=note.strip()[:500],
        )
    )


def _colleagues(person: Person, organisation_id: int, day: date) -> bool:
    return Membership.objects.filter(in_force(day), person=person, organisation_id=organisation_id).exists()


def manages(viewer: Viewer, organisation_id: int) -> bool:
    """Tell whether somebody manages the members of an organisation by a membership of theirs, not as a stand-in."""
    own = tuple(grant for grant in viewer.grants if grant.delegation_id is None)
    return replace(viewer, grants=own).grant_for("member.manage", organisation_id, to_write=True) is not None


@action("delegation.withdraw")
def withdraw_delegation(deed: Deed, *, delegation: int, version: int) -> Delegation:
    """End a delegation at once; the one who gave it may, and whoever manages the members there.

    Raises
    ------
    BridgeheadError
        ``delegation.not_yours``, ``delegation.over``.
    """
    record = deed.lock(Delegation, delegation, version)
    if not deed.by.system and record.delegator_id != deed.by.person_id:
        if not manages(deed.by, record.organisation_id):
            raise BridgeheadError("delegation.not_yours")
        deed.require("member.manage", record.organisation_id)
    if record.withdrawn_on is not None or record.ends_on < today():
        deed.refuse("delegation.over", {"on": (record.withdrawn_on or record.ends_on).isoformat()})
    deed.check()
    return deed.change(record, withdrawn_on=today())
