"""Reads a port model: YAML, JSON or a mapping in, the frozen model out, or every fault at once with its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridgehead.engines.simulation.assembling import assemble
from bridgehead.engines.simulation.case_models import in_native_form
from bridgehead.engines.simulation.charges import read_charges
from bridgehead.engines.simulation.checking import check, warn
from bridgehead.engines.simulation.documents import read_document
from bridgehead.engines.simulation.growing_queues import load_warnings
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.noting import Notes
from bridgehead.engines.simulation.parameters import filled_in, with_figures
from bridgehead.engines.simulation.rate_tables import Tables, put_in
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

__all__ = ["read_and_warn", "read_description", "read_model", "warnings_of", "with_figures"]

Source = str | bytes | Mapping[str, Any]


def read_model(source: Source, *, name: str = "model", tables: Tables | None = None, case: str | None = None) -> Model:
    """Return the model a description is of.

    Parameters
    ----------
    source : str, bytes or mapping
        The description in the native form or the case format: YAML or JSON text, or what was read of one. A case brings
        its run with it.
    name : str
        Name of the file, for the places of faults; ``.json`` at its end says that it is nothing else.
    tables : callable, optional
        Gives the text of a table of rates by its name.
    case : str, optional
        Which case, of a file with several.

    Raises
    ------
    BridgeheadError
        With every fault, codes ``model.*``; `place.field` is the path, such as ``stations.gate.service``.
    """
    return read_and_warn(source, name=name, tables=tables, case=case)[0]


def read_and_warn(
    source: Source, *, name: str = "model", tables: Tables | None = None, case: str | None = None
) -> tuple[Model, tuple[Fault, ...]]:
    """Return the model and what is odd about it, unused parameters and loads above one included; see `read_model`."""
    raw, notes = in_native_form(*read_document(source, name), case)
    model = model_of(put_in(raw, tables, notes), notes)
    notes.raise_errors()
    caution(model, notes)
    return model, notes.warnings


def caution(model: Model, notes: Notes) -> None:
    """Note what is odd about a model that can be run: pools never returned, loads above one."""
    warn(model, notes)
    for one in load_warnings(model):
        section, _, name = str(one.place.field).partition(".")
        notes.caution((section, name), one.code, **one.parameters)


def read_description(source: Source, *, name: str = "model", case: str | None = None) -> dict[str, Any]:
    """Return a description in the native form as plain values, for forms and variants; only its form is checked."""
    raw, notes = in_native_form(*read_document(source, name), case)
    if not isinstance(raw, dict):
        raise BridgeheadError("model.no_description", {}, Place(name))
    notes.raise_errors()
    return raw


def model_of(raw: object, notes: Notes) -> Model:
    """Return the model of plain values, with everything that is wrong noted; it is of use only without errors."""
    if not isinstance(raw, dict):
        notes.note((), "model.no_description")
        return Model((), (), ())
    filled, figures = filled_in(raw, notes)
    assembly = assemble(filled, figures, notes)
    charges = read_charges(raw, filled if isinstance(filled, dict) else {}, figures, notes)
    assembly.model = replace(assembly.model, charges=charges)
    check(assembly, notes)
    return assembly.model


def warnings_of(model: Model) -> tuple[Fault, ...]:
    """Return what is odd about a model that can be run: pools never returned, loads above one."""
    notes = Notes("")
    caution(model, notes)
    return tuple(Fault(one.code, one.parameters, Place(field=one.place.field), one.severity) for one in notes.faults)
