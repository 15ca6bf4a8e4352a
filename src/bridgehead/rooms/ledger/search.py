"""What the ledger room can be searched for."""

from bridgehead.rooms.ledger.searchables.supervision import register_supervision


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    from bridgehead.rooms.ledger.selectors.publication_search import register_questions

    register_questions()
    from bridgehead.rooms.ledger.selectors.coordination_search import register_coordination

    register_coordination()
    from bridgehead.ground.search.registry import Searchable
    from bridgehead.ground.search.registry import register as register_searchable
    from bridgehead.rooms.ledger.figures_elsewhere import documents

    register_searchable(
        Searchable(kind="indicator", title_zh="指标", title_en="Indicators", of_region=documents, order=60)
    )
    from bridgehead.rooms.ledger.selectors.programmes_found import register_programmes

    register_programmes()
    register_supervision()
