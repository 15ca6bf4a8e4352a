"""The examination: every check of the platform run, and what they found in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.doctor import of_database, of_journal, of_machine, of_work  # noqa: F401 - they declare checks
from bridgehead.ground.doctor.finding import Finding, Found, checks
from bridgehead.ground.language import speak


def examine(full: bool = False) -> tuple[Finding, ...]:
    """Run every check and return what each found; a check that cannot be run is a finding itself.

    Parameters
    ----------
    full : bool
        Whether to verify the whole journal and every file.
    """
    found = []
    with as_system("doctor"):
        for one in checks():
            try:
                said = one.look(full)
            except Exception as trouble:  # the next check may still tell what the matter is
                said = Found("error", f"查不了：{trouble}", f"cannot be looked at: {trouble}")
            found.append(Finding(one.name, one.title_zh, one.title_en, said))
    return tuple(found)


def headline(found: Sequence[Finding], code: str) -> str:
    """Return the answer in one sentence."""
    errors, warnings = (sum(one.severity == grave for one in found) for grave in ("error", "warning"))
    if not errors and not warnings:
        return speak(code, f"{len(found)} 项检查，一切正常。", f"{len(found)} checks, everything is in order.")
    if not errors:
        return speak(code, f"没有故障，{warnings} 件事要留意。", f"No faults, {warnings} to note.")
    return speak(code, f"{errors} 处故障要处理，{warnings} 件事要留意。", f"{errors} to be mended, {warnings} to note.")


def findings_json(found: Sequence[Finding], code: str) -> dict[str, Any]:
    """Return the findings in JSON types."""
    return {
        "sound": not any(one.severity == "error" for one in found),
        "summary": headline(found, code),
        "checks": [
            {
                "name": one.name,
                "title": one.title(code),
                "severity": one.severity,
                "found": one.said(code),
                "cure": one.cure(code) or None,
            }
            for one in found
        ],
    }
