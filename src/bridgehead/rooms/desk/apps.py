"""The desk room as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk room."""

    name = "bridgehead.rooms.desk"
    label = "desk"

    def ready(self) -> None:
        """Register what the desk is searched for, shows on the pages of other rooms and demonstrates."""
        from bridgehead.ground.demonstration.registry import demonstration
        from bridgehead.rooms.desk.demonstration import fill, wipe
        from bridgehead.rooms.desk.search import register_searchables

        register_searchables()
        demonstration(30, fill, wipe)
