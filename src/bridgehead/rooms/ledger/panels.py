"""What the ledger shows on the pages of other rooms: of an article, an organisation, an organ of a statute."""


def register_panels() -> None:
    """Register every panel of the room."""
