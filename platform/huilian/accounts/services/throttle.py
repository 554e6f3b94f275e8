"""Slowing down guessing: attempts counted per name and per address, whether or not the name exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from huilian.accounts.hashing import attempt_key
from huilian.accounts.models import SignInAttempt
from kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts of one `kind` within `window`."""

    kind: str
    most: int
    window: timedelta


SIGN_IN_BY_NAME = Limit("sign-in name", 10, timedelta(minutes=15))
SIGN_IN_BY_ADDRESS = Limit("sign-in address", 50, timedelta(minutes=15))  # a whole office may share one
SEAL_BY_ADDRESS = Limit("seal address", 200, timedelta(minutes=15))
CODES_BY_ADDRESS = Limit("code address", 30, timedelta(hours=1))


class Attempt:
    """One attempt under one or more limits. It is counted before it is made, so that many at once count too.

    The rows must outlive the attempt: never call this in a transaction that a failed attempt rolls back.
    """

    def __init__(self, at: datetime, *limits: tuple[Limit, str]) -> None:
        self.at = at
        self.keys = {attempt_key(limit.kind, value): limit for limit, value in limits if value}
        self.rows = SignInAttempt.objects.bulk_create([SignInAttempt(key=key, at=at) for key in self.keys])
        exceeded = next((it for key, it in self.keys.items() if self._made(key, it) > it.most), None)
        if exceeded is not None:
            # A refused attempt is not counted: whoever waits gets in, however often a stranger tries.
            self.take_back()
            raise Refusal(
                "too_many_attempts",
                _("Too many attempts. Please try again in %(minutes)s minutes."),
                status=429,
                minutes=int(exceeded.window.total_seconds() // 60),
            )

    def take_back(self) -> None:
        """Do not count this attempt."""
        SignInAttempt.objects.filter(pk__in=[row.pk for row in self.rows]).delete()

    def forgive(self, limit: Limit, value: str) -> None:
        """It succeeded: what went wrong before under this limit is forgotten."""
        SignInAttempt.objects.filter(key=attempt_key(limit.kind, value)).delete()

    def _made(self, key: str, limit: Limit) -> int:
        return SignInAttempt.objects.filter(key=key, at__gt=self.at - limit.window, at__lte=self.at).count()
