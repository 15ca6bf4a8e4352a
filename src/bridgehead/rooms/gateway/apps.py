"""The gateway room as a Django app."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The gateway room."""

    name = "bridgehead.rooms.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Register what the gateway shows on the pages of other rooms, and what it can be searched for."""
        from bridgehead.rooms.gateway.panels import register_panels
        from bridgehead.rooms.gateway.search import register_searchables

        register_panels()
        register_searchables()
