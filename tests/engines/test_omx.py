"""OMX matrices: back to the bit, zones by their labels, files other programs write, and hostile ones."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats import omx
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.engines.directed_networks import AMOUNTS, LABELS, same

h5py = pytest.importorskip("h5py")

OPENMATRIX = os.environ.get("OPENMATRIX_PYTHON", sys.executable)
"""An interpreter with the package openmatrix, which reads and writes OMX its own way."""


def faults_of(call: Any, *more: Any, **named: Any) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        call(*more, **named)
    return [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]


def file_of(fill: Any) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as out:
        fill(out)
    return stream.getvalue()


@st.composite
def matrices(draw: st.DrawFn) -> omx.OmxMatrices:
    size = draw(st.integers(0, 4))
    cells = {
        "f8": st.floats(),
        "f4": st.floats(width=32),
        "i4": st.integers(-(2**31), 2**31 - 1),
    }
    found: dict[str, Any] = {}
    for name in draw(
        st.lists(LABELS.filter(lambda name: set(name) - {"."} and "/" not in name), min_size=1, max_size=3, unique=True)
    ):
        kind = draw(st.sampled_from(sorted(cells)))
        flat = draw(st.lists(cells[kind], min_size=size * size, max_size=size * size))
        found[name] = np.array(flat, dtype=kind).reshape(size, size)
    numbers = st.integers(0, 2**33).map(str)
    labels = draw(st.lists(draw(st.sampled_from([LABELS, numbers])), min_size=size, max_size=size, unique=True))
    return omx.OmxMatrices(found, {"zone": tuple(labels)} if size else {})


@settings(max_examples=20, deadline=None)
@given(matrices())
def test_matrices_come_back_to_the_bit(given_: omx.OmxMatrices) -> None:
    found = omx.read_matrices(omx.write_matrices(given_))
    assert list(found.matrices) == list(given_.matrices)
    assert dict(found.lookups) == dict(given_.lookups)
    for name, matrix in given_.matrices.items():
        assert found.matrices[name].dtype == matrix.dtype
        assert found.matrices[name].tobytes() == matrix.tobytes()


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_trips_come_back_to_the_bit_also_in_another_order_of_zones(data: st.DataObject) -> None:
    zones = data.draw(st.lists(LABELS, min_size=1, max_size=5, unique=True))
    cell = st.tuples(*[st.integers(0, len(zones) - 1)] * 2)
    cells = data.draw(st.dictionaries(cell, AMOUNTS.filter(bool)))
    pairs = sorted(cells)
    trips = Trips(
        np.array([i for i, _ in pairs], np.int32),
        np.array([j for _, j in pairs], np.int32),
        np.array([cells[pair] for pair in pairs], float),
        data.draw(st.sampled_from(["", "coal"])),
    )
    file = omx.read_matrices(omx.write_matrices(omx.of_trips([trips], zones)))
    name = trips.name or "trips"
    assert same(file.trips(name, zones), trips)
    other = data.draw(st.permutations(zones))
    moved = file.trips(name, other)
    assert {
        (other[i], other[j]): amount for i, j, amount in zip(moved.origin, moved.destination, moved.amount, strict=True)
    } == {(zones[i], zones[j]): amount for (i, j), amount in cells.items()}


def test_the_same_trips_give_the_same_bytes() -> None:
    trips = omx.of_trips([Trips.of_matrix(np.arange(9.0).reshape(3, 3))], ["1", "2", "3"])
    assert omx.write_matrices(trips) == omx.write_matrices(trips)


@pytest.mark.parametrize("name", ["a/b", "..", ""])
def test_a_name_that_would_be_a_path_is_not_written(name: str) -> None:
    matrices = omx.OmxMatrices({name: np.eye(2)}, {})
    with pytest.raises(BridgeheadError, match=r"network_file\.not_writable"):
        omx.write_matrices(matrices)


def test_zones_that_differ_are_named() -> None:
    file = omx.of_trips([Trips.of_matrix(np.ones((3, 3)))], ["1", "2", "7"])
    with pytest.raises(BridgeheadError) as caught:
        file.trips("trips", ["1", "2", "3", "4"])
    (fault,) = caught.value.faults
    assert fault.code == "omx.zones_differ"
    assert "3, 4" in sentence(fault, "en").message
    assert "7" in sentence(fault, "en").message
    bare = omx.OmxMatrices(file.matrices, {})
    assert faults_of(bare.trips, "trips", ["1", "2"]) == [("omx.wrong_size", None, None)]
    assert bare.trips("trips", ["a", "b", "c"]).total == 9.0


def test_names_that_are_not_there_and_labels_that_stand_twice_are_named() -> None:
    cells = np.array([[1.0, -1.0], [np.nan, 0.0]])
    file = omx.OmxMatrices({"m": cells}, {"a": ("1", "1"), "b": ("1", "2")})
    assert faults_of(file.trips, "n", ["1", "2"]) == [
        ("omx.unknown_name", None, "n"),
        ("omx.several_lookups", None, None),
    ]
    assert faults_of(file.trips, "m", ["1"], lookup="a") == [
        ("network_file.too_small", 1, "m"),
        ("network_file.repeated", 2, "a"),
        ("network_file.not_finite", 2, "m"),
    ]
    assert faults_of(file.trips, "m", ["1", "2"], lookup="c")[0] == ("omx.unknown_name", None, "c")
    twice = [Trips.of_matrix(np.ones((1, 1)))] * 2
    assert faults_of(omx.of_trips, twice, ["1"]) == [("network_file.repeated", 2, None)]


def test_what_is_no_matrix_file_is_refused(tmp_path: Path) -> None:
    assert faults_of(omx.read_matrices, b"") == [("omx.unreadable", None, None)]
    assert faults_of(omx.read_matrices, b"no hdf5 at all") == [("omx.unreadable", None, None)]
    assert faults_of(omx.read_matrices, file_of(lambda out: None)) == [("omx.no_matrices", None, None)]
    whole = omx.write_matrices(omx.of_trips([Trips.of_matrix(np.ones((3, 3)))], ["1", "2", "3"]))
    assert faults_of(omx.read_matrices, whole[: len(whole) // 2]) == [("omx.unreadable", None, None)]
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(32))

    def fill(out: Any) -> None:
        out["data/flat"] = np.zeros(3)
        out["data/text"] = np.array([[b"a"]])
        out["data/two"] = np.zeros((2, 2))
        out["data/three"] = np.zeros((3, 3))
        out["data"].create_dataset("vast", shape=(10**7, 10**7), chunks=True, dtype="f8")
        out["data"].create_dataset("outside", shape=(2, 2), dtype="f8", external=[(str(secret), 0, 32)])
        out["data/link"] = h5py.ExternalLink("other.h5", "/x")
        out["data/soft"] = h5py.SoftLink("/data/two")
        out["lookup/zone"] = np.zeros(5)

    assert sorted(faults_of(omx.read_matrices, file_of(fill)), key=str) == sorted(
        [
            ("omx.bad_matrix", None, "flat"),
            ("omx.bad_matrix", None, "text"),
            ("omx.too_large", None, "vast"),
            ("omx.elsewhere", None, "outside"),
            ("omx.elsewhere", None, "link"),
            ("omx.elsewhere", None, "soft"),
            ("omx.several_sizes", None, None),
            ("omx.bad_lookup", None, "zone"),
        ],
        key=str,
    )


def test_without_h5py_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    for call in (lambda: omx.read_matrices(b""), lambda: omx.write_matrices(omx.OmxMatrices({}, {}))):
        with pytest.raises(BridgeheadError) as caught:
            call()
        assert "bridgehead[omx]" in sentence(caught.value.faults[0], "zh").cure


CHECK = """
import sys, numpy as np, openmatrix
ours, theirs = sys.argv[1:]
with openmatrix.open_file(ours) as f:
    assert f.version() == b"0.2", f.version()
    assert tuple(f.shape()) == (3, 3), f.shape()
    assert sorted(f.list_matrices()) == ["coal", "trips"], f.list_matrices()
    assert f.list_mappings() == ["zone"], f.list_mappings()
    assert f.mapping("zone") == {11: 0, 5: 1, 7: 2}, f.mapping("zone")
    assert np.array(f["coal"]).tobytes() == (np.arange(9.0).reshape(3, 3) / 7).tobytes()
with openmatrix.open_file(theirs, "w") as f:
    f["m"] = np.arange(4.0).reshape(2, 2) / 3
    f["n"] = np.array([[1, 2], [3, 4]], dtype="i4")
    f.create_mapping("taz", [20, 10])
"""


@pytest.mark.slow
def test_openmatrix_reads_ours_and_we_read_its(tmp_path: Path) -> None:
    if subprocess.run([OPENMATRIX, "-c", "import openmatrix"], capture_output=True, check=False).returncode:
        pytest.skip("openmatrix is not installed; OPENMATRIX_PYTHON may name an interpreter that has it")
    ours, theirs = tmp_path / "ours.omx", tmp_path / "theirs.omx"
    coal = Trips.of_matrix(np.arange(9.0).reshape(3, 3) / 7, "coal")
    ours.write_bytes(omx.write_matrices(omx.of_trips([coal, Trips.of_matrix(np.eye(3))], ["11", "5", "7"])))
    done = subprocess.run(
        [OPENMATRIX, "-c", CHECK, str(ours), str(theirs)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = omx.read_matrices(theirs.read_bytes())
    assert found.matrices["m"].tobytes() == (np.arange(4.0).reshape(2, 2) / 3).tobytes()
    assert found.matrices["n"].tolist() == [[1, 2], [3, 4]]
    assert found.lookups == {"taz": ("20", "10")}
    moved = found.trips("n", ["10", "20"])
    assert moved.matrix(2).tolist() == [[4.0, 3.0], [2.0, 1.0]]
