"""Referral codes by program: mint, list, count, withdraw."""

from datetime import date
from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.journal.models import Record
from referrals.models import CodeDay, ReferralCode
from tests.api.callers import Caller, problem, staff
from tests.federation_fixture import Federation


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.REGISTRAR, "codes:read", "codes:write")


def test_mint(federation: Federation, wang: Caller) -> None:
    wish = {"label": "Annual meeting", "valid_from": "2026-03-01", "valid_to": "2099-06-01", "max_uses": 200}
    answer = wang.post("referral-codes/", wish)
    assert answer.status_code == 201
    with federation.inside(federation.welding):
        code = ReferralCode.objects.get()
        record = Record.objects.get(verb="code.minted")
    assert answer.json() == {
        "id": str(code.pk),
        "code": code.code,
        "link": f"http://welding.localhost:8000/r/{code.code}/",
        "kind": "society",
        **wish,
        "member_id": None,
        "created_at": code.created_at.isoformat().replace("+00:00", "Z"),
        "revoked_at": None,
        "revoke_reason": "",
        "funnel": {"scans": 0, "applications": 0, "members": 0},
    }
    assert answer["Location"] == f"/api/v1/referral-codes/{code.pk}/"
    assert code.code.startswith("101-")
    assert (record.subject_id, record.actor.split(" ")[1]) == (str(code.pk), "Wang")
    assert wang.get(f"referral-codes/{code.pk}/").json() == answer.json()


def test_without_limits(wang: Caller) -> None:
    answer = wang.post("referral-codes/", {"label": "Always", "valid_from": None, "valid_to": None, "max_uses": None})
    assert answer.status_code == 201
    assert answer.json()["max_uses"] is None


def test_funnel(federation: Federation, wang: Caller) -> None:
    code = wang.post("referral-codes/", {"label": "Spring"}).json()
    with federation.inside(federation.welding):
        for day, scans in ((date(2026, 3, 1), 3), (date(2026, 3, 2), 4), (date(2026, 4, 1), 5)):
            CodeDay.objects.create(code_id=code["id"], day=day, scans=scans, applications=2, members=1)
    assert wang.get("referral-codes/").json()["results"][0]["funnel"] == {"scans": 12, "applications": 6, "members": 3}
    days = wang.get(f"referral-codes/{code['id']}/days/", from_on="2026-03-01", to_on="2026-04-01").json()
    assert days["results"] == [
        {"day": "2026-03-01", "scans": 3, "applications": 2, "members": 1},
        {"day": "2026-03-02", "scans": 4, "applications": 2, "members": 1},
    ]
    assert problem(wang.get(f"referral-codes/{code['id']}/days/")) == (400, "invalid")


def test_revoke(federation: Federation, wang: Caller) -> None:
    path = f"referral-codes/{wang.post('referral-codes/', {'label': 'Spring'}).json()['id']}/"
    assert problem(wang.post(f"{path}revoke/", {"reason": ""})) == (400, "invalid")
    revoked = wang.post(f"{path}revoke/", {"reason": "Misprinted."}, key="k-1")
    assert (revoked.status_code, revoked.json()["revoke_reason"]) == (200, "Misprinted.")
    assert revoked.json()["revoked_at"] is not None
    assert problem(wang.post(f"{path}revoke/", {"reason": "Again."})) == (409, "code_already_revoked")
    assert wang.post(f"{path}revoke/", {"reason": "Misprinted."}, key="k-1").content == revoked.content
    assert wang.get("referral-codes/").json()["count"] == 1
    assert wang.get("referral-codes/", live="true").json()["count"] == 0
    assert wang.get("referral-codes/", kind="member").json()["count"] == 0


def test_a_reader_cannot_mint_or_revoke(federation: Federation, wang: Caller) -> None:
    code = wang.post("referral-codes/", {"label": "Spring"}).json()
    chen = staff(federation.welding, Role.VIEWER, "codes:read", name="Chen")
    assert chen.get("referral-codes/").json()["count"] == 1
    assert problem(chen.post("referral-codes/", {"label": "Mine"})) == (403, "forbidden")
    assert problem(chen.post(f"referral-codes/{code['id']}/revoke/", {"reason": "x"})) == (403, "forbidden")
    with federation.inside(federation.welding):
        assert [each.revoked_at for each in ReferralCode.objects.all()] == [None]


def test_a_code_of_another_society_is_not_there(federation: Federation, wang: Caller) -> None:
    code = wang.post("referral-codes/", {"label": "Spring"}).json()
    abroad = staff(federation.zhejiang, Role.OWNER, "codes:read", "codes:write")
    assert problem(abroad.get(f"referral-codes/{code['id']}/")) == (404, "not_found")
    assert problem(abroad.post(f"referral-codes/{code['id']}/revoke/", {"reason": "x"})) == (404, "not_found")
    assert abroad.get("referral-codes/").json()["results"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same(
    federation: Federation, wang: Caller, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        wang.post("referral-codes/", {"label": f"Campaign {number}"})
    wang.get("referral-codes/")
    with federation.inside(federation.welding), django_assert_num_queries(QUERIES):
        assert len(wang.get("referral-codes/").json()["results"]) == count


QUERIES = 4  # token, roles, count, rows


def test_qr_codes(wang: Caller) -> None:
    code = wang.post("referral-codes/", {"label": "Spring"}).json()
    path = f"referral-codes/{code['id']}/qr/"
    svg = wang.get(path)
    assert (svg.status_code, svg["Content-Type"]) == (200, "image/svg+xml")
    assert svg.content.startswith(b"<svg") and code["code"].encode() in svg.content
    png = wang.get(path, form="png", pixels=200)
    assert (png["Content-Type"], png.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert png["Content-Disposition"] == f'inline; filename="{code["code"]}.png"'
    assert problem(wang.get(path, form="gif")) == (400, "invalid")
    assert problem(wang.get(path, form="png", pixels=10**6)) == (400, "invalid")
