"""How often one caller may ask: counted per society, and per token, or per address of who shows none."""

from dataclasses import dataclass

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from huilian.accounts.models import ApiToken
from huilian.accounts.sessions import address_of
from kit import clock
from tenants.context import current

WINDOW = 60  # seconds
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` requests of one kind in a window of a minute."""

    kind: str
    most: int


STRANGER_READS = Limit("reads", 600)  # a whole campus may share one address
STRANGER_WRITES = Limit("writes", 120)
TOKEN_ASKS = Limit("asks", 6000)


class PerCaller(BaseThrottle):
    """Count in windows of a minute: one small number in the cache per caller, whatever the limit."""

    left: int = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        limit, caller = limit_of(request)
        moment = clock.now().timestamp()
        window, gone = divmod(int(moment), WINDOW)
        self.left = WINDOW - gone
        key = f"api:{current().schema_name}:{limit.kind}:{caller}:{window}"
        cache.add(key, 0, timeout=2 * WINDOW)
        try:
            return bool(cache.incr(key) <= limit.most)
        except ValueError:  # it was evicted this very moment
            return True

    def wait(self) -> float:
        return float(self.left)


def limit_of(request: Request) -> tuple[Limit, str]:
    """The limit that holds for a request, and under which name it is counted."""
    if isinstance(request.auth, ApiToken):
        return TOKEN_ASKS, f"token:{request.auth.pk}:user:{request.auth.user_id}"
    limit = STRANGER_READS if request.method in READING else STRANGER_WRITES
    return limit, f"address:{address_of(request._request)}"
