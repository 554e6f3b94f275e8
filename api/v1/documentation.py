"""The description of the API, and a page to read it and try it: nothing is loaded from elsewhere."""

from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.throttles import PerCaller


class SchemaView(SpectacularAPIView):
    """OpenAPI of what this kind of society answers, as YAML or JSON."""

    throttle_classes = (PerCaller,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(described(request._request.urlconf))


class Documentation(SpectacularSwaggerView):
    """A page on which each operation can be tried."""

    url_name = "api_schema"


@lru_cache(maxsize=4)
def described(urlconf: str) -> dict[str, Any]:
    """The description for one kind of society; it never changes while a process lives."""
    generator = SchemaGenerator(urlconf=urlconf)  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema
