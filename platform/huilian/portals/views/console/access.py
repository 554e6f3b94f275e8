"""Who may open a page of the console: the verbs of `accounts.rules`, asked before anything is read."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.portals.access import user_of
from kit.errors import Refusal

Rest = ParamSpec("Rest")
StaffView = Callable[Concatenate[HttpRequest, User, Rest], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def staff(verb: str) -> Callable[[StaffView[Rest]], View[Rest]]:
    """Hand the view who has signed in, if that user may do `verb` here: for all, or for what was entrusted.

    A visitor is sent to sign in; whoever lacks the right is told so with status 403. Services ask again, for the
    very thing they change.
    """

    def guard(view: StaffView[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            user = user_of(request)
            if user is None:
                # What was posted cannot be posted again by a redirect: come back to the console's front.
                back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("console")
                return redirect_to_login(back, reverse("sign_in"), "next")
            if verb not in verbs_of(user):
                raise Refusal("forbidden", _("Your role does not allow this."), status=403, verb=verb)
            response = view(request, user, *args, **kwargs)
            response.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.verb = verb  # type: ignore[attr-defined]  # compared with `portals.policies` by a test
        return cast("View[Rest]", guarded)

    return guard
