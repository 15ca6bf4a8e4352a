"""What the ledger room can be searched for."""


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    from bridgehead.rooms.ledger.selectors.publication_search import register_questions

    register_questions()
