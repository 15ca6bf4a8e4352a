"""``bridgehead port verify``: the simulator held against files of cases with known answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, Language, console, fault_table, print_json, say

if TYPE_CHECKING:
    from bridgehead.engines.simulation.case_format import CaseFile
    from bridgehead.engines.simulation.verification import Checked
    from bridgehead.kernel.errors import Fault

EXIT_MISSED = 1
COLUMNS = f"{'case':<34} {'metric':<36} {'expected':>13} {'estimate':>13} {'tolerance':>10}  ok"
NONE = "–"


def verify(
    cases: Annotated[
        list[Path],
        typer.Argument(metavar="CASES...", help=say("案例文件，JSON 或 YAML", "files of cases, JSON or YAML")),
    ],
    seed: Annotated[int, typer.Option(help=say("随机数种子", "seed"))] = 1,
    json: AsJson = False,
    lang: Language = None,
) -> None:
    """Hold the engine against known answers."""
    from bridgehead.engines.simulation.verification import check

    language = lang or "zh"
    files, unread = _files(cases)
    found: list[Checked] = []
    if not json:
        print(COLUMNS)
    for file in files:
        for case in file.entries:
            for one in check(case, seed=seed):
                found.append(one)
                if not json:
                    print(_line(one), flush=True)
    faults = _faults(files, unread, found)
    missed = sum(not one.ok for one in found)
    bad = bool(missed) or any(map(_counts, faults))
    if json:
        _print_as_json(found, faults, language, ok=not bad)
    else:
        _print_summary(files, found, faults, language)
    if bad:
        raise typer.Exit(EXIT_MISSED)


def _files(paths: Sequence[Path]) -> tuple[list[CaseFile], list[Fault]]:
    """Return the files that hold cases, and what is wrong with the others; if that is all of them, raise it."""
    from bridgehead.cli.port_files import read_text
    from bridgehead.engines.simulation.case_format import read_cases_apart
    from bridgehead.kernel.errors import BridgeheadError

    files: list[CaseFile] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            files.append(read_cases_apart(read_text(path), name=path.name))
        except BridgeheadError as error:
            faults += error.faults
    if not files:
        raise BridgeheadError.of(faults)
    return files, faults


def _faults(files: Sequence[CaseFile], unread: Sequence[Fault], found: Sequence[Checked]) -> list[Fault]:
    """Return every fault once: of files, of cases and values as they were read, and of runs."""
    faults = [*unread, *(fault for file in files for fault in file.faults)]
    for one in found:
        faults += [fault for fault in one.faults if fault not in faults]
    return faults


def _counts(fault: Fault) -> bool:
    """Say whether a fault makes the whole fail; the models whose speed is measured are not run here."""
    return fault.severity == "error" and not str(fault.place.field).startswith("performance")


def _print_summary(files: Sequence[CaseFile], found: Sequence[Checked], faults: Sequence[Fault], language: str) -> None:
    out = console()
    read, missed = sum(len(file.entries) for file in files), sum(not one.ok for one in found)
    if faults:
        out.print()
        out.print(fault_table(faults, language))
        out.print()
    out.print(
        say(
            f"{read} 个案例，{len(found)} 个数值，{missed} 个不合。",
            f"{read} cases, {len(found)} values, {missed} outside their tolerance or without an estimate.",
            language,
        ),
        soft_wrap=True,
    )


def _line(one: Checked) -> str:
    """Return one line: case, metric with its node, class and quantile, expected, estimate, tolerance, ok."""
    expected = one.expected
    which = [f"{part}" for part in (expected.node, expected.unit_class) if part]
    if expected.q is not None:
        which.append(f"q={expected.q:g}")
    metric = expected.metric + (f"[{','.join(which)}]" if which else "")
    value, estimate = _number(expected.value * one.scale), _number(one.found.mean * one.scale)
    by_share = f"{expected.rel_tol:.2%}" if expected.rel_tol > 0.0 else ""
    tolerance = f"{expected.abs_tol * one.scale:.3g}" if expected.abs_tol > 0.0 else by_share or NONE
    verdict = "ok" if one.ok else f"FAIL {one.faults[0].code}" if one.faults else "MISS"
    return f"{one.case:<34} {metric:<36} {value:>13} {estimate:>13} {tolerance:>10}  {verdict}"


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else NONE


def _print_as_json(found: Sequence[Checked], faults: Sequence[Fault], language: str, *, ok: bool) -> None:
    from bridgehead.kernel.errors import fault_as_json

    values = [dict(_as_json(one, language)) for one in found]
    print_json({"ok": ok, "values": values, "faults": [fault_as_json(fault, language) for fault in faults]})


def _as_json(one: Checked, language: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields of one value in the unit of its case; what is not finite is null."""
    from bridgehead.kernel.errors import as_json

    expected, scale = one.expected, one.scale
    yield from (("case", one.case), ("metric", expected.metric), ("node", expected.node))
    yield from (("class", expected.unit_class), ("q", expected.q))
    numbers = {
        "expected": expected.value * scale,
        "estimate": one.found.mean * scale,
        "half_width": one.found.half_width * scale,
        "rel_tol": expected.rel_tol,
        "abs_tol": expected.abs_tol * scale,
    }
    for name, value in numbers.items():
        yield name, value if math.isfinite(value) else None
    yield "ok", one.ok
    yield "error", as_json(one.faults, language)["error"] if one.faults else None
