"""The demonstration of people and organisations: one of every kind, somebody in every role, mandates, an absence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import PROTECT, Model, Q
from django.db.models.deletion import get_candidate_relations_to_delete

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.models import Delegation, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.accounts import set_password
from bridgehead.ground.people.memberships import appoint, enrol
from bridgehead.ground.people.organisations import create_organisation
from bridgehead.ground.people.standing_in import delegate, give_mandate
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.tables import Row

MARK_ZH, MARK_EN = "（示意）", " (demonstration)"
NOWHERE = "990000"
"""Administrative division of the credit codes: there is none of this number, so no real enterprise has such a code."""

_TRADERS = (
    ("importer", "enterprise", "北方矿产进口公司", "Northern Mineral Imports"),
    ("exporter", "enterprise", "边城农产品出口公司", "Border Town Farm Exports"),
    ("online", "enterprise", "草原跨境电商公司", "Grassland Online Trade"),
    ("broker-1", "broker", "通达报关行", "Tongda Customs Brokers"),
    ("broker-2", "broker", "顺捷报关行", "Shunjie Customs Brokers"),
    ("rail-carrier", "carrier", "陆港班列公司", "Land Port Block Trains"),
    ("road-carrier", "carrier", "口岸汽车运输公司", "Port Road Haulage"),
)


def uscc(number: int) -> str:
    """Return a credit code (GB 32100-2015) with a right check digit that no enterprise has."""
    from stdnum.cn.uscc import calc_check_digit

    body = f"91{NOWHERE}MA{number:07d}"
    return body + str(calc_check_digit(body))


def fill(stage: Stage) -> None:
    """Make what is missing of organisations, people, roles, mandates and absences."""
    top = _top(stage)
    ports = [_port(stage, row, top) for row in stage.region.rows("ports") if row.text("status") == "open"]
    office = ports[0] if ports else top
    traders = {
        code: _organisation(stage, f"demo-{code}", kind, (zh, en), None, office=office, number=number)
        for number, (code, kind, zh, en) in enumerate(_TRADERS, 1)
    }
    for kind, word in roles().kinds.items():
        if not Organisation.objects.filter(kind=kind, closed_on__isnull=True).exists():
            _organisation(stage, f"demo-{kind.replace('_', '-')}", kind, (word.zh, word.en), top)
    for role, suffix, at in _seats(traders):
        _person(stage, role, suffix, at)
    _mandates(stage, traders)
    _absence(stage)


def _top(stage: Stage) -> Organisation:
    there = Organisation.objects.filter(kind="government", parent__isnull=True, demo=False, closed_on__isnull=True)
    found = there.order_by("id").first()
    return found or _organisation(stage, "demo-government", "government", ("人民政府", "People's government"), None)


def _port(stage: Stage, row: Row, top: Organisation) -> Organisation:
    names = f"{row.text('name_zh')}管理机构", f"{row.text('name_en')} administration"
    return _organisation(stage, f"demo-port-{row.text('id')}"[:64], "port_administration", names, top)


def _organisation(
    stage: Stage,
    code: str,
    kind: str,
    names: tuple[str, str],
    parent: Organisation | None,
    *,
    office: Organisation | None = None,
    number: int = 0,
) -> Organisation:
    there = Organisation.objects.filter(code=code).first()
    if there is not None:
        return there
    stage.made["organisation"] += 1
    return create_organisation(
        by=stage.by,
        code=code,
        kind=kind,
        name_zh=names[0] + MARK_ZH,
        name_en=names[1] + MARK_EN,
        parent=parent.pk if parent else None,
        office=office.pk if office else None,
        uscc=uscc(number) if number else None,
        demo=True,
    )


def _seats(traders: dict[str, Organisation]) -> Iterator[tuple[str, str, Organisation]]:
    """Give every role with an organisation that fits it, and the further seats the story needs."""
    for role in roles().roles.values():
        if role.name == "enterprise_admin":
            for code, at in traders.items():
                yield role.name, f"-{code}", at
            continue
        at = traders.get("broker-1" if role.name == "broker" else "importer")
        if at is None or at.kind not in role.kinds:
            at = _fitting(role.kinds, demo_first=role.name == "port_administration")
        yield role.name, "", at
    yield "officer", "-2", _fitting(roles().roles["head"].kinds - {"government"})
    yield "broker", "-2", traders["broker-2"]


def _fitting(kinds: frozenset[str], demo_first: bool = False) -> Organisation:
    """Return the first organisation of the kind most telling of a role: a department before a government."""
    rows = Organisation.objects.filter(closed_on__isnull=True)
    order = ("department", "coordination", "congress", "port_administration", *roles().kinds)
    if demo_first:
        order = ("port_administration", *order)
    for kind in order:
        found = rows.filter(kind=kind).order_by("demo", "id").first() if kind in kinds else None
        if found is not None:
            return found
    raise BridgeheadError("demonstration.no_seat", {"kinds": sorted(kinds)})


def _person(stage: Stage, role: str, suffix: str, at: Organisation) -> None:
    login = f"demo-{role.replace('_', '-')}{suffix}"
    person = Person.objects.filter(login=login).first()
    if person is None:
        stage.made["person"] += 1
        stage.made["membership"] += 1
        name = f"{roles().roles[role].word.zh}{suffix.replace('-', ' ')}{MARK_ZH}"
        made = enrol(by=stage.by, organisation=at.pk, login=login, name=name, role=role, demo=True)
        person = made.person
    elif not Membership.objects.filter(person=person).exists():
        stage.made["membership"] += 1
        appoint(by=stage.by, person=person.pk, organisation=at.pk, role=role)
    if stage.password and not person.has_usable_password():
        give_password(by=stage.by, person=person.pk, password=stage.password)


@action("demonstration.fill")
def give_password(deed: Deed, *, person: int, password: str) -> Person:
    """Give somebody of the demonstration the common password."""
    _only_the_platform(deed)
    found = deed.lock(Person, person)
    if not found.demo:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "demo"})
    set_password(deed, found, password)
    return found


def _only_the_platform(deed: Deed) -> None:
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})


def _mandates(stage: Stage, traders: dict[str, Organisation]) -> None:
    every = roles().mandate_scopes
    for principal, agent, scopes, days in (
        ("importer", "broker-1", every, 365),
        ("exporter", "broker-1", ("dossiers", "files"), 14),
        ("online", "broker-2", ("cases", "dossiers"), 180),
        ("importer", "rail-carrier", ("matching",), 21),
    ):
        giver, taker = traders[principal], traders[agent]
        if giver.closed_on or taker.closed_on or Mandate.objects.filter(principal=giver, agent=taker).exists():
            continue
        stage.made["mandate"] += 1
        give_mandate(
            by=stage.by,
            principal=giver.pk,
            agent=taker.pk,
            scopes=scopes,
            ends_on=stage.day + timedelta(days=days),
        )


def _absence(stage: Stage) -> None:
    """Let the officer stand in for the head of the same department."""
    away = Membership.objects.filter(person__login="demo-head").first()
    colleague = Person.objects.filter(login="demo-officer-2").first()
    if away is None or colleague is None or Delegation.objects.filter(membership=away).exists():
        return
    stage.made["delegation"] += 1
    end = stage.day + timedelta(days=14)
    delegate(by=stage.by, membership=away.pk, delegate=colleague.pk, ends_on=end)


def wipe(stage: Stage) -> None:
    """Take everything away that is marked, and what hangs on it."""
    removed, kept = remove_demonstration(by=stage.by)
    stage.made["removed"] += removed
    stage.made["closed"] += kept


@action("demonstration.remove")
def remove_demonstration(deed: Deed) -> tuple[int, int]:
    """Remove what is marked as demonstration; what real records rest on is closed or switched off instead.

    Returns
    -------
    tuple of int
        How many records were removed, and how many closed.
    """
    _only_the_platform(deed)
    hanging = [
        Delegation.objects.filter(Q(delegator__demo=True) | Q(delegate__demo=True)),
        Mandate.objects.filter(Q(principal__demo=True) | Q(agent__demo=True)),
        Membership.objects.filter(person__demo=True),
    ]
    removed = 0
    for rows in hanging:
        for record in rows.order_by("id"):
            deed.remove(record)
            removed += 1
    people = list(Person.objects.filter(demo=True).order_by("-id"))
    bodies = list(Organisation.objects.filter(demo=True).order_by("-id"))
    gone, left = _remove_each(deed, [*people, *bodies])
    kept = 0
    for record in left:
        before = record.version
        if isinstance(record, Person):
            deed.change(record, is_active=False)
        elif record.closed_on is None:
            deed.change(record, closed_on=today())
        kept += record.version != before
    return removed + gone, kept


def _remove_each(deed: Deed, records: list[Person | Organisation]) -> tuple[int, list[Person | Organisation]]:
    """Remove records, those below first, until nothing more gives way; return how many went and what stays."""
    gone, left = 0, records
    while True:
        held = _held(left, Person) | _held(left, Organisation)
        again = [record for record in left if (type(record), record.pk) in held]
        if len(again) == len(left):
            return gone, again
        for record in left:
            if (type(record), record.pk) not in held:
                deed.remove(record)
                gone += 1
        left = again


def _held(records: list[Person | Organisation], model: type[Model]) -> set[tuple[type[Model], int]]:
    """Return those of a model that other records rest on, so that they cannot be removed."""
    keys = [record.pk for record in records if type(record) is model]
    held: set[tuple[type[Model], int]] = set()
    for relation in get_candidate_relations_to_delete(model._meta):
        if relation.on_delete is PROTECT:
            resting = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys}).order_by()
            held |= {(model, pk) for pk in resting.values_list(relation.field.attname, flat=True).distinct()}
    return held
