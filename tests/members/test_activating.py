"""An approved applicant becomes a member once: number, dated years, own code, report, journal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from federation.models import OutboxMessage
from huilian.accounts.models import User
from huilian.journal.models import Record
from huilian.journal.queries import verify
from huilian.members.models import Consent, EntitlementYear, Member, NumberSerial, Representative
from huilian.members.queries import consents_of, member_of_user, standing_of
from huilian.members.rules import check_may_join, check_years, years_from
from huilian.members.services import activate_member, end_member, record_consents, withdraw_consent
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes
from kit.errors import Refusal
from referrals.models import ReferralCode
from tests.at_once import at_once
from tests.members.cast import AT, SCHEME, TODAY, activate, application_of


def reports() -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(type="member.reported").order_by("id").values_list("payload", flat=True))


def years_of(member: Member) -> list[tuple[str, date, date | None]]:
    return list(member.years.order_by("from_on", "to_on").values_list("category", "from_on", "to_on"))


# -- becoming a member -------------------------------------------------------------------------------------


def test_li_becomes_a_member(in_welding: Any) -> None:
    user, bill = User.objects.create_user(name="李申请"), uuid4()
    application = application_of(
        "单田芳",
        user_id=user.pk,
        referral_code="101-KQ27-M9TX-C",
        profile={"title": "工程师"},
        interests=("101", "103"),
        id_type="resident",
        id_number_sealed="s1.x.y",
        id_number_hash="i" * 64,
        consents=(("share_with_headquarters", "2026-1"),),
    )
    member = Member.objects.get(pk=activate(application, years=1, bill_id=bill).pk)
    assert member.number == "1010000001P"
    assert (member.kind, member.category, member.state) == ("person", "ordinary", "active")
    assert (member.name, member.sort_key) == ("单田芳", "shan4 tian2 fang1")
    assert (member.joined_on, member.from_on, member.to_on) == (TODAY, TODAY, date(2027, 6, 1))
    assert (member.user, member.application_id, member.version) == (user, application.application_id, 1)
    assert (member.channel, member.referral_code) == ("branch", "101-KQ27-M9TX-C")
    assert (member.profile, member.interests) == ({"title": "工程师"}, ["101", "103"])
    assert (member.id_number_sealed, member.id_number_hash) == ("s1.x.y", "i" * 64)
    assert list(member.years.values_list("bill_id", "application_id")) == [(bill, application.application_id)]
    assert {purpose: act.given for purpose, act in consents_of(member.pk).items()} == {"share_with_headquarters": True}
    assert member_of_user(user.pk) == member


def test_five_years_paid_are_five_dated_years(in_welding: Any) -> None:
    member = activate(years=5)
    days = [date(2026 + n, 6, 1) for n in range(6)]
    assert years_of(member) == [("ordinary", days[n], days[n + 1]) for n in range(5)]
    assert member.to_on == date(2031, 6, 1)
    assert standing_of(member, date(2031, 5, 31)) and not standing_of(member, date(2031, 6, 1))


def test_years_that_begin_on_a_leap_day_do_not_drift(in_welding: Any) -> None:
    member = activate(years=5, on=date(2028, 2, 29), at=datetime(2028, 2, 29, 4, tzinfo=UTC))
    ends = [to_on for _category, _from_on, to_on in years_of(member)]
    assert ends == [date(2029, 3, 1), date(2030, 3, 1), date(2031, 3, 1), date(2032, 2, 29), date(2033, 3, 1)]


def test_a_member_gets_an_own_code(in_welding: Any) -> None:
    member = activate()
    code = ReferralCode.objects.get(member_id=member.pk)
    assert code.kind == "member" and code.code.startswith("101-") and code.created_at == AT


def test_headquarters_is_told_what_its_roll_needs_and_no_more(in_welding: Any) -> None:
    member = activate(application_of("李申请", email="li@example.org", email_hash="e" * 64))
    message = OutboxMessage.objects.get(type="member.reported")
    assert (message.receiver, message.subject) == ("100", f"member:{member.pk}")
    assert message.payload["number"] == "1010000001P" and message.payload["row_version"] == 1
    assert message.payload["email_hash"] == "e" * 64
    assert "li@example.org" not in str(message.payload) and "13800000001" not in str(message.payload)


def test_the_journal_tells_it_without_personal_identifiers(in_welding: Any) -> None:
    member = activate(years=2)
    entry = Record.objects.get(verb="member.activated")
    assert entry.subject_id == str(member.pk)
    assert entry.facts["number"] == "1010000001P" and entry.facts["years"] == 2
    assert "13800000001" not in str(entry.facts) and "李" not in str(entry.facts)
    assert verify() is None


def test_activation_takes_at_most_ten_queries_however_many_years(in_welding: Any) -> None:
    activate(application_of(phone="+8613800000009"))  # the scheme is remembered from the first
    counts = []
    for years in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            activate(application_of(phone=f"+861380000000{years}"), years=years)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12  # two of them are the savepoint of a test within a transaction


# -- numbers -----------------------------------------------------------------------------------------------


def test_each_society_counts_for_itself_and_grades_share_one_series(federation: Any) -> None:
    numbers = {}
    for society in (federation.welding, federation.zhejiang, federation.hq):
        with federation.inside(society):
            numbers[society.number] = [
                activate(application_of(phone=f"+861380000000{n}"), category=category).number
                for n, category in enumerate(("student", "ordinary", "senior"))
            ]
    letters = [SCHEME.category(code).grade_letter for code in ("student", "ordinary", "senior")]
    assert numbers == {
        number: [f"{number}000000{n}{letter}" for n, letter in enumerate(letters, start=1)]
        for number in ("101", "201", "100")
    }


def test_a_failed_activation_leaves_no_gap_and_nothing_behind(in_welding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    activate(application_of(phone="+8613800000002"))

    def fail(*args: Any, **facts: Any) -> None:
        raise RuntimeError("the power went off")

    with monkeypatch.context() as broken:
        broken.setattr("huilian.members.services.activating.report_member", fail)
        with pytest.raises(RuntimeError):
            activate()
    assert Member.objects.count() == 1 and ReferralCode.objects.count() == 1
    assert EntitlementYear.objects.count() == 1
    assert activate().number == "1010000002P"


def test_when_the_digits_are_used_up_it_is_said_and_nothing_is_taken(in_welding: Any) -> None:
    NumberSerial.objects.create(pk=1, last=9_999_999)
    with pytest.raises(Refusal) as caught:
        activate()
    assert caught.value.code == "member_serial_exhausted"
    assert NumberSerial.objects.get().last == 9_999_999 and not Member.objects.exists()


def test_a_wider_pattern_of_a_later_scheme_goes_on(in_welding: Any) -> None:
    NumberSerial.objects.create(pk=1, last=9_999_999)
    stored = SchemeVersion.objects.get()
    document = {
        **stored.document,
        "version": 2,
        "member_number": {"template": "{society:3}{serial:8}{grade}"},
    }
    SchemeVersion.objects.create(key="cmes", version=2, effective_on=TODAY, document=document, published_at=AT)
    forget_schemes()
    try:
        assert activate().number == "10110000000P"
    finally:
        forget_schemes()


def test_two_hundred_at_once_get_two_hundred_numbers_without_gap(federation: Any) -> None:
    def join(batch: int) -> list[str]:
        return [activate(application_of(f"会员{batch}-{n}", phone=f"+86139{batch:04}{n:04}")).number for n in range(25)]

    outcomes = at_once(federation.welding, [lambda batch=batch: join(batch) for batch in range(8)])  # type: ignore[misc]
    numbers = sorted(number for batch in outcomes for number in batch)
    assert numbers == [f"101{serial:07}P" for serial in range(1, 201)]
    with federation.inside(federation.welding):
        assert verify() is None and len(reports()) == 200


# -- once ----------------------------------------------------------------------------------------------------


def test_activated_twice_is_activated_once(in_welding: Any) -> None:
    application = application_of()
    first, second = activate(application, years=3), activate(application, years=3)
    assert first == second and second.number == "1010000001P"
    assert NumberSerial.objects.get().last == 1
    assert (EntitlementYear.objects.count(), ReferralCode.objects.count(), len(reports())) == (3, 1, 1)
    assert Record.objects.filter(verb="member.activated").count() == 1


def test_activated_by_several_workers_at_once_is_activated_once(federation: Any) -> None:
    application = application_of()
    outcomes = at_once(federation.welding, [lambda: activate(application).number] * 6)
    assert outcomes == ["1010000001P"] * 6
    with federation.inside(federation.welding):
        assert (Member.objects.count(), len(reports()), NumberSerial.objects.get().last) == (1, 1, 1)


# -- again ---------------------------------------------------------------------------------------------------


def test_who_lapsed_joins_again_under_the_old_number(in_welding: Any) -> None:
    user = User.objects.create_user(name="李申请")
    member = activate(application_of(user_id=user.pk))
    Member.objects.update(state="lapsed")
    later = datetime(2029, 1, 10, 4, tzinfo=UTC)
    again = activate(application_of(user_id=user.pk, phone="+8613900000000"), years=2, on=date(2029, 1, 10), at=later)
    again.refresh_from_db()
    assert (again.pk, again.number, again.state) == (member.pk, "1010000001P", "active")
    assert (again.joined_on, again.from_on, again.to_on) == (TODAY, date(2029, 1, 10), date(2031, 1, 10))
    assert again.phone == "+8613900000000" and again.version == 2
    assert years_of(again) == [
        ("ordinary", TODAY, date(2027, 6, 1)),
        ("ordinary", date(2029, 1, 10), date(2030, 1, 10)),
        ("ordinary", date(2030, 1, 10), date(2031, 1, 10)),
    ]
    assert not standing_of(again, date(2028, 1, 1)) and standing_of(again, date(2026, 7, 1))
    assert NumberSerial.objects.get().last == 1 and ReferralCode.objects.count() == 1
    assert [report["row_version"] for report in reports()] == [1, 2]


def test_the_first_application_handled_again_after_the_second_changes_nothing(in_welding: Any) -> None:
    user = User.objects.create_user(name="李申请")
    first, second = application_of(user_id=user.pk), application_of(user_id=user.pk)
    activate(first)
    activate(second)
    assert activate(first).version == 2
    assert EntitlementYear.objects.count() == 2


def test_paid_again_before_the_end_no_day_is_lost(in_welding: Any) -> None:
    user = User.objects.create_user(name="李申请")
    activate(application_of(user_id=user.pk), years=2)
    member = activate(application_of(user_id=user.pk), on=date(2026, 9, 1))
    assert (member.from_on, member.to_on) == (TODAY, date(2029, 6, 1))
    assert years_of(member)[-1] == ("ordinary", date(2028, 6, 1), date(2029, 6, 1))


def test_who_rises_keeps_the_number_and_what_was_paid_for_stays_written(in_welding: Any) -> None:
    user = User.objects.create_user(name="李申请")
    activate(application_of(user_id=user.pk), years=2)
    member = activate(application_of(user_id=user.pk), category="senior")
    assert (member.number, member.category) == ("1010000001P", "senior")
    assert (member.from_on, member.to_on) == (TODAY, date(2027, 6, 1))
    assert [year[0] for year in years_of(member)] == ["ordinary", "senior", "ordinary"] or [
        year[0] for year in years_of(member)
    ] == ["senior", "ordinary", "ordinary"]


def test_another_person_with_the_same_id_number_takes_over_nothing(in_welding: Any) -> None:
    li, chen = (User.objects.create_user(name=name) for name in ("李申请", "陈冒名"))
    first = activate(application_of(user_id=li.pk, id_number_hash="i" * 64))
    second = activate(application_of("陈冒名", user_id=chen.pk, id_number_hash="i" * 64, phone="+8613900000001"))
    assert second.pk != first.pk and second.number == "1010000002P"
    first.refresh_from_db()
    assert (first.user, first.name, first.version) == (li, "李申请", 1)


def test_who_may_join_again(in_welding: Any) -> None:
    member = activate()

    def check(code: str, on: date) -> None:
        check_may_join(member, SCHEME.category(code), SCHEME, on=on)

    check("senior", TODAY)
    check("ordinary", date(2027, 6, 1))
    check("institutional", TODAY)
    check_may_join(None, SCHEME.category("ordinary"), SCHEME, on=TODAY)
    for code in ("ordinary", "student"):
        with pytest.raises(Refusal) as caught:
            check(code, date(2027, 5, 31))
        assert (caught.value.code, caught.value.status) == ("already_member", 409)
        assert "1010000001P" in str(caught.value) and caught.value.facts["until"] == date(2027, 5, 31)
    Member.objects.update(to_on=None)
    member.refresh_from_db()
    with override("en"), pytest.raises(Refusal, match="without an end"):
        check("ordinary", date(2090, 1, 1))
    end_member(member, reason="本人退会", by="user:1 Wang", at=AT)
    check("ordinary", TODAY)


# -- institutions --------------------------------------------------------------------------------------------


def test_an_institution_has_a_representative_and_a_code_of_its_kind(in_welding: Any) -> None:
    wang = User.objects.create_user(name="王代表")
    member = activate(
        application_of(
            "杭州第一机床厂",
            kind="institution",
            user_id=wang.pk,
            representative_name="王代表",
            representative_position="总工程师",
            id_number_hash="u" * 64,
        ),
        category="institutional",
    )
    assert member.kind == "institution" and member.user is None
    person = Representative.objects.get(member=member)
    assert (person.user, person.name, person.position, person.from_on) == (wang, "王代表", "总工程师", TODAY)
    assert ReferralCode.objects.get(member_id=member.pk).kind == "institution"
    assert member_of_user(wang.pk) == member
    assert member.sort_key.startswith("hang2 zhou1")


def test_whoever_represents_an_institution_may_be_a_member_too(in_welding: Any) -> None:
    wang = User.objects.create_user(name="王代表")
    factory = application_of("一厂", kind="institution", user_id=wang.pk, id_number_hash="u" * 64)
    institution = activate(factory, category="institutional")
    person = activate(application_of("王代表", user_id=wang.pk))
    assert person.number == "1010000002P" and person.user == wang
    assert member_of_user(wang.pk) == person
    again = activate(replace(factory, application_id=uuid4()), category="institutional")
    assert again == institution and Representative.objects.count() == 1
    other = activate(
        replace(factory, application_id=uuid4(), name="二厂", id_number_hash="v" * 64),
        category="institutional",
    )
    assert other.pk != institution.pk


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["䶮", "欧阳" + "锋" * 98, "乐 " * 33, "Müller-Lüdenscheidt"])
def test_rare_and_long_names_fit(in_welding: Any, name: str) -> None:
    member = activate(application_of(name.strip()))
    member.refresh_from_db()
    assert member.name == name.strip() and 0 < len(member.sort_key) <= 300


# -- years and consents ------------------------------------------------------------------------------------


def test_years_must_follow_one_another() -> None:
    check_years(years_from(TODAY, 5))
    check_years(((TODAY, None),))
    for wrong in (
        (),
        ((TODAY, TODAY),),
        ((TODAY, date(2027, 6, 1)), (date(2027, 6, 2), date(2028, 6, 1))),
        ((TODAY, date(2027, 6, 1)), (date(2027, 5, 31), date(2028, 6, 1))),
        ((TODAY, None), (date(2027, 6, 1), date(2028, 6, 1))),
    ):
        with pytest.raises(ValueError):
            check_years(wrong)


def test_activation_with_a_gap_is_refused_before_anything_is_written(in_welding: Any) -> None:
    with pytest.raises(ValueError):
        activate_member(
            application=application_of(),
            category=SCHEME.category("ordinary"),
            years=((TODAY, date(2027, 6, 1)), (date(2028, 6, 1), date(2029, 6, 1))),
            at=AT,
            by="system",
        )
    assert not NumberSerial.objects.exists()


def test_consent_is_withdrawn_by_a_row_of_its_own(in_welding: Any) -> None:
    someone = uuid4()
    record_consents(someone, [("directory", "1"), ("abroad", "1")], at=AT)
    withdraw_consent(someone, "directory", at=AT + timedelta(days=1))
    held = consents_of(someone)
    assert (held["directory"].given, held["abroad"].given) == (False, True)
    assert Consent.objects.filter(subject_id=someone).count() == 3
    for purpose in ("directory", "never_asked"):
        with pytest.raises(Refusal) as caught, transaction.atomic():
            withdraw_consent(someone, purpose, at=AT)
        assert caught.value.code == "consent_not_given"
    record_consents(someone, [("directory", "2")], at=AT + timedelta(days=2))
    assert consents_of(someone)["directory"].version == "2"
