"""Reads of members, mandates and absences of an organisation, with what the running viewer may do to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import Role, roles
from bridgehead.ground.access.viewer import Viewer, as_system, current_viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Delegation, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.directory import named, sees_accounts
from bridgehead.ground.people.memberships import may_give
from bridgehead.ground.people.standing_in import manages
from bridgehead.kernel.errors import BridgeheadError

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when something holds, and how that stands today."""

    starts_on: date
    ends_on: date | None
    withdrawn_on: date | None

    @property
    def state(self) -> str:
        """``coming``, ``running``, ``ending`` (soon), ``over`` or ``withdrawn``."""
        day = today()
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.ends_on is not None and self.ends_on < day:
            return "over"
        if self.starts_on > day:
            return "coming"
        return "ending" if self.ends_on is not None and (self.ends_on - day).days <= SOON_DAYS else "running"

    @property
    def lasting(self) -> bool:
        """Whether it holds or will hold."""
        return self.state in ("coming", "running", "ending")


@dataclass(frozen=True, slots=True)
class Member:
    """A membership with its person and what the viewer may do to it."""

    record: Membership
    person: Person
    term: Term
    role: Role
    may_end: bool

    @property
    def word(self) -> str:
        """The name of the role in the language of the page."""
        return self.role.word.in_language(language())


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate with the two it joins."""

    record: Mandate
    principal: Organisation
    agent: Organisation
    term: Term
    may_withdraw: bool

    @property
    def scopes(self) -> tuple[str, ...]:
        """The words of its scopes in the language of the page."""
        return tuple(scope_word(scope) for scope in self.record.scopes)

    @property
    def demo(self) -> bool:
        """Whether one of the two is part of the demonstration."""
        return self.principal.demo or self.agent.demo


@dataclass(frozen=True, slots=True)
class Absence:
    """A delegation with the two people and the role."""

    record: Delegation
    delegator: Person
    delegate: Person
    role: Role
    term: Term
    may_withdraw: bool

    @property
    def word(self) -> str:
        """The name of the role in the language of the page."""
        return self.role.word.in_language(language())


def scope_word(scope: str) -> str:
    """Return the name of a scope in the language of the page."""
    word = roles().scopes.get(scope)
    return word.in_language(language()) if word else scope


def _term(record: Any) -> Term:
    return Term(record.starts_on, record.ends_on, record.withdrawn_on)


def people(pks: Iterable[int]) -> Mapping[int, Person]:
    """Return people by number for their names alone: whoever sees a membership sees whose it is."""
    with as_system("names of members"):
        found: Mapping[int, Person] = Person.objects.in_bulk(set(pks))
    return found


def admit_to_accounts(record: Organisation) -> Viewer:
    """Return the running viewer if they see members and mandates of an organisation.

    Raises
    ------
    BridgeheadError
        ``request.not_allowed``.
    """
    viewer = current_viewer()
    if not sees_accounts(viewer, record):
        raise BridgeheadError("request.not_allowed")
    return viewer


def members(record: Organisation) -> tuple[Member, ...]:
    """Return the members the running viewer may see: those who hold their roles first, by role and name."""
    viewer = current_viewer()
    rows = list(visible(Membership).filter(organisation=record))
    known = people(row.person_id for row in rows)
    order = list(roles().roles)
    found = [
        Member(
            row,
            known[row.person_id],
            _term(row),
            roles().roles[row.role],
            viewer.may("member.manage", record.pk) and may_give(viewer, record.pk, row.role),
        )
        for row in rows
        if row.role in roles().roles
    ]
    return tuple(
        sorted(found, key=lambda m: (not m.term.lasting, order.index(m.role.name), m.person.name, m.record.pk))
    )


def mandates(record: Organisation) -> tuple[tuple[MandateLine, ...], tuple[MandateLine, ...]]:
    """Return the mandates an organisation gave and those it holds, as far as the running viewer may see them."""
    viewer = current_viewer()
    rows = list(visible(Mandate).filter(Q(principal=record) | Q(agent=record)))
    known = named(pk for row in rows for pk in (row.principal_id, row.agent_id))
    lines = [
        MandateLine(
            row,
            known[row.principal_id],
            known[row.agent_id],
            _term(row),
            viewer.grant_for("mandate.give", row.principal_id, to_write=True) is not None,
        )
        for row in rows
    ]
    lines.sort(key=lambda line: (not line.term.lasting, line.record.ends_on, line.record.pk))
    given = tuple(line for line in lines if line.record.principal_id == record.pk)
    return given, tuple(line for line in lines if line.record.agent_id == record.pk)


def absences(record: Organisation) -> tuple[Absence, ...]:
    """Return the delegations in an organisation that the running viewer may see."""
    viewer = current_viewer()
    rows = list(visible(Delegation).filter(organisation=record).select_related("membership"))
    known = people(pk for row in rows for pk in (row.delegator_id, row.delegate_id))
    lines = [
        Absence(
            row,
            known[row.delegator_id],
            known[row.delegate_id],
            roles().roles[row.membership.role],
            _term(row),
            row.delegator_id == viewer.person_id or manages(viewer, record.pk),
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: (not line.term.lasting, line.record.ends_on, line.record.pk)))


def own_memberships(record: Organisation) -> tuple[Member, ...]:
    """Return the running viewer's own memberships in an organisation that a colleague may hold for a while."""
    viewer = current_viewer()
    kept = ("administrator", "auditor")
    return tuple(
        one
        for one in members(record)
        if one.record.person_id == viewer.person_id and one.term.lasting and one.role.name not in kept
    )


def colleagues(record: Organisation) -> tuple[Person, ...]:
    """Return the people who belong to an organisation today, without the running viewer."""
    viewer = current_viewer()
    found = {one.person.pk: one.person for one in members(record) if one.term.state in ("running", "ending")}
    found.pop(viewer.person_id, None)
    return tuple(person for person in found.values() if person.is_active)


def roles_to_give(record: Organisation) -> tuple[Role, ...]:
    """Return the roles that fit an organisation and that the running viewer may give there."""
    viewer = current_viewer()
    fitting = (role for role in roles().roles.values() if record.kind in role.kinds)
    return tuple(role for role in fitting if may_give(viewer, record.pk, role.name))


def own_people(record: Organisation) -> tuple[Person, ...]:
    """Return the people whose account an organisation keeps, as far as the running viewer may see them."""
    return tuple(visible(Person).filter(home=record, is_active=True).order_by("name")[:200])


def person_by_login(login: str) -> Person | None:
    """Return somebody by login, if the running viewer may see their account."""
    return visible(Person).filter(login__iexact=login.strip()).first()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a role may do, in words."""

    role: Role
    here: tuple[str, ...]
    everywhere: tuple[str, ...]
    sees: tuple[str, ...]
    gives: tuple[str, ...]

    @property
    def word(self) -> str:
        """The name of the role in the language of the page."""
        return self.role.word.in_language(language())


_SEES = {
    "own": ("本机构的数据", "data of the organisation", "данные организации", "байгууллагын өгөгдөл"),
    "office": ("本机构经办的数据", "data it handles", "данные, которые она обрабатывает", "хариуцаж буй өгөгдөл"),
    "offices": (
        "本机构和下级机构经办的数据",
        "data it and those below it handle",
        "данные, которые обрабатывают она и подведомственные организации",
        "өөрөө болон харьяа байгууллагын хариуцаж буй өгөгдөл",
    ),
    "public_bodies": (
        "公共机构的数据",
        "data of public bodies",
        "данные государственных органов",
        "төрийн байгууллагын өгөгдөл",
    ),
}


def meaning(role: Role, code: str | None = None) -> Meaning:
    """Return what a role may do in words, as ``roles.toml`` says it."""
    code = code or language()
    known = roles()

    def words(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(word.in_language(code) for name, word in known.meanings.items() if name in names)

    sees = [speak(code, *words) for name, words in _SEES.items() if name in role.sees]
    sees += [word.in_language(code) for name, word in known.scopes.items() if name in role.wholly]
    gives = tuple(one.word.in_language(code) for one in known.roles.values() if one.name in role.grants)
    return Meaning(role, words(role.permissions - role.everywhere), words(role.everywhere), tuple(sees), gives)


def meanings(record: Organisation) -> tuple[Meaning, ...]:
    """Return what each role that fits an organisation may do."""
    return tuple(meaning(role) for role in roles().roles.values() if record.kind in role.kinds)
