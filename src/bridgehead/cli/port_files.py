"""Port models a command names: a port of the region that has one, or a file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    from bridgehead.engines.simulation.model import Model
    from bridgehead.jobs.store import Store

_ENDINGS = (".yaml", ".yml", ".json")
LARGEST_MB = 20


@dataclass(frozen=True)
class Named:
    """A port model with its warnings.

    Parameters
    ----------
    name : str
        The port, or the name of the file.
    model : Model
        What it says.
    warnings : tuple of Fault
        What somebody should know before believing the results.
    text : str
        The description itself.
    shipped : Model
        The model before any parameter was changed; its figures decide what may be advised.
    """

    name: str
    model: Model
    warnings: tuple[Fault, ...]
    text: str
    shipped: Model

    @property
    def illustrative(self) -> bool:
        """Whether so little is reported that the model only shows how such a port works."""
        from bridgehead.engines.simulation.staffing.evidence import is_illustrative

        return is_illustrative(self.shipped)


def model_named(named: str, region: Path | None, changed: Sequence[str] = ()) -> Named:
    """Return the model of a port of the region, or of a file if the name ends like one.

    Parameters
    ----------
    named : str
        Id of a port, or path of a YAML or JSON file; of a file of cases with ``#`` and the id of one behind it.
    region : Path, optional
        Folder of the region.
    changed : sequence of str
        Parameters of the model and their other values, each NAME=VALUE.

    Raises
    ------
    BridgeheadError
        Every fault of the model, or of what is changed, ``model.unreadable_change`` included; ``region.no_port_model``
        with the ports that have one; ``model.unreadable_file``.
    """
    from bridgehead.engines.simulation.reading import read_and_warn, read_description

    place, case = _file_and_case(named)
    text, name = _text(place, region)
    tables = _beside(Path(place)) if place.endswith(_ENDINGS) else None
    shipped, warnings = read_and_warn(text, name=name, tables=tables, case=case)
    model = shipped
    if changed:
        described, faults = _with_changes(read_description(text, name=name, case=case), changed, name)
        try:
            model, warnings = read_and_warn(described, name=name, tables=tables)
        except BridgeheadError as error:
            faults += error.faults
        if faults:
            raise BridgeheadError.of(faults)
    return Named(named, model, warnings, text, shipped)


def _file_and_case(named: str) -> tuple[str, str | None]:
    """Return what is named, and which case of it where ``FILE#ID`` says one."""
    file, sign, case = named.rpartition("#")
    return (file, case) if sign and file.endswith(_ENDINGS) and not Path(named).exists() else (named, None)


def _text(named: str, region: Path | None) -> tuple[str, str]:
    from bridgehead.regions.load import load_region
    from bridgehead.regions.port_models import port_model_text

    if named.endswith(_ENDINGS):
        return read_text(Path(named)), Path(named).name
    return port_model_text(load_region(region), named), f"port_models/{named}.yaml"


def _beside(file: Path) -> Callable[[str], str]:
    """Return what reads a table that lies in the folder of a model."""

    def read(name: str) -> str:
        if Path(name).name != name:
            raise BridgeheadError("model.unreadable_file", {"file": name, "reason": f"{name} ≠ {Path(name).name}"})
        return read_text(file.parent / name)

    return read


def read_text(file: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    BridgeheadError
        ``model.unreadable_file`` where it is not there, too large, or not UTF-8.
    """
    try:
        if file.stat().st_size > LARGEST_MB * 1_000_000:
            raise OSError(f"> {LARGEST_MB} MB")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        told = {"file": str(file), "reason": getattr(reason, "strerror", None) or str(reason)}
        raise BridgeheadError("model.unreadable_file", told, Place(file.name)) from reason


def require_room_for(file: Path, field: str) -> None:
    """Refuse a place where no file can be written, before anything is run.

    Raises
    ------
    BridgeheadError
        ``model.unwritable_file``.
    """
    if file.is_dir() or not file.parent.is_dir():
        reason = os.strerror(errno.EISDIR if file.is_dir() else errno.ENOENT)
        raise BridgeheadError("model.unwritable_file", {"file": str(file), "reason": reason}, Place(field=field))


def write_whole(file: Path, field: str, write: Callable[[Path], object]) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    BridgeheadError
        ``model.unwritable_file``.
    """
    require_room_for(file, field)
    part = file.with_name(f".{file.name}.part")
    try:
        write(part)
        part.replace(file)
    except OSError as reason:
        part.unlink(missing_ok=True)
        told = {"file": str(file), "reason": reason.strerror or str(reason)}
        raise BridgeheadError("model.unwritable_file", told, Place(field=field)) from reason


def results_store(data: Path | None) -> Store | None:
    """Return where results are kept: in the folder that was named, or in ``data`` if it is there; else nowhere."""
    from bridgehead.jobs.store import Store

    named = data or os.environ.get("BRIDGEHEAD_DATA")
    folder = Path(named or "data")
    return Store(folder / "results") if named or folder.is_dir() else None


def _with_changes(described: dict[str, Any], changed: Sequence[str], name: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return a description with those changes that can be read, and what is wrong with the others."""
    from bridgehead.engines.simulation.reading import with_figures

    faults: list[Fault] = []
    for one in changed:
        parameter, sign, value = (part.strip() for part in one.partition("="))
        if not sign or not parameter or not value:
            faults.append(Fault("model.unreadable_change", {"given": one}, Place(field="set")))
            continue
        try:
            described = with_figures(described, {parameter: _number(value)}, name=name)
        except BridgeheadError as error:
            faults += error.faults
    return described, faults


def _number(text: str) -> float | str:
    """Return the number a text is, a whole one where it can be, or the text, which may be a time such as ``2 h``."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value
