"""Runs of port models: the one of the model as it comes with the region, and those that officers saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.kept import recent
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.jobs.answers import stored_answer
from bridgehead.jobs.port_reports import Question, description_of
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors.port_models import Known, known

BASE = "base"
"""Id of the run of a model as it comes with the region, on its own figures."""
SEED = 1
LISTED = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A run with the model it is made of; ``record`` is the saved one, None for that of the region."""

    id: str
    port: str
    title: str
    known: Known
    question: Question
    changed: Mapping[str, Any]
    record: PortRun | None = None
    by: str = ""
    owner: str = ""
    at: datetime | None = None


def base_question(one: Known) -> Question:
    """Return how the model of a port is run where nobody says otherwise."""
    run = one.model.run
    return Question(one.description, run.replications, SEED, run.horizon_min, run.warmup_min)


def question_of(record: PortRun) -> Question:
    """Return what a saved run asks."""
    warmup = None if record.warmup_d is None else record.warmup_d * MINUTES_A_DAY
    description = description_of(record.description)
    return Question(description, record.replications, record.seed, record.horizon_d * MINUTES_A_DAY, warmup)


def seen(loaded: Loaded, viewer: Viewer, port: str, id_: str) -> Seen:
    """Return a run of a port's model by the number it was saved under, or ``base`` for that of the region.

    Raises
    ------
    BridgeheadError
        ``port_run.unknown_run`` for one that is not there or may not be seen; what `known` raises.
    """
    one = known(loaded, port)
    if id_ == BASE:
        return Seen(BASE, port, _("现状"), one, base_question(one), {})
    record = None
    if id_.isascii() and id_.isdigit() and len(id_) < 19:
        record = visible(PortRun, viewer).select_related("owner").filter(pk=int(id_), port=port).first()
    if record is None:
        raise BridgeheadError("port_run.unknown_run", {"run": id_}, Place(field="run"))
    return _saved(one, record)


def saved(loaded: Loaded, viewer: Viewer, port: str) -> list[Seen]:
    """Return the saved runs of a port somebody may see, newest first; none that was withdrawn."""
    one = known(loaded, port)
    rows = visible(PortRun, viewer).select_related("owner").filter(port=port, withdrawn_at=None)[:LISTED]
    return [_saved(one, row) for row in rows]


def apart(runs: Sequence[Seen]) -> list[str]:
    """Return the titles of runs; where several have the same, those that were saved with their numbers."""
    times = Counter(one.title for one in runs)
    return [
        _("%(title)s（编号 %(n)s）") % {"title": one.title, "n": one.id}
        if times[one.title] > 1 and one.record
        else one.title
        for one in runs
    ]


def _saved(one: Known, record: PortRun) -> Seen:
    return Seen(
        id=str(record.pk),
        port=record.port,
        title=record.title,
        known=one,
        question=question_of(record),
        changed=record.changed,
        record=record,
        by=record.saved_by_name,
        owner=record.owner.name(language()),
        at=record.saved_at,
    )


def model_of(loaded: Loaded, run: Seen) -> Model:
    """Return the model a run is made of."""
    if run.record is None:
        return run.known.model
    key = run.question.key
    found: Model = recent(loaded, "port model", key, lambda: read_model(run.question.description))
    return found


class _NotThereError(Exception):
    """An answer is not in the store."""


def report(loaded: Loaded, run: Seen) -> Mapping[str, Any] | None:
    """Return the report of a run, None as long as it is not computed."""
    return answer(loaded, "port report", run.question.key)


def answer(loaded: Loaded, name: str, key: str) -> Mapping[str, Any] | None:
    """Return the answer in the store, kept among the most recent of its name; None as long as it is not there."""

    def read() -> Mapping[str, Any]:
        found = stored_answer(key, loaded.store)
        if found is None:
            raise _NotThereError
        return found

    try:
        return recent(loaded, name, key, read)
    except _NotThereError:
        return None


def computed(found: Mapping[str, Any] | None, what: str) -> Mapping[str, Any]:
    """Return an answer that is there.

    Raises
    ------
    BridgeheadError
        ``port_run.not_computed`` with what it is the answer to, as long as it is not there.
    """
    if found is None:
        raise BridgeheadError("port_run.not_computed", {"run": what})
    return found
