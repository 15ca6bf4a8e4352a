"""What the ledger room can be searched for."""


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    from bridgehead.rooms.ledger.selectors.publication_search import register_questions

    register_questions()
    from bridgehead.rooms.ledger.selectors.coordination_search import register_coordination

    register_coordination()
