"""The ledger room as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger room."""

    name = "bridgehead.rooms.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register what the ledger shows on the pages of other rooms, imports, is searched for and checked for."""
        import bridgehead.rooms.ledger.checks  # noqa: F401 - it declares checks
        from bridgehead.ground.demonstration.registry import demonstration
        from bridgehead.rooms.ledger.demonstration import add, fill, wipe
        from bridgehead.rooms.ledger.dossier import register_sections
        from bridgehead.rooms.ledger.importers import register_importers
        from bridgehead.rooms.ledger.panels import register_panels
        from bridgehead.rooms.ledger.papers.circular_pace import register_circular_parts
        from bridgehead.rooms.ledger.programme_demonstration import demonstrate
        from bridgehead.rooms.ledger.search import register_searchables
        from bridgehead.rooms.ledger.selectors.begun import register_begun
        from bridgehead.rooms.ledger.selectors.waiting import register_days, register_matters

        register_panels()
        register_sections()
        register_importers()
        register_searchables()
        register_matters()
        register_begun()
        register_days()
        register_circular_parts()
        add(30, demonstrate)
        demonstration(40, fill, wipe)
