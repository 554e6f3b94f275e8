"""What all resources share: reading a query, reading a body, answering with a page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import (
    BaseSerializer,
    BooleanField,
    CharField,
    ChoiceField,
    Serializer,
)
from rest_framework.views import APIView

from api.v1.describing import ApiSchema
from api.v1.pagination import Pages
from api.v1.parsers import JsonBody
from api.v1.throttles import PerCaller
from huilian.accounts.models import User
from huilian.journal.actors import actor_of
from kit.clean_text import is_unprintable

PAGING = frozenset({"page", "page_size"})


class AlwaysJson(BaseContentNegotiation):
    """There is one form of every answer, whatever a caller says it would rather have."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class Resource(APIView):
    """One address. `scopes` names what a token needs per method; a method that is not in it is closed."""

    scopes: ClassVar[Mapping[str, str]] = {}
    open_to_all: ClassVar[frozenset[str]] = frozenset()  # methods that also work without a token
    http_method_names = ("get", "post", "head")
    parser_classes: Sequence[type[BaseParser]] = (JsonBody,)
    throttle_classes = (PerCaller,)
    content_negotiation_class = AlwaysJson
    pagination_class = Pages
    schema = ApiSchema()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell moments in UTC, whatever the clock on the society's wall shows."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def read_query(self, serializer: type[Serializer[Any]], *, paged: bool = True) -> dict[str, Any]:
        """The filters of a list; a misspelt one is refused, because leaving it out would show everything."""
        given: QueryDict = self.request.query_params
        known = set(serializer().fields) | (PAGING if paged else set())
        strangers = sorted(set(given) - known)
        if strangers:
            sentence = _("There is no such filter here. Possible are: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise ValidationError({name[:40]: sentence for name in strangers[:10]}, code="filter_unknown")
        asked = serializer(data={name: value for name, value in given.items() if name not in PAGING})
        asked.is_valid(raise_exception=True)
        values = _filled(asked)
        for name, value in values.items():
            if isinstance(value, str) and any(is_unprintable(symbol) for symbol in value):
                raise ValidationError({name: _("This contains characters that cannot be shown.")}, code="unreadable")
        return values

    def read_body(self, serializer: type[Serializer[Any]], body: Any = None) -> dict[str, Any]:
        """The body, checked; a member that is not asked for is refused, not ignored."""
        given = self.request.data if body is None else body
        if not isinstance(given, Mapping):
            raise ValidationError(_("Send one object."), code="not_an_object")
        strangers = sorted(str(name) for name in set(given) - set(serializer().fields))
        if strangers:
            raise ValidationError({name[:40]: _("This is not asked for.") for name in strangers[:10]}, code="unknown")
        body = serializer(data=given)
        body.is_valid(raise_exception=True)
        return _filled(body)

    def page(
        self, rows: QuerySet[Any] | Sequence[Any], serializer: type[BaseSerializer[Any]], **context: Any
    ) -> Response:
        """One page of the rows, each as the serializer shows it."""
        pages = self.pagination_class()
        shown = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response(serializer(shown, many=True, context=context).data)

    @property
    def user(self) -> User:
        """Whose token it is; only where a token is needed."""
        user = self.request.user
        if not isinstance(user, User):
            raise TypeError("this method is open to everybody: there may be no user")
        return user

    @property
    def actor(self) -> str:
        return actor_of(self.user)


def _filled(checked: Serializer[Any]) -> dict[str, Any]:
    """What was sent, and nothing (an empty text, no, or None) for what was left out."""
    values = dict(checked.validated_data)
    for name, field in checked.fields.items():
        if name not in values:
            is_text = isinstance(field, CharField | ChoiceField)
            values[name] = "" if is_text else False if isinstance(field, BooleanField) else None
    return values
