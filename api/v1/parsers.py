"""Reading bodies: bounded in size, and free of what no database or page could show."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

_DEEPEST = 40
_SURROGATES = range(0xD800, 0xE000)
_FORM_BYTES = 64 * 1024  # of a multipart body, beside its file


class JsonBody(JSONParser):
    """JSON of one object, of the size that settings allow."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        _check_size(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise _too_deep() from None
        check_text(body)
        return body


class UploadBody(MultiPartParser):
    """A form with a file, not larger than the largest paper."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        _check_size(parser_context, settings.UPLOAD_MAX_BYTES + _FORM_BYTES)
        body = super().parse(stream, media_type, parser_context)
        for values in body.data.lists():
            check_text(list(values))
        return body


def check_text(value: object, depth: int = 0) -> None:
    """Refuse NUL and halves of characters anywhere in a body, and nesting without end."""
    if depth > _DEEPEST:
        raise _too_deep()
    if isinstance(value, str):
        if any(symbol == "\x00" or ord(symbol) in _SURROGATES for symbol in value):
            raise ParseError(_("The body contains a NUL or half of a character."))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            check_text(name, depth + 1)
            check_text(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            check_text(inner, depth + 1)


def _check_size(context: Any, most: int) -> None:
    length = str(context["request"].META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > most:
        raise RequestDataTooBig(f"a body of {length} bytes")


def _too_deep() -> ParseError:
    return ParseError(_("The body is nested too deeply."))
