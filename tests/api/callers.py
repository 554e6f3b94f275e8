"""Programs that call the API of a society, with a token or without."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from huilian.accounts.models import Role, User
from huilian.accounts.services import grant_role, mint_token
from kit import clock
from tenants.context import inside
from tenants.models import Society


@dataclass
class Caller:
    """A client of one society's API; answers come as Django's test client gives them."""

    society: Society
    token: str = ""
    language: str = "en"
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, **self._headers())

    def post(self, path: str, body: Any = None, *, key: str = "", **options: Any) -> Any:
        """Post JSON; `raw` sends bytes as they are, `files` makes it a form."""
        headers = self._headers(key)
        if "files" in options:
            return self.client.post(f"/api/v1/{path}", {**(body or {}), **options["files"]}, **headers)
        data = options.get("raw", json.dumps({} if body is None else body))
        return self.client.post(
            f"/api/v1/{path}", data, content_type=options.get("content_type", "application/json"), **headers
        )

    def _headers(self, key: str = "") -> dict[str, Any]:
        headers = {"Host": f"{self.society.slug}.localhost", "Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        return {"headers": headers}


def hire(society: Society, role: Role, *, name: str = "Wang", email: str = "") -> User:
    """A member of staff, with an office since a year ago."""
    at = clock.now() - timedelta(days=365)
    with inside(society):
        email = email or f"{role.value}-{User.objects.count() + 1}@{society.slug}.example.org"
        user = User.objects.create_user(name=name, email=email)
        grant_role(user, role, by="test", at=at, from_on=at.date())
    return user


def token_of(society: Society, user: User, *scopes: str) -> str:
    at = clock.now()
    with inside(society):
        _token, secret = mint_token(
            user, label="test", scopes=scopes, expires_at=at + timedelta(days=30), by="test", at=at
        )
    return secret


def staff(society: Society, role: Role, *scopes: str, name: str = "Wang") -> Caller:
    """A program of somebody in this office, with these scopes."""
    return Caller(society, token_of(society, hire(society, role, name=name), *scopes))


def problem(response: Any) -> tuple[int, str]:
    """Status and code of a problem document, which it must be in every respect."""
    assert response["Content-Type"] == "application/problem+json", response.content[:500]
    document = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == "about:blank"
    assert document["title"] and document["detail"]
    return response.status_code, document["code"]
