"""Tickets: short-lived values that a browser carries between societies, good for one purpose at one place.

A ticket can be read by its bearer; a sealed ticket, for credentials, only by the society it is for. Both
begin with the number of the society that made them; all else they are bound to is part of salt or key.
"""

import json
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from federation.models import UsedTicket
from kit import clock
from kit.errors import Refusal
from kit.sealed import SealBroken, Sealer, derive_key
from tenants.context import current

LONGEST = timedelta(days=7)
NUMBER_LENGTH = 3


def mint(
    purpose: str,
    *,
    to: str,
    payload: dict[str, Any],
    lifetime: timedelta,
    once: bool = False,
    at: datetime | None = None,
) -> str:
    """A signed ticket (URL-safe ASCII) from this society to the one numbered `to`; `once`: for one use."""
    sender = current().number
    return sender + _signer(purpose, sender, to).sign_object(_envelope(payload, lifetime, once, at), compress=True)


def read(token: str, *, purpose: str, at: datetime, once: bool = False) -> dict[str, Any]:
    """The payload of a ticket to this society; Refusal `bad_ticket`, `ticket_expired` or `ticket_used`.

    `once` uses the ticket up with the caller's transaction, also if its sender did not ask for that.
    """
    sender, signed = _take_apart(token)
    try:
        envelope = _signer(purpose, sender, current().number).unsign_object(signed)
    except (signing.BadSignature, ValueError):
        raise _bad_ticket() from None
    return _payload(envelope, at=at, once=once)


def seal_ticket(
    purpose: str,
    *,
    to: str,
    payload: dict[str, Any],
    lifetime: timedelta,
    once: bool = True,
    at: datetime | None = None,
) -> str:
    """An encrypted ticket that only the society numbered `to` opens, and as a rule only once."""
    sender = current().number
    text = json.dumps(_envelope(payload, lifetime, once, at))
    return sender + _sealer(to, _secrets()).seal(text, bound_to=_bond(purpose, sender, to))


def open_ticket(token: str, *, purpose: str, at: datetime, once: bool = False) -> dict[str, Any]:
    """The payload of a sealed ticket to this society; refusals as in `read`."""
    sender, sealed = _take_apart(token)
    receiver = current().number
    try:
        text = _sealer(receiver, _secrets()).open(sealed, bound_to=_bond(purpose, sender, receiver))
    except (SealBroken, ValueError):
        raise _bad_ticket() from None
    return _payload(json.loads(text), at=at, once=once)


def _envelope(payload: dict[str, Any], lifetime: timedelta, once: bool, at: datetime | None) -> dict[str, Any]:
    if not timedelta(0) < lifetime <= LONGEST:
        raise ValueError(f"a ticket lives up to {LONGEST}, not {lifetime}")
    expires = int(((at or clock.now()) + lifetime).timestamp())
    return {"payload": payload, "expires": expires, "nonce": secrets.token_urlsafe(16), "once": once}


def _payload(envelope: Any, *, at: datetime, once: bool) -> dict[str, Any]:
    if at.timestamp() >= envelope["expires"]:
        raise Refusal("ticket_expired", _("This link has expired. Please begin again."), status=403)
    if once or envelope["once"]:
        _rows, is_new = UsedTicket.objects.get_or_create(nonce=envelope["nonce"], defaults={"used_at": at})
        if not is_new:
            raise Refusal("ticket_used", _("This link has been used already. Please begin again."), status=403)
    payload: dict[str, Any] = envelope["payload"]
    return payload


def _take_apart(token: str) -> tuple[str, str]:
    sender = token[:NUMBER_LENGTH]
    if not (token.isascii() and len(sender) == NUMBER_LENGTH and sender.isdigit()):
        raise _bad_ticket()
    return sender, token[NUMBER_LENGTH:]


def _bad_ticket() -> Refusal:
    """One sentence for changed, foreign and made-up tickets: which of these it was is nobody's business."""
    return Refusal("bad_ticket", _("This link is not valid here. Please begin again."), status=403)


def _bond(purpose: str, sender: str, receiver: str) -> str:
    return f"huilian ticket:{sender}:{receiver}:{purpose}"


def _signer(purpose: str, sender: str, receiver: str) -> signing.Signer:
    return signing.Signer(salt=_bond(purpose, sender, receiver), sep="~")


def _secrets() -> tuple[str, ...]:
    return tuple(str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=256)
def _sealer(receiver: str, keys: tuple[str, ...]) -> Sealer:
    key, *retired = (derive_key(secret, f"ticket to {receiver}") for secret in keys)
    return Sealer(key, retired=retired)
