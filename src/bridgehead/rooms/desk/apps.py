"""The desk room as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk room."""

    name = "bridgehead.rooms.desk"
    label = "desk"

    def ready(self) -> None:
        """Register what the desk is searched for, examined for, shows elsewhere, mails and demonstrates."""
        import bridgehead.rooms.desk.checks  # noqa: F401 - it declares checks
        from bridgehead.ground.demonstration.registry import demonstration
        from bridgehead.rooms.desk.demonstration import fill, wipe
        from bridgehead.rooms.desk.notices import register_letters
        from bridgehead.rooms.desk.panels import register_panels
        from bridgehead.rooms.desk.search import register_searchables

        register_panels()
        register_searchables()
        register_letters()
        demonstration(30, fill, wipe)
