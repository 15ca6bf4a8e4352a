"""A port model out of an event log: every part read from the log, and what was found with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.assembling import LONGEST_NAME, RESERVED
from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.event_log import EventLog
from bridgehead.engines.simulation.calibration.evidence import Evidence, gather
from bridgehead.engines.simulation.calibration.findings import all_estimates, all_findings
from bridgehead.engines.simulation.calibration.parameters import parameters_of, with_references
from bridgehead.engines.simulation.calibration.port_models import assemble
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.quantities import quoted
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import BridgeheadError, Fault, Place


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """A port model read from an event log.

    Parameters
    ----------
    model : Model
        Ready to be simulated.
    estimates : tuple of Estimate
        Every figure with its interval, number of observations and test.
    findings : tuple of Fault
        What a reader must know: what was undecided, fits badly or rests on little, and who is served first.
    evidence : Evidence
        What all that was read from.
    """

    model: Model
    estimates: tuple[Estimate, ...]
    findings: tuple[Fault, ...]
    evidence: Evidence


def as_description(found: Calibration) -> dict[str, Any]:
    """Return the model of a calibration as a description, made of JSON types, that can be read, edited and run.

    Its figures are parameters that stand where they count, so that another value of one changes what is simulated.
    """
    made = parameters_of(found.model, found.estimates, found.evidence.log.file)
    return with_references(as_mapping(found.model), made)


def calibrate(log: EventLog, *, booked: frozenset[str] = frozenset(), port: str = "") -> Calibration:
    """Read a port model from an event log.

    Parameters
    ----------
    log : EventLog
        The log, checked.
    booked : frozenset of str
        Classes that come by appointment; nothing in a log of services tells them from others.
    port : str
        Id of the port, for the model.

    Returns
    -------
    Calibration
        The model with its evidence. The same log gives the same result.

    Raises
    ------
    BridgeheadError
        ``model.bad_name`` for every activity and class that cannot be a name in a model; ``simulation.unknown_class``
        for those of `booked` that are not in the log.
    """
    faults = [*_bad_names(log), *_unknown(log, booked)]
    if faults:
        raise BridgeheadError.of(faults)
    evidence = gather(log, booked)
    estimates = all_estimates(evidence)
    return Calibration(assemble(evidence, estimates, port), estimates, all_findings(evidence), evidence)


def _bad_names(log: EventLog) -> Iterator[Fault]:
    for column, names in (("activity", log.activities), ("class", log.classes)):
        for name in names:
            if name in RESERVED or len(name) > LONGEST_NAME:
                told = {"name": quoted(name), "most": LONGEST_NAME}
                yield Fault("model.bad_name", told, Place(log.file, field=column))


def _unknown(log: EventLog, booked: frozenset[str]) -> Iterator[Fault]:
    for name in sorted(booked - set(log.classes)):
        told = {"class": quoted(name), "known": list(log.classes)}
        yield Fault("simulation.unknown_class", told, Place(log.file, field="booked"))
