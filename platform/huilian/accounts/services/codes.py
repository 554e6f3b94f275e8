"""One-time codes: six digits that prove that a phone or an e-mail is reached."""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import Contact, read_contact
from huilian.accounts.hashing import code_hash
from huilian.accounts.models import OneTimeCode
from huilian.accounts.services.throttle import CODES_BY_ADDRESS, Attempt
from huilian.notices.services import notify
from kit.clean_text import compact
from kit.errors import Refusal

DIGITS = 6
LIFE = timedelta(minutes=10)
ATTEMPTS = 5
RESEND_AFTER = timedelta(seconds=60)
# Per contact, whatever the purpose: nobody's phone is rung all day by a stranger.
MOST_SENT = ((timedelta(hours=1), 5), (timedelta(days=1), 10))


def send_code(contact: str, *, purpose: str, at: datetime, language: str, address: str = "") -> None:
    """Send a fresh code to a phone or an e-mail; it takes the place of an older one.

    It never looks whether anyone is known by that contact. Refusal `code_too_soon` within a minute of the
    last one, `too_many_codes` beyond the limits of the contact, `too_many_attempts` beyond the address's.
    """
    who = read_contact(contact)
    Attempt(at, (CODES_BY_ADDRESS, address))
    _check_limits(who, at=at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        _replace_open_code(who, purpose=purpose, code=code, at=at)
        notify(
            "code.sent",
            to_phone=who.to_phone,
            to_email=who.to_email,
            language=language,
            at=at,
            code=code,
            minutes=int(LIFE.total_seconds() // 60),
        )


def check_code(contact: str, code: str, *, purpose: str, at: datetime) -> None:
    """Accept a code once; Refusal `wrong_code`, or `code_expired` where a new one must be sent.

    Not to be called inside a transaction that a refusal rolls back: the attempt would not count.
    """
    who = read_contact(contact)
    codes = _open_codes(who, purpose)
    row = codes.first()
    if row is None:
        raise _expired()
    usable = codes.filter(pk=row.pk, expires_at__gt=at, attempts__lt=ATTEMPTS)
    right = compare_digest(row.code_hash, code_hash(purpose, who.value, compact(code[:100])))
    # Of two requests with the right code, one uses it.
    if not usable.update(attempts=F("attempts") + 1, used_at=at if right else None):
        raise _expired()
    if not right:
        if row.attempts + 1 >= ATTEMPTS:
            raise _expired()
        raise Refusal("wrong_code", _("This code is wrong. Compare it with the message, digit by digit."), field="code")


def _open_codes(who: Contact, purpose: str) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(contact=who.value, purpose=purpose, used_at=None, replaced_at=None)


def _check_limits(who: Contact, *, at: datetime) -> None:
    sent = OneTimeCode.objects.filter(contact=who.value)
    times = list(sent.filter(sent_at__gt=at - MOST_SENT[-1][0]).values_list("sent_at", flat=True))
    for window, most in MOST_SENT:
        if sum(sent_at > at - window for sent_at in times) >= most:
            raise Refusal(
                "too_many_codes",
                _("Too many codes were sent to this address. Please try again later."),
                field="contact",
                status=429,
            )


def _replace_open_code(who: Contact, *, purpose: str, code: str, at: datetime) -> None:
    _open_codes(who, purpose).filter(sent_at__lte=at - RESEND_AFTER).update(replaced_at=at)
    try:
        with transaction.atomic():
            OneTimeCode.objects.create(
                purpose=purpose,
                contact=who.value,
                code_hash=code_hash(purpose, who.value, code),
                sent_at=at,
                expires_at=at + LIFE,
            )
    except IntegrityError:
        raise Refusal(
            "code_too_soon",
            _("A code was sent a moment ago. Please wait %(seconds)s seconds before you ask for another."),
            field="contact",
            status=429,
            seconds=int(RESEND_AFTER.total_seconds()),
        ) from None


def _expired() -> Refusal:
    return Refusal("code_expired", _("This code is no longer valid. Please ask for a new one."), field="code")
