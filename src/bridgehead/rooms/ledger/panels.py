"""What the ledger shows on the pages of other rooms: of an article, an organisation, an organ of a statute."""


def register_panels() -> None:
    """Register every panel of the room."""
    from bridgehead.ground.panels import register
    from bridgehead.rooms.ledger.selectors.dossier_panel import article_panel

    register("article", "落实情况", "How it is carried out", article_panel, "ledger/dossier_panel.html", order=60)
