"""What the ledger shows on the pages of other rooms: of an article, an organisation, a place, a port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import current_viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.panels import register
from bridgehead.rooms.ledger.figures_elsewhere import indicators_of_article, indicators_of_organisation
from bridgehead.rooms.ledger.models import Responsibility
from bridgehead.rooms.ledger.selectors.board import owed_on
from bridgehead.rooms.ledger.selectors.dossier_panel import article_panel
from bridgehead.rooms.ledger.selectors.programmes_elsewhere import of_organisation, of_place
from bridgehead.rooms.ledger.selectors.supervision_panel import supervision_of_organisation
from bridgehead.rooms.ledger.selectors.tasks_then import late_on
from bridgehead.rooms.ledger.who import READ, sees_all_of


def owed_by_organisation(organisation: str) -> Mapping[str, Any] | None:
    """Return how much an organisation owes today and answers for, for whoever may read the ledger."""
    viewer = current_viewer()
    if not viewer.may(READ):
        return None
    found = visible(Organisation, viewer).filter(code=organisation).first()
    if found is None or not sees_all_of(viewer, found.pk):
        return None
    today = timezone.localdate()
    told = owed_on(viewer, today).filter(office=found)
    counts = told.aggregate(owed=Count("id"), late=Count("id", filter=late_on(today)))
    duties = visible(Responsibility, viewer).filter(office=found, until_on=None).count()
    if not counts["owed"] and not duties:
        return None
    return {"code": found.code, "duties": duties, **counts}


def register_panels() -> None:
    """Register every panel of the room."""
    figures, programmes = "ledger/panel_figures.html", "ledger/panel_programmes.html"
    register("article", "落实情况", "How it is carried out", article_panel, "ledger/dossier_panel.html", order=60)
    register("article", "指标数据", "Figures", indicators_of_article, figures, order=70)
    register("organisation", "台账", "The ledger", owed_by_organisation, "ledger/panel_owed.html", order=20)
    register("organisation", "项目", "Programmes", of_organisation, programmes, order=60)
    register("organisation", "要报的指标", "Figures to report", indicators_of_organisation, figures, order=70)
    told = "ledger/supervision_panel.html"
    register("organisation", "监督", "Supervision", supervision_of_organisation, told, order=80)
    for kind in ("place", "port"):
        register(kind, "项目", "Programmes", of_place, programmes, order=60)
