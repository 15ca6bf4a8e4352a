"""What the proofs notice: a sealer that is dead, sealing that is late, writers who are refused."""

from __future__ import annotations

import time

import pytest
from proofs.load import PROOF, _faults
from proofs.registry import Asked, Figures
from proofs.sealing import Watched
from proofs.writers import Written, register, write

from bridgehead.ground.journal.seal import Sealer, seal_pending
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import edit_profile
from bridgehead.kernel.errors import BridgeheadError
from proofs import writers

WRITING_S = 0.6


class Dead(Sealer):
    """A sealer that ends at once."""

    def run(self) -> None:
        """Seal nothing."""


class Idle(Sealer):
    """A sealer that lives and seals nothing."""

    def run(self) -> None:
        """Wait to be ended."""
        self.ended.wait()


def _watched(sealer: Sealer | None = None) -> tuple[Watched, Written]:
    pks = register(2)
    with Watched(sealer) as sealing:
        written = write(pks, time.time() + WRITING_S)
    return sealing, written


@pytest.mark.django_db(transaction=True)
def test_a_sealer_at_work_is_told_with_its_lag() -> None:
    sealing, written = _watched()
    assert (sealing.faults, written.faults) == ([], [])
    assert all(written.versions.values())
    assert 0 < float(sealing.lag()["lag max s"]) < 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sealer", "words"), [(Dead, "the sealer is dead"), (Idle, "nothing was sealed")])
def test_a_sealer_that_seals_nothing_is_told(sealer: type[Sealer], words: str) -> None:
    sealing, written = _watched(sealer())
    count = sum(map(len, written.versions.values()))
    assert [fault for fault in sealing.faults if fault.startswith(words)]
    assert f"{count} entries unsealed after the sealer ended" in sealing.faults
    assert sealing.lag()["unsealed at the end"] == count
    assert float(sealing.lag()["lag max s"]) > WRITING_S / 2
    seal_pending()


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_is_refused_is_counted_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = edit_profile, []

    def now_and_then(**asked: object) -> Person:
        calls.append(asked)
        if len(calls) == 3:
            raise BridgeheadError("action.conflict", {"action": "tests", "reason": ""})
        return real(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr("bridgehead.ground.people.accounts.edit_profile", now_and_then)
    (pk,) = register(1)
    written = write([pk], time.time() + WRITING_S)
    assert written.failed == 1
    assert "1 changes failed" in written.faults[0]
    assert len(written.versions[pk]) == len(calls) - 1
    assert written.versions[pk] == list(range(2, len(calls) + 1))


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_cannot_begin_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(writers, "_write", no)
    assert write([1, 2], time.time() + WRITING_S).failed == 2


def test_the_load_proof_promises_speed_lag_and_durability_at_full_size(tmp_path: object) -> None:
    good: Figures = {
        **dict.fromkeys(("lost", "doubled", "findings"), 0),
        **{"durability": "fsync on", "actions": 9, "actions/s": 1000, "lag p99 s": 1.0},
    }
    asked = {smoke: Asked("postgresql", tmp_path, 1, smoke, {}) for smoke in (False, True)}  # type: ignore[arg-type]
    assert _faults(good, "fsync on", asked[False]) == []
    for name, value in (("lost", 1), ("actions", 0), ("durability", "fsync off")):
        assert _faults(good | {name: value}, "fsync on", asked[True])
    for name, value in (("actions/s", 999.0), ("lag p99 s", 1.01)):
        assert _faults(good | {name: value}, "fsync on", asked[False])
    assert PROOF.databases == ("sqlite", "postgresql")
