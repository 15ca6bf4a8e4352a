"""Routes: pages in each language, static files, the API. All pages come from their declarations."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from bridgehead.ground.routes import download_urlpatterns
from bridgehead.ground.routes import urlpatterns as declared
from bridgehead.ground.screens.views import provider
from bridgehead.site import assets
from bridgehead.site.api import api

to_the_description = require_safe(RedirectView.as_view(pattern_name="api:openapi-view"))

urlpatterns = [
    path("api", to_the_description),
    path("api/", to_the_description),
    path("api/", api.urls),
    path("static/<path:name>", assets.serve, name="static"),
    # The way to an identity provider and back: no pages, and the second address is the one the provider knows.
    path("sign-in/provider", provider.begin, name="provider"),
    path("sign-in/provider/done", provider.done, name="oidc_authentication_callback"),
    *download_urlpatterns(),
    *i18n_patterns(*declared(), prefix_default_language=False),
]

handler400 = "bridgehead.site.errors.bad_request"
handler404 = "bridgehead.site.errors.not_found"
handler500 = "bridgehead.site.errors.internal"
