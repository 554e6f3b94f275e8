"""Who calls, and what they may do: a bearer token, its scopes, and its user's roles as they are today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from huilian.accounts.models import ApiToken, User
from huilian.accounts.queries import ROLES_MEMO
from huilian.accounts.rules import verbs_of
from huilian.accounts.scopes import SCOPES
from huilian.accounts.services import user_of_token
from kit import clock
from tenants.context import current

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it reads the settings that name this module

_LONGEST_HEADER = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer hl_…`; a token of another society is as good as none that exists."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = get_authorization_header(request)
        if not header:
            return None
        scheme, _space, secret = header.partition(b" ")
        if scheme.lower() != b"bearer":
            raise AuthenticationFailed(_("Send the token as “Authorization: Bearer <token>”."))
        token = None
        if len(header) <= _LONGEST_HEADER:
            token = user_of_token(secret.strip().decode("latin-1"), clock.now())
        if token is None:
            raise AuthenticationFailed(_("This token is not valid here."))
        setattr(token.user, ROLES_MEMO, {})
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="society {current().number}"'


class HasScope(BasePermission):
    """Each view declares a scope per method; a method without one is closed to everybody.

    The token must have the scope, and its user must still hold a role for each of the scope's verbs. A scope
    without verbs stands for what is public, and needs no token.
    """

    message = _("This token may not do this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        asked = str(request.method)
        if asked.lower() not in view.http_method_names or not hasattr(view, asked.lower()):
            raise MethodNotAllowed(asked)
        scopes: Mapping[str, str] = getattr(view, "scopes", {})
        method = "GET" if asked == "HEAD" else asked
        if method not in scopes:
            return False
        if is_open(view, method) and request.auth is None:
            return True
        return allows(request.auth, scopes[method])


def allows(token: object, name: str) -> bool:
    """Whether a token may act in a scope today."""
    scope = SCOPES[name]
    if not scope.verbs:
        return True
    return isinstance(token, ApiToken) and name in token.scopes and scope.verbs <= verbs_of(token.user)


def is_open(view: object, method: str) -> bool:
    """Whether a method is for everybody, with a token or without."""
    scopes: Mapping[str, str] = getattr(view, "scopes", {})
    if method in getattr(view, "open_to_all", ()):
        return True
    return method in scopes and not SCOPES[scopes[method]].verbs
