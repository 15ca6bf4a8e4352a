"""The statute room as a Django app."""

from django.apps import AppConfig


class StatuteConfig(AppConfig):
    """The statute room."""

    name = "bridgehead.rooms.statute"
    label = "statute"

    def ready(self) -> None:
        """Register what the statute room can be searched for."""
        from bridgehead.rooms.statute.search import register_searchables

        register_searchables()
