"""Who works in each society of the demonstration, and what they may do."""

from datetime import datetime, timedelta
from typing import Any

from huilian.accounts.models import Role, User
from huilian.accounts.scopes import SCOPES
from huilian.accounts.services import grant_role, mint_token, open_account
from tenants.context import current, law
from tenants.kinds import HEADQUARTERS

PASSWORD = "huilian-demo-2026"  # noqa: S105 - printed at the start, and of no use elsewhere
BY = "command"

OFFICES = {
    True: (
        (Role.OWNER, "周秘书长"),
        (Role.OFFICER, "赵审批"),
        (Role.OFFICER, "钱审批"),
        (Role.FINANCE, "花财务"),
        (Role.REGISTRAR, "孙登记"),
        (Role.PROMOTER, "吴推广"),
        (Role.VIEWER, "郑观察"),
    ),
    False: (
        (Role.OWNER, "王主任"),
        (Role.REGISTRAR, "冯登记"),
        (Role.PROMOTER, "陈推广"),
        (Role.VIEWER, "褚观察"),
    ),
}


def hire_staff(*, at: datetime) -> list[dict[str, Any]]:
    """Open accounts for every office of the current society; returns their sign-ins."""
    society = current()
    sign_ins: list[dict[str, Any]] = []
    taken: dict[str, int] = {}
    for role, name in OFFICES[society.kind == HEADQUARTERS]:
        taken[role] = taken.get(role, 0) + 1
        suffix = "" if taken[role] == 1 else str(taken[role])
        email = f"{role.value}{suffix}@{society.slug}.example.org"
        user = open_account(name=name, email=email, password=PASSWORD, language="zh-hans", at=at)
        grant_role(user, role, by=BY, at=at, from_on=at.date())
        if role in (Role.OFFICER, Role.FINANCE):
            grant_role(user, Role.VIEWER, by=BY, at=at, from_on=at.date())
        sign_ins.append({"society": society.slug, "role": role.value + suffix, "user": email, "password": PASSWORD})
    return sign_ins


def staff_user(role: str) -> User:
    """The first holder of an office in the current society."""
    return User.objects.filter(role_grants__role=role, role_grants__to_on=None).order_by("pk")[0]


def mint_tokens(*, at: datetime) -> dict[str, str]:
    """An API token per office that uses one, with every scope the office allows."""
    tokens: dict[str, str] = {}
    roles = [Role.OWNER] + ([Role.OFFICER, Role.FINANCE] if law().aggregates else [Role.REGISTRAR])
    for role in roles:
        user = staff_user(role)
        allowed = _allowed_scopes(user, at=at)
        _token, secret = mint_token(
            user, label="demo", scopes=allowed, expires_at=at + timedelta(days=360), by=BY, at=at
        )
        tokens[role.value] = secret
    return tokens


def _allowed_scopes(user: User, *, at: datetime) -> list[str]:
    from huilian.accounts.rules import may

    return [
        name
        for name, scope in SCOPES.items()
        if (law().aggregates or not scope.headquarters) and all(may(user, verb) for verb in scope.verbs)
    ]
