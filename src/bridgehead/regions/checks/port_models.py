"""Checks of the port models: every open land port has one, each can be read, and its figures name their sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import nearest
from bridgehead.regions.checks.common import finding, readable, sound, texts
from bridgehead.regions.folder import PORT_MODELS_FOLDER, Folder
from bridgehead.regions.port_models import CHECKS_TABLE, SOURCED, open_land_ports

if TYPE_CHECKING:
    from bridgehead.engines.simulation.model import Model


def open_land_ports_have_a_model(folder: Folder) -> Iterator[Fault]:
    """Check that a region with port models has one of every open land port."""
    if not folder.port_models or not readable(folder, "ports", "id", "mode", "status"):
        return
    table = folder.tables["ports"]
    for row in open_land_ports(row for row in table.rows if sound(row, "id", "mode", "status")):
        if not any(fault.place.file == _file(row.text("id")) for fault in folder.faults) and (
            row.text("id") not in folder.port_models
        ):
            yield finding(table, row, "id", "region.port_without_model", port=row.text("id"))


def models_are_of_ports(folder: Folder) -> Iterator[Fault]:
    """Check that every port model is named after a port."""
    if not readable(folder, "ports", "id"):
        return
    known = frozenset(row.text("id") for row in folder.tables["ports"].rows)
    for port in folder.port_models if known else ():
        if port not in known:
            near = nearest(port, known)
            told = {"port": port, "file": _file(port), **({"near": near} if near else {})}
            yield Fault("region.model_without_port", told, Place(_file(port)))


def models_can_be_read(folder: Folder) -> Iterator[Fault]:
    """Check that every port model can be read, is of the port its file names, and names sources that exist."""
    from bridgehead.engines.simulation.reading import read_and_warn

    sources = folder.tables["sources"].texts("source_key")
    for port, text in folder.port_models.items():
        try:
            model, warnings = read_and_warn(text, name=_file(port))
        except BridgeheadError as error:
            yield from error.faults
            continue
        yield from warnings
        if model.port != port:
            yield Fault(
                "region.model_of_other_port", {"port": port, "value": model.port}, Place(_file(port), field="port")
            )
        yield from _without_source(model, port, sources)


def _without_source(model: Model, port: str, sources: frozenset[str]) -> Iterator[Fault]:
    for figure in model.figures:
        if figure.standing in SOURCED and figure.source not in sources:
            near = nearest(figure.source, sources) if figure.source else ""
            told = {
                "name": figure.id,
                "standing": figure.standing,
                "value": figure.source,
                **({"near": near} if near else {}),
            }
            place = Place(_file(port), field=f"parameters.{figure.id}.source")
            yield Fault("region.model_unknown_source", told, place)


def checks_of_models_compare_something(folder: Folder) -> Iterator[Fault]:
    """Check that what a model has to reproduce names nodes and classes it has, and a range."""
    from bridgehead.engines.simulation.reading import read_model

    table = folder.tables[CHECKS_TABLE]
    models: dict[str, Model | None] = {}
    for row in table.rows:
        port, low, high = row.text("port_id"), row["low"], row["high"]
        if (low is None and high is None) or (isinstance(low, float) and isinstance(high, float) and low > high):
            yield finding(table, row, "low", "region.model_check_range", low=low, high=high)
        if port not in models:
            try:
                models[port] = read_model(folder.port_models.get(port, ""), name=_file(port))
            except BridgeheadError:  # told by `models_can_be_read`, or by the check of its name
                models[port] = None
        model = models[port]
        if model is None:
            continue
        for column, known in (
            ("nodes", [node.id for node in model.nodes]),
            ("classes", [one.id for one in model.classes]),
        ):
            for name in texts(row, column):
                if name not in known:
                    yield finding(table, row, column, "region.model_check_names", value=name, port=port, options=known)


def _file(port: str) -> str:
    return f"{PORT_MODELS_FOLDER}/{port}.yaml"
