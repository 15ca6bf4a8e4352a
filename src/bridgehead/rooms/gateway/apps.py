"""The gateway room as a Django app."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The gateway room."""

    name = "bridgehead.rooms.gateway"
    label = "gateway"
