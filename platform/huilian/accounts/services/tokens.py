"""Bearer tokens for programs: minted for a user, limited by scopes, never without an end."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import ApiToken, User
from huilian.accounts.queries import hash_of_secret, local_day
from huilian.accounts.rules import require, scopes_of
from huilian.accounts.scopes import SCOPES
from huilian.journal.services import record
from kit.clean_text import clean_text
from kit.errors import Refusal
from tenants.context import current, law

LONGEST_LIFE = timedelta(days=366)
USE_NOTED_EVERY = timedelta(minutes=1)
_TOKEN = re.compile(r"hl_(?P<society>\d{3})_[A-Za-z0-9_-]{43}", re.ASCII)


@transaction.atomic
def mint_token(
    user: User,
    *,
    label: str,
    scopes: Iterable[str],
    expires_at: datetime,
    by: str,
    at: datetime,
    by_user: User | None = None,
) -> tuple[ApiToken, str]:
    """Mint a token that acts for `user`; its text is returned once and kept only as a digest.

    The scopes must be known here and within what the user may do today; what the user may no longer do later,
    the token may not either.
    """
    if by_user is not None:
        require(by_user, "token.mint")
    wanted = check_scopes(user, scopes, at=at)
    label = clean_text(label, max_length=100, field="label")
    if not label:
        raise Refusal("label_missing", _("Please say what the token is for."), field="label")
    if not at < expires_at <= at + LONGEST_LIFE:
        raise Refusal("token_life", _("A token ends in the future, and within a year."), field="expires_at")
    secret = f"hl_{current().number}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        label=label,
        token_hash=hash_of_secret(secret),
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    record("token.minted", token, by=by, at=at, user=user.pk, scopes=wanted, expires_at=expires_at)
    return token, secret


def check_scopes(user: User, scopes: Iterable[str], *, at: datetime) -> list[str]:
    """The scopes in the order of the table, each once; Refusal `scope_unknown` or `scope_beyond_role`."""
    asked = set(scopes)
    here = {name for name, scope in SCOPES.items() if law().aggregates or not scope.headquarters}
    if not asked or asked - here:
        raise Refusal(
            "scope_unknown",
            _("Choose at least one of these scopes: %(known)s."),
            field="scopes",
            known=tuple(name for name in SCOPES if name in here),
        )
    within = scopes_of(user, on=local_day(at))
    beyond = [name for name in SCOPES if name in asked and name not in within]
    if beyond:
        raise Refusal(
            "scope_beyond_role",
            _("This person's role does not allow: %(scopes)s."),
            field="scopes",
            scopes=tuple(beyond),
        )
    return [name for name in SCOPES if name in asked]


def user_of_token(secret: str, at: datetime) -> ApiToken | None:
    """The token with its user if it works in this society now; its use is noted at most once a minute."""
    parts = _TOKEN.fullmatch(secret)
    if parts is None or parts["society"] != current().number:
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(token_hash=hash_of_secret(secret), revoked_at=None, expires_at__gt=at, user__is_active=True)
        .first()
    )
    if token is not None and (token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: str, at: datetime, by_user: User | None = None) -> None:
    """Make a token worthless from this moment on; its owner may do that as well as whoever may mint."""
    if by_user is not None and by_user.pk != token.user_id:
        require(by_user, "token.mint")
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise Refusal("token_revoked", _("This token was revoked already."), status=409)
    record("token.revoked", token, by=by, at=at)
