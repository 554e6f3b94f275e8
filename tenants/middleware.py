"""The host name decides the society; an unknown host is nowhere, a suspended society is closed."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import set_urlconf
from django.utils import timezone
from django_tenants.utils import get_tenant_types

from tenants import registry
from tenants.models import Society


class SocietyMiddleware:
    """First in the stack: from here on the request lives in one society."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        try:
            host = request.get_host().split(":")[0].lower()
        except DisallowedHost:
            host = ""
        society = registry.find("by_host", host)
        if society is None or society.state == Society.State.OPENING:
            return _plain_page("404.html", 404)
        if society.state == Society.State.SUSPENDED:
            response = _plain_page("503.html", 503)
            response["Retry-After"] = "3600"
            return response
        connection.set_tenant(society)  # type: ignore[attr-defined]
        timezone.activate(society.time_zone)
        request.tenant = society  # type: ignore[attr-defined]
        request.urlconf = get_tenant_types()[society.kind]["URLCONF"]
        set_urlconf(request.urlconf)
        return self.get_response(request)


def _plain_page(template: str, status: int) -> HttpResponse:
    """A page without a request: outside a society there is no session, no user and no language to ask for."""
    return HttpResponse(loader.get_template(template).render(), status=status)
