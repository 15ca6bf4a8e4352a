"""OMX: matrices between zones in HDF5, with the labels of the zones as lookups.

Source: Open Matrix, version 0.2 (github.com/osPlanning/omx): group ``data`` with one array a matrix, group ``lookup``
with one vector a set of labels, attributes ``OMX_VERSION`` and ``SHAPE``. Needs h5py, the extra ``omx``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats.columns import Faults
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

VERSION = b"0.2"
DATA, LOOKUP = "data", "lookup"
ZONES = "zone"
"""Name of the lookup `of_trips` writes."""
TRIPS = "trips"
"""Name of the matrix of trips that have none."""
LARGEST_SIDE = 20_000
"""Zones; such a matrix takes 3.2 GB."""
MOST_NAMED = 20
"""Zones named in a sentence."""
LARGEST_LABEL = 2**32


@dataclass(frozen=True)
class OmxMatrices:
    """Square matrices of one size by name, with the labels of their zones: `lookups[name][i]` is that of row i."""

    matrices: Mapping[str, npt.NDArray[Any]]
    lookups: Mapping[str, tuple[str, ...]]

    def trips(self, name: str, zones: Sequence[str], *, lookup: str | None = None, file: str = "matrices.omx") -> Trips:
        """Return a matrix as trips between the zones of a network.

        Parameters
        ----------
        name : str
            The matrix.
        zones : sequence of str
            Labels of the zones of the network, in the order of its zones.
        lookup : str, optional
            The labels to go by; may be left out where there are not several. Where there are none, zones stand in
            the order of the network.
        file : str
            How faults call it.

        Raises
        ------
        BridgeheadError
            With every fault: no such matrix or lookup, zones that the network has and the matrix has not and the
            other way round, cells that are not finite or negative.
        """
        faults = Faults(file)
        matrix = self.matrices.get(name)
        if matrix is None:
            faults.note("omx.unknown_name", None, name, name=name, known=list(self.matrices))
            matrix = np.zeros((len(zones), len(zones)))
        order = self._order(len(matrix), zones, lookup, faults)
        wrong = ~np.isfinite(matrix) | (matrix < 0)
        for i, j in zip(*(axis.tolist() for axis in np.nonzero(wrong)), strict=True):
            code = "network_file.too_small" if np.isfinite(matrix[i, j]) else "network_file.not_finite"
            faults.note(code, i + 1, name, value=f"{matrix[i, j]} [{i + 1}, {j + 1}]", least=0)
        faults.stop()
        return Trips.of_matrix(matrix[np.ix_(order, order)], "" if name == TRIPS else name)

    def _order(self, size: int, zones: Sequence[str], lookup: str | None, faults: Faults) -> list[int]:
        if lookup is None and len(self.lookups) > 1:
            faults.note("omx.several_lookups", known=list(self.lookups))
            return []
        if lookup is None and not self.lookups:
            if size != len(zones):
                faults.note("omx.wrong_size", size=size, zones=len(zones))
            return list(range(len(zones)))
        chosen = next(iter(self.lookups)) if lookup is None else lookup
        if chosen not in self.lookups:
            faults.note("omx.unknown_name", None, chosen, name=chosen, known=list(self.lookups))
            return []
        place: dict[str, int] = {}
        for i, label in enumerate(self.lookups[chosen]):
            if place.setdefault(label, i) != i:
                faults.note("network_file.repeated", i + 1, chosen, value=label, first=place[label] + 1)
        wanted = set(zones)
        missing, foreign = [z for z in zones if z not in place], [label for label in place if label not in wanted]
        if missing or foreign:
            named = {"missing": missing[:MOST_NAMED] or "-", "foreign": foreign[:MOST_NAMED] or "-"}
            faults.note(
                "omx.zones_differ", None, chosen, missing_count=len(missing), foreign_count=len(foreign), **named
            )
        return [place.get(zone, 0) for zone in zones]


def of_trips(several: Sequence[Trips], zones: Sequence[str]) -> OmxMatrices:
    """Return trips as matrices with the labels of the zones; rows of one pair add up.

    Raises
    ------
    BridgeheadError
        If two of them have the same name.
    """
    matrices: dict[str, npt.NDArray[Any]] = {}
    for i, trips in enumerate(several):
        name = trips.name or TRIPS
        if name in matrices:
            parameters = {"value": name, "first": list(matrices).index(name) + 1}
            raise BridgeheadError("network_file.repeated", parameters, Place(row=i + 1))
        matrices[name] = trips.matrix(len(zones))
    return OmxMatrices(MappingProxyType(matrices), MappingProxyType({ZONES: tuple(zones)}))


def _h5py() -> Any:
    try:
        import h5py
    except ImportError:
        raise BridgeheadError("omx.needs_h5py") from None
    return h5py


def read_matrices(data: bytes, file: str = "matrices.omx") -> OmxMatrices:
    """Read the matrices of a file with their lookups.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        How faults call it.

    Raises
    ------
    BridgeheadError
        If h5py is not installed, or with every fault: not HDF5, no group of matrices, matrices that are no numbers,
        not square, not of one size or too large, lookups of another length, data that lie in other files.
    """
    h5py = _h5py()
    faults = Faults(file)
    try:
        with h5py.File(io.BytesIO(data), "r") as stream:
            found = _content(h5py, stream, faults)
    except _DAMAGE:
        raise BridgeheadError("omx.unreadable", {}, Place(file)) from None
    faults.stop()
    return found


# HDF5 finds damage wherever it happens to look, and h5py says so in many ways.
_DAMAGE = (OSError, KeyError, ValueError, TypeError, RuntimeError, OverflowError, MemoryError)


def _content(h5py: Any, stream: Any, faults: Faults) -> OmxMatrices:
    matrices: dict[str, npt.NDArray[Any]] = {}
    for name, found in _datasets(h5py, stream, DATA, faults):
        if found.ndim != 2 or found.shape[0] != found.shape[1] or found.dtype.kind not in "iuf":
            faults.note("omx.bad_matrix", None, name, shape=list(found.shape), type=str(found.dtype))
        elif found.shape[0] > LARGEST_SIDE:
            faults.note("omx.too_large", None, name, size=found.shape[0], limit=LARGEST_SIDE)
        else:
            matrices[name] = found[()]
    if DATA not in stream or not (matrices or faults.found):
        faults.note("omx.no_matrices")
    sizes = sorted({len(matrix) for matrix in matrices.values()})
    if len(sizes) > 1:
        faults.note("omx.several_sizes", sizes=sizes)
    lookups: dict[str, tuple[str, ...]] = {}
    for name, found in _datasets(h5py, stream, LOOKUP, faults):
        if found.ndim != 1 or (sizes and len(found) not in sizes) or len(found) > LARGEST_SIDE:
            faults.note("omx.bad_lookup", None, name, shape=list(found.shape), size=sizes[0] if sizes else 0)
        else:
            lookups[name] = tuple(map(_label, found[()].tolist()))
    return OmxMatrices(MappingProxyType(matrices), MappingProxyType(lookups))


def _datasets(h5py: Any, stream: Any, group: str, faults: Faults) -> Iterator[tuple[str, Any]]:
    # HDF5 may point at other files of the machine; what it points at is nobody's matrix.
    link = stream.get(group, getlink=True)
    if not isinstance(link, h5py.HardLink) or not isinstance(stream[group], h5py.Group):
        return
    for name in stream[group]:
        found = stream[group][name] if isinstance(stream[group].get(name, getlink=True), h5py.HardLink) else None
        if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual:
            faults.note("omx.elsewhere", None, name)
        else:
            yield name, found


def _label(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_matrices(given: OmxMatrices) -> bytes:
    """Return the file; reading it gives the same numbers to the bit and the same labels.

    Raises
    ------
    BridgeheadError
        If h5py is not installed, or with every name HDF5 takes for a path or for nothing.
    """
    h5py = _h5py()
    names = [*given.matrices, *given.lookups]
    if bad := [name for name in names if not set(name) - {"."} or set(name) & {"/", "\0"}]:
        raise BridgeheadError.of(
            Fault("network_file.not_writable", {"value": name}, Place(column=name)) for name in bad
        )
    stream = io.BytesIO()
    with h5py.File(stream, "w") as out:
        out.attrs["OMX_VERSION"] = np.bytes_(VERSION)
        size = max([len(matrix) for matrix in given.matrices.values()], default=0)
        out.attrs["SHAPE"] = np.array([size, size], dtype=np.int32)
        data, lookup = out.create_group(DATA, track_order=True), out.create_group(LOOKUP, track_order=True)
        # The specification asks for chunks and zlib at level 1; an array without cells cannot have them.
        packed = {"chunks": True, "compression": "gzip", "compression_opts": 1, "shuffle": True} if size else {}
        for name, matrix in given.matrices.items():
            data.create_dataset(name, data=matrix, **packed)
        for name, labels in given.lookups.items():
            lookup.create_dataset(name, data=_labels(labels))
    return stream.getvalue()


def _labels(labels: Sequence[str]) -> npt.NDArray[Any]:
    if all(label.isascii() and label.isdigit() and str(int(label)) == label for label in labels) and all(
        int(label) < LARGEST_LABEL for label in labels
    ):
        return np.array([int(label) for label in labels], dtype=np.uint32)
    texts = [label.encode() for label in labels]
    return np.array(texts, dtype=f"S{max(map(len, texts), default=1) or 1}")
