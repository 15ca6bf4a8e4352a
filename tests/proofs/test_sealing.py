"""What the proofs notice: a sealer that is dead, sealing that is late, writers who are refused."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from proofs.load import PROOF, _faults
from proofs.platform import environment
from proofs.registry import Asked, Figures
from proofs.writers import write

from proofs import writers
from tests.proofs.noticing import WRITING_S

ROOT = Path(__file__).resolve().parents[2]


def _noticed(folder: Path, case: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.proofs.noticing", case]
    done = subprocess.run(
        command, cwd=ROOT, env=environment("", folder), check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_a_sealer_at_work_is_told_with_its_lag(tmp_path: Path) -> None:
    found = _noticed(tmp_path, "sealer")
    assert (found["faults"], found["refused"]) == ([], [])
    assert found["count"] > 0
    assert 0 < found["lag max s"] < 5


@pytest.mark.slow
@pytest.mark.parametrize(("sealer", "words"), [("dead", "the sealer is dead"), ("idle", "nothing was sealed")])
def test_a_sealer_that_seals_nothing_is_told(sealer: str, words: str, tmp_path: Path) -> None:
    found = _noticed(tmp_path, sealer)
    assert [fault for fault in found["faults"] if fault.startswith(words)]
    assert f"{found['count']} entries unsealed after the sealer ended" in found["faults"]
    assert found["unsealed at the end"] == found["count"]
    assert found["lag max s"] >= round(found["span s"], 2) > 0, "the first has waited since it was written"


@pytest.mark.slow
def test_a_writer_who_is_refused_is_counted_and_goes_on(tmp_path: Path) -> None:
    found = _noticed(tmp_path, "refused")
    assert found["failed"] == 1
    assert "1 changes failed" in found["faults"][0]
    assert found["versions"] == list(range(2, found["calls"] + 1))


def test_a_writer_who_cannot_begin_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(writers, "_write", no)
    assert write([1, 2], time.time() + WRITING_S).failed == 2


def test_the_load_proof_promises_speed_lag_and_durability_at_full_size(tmp_path: Path) -> None:
    good: Figures = {
        **dict.fromkeys(("lost", "doubled", "findings"), 0),
        **{"durability": "fsync on", "actions": 9, "actions/s": 1000, "lag p99 s": 1.0},
    }
    asked = {smoke: Asked("postgresql", tmp_path, 1, smoke, {}) for smoke in (False, True)}
    assert _faults(good, "fsync on", asked[False]) == []
    for name, value in (("lost", 1), ("actions", 0), ("durability", "fsync off")):
        assert _faults(good | {name: value}, "fsync on", asked[True])
    for name, value in (("actions/s", 999.0), ("lag p99 s", 1.01)):
        assert _faults(good | {name: value}, "fsync on", asked[False])
    assert PROOF.databases == ("sqlite", "postgresql")
