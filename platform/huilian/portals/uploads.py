"""Handing an upload out again: its bytes, under headers with which it can do nothing but be looked at."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# What is stored was written anew or searched before; anything else is handed out as a file to save.
_SHOWN = frozenset({"image/jpeg", "image/png", "application/pdf"})
_NOTHING_ELSE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


def upload_response(content: bytes, *, content_type: str, file_name: str) -> HttpResponse:
    """An answer with the bytes of an upload; who may see it has been asked before."""
    shown = content_type in _SHOWN
    response = HttpResponse(content, content_type=content_type if shown else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not shown, file_name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    if content_type != "application/pdf":  # a browser's own reader of PDF files does not start in a sandbox
        response["Content-Security-Policy"] = _NOTHING_ELSE
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
