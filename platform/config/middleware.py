"""What is answered before any society is known."""

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from api.v1.problems import Problem

CHUNK = 64 * 1024  # bytes of what is thrown away


class RefuseNul:
    """A NUL in the address reaches no database: PostgreSQL cannot hold one, so it can only be a mistake."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            sentence = "The address contains a NUL character."
            if request.path_info.startswith("/api/"):
                return Problem(400, "malformed", sentence).before_any_view()
            return HttpResponseBadRequest(sentence, content_type="text/plain")
        return self.get_response(request)


class Bounds:
    """Nobody sends more than a form with its papers: of larger requests not a byte is kept.

    What comes of it is read all the same, up to twice as much as is allowed: a connection that is closed with bytes
    unread is reset, and with luck only does the sender, or the proxy in front, still read the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.REQUEST_MAX_BYTES:
            if length <= 2 * settings.REQUEST_MAX_BYTES:
                with suppress(OSError):  # the sender has gone
                    while request.read(CHUNK):
                        pass
            return HttpResponse("The request is too large.\n", status=413, content_type="text/plain")
        return self.get_response(request)


class ContentPolicy:
    """What a page may load: its own host's files, and nothing inline; forms may go to societies of this federation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        societies = f"{settings.SITE_SCHEME}://*.{settings.SITE_DOMAIN}{settings.SITE_PORT_SUFFIX}"
        self.policy = (
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {societies}"
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The pages for errors stand alone and carry their style with them; the API's reading page brings a script.
        if response.status_code < 400 and not request.path_info.startswith("/api/"):
            response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class Health:
    """Answers about the process itself, above hosts and societies: a prober knows neither.

    `/healthz/live`: the process answers; no I/O. `/healthz/ready`: it reaches the street map. The
    broker and the cache are not asked: pages are served without them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz/live":
            return HttpResponse("live\n", content_type="text/plain")
        if request.path_info == "/healthz/ready":
            missing = what_is_missing()
            if missing:
                return HttpResponse("\n".join(missing) + "\n", status=503, content_type="text/plain")
            return HttpResponse("ready\n", content_type="text/plain")
        return self.get_response(request)


def what_is_missing() -> list[str]:
    """One line for each thing a request would need and cannot have; says what, never where."""
    missing = []
    try:
        with connections["registry"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM tenants_society LIMIT 1")
    except DatabaseError as error:
        missing.append(f"database: {type(error).__name__}")
    return missing
