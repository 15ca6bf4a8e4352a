"""Filters of the pages of cases: moments, working time, names of services and needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import pgettext

from bridgehead.rooms.desk import case_words
from bridgehead.rooms.desk.models import CaseFile
from bridgehead.rooms.desk.selectors.case_lists import ENDED, LATE, OPEN, WAITING, CaseLine
from bridgehead.rooms.desk.services import service_name

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """Return a moment in the time of the region."""
    return case_words.moment_words(value)


@register.filter
def working_time(minutes: float | None) -> str:
    """Return working minutes in words."""
    return case_words.minutes_words(round(minutes)) if minutes is not None else "—"


@register.filter
def need_named(need: str) -> str:
    """Return what somebody is asked to give with a move."""
    return case_words.need_word(need)


@register.filter
def service_named(service: str) -> str:
    """Return what a service is called."""
    return service_name(service)


@register.filter
def list_word(state: str) -> str:
    """Return what a part of a firm's cases is called."""
    words = {
        OPEN: pgettext("desk case", "正在办"),
        WAITING: pgettext("desk case", "等您补充"),
        LATE: pgettext("desk case", "已超时"),
        ENDED: pgettext("desk case", "已办结"),
    }
    return words[state]


@register.filter
def file_in(page: Any, field: str) -> CaseFile | None:
    """Return the file a draft has in a field."""
    found: CaseFile | None = page.file_of(field)
    return found


@register.filter
def due_words(line: CaseLine) -> str:
    """Return by when whoever a case waits for has to act, or when it ended; a dash where nothing was promised."""
    case = line.case
    return case_words.moment_words(case.due_at or case.next_limit_at or case.ended_at) or "—"


@register.filter
def stage_options(stages: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the stages of a case as options of a field."""
    return [(one.stage.stage, one.name) for one in stages]
