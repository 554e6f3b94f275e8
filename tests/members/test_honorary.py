"""Honorary membership comes from a recorded resolution at headquarters, with the term that it set."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from federation.ledger.resolutions import record_resolution
from federation.models import OutboxMessage
from huilian.journal.models import Record
from huilian.members.models import EntitlementYear, Member, NumberSerial
from huilian.members.services import grant_honorary, lapse_due_members
from huilian.notices.models import Notice
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit.errors import Refusal
from referrals.models import ReferralCode
from tests.at_once import at_once
from tests.members.cast import AT, TODAY

NUMBER = "理事会〔2026〕7号"


@pytest.fixture
def aiet(in_hq: Any) -> Iterator[Any]:
    """Headquarters of a federation that knows honorary members, with one resolution."""
    _publish_aiet()
    _resolve()
    yield in_hq
    forget_schemes()


def _publish_aiet() -> None:
    scheme = load_preset("aiet")
    SchemeVersion.objects.all().delete()
    SchemeVersion.objects.create(
        key=scheme.key,
        version=scheme.version,
        effective_on=scheme.effective_on,
        document=scheme.to_data(),
        published_at=AT,
    )
    forget_schemes()


def _resolve() -> None:
    record_resolution(
        number=NUMBER,
        meeting="第三届理事会第二次会议",
        resolved_on=date(2026, 5, 20),
        subject="授予荣誉会员",
        text="授予钱先生荣誉会员称号，任期两年。",
        by="user:1 Zhao",
        at=AT,
    )


def grant(**changes: Any) -> Member:
    facts: dict[str, Any] = {
        "name": "钱荣誉",
        "email": "Qian@Example.org",
        "resolution": NUMBER,
        "term": 2,
        "by": "user:1 Zhao",
        "at": AT,
    }
    return grant_honorary(**{**facts, **changes})


def refused(**changes: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        grant(**changes)
    assert "%(" not in str(caught.value)
    return caught.value


def test_a_resolution_makes_an_honorary_member(aiet: Any) -> None:
    member = Member.objects.get(pk=grant().pk)
    assert member.number.startswith("100") and member.category == "honorary"
    assert (member.kind, member.state, member.channel) == ("person", "active", "headquarters")
    assert (member.joined_on, member.to_on) == (TODAY, date(2028, 6, 1))
    assert member.application_id is None
    years = EntitlementYear.objects.filter(member=member).values_list("from_on", "to_on", "resolution", "bill_id")
    assert list(years) == [
        (TODAY, date(2027, 6, 1), NUMBER, None),
        (date(2027, 6, 1), date(2028, 6, 1), NUMBER, None),
    ]
    assert ReferralCode.objects.get(member_id=member.pk).kind == "member"
    assert OutboxMessage.objects.get(type="member.reported").payload["number"] == member.number
    entry = Record.objects.get(verb="member.honoured")
    assert entry.facts["resolution"] == NUMBER and entry.facts["resolved_on"] == "2026-05-20"
    letter = Notice.objects.get(event="membership.welcome")
    assert letter.address == "Qian@example.org" and member.number in letter.body


def test_a_resolution_may_set_no_end(aiet: Any) -> None:
    member = grant(term=None)
    assert member.to_on is None
    assert list(member.years.values_list("from_on", "to_on")) == [(TODAY, None)]
    assert lapse_due_members(date(2090, 1, 1), AT) == 0


def test_only_headquarters_grants(in_welding: Any) -> None:
    error = refused()
    assert (error.code, error.status) == ("not_headquarters", 403)
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"resolution": "没有这号"}, "resolution_unknown", "resolution"),
        ({"resolution": ""}, "resolution_unknown", "resolution"),
        ({"term": 0}, "term_out_of_range", "term"),
        ({"term": 51}, "term_out_of_range", "term"),
        ({"name": " "}, "name_missing", "name"),
        ({"name": "a\x00"}, "name_unreadable", "name"),
        ({"email": "nonsense"}, "email_invalid", "email"),
        ({"phone": "123"}, "phone_invalid", "phone"),
        ({"category": "individual"}, "honorary_unknown", "category"),
    ],
)
def test_what_does_not_follow_the_resolution_is_refused(
    aiet: Any, changes: dict[str, Any], code: str, field: str
) -> None:
    error = refused(**changes)
    assert (error.code, error.field) == (code, field)
    assert not Member.objects.exists() and not NumberSerial.objects.exists()


def test_a_federation_without_such_a_category_has_no_honorary_members(in_hq: Any) -> None:
    _resolve()
    assert refused().code == "honorary_unknown"


def test_the_same_resolution_honours_a_person_once(aiet: Any) -> None:
    first = grant()
    error = refused()
    assert (error.code, error.status) == ("honorary_already_granted", 409)
    assert first.number in str(error)
    assert grant(name="孙荣誉").number != first.number
    assert NumberSerial.objects.get().last == 2


def test_a_double_click_honours_once(federation: Any) -> None:
    with federation.inside(federation.hq):
        kept = list(SchemeVersion.objects.all())
        _publish_aiet()
        _resolve()
    try:
        outcomes = at_once(federation.hq, [grant] * 4)
        assert sum(isinstance(outcome, Member) for outcome in outcomes) == 1
        assert {error.code for error in outcomes if isinstance(error, Refusal)} == {"honorary_already_granted"}
    finally:
        with federation.inside(federation.hq):
            SchemeVersion.objects.all().delete()
            SchemeVersion.objects.bulk_create(kept)
            forget_schemes()
