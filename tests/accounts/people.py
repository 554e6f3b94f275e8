"""The named cast with accounts, and the moment at which they act."""

from datetime import UTC, datetime
from typing import Any

from huilian.accounts.models import Role, User
from huilian.accounts.services import grant_role, open_account

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # half past nine in the morning in Shanghai
PASSWORD = "correct horse battery"


def person(name: str, *roles: Role, password: str | None = None, **more: Any) -> User:
    """Someone with an account here, and with offices since today; without a password, quicker."""
    contact = {"email": f"{name.lower()}@example.org"} if not {"phone", "email"} & more.keys() else {}
    user = open_account(name=name, password=password, language="zh-hans", at=AT, **contact, **more)
    for role in roles:
        grant_role(user, role, by="system", at=AT)
    return user
