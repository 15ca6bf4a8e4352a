"""The tables that can be imported into the ledger: tasks, figures, programmes."""


def register_importers() -> None:
    """Register every importer of the room."""
    from bridgehead.ground.imports.registry import register
    from bridgehead.rooms.ledger.importers.figures import figures_importer
    from bridgehead.rooms.ledger.importers.programmes import PROGRAMMES
    from bridgehead.rooms.ledger.importers.tasks import TASKS

    for one in (TASKS, figures_importer(), PROGRAMMES):
        register(one)
