"""``bridgehead desk``: what the desk answers without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.cli.statute_database import in_database
from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, console, print_json, say

BY = "bridgehead desk"

desk_app = typer.Typer(
    help=say("服务台：哪些政策适用。", "The desk: which policies fit."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@desk_app.callback()
def _desk() -> None:
    pass


@desk_app.command(
    help=say(
        "逐个回答案例：政策是否适用、还缺哪些事实、金额多少、为什么。有任何错误时一个也不回答，退出码为 2。",
        "Answer cases one by one: whether the policy fits, which facts are missing, how much it is, and why. Where"
        " anything is wrong none is answered, exit code 2.",
    )
)
def eligible(
    cases: Annotated[
        Path,
        typer.Argument(
            metavar="CASES",
            help=say(
                "案例文件，YAML 或 JSON：每个案例有 id、policy、as_of 和 facts",
                "file of cases, YAML or JSON, each with id, policy, as_of and facts",
            ),
        ),
    ],
    policies: Annotated[
        Path | None,
        typer.Option(
            "--policies",
            metavar="FILE",
            help=say(
                "政策文件，policy_facts.csv 在同一文件夹；默认为区域的 policies.yaml",
                "policies file, with policy_facts.csv in its folder; policies.yaml of the region by default",
            ),
        ),
    ] = None,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Answer cases about policies."""
    from bridgehead.engines.eligibility.cases import answer_cases, read_cases
    from bridgehead.engines.eligibility.facts import FactRegister
    from bridgehead.engines.eligibility.policies import PolicySet
    from bridgehead.engines.eligibility.reading import POLICIES_FILE, Reading
    from bridgehead.kernel.errors import BridgeheadError
    from bridgehead.regions.load import region_path
    from bridgehead.regions.policies import read_file, read_policies_file

    assert lang is not None
    file = policies or region_path(region) / POLICIES_FILE
    try:
        reading = read_policies_file(file)
    except BridgeheadError as error:
        reading = Reading(PolicySet({}, FactRegister()), faults=error.faults)
    try:
        text = read_file(cases)
    except BridgeheadError as error:
        raise BridgeheadError.of([*reading.faults, *error.faults]) from None
    if reading.faults and not reading.ids:  # without policies and facts no case can be judged
        raise BridgeheadError.of(reading.faults)
    asked, faults = read_cases(text, reading, cases.name)
    faults = (*reading.faults, *faults)
    if not faults:
        answers, faults = answer_cases(asked, reading.policies)
    if faults:
        raise BridgeheadError.of(faults)
    if json:
        print_json([answer.as_json(case.id) for case, answer in zip(asked, answers, strict=True)])
        return
    from bridgehead.cli.desk_words import Words, print_answer

    words = Words.beside(file, reading.policies.facts, lang)
    for case, answer in zip(asked, answers, strict=True):
        print_answer(console(), words, reading.policies, case, answer)


@desk_app.command(
    help=say(
        "按经过重新推算每件办件的状态和时限，处理到了点的；改正自检指出的问题。",
        "Work out anew how every case stands by what happened to it, and do what is due: the cure for what the doctor"
        " finds.",
    )
)
def restate(json: AsJson = False, data: DataFolder = None, region: RegionFolder = None, lang: Language = None) -> None:
    """Work out anew how cases stand."""
    assert lang is not None

    def done() -> dict[str, Any]:
        from django.utils import timezone

        from bridgehead.ground.access.viewer import system
        from bridgehead.kernel.errors import BridgeheadError
        from bridgehead.rooms.desk.actions.case_moves import tick_case
        from bridgehead.rooms.desk.checks import amiss
        from bridgehead.rooms.desk.models import Case

        now, rows = timezone.now(), Case.objects.select_related("office").order_by("pk")
        due = list(rows.filter(wakes_at__lte=now).values_list("pk", flat=True))
        wrong = amiss(rows.iterator(), now)
        stuck = []
        for case in sorted({*due, *wrong}):
            try:
                tick_case(by=system(BY), case=case)
            except BridgeheadError:  # it went a way the tables do not have any more
                stuck.append(case)
        mended = [one for one in wrong if one not in stuck]
        return {"cases": rows.count(), "due": due, "mended": mended, "stuck": stuck}

    told = in_database(BY, done)
    if json:
        print_json(told)
        return
    count, of = len(told["mended"]), told["cases"]
    console().print(
        say(f"{of} 件办件里有 {count} 件重新推算", f"{count} of {of} cases were worked out anew", lang), soft_wrap=True
    )
    if told["stuck"]:
        some, many = ", ".join(map(str, told["stuck"][:10])), len(told["stuck"])
        zh = f"{many} 件按现行的流程推算不出（编号 {some}）：把它们走过的步骤补回表里"
        en = f"{many} cannot be worked out by the procedures of today (ids {some}): put the steps they took back"
        console().print(say(zh, en, lang), soft_wrap=True)
