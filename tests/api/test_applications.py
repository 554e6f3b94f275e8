"""Applying by program: by a code that reached the applicant, or by the word of the society's staff."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huilian.accounts.models import OneTimeCode, Role, User
from huilian.applications.models import Application, Paper
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.notices.models import Notice
from referrals.models import Attribution
from tests.api.callers import Caller, problem, staff
from tests.api.walks import hand_in_senior
from tests.applications.forms import another, identity_number, person, photo, senior, student
from tests.federation_fixture import Federation

SCOPES = ("applications:read", "applications:write", "codes:write", "members:read")


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.REGISTRAR, *SCOPES)


def ask_for_code(federation: Federation, caller: Caller, contact: str) -> str:
    """Have a code sent, and read it where the applicant would."""
    answer = caller.post("contact-codes/", {"contact": contact})
    assert answer.status_code == 202, answer.content
    with federation.inside(caller.society):
        body = Notice.objects.filter(event="code.sent").latest("queued_at").body
    found = re.search(r"(?<!\d)\d{6}(?!\d)", body)
    assert found
    return found.group()


def test_a_stranger_becomes_a_student_member(federation: Federation, wang: Caller) -> None:
    referral = wang.post("referral-codes/", {"label": "Campus"}).json()["code"]
    li = Caller(federation.welding)
    wish = {
        "category": "student",
        "code": referral.lower().replace("-", " "),
        "answers": student(),
        "contact": "li@example.org",
        "contact_code": ask_for_code(federation, li, "li@example.org"),
        "password": "a-long-way-to-go-2026",
    }
    answer = li.post("applications/", wish, key="li-1")
    assert answer.status_code == 201, answer.content
    document = answer.json()
    with federation.inside(federation.welding):
        application = Application.objects.get()
        member = Member.objects.get()
        attribution = Attribution.objects.get()
        user = User.objects.get(email="li@example.org")
    assert answer["Location"] == f"/api/v1/applications/{application.pk}/"
    timeline = document.pop("timeline")
    assert [(step["kind"], step["state"]) for step in timeline] == [("submit", "done"), ("activate", "done")]
    for name in ("created_at", "submitted_at", "ended_at"):
        assert document.pop(name).endswith("Z")
    answers = document.pop("answers")
    assert (answers["name"], answers["email"], answers["mobile"]) == ("李明", "***", "***")
    assert "id_number" not in answers
    assert document == {
        "id": str(application.pk),
        "reference": application.reference,
        "state": "member",
        "name": "李明",
        "phone": "+86138****0001",
        "email": "l***@example.org",
        "kind": "person",
        "category": "student",
        "channel": "branch",
        "referral_code": referral,
        "recommender_number": "",
        "scheme_version": 1,
        "step": "",
        "step_actor": "",
        "step_due_on": None,
        "reasons": "",
        "reapply_on": None,
        "bill_number": "",
        "bill_state": "",
        "version": application.version,
        "id_type": "resident",
        "id_number": "110*************" + identity_number()[-2:],
        "interests": [],
        "papers": [],
    }
    assert (member.number, member.referral_code, member.user_id) == ("1010000001X", referral, user.pk)
    assert (attribution.channel, attribution.code) == ("branch", referral)
    assert user.check_password("a-long-way-to-go-2026")
    assert li.post("applications/", wish, key="li-1").content == answer.content
    with federation.inside(federation.welding):
        assert (Application.objects.count(), Member.objects.count()) == (1, 1)


def test_a_wrong_code_counts_and_keeps_nothing(federation: Federation) -> None:
    li = Caller(federation.welding)
    right = ask_for_code(federation, li, "li@example.org")
    wrong = f"{(int(right) + 1) % 10**6:06}"
    wish = {"category": "student", "answers": student(), "contact": "li@example.org", "contact_code": wrong}
    for attempt in range(4):
        answer = li.post("applications/", wish, key="k-1")
        assert problem(answer) == (422, "wrong_code")
        assert list(answer.json()["errors"]) == ["contact_code"]
        with federation.inside(federation.welding):
            assert OneTimeCode.objects.get().attempts == attempt + 1
    assert problem(li.post("applications/", wish)) == (422, "code_expired")
    assert problem(li.post("applications/", {**wish, "contact_code": right})) == (422, "code_expired")
    with federation.inside(federation.welding):
        assert (Application.objects.count(), User.objects.count()) == (0, 0)


def test_problems_of_the_form_leave_the_code_usable(federation: Federation) -> None:
    li = Caller(federation.welding)
    code = ask_for_code(federation, li, "li@example.org")
    wish = {"category": "student", "contact": "li@example.org", "contact_code": code}
    bad = student(birth_date="1990-02-30", name=None, colour="red")
    answer = li.post("applications/", {**wish, "answers": bad})
    assert problem(answer) == (422, "form_incomplete")
    told = {name: found[0]["code"] for name, found in answer.json()["errors"].items()}
    assert told == {"name": "answer_missing", "birth_date": "date_malformed", "colour": "field_unknown"}
    with federation.inside(federation.welding):
        assert Application.objects.count() == 0
        assert OneTimeCode.objects.get().used_at is None
    assert li.post("applications/", {**wish, "answers": student()}).status_code == 201


def test_a_stranger_without_proof(federation: Federation) -> None:
    li = Caller(federation.welding)
    answer = li.post("applications/", {"category": "student", "answers": student()})
    assert problem(answer) == (400, "invalid")
    assert sorted(answer.json()["errors"]) == ["contact", "contact_code"]
    draft = {"category": "student", "submit": False}
    assert problem(li.post("applications/", draft)) == (422, "draft_needs_token")


def test_staff_vouch_for_the_contact(federation: Federation, wang: Caller) -> None:
    answer = wang.post("applications/", {"category": "ordinary", "answers": person(), "contact": "li@example.org"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["state"], answer.json()["step"]) == ("in_progress", "pay")
    with federation.inside(federation.welding):
        record = Record.objects.get(verb="application.submitted")
        assert record.actor.endswith(" Wang")
        assert Application.objects.get(user__email="li@example.org").reference == answer.json()["reference"]
    again = wang.post("applications/", {"category": "ordinary", "answers": person(), "contact": "li@example.org"})
    assert problem(again) == (409, "already_applied")


def test_staff_name_a_contact_that_is_not_in_the_form(federation: Federation, wang: Caller) -> None:
    wish = {"category": "ordinary", "answers": person(), "contact": "chen@example.org"}
    answer = wang.post("applications/", wish)
    assert problem(answer) == (422, "form_incomplete")
    with federation.inside(federation.welding):
        assert Application.objects.count() == 0


def test_a_province_needs_consent(federation: Federation) -> None:
    wang = staff(federation.zhejiang, Role.REGISTRAR, "applications:write")
    wish = {"category": "ordinary", "answers": person(), "contact": "li@example.org"}
    answer = wang.post("applications/", wish)
    assert problem(answer) == (422, "form_incomplete")
    assert list(answer.json()["errors"]) == ["consent:share.headquarters"]
    assert wang.post("applications/", {**wish, "consents": ["share.headquarters"]}).status_code == 201


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ({"category": "duke"}, (422, "category_unknown")),
        ({"category": "student", "code": "101-XXXX-XXXX-X"}, (422, "code_mistyped")),
        ({"category": "student", "channel": "member"}, (422, "channel_incomplete")),
        ({"category": "student", "channel": "branch", "society": "201"}, (422, "channel_wrong_society")),
        ({"category": "student", "society": "999", "channel": "province"}, (422, "channel_wrong_society")),
        ({"ticket": "nonsense"}, (403, "bad_ticket")),
        ({"ticket": "nonsense", "category": "student"}, (400, "invalid")),
        ({}, (400, "invalid")),
    ],
)
def test_a_way_that_leads_nowhere(
    federation: Federation, wang: Caller, way: dict[str, Any], told: tuple[int, str]
) -> None:
    assert problem(wang.post("applications/", {**way, "answers": student(), "contact": "li@example.org"})) == told
    with federation.inside(federation.welding):
        assert Application.objects.count() == 0


def test_a_code_of_another_society_says_where_to_go(federation: Federation, wang: Caller) -> None:
    abroad = staff(federation.zhejiang, Role.OWNER, "codes:write")
    code = abroad.post("referral-codes/", {"label": "Hangzhou"}).json()["code"]
    answer = wang.post("applications/", {"category": "student", "code": code, "answers": student(), "contact": "x"})
    assert problem(answer) == (422, "code_of_other_society")
    assert "http://zhejiang.localhost:8000/api/v1/applications/" in answer.json()["detail"]


def test_papers_in_one_form(federation: Federation, wang: Caller) -> None:
    wish = {"category": "ordinary", "answers": person(), "contact": "li@example.org"}
    answer = wang.post("applications/", {"application": json.dumps(wish)}, files={"paper:photo": photo()})
    assert answer.status_code == 201, answer.content
    (paper,) = answer.json()["papers"]
    assert (paper["code"], paper["file_name"], paper["content_type"]) == ("photo", "me.jpg", "image/jpeg")
    found = wang.get(f"applications/{answer.json()['id']}/papers/{paper['id']}/")
    assert (found["Content-Type"], found.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert found["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="paper.opened").actor.endswith(" Wang")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"application": "{"}, (400, "malformed")),
        ({"application": '{"category": "ordinary\\u0000"}'}, (400, "malformed")),
        ({"application": "[1]"}, (400, "invalid")),
        ({"application": "{}", "colour": "red"}, (400, "malformed")),
        ({}, (400, "malformed")),
        ({"application": '{"category": "ordinary", "answers": {"name": NaN}}'}, (400, "malformed")),
    ],
)
def test_a_form_that_cannot_be_read(
    federation: Federation, wang: Caller, parts: dict[str, str], told: tuple[int, str]
) -> None:
    assert problem(wang.post("applications/", parts, files={"paper:photo": photo()})) == told
    with federation.inside(federation.welding):
        assert (Application.objects.count(), Paper.objects.count()) == (0, 0)


def test_a_disguised_paper_keeps_nothing(federation: Federation, wang: Caller) -> None:
    wish = {"category": "ordinary", "answers": person(), "contact": "li@example.org"}
    disguised = SimpleUploadedFile("me.jpg", b"MZ\x90\x00" + photo().read(), "image/jpeg")
    answer = wang.post("applications/", {"application": json.dumps(wish)}, files={"paper:photo": disguised})
    assert problem(answer) == (422, "form_incomplete")
    assert answer.json()["errors"]["paper:photo"][0]["code"] == "file_type_refused"
    with federation.inside(federation.welding):
        assert (Application.objects.count(), Paper.objects.count(), User.objects.count()) == (0, 0, 1)


def test_draft_papers_submit(federation: Federation, wang: Caller) -> None:
    wish = {"category": "senior", "answers": senior(title=None), "contact": "li@example.org", "submit": False}
    draft = wang.post("applications/", wish)
    assert (draft.status_code, draft.json()["state"]) == (201, "draft")
    path = f"applications/{draft.json()['id']}/"
    assert wang.get("applications/").json()["count"] == 0
    answer = wang.post(f"{path}submit/", {})
    assert problem(answer) == (422, "form_incomplete")
    assert sorted(answer.json()["errors"]) == ["paper:qualification", "title"]
    paper = wang.post(f"{path}papers/", {"code": "qualification"}, files={"file": photo("diploma.jpg")})
    assert (paper.status_code, paper.json()["file_name"]) == (201, "diploma.jpg")
    assert problem(wang.post(f"{path}papers/", {"code": "poem"}, files={"file": photo()})) == (422, "paper_unknown")
    assert problem(wang.post(f"{path}papers/", {"code": "x"})) == (415, "unsupported_media_type")
    assert [each["code"] for each in wang.get(f"{path}papers/").json()["results"]] == ["qualification"]
    done = wang.post(f"{path}submit/", {"answers": {"title": "高级工程师"}}, key="k-1")
    assert (done.status_code, done.json()["state"], done.json()["step"]) == (200, "in_progress", "endorse")
    assert wang.get("applications/", step="endorse").json()["results"][0]["reference"] == done.json()["reference"]
    assert problem(wang.post(f"{path}papers/", {"code": "photo"}, files={"file": photo()})) == (409, "already_decided")


def test_a_draft_is_thrown_away(federation: Federation, wang: Caller) -> None:
    draft = wang.post("applications/", {"category": "student", "answers": student(), "submit": False}).json()
    assert wang.post(f"applications/{draft['id']}/withdraw/").json()["state"] == "draft"
    assert problem(wang.get(f"applications/{draft['id']}/")) == (404, "not_found")


def test_endorse(federation: Federation, wang: Caller) -> None:
    application = hand_in_senior(wang)
    path = f"applications/{application['id']}/"
    stale = wang.post(f"{path}endorse/", {"version": application["version"] + 1})
    assert problem(stale) == (409, "already_decided")
    done = wang.post(f"{path}endorse/", {"reason": "Known to us.", "version": application["version"]})
    assert (done.status_code, done.json()["step"], done.json()["step_actor"]) == (200, "review", "headquarters")
    assert problem(wang.post(f"{path}endorse/", {})) == (409, "not_waiting_here")


def test_refuse(federation: Federation, wang: Caller) -> None:
    path = f"applications/{hand_in_senior(wang)['id']}/"
    assert problem(wang.post(f"{path}refuse/", {})) == (400, "invalid")
    done = wang.post(f"{path}refuse/", {"reasons": "The title is not a senior one."}).json()
    assert (done["state"], done["reasons"]) == ("refused", "The title is not a senior one.")


def test_withdraw(federation: Federation, wang: Caller) -> None:
    path = f"applications/{hand_in_senior(wang)['id']}/"
    assert wang.post(f"{path}withdraw/").json()["state"] == "withdrawn"
    assert problem(wang.post(f"{path}withdraw/")) == (409, "not_under_way")


def test_a_viewer_changes_nothing(federation: Federation, wang: Caller) -> None:
    application = hand_in_senior(wang)
    chen = staff(federation.welding, Role.VIEWER, "applications:read", name="Chen")
    assert (
        chen.get(f"applications/{application['id']}/").json() == wang.get(f"applications/{application['id']}/").json()
    )
    for act, body in (("endorse", {}), ("refuse", {"reasons": "x"}), ("withdraw", {}), ("submit", {})):
        assert problem(chen.post(f"applications/{application['id']}/{act}/", body)) == (403, "forbidden")
    wish = {"category": "ordinary", "answers": another(), "contact": "chen@example.org"}
    assert problem(chen.post("applications/", wish)) == (403, "forbidden")
    with federation.inside(federation.welding):
        kept = Application.objects.get()
    assert (kept.version, kept.state) == (application["version"], "in_progress")


def test_an_application_of_another_society_is_not_there(federation: Federation, wang: Caller) -> None:
    application = hand_in_senior(wang)
    abroad = staff(federation.zhejiang, Role.OWNER, "applications:read", "applications:write")
    path = f"applications/{application['id']}/"
    assert problem(abroad.get(path)) == (404, "not_found")
    for act, body in (("endorse/", {}), ("refuse/", {"reasons": "x"}), ("withdraw/", {}), ("submit/", {})):
        assert problem(abroad.post(path + act, body)) == (404, "not_found")
    assert wang.get(path).json() == {**application, "timeline": wang.get(path).json()["timeline"]}


def test_search(federation: Federation, wang: Caller) -> None:
    one = hand_in_senior(wang)
    chen = another() | {"name": "陈静"}
    assert (
        wang.post("applications/", {"category": "ordinary", "answers": chen, "contact": chen["email"]}).status_code
        == 201
    )
    for query in ({"text": one["reference"]}, {"text": "13800000001"}, {"text": "li@example.org"}, {"text": "李"}):
        assert [each["id"] for each in wang.get("applications/", **query).json()["results"]] == [one["id"]], query
    assert wang.get("applications/", state="refused").json()["count"] == 0
    assert wang.get("applications/", category="senior", channel="branch").json()["count"] == 1


def test_identifiers_are_shown_to_those_who_may(federation: Federation, wang: Caller) -> None:
    application = hand_in_senior(wang, political_status="masses")
    path = f"applications/{application['id']}/"
    assert "political_status" not in wang.get(path).json()["answers"]
    zhao = staff(federation.welding, Role.OWNER, "applications:read", "members:reveal", name="Zhao")
    shown = zhao.get(path).json()
    assert (shown["phone"], shown["email"], shown["id_number"]) == (
        "+8613800000001",
        "li@example.org",
        identity_number(),
    )
    assert (shown["answers"]["email"], shown["answers"]["political_status"]) == ("li@example.org", "masses")
    with federation.inside(federation.welding):
        (look,) = Record.objects.filter(verb="application.revealed")
    assert (look.subject_id, look.actor.endswith(" Zhao")) == (application["id"], True)
    assert zhao.get("applications/").json()["results"][0]["phone"] == "+86138****0001"


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same(
    federation: Federation, wang: Caller, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        answers = another()
        answer = wang.post("applications/", {"category": "ordinary", "answers": answers, "contact": answers["email"]})
        assert answer.status_code == 201, answer.content
    wang.get("applications/")
    with federation.inside(federation.welding), django_assert_num_queries(4):  # token, roles, count, rows
        assert len(wang.get("applications/").json()["results"]) == count


@pytest.mark.parametrize("papers", [1, 3])
def test_one_costs_the_same(federation: Federation, wang: Caller, papers: int, django_assert_num_queries: Any) -> None:
    path = f"applications/{hand_in_senior(wang)['id']}/"
    with federation.inside(federation.welding):
        first = Paper.objects.get()
        for number in range(1, papers):
            Paper.objects.create(
                application_id=first.application_id,
                code=f"paper{number}",
                path=f"p{number}",
                size=1,
                uploaded_at=first.uploaded_at,
            )
    wang.get(path)
    with federation.inside(federation.welding), django_assert_num_queries(5):  # token, roles, row, papers, steps
        assert len(wang.get(path).json()["papers"]) == papers


def test_a_contact_code_is_the_same_answer_for_everybody(federation: Federation, wang: Caller) -> None:
    wang.post("applications/", {"category": "student", "answers": student(), "contact": "li@example.org"})
    li = Caller(federation.welding)
    known = li.post("contact-codes/", {"contact": "li@example.org"})
    unknown = li.post("contact-codes/", {"contact": "lu@example.org"})
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json() == {"contact": "l***@example.org", "expires_in": 600}
    assert problem(li.post("contact-codes/", {"contact": "li@example.org"})) == (429, "code_too_soon")
    assert problem(li.post("contact-codes/", {"contact": "nobody"})) == (422, "phone_invalid")


def test_nothing_of_a_session_counts(federation: Federation, wang: Caller) -> None:
    client = Client()
    with federation.inside(federation.welding):
        user = User.objects.get()
        client.force_login(user, backend="huilian.accounts.backends.ContactBackend")
    response = client.get("/api/v1/applications/", headers={"Host": "welding.localhost", "Accept-Language": "en"})
    assert problem(response) == (401, "token_missing")
