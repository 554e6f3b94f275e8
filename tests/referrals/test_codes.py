"""Codes are minted, used up, withdrawn and counted; each belongs to one society."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huilian.accounts.models import User
from kit.codes import parse_code
from kit.errors import Refusal
from referrals import services
from referrals.facts import Identity, Recommender
from referrals.models import Attribution, CodeDay, ReferralCode
from referrals.queries import (
    Funnel,
    attribution_of,
    campaigns,
    find_code,
    funnel_by_day,
    funnel_of,
    link_of,
    live_code_of,
    total_funnel,
    uses_of,
)
from referrals.rules import check_code
from tests.at_once import at_once

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def mint(**changes: Any) -> ReferralCode:
    facts: dict[str, Any] = {"label": "春季招新", "by": "user:1 Wang", "by_user": None, "at": AT}
    return services.mint_society_code(**{**facts, **changes})


def refused(act: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **facts)
    assert "%(" not in str(caught.value)
    return caught.value


# -- minting -----------------------------------------------------------------------------------------------


def test_a_campaign_gets_a_code_that_names_its_society(in_welding: Any) -> None:
    wang = User.objects.create_user(name="王荐")
    code = mint(label="  春季招新 ", valid_to=date(2026, 9, 1), max_uses=30, by_user=wang)
    stored = ReferralCode.objects.get(pk=code.pk)
    assert parse_code(stored.code).society_number == "101"
    assert (stored.kind, stored.label, stored.max_uses) == ("society", "春季招新", 30)
    assert (stored.valid_from, stored.valid_to, stored.created_by) == (None, date(2026, 9, 1), wang)
    assert stored.created_at == AT and stored.revoked_at is None
    assert link_of(code) == f"http://welding.localhost:8000/r/{code.code}/"
    assert find_code(code.code.lower().replace("-", " ")) == code


def test_a_society_has_many_codes_and_none_leads_to_the_next(in_welding: Any) -> None:
    codes = {mint(label=f"活动{number}").code for number in range(20)}
    assert len(codes) == 20
    assert len({parse_code(code).body[:4] for code in codes}) > 15


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"label": "   "}, "label_missing", "label"),
        ({"label": "长" * 81}, "text_too_long", "label"),
        ({"label": "a\x00b"}, "text_unreadable", "label"),
        ({"valid_from": TODAY, "valid_to": TODAY}, "period_empty", "valid_to"),
        ({"valid_to": TODAY}, "period_over", "valid_to"),
        ({"max_uses": 0}, "max_uses_out_of_range", "max_uses"),
        ({"max_uses": -5}, "max_uses_out_of_range", "max_uses"),
        ({"max_uses": 10**12}, "max_uses_out_of_range", "max_uses"),
    ],
)
def test_a_senseless_campaign_is_refused(in_welding: Any, changes: dict[str, Any], code: str, field: str) -> None:
    error = refused(mint, **changes)
    assert (error.code, error.field) == (code, field)
    assert not ReferralCode.objects.exists()


def test_a_member_has_one_own_code(in_welding: Any) -> None:
    member = uuid4()
    with CaptureQueriesContext(connection) as queries:
        code = services.mint_member_code(member, "member", at=AT)
    assert len(queries) == 1
    assert services.mint_member_code(member, "member", at=AT + timedelta(days=1)) == code
    assert ReferralCode.objects.filter(member_id=member).count() == 1
    assert live_code_of(member) == code


def test_after_a_withdrawal_a_member_gets_another_code(in_welding: Any) -> None:
    member = uuid4()
    first = services.mint_member_code(member, "institution", at=AT)
    services.revoke_code(first, reason="盗用", by="user:1 Wang", at=AT)
    second = services.mint_member_code(member, "institution", at=AT)
    assert second.code != first.code and live_code_of(member) == second
    assert second.kind == "institution"


def test_a_taken_code_is_not_given_twice(in_welding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = mint()
    offered = iter([taken.code, taken.code, "101-KQ27-M9TX-C"])
    monkeypatch.setattr(services, "mint_code", lambda number: next(offered))
    assert services.mint_member_code(uuid4(), "member", at=AT).code == "101-KQ27-M9TX-C"
    offered = iter([taken.code, "101-CQ27-M9TX-C"])
    assert mint().code == "101-CQ27-M9TX-C"


def test_a_broken_source_of_chance_is_noticed(in_welding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = mint()
    monkeypatch.setattr(services, "mint_code", lambda number: taken.code)
    with pytest.raises(RuntimeError, match="repeats itself"):
        mint()
    with pytest.raises(RuntimeError, match="repeats itself"):
        services.mint_member_code(uuid4(), "member", at=AT)
    assert ReferralCode.objects.count() == 1


# -- checking ----------------------------------------------------------------------------------------------


def test_a_code_holds_from_its_first_day_up_to_its_last(in_welding: Any) -> None:
    code = mint(valid_from=date(2026, 6, 10), valid_to=date(2026, 6, 20))
    check_code(code, on=date(2026, 6, 10))
    check_code(code, on=date(2026, 6, 19))
    early = refused(check_code, code, on=date(2026, 6, 9))
    assert early.code == "code_not_yet_valid" and early.facts["day"] == date(2026, 6, 10)
    late = refused(check_code, code, on=date(2026, 6, 20))
    assert late.code == "code_expired" and late.facts["day"] == date(2026, 6, 19)


def test_a_withdrawn_code_is_refused_and_stays_withdrawn(in_welding: Any) -> None:
    code = mint()
    assert refused(services.revoke_code, code, reason=" ", by="w", at=AT).code == "reason_missing"
    services.revoke_code(code, reason="印错了", by="user:1 Wang", at=AT)
    assert (code.revoked_at, code.revoke_reason) == (AT, "印错了")
    assert refused(check_code, code, on=TODAY).code == "code_revoked"
    again = refused(services.revoke_code, code, reason="x", by="w", at=AT + timedelta(hours=1))
    assert (again.code, again.status) == ("code_already_revoked", 409)
    assert ReferralCode.objects.get().revoked_at == AT


def test_a_code_is_used_up_by_applications_not_by_scans(in_welding: Any) -> None:
    code = mint(max_uses=2)
    for _scan in range(5):
        services.count_scan(code, AT)
    assert services.count_application(code.code, AT)
    check_code(code, on=TODAY)
    assert services.count_application(code.code, AT + timedelta(days=1))
    error = refused(check_code, code, on=TODAY)
    assert error.code == "code_used_up" and " 2 " in str(error)
    assert refused(services.count_application, code.code, AT).code == "code_used_up"
    assert uses_of(code) == 2


# -- counting ----------------------------------------------------------------------------------------------


def test_the_funnel_is_counted_per_day_of_the_society(in_welding: Any) -> None:
    code = mint()
    late_evening = datetime(2026, 6, 1, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    for at in (AT, late_evening, late_evening + timedelta(minutes=1)):
        assert services.count_scan(code, at)
    services.count_application(code.code, AT)
    services.count_member(code.code, AT + timedelta(days=3))
    assert funnel_of(code) == Funnel(scans=3, applications=1, members=1)
    days = funnel_by_day(code, from_on=TODAY, to_on=date(2026, 6, 4))
    assert [(day.day.day, day.funnel) for day in days] == [
        (1, Funnel(scans=2, applications=1)),
        (2, Funnel(scans=1)),
    ]
    assert total_funnel(from_on=TODAY, to_on=date(2026, 7, 1)) == Funnel(3, 1, 1)


def test_counting_is_one_statement(in_welding: Any) -> None:
    code = mint()
    for count in (services.count_scan, services.count_application, services.count_member):
        with CaptureQueriesContext(connection) as queries:
            assert count(code.code, AT)
        assert len(queries) == 1


def test_a_code_of_nobody_counts_nothing(in_welding: Any) -> None:
    for count in (services.count_scan, services.count_application, services.count_member):
        assert count("101-KQ27-M9TX-C", AT) is False
        assert count("", AT) is False
    assert not CodeDay.objects.exists()


@pytest.mark.parametrize("codes", [1, 3])
def test_the_list_of_campaigns_takes_one_query(in_welding: Any, codes: int) -> None:
    minted = [mint(label=f"活动{number}", at=AT + timedelta(hours=number)) for number in range(codes)]
    for code in minted:
        services.count_scan(code, AT)
        services.count_scan(code, AT + timedelta(days=1))
        services.count_application(code.code, AT)
    services.mint_member_code(uuid4(), "member", at=AT)
    with CaptureQueriesContext(connection) as queries:
        rows = [(code.label, code.scans, code.applications, code.members) for code in campaigns()]  # type: ignore[attr-defined]
    assert len(queries) == 1
    assert rows == [(f"活动{number}", 2, 1, 0) for number in reversed(range(codes))]


def test_campaigns_that_are_over_can_be_left_out(in_welding: Any) -> None:
    mint(label="过期", valid_to=date(2026, 6, 2))
    services.revoke_code(mint(label="作废"), reason="x", by="w", at=AT)
    mint(label="有效", valid_to=date(2026, 6, 11))
    assert [code.label for code in campaigns(live_on=date(2026, 6, 10))] == ["有效"]
    assert campaigns().count() == 3


# -- attribution -------------------------------------------------------------------------------------------


def test_an_attribution_is_a_copy_and_a_transfer_adds_a_row(in_welding: Any) -> None:
    application = uuid4()
    wang = Recommender(
        society="101",
        name="王荐",
        kind="person",
        category="senior",
        category_name="高级会员",
        rank=3,
        from_on=TODAY,
        to_on=date(2027, 6, 1),
        identity=Identity(number="1010000007S"),
    )
    first = services.record_attribution(
        application, channel="member", code="101-KQ27-M9TX-C", recommender=wang, scheme_version=1, at=AT
    )
    stored = Attribution.objects.get(pk=first.pk)
    assert (stored.recommender_society, stored.recommender_number, stored.recommender_name) == (
        "101",
        "1010000007S",
        "王荐",
    )
    assert (stored.recommender_category, stored.recommender_rank) == ("senior", 3)
    assert (stored.recommender_standing_to, stored.scheme_version) == (date(2027, 6, 1), 1)
    second = services.record_attribution(
        application, channel="headquarters", scheme_version=1, at=AT + timedelta(days=1)
    )
    assert attribution_of(application) == second
    assert Attribution.objects.filter(application_id=application).count() == 2


def test_the_database_refuses_to_change_an_attribution(in_welding: Any) -> None:
    services.record_attribution(uuid4(), channel="headquarters", scheme_version=1, at=AT)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Attribution.objects.update(channel="branch")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Attribution.objects.all().delete()
    assert Attribution.objects.get().channel == "headquarters"


# -- two societies, two at once ----------------------------------------------------------------------------


def test_a_code_of_one_society_is_nothing_in_another(federation: Any) -> None:
    with federation.inside(federation.welding):
        code = mint()
    with federation.inside(federation.zhejiang):
        assert find_code(code.code) is None
        assert services.count_scan(code.code, AT) is False


def test_those_who_scan_at_once_are_all_counted(federation: Any) -> None:
    with federation.inside(federation.welding):
        code = mint()
    assert at_once(federation.welding, [lambda: services.count_scan(code, AT)] * 12) == [True] * 12
    with federation.inside(federation.welding):
        assert funnel_of(code) == Funnel(scans=12)


def test_a_limit_holds_against_those_who_apply_at_once(federation: Any) -> None:
    with federation.inside(federation.welding):
        code = mint(max_uses=3)

    def apply() -> bool:
        with transaction.atomic():
            return services.count_application(code.code, AT)

    outcomes = at_once(federation.welding, [apply] * 10)
    assert outcomes.count(True) == 3
    assert [error.code for error in outcomes if isinstance(error, Refusal)] == ["code_used_up"] * 7
    with federation.inside(federation.welding):
        assert uses_of(code) == 3


def test_a_member_minted_twice_at_once_has_one_code(federation: Any) -> None:
    member = uuid4()
    codes = at_once(federation.welding, [lambda: services.mint_member_code(member, "member", at=AT)] * 6)
    assert len({code.code for code in codes}) == 1
    with federation.inside(federation.welding):
        assert ReferralCode.objects.filter(member_id=member).count() == 1
