"""The tables that can be imported into the ledger."""


def register_importers() -> None:
    """Register every importer of the room."""
    from bridgehead.ground.imports.registry import register
    from bridgehead.rooms.ledger.actions.figures_import import figures_importer

    register(figures_importer())
    from bridgehead.rooms.ledger.importing_programmes import PROGRAMMES

    register(PROGRAMMES)
    from bridgehead.rooms.ledger.imports_tasks import TASKS

    register(TASKS)
