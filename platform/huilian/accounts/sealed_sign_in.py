"""Signing in at headquarters for everyone: the credentials travel sealed to the society that knows the name.

Headquarters answers the same for every name: it seals, and hands on. A name nobody has goes to a society that
is chosen by the same hash, and fails there like any wrong password.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from federation import tickets
from federation.ledger.queries import home_society
from huilian.accounts.contacts import Contact, read_contact
from huilian.accounts.hashing import attempt_key
from huilian.accounts.models import User
from huilian.accounts.queries import user_of_contact
from huilian.accounts.services.signing_in import LONGEST_NAME, LONGEST_PASSWORD, authenticate
from huilian.accounts.services.throttle import SEAL_BY_ADDRESS, Attempt
from kit.errors import Refusal
from tenants import registry
from tenants.context import current, law, url_of
from tenants.models import Society

PURPOSE = "sign-in"
LIFE = timedelta(minutes=2)
PATH = "/sign-in/sealed/"


@dataclass(frozen=True, slots=True)
class SealedSignIn:
    """What the browser posts on: field `ticket` to `url`."""

    society: Society
    url: str
    ticket: str


def seal_sign_in(identifier: str, password: str, *, address: str, at: datetime) -> SealedSignIn:
    """Seal a name and a password for the society where they may fit; at headquarters only.

    It tells nothing about the name but that society. Refusal `too_many_attempts` counts the address alone.
    """
    if not law().aggregates:
        raise Refusal("not_headquarters", _("This is done at headquarters only."), status=404)
    Attempt(at, (SEAL_BY_ADDRESS, address))
    identifier, password = identifier.strip()[:LONGEST_NAME], password[: LONGEST_PASSWORD + 1]
    society = _home_of(identifier)
    ticket = tickets.seal_ticket(
        PURPOSE,
        to=society.number,
        payload={"identifier": identifier, "password": password},
        lifetime=LIFE,
        at=at,
    )
    return SealedSignIn(society, url_of(society, PATH), ticket)


def open_sealed_sign_in(ticket: str, *, address: str, at: datetime) -> User:
    """Return the user whom a sealed ticket signs in here; refusals of `open_ticket` and `authenticate`."""
    payload = tickets.open_ticket(ticket, purpose=PURPOSE, at=at, once=True)
    return authenticate(str(payload["identifier"]), str(payload["password"]), address=address, at=at)


def _home_of(identifier: str) -> Society:
    """The society that knows the name; both questions are asked of every name, known or not."""
    contact = _contact_of(identifier)
    by_number = _societies()
    staff_here = user_of_contact(contact)
    member_of = home_society(contact.hash)
    if staff_here is not None:
        return current()
    return by_number.get(member_of or "") or _anywhere(contact.hash, list(by_number.values()))


def _contact_of(identifier: str) -> Contact:
    try:
        return read_contact(identifier)
    except Refusal:
        # Not a name at all: treated as a phone that nobody has.
        return Contact("phone", attempt_key("no name", identifier.lower()), "")


def _societies() -> dict[str, Society]:
    """Suspended ones as well: a name sent to a closed door must tell nothing either."""
    reachable = (Society.State.OPEN, Society.State.SUSPENDED)
    by_number = registry.street_map().by_number
    return {number: society for number, society in sorted(by_number.items()) if society.state in reachable}


def _anywhere(name_hash: str, societies: list[Society]) -> Society:
    """Rendezvous hashing: the same name goes to the same society, and hardly any moves when one is opened."""
    return max(societies, key=lambda each: hashlib.sha256(f"{name_hash}{each.number}".encode()).digest())
