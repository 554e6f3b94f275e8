"""Applications of Li and of a factory, as the members' room is handed them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from huilian.accounts.hashing import contact_hash
from huilian.members.facts import ApplicationFacts
from huilian.members.models import Member
from huilian.members.rules import years_from
from huilian.members.services import activate_member
from huilian.schemes.loading import load_preset

SCHEME = load_preset("cmes")
AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def application_of(name: str = "李申请", *, phone: str = "+8613800000001", **changes: Any) -> ApplicationFacts:
    facts: dict[str, Any] = {
        "application_id": uuid4(),
        "kind": "person",
        "name": name,
        "channel": "branch",
        "phone": phone,
        "phone_hash": contact_hash("phone", phone),
    }
    return ApplicationFacts(**{**facts, **changes})


def activate(
    application: ApplicationFacts | None = None,
    *,
    category: str = "ordinary",
    years: int = 1,
    on: date = TODAY,
    at: datetime = AT,
    **changes: Any,
) -> Member:
    return activate_member(
        application=application or application_of(),
        category=SCHEME.category(category),
        years=years_from(on, years),
        at=at,
        by="system",
        **changes,
    )
