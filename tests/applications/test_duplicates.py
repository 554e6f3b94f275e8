"""One person, one live application: two tabs, a double click, another device; and nobody blocks or outs another."""

from typing import Any

import pytest

from huilian.accounts.hashing import contact_hash
from huilian.applications.models import Application
from huilian.applications.services import submit_application, withdraw_application
from huilian.members.models import Member
from kit.errors import Refusal
from tenants.models import Society
from tests.applications.forms import AT, TODAY, draft, identity_number, institution, person, student, submit

State = Application.State
OTHER = identity_number(serial=99)


def refusal(**form: Any) -> Refusal:
    category = form.pop("category", "ordinary")
    with pytest.raises(Refusal) as refused:
        submit(category, **form)
    return refused.value


def test_the_second_tab_is_led_to_the_first(in_welding: Society) -> None:
    first = submit()
    second = refusal()
    assert (second.code, second.status) == ("already_applied", 409)
    assert second.facts == {"reference": first.reference, "application_id": str(first.pk)}
    assert first.reference in str(second)


def test_a_double_click_on_one_draft(in_welding: Society) -> None:
    application = draft()
    other_tab = Application.objects.get(pk=application.pk)
    submit(application=application)
    with pytest.raises(Refusal) as refused:
        submit(application=other_tab)
    assert refused.value.code == "already_applied"
    assert refused.value.facts["application_id"] == str(application.pk)
    assert other_tab.state == State.IN_PROGRESS  # the tab knows now
    assert Application.objects.get().version == 2


@pytest.mark.parametrize(
    "answers, contact, same",
    [
        # the same identity number, other contacts
        (person(mobile="13700000001", email="other@example.org"), "13700000001", True),
        # the same two contacts, confirmed by the other one
        (person(id_number=OTHER), "li@example.org", True),
        # the confirmed contact is the other's, the rest is not
        (person(id_number=OTHER, email="other@example.org"), "13800000001", True),
        # only an unconfirmed address is the same: it may be somebody else's, typed by anyone
        (person(id_number=OTHER, mobile="13700000001"), "13700000001", False),
    ],
)
def test_what_makes_two_applications_one_person_s(
    in_welding: Society, answers: dict[str, Any], contact: str, same: bool
) -> None:
    submit(confirmed_contact="13800000001")
    if same:
        assert refusal(answers=answers, confirmed_contact=contact).code == "already_applied"
        assert Application.objects.filter(state=State.IN_PROGRESS).count() == 1
    else:
        assert submit(answers=answers, confirmed_contact=contact).state == State.IN_PROGRESS


def test_an_identity_number_alone_tells_nobody_which_application(in_welding: Society) -> None:
    first = submit()
    second = refusal(answers=person(mobile="13700000001", email="e@example.org"), confirmed_contact="13700000001")
    assert (second.code, second.facts) == ("already_applied", {})
    assert first.reference not in str(second)


def test_after_the_end_one_may_apply_again(in_welding: Society) -> None:
    withdraw_application(submit(), by="user:1", at=AT)
    assert submit().state == State.IN_PROGRESS


def test_an_institution_applies_once(in_welding: Society) -> None:
    submit("institutional")
    again = institution(representative_phone="13900000010", representative_email="x@example.org")
    assert refusal(category="institutional", answers=again).code == "already_applied"


def test_a_member_in_standing_has_nothing_to_apply_for(in_welding: Society) -> None:
    submit("student")
    second = refusal(category="student")
    assert (second.code, second.status) == ("already_member", 409)
    assert second.facts["number"] == "1010000001X"
    assert Member.objects.count() == 1
    assert Application.objects.filter(state=State.DRAFT).count() == 1


def test_a_student_may_rise_and_keeps_number_and_account(in_welding: Society) -> None:
    submit("student")
    application = submit("ordinary")
    assert (application.state, application.step) == (State.IN_PROGRESS, "pay")
    assert application.user == Member.objects.get().user


def test_a_member_known_by_the_identity_number_only_is_not_named(in_welding: Society) -> None:
    submit("student")
    stranger = student(mobile="13700000001", email="e@example.org")
    second = refusal(category="student", answers=stranger, confirmed_contact="13700000001")
    assert (second.code, second.facts) == ("already_member", {})
    assert "1010000001X" not in str(second)
    assert Member.objects.count() == 1


def test_typing_a_member_s_address_tells_nothing(in_welding: Society) -> None:
    """The form must not answer who is a member: another's e-mail, unconfirmed, makes no difference."""
    submit("student")
    answers = student(mobile="13700000001", id_number=OTHER)
    assert submit("student", answers, confirmed_contact="13700000001").state == State.MEMBER


def test_a_lapsed_member_with_another_account_is_asked_to_use_it(in_welding: Society) -> None:
    Member.objects.create(
        number="1010000009P", kind="person", category="ordinary", name="李明", channel="branch",
        state="lapsed", id_number_hash=contact_hash("id_number", identity_number()),
        joined_on=TODAY.replace(year=2020), from_on=TODAY.replace(year=2020), to_on=TODAY.replace(year=2021),
        updated_at=AT,
    )  # fmt: skip
    assert refusal().code == "already_member"


def test_an_ended_application_cannot_be_handed_in(in_welding: Society) -> None:
    application = withdraw_application(submit(), by="user:1", at=AT)
    with pytest.raises(Refusal) as refused:
        submit_application(application, answers=person(), at=AT)
    assert refused.value.code == "already_applied"
    assert Application.objects.get().state == State.WITHDRAWN
