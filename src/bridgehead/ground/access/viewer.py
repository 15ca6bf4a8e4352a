"""Who reads or writes: a person with what they may do today, the platform itself, or nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from bridgehead.ground.access.roles import Role, roles

JOURNAL, JOURNAL_OWN, JOURNAL_READ = "journal", "journal.own", "journal.read"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role somebody holds today, by membership, under a mandate or while standing in for a colleague.

    Attributes
    ----------
    organisation_id : int
        The organisation the role is held in; under a mandate the enterprise that gave it.
    role : str
        Name of the role.
    until : date or None
        Last day it holds.
    below : frozenset of int
        Organisations below this one.
    mandate_id, delegation_id : int or None
        What it rests on, where it is no membership.
    scopes : frozenset of str or None
        Scopes it is limited to; None for all.
    member_of : int or None
        Under a mandate, the broker's own organisation.
    """

    organisation_id: int
    role: str
    until: date | None = None
    below: frozenset[int] = frozenset()
    mandate_id: int | None = None
    delegation_id: int | None = None
    scopes: frozenset[str] | None = None
    member_of: int | None = None

    @property
    def meaning(self) -> Role:
        """The role as ``roles.toml`` says it."""
        return roles().roles[self.role]


@dataclass(frozen=True)
class Viewer:
    """Who reads or writes.

    Attributes
    ----------
    person_id : int or None
        The person; None for the platform and for anonymous visitors.
    name : str
        Name for the journal.
    grants : tuple of Grant
        What they hold today.
    public_bodies : frozenset of int
        Organisations that are public bodies; filled only if a grant lets see their rows.
    system : bool
        The platform itself, which sees everything; see `bridgehead.ground.access.gate.as_system`.
    request : str
        Id of the request or command, kept in the journal.
    """

    person_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    public_bodies: frozenset[int] = frozenset()
    system: bool = False
    request: str = field(default="", compare=False)

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """The permissions held in every organisation."""
        return frozenset().union(*(grant.meaning.everywhere for grant in self.grants))

    @cached_property
    def permissions(self) -> frozenset[str]:
        """The permissions held in some organisation or in all."""
        return frozenset().union(*(grant.meaning.permissions for grant in self.grants))

    @cached_property
    def seen(self) -> dict[Any, Any]:
        """What `bridgehead.ground.access.gate.visible` lets see of whole tables, by model, as queries not yet asked."""
        return {}

    def may(self, permission: str, organisation_id: int | None = None) -> bool:
        """Tell whether something is permitted: in an organisation, or in any if none is named."""
        if self.system or permission in self.everywhere:
            return True
        if organisation_id is None:
            return permission in self.permissions
        return self.grant_for(permission, organisation_id) is not None

    def grant_for(self, permission: str, organisation_id: int | None, *, to_write: bool = False) -> Grant | None:
        """Return the grant that permits something in an organisation, memberships before mandates; None if none does.

        A broker's permissions in the mandating enterprise are those of the mandate's scopes, so accounts stay out.
        With ``to_write`` roles that change nothing are passed over.
        """
        for grant in self.grants:
            if to_write and grant.meaning.read_only:
                continue
            if permission in grant.meaning.everywhere:
                return grant
            if permission not in grant.meaning.permissions:
                continue
            if organisation_id is None or grant.organisation_id == organisation_id:
                if grant.mandate_id is not None and not _entrusted(permission, grant):
                    continue
                return grant
        return None

    def wholly(self, scope: str) -> bool:
        """Tell whether every row of a scope may be seen; of the journal by ``journal.read`` alone."""
        return self.system or any(
            scope in grant.meaning.wholly and (scope != JOURNAL or JOURNAL_READ in grant.meaning.permissions)
            for grant in self.grants
        )

    def owners_in(self, scope: str) -> frozenset[int]:
        """Return the organisations whose own rows of a scope may be seen."""
        found: set[int] = set()
        for grant in self.grants:
            if not _opens(grant, scope):
                continue
            if "own" in grant.meaning.sees:
                found.add(grant.organisation_id)
            if "public_bodies" in grant.meaning.sees:
                found |= self.public_bodies
        return frozenset(found)

    def offices_in(self, scope: str) -> frozenset[int]:
        """Return the offices whose handled rows of a scope may be seen."""
        found: set[int] = set()
        for grant in self.grants:
            if not _opens(grant, scope):
                continue
            if grant.meaning.sees & {"office", "offices"}:
                found.add(grant.organisation_id)
            if "offices" in grant.meaning.sees:
                found |= grant.below
        return frozenset(found)

    @property
    def organisations(self) -> frozenset[int]:
        """The organisations somebody belongs to by membership."""
        return frozenset(g.organisation_id for g in self.grants if g.mandate_id is None and g.delegation_id is None)

    @property
    def is_official(self) -> bool:
        """Whether somebody acts for a public body."""
        return any(not (grant.meaning.kinds & {"enterprise", "broker", "carrier"}) for grant in self.grants)

    def in_request(self, request: str) -> Viewer:
        """Return the same viewer with the id of a request."""
        return replace(self, request=request)


def _opens(grant: Grant, scope: str) -> bool:
    """Tell whether a grant lets see the rows of a scope in what it sees: of the journal by ``journal.own`` alone."""
    if grant.scopes is not None and scope not in grant.scopes:
        return False
    return scope != JOURNAL or JOURNAL_OWN in grant.meaning.permissions


_ENTRUSTED = {"file.store": "files", "import.run": "imports"}


def _entrusted(permission: str, grant: Grant) -> bool:
    """Tell whether the scopes of a mandate cover a permission: ``case.open`` is covered by the scope ``cases``."""
    scope = _ENTRUSTED.get(permission, permission.partition(".")[0] + "s")
    return grant.scopes is not None and scope in grant.scopes


ANONYMOUS = Viewer()
_current: ContextVar[Viewer] = ContextVar("viewer", default=ANONYMOUS)


def current_viewer() -> Viewer:
    """Return who reads now; nobody in particular outside `viewing`."""
    return _current.get()


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Viewer]:
    """Read as somebody inside a ``with`` block; the gate and the row-level security both follow."""
    token = _current.set(viewer)
    try:
        yield viewer
    finally:
        _current.reset(token)


def system(reason: str, request: str = "") -> Viewer:
    """Return the platform itself as a viewer; the reason is the name the journal keeps."""
    return Viewer(name=reason, system=True, request=request)


@contextmanager
def as_system(reason: str) -> Iterator[Viewer]:
    """Read as the platform itself inside a ``with`` block."""
    with viewing(system(reason, current_viewer().request)) as viewer:
        yield viewer
