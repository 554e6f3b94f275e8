"""Addresses of a branch or a provincial society: the public's pages, its console, its API."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huilian.portals.urls.public")),
    path("", include("huilian.portals.urls.console")),
    path("api/v1/", include("api.v1.urls")),
]
handler500 = "config.outage.server_error"
