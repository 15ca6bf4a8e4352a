"""What a check of the doctor found, and how checks are declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bridgehead.ground.language import speak

Severity = Literal["ok", "warning", "error"]
_MARKS = {"ok": ("正常", "ok"), "warning": ("注意", "note"), "error": ("故障", "fault")}


@dataclass(frozen=True, slots=True)
class Found:
    """What one check says: how grave it is, what is so, and what to do; both languages."""

    severity: Severity
    zh: str
    en: str
    cure_zh: str = ""
    cure_en: str = ""


OK = Found("ok", "正常", "in order")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a named check found."""

    name: str
    title_zh: str
    title_en: str
    found: Found

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.found.severity

    def title(self, code: str) -> str:
        """Return what was looked at."""
        return speak(code, self.title_zh, self.title_en)

    def said(self, code: str) -> str:
        """Return what is so."""
        return speak(code, self.found.zh, self.found.en)

    def cure(self, code: str) -> str:
        """Return what to do, empty where nothing has to be done."""
        return speak(code, self.found.cure_zh, self.found.cure_en)

    def mark(self, code: str) -> str:
        """Return the word for how grave it is."""
        return speak(code, *_MARKS[self.found.severity])


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; ``full`` says that it may take long."""

    name: str
    title_zh: str
    title_en: str
    look: Callable[[bool], Found]


_checks: list[Check] = []


def check(name: str, title_zh: str, title_en: str) -> Callable[[Callable[[bool], Found]], Callable[[bool], Found]]:
    """Declare a check: a function that is told whether to look at everything and returns what it found."""

    def declare(look: Callable[[bool], Found]) -> Callable[[bool], Found]:
        _checks.append(Check(name, title_zh, title_en, look))
        return look

    return declare


def checks() -> tuple[Check, ...]:
    """Return the declared checks."""
    return tuple(_checks)


def as_written(count: int, changed: Sequence[str]) -> Found:
    """Return what is found where records are held against the digests taken when they were written.

    Parameters
    ----------
    count : int
        How many were looked at.
    changed : sequence of str
        The kind and number of each that differs.
    """
    if not changed:
        return Found("ok", f"{count} 份与当时的摘要一致", f"{count} agree with their digests")
    some = ", ".join(changed[:5])
    return Found(
        "error",
        f"{len(changed)} 份的内容与当时的摘要不符（{some}）",
        f"{len(changed)} do not say what they said ({some})",
        "从备份中找出原来的内容；查明是谁绕过平台改了数据库。",
        "Find what they said in a backup, and who changed the database past the platform.",
    )
