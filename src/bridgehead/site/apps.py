"""The site as a Django app, for its templates, messages and stylesheet."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Templates, messages and static files of the site."""

    name = "bridgehead.site"
    label = "bridgehead_site"
