"""What the ledger shows on the pages of other rooms: of an article, an organisation, an organ of a statute."""

from bridgehead.ground.panels import register
from bridgehead.rooms.ledger.selectors.supervision_panel import supervision_of_organisation


def register_panels() -> None:
    """Register every panel of the room."""
    from bridgehead.ground.panels import register
    from bridgehead.rooms.ledger.selectors.dossier_panel import article_panel

    register("article", "落实情况", "How it is carried out", article_panel, "ledger/dossier_panel.html", order=60)
    from bridgehead.rooms.ledger import figures_elsewhere, matters
    from bridgehead.rooms.ledger.selectors.figures_owed import figure_matters

    figures = "ledger/panel_figures.html"
    register("article", "指标数据", "Figures", figures_elsewhere.indicators_of_article, figures, order=70)
    register(
        "organisation",
        "要报的指标",
        "Figures to report",
        figures_elsewhere.indicators_of_organisation,
        figures,
        order=70,
    )
    matters.register("figures", figure_matters)
    from bridgehead.rooms.ledger.selectors.programmes_elsewhere import of_organisation, of_place

    register("organisation", "项目", "Programmes", of_organisation, "ledger/panel_programmes.html", order=60)
    for kind in ("place", "port"):
        register(kind, "项目", "Programmes", of_place, "ledger/panel_programmes.html", order=60)
    register(
        "organisation", "监督", "Supervision", supervision_of_organisation, "ledger/supervision_panel.html", order=70
    )
