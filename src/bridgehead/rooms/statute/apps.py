"""The statute room as a Django app."""

from django.apps import AppConfig


class StatuteConfig(AppConfig):
    """The statute room."""

    name = "bridgehead.rooms.statute"
    label = "statute"

    def ready(self) -> None:
        """Register what the statute room can be searched for, and what the doctor looks at in it."""
        import bridgehead.rooms.statute.checks  # noqa: F401 - it declares a check
        from bridgehead.rooms.statute.search import register_searchables

        register_searchables()
