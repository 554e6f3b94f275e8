"""Opening and closing a session in a browser."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from huilian.accounts.models import User

_BACKEND = "huilian.accounts.backends.ContactBackend"
STAFF_SECONDS = 12 * 3600


def open_session(request: HttpRequest, user: User) -> None:
    """Sign the browser in under a new session key.

    It holds in this society only: it carries a proof that names the schema (`User.get_session_auth_hash`).
    """
    login(request, user, backend=_BACKEND)
    if user.is_staff:
        request.session.set_expiry(STAFF_SECONDS)


def close_session(request: HttpRequest) -> None:
    """Sign the browser out and forget everything that the session held."""
    logout(request)


def address_of(request: HttpRequest | None) -> str:
    """The network address a request came from; behind a proxy of ours, the one that the proxy saw."""
    if request is None:
        return ""
    if settings.SECURE_PROXY_SSL_HEADER:
        # The last entry is our own proxy's; what stands before it may be invented by the client.
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return str(forwarded)
    return str(request.META.get("REMOTE_ADDR", ""))
