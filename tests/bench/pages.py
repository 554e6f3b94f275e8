"""Three pages for measuring what tenancy costs a request: no query, one query, ten."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.urls import path


def none(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pong\n")


def ping(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ask(1))


def ten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(_ask(key) for key in range(1, 11)))


def _ask(key: int) -> str:
    return ContentType.objects.values_list("model", flat=True).get(pk=key)


urlpatterns = [path("none/", none), path("ping/", ping), path("ten/", ten)]
