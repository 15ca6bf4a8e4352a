"""What the ledger room can be searched for."""


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
