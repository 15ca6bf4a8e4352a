"""The tables that can be imported into the ledger."""


def register_importers() -> None:
    """Register every importer of the room."""
