"""Signed values for links: for one purpose in one society, until a moment, and once where that is asked."""

import secrets
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from federation.models import UsedTicket
from federation.tidying import KEEP_NONCES
from kit.errors import Refusal
from tenants.context import current


def sign(purpose: str, value: object, *, at: datetime, lifetime: timedelta, once: bool = False) -> str:
    """Return a URL-safe token that holds `value` (JSON that its bearer can read) for `lifetime`."""
    if once and lifetime > KEEP_NONCES:
        raise ValueError(f"a link that works once lives at most {KEEP_NONCES}: used ones are not remembered longer")
    content = {
        "value": value,
        "until": int((at + lifetime).timestamp()),
        "once": secrets.token_urlsafe(16) if once else "",
    }
    return _signer(purpose).sign_object(content, compress=True)


def unsign(purpose: str, token: str, *, at: datetime) -> object:
    """Return the value; Refusal `link_invalid`, `link_expired` or `link_used`."""
    try:
        content = _signer(purpose).unsign_object(token)
    except (BadSignature, ValueError):
        raise Refusal(
            "link_invalid", _("This link is not valid here. Copy it in full, or ask for a new one.")
        ) from None
    if at >= datetime.fromtimestamp(content["until"], UTC):
        raise Refusal("link_expired", _("This link has expired. Please ask for a new one."), status=410)
    if content["once"]:
        _use(purpose, content["once"], at=at)
    return content["value"]


def _signer(purpose: str) -> Signer:
    # The salt carries the society: what one has signed means nothing to another.
    return Signer(salt=f"huilian.accounts.links {current().schema_name} {purpose}")


def _use(purpose: str, nonce: str, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            UsedTicket.objects.create(nonce=f"link:{nonce}", used_at=at)
    except IntegrityError:
        raise Refusal(
            "link_used", _("This link has been used already. Please ask for a new one."), status=410
        ) from None
