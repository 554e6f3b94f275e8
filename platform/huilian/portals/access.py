"""Who may open a page: a person who has signed in, or who began an application in this browser."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from huilian.accounts.models import User

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
OwnView = Callable[Concatenate[HttpRequest, User, Rest], HttpResponse]


def user_of(request: HttpRequest) -> User | None:
    """Who has signed in, or nobody."""
    user: Any = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def signed_in(view: OwnView[Rest]) -> View[Rest]:
    """Hand the view who has signed in; send a visitor to the sign-in page, and back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        user = user_of(request)
        if user is None:
            # What was posted cannot be posted again by a redirect: come back to one's own page.
            back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("my")
            return redirect_to_login(back, reverse("sign_in"), "next")
        response = view(request, user, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def here_or(path: str, otherwise: str) -> str:
    """A path of this very site to go on to, or `otherwise`: a sign-in never leads off to somebody else's page."""
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return otherwise
