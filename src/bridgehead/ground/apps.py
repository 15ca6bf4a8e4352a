"""The Django app under the rooms."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """The ground: people, journal, tasks, files, region editions, template tags and partial templates."""

    name = "bridgehead.ground"
    label = "ground"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let connections to PostgreSQL follow the viewer and the search index every action; register what is here."""
        from django.db import connections
        from django.db.backends.signals import connection_created

        from bridgehead.ground import plans
        from bridgehead.ground.access import row_security
        from bridgehead.ground.actions import after_each_change
        from bridgehead.ground.demonstration import people
        from bridgehead.ground.demonstration.registry import demonstration
        from bridgehead.ground.imports import shipped
        from bridgehead.ground.language import fall_back_to_english
        from bridgehead.ground.search.index import follow
        from bridgehead.ground.search.own import register_searchables

        fall_back_to_english()
        register_searchables()
        after_each_change(follow)
        connection_created.connect(row_security.follow, dispatch_uid="row security")
        connection_created.connect(plans.plan, dispatch_uid="plans")
        for connection in connections.all(initialized_only=True):
            row_security.follow(connection)
            plans.plan(connection)
        shipped.register_all()
        demonstration(10, people.fill, people.wipe)
