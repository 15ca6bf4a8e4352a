"""Actions: the one way to change anything. Who may, what is checked, the change and its journal, in one transaction.

An action is a function that takes a `Deed` first and only keywords after it::

    @action("organisation.rename", permission="organisation.edit")
    def rename(deed: Deed, *, organisation: int, name_zh: str, version: int) -> Organisation:
        record = deed.lock(Organisation, organisation, version)
        deed.require_in(record.pk)
        deed.check()
        return deed.change(record, name_zh=name_zh)

and is called with the one who does it: ``rename(by=viewer, organisation=7, name_zh="…", version=3, reason="…")``.
Inside another action ``by`` may be the deed itself: both then share one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, OperationalError, models, transaction
from django.utils import timezone

from bridgehead.ground import database
from bridgehead.ground.access import row_security
from bridgehead.ground.access.gate import may_see
from bridgehead.ground.access.grants import refuse_after_mandate
from bridgehead.ground.access.viewer import Viewer, as_system, viewing
from bridgehead.ground.journal import clock
from bridgehead.ground.journal.entries import append, as_text, state, was_done
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.ground.tasks import handlers
from bridgehead.ground.tasks.wake import wake
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

MOST_ATTEMPTS = 4
_AGAIN = ("40001", "40P01")
"""PostgreSQL's codes for two transactions in each other's way: both can be tried again."""

Hook = Callable[[models.Model, bool], None]
_hooks: list[Hook] = []


def after_each_change(hook: Hook) -> None:
    """Call ``hook(record, removed)`` inside the transaction of every change; for the search index."""
    if hook not in _hooks:
        _hooks.append(hook)


class Deed:
    """One action while it runs: who does it, and everything it may do to records.

    Attributes
    ----------
    by : Viewer
        Who does it.
    action : str
        Name of the action, for the journal.
    at : datetime
        System time of its entries.
    effective_at : datetime
        Business time: from when on what it says holds.
    unread : set of str
        Fields of its form that could not be read: nothing follows from their being empty.
    """

    def __init__(
        self, by: Viewer, name: str, permission: str, *, reason: str, once: str, effective: datetime | None
    ) -> None:
        self.by = by
        self.action = name
        self.permission = permission
        self.reason = reason
        self.at = clock.stamp()
        self.effective_at = effective or self.at
        self._once = once or None
        self._faults: list[Fault] = []
        self.unread: set[str | None] = set()
        self._acting = by.grant_for(permission, None, to_write=True) if permission else None

    # What may be done

    def require(self, permission: str, organisation_id: int | None = None) -> None:
        """Refuse the action unless a permission is held in an organisation, or in any if none is named.

        Raises
        ------
        BridgeheadError
            ``action.not_allowed`` at once: whoever may not do a thing does not hear what else is wrong with it;
            ``action.mandate_over`` where a mandate of their organisation permitted it until it ended.
        """
        if self.by.system:
            return
        grant = self.by.grant_for(permission, organisation_id, to_write=True)
        if grant is None:
            refuse_after_mandate(self.by, organisation_id)
            raise BridgeheadError("action.not_allowed", {"action": self.action, "permission": permission})
        self._acting = grant

    def require_in(self, organisation_id: int) -> None:
        """Refuse the action unless its own permission is held in an organisation."""
        self.require(self.permission, organisation_id)

    def refuse(self, code: str, parameters: Mapping[str, object] | None = None, field: str | None = None) -> None:
        """Note one fault; `check` raises them all. Of a field that could not be read only that is told."""
        if field is None or field not in self.unread:
            self._faults.append(Fault(code, dict(parameters or {}), Place(field=field)))

    def begin_with(self, unread: Sequence[Fault]) -> None:
        """Note what of its form could not be read, to be told with whatever else is wrong."""
        self._faults += unread
        self.unread |= {one.place.field for one in unread}

    def check(self) -> None:
        """Raise every fault noted so far.

        Raises
        ------
        BridgeheadError
            With all of them.
        """
        if self._faults:
            raise BridgeheadError.of(self._faults)

    def holds_from(self, day: date) -> None:
        """Say that what is done takes effect with a day of the region; with today, from now on."""
        if day != timezone.localdate():
            self.effective_at = clock.beginning(day)

    # What is done

    def lock(self, model: type[M], pk: object, version: int | None = None) -> M:
        """Return a record, held until the end of the transaction.

        Parameters
        ----------
        model, pk
            The record.
        version : int, optional
            The version its form was filled in with.

        Raises
        ------
        BridgeheadError
            ``action.no_such_record`` if it is not there or may not be seen; ``action.changed_meanwhile`` if somebody
            else changed it since.
        """
        try:
            known = model._meta.pk.clean(pk, None)  # type: ignore[union-attr]
            record = model._default_manager.raw(database.holding(model), [known])[0]
        except (ValidationError, IndexError):
            raise self._missing(model, pk) from None
        if hasattr(model, "VISIBILITY") and not may_see(record, self.by):
            refuse_after_mandate(self.by, getattr(record, "owner_id", None))
            raise self._missing(model, pk)
        if version is not None and version != record.version:  # type: ignore[attr-defined]
            raise self._changed_meanwhile(record)
        return record

    def create(self, record: M) -> M:
        """Add a record and journal it."""
        record.save(force_insert=True)
        self._journal(record, None)
        return record

    def change(self, record: M, **fields: Any) -> M:
        """Change fields of a locked record and journal what was before; a change of nothing is no change."""
        before = {}
        for name, value in fields.items():
            column = record._meta.get_field(name).attname
            old = getattr(record, column)
            setattr(record, name, value)
            if getattr(record, column) != old:
                before[column] = old
        if not before:
            return record
        written = list(before)
        if hasattr(record, "version"):
            record.version += 1
            written.append("version")
        database.write_fields(record, written)
        hidden = set(before) & set(getattr(record, "LEFT_OUT", ()))
        kept = {name: old for name, old in before.items() if name not in hidden} | dict.fromkeys(sorted(hidden))
        self._journal(record, kept)
        return record

    def remove(self, record: models.Model) -> None:
        """Remove a record; the journal keeps all it said."""
        before = state(record)
        entry = self._entry(record)
        for hook in _hooks:
            hook(record, True)
        record.delete()
        self._write(entry, before, None)

    def note(
        self,
        kind: str,
        record_id: object,
        *,
        owner_id: int | None = None,
        office_id: int | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """Journal something that changed no record: a read, a sign-in, an export."""
        self._write(self._blank(kind, str(record_id), owner_id, office_id, self.reason), {}, dict(told or {}))

    def enqueue(
        self,
        kind: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        run_after: datetime | None = None,
        owner_id: int | None = None,
        most_attempts: int | None = None,
    ) -> Task:
        """Leave work for after the commit: a row of the task table, written in the same transaction.

        ``key`` makes it the only one of its kind: a second row with the key is not written, the first is returned. How
        often it may be tried is told by its handler; see `bridgehead.ground.tasks.handlers`.
        """
        if key is not None:
            with as_system("looking for work that is already there"):  # it may be somebody else's
                there = Task.objects.filter(key=key).first()
            if there is not None:
                return there
        told: Any = {"owner_id": owner_id, "asked_by": self.by.person_id, "created_at": self.at}
        told |= {"most_attempts": most_attempts or handlers.most_attempts(kind), "arguments": dict(arguments or {})}
        task = Task.objects.create(kind=kind, key=key, run_after=run_after or self.at, **told)
        transaction.on_commit(wake)
        return task

    def hand_over(self) -> str:
        """Give the form's key to an action inside this one: it stands in the first entry, whoever writes it."""
        once, self._once = self._once, None
        return once or ""

    def take_back(self, inner: Deed) -> None:
        """Take the form's key back from an action inside this one that wrote nothing."""
        self._once = self._once or inner._once

    # The journal

    def _journal(self, record: models.Model, before: Mapping[str, Any] | None) -> None:
        self._write(self._entry(record), before, state(record))
        for hook in _hooks:
            hook(record, False)

    def _entry(self, record: Any) -> JournalEntry:
        about = (record.RECORD, str(record.pk), getattr(record, "owner_id", None), getattr(record, "office_id", None))
        return self._blank(*about, "" if getattr(record, "WITHOUT_REASON", False) else self.reason)

    def _blank(self, kind: str, pk: str, owner_id: int | None, office_id: int | None, reason: str) -> JournalEntry:
        acting = self._acting
        entry = JournalEntry(
            recorded_at=self.at,
            effective_at=self.effective_at,
            actor_id=self.by.person_id,
            actor_name=self.by.name,
            on_behalf_of=acting.organisation_id if acting else None,
            role=acting.role if acting else ("system" if self.by.system else ""),
            mandate_id=acting.mandate_id if acting else None,
            delegation_id=acting.delegation_id if acting else None,
            action=self.action,
            record_kind=kind,
            record_id=pk,
            owner_id=owner_id,
            office_id=office_id,
            reason=reason,
            request=self.by.request,
            once=self._once,
        )
        self._once = None  # the key stands in the first entry of the action
        return entry

    def _write(self, entry: JournalEntry, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
        entry.before, entry.after = as_text(before), as_text(after)
        append(entry)

    def _missing(self, model: Any, pk: object) -> BridgeheadError:
        return BridgeheadError("action.no_such_record", {"kind": model.RECORD, "id": str(pk)})

    def _changed_meanwhile(self, record: Any) -> BridgeheadError:
        rows = JournalEntry.objects.filter(record_kind=record.RECORD, record_id=str(record.pk))
        last = rows.exclude(before="{}").order_by("-id").first()
        told = {"by": last.actor_name, "at": f"{timezone.localtime(last.recorded_at):%Y-%m-%d %H:%M}"} if last else {}
        return BridgeheadError("action.changed_meanwhile", {"kind": record.RECORD, "by": "", "at": "", **told})


class Action(Generic[P, R]):
    """A declared action; calling it does it."""

    def __init__(self, name: str, permission: str, body: Callable[Concatenate[Deed, P], R]) -> None:
        self.name = name
        self.permission = permission
        self.body = body
        wraps(body)(self)

    def __call__(
        self,
        *args: P.args,
        by: Viewer | Deed,
        reason: str = "",
        once: str = "",
        effective_at: datetime | None = None,
        unread: Sequence[Fault] = (),
        **kwargs: P.kwargs,
    ) -> R:
        """Do it, in one transaction with its journal.

        Parameters
        ----------
        by : Viewer or Deed
            Who does it; a deed to do it inside another action.
        reason : str
            Why, for the journal.
        once : str
            Key of the form it was sent with: the same key is done once.
        effective_at : datetime, optional
            From when on it holds; now by default.
        unread : sequence of Fault
            What of its form could not be read: it is refused, with everything else that is wrong.

        Raises
        ------
        BridgeheadError
            ``action.not_allowed``, ``action.repeated``, ``action.changed_meanwhile``, ``clock.set_back``, the faults
            of the database, and those of the action itself. Nothing is changed then.
        """
        if isinstance(by, Deed):
            same: Any = {"reason": reason or by.reason, "effective": effective_at or by.effective_at}
            inner = Deed(by.by, self.name, self.permission, once=once or by.hand_over(), **same)
            self._admit(inner)
            made = self.body(inner, *args, **kwargs)
            by.take_back(inner)
            return made
        told: Any = {"reason": reason, "once": once, "effective": effective_at}
        for attempt in range(MOST_ATTEMPTS):
            try:
                return self._in_transaction(by, told, unread, args, kwargs)
            except (OperationalError, InternalError) as trouble:
                state = getattr(trouble.__cause__, "sqlstate", "")
                if state not in _AGAIN or attempt == MOST_ATTEMPTS - 1:
                    raise database.fault_of(trouble) from trouble
                time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    def _in_transaction(self, by: Viewer, told: Mapping[str, Any], unread: Any, args: Any, kwargs: Any) -> R:
        once = told["once"]
        with ExitStack() as held:
            held.enter_context(viewing(by))
            held.enter_context(database.writing())
            row_security.tell_now()
            try:
                with transaction.atomic():
                    deed = Deed(by, self.name, self.permission, **told)
                    self._admit(deed)
                    if once and was_done(once):
                        raise BridgeheadError("action.repeated", {"action": self.name})
                    deed.begin_with(unread)
                    made = self.body(deed, *args, **kwargs)
                    deed.check()
                    return made
            except IntegrityError as trouble:
                if once and "once" in str(trouble):
                    raise BridgeheadError("action.repeated", {"action": self.name}) from trouble
                raise BridgeheadError("action.conflict", {"action": self.name, "reason": str(trouble)}) from trouble

    def _admit(self, deed: Deed) -> None:
        """Refuse whoever holds the permission nowhere; the body asks about the organisation it changes."""
        if self.permission:
            deed.require(self.permission)


def action(name: str, *, permission: str = "") -> Callable[[Callable[Concatenate[Deed, P], R]], Action[P, R]]:
    """Declare an action.

    Parameters
    ----------
    name : str
        ``record.verb``, for the journal.
    permission : str
        What must be held somewhere to begin it; the body requires it in the organisation it changes. Without one the
        body alone decides.
    """

    def declare(body: Callable[Concatenate[Deed, P], R]) -> Action[P, R]:
        return Action(name, permission, body)

    return declare
