"""Addresses of headquarters: what every society has, the cashier, and the federation's console."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huilian.portals.urls.public")),
    path("", include("huilian.portals.urls.front_door")),
    path("", include("huilian.portals.urls.console")),
    path("", include("huilian.portals.urls.console_headquarters")),
    path("api/v1/", include("api.v1.urls")),
]
