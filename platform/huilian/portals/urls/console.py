"""Addresses of the society console: the same at headquarters and in every society."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
