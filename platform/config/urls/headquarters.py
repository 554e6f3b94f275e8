"""Addresses of headquarters: what every society has, the cashier, and the federation's console."""

from django.urls import URLPattern, URLResolver, include, path

from api.v1.urls import headquarters_urlpatterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huilian.portals.urls.public")),
    path("", include("huilian.portals.urls.front_door")),
    path("", include("huilian.portals.urls.console")),
    path("", include("huilian.portals.urls.console_headquarters")),
    path("api/v1/", include(headquarters_urlpatterns)),
]
handler500 = "config.outage.server_error"
