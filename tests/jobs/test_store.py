"""Results on disk: whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.jobs.store import Store, _pack, _unpack


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "results")
    assert store.read("flows-1") is None
    assert store.write("flows-1", b"a\nb\x00") is True
    assert Store(tmp_path / "results").read("flows-1") == b"a\nb\x00"


@given(st.binary(max_size=200))
def test_packing_and_unpacking_agree(payload: bytes) -> None:
    assert _unpack(_pack(payload)) == payload


@given(st.binary(min_size=1, max_size=200), st.data())
def test_no_single_damage_goes_unseen(payload: bytes, data: st.DataObject) -> None:
    packed = bytearray(_pack(payload))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    assert _unpack(bytes(packed)) is None
    assert _unpack(bytes(_pack(payload))[:at]) is None


def test_a_damaged_result_is_computed_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    calls: list[int] = []

    def compute() -> bytes:
        calls.append(1)
        return b"result"

    assert store.get_or_compute("key", compute) == b"result"
    assert store.get_or_compute("key", compute) == b"result"
    assert len(calls) == 1
    (file,) = tmp_path.glob("key*")
    file.write_bytes(file.read_bytes()[:-2])
    assert store.get_or_compute("key", compute) == b"result"
    assert len(calls) == 2
    assert Store(tmp_path).read("key") == b"result"


@pytest.mark.parametrize("key", ["", "../up", "a/b", ".hidden", "A", "a" * 300, "a\x00b", "a\n"])
def test_a_key_is_a_name_and_never_a_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        Store(tmp_path).write(key, b"")
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_results_stay_in_memory() -> None:
    store = Store(None)
    assert store.write("key", b"1") is False
    assert store.read("key") == b"1"


def test_a_folder_that_takes_nothing_costs_a_recomputation_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "results")
    assert store.write("key", b"1") is False
    assert store.read("key") == b"1"


def test_a_result_has_the_permissions_of_any_other_file(tmp_path: Path) -> None:
    for mask in (0o022, 0o027, 0o002):
        before = os.umask(mask)
        try:
            Store(tmp_path).write(f"key-{mask}", b"1")
            (tmp_path / f"other-{mask}").touch()
        finally:
            os.umask(before)
        modes = {(tmp_path / name).stat().st_mode for name in (f"key-{mask}.result", f"other-{mask}")}
        assert len(modes) == 1


def test_older_results_of_the_same_question_are_removed_and_no_others(tmp_path: Path) -> None:
    store = Store(tmp_path)
    old, new = "0" * 40, "f" * 40
    others = [f"flows-nmg-2023-2023-{old}", f"flows-nmg-2024-{old}", f"paths-nmg-2023-{old}", f"flows-nmg-2-{old}"]
    for key in (*others, f"flows-nmg-2023-{old}", f"flows-nmg-2023-{'1' * 40}"):
        store.write(key, b"old")
    store.write(f"flows-nmg-2023-{new}", b"new", instead_of="flows-nmg-2023-")
    left = {file.name.removesuffix(".result") for file in tmp_path.iterdir()}
    assert left == {*others, f"flows-nmg-2023-{new}"}


def test_a_folder_that_takes_nothing_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "results")
    store.write("key", b"1")
    assert [type(reason) for reason in store.trouble] == [NotADirectoryError]
    assert Store(None).write("key", b"1") is False
    assert Store(None).trouble == []


def test_parts_of_a_killed_process_are_swept_and_never_read(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from bridgehead.jobs.store import Store\n"
        "os.replace = lambda a, b: os._exit(9)\n"
        "Store(Path(sys.argv[1])).write('key', b'x' * 1000)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == 9
    (part,) = tmp_path.glob(".part-*")
    assert Store(tmp_path).read("key") is None
    old = time.time() - 7200
    os.utime(part, (old, old))
    Store(tmp_path).write("key", b"whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key.result"]


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).write("key", b"1")
    assert list(tmp_path.iterdir()) == []
