"""Handing in: what is stored, frozen, told and asked for, in each category."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from federation.models import OutboxMessage
from huilian.accounts.hashing import contact_hash, open_sealed
from huilian.accounts.models import User
from huilian.applications.models import Application, Paper, StepRecord
from huilian.applications.refusals import Problems
from huilian.applications.rules import SHARE_WITH_HEADQUARTERS
from huilian.applications.services import confirm_contact, save_draft, start_application, submit_application
from huilian.journal.models import Record
from huilian.journal.queries import records_of, verify
from huilian.members.models import Consent, EntitlementYear, Member
from huilian.notices.models import Notice
from huilian.schemes.queries import scheme_version
from kit.errors import Refusal
from referrals.models import Attribution
from tenants.models import Society
from tests.applications.forms import (
    AT,
    TODAY,
    another,
    draft,
    identity_number,
    institution,
    pdf,
    person,
    recommender,
    senior,
    student,
    submit,
    ticket,
)

State = Application.State


def messages(name: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(type=name).order_by("id"))


def letters() -> list[tuple[str, str]]:
    return [(notice.event, notice.channel) for notice in Notice.objects.order_by("event", "channel")]


def walked(application: Application) -> list[tuple[int, str, str]]:
    records = StepRecord.objects.filter(application=application)
    return [(record.step_index, record.kind, record.outcome) for record in records]


def test_an_ordinary_application_is_stored_in_clean_form(in_welding: Society) -> None:
    answers = person(name=" 李　明 ", mobile="138-0000-0001", email="Li@Example.org", postcode="无")
    application = Application.objects.get(pk=submit(answers=answers).pk)
    assert application.name == "李 明"
    assert application.phone == "+8613800000001"
    assert application.email == "Li@example.org"
    assert application.phone_hash == contact_hash("phone", "+8613800000001")
    assert application.email_hash == contact_hash("email", "li@example.org")
    assert application.id_number_hash == contact_hash("id_number", identity_number())
    assert open_sealed(application.id_number_sealed) == identity_number()
    assert "id_number" not in application.answers
    assert identity_number() not in str(application.__dict__)
    assert application.answers["postcode"] == "无"
    assert application.confirmed_hash == application.phone_hash
    assert application.contact_confirmed_at == AT
    assert (application.kind, application.category, application.channel) == ("person", "ordinary", "branch")
    assert (application.submitted_at, application.ended_at) == (AT, None)


def test_an_ordinary_application_goes_to_pay_at_once(in_welding: Society) -> None:
    application = submit()
    assert (application.state, application.step, application.step_index) == (State.IN_PROGRESS, "pay", 0)
    assert application.step_actor == "applicant"
    assert application.step_due_on == date(2026, 4, 1)  # 30 calendar days
    assert application.dues_unit_minor == 5000
    assert walked(application) == [(-1, "submit", "submitted"), (0, "pay", "entered")]
    (dues,) = messages("dues.requested")
    assert dues.receiver == "100"
    assert dues.payload == {
        "application_id": str(application.pk),
        "member_id": None,
        "payer_name": "李明",
        "category": "ordinary",
        "unit_minor": 5000,
        "currency": "CNY",
        "max_years": 5,
        "dues_resolution": scheme_version(1).category("ordinary").dues[0].resolution,
        "scheme_version": 1,
        "due_on": "2026-04-01",
    }
    (reported,) = messages("application.reported")
    assert reported.payload["state"] == "in_progress"
    assert reported.payload["step"] == "pay"
    assert reported.payload["row_version"] == application.version == 2
    assert letters() == [
        ("application.acknowledged", "email"),
        ("application.acknowledged", "sms"),
        ("dues.please_pay", "email"),
        ("dues.please_pay", "sms"),
    ]
    assert "¥50.00" in Notice.objects.get(event="dues.please_pay", channel="sms").body


def test_a_student_is_a_member_on_submission(in_welding: Society) -> None:
    application = submit("student")
    assert (application.state, application.step, application.ended_at) == (State.MEMBER, "", AT)
    member = Member.objects.get(application_id=application.pk)
    assert (member.number, member.category, member.state) == ("1010000001X", "student", "active")
    assert (member.from_on, member.to_on) == (TODAY, date(2027, 3, 2))
    assert member.user == application.user
    assert walked(application) == [
        (-1, "submit", "submitted"),
        (0, "activate", "entered"),
        (0, "activate", "done"),
    ]
    assert [message.payload["state"] for message in messages("application.reported")] == ["member"]
    assert messages("application.reported")[0].payload["row_version"] == application.version == 3
    assert len(messages("member.reported")) == 1
    assert messages("dues.requested") == messages("case.requested") == []
    assert letters() == [("membership.welcome", "email"), ("membership.welcome", "sms")]


def test_a_senior_application_waits_for_the_branch(in_welding: Society) -> None:
    application = submit("senior")
    assert (application.step, application.step_index, application.step_actor) == ("endorse", 0, "society")
    assert application.step_due_on == date(2026, 3, 9)  # five working days
    assert messages("case.requested") == messages("dues.requested") == []
    paper = Paper.objects.get(application=application)
    assert (paper.code, paper.file_name, paper.content_type) == ("qualification", "证书.pdf", "application/pdf")


def test_headquarters_does_not_endorse_to_itself(in_hq: Society) -> None:
    application = submit("senior")
    assert (application.step, application.step_index, application.step_actor) == ("review", 1, "headquarters")
    assert application.step_due_on == date(2026, 3, 16)  # ten working days
    assert walked(application) == [
        (-1, "submit", "submitted"),
        (0, "endorse", "skipped"),
        (1, "review", "entered"),
    ]
    (case,) = messages("case.requested")
    assert (case.receiver, case.payload["step"], case.payload["step_index"]) == ("100", "review", 1)
    assert (case.payload["persons"], case.payload["due_on"]) == (1, "2026-03-16")


def test_the_dossier_holds_no_contact_and_nothing_sensitive(in_hq: Society) -> None:
    answers = senior(political_status="masses", gender="male")
    submit("senior", answers, ticket={"recommender": recommender(), "channel": "member", "society": "100"})
    (case,) = messages("case.requested")
    dossier = case.payload["dossier"]
    assert set(dossier["answers"]) == {
        "name", "id_type", "school", "degree", "title", "employer", "merits", "merits_detail",
    }  # fmt: skip
    assert dossier["recommender"] == {
        "number": "1010000001G",
        "society": "101",
        "name": "王伟",
        "category": "senior",
    }
    (paper,) = dossier["papers"]
    assert (paper["code"], paper["file_name"]) == ("qualification", "证书.pdf")
    text = str(case.payload)
    for secret in (identity_number(), "+8613800000001", "li@example.org", "masses", "1990-03-07"):
        assert secret not in text


def test_an_institution_is_represented(in_welding: Society) -> None:
    application = submit("institutional")
    assert (application.kind, application.name) == ("institution", "浙江大学机械工程学院")
    assert (application.phone, application.email) == ("+8613900000009", "chen@example.org")
    assert application.id_type == "uscc"
    assert application.id_number_hash == contact_hash("id_number", "12330000470080253W")
    assert application.user is not None
    assert (application.user.name, application.user.phone) == ("陈静", "+8613900000009")
    assert "陈静" in Notice.objects.filter(channel="sms").get().body


def test_the_account_has_only_the_confirmed_contact(in_welding: Society) -> None:
    application = submit(confirmed_contact="13800000001")
    assert application.user is not None
    assert (application.user.phone, application.user.email) == ("+8613800000001", None)
    assert not application.user.has_usable_password()


def test_whoever_has_an_account_keeps_it(in_welding: Society) -> None:
    li = User.objects.create_user(name="李明", email="li@example.org")
    application = submit(confirmed_contact="li@example.org")
    assert application.user == li
    assert User.objects.count() == 1


def test_a_signed_in_applicant_needs_no_new_code(in_welding: Society) -> None:
    li = User.objects.create_user(name="李明", phone="+8613800000001")
    application = submit(application=draft(user=li), confirmed_contact="")
    assert (application.user, application.confirmed_hash) == (li, application.phone_hash)


def test_a_password_can_be_chosen_with_the_form(in_welding: Society) -> None:
    application = submit(password="correct-horse-7")
    assert application.user is not None
    assert application.user.check_password("correct-horse-7")


def test_a_contact_must_be_confirmed(in_welding: Society) -> None:
    application = draft()
    with pytest.raises(Problems) as refused:
        submit_application(application, answers=person(), at=AT)
    assert {field: [p.code for p in found] for field, found in refused.value.by_field.items()} == {
        "mobile": ["contact_unconfirmed"]
    }
    with pytest.raises(Problems):  # another contact than those of the form
        submit_application(application, answers=person(), confirmed_contact="13811111111", at=AT)
    assert Application.objects.get().state == State.DRAFT
    assert OutboxMessage.objects.count() == User.objects.count() == Record.objects.count() == 0


def test_a_contact_confirmed_on_the_draft_stays_confirmed(in_welding: Society) -> None:
    application = confirm_contact(draft(), contact="LI@example.org", at=AT - timedelta(hours=1))
    submit_application(application, answers=person(), at=AT)
    stored = Application.objects.get()
    assert stored.confirmed_hash == stored.email_hash
    assert stored.contact_confirmed_at == AT - timedelta(hours=1)


def test_attribution_is_frozen_with_the_recommender_as_it_stood(in_welding: Society) -> None:
    application = submit(ticket={"recommender": recommender(), "channel": "member", "code": ""})
    frozen = Attribution.objects.get(application_id=application.pk)
    assert application.attribution_id == frozen.pk
    assert (frozen.channel, frozen.recommender_number, frozen.recommender_name) == (
        "member",
        "1010000001G",
        "王伟",
    )
    assert (frozen.recommender_category, frozen.recommender_rank) == ("senior", 3)
    assert (frozen.recommender_standing_to, frozen.scheme_version) == (date(2027, 1, 1), 1)


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"to_on": TODAY}, "recommender_not_in_standing"),
        ({"category": "student", "rank": 1}, "recommender_of_lower_rank"),
        ({"kind": "institution"}, "recommender_wrong_kind"),
    ],
)
def test_the_recommender_is_looked_at_again(in_welding: Society, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        submit(ticket={"recommender": recommender(**changes), "channel": "member"})
    assert refused.value.code == code
    assert Application.objects.get().state == State.DRAFT
    assert Attribution.objects.count() == 0


def test_nobody_recommends_themselves(in_welding: Society) -> None:
    from referrals.facts import Identity

    oneself = Identity(number="1010000001G", phone_hash=contact_hash("phone", "+8613800000001"))
    with pytest.raises(Refusal) as refused:
        submit(ticket={"recommender": recommender(identity=oneself), "channel": "member"})
    assert refused.value.code == "recommender_oneself"


def test_a_province_asks_for_consent_to_share(in_zhejiang: Society) -> None:
    application = draft()
    with pytest.raises(Problems) as refused:
        submit(application=application, consents=())
    assert list(refused.value.by_field) == [f"consent:{SHARE_WITH_HEADQUARTERS}"]
    submit(application=application)
    assert Application.objects.get().consents == [[SHARE_WITH_HEADQUARTERS, "cmes-1"]]


def test_consent_goes_on_to_the_member(in_zhejiang: Society) -> None:
    application = submit("student")
    member = Member.objects.get(application_id=application.pk)
    assert list(Consent.objects.values_list("subject_id", "purpose", "version", "given")) == [
        (member.pk, SHARE_WITH_HEADQUARTERS, "cmes-1", True)
    ]


def test_the_journal_tells_who_and_nothing_personal(in_welding: Society) -> None:
    application = submit()
    (entry,) = records_of(application)
    assert (entry.verb, entry.actor) == ("application.submitted", f"applicant {application.reference}")
    assert entry.facts == {
        "reference": application.reference,
        "state": "in_progress",
        "step": "pay",
        "category": "ordinary",
        "channel": "branch",
        "code": "",
        "scheme_version": 1,
    }
    assert verify() is None
    text = str(list(Record.objects.values()))
    for secret in (identity_number(), "13800000001", "li@example.org"):
        assert secret not in text


def test_a_ticket_is_good_in_its_own_society_only(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        start_application(ticket(society="201"), language="zh-hans", at=AT)
    assert refused.value.code == "bad_ticket"


def test_honorary_membership_is_not_applied_for(in_welding: Society, monkeypatch: Any) -> None:
    from huilian.applications.services import drafting
    from huilian.schemes.loading import load_preset

    monkeypatch.setattr(drafting, "scheme_version", lambda version: load_preset("aiet"))
    with pytest.raises(Refusal) as refused:
        start_application(ticket("honorary"), language="en", at=AT)
    assert refused.value.code == "category_by_resolution"
    assert Application.objects.count() == 0


def test_references_can_be_read_out(in_welding: Society) -> None:
    import re

    assert re.fullmatch(r"A101-[2-9CDFHJKMPQRTVWXY]{5}-[2-9CDFHJKMPQRTVWXY]{5}", draft().reference)


def test_a_draft_keeps_unfinished_answers_and_seals_the_number(in_welding: Society) -> None:
    from huilian.applications.queries import draft_answers

    application = save_draft(draft(), {"name": "李", "id_number": "1101", "mobile": "138"}, at=AT)
    stored = Application.objects.get()
    assert stored.answers == {"name": "李", "mobile": "138"}
    assert stored.id_number_sealed and "1101" not in stored.id_number_sealed
    assert draft_answers(stored) == {"name": "李", "mobile": "138", "id_number": "1101"}
    assert (stored.phone, stored.phone_hash, stored.version) == ("", "", application.version)
    with pytest.raises(Problems) as refused:
        save_draft(application, {"name": "x" * 10_000, "school": "a\x00b"}, at=AT)
    assert {field: found[0].code for field, found in refused.value.by_field.items()} == {
        "name": "text_too_long",
        "school": "text_unreadable",
    }


def test_interests_are_branches(in_welding: Society) -> None:
    application = submit(interests=["101"])
    assert application.interests == ["101"]
    for wrong, code in ((["201"], "branch_unknown"), (["999"], "branch_unknown")):
        with pytest.raises(Problems) as refused:
            submit(answers=another(), interests=wrong)
        assert [problem.code for problem in refused.value.by_field["interests"]] == [code]


def test_papers_that_are_missing_or_disguised_are_named(in_welding: Society, settings: Any) -> None:
    application = draft("senior")
    with pytest.raises(Problems) as refused:
        submit("senior", application=application, papers={})
    assert [problem.code for problem in refused.value.by_field["paper:qualification"]] == ["paper_missing"]
    disguised = pdf("diploma.pdf")
    disguised.file.seek(0)  # type: ignore[union-attr]
    disguised.file.write(b"MZ\x90\x00")  # type: ignore[union-attr]
    disguised.file.seek(0)  # type: ignore[union-attr]
    with pytest.raises(Problems) as refused:
        submit("senior", application=application, papers={"qualification": disguised, "cv": pdf()})
    assert {field: found[0].code for field, found in refused.value.by_field.items()} == {
        "paper:qualification": "file_type_refused",
        "paper:cv": "paper_unknown",
    }
    assert Paper.objects.count() == 0


def test_nothing_is_left_of_an_attempt_that_fails_late(
    in_welding: Society, monkeypatch: Any, tmp_path: Any, settings: Any
) -> None:
    from huilian.applications.services import submitting

    settings.MEDIA_ROOT = tmp_path

    def fail(*_args: object, **_facts: object) -> None:
        raise Refusal("late", "late")

    monkeypatch.setattr(submitting, "enter", fail)
    application = draft("senior")
    with pytest.raises(Refusal, match="late"):
        submit("senior", application=application)
    assert (application.state, application.version, application.name) == (State.DRAFT, 1, "")
    assert Application.objects.get().state == State.DRAFT
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert Paper.objects.count() == User.objects.count() == OutboxMessage.objects.count() == 0
    assert EntitlementYear.objects.count() == Record.objects.count() == Notice.objects.count() == 0


def test_one_application_costs_few_queries(in_welding: Society) -> None:
    submit(answers=another())  # the scheme and the journal's head are there
    application = draft()
    with CaptureQueriesContext(connection) as captured:
        submit(application=application)
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 15, "\n".join(statements)


def test_a_student_costs_few_queries(in_welding: Society) -> None:
    submit("student", another("student"))
    application = draft("student")
    with CaptureQueriesContext(connection) as captured:
        submit("student", application=application)
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 23, "\n".join(statements)


def test_institution_and_person_of_one_phone_may_both_apply(in_welding: Society) -> None:
    submit(answers=person(mobile="13900000009"))
    assert submit("institutional", institution()).state == State.IN_PROGRESS


def test_a_student_in_year_one_is_not_admitted(in_welding: Society) -> None:
    with pytest.raises(Problems) as refused:
        submit("student", student(student_year="undergraduate_1"))
    assert [problem.code for problem in refused.value.by_field["student_year"]] == ["choice_unknown"]
