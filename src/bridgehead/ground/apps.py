"""The Django app under the rooms."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """The ground: region editions, template tags and partial templates."""

    name = "bridgehead.ground"
    label = "ground"
    default_auto_field = "django.db.models.BigAutoField"
