"""Addresses that only headquarters has for the public: where dues are paid."""

from django.urls import URLPattern, URLResolver, path

from huilian.portals.views import cashier

urlpatterns: list[URLPattern | URLResolver] = [
    # A bill, shown and paid with a ticket from the society whose member owes it.
    path("cashier/", cashier.cashier, name="cashier"),
]
