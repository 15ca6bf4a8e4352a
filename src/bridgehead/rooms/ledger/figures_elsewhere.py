"""Indicators on the pages of articles and organisations, in the dossier of an article, and in the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, current_viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.search.registry import Document
from bridgehead.kernel.periods import Period
from bridgehead.regions.load import Region
from bridgehead.rooms.ledger.dossier import Asked, Line, Section
from bridgehead.rooms.ledger.indicators import Definition, indicators, read_indicators
from bridgehead.rooms.ledger.selectors.figures import Reckoned, Reckoner
from bridgehead.rooms.ledger.selectors.figures_goals import goal_of
from bridgehead.rooms.ledger.selectors.figures_owed import figures_owed
from bridgehead.rooms.ledger.selectors.figures_pace import (
    NO_FIGURE,
    NONE_SEEN,
    YEARS_BACK,
    PaceLine,
    bodies_named,
    line_of,
    pattern_of,
    status_words,
)
from bridgehead.rooms.ledger.selectors.figures_register import Wanted, register_page
from bridgehead.rooms.ledger.who import READ, sees_every_body

MOST_LINES = 12


def indicators_of_article(article: str) -> Mapping[str, Any] | None:
    """Return the indicators that concern an article, to whoever reads the ledger.

    Articles: 79
    """
    viewer = current_viewer()
    if not article.isdigit() or not viewer.may(READ):
        return None
    return _panel(viewer, Wanted(article=int(article)), {"article": article})


def indicators_of_organisation(code: str) -> Mapping[str, Any] | None:
    """Return the indicators an organisation reports, and how many figures it owes, to whoever reads the ledger.

    Articles: 79
    """
    viewer = current_viewer()
    if not viewer.may(READ):
        return None
    found = _panel(viewer, Wanted(body=code), {"body": code})
    organisation = visible(Organisation, viewer).filter(code=code).first()
    if found is None or organisation is None:
        return found
    owners = viewer.owners_in("duties") | viewer.offices_in("duties")
    seen = viewer.wholly("duties") or organisation.pk in owners
    owed = figures_owed(viewer, [int(organisation.pk)], timezone.localdate(), 1) if seen else []
    return {**found, "owed": len(owed), "code": code}


def _panel(viewer: Viewer, wanted: Wanted, asked: Mapping[str, str]) -> Mapping[str, Any] | None:
    lines = register_page(viewer, wanted).lines
    if not lines:
        return None
    return {"lines": lines[:MOST_LINES], "address": f"{reverse('ledger:indicators')}?{urlencode(asked)}"}


def documents(region: Region) -> Iterable[Document]:
    """Return the indicators of a region for the search."""
    for one in read_indicators(region).listed:
        yield Document(
            record=one.id,
            title_zh=one.name_zh,
            title_en=one.name_en,
            names=(one.id,),
            text="\n".join(filter(None, (one.note_zh, one.note_en, one.source_body, one.five_type_zh))),
            page="ledger:indicator",
            kwargs={"indicator": one.id},
            audience=READ,
        )


def section(asked: Asked) -> Mapping[int, Section]:
    """Return the section of figures of the dossiers of some articles, read once for all of them.

    For each indicator of an article the value of the year and of the year before, in their own tables of the section,
    with target, pace and standing; what has no figure says so.

    Articles: 5, 79, 81
    """
    known, wanted = indicators(), set(asked.articles)
    defined = [one for one in known.listed if wanted & set(one.articles)]
    ids = [one.id for one in defined]
    aimed = {one.indicator for one in known.targets if one.year in (asked.year - 1, asked.year)} & set(ids)
    long = Reckoner.of(asked.viewer, aimed, range(asked.year - YEARS_BACK - 1, asked.year + 1))
    short = Reckoner.of(asked.viewer, set(ids) - aimed, (asked.year - 1, asked.year))
    of = {id: long if id in aimed else short for id in ids}  # only a target needs the course of earlier years
    bodies = bodies_named(asked.viewer, defined)
    now = {one.id: _line(of[one.id], one, asked.year, asked.on, bodies) for one in defined}
    year_ago = Period(asked.on, asked.on).year_before.last
    before = {one.id: _line(of[one.id], one, asked.year - 1, year_ago, bodies) for one in defined}
    found = {}
    for article in asked.articles:
        own = [one for one in defined if article in one.articles]
        found[article] = _section(asked, own, now, before)
    return found


def _section(asked: Asked, own: list[Definition], now: Mapping[str, Line], before: Mapping[str, Line]) -> Section:
    heads = (
        *(pgettext("ledger", "指标"), pgettext("ledger", "数值"), pgettext("ledger", "期间")),
        *(pgettext("ledger figures", "目标"), _("完成份额"), pgettext("ledger", "状态"), _("来源、日期和成色")),
    )
    lacking = [one for one in own if not now[one.id].standing]
    if not own:
        gap = _("没有指标对应这一条。")
    elif lacking:
        names = _("、").join(one.name for one in lacking[:MOST_LINES])
        told = {"n": len(lacking), "all": len(own), "year": asked.year, "names": names}
        if sees_every_body(asked.viewer):
            gap = _("%(year)s 年 %(all)s 个指标中 %(n)s 个没有数据：%(names)s") % told
        else:
            gap = _("%(year)s 年 %(all)s 个指标中 %(n)s 个没有你能看到的数：%(names)s") % told
        gap += _(" 等。") if len(lacking) > MOST_LINES else _("。")
    else:
        gap = ""
    shown = own[: asked.most]
    return Section(
        "figures",
        pgettext("ledger", "数据"),
        heads,
        tuple(now[one.id] for one in shown),
        tuple(before[one.id] for one in shown if before[one.id].standing),
        gap,
        len(own) - len(shown),
        (1, 3, 4),
    )


def _line(reckoner: Reckoner, definition: Definition, year: int, on: date, bodies: Mapping[str, str]) -> Line:
    end = min(on, date(year, 12, 31))
    done = reckoner.to_date(definition.id, year, end)
    target = next(
        (one for one in reversed(reckoner.known.targets) if (one.indicator, one.year) == (definition.id, year)), None
    )
    pace: PaceLine | None = None
    if target is not None:
        pace = line_of(
            goal_of(target), definition, done, pattern_of(reckoner, definition.id, year), bodies, wholly=reckoner.wholly
        )
    address = reverse("ledger:indicator", args=[definition.id])
    aim = "—" if target is None else wording.spelt(target.goal, definition.unit, language())[0]
    share = wording.percent(pace.share, language()) if pace and pace.share is not None else "—"
    status = pace.status_words if pace else "—"
    if done is None or done.value is None:
        nothing = status_words(NO_FIGURE if reckoner.wholly else NONE_SEEN)
        cells = (definition.name, nothing, f"{year}", aim, "—", status, "—")
        return Line(cells, address, pace is not None and pace.late)
    sign = wording.qualifier_sign(done.qualifier, language())
    value = sign + wording.spelt_words(done.value, definition.unit, language())
    told = _told(done)
    cells = (definition.name, value, done.when, aim, share, status, told)
    return Line(cells, address, pace is not None and pace.late, str(done.standing or ""))


def _told(done: Reckoned) -> str:
    standing = wording.standing_label(done.standing, language()) if done.standing else ""
    differs = pgettext("ledger figures", "有不同说法") if done.differs else ""
    return " ".join(filter(None, (standing, done.derived_from, done.source, done.source_date, differs)))
