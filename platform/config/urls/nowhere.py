"""No society, no pages."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
handler500 = "config.outage.server_error"
