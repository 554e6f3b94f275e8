"""Telephone numbers and e-mail addresses in one written form each."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from kit.clean_text import compact
from kit.errors import Refusal

_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
# Neighbours whose numbers have one length; elsewhere lengths vary.
_FIXED_LENGTHS = {"+852": 8, "+853": 8}

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LONGEST_EMAIL = 254
_LONGEST_LOCAL = 64


def normalise_phone(text: str, *, field: str = "phone") -> str:
    """Return a number as E.164 (+8613800000000); without a country code it is a mobile of mainland China.

    Raises Refusal `phone_invalid`.
    """
    number = re.sub(r"[().]", "", compact(text[:100]))
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("86") and _CHINESE_MOBILE.fullmatch(number[2:]):
        number = "+" + number
    elif not number.startswith("+"):
        number = "+86" + number
    if number.startswith("+86") and not _CHINESE_MOBILE.fullmatch(number[3:]):
        raise Refusal(
            "phone_invalid",
            _(
                "A mobile number has 11 digits and begins with 1. "
                "For a number outside mainland China, begin with + and the country code."
            ),
            field=field,
        )
    length = _FIXED_LENGTHS.get(number[:4])
    if not _INTERNATIONAL.fullmatch(number) or (length and len(number) != 4 + length):
        raise Refusal(
            "phone_invalid",
            _("This is not a telephone number. Write + and the country code first, e.g. +852 91234567."),
            field=field,
        )
    return number


def normalise_email(text: str, *, field: str = "email") -> str:
    """Return an address in NFKC with its domain in lower-case ASCII (IDNA), at most 254 characters.

    The part before the @ keeps its case for sending; compare addresses by `comparable_email`.
    Raises Refusal `email_invalid`.
    """
    local, _at, domain = unicodedata.normalize("NFKC", text[:1000]).strip().rpartition("@")
    domain = _ascii_domain(domain)
    address = f"{local}@{domain}"
    labels = domain.split(".")
    if (
        not _LOCAL.fullmatch(local)
        or len(local) > _LONGEST_LOCAL
        or len(labels) < 2
        or not all(_LABEL.fullmatch(label) for label in labels)
        or labels[-1].isdigit()
        or len(address) > _LONGEST_EMAIL
    ):
        raise Refusal(
            "email_invalid",
            _("This is not an e-mail address. It looks like name@example.org."),
            field=field,
        )
    return address


def comparable_email(address: str) -> str:
    """Return a normalised address in lower case: Li@ and li@ are one person to sign-in and hashes."""
    return address.lower()


def mask_phone(phone: str) -> str:
    """Show a number to someone who may recognise, not learn it: +86138****0000."""
    hidden = min(4, max(len(phone) - 4, 0))
    return phone[: -4 - hidden] + "*" * hidden + phone[-4:]


def mask_email(address: str) -> str:
    """Show an address to someone who may recognise, not learn it: l***@example.org."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***@{domain}"


def _ascii_domain(domain: str) -> str:
    """Return the domain as DNS knows it, or nothing where it cannot be one."""
    try:
        return domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
