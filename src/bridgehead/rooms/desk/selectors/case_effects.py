"""What came of a case beyond the case itself: places in training, an item of news; and the sessions to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.engines.cases.machine import Effect
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.rooms.desk.case_words import moment_words
from bridgehead.rooms.desk.models import NewsItem, TrainingPlace, TrainingSession
from bridgehead.rooms.desk.selectors.case_page import CasePage
from bridgehead.rooms.desk.selectors.training import sessions, state_word
from bridgehead.rooms.desk.texts import said


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that came of a case: what it is, a word on how it stands, and its page, empty where it has none."""

    title: str
    word: str
    address: str


def came_of(viewer: Viewer, page: CasePage) -> Sequence[Made]:
    """Return what moves of a case did beyond it, for whoever sees the case.

    Articles: 48, 51
    """
    effects = {one.id: one.effect for one in page.service.machine.moves if one.effect is not None}
    done = {effects[one.event.move] for one in page.events if one.event.move in effects}
    found: list[Made] = []
    if Effect.TRAINING_PLACE in done:
        found += _places(page)
    if Effect.NEWS_ITEM in done:
        found += _news(viewer, page)
    return found


def _places(page: CasePage) -> list[Made]:
    with as_system("reading which places came of a case somebody sees"):
        rows = list(TrainingPlace.objects.filter(case=page.case).select_related("session"))
    names = page.is_trader or page.is_officer  # whoever else sees the case reads nothing sensitive of it
    return [
        Made(
            " · ".join([*([one.name] if names else []), said(one.session.texts, "title")]),
            f"{moment_words(one.session.starts_at)} · {state_word(one)}",
            reverse("desk:training-session", args=[one.session_id]),
        )
        for one in rows
    ]


def _news(viewer: Viewer, page: CasePage) -> list[Made]:
    with as_system("reading which item of news came of a case somebody sees"):
        rows = list(NewsItem.objects.filter(case=page.case))
    return [
        Made(
            said(one.texts, "title"),
            "" if one.is_open else pgettext("news", "已撤回"),
            reverse("desk:news-item", args=[one.pk]) if visible(NewsItem, viewer).filter(pk=one.pk).exists() else "",
        )
        for one in rows
    ]


def session_options() -> list[tuple[str, str]]:
    """Return the sessions an office can give places in: announced, still to come, with seats left.

    Articles: 48, 51
    """
    rows = TrainingSession.objects.filter(
        is_open=True, state=TrainingSession.State.PLANNED, starts_at__gt=timezone.now()
    )
    return [
        (str(one.record.pk), f"{moment_words(one.record.starts_at)} · {one.title} · {one.word} · {one.office}")
        for one in sessions(rows)
        if one.free
    ]
