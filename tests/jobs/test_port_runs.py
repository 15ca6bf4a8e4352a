"""Port models run many times: the same bytes however they are divided; a kill loses nothing that was finished."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.replications import PILOTS, Experiment, Precision, replicate
from bridgehead.jobs.port_runs import Variant, run_study, run_variants
from bridgehead.jobs.processes import Workers, run_all
from bridgehead.jobs.replication_tasks import Block, compute, model_key, simulation_version
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from tests.jobs.port_studies import DAYS, LONG, SHORT, WAIT_S, children, contents, hashes, port, process, until


def test_the_bytes_are_the_same_however_the_work_is_divided(tmp_path: Path) -> None:
    expected = hashes(replicate(port(), SHORT))
    assert len(set(expected)) == SHORT.replications
    stored = []
    for number, (processes, block) in enumerate([(0, None), (0, 3), (1, 7), (2, 1), (2, 3), (2, None)]):
        folder = tmp_path / str(number)
        found = run_study(port(), SHORT, processes=processes, store=Store(folder), block=block)
        assert hashes(found) == expected, (processes, block)
        stored.append(contents(folder))
    assert all(one == stored[0] for one in stored)
    assert len(stored[0]) == SHORT.replications


def test_what_lies_between_the_fields_of_records_is_no_part_of_an_outcome() -> None:
    outcome = replicate(port(), replace(SHORT, replications=1)).outcomes[0]
    gaps = outcome.types.copy()
    fields = {offset + at for kind, offset in gaps.dtype.fields.values() for at in range(kind.itemsize)}
    gap = min(set(range(gaps.dtype.itemsize)) - fields)
    gaps.view("u1").reshape(gaps.size, -1)[:, gap] = 255
    assert replace(outcome, types=gaps).content_hash == outcome.content_hash
    gaps["born"] += 1
    assert replace(outcome, types=gaps).content_hash != outcome.content_hash


def test_without_a_store_the_outcomes_are_the_same_too() -> None:
    assert hashes(run_study(port(), SHORT, processes=2)) == hashes(run_study(port(), SHORT, processes=0))


def test_what_is_in_the_store_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    first = run_study(port(), replace(SHORT, replications=4), processes=0, store=store)
    ran: list[int] = []
    simulated = run_study.__globals__["compute"].__globals__["simulate"]

    def counted(compiled: object, run: object, **words: object) -> object:
        ran.append(run.replication)  # type: ignore[attr-defined]
        return simulated(compiled, run, **words)

    monkeypatch.setattr("bridgehead.jobs.replication_tasks.simulate", counted)
    more = run_study(port(title="the same port"), SHORT, processes=0, store=store)
    assert ran == [4, 5, 6], "neither more replications nor another title is another port"
    assert hashes(more)[:4] == hashes(first)
    run_study(port(lanes=5), SHORT, processes=0, store=store)
    run_study(port(), replace(SHORT, seed=4), processes=0, store=store)
    run_study(port(), replace(SHORT, warmup_min=0.0), processes=0, store=store)
    assert len(ran) == 3 + 3 * 7


def test_the_order_of_risk_bands_is_part_of_a_model() -> None:
    one = port()
    turned = replace(
        one, classes=tuple(replace(c, risk=dict(reversed([*c.risk.items()]))) for c in one.classes), title={"en": "x"}
    )
    assert model_key(one) == model_key(replace(one, title={"en": "y"}))
    assert model_key(one) != model_key(turned)


def test_a_damaged_file_and_one_of_another_form_are_computed_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    expected = hashes(run_study(port(), SHORT, processes=0, store=store))
    before = contents(tmp_path)
    first, second = sorted(tmp_path.glob("*.result"))[:2]
    first.write_bytes(first.read_bytes()[:-7])
    store.write(second.name.removesuffix(".result"), b"whole, but no outcome")
    assert hashes(run_study(port(), SHORT, processes=2, store=store)) == expected
    assert contents(tmp_path) == before


def test_a_folder_that_takes_no_files_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file")
    assert hashes(run_study(port(), SHORT, processes=0, store=store)) == hashes(replicate(port(), SHORT))


def test_precision_and_warm_up_are_found_as_without_processes(tmp_path: Path) -> None:
    asked = Experiment(20 * DAYS, None, 5, seed=2, precision=Precision(0.1, "wait_mean", "scan", most=60))
    alone = replicate(port(), asked)
    beside = run_study(port(), asked, processes=2, store=Store(tmp_path))
    assert alone.experiment == beside.experiment
    assert hashes(alone) == hashes(beside)
    assert beside.precise
    assert len(beside.outcomes) > 5
    assert len(contents(tmp_path)) == PILOTS + len(beside.outcomes)


def test_variants_come_back_in_order_and_those_that_are_equal_run_once(tmp_path: Path) -> None:
    precise = replace(SHORT, precision=Precision(0.1, "wait_total_mean", most=40))
    variants = [
        Variant(port(4), SHORT),
        Variant(port(5), precise),
        Variant(port(4, "again"), SHORT),
        Variant(port(3), replace(SHORT, warmup_min=None)),
    ]
    studies = run_variants(variants, processes=2, store=Store(tmp_path))
    for variant, study in zip(variants, studies, strict=True):
        assert hashes(study) == hashes(replicate(variant.model, variant.experiment))
        assert study.compiled.model.title == variant.model.title
        assert all(one.compiled is study.compiled for one in study.outcomes)
    assert hashes(studies[0]) == hashes(studies[2])
    lost = 7 + len(studies[1].outcomes) + PILOTS + 7
    assert len(contents(tmp_path)) == lost


@pytest.mark.parametrize("processes", [0, 2])
def test_progress_rises_to_all_that_was_asked_for(processes: int) -> None:
    told: list[tuple[int, int]] = []
    run_study(port(), SHORT, processes=processes, progress=lambda *one: told.append(one))
    assert told[-1] == (7000, 7000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("processes", [0, 2])
def test_whoever_says_stop_ends_the_study_and_keeps_what_is_finished(tmp_path: Path, processes: int) -> None:
    class StopError(Exception):
        pass

    def check() -> None:
        if contents(tmp_path):
            raise StopError

    begin = time.monotonic()
    with pytest.raises(StopError):
        run_study(port(), replace(LONG, replications=400), processes=processes, store=Store(tmp_path), check=check)
    assert time.monotonic() - begin < WAIT_S / 2
    assert 0 < len(contents(tmp_path)) < 400
    until(lambda: not children(os.getpid()), "a process was left behind")


def test_what_the_engine_refuses_is_raised_from_a_process() -> None:
    with pytest.raises(BridgeheadError) as refused:
        run_study(port(), Experiment(100.0, warmup_min=200.0, replications=3), processes=2)
    assert refused.value.faults[0].code == "simulation.bad_run"


def test_a_machine_with_other_code_is_refused() -> None:
    asked = Block(port(), "key", (), None, "f" * 64)
    with pytest.raises(BridgeheadError) as refused:
        compute(asked, progress=lambda done, total: None)
    assert refused.value.faults[0].code == "jobs.other_engine"
    assert compute(replace(asked, engine=simulation_version()), progress=lambda done, total: None).outcomes == ()


def test_a_worker_killed_in_the_middle_loses_nothing_and_changes_no_bit(tmp_path: Path) -> None:
    killed: list[int] = []

    def check() -> None:
        if not killed and len(contents(tmp_path)) >= 2:
            victim = children(os.getpid())[0]
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    found = run_study(port(), LONG, processes=2, store=Store(tmp_path), block=3, check=check)
    assert killed
    expected = run_study(port(), LONG, processes=0)
    assert hashes(found) == hashes(expected)
    assert len(contents(tmp_path)) == LONG.replications


def test_a_parent_that_was_killed_goes_on_from_what_is_there(tmp_path: Path) -> None:
    source = f"from tests.jobs.port_studies import run_for_the_test; run_for_the_test({str(tmp_path)!r}, 2)"
    with process("-c", source) as parent:
        until(lambda: len(contents(tmp_path)) >= 3 or parent.poll() is not None, "nothing was finished")
        parent.send_signal(signal.SIGKILL)
    time.sleep(0.5)  # its workers end themselves
    kept = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.result")}
    assert 3 <= len(kept) < LONG.replications
    found = run_study(port(), LONG, processes=2, store=Store(tmp_path))
    assert hashes(found) == hashes(run_study(port(), LONG, processes=0))
    now = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.result")}
    assert kept.items() <= now.items(), "what was there was not written again"
    assert len(now) == LONG.replications


def test_processes_stay_between_calls_that_share_them() -> None:
    from bridgehead.jobs.processes import Call
    from tests.jobs.functions import squared

    with Workers() as workers:
        seen = [run_all([Call(squared, (n,))], processes=2, workers=workers)[0] for n in (2, 3)]
        assert [value for value, _ in seen] == [4, 9]
        assert seen[0][1] == seen[1][1] != os.getpid()
    assert not workers.workers


def test_who_only_asks_for_studies_waits_for_no_kernel() -> None:
    source = "import sys, bridgehead.jobs.port_runs; sys.exit('numba' in sys.modules or 'distributed' in sys.modules)"
    with process("-c", source) as begun:
        assert begun.wait(WAIT_S) == 0


def test_compiled_models_do_not_matter_to_the_key() -> None:
    assert model_key(compile_model(port()).model) == model_key(port())
