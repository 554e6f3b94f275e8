"""Accounts that came with their society under another number."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from federation.contracts import AccountOpened
from federation.outbox import publish
from huilian.accounts.contacts import email_contact, phone_contact
from huilian.accounts.models import RoleGrant, User
from huilian.accounts.queries import local_day
from kit.errors import Refusal
from tenants.kinds import HEADQUARTERS_NUMBER


@transaction.atomic
def move_in(*, at: datetime) -> tuple[int, int]:
    """End every office, and tell headquarters who signs in here now; (accounts, offices ended).

    Whoever opens the society here decides who runs it: the owner who is invited appoints the others.
    """
    today = local_day(at)
    ended = RoleGrant.objects.filter(to_on=None) | RoleGrant.objects.filter(to_on__gt=today)
    offices = ended.update(to_on=Greatest(F("from_on"), today))
    User.objects.update(is_staff=False, is_superuser=False)
    accounts = 0
    for user in User.objects.filter(is_active=True).order_by("pk").only("phone", "email"):
        if hashes := _hashes(user):
            publish(AccountOpened(name_hashes=hashes), to=HEADQUARTERS_NUMBER)
            accounts += 1
    return accounts, offices


def _hashes(user: User) -> tuple[str, ...]:
    found = []
    for read, typed in ((phone_contact, user.phone), (email_contact, user.email)):
        try:
            if typed:
                found.append(read(typed).hash)
        except Refusal:
            continue  # what was accepted once and would not be today leads nobody here
    return tuple(found)
