"""The statute room as a Django app."""

from django.apps import AppConfig


class StatuteConfig(AppConfig):
    """The statute room."""

    name = "bridgehead.rooms.statute"
    label = "statute"
