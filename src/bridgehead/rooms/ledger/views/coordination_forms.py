"""What the forms of meetings, problems, requests and circulars read alike, and the files they give out."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override, pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import OF_EVERY_PAGE, django_code, language
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.render.docx_paper import Paper, docx_paper
from bridgehead.rooms.ledger.who import bodies

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GOVERNMENT = "government"
_BETWEEN = re.compile(r"[\s,，、;；]+")


def numbers_in(sent: Sent, name: str) -> tuple[int, ...]:
    """Return the numbers of the records that were chosen in a field that takes several."""
    chosen = [one for one in sent.texts(name) if one]
    for one in chosen:
        if not one.isascii() or not one.isdigit() or len(one) > 18:
            sent.refuse("form.no_such_choice", name, value=one[:40])
    return tuple(int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) <= 18)


def articles_in(sent: Sent, name: str = "articles") -> tuple[int, ...]:
    """Return the numbers of articles written into a field, with whatever stands between them."""
    written = [one for one in _BETWEEN.split(sent.text(name)) if one]
    for one in written:
        if not one.isascii() or not one.isdigit() or len(one) > 4:
            sent.refuse("coordination.bad_articles", name, value=one[:40])
    return tuple(int(one) for one in written if one.isascii() and one.isdigit() and len(one) <= 4)


def day_in(sent: Sent, name: str, instead: date | None = None) -> date:
    """Return the day of a field that must be filled; another, for the checks of the rest, where it is missing or wrong.

    The fault is noted: an action that is given `Sent.unread` tells it with all others, and does nothing.
    """
    return sent.day(name, needed=True) or instead or timezone.localdate()


def moment_in(sent: Sent, day: str = "day", at: str = "time") -> datetime:
    """Return the moment two fields say, in the time of the region; now, as `day_in` does, where one is wrong."""
    on = sent.day(day, needed=True)
    clock = sent.text(at, needed=True)
    try:
        hour = time.fromisoformat(clock) if clock else None
    except ValueError:
        sent.refuse("meeting.not_a_time", at, value=clock[:40])
        hour = None
    if on is None or hour is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, hour.replace(tzinfo=None)))


def body_options(viewer: Viewer) -> list[tuple[str, str, str]]:
    """Return the public bodies a form can choose from: number, name and its language where that is not the page's."""
    return choices(bodies(viewer))


def body_groups(viewer: Viewer) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the public bodies as `body_options` does, departments and other units apart from governments."""
    there = bodies(viewer)
    groups = (
        (pgettext("coordination", "部门和单位"), [one for one in there if one.kind != GOVERNMENT]),
        (pgettext("coordination", "各级人民政府"), [one for one in there if one.kind == GOVERNMENT]),
    )
    return [(title, choices(found)) for title, found in groups if found]


def again_on(request: HttpRequest) -> str:
    """Return what of an address the other pages of its list keep."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def listed(numbers: object) -> str:
    """Return the values of a field that takes several as a form holds them."""
    return "\n".join(str(one) for one in numbers)  # type: ignore[attr-defined]


class InLanguage:
    """Speak the language a file was asked for in: ``?lang=en``, else that of the visitor."""

    def __init__(self, request: HttpRequest) -> None:
        asked = request.GET.get("lang", "")
        self._override = override(django_code(asked if asked in OF_EVERY_PAGE else language()))

    def __enter__(self) -> None:
        self._override.__enter__()

    def __exit__(self, *trouble: object) -> None:
        self._override.__exit__(*trouble)  # type: ignore[arg-type]


def as_docx(paper: Paper, name: str) -> HttpResponse:
    """Return a paper as a file to keep."""
    return attachment(docx_paper(paper), f"{name}.docx", DOCX)
