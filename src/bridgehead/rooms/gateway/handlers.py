"""Background work of the gateway: running scenarios and port models, and holding the model against reports."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.engines.network.scenarios import apply
from bridgehead.ground.actions import Deed
from bridgehead.ground.region import current
from bridgehead.ground.tasks.handlers import Assignment, Work, handler
from bridgehead.jobs.model_validation import region_validation
from bridgehead.jobs.port_agreements import AGREEING, SAMPLING, LoopQuestion, make_agreement
from bridgehead.jobs.port_lanes import LanesQuestion, make_lanes
from bridgehead.jobs.port_reports import Question, make_report
from bridgehead.jobs.port_staffing import StaffingQuestion, make_staffing
from bridgehead.jobs.scenario_runs import plan, run_plan
from bridgehead.rooms.gateway.actions import AGREE, LANES, RUN, SIMULATE, STAFF, VALIDATE


def _run(work: Work) -> int:
    loaded = current()
    tables = loaded.components
    made = [apply(scenario_from_plain(one, tables), tables) for one in work.arguments["scenarios"]]
    wanted = plan(made, tables)
    runs = len(wanted.wanted)
    run_plan(
        wanted,
        tables,
        loaded.store,
        progress=lambda done, total: work.progress(done * runs // total, runs, "solving"),
        check=work.check,
    )
    return runs


@handler(
    RUN,
    title_zh="计算方案",
    title_en="Run scenarios",
    compute=_run,
    steps={"solving": ("求均衡", "finding the equilibrium")},
)
def scenarios_were_run(deed: Deed, assignment: Assignment, runs: int) -> dict[str, int]:
    """Keep how many runs there are; their results lie in the store."""
    return {"runs": runs}


def _validate(work: Work) -> int:
    loaded = current()
    return len(
        region_validation(
            loaded.region,
            loaded.store,
            processes=1,
            progress=lambda done, total: work.progress(done, total, "comparing"),
            check=work.check,
        ).lines
    )


@handler(
    VALIDATE,
    title_zh="标定并对照模型",
    title_en="Calibrate and validate the model",
    compute=_validate,
    steps={"comparing": ("标定并与报告对照", "calibrating and comparing with reports")},
)
def model_was_validated(deed: Deed, assignment: Assignment, lines: int) -> dict[str, int]:
    """Keep how many reports it was held against; the report lies in the store."""
    return {"lines": lines}


def _asked(work: Work) -> dict[str, Any]:
    """Return what is asked of a port's model; whose it is, is told besides."""
    return {name: value for name, value in work.arguments.items() if name != "port"}


def _simulate(work: Work) -> int:
    made = make_report(
        Question.of_plain(_asked(work)),
        current().store,
        progress=lambda done, total: work.progress(done, total, "simulating"),
        check=work.check,
    )
    replications: int = made["run"]["replications"]
    return replications


@handler(
    SIMULATE,
    title_zh="模拟口岸",
    title_en="Simulate a port",
    compute=_simulate,
    steps={"simulating": ("逐次重复", "running replications")},
)
def port_model_was_run(deed: Deed, assignment: Assignment, replications: int) -> dict[str, int]:
    """Keep how many replications there are; they and their report lie in the store."""
    return {"replications": replications}


def _agree(work: Work) -> int:
    loaded = current()
    question = LoopQuestion.of_plain(work.arguments)
    made = make_agreement(question, loaded.components, loaded.store, progress=work.progress, check=work.check)
    return len(made["rounds"])


@handler(
    AGREE,
    title_zh="货流与口岸求一致",
    title_en="Bring freight and a port to agreement",
    compute=_agree,
    steps={
        SAMPLING: ("试各种负荷下的停留", "sampling the stay against the load"),
        AGREEING: ("货流和仿真轮流算", "flows and simulation in turn"),
    },
)
def port_was_brought_to_agreement(deed: Deed, assignment: Assignment, rounds: int) -> dict[str, int]:
    """Keep how many rounds there were; they lie in the store."""
    return {"rounds": rounds}


def _lanes(work: Work) -> int:
    made = make_lanes(
        LanesQuestion.of_plain(_asked(work)),
        current().store,
        progress=lambda done, total: work.progress(done, total, "simulating"),
        check=work.check,
    )
    return len(made["points"])


@handler(
    LANES,
    title_zh="通道数与停留",
    title_en="Lanes against stay",
    compute=_lanes,
    steps={"simulating": ("逐个通道数模拟", "simulating each number of lanes")},
)
def port_lanes_were_run(deed: Deed, assignment: Assignment, counts: int) -> dict[str, int]:
    """Keep how many numbers of lanes were tried; replications and curve lie in the store."""
    return {"counts": counts}


def _staff(work: Work) -> int:
    made = make_staffing(
        StaffingQuestion.of_plain(_asked(work)),
        current().store,
        progress=lambda done, total: work.progress(done, total, "searching"),
        check=work.check,
    )
    runs: int = made["run"]["runs"]
    return runs


@handler(
    STAFF,
    title_zh="按服务承诺配通道",
    title_en="Lanes for a promise of service",
    compute=_staff,
    steps={"searching": ("逐个方案模拟，最多这么多次", "simulating one staffing after the other, at most so often")},
)
def port_staffing_was_run(deed: Deed, assignment: Assignment, runs: int) -> dict[str, int]:
    """Keep how many runs were spent; replications and advice lie in the store."""
    return {"runs": runs}
