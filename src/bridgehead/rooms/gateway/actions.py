"""Actions of the gateway: saving scenarios and runs of port models, and letting the models work beside the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bridgehead.engines.network.applied import Scenario as EngineScenario
from bridgehead.engines.network.edits import as_plain
from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation, Task
from bridgehead.ground.region import current
from bridgehead.jobs.port_reports import description_text
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.gateway.models import PortRun, Scenario

SAVE = "scenario.save"
RUN = "scenario.run"
VALIDATE = "validation.run"
SIMULATE = "port_run.run"
AGREE = "port_agreement.run"
LANES = "port_lanes.run"
STAFF = "port_staffing.run"
LONGEST_TITLE = 120
LONGEST_REASON = 500


def field_of(edit: int | None, field: str | None) -> str:
    """Return what a form calls a field of an edit, counted from 1; of the scenario itself where there is no edit."""
    return (field or "edits") if edit is None else f"edit-{edit}-{field}"


@action("scenario.save", permission=SAVE)
def save_scenario(
    deed: Deed,
    *,
    organisation: int,
    title: str,
    plain: Mapping[str, object],
    supersedes: int | None = None,
    version: int | None = None,
) -> Scenario:
    """Save a scenario; the reason of the deed is why it is looked at.

    Parameters
    ----------
    deed : Deed
        Who saves it.
    organisation : int
        For which organisation.
    title : str
        What it is called.
    plain : mapping
        ``year`` and ``edits`` as `bridgehead.engines.network.scenario_reading` reads them.
    supersedes : int, optional
        The scenario in whose place it stands; ``version`` is the one it was seen in.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``scenario.text_too_long``, every fault of the edits with the field of the form it lies in,
        ``scenario.superseded``, ``scenario.withdrawn``, ``action.changed_meanwhile``, ``action.no_such_record``.

    Articles: 8, 12, 17, 19
    """
    deed.require_in(organisation)
    title, reason = title.strip(), deed.reason.strip()
    for field, given, most in (("title", title, LONGEST_TITLE), ("reason", reason, LONGEST_REASON)):
        if not given:
            deed.refuse("form.missing", None, field)
        elif len(given) > most:
            deed.refuse("scenario.text_too_long", {"most": most}, field)
    before = None if supersedes is None else _superseded(deed, supersedes, version)
    scenario = _read(deed, plain)
    deed.check()
    assert scenario is not None
    return deed.create(
        Scenario(
            owner=deed.lock(Organisation, organisation),
            title=title,
            reason=reason,
            base_year=scenario.year,
            edits=[as_plain(one) for one in scenario.edits],
            base_hash=scenario.base,
            content_hash=scenario.content_hash,
            saved_by=deed.by.person_id,
            saved_by_name=deed.by.name,
            saved_at=deed.at,
            supersedes=before,
        )
    )


@action("scenario.withdraw", permission=SAVE)
def withdraw_scenario(deed: Deed, *, scenario: int, version: int) -> Scenario:
    """Withdraw a scenario; it stays on record and leaves the lists.

    Raises
    ------
    BridgeheadError
        ``scenario.withdrawn`` if it was before, ``action.changed_meanwhile``, ``action.no_such_record``.
    """
    return deed.change(_standing(deed, scenario, version), withdrawn_at=deed.at)


def _read(deed: Deed, plain: Mapping[str, object]) -> EngineScenario | None:
    try:
        return scenario_from_plain(plain, current().components)
    except BridgeheadError as error:
        for fault in error.faults:
            deed.refuse(fault.code, fault.parameters, field_of(fault.place.row, fault.place.field))
    return None


def _superseded(deed: Deed, scenario: int, version: int | None) -> Scenario:
    record = _standing(deed, scenario, version)
    if Scenario.objects.filter(supersedes=record).exists():
        raise BridgeheadError("scenario.superseded", {"title": record.title})
    return record


def _standing(deed: Deed, scenario: int, version: int | None) -> Scenario:
    """Return a scenario, locked, that the actor's organisation may change and that was not withdrawn."""
    record = deed.lock(Scenario, scenario, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("scenario.withdrawn", {"title": record.title})
    return record


@action("scenario.run")
def run_scenarios(deed: Deed, *, ids: Sequence[str], plain: Sequence[Mapping[str, object]], key: str) -> Task:
    """Have scenarios and their bases run beside the pages, by anybody who may see them; the same work waits once only.

    Parameters
    ----------
    deed : Deed
        Who asks.
    ids : sequence of str
        What the scenarios are called, for the journal.
    plain : sequence of mapping
        Their year and edits.
    key : str
        Names the work: the same key again asks for nothing new until it has ended.
    """
    task, new = _asked(deed, RUN, key, {"scenarios": [dict(one) for one in plain]})
    if new:
        deed.note("scenario_run", task.pk, told={"scenario_id": ", ".join(ids)})
    return task


@action("validation.run")
def run_validation(deed: Deed, *, key: str) -> Task:
    """Have the model calibrated and held against reports beside the pages, by anybody; ``key`` as for scenarios."""
    task, new = _asked(deed, VALIDATE, key, {})
    if new:
        deed.note("validation_run", task.pk)
    return task


@action("port_run.save", permission=SAVE)
def save_port_run(
    deed: Deed,
    *,
    organisation: int,
    port: str,
    title: str,
    changed: Mapping[str, object],
    description: Mapping[str, object],
    run: Mapping[str, object],
) -> PortRun:
    """Save a variant of a port's model with how it is run.

    Parameters
    ----------
    deed : Deed
        Who saves it.
    organisation : int
        For which organisation.
    port, title : str
        Whose model, and what the run is called.
    changed : mapping
        Figures that differ from those of the region, by name.
    description : mapping
        The whole model with them, as plain values.
    run : mapping
        ``replications``, ``seed``, ``horizon_d`` and ``warmup_d``.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``scenario.text_too_long``, and what could not be read of the form.

    Articles: 9, 10, 11, 12, 13, 17, 25, 49
    """
    deed.require_in(organisation)
    title = title.strip()
    if not title:
        deed.refuse("form.missing", None, "title")
    elif len(title) > LONGEST_TITLE:
        deed.refuse("scenario.text_too_long", {"most": LONGEST_TITLE}, "title")
    deed.check()
    return deed.create(
        PortRun(
            owner=deed.lock(Organisation, organisation),
            port=port,
            title=title,
            changed=dict(changed),
            description=description_text(description),
            **run,
            saved_by=deed.by.person_id,
            saved_by_name=deed.by.name,
            saved_at=deed.at,
        )
    )


@action("port_run.run", permission=SAVE)
def run_port_model(deed: Deed, *, port: str, key: str, question: Mapping[str, object]) -> Task:
    """Have a port's model run beside the pages; ``key`` as for scenarios, ``question`` says what is run and how."""
    return _port_task(deed, SIMULATE, port, key, question)


@action("port_run.withdraw", permission=SAVE)
def withdraw_port_run(deed: Deed, *, run: int, version: int) -> PortRun:
    """Withdraw a saved run; it stays on record and leaves the lists.

    Raises
    ------
    BridgeheadError
        ``port_run.withdrawn`` if it was before, ``action.changed_meanwhile``, ``action.no_such_record``,
        ``action.not_allowed`` for the run of another organisation.
    """
    record = deed.lock(PortRun, run, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("port_run.withdrawn", {"title": record.title})
    return deed.change(record, withdrawn_at=deed.at)


@action("port_lanes.run", permission=SAVE)
def run_port_lanes(deed: Deed, *, port: str, key: str, question: Mapping[str, object]) -> Task:
    """Have the stay computed for several numbers of lanes beside the pages; ``key``, ``question`` as for a run.

    Articles: 11, 12, 13, 17, 25
    """
    return _port_task(deed, LANES, port, key, question)


@action("port_staffing.run", permission=SAVE)
def run_port_staffing(deed: Deed, *, port: str, key: str, question: Mapping[str, object]) -> Task:
    """Have the fewest lanes that keep a promise searched for beside the pages; ``key``, ``question`` as for a run.

    Articles: 11, 12, 13, 17, 25
    """
    return _port_task(deed, STAFF, port, key, question)


def _port_task(deed: Deed, kind: str, port: str, key: str, question: Mapping[str, object]) -> Task:
    """Return the work on a port's model that was asked for, new or not; the journal tells new work."""
    task, new = _asked(deed, kind, key, {"port": port, **question})
    if new:
        deed.note("port_run_task", task.pk, told={"port_id": port})
    return task


@action("port_agreement.run", permission=SAVE)
def run_port_agreement(deed: Deed, *, port: str, key: str, question: Mapping[str, object]) -> Task:
    """Have the freight of the region and a port's model brought to agreement beside the pages; ``key`` as above."""
    task, new = _asked(deed, AGREE, key, question)
    if new:
        deed.note("port_agreement_task", task.pk, told={"port_id": port})
    return task


def _asked(deed: Deed, kind: str, key: str, arguments: Mapping[str, object]) -> tuple[Task, bool]:
    """Return the work that waits or runs under a key, or new work, and whether it is new."""
    with as_system("looking for work that is already there"):  # it may be somebody else's
        before = Task.objects.filter(kind=kind, key__startswith=f"{key}-")
        live = before.filter(state__in=(Task.State.WAITING, Task.State.RUNNING)).first()
        number = before.count()
    if live is not None:
        return live, False
    with as_system("asking for work in the name of whoever asked"):  # nobody in particular sees no task, not even this
        return deed.enqueue(kind, arguments, key=f"{key}-{number}"), True
