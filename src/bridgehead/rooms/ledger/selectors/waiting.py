"""What every subject of the ledger says waits this morning and falls on the days of the calendar; registered here."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.rooms.ledger import falling, matters
from bridgehead.rooms.ledger.matters import Asking, Matter
from bridgehead.rooms.ledger.models import Duty
from bridgehead.rooms.ledger.selectors.calendar import milestones, recurring_days
from bridgehead.rooms.ledger.selectors.coordination_days import register_coordination_days
from bridgehead.rooms.ledger.selectors.coordination_matters import register_coordination_matters
from bridgehead.rooms.ledger.selectors.figures_days import figure_days
from bridgehead.rooms.ledger.selectors.figures_owed import figure_matters
from bridgehead.rooms.ledger.selectors.findings import findings_unlisted
from bridgehead.rooms.ledger.selectors.programmes_due import (
    NO_NEXT_STEP,
    OVER,
    OVERDUE,
    TO_DECIDE,
    programme_days,
    programmes_due,
)
from bridgehead.rooms.ledger.selectors.publication_due import question_days, questions_due
from bridgehead.rooms.ledger.selectors.supervision_due import register_supervision_days, supervision_due
from bridgehead.rooms.ledger.who import KEEP
from bridgehead.rooms.statute.public import held_duties


def register_matters() -> None:
    """Register what each subject says waits."""
    register_coordination_matters()
    matters.register("figures", figure_matters)
    matters.register("programmes", _programmes)
    matters.register("supervision", _supervision)
    matters.register("questions", _questions)
    matters.register("law", _law)
    matters.register("findings", _findings)


def register_days() -> None:
    """Register what each subject says falls on a day."""
    register_coordination_days()
    register_supervision_days()
    falling.register("programmes", "programme", programme_days)
    falling.register("figures", "figure", figure_days)
    falling.register("questions", "question", question_days)
    falling.register("milestones", "milestone", milestones)
    falling.register("recurring", "recurring", recurring_days)


def _programmes(asking: Asking) -> list[Matter]:
    words = {
        OVERDUE: _("项目的下一步已到日子"),
        NO_NEXT_STEP: _("项目没有写下一步"),
        TO_DECIDE: _("项目进入下一阶段，等人认可"),
        OVER: _("项目超过预算"),
    }
    found = programmes_due(asking.viewer, asking.offices, asking.on)[: asking.most]
    return [Matter(one.title, words[one.why], one.address, one.due_on, one.organisation) for one in found]


def _supervision(asking: Asking) -> list[Matter]:
    found = supervision_due(asking.viewer, asking.offices, asking.on)[: asking.most]
    return [Matter(one.title, one.what, one.address, one.due_on, one.organisation, (83,)) for one in found]


def _questions(asking: Asking) -> list[Matter]:
    found = questions_due(asking.viewer, asking.offices, asking.on)[: asking.most]
    return [Matter(one.title, one.what, one.address, one.due_on, one.organisation, (7,)) for one in found]


def _law(asking: Asking) -> list[Matter]:
    """Say that the text that holds is not the one the ledger follows, to whoever keeps it."""
    keeping = [pk for pk in asking.offices if asking.viewer.grant_for(KEEP, pk, to_write=True)]
    held = held_duties(asking.viewer) if keeping else []
    if not held:
        return []
    rows = visible(Duty, asking.viewer).filter(work=held[0].work).exclude(state=Duty.State.GONE)
    known = dict(rows.values_list("eid", "anchor"))
    # A changed duty keeps its own words until somebody agrees to the new ones; those were seen already.
    seen = {now["anchor"] for now in rows.exclude(state=Duty.State.HOLDS).values_list("now", flat=True) if now}
    other = sum(known.get(one.eid) != one.anchor and one.anchor not in seen for one in held)
    if not other or not known:
        return []
    why = ngettext("现行文本里有 %(n)s 项职责和台账不同", "现行文本里有 %(n)s 项职责和台账不同", other) % {"n": other}
    return [
        Matter(_("法规换了文本"), why, reverse("ledger:duties"), None, keeping[0], (), pgettext("ledger", "重看一遍"))
    ]


def _findings(asking: Asking) -> list[Matter]:
    """Say which faults of inspections are not on the list of problems yet, to whoever keeps it."""
    keeping = [pk for pk in asking.offices if asking.viewer.grant_for(KEEP, pk, to_write=True)]
    found = findings_unlisted(asking.viewer) if keeping else []
    if not found:
        return []
    why = ngettext("检查发现的 %(n)s 个问题没有列入", "检查发现的 %(n)s 个问题没有列入", len(found)) % {"n": len(found)}
    articles = tuple(sorted({one.article for one in found}))
    address = reverse("ledger:problems") + "#unlisted"
    return [Matter(_("问题清单"), why, address, found[0].due_on, keeping[0], articles)]
