"""The loop of flows and simulation as a job: kept by its question, told round by round, taken up where it was."""

import json
from dataclasses import replace

import pytest

from bridgehead.engines.simulation.reading import read_description
from bridgehead.jobs import port_agreements as job
from bridgehead.jobs import replication_tasks
from bridgehead.jobs.port_agreements import LoopQuestion, make_agreement, rounds_so_far, stored_agreement
from bridgehead.jobs.port_reports import Question
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import port_model_text

PORT = "shiwei"


@pytest.fixture(scope="module")
def tables():
    return load_region().network()


@pytest.fixture(scope="module")
def question():
    text = port_model_text(load_region(), PORT)
    return LoopQuestion(PORT, "import", (), 0.01, Question(read_description(text), 3, 1, 28 * 1440.0, 7 * 1440.0))


class _StopError(Exception):
    pass


def test_a_question_survives_the_task_table_and_every_part_of_it_names_the_answer(question, tables):
    assert LoopQuestion.of_plain(json.loads(json.dumps(question.as_plain()))) == question
    others = [
        replace(question, direction="export"),
        replace(question, classes=("truck",)),
        replace(question, tolerance=0.02),
        replace(question, run=replace(question.run, seed=2)),
    ]
    keys = {one.key(tables) for one in (question, *others)}
    assert len(keys) == 5


def test_the_answer_holds_every_round_and_the_curve_the_flows_used(question, tables, tmp_path):
    told = []
    store = Store(tmp_path)
    found = make_agreement(question, tables, store, progress=lambda *one: told.append(one))
    assert found == stored_agreement(question, tables, store)
    assert found["standing"] == "model"
    assert found["leaving"] == ["truck"]
    last = found["rounds"][-1]
    apart = last["simulated_min"]["mean"] - last["reckoned_min"]
    assert last["difference_min"] == pytest.approx(apart)
    half = (last["simulated_min"]["high"] - last["simulated_min"]["low"]) / 2.0
    mean = last["simulated_min"]["mean"]
    assert last["tolerated_min"] == pytest.approx(max(min(half, 0.05 * mean), 0.01 * mean))
    assert found["reached"] == last["agrees"] == (abs(apart) <= last["tolerated_min"])
    curve = found["curve"]
    assert [one["load_per_day"] for one in curve] == sorted(one["load_per_day"] for one in curve)
    assert [one["reckoned_min"] for one in curve] == sorted(one["reckoned_min"] for one in curve), "it never falls"
    steps = [step for _done, _total, step in told]
    assert steps[0] == job.SAMPLING
    assert steps[-1] == job.AGREEING
    assert [done for done, _total, _step in told] == sorted(done for done, _total, _step in told)
    assert all(done <= total for done, total, _step in told)
    assert told[-1][0] == 3 * (1 + 5 + len(found["rounds"]))


def test_what_was_run_before_an_end_is_not_run_again(question, tables, tmp_path, monkeypatch):
    store = Store(tmp_path)
    ran = []
    whole = replication_tasks.simulate

    def counted(model, run, **how):
        ran.append(run.replication)
        return whole(model, run, **how)

    monkeypatch.setattr(replication_tasks, "simulate", counted)

    def stop(done, total, step):
        if done >= 12:
            raise _StopError

    with pytest.raises(_StopError):
        make_agreement(question, tables, store, progress=stop)
    assert stored_agreement(question, tables, store) is None
    before = len(ran)
    found = make_agreement(question, tables, store)
    # The port as it stands is the load of 100 %: the same model, run once. One replication was under way at the end.
    needed = 3 * (5 + len({one["load_per_day"] for one in found["rounds"]}))
    assert len(ran) - needed in (0, 1)
    assert 9 <= before < needed
    ran.clear()
    assert make_agreement(question, tables, store) == found
    assert ran == [], "the answer is there"


def test_rounds_are_there_before_the_loop_has_ended(question, tables, tmp_path, monkeypatch):
    store = Store(tmp_path)
    seen = []
    made = job.agree

    def spied(*args, told, **how):
        def note(rounds):
            told(rounds)
            seen.append(rounds_so_far(question, tables, store))

        return made(*args, told=note, **how)

    monkeypatch.setattr(job, "agree", spied)
    found = make_agreement(question, tables, store)
    assert [one["complete"] for one in seen] == [False] * len(found["rounds"])
    assert [len(one["rounds"]) for one in seen] == list(range(1, len(found["rounds"]) + 1))
    assert stored_agreement(question, tables, store) == found


def test_a_loop_is_asked_whether_to_go_on(question, tables):
    def check():
        raise _StopError

    with pytest.raises(_StopError):
        make_agreement(question, tables, Store(None), check=check)


def test_a_port_without_a_queue_in_the_flows_is_refused(tables):
    text = port_model_text(load_region(), "wuliji")
    asked = LoopQuestion("wuliji", "import", (), 0.01, Question(read_description(text), 2, 1, 14 * 1440.0, 0.0))
    with pytest.raises(BridgeheadError, match=r"planning\.no_port_queue"):
        make_agreement(asked, tables, Store(None))
