"""Referral codes of the society: minting, handing on, withdrawing, entrusting."""

from datetime import date
from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.applications.promotion import mint_campaign_code
from huilian.journal.models import Record
from kit import clock
from referrals.models import ReferralCode
from referrals.services import count_application, count_member, count_scan
from tests.federation_fixture import Federation
from tests.portals.console.desk import at_desk


def minted(federation: Federation, by: Any, label: str = "2026 年会", **limits: Any) -> ReferralCode:
    with federation.inside(federation.welding):
        return mint_campaign_code(label=label, by_user=by, at=clock.now(), **limits)


def test_a_code_for_a_campaign(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/codes/")
    assert "No referral codes yet" in wang.words
    wang.post("/console/codes/new/", {"label": ""})
    assert wang.page.status_code == 422
    assert wang.errors == {"label": "This field is required."}
    wang.post("/console/codes/new/", {"label": "年会", "valid_from": "2030-02-01", "last_day": "2030-01-31"})
    assert wang.errors == {"last_day": "The end must lie after the beginning."}
    wang.post("/console/codes/new/", {"label": "年会", "last_day": "2020-01-31"})
    assert wang.errors == {"last_day": "This period is over already. Choose a later end."}
    wang.post("/console/codes/new/", {"label": "年会", "last_day": "9999-12-31"})
    assert wang.errors == {"last_day": "Enter a valid date."}
    wish = {"label": "年会", "valid_from": "2030-02-01", "last_day": "2030-02-28", "max_uses": "20"}
    wang.post("/console/codes/new/", wish, follow=True)
    with federation.inside(federation.welding):
        code = ReferralCode.objects.get()
        assert (code.label, code.valid_from, code.valid_to) == ("年会", date(2030, 2, 1), date(2030, 3, 1))
        assert (code.max_uses, code.created_by_id) == (20, wang.user.pk)  # type: ignore[union-attr]
        assert Record.objects.get(verb="code.minted").subject_id == str(code.pk)
    assert "1 February 2030 to 28 February 2030" in wang.words
    assert "not yet valid" in wang.words
    wang.get("/console/codes/")
    assert "20 applications" in wang.words


def test_campaigns_side_by_side(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    first, second = minted(federation, wang.user), minted(federation, wang.user, "校园招募")
    with federation.inside(federation.welding):
        for _scan in range(8):
            count_scan(first, clock.now())
        for _application in range(4):
            count_application(first.code, clock.now())
        count_member(first.code, clock.now())
        count_scan(second, clock.now())
    wang.get("/console/codes/")
    assert "2026 年会" in wang.words
    row = wang.text.split(first.code)[1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('data-label="')[3:]] == [
        'Scans">8',
        'Applications">4',
        'Members">1',
        'Members per scan">12%',
    ]
    wang.get("/console/codes/", {"text": "校园"})
    assert "2026 年会" not in wang.words
    wang.get("/console/codes/", {"over": "over"})
    assert "No referral code found" in wang.words
    wang.get(f"/console/codes/{first.pk}/")
    assert "Scans 8 Applications 4 50% of the scans Members 1 25% of the applications" in wang.words


def test_files_and_poster(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.VIEWER)
    code = minted(federation, at_desk(federation.welding, Role.OWNER, "赵敏").user)
    wang.get(f"/console/codes/{code.pk}/qr.png")
    assert wang.page["Content-Type"] == "image/png"
    assert wang.page.content.startswith(b"\x89PNG")
    assert wang.page["Content-Disposition"] == f'attachment; filename="{code.code}.png"'
    wang.get(f"/console/codes/{code.pk}/qr.svg")
    assert wang.page.content.startswith(b"<svg")
    wang.get(f"/console/codes/{code.pk}/qr.exe")
    assert wang.page.status_code == 404
    wang.get(f"/console/codes/{code.pk}/poster/")
    assert "焊接分会" in wang.words
    assert "Welding Branch" in wang.words
    assert f"welding.localhost:8000/r/{code.code}/" in wang.words


def test_withdrawing_asks_once_more_and_why(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    code = minted(federation, wang.user)
    page = f"/console/codes/{code.pk}/revoke/"
    wang.get(page)
    assert "Withdraw this code?" in wang.words
    wang.post(page, {"reason": " "})
    assert wang.page.status_code == 422
    with federation.inside(federation.welding):
        assert ReferralCode.objects.get().revoked_at is None
    wang.post(page, {"reason": "海报印错"}, follow=True)
    assert "The code is withdrawn." in wang.words
    assert "海报印错" in wang.words
    assert "Withdraw the code…" not in wang.words
    with federation.inside(federation.welding):
        assert ReferralCode.objects.get().revoke_reason == "海报印错"
        assert Record.objects.get(verb="code.revoked").reason == "海报印错"
    wang.post(page, {"reason": "noch einmal"})
    assert wang.page.status_code == 422
    assert "is withdrawn already" in wang.words
    with federation.inside(federation.welding):
        assert ReferralCode.objects.get().revoke_reason == "海报印错"


def test_a_promoter_has_the_codes_entrusted_and_no_other(federation: Federation) -> None:
    owner = at_desk(federation.welding, Role.OWNER)
    zhou = at_desk(federation.welding, Role.PROMOTER, "周推广")
    mine, other = minted(federation, owner.user), minted(federation, owner.user, "别人的")
    zhou.get("/console/codes/")
    assert "No referral codes yet Codes that are entrusted to you appear here." in zhou.words
    owner.post(f"/console/codes/{mine.pk}/entrust/", {"user": str(zhou.user.pk)}, follow=True)  # type: ignore[union-attr]
    assert "Entrusted to 周推广" in owner.words
    zhou.get("/console/codes/")
    assert mine.code in zhou.words
    assert other.code not in zhou.words
    assert "New referral code" not in zhou.words
    zhou.get("/console/")
    assert "2026 年会" in zhou.words
    assert "Members in standing" not in zhou.words
    assert "All codes in the last" not in zhou.words
    for path in ("", "poster/", "qr.svg", "revoke/"):
        zhou.get(f"/console/codes/{mine.pk}/{path}")
        assert zhou.page.status_code == 200, path
        zhou.get(f"/console/codes/{other.pk}/{path}")
        assert zhou.page.status_code == 404, path
    zhou.post(f"/console/codes/{other.pk}/revoke/", {"reason": "x"})
    assert zhou.page.status_code == 404
    zhou.post(f"/console/codes/{mine.pk}/revoke/", {"reason": "活动取消"})
    with federation.inside(federation.welding):
        assert ReferralCode.objects.get(pk=other.pk).revoked_at is None
        assert ReferralCode.objects.get(pk=mine.pk).revoke_reason == "活动取消"
    owner.post(f"/console/codes/{mine.pk}/take-back/{zhou.user.pk}/", follow=True)  # type: ignore[union-attr]
    assert "no longer entrusted" in owner.words
    zhou.get(f"/console/codes/{mine.pk}/")
    assert zhou.page.status_code == 404


def test_only_a_promoter_can_be_entrusted(federation: Federation) -> None:
    owner = at_desk(federation.welding, Role.OWNER)
    viewer = at_desk(federation.welding, Role.VIEWER, "陈静")
    code = minted(federation, owner.user)
    owner.get(f"/console/codes/{code.pk}/entrust/")
    assert "Nobody is a promoter yet." in owner.words
    owner.post(f"/console/codes/{code.pk}/entrust/", {"user": str(viewer.user.pk)})  # type: ignore[union-attr]
    assert owner.page.status_code == 422
    assert "user" in owner.errors
    with federation.inside(federation.welding):
        assert not Record.objects.filter(verb="code.entrusted").exists()


@pytest.mark.parametrize("max_uses", ["0", "-3", "1e9", "abc", "99999999999999999999"])
def test_a_limit_that_is_none(federation: Federation, max_uses: str) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.post("/console/codes/new/", {"label": "x", "max_uses": max_uses})
    assert wang.page.status_code == 422
    assert wang.errors["max_uses"]
    with federation.inside(federation.welding):
        assert not ReferralCode.objects.exists()
