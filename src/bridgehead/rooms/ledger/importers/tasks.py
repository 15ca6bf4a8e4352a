"""The importer of tasks: a spreadsheet of tasks with their leads, due days and parts, known by its own codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed
from bridgehead.ground.imports.registry import Change, Current, Importer, Key, Values
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import read_schema
from bridgehead.rooms.ledger.actions.tasks import change_task, give_task, join_in, leave
from bridgehead.rooms.ledger.models import Part, Task
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.who import KEEP

SCHEMA = Path(__file__).with_name("schemas") / "tasks.csv"
MARK = "import:"
"""What the matter of an imported task begins with; the code of the table follows."""
LONGEST_CODE = 50


def current_tasks(viewer: Viewer, organisation: int) -> Mapping[Key, Current]:
    """Return the tasks of an organisation that came by a table, by their codes."""
    rows = visible(Task, viewer).filter(owner=organisation, matter__startswith=MARK)
    found = {}
    for row in rows.select_related("office", "parent").prefetch_related("parts__office"):
        parts = [(one.part, one.office.code) for one in row.parts.all() if one.left_on is None]
        found[(_code(row),)] = Current(
            {
                "code": _code(row),
                "title": row.title,
                "what": row.what or None,
                "lead": row.office.code,
                "due_on": row.due_on,
                "period": row.period or None,
                "article": row.article,
                "parent": _code(row.parent) or None,
                "joint": _listed(code for part, code in parts if part != Part.SUPERVISED),
                "supervised": _listed(code for part, code in parts if part == Part.SUPERVISED),
            },
            row,
        )
    return found


def tidy_task(values: Values) -> Values:
    """Put the lists in order and the due day on a working day, as a task keeps them; refuse what no record could hold.

    Raises
    ------
    BridgeheadError
        ``form.text_too_long`` for a code, ``task.cycle`` for a task that is a part of itself.
    """
    code = str(values["code"])
    if len(code) > LONGEST_CODE:
        given = {"limit": LONGEST_CODE, "length": len(code)}
        raise BridgeheadError("form.text_too_long", given, Place(field="code"))
    if values["parent"] == code:
        raise BridgeheadError("task.cycle", {"tasks": code}, Place(field="parent"))
    lists = {name: _listed(_codes(values[name])) for name in ("joint", "supervised")}
    due_on = values["due_on"]  # nothing where it could not be read
    worked = calendar().on_or_after(due_on) if isinstance(due_on, date) else due_on
    return {**values, **lists, "due_on": worked}


def apply_task(deed: Deed, organisation: int, change: Change) -> Task:
    """Give or change one task.

    Raises
    ------
    BridgeheadError
        With all of ``import.unknown_organisation``, ``import.unknown_parent``; what the actions on tasks refuse.
    """
    bodies = _Bodies()
    named = _Named(
        bodies.of([str(change.values["lead"])], "lead"),
        bodies.of(_codes(change.values["joint"]), "joint"),
        bodies.of(_codes(change.values["supervised"]), "supervised"),
        _parent(organisation, change.values, bodies.faults),
    )
    unread = {one.place.field for one in bodies.faults}
    try:
        made = _write(deed, organisation, change, named)
    except BridgeheadError as refused:
        more = [one for one in refused.faults if one.place.field not in unread]
        raise BridgeheadError.of([*bodies.faults, *more]) from refused
    bodies.check()
    return made


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom and what a row names by codes, as far as they are known."""

    lead: Sequence[int]
    joint: Sequence[int]
    supervised: Sequence[int]
    above: int | None


def _write(deed: Deed, organisation: int, change: Change, named: _Named) -> Task:
    values, joint, supervised, above = change.values, named.joint, named.supervised, named.above
    lead = next(iter(named.lead), None)
    told: dict[str, Any] = {"lead": lead, "title": str(values["title"]), "what": str(values["what"] or "")}
    if change.current is None:
        return give_task(
            by=deed,
            owner=organisation,
            due_on=values["due_on"],  # type: ignore[arg-type]
            period=str(values["period"] or ""),
            article=values["article"],  # type: ignore[arg-type]
            parent=above,
            matter=MARK + str(values["code"]),
            joint=joint,
            supervised=supervised,
            **told,
        )
    record: Task = change.current.record
    if above is None and record.parent is not None and not _code(record.parent):
        above = record.parent_id  # a task above that no table knows stays
    _refuse_doubled(lead, joint, supervised)
    standing = list(record.parts.filter(left_on=None))
    kept = [one for one in standing if one.office_id in (supervised if _is_supervised(one) else joint)]
    for one in standing:
        if one not in kept:
            leave(by=deed, part=one.pk, version=one.version)
    reason = _reason(deed, change)
    made = change_task(
        by=deed, reason=reason, task=record.pk, version=record.version, due_on=values["due_on"], parent=above, **told
    )
    there = {one.office_id for one in kept}
    for part, bodies_of_it in ((Part.JOINT, joint), (Part.SUPERVISED, supervised)):
        for pk in bodies_of_it:
            if pk not in there:
                join_in(by=deed, task=record.pk, organisation=pk, part=part)
    return made


class _Bodies:
    """Organisations by their codes, and what is wrong with these."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def of(self, codes: Sequence[str], column: str) -> list[int]:
        """Return public bodies by their codes, noting those nobody has."""
        rows = Organisation.objects.filter(code__in=codes, is_public=True, closed_on=None)
        known = dict(rows.values_list("code", "pk"))
        for code in codes:
            if code not in known:
                self.faults.append(Fault("import.unknown_organisation", {"value": code}, Place(field=column)))
        return [known[code] for code in codes if code in known]

    def check(self) -> None:
        """Raise everything that is wrong."""
        if self.faults:
            raise BridgeheadError.of(self.faults)


def _parent(organisation: int, values: Values, faults: list[Fault]) -> int | None:
    """Return the task above, noting the fault where there is none of the code."""
    code = str(values["parent"] or "")
    if not code:
        return None
    found = Task.objects.filter(owner=organisation, matter=MARK + code).values_list("pk", flat=True).first()
    if found is None:
        faults.append(Fault("import.unknown_parent", {"value": code}, Place(field="parent")))
    return found


def _refuse_doubled(lead: int | None, joint: Sequence[int], supervised: Sequence[int]) -> None:
    """Refuse a body that would have two parts in a task.

    Raises
    ------
    BridgeheadError
        ``ledger.part_doubled``.
    """
    seen: set[int | None] = {lead}
    for column, bodies in (("joint", joint), ("supervised", supervised)):
        for pk in bodies:
            if pk in seen:
                name = Organisation.objects.get(pk=pk).name(language())
                raise BridgeheadError("ledger.part_doubled", {"body": name}, Place(field=column))
            seen.add(pk)


def _reason(deed: Deed, change: Change) -> str:
    """Return why a due day or a lead is another one, with what the person who imports said."""
    said = _("由表格导入（%(file)s）") % {"file": change.source or "—"}
    return f"{said} {deed.reason}".strip()


def _is_supervised(part: Any) -> bool:
    return bool(part.part == Part.SUPERVISED)


def _code(task: Task | None) -> str:
    """Return the code a task has in its table, empty for one that came otherwise."""
    return task.matter.removeprefix(MARK) if task is not None and task.matter.startswith(MARK) else ""


def _codes(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple) else ()


def _listed(codes: Iterable[str]) -> tuple[str, ...] | None:
    """Return codes in order, None for none, as a cell says it."""
    return tuple(sorted(codes)) or None


TASKS = Importer(
    kind="ledger_tasks",
    schema=read_schema(SCHEMA),
    permission=KEEP,
    current=current_tasks,
    apply=apply_task,
    tidy=tidy_task,
    fixed=frozenset(("period", "article")),
    together=True,
)
