"""Asking an address of one society with somebody's cookies or token, as a browser or a program would."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import set_urlconf

from huilian.accounts.models import User
from tenants.context import inside
from tests.applications.forms import photo
from tests.isolation.addresses import Address
from tests.isolation.households import BACKEND

NOWHERE_STATUS = {401, 403, 404, 405}
# What a page or an operation needs in order to get as far as the question whose thing it is.
BODIES: dict[str, dict[str, Any]] = {
    "apply_draft": {"act": "save", "name": "李"},
    "my_withdraw": {},
    "console_application_endorse": {"reason": "", "version": 1},
    "console_application_refuse": {"reasons": "x", "version": 1},
    "console_code_revoke": {"reason": "x"},
    "console_code_entrust": {"user": 900_201},
    "console_case_approve": {"reason": "", "version": 1},
    "console_case_refuse": {"reasons": "x", "version": 1},
    "console_payment_confirm": {"received_minor": 5000, "received": "50"},
    "console_payment_reject": {"reason": "x"},
    "console_role_end": {"reason": "x"},
    "console_honorary": {"name": "李"},
    "api_application_refuse": {"reasons": "x"},
    "api_referral_code_revoke": {"reason": "x"},
    "api_case_decide": {"outcome": "refused", "reasons": "x"},
    "api_payment_reject": {"reason": "x"},
}
QUERIES = {"api_referral_code_days": {"from_on": "2026-01-01", "to_on": "2027-01-01"}}


@dataclass
class Caller:
    """Somebody who knocks at one host; `cookies` may come from anywhere."""

    society: Any
    client: Client = field(default_factory=Client)
    token: str = ""

    def ask(self, method: str, address: Address, arguments: dict[str, Any]) -> HttpResponse:
        return self.knock(
            method, address.path(arguments), BODIES.get(address.name, {}), api=address.is_api, of=address.name
        )

    def knock(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, api: bool = False, of: str = ""
    ) -> HttpResponse:
        headers = {"Host": f"{self.society.slug}.localhost:8000", "Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        options: dict[str, Any] = {"headers": headers}
        data: Any = QUERIES.get(of, {}) if method == "GET" else body or {}
        if api and method == "POST":
            if of == "api_papers":  # takes a form with a file, and nothing else
                data = {"code": "photo", "file": photo()}
            else:
                data, options["content_type"] = json.dumps(data), "application/json"
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        answer: HttpResponse = getattr(self.client, method.lower())(path, **{"data": data, **options})
        set_urlconf(None)
        return answer


def signed_in(society: Any, user: User | None) -> Caller:
    """A browser at this society in which somebody has signed in."""
    caller = Caller(society)
    if user is not None:
        with inside(society):
            caller.client.force_login(user, backend=BACKEND)
    return caller


def carried_to(society: Any, caller: Caller) -> Caller:
    """The same cookies, put into the jar for another host."""
    other = Caller(society, token=caller.token)
    other.client.cookies = caller.client.cookies
    return other


def is_turned_away(answer: HttpResponse) -> bool:
    """Nothing here, not for you, or sign in first."""
    if answer.status_code == 302:
        return str(answer["Location"]).startswith("/sign-in/")
    return answer.status_code in NOWHERE_STATUS
