"""The journal by program."""

import pytest

from huilian.accounts.models import Role
from huilian.journal.models import Record
from tests.api.callers import problem, staff
from tests.federation_fixture import Federation


def test_the_journal(federation: Federation) -> None:
    wang = staff(federation.welding, Role.OWNER, "journal:read", "codes:write")
    code = wang.post("referral-codes/", {"label": "Spring"}).json()
    with federation.inside(federation.welding):
        record = Record.objects.get(verb="code.minted")
    (row,) = wang.get("journal/", verb="code", subject_id=code["id"]).json()["results"]
    assert row == {
        "seq": record.seq,
        "at": record.at.isoformat().replace("+00:00", "Z"),
        "actor": record.actor,
        "verb": "code.minted",
        "subject_type": "referrals.referralcode",
        "subject_id": code["id"],
        "reason": "",
        "facts": {"code": code["code"], "label": "Spring", "valid_from": None, "valid_to": None, "max_uses": None},
        "digest": record.digest,
    }
    assert wang.get("journal/", actor="nobody").json()["count"] == 0


@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
def test_it_needs_its_scope(federation: Federation, role: Role) -> None:
    assert problem(staff(federation.welding, role, "members:read").get("journal/")) == (403, "forbidden")
    assert staff(federation.welding, role, "journal:read").get("journal/").status_code == 200
