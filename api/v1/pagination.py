"""Lists come in pages, with the number of all."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

MOST = 200


class Pages(PageNumberPagination):
    """`?page=2&page_size=100`: at most 200 a page; what is no number is refused, not guessed."""

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = f"How many results a page has: 1 to {MOST}."
    page_query_description = "Which page: 1, 2, 3 …"
    max_page_size = MOST

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        size = _whole(given)
        if size is None or not 1 <= size <= MOST:
            sentence = _("A page has 1 to %(most)s results.") % {"most": MOST}
            raise ValidationError({"page_size": sentence}, code="page_size")
        return size

    def get_page_number(self, request: Request, paginator: Any) -> int:
        given = request.query_params.get("page", "1")
        number = _whole(given)
        if number is None or number < 1:
            raise ValidationError({"page": _("A page is a number from 1.")}, code="page")
        if number > paginator.num_pages:
            raise NotFound(_("The last page is %(pages)s.") % {"pages": paginator.num_pages}, code="page_unknown")
        return number

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"]["minimum"] = 1
            if parameter["name"] == "page_size":
                parameter["schema"].update(maximum=MOST, default=self.page_size)
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name, page in (("next", 3), ("previous", 1)):
            described["properties"][name]["example"] = f"https://welding.example.org/api/v1/members/?page={page}"
        described["required"] = ["count", "next", "previous", "results"]
        return described


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
