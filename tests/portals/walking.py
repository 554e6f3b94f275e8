"""The steps that several walks share: a code that arrives, a form handed in, staff who act."""

import re
from datetime import UTC, date, datetime
from typing import Any

from huilian.accounts.models import Role, RoleGrant, User
from huilian.members.facts import ApplicationFacts
from huilian.members.models import Member
from huilian.members.rules import years_from
from huilian.members.services import activate_member
from huilian.notices.models import Notice
from huilian.schemes.queries import current_scheme
from tests.applications.forms import ANSWERS, PAPERS, another, pdf
from tests.portals.visitor import Visitor

__all__ = ["ANSWERS", "PAPERS", "another", "hand_in", "office", "pdf", "prove", "standing_member"]


def prove(visitor: Visitor, society: Any, form: dict[str, Any], *, by: str = "mobile") -> dict[str, Any]:
    """Have a code sent and read it in the outbox of the society: what the form then says besides."""
    from tenants.context import inside

    hidden = {"draft": visitor.hidden("draft")} if 'name="draft"' in visitor.text else {"t": visitor.hidden("t")}
    visitor.post("/apply/code/", {**form, **hidden, "by": by})
    assert visitor.page.status_code == 200, visitor.words
    with inside(society):
        letter = Notice.objects.filter(event="code.sent").order_by("-queued_at").first()
        assert letter is not None
        found = re.search(r"\b\d{6}\b", letter.body)
    assert found
    return {**hidden, "code": found[0], "confirm": visitor.hidden("confirm")}


def hand_in(visitor: Visitor, society: Any, category: str, **changes: Any) -> dict[str, Any]:
    """Fill in the form that is shown, prove the contact, attach what is asked for, and submit; returns the form."""
    form = {**another(category), **changes}
    by = "representative_phone" if category == "institutional" else "mobile"
    proof = prove(visitor, society, form, by=by)
    papers = {f"paper:{code}": pdf() for code in PAPERS.get(category, ())}
    if 'name="consent:share.headquarters"' in visitor.text:
        proof["consent:share.headquarters"] = "on"
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', visitor.text)
    assert action
    visitor.post(action[1], {**form, **proof, **papers, "act": "submit"})
    return form


def office(role: Role, name: str = "王伟") -> User:
    """Somebody with an office in the current society."""
    user = User.objects.create_user(name=name)
    RoleGrant.objects.create(user=user, role=role, from_on=date(2020, 1, 1))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.refresh_from_db()
    return user


def standing_member(name: str = "王伟", category: str = "senior") -> Member:
    """A member of the current society, in standing for some years."""
    from uuid import uuid4

    return activate_member(
        application=ApplicationFacts(application_id=uuid4(), kind="person", name=name, channel="branch"),
        category=current_scheme().category(category),
        years=years_from(date(2025, 1, 1), 5),
        at=datetime(2025, 1, 1, 2, tzinfo=UTC),
        by="system",
    )
