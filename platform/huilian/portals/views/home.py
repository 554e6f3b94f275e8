"""The front page: what membership offers, for whom, at what dues."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huilian.accounts.queries import local_day
from huilian.portals.offer import benefit_table, comparison, granted_categories, offers_of
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants.context import law


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Compare the categories, list the benefits, and lead to joining."""
    today = local_day(clock.now())
    scheme = current_scheme(today)
    columns, rows = comparison(scheme, on=today)
    benefit_columns, benefit_rows = benefit_table(scheme)
    context = {
        "scheme": scheme,
        "offers": offers_of(scheme, on=today),
        "granted": granted_categories(scheme),
        "columns": columns,
        "rows": rows,
        "benefit_columns": benefit_columns,
        "benefit_rows": benefit_rows,
        "today": today,
        "at_headquarters": law().aggregates,
    }
    return render(request, "huilian/home.html", context)
