"""Django's question who someone is and what the admin may show them, answered by this room."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest

from huilian.accounts.models import User
from huilian.accounts.queries import ROLES_MEMO
from huilian.accounts.rules import may, verbs_of
from huilian.accounts.services.signing_in import authenticate
from huilian.accounts.sessions import address_of
from huilian.accounts.view_permissions import VIEW_BY_VERB
from kit import clock
from kit.errors import Refusal


class ContactBackend(BaseBackend):
    """Signs in by phone or e-mail; permissions come from the table of verbs and roles, to view only."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_more: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        try:
            return authenticate(username, password, address=address_of(request), at=clock.now())
        except Refusal as refusal:
            if refusal.code == "too_many_attempts":
                raise PermissionDenied(str(refusal)) from None  # no other backend is to be asked
            return None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is not None:
            setattr(user, ROLES_MEMO, {})
        return user

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        if obj is not None or not _is_staff(user_obj):
            return set()
        verbs = verbs_of(user_obj)
        return {permission for permission, verb in VIEW_BY_VERB.items() if verb in verbs}

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        verb = VIEW_BY_VERB.get(perm)
        return verb is not None and _is_staff(user_obj) and may(user_obj, verb, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(permission.startswith(f"{app_label}.") for permission in self.get_user_permissions(user_obj))


def _is_staff(user: User | AnonymousUser) -> bool:
    return user.is_active and user.is_staff
