"""What belongs to one applicant or member: drafts, papers, withdrawal, data, the own code, the bill."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from huilian.accounts.models import Role, User
from huilian.accounts.queries import local_day
from huilian.applications.models import Application, Paper
from huilian.applications.papers import paper_url
from huilian.applications.services import refuse_application
from huilian.billing.models import Bill
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.members.services.ending import end_member, lapse_due_members
from kit import clock
from tests.applications.forms import photo, staff
from tests.federation_fixture import Federation
from tests.portals.visitor import HQ, WELDING, ZHEJIANG, Visitor
from tests.portals.walking import hand_in, office


def applied(federation: Federation, category: str, **changes: object) -> Visitor:
    """Li, who has just applied at the welding branch."""
    li = Visitor()
    li.get(f"{WELDING}/join/?category={category}")
    hand_in(li, federation.welding, category, **changes)
    assert li.path.startswith("/apply/done/"), li.words
    return li


def sign_in(federation: Federation, society: Any, visitor: Visitor, user: User) -> None:
    """Put a member of staff into the browser, without the way through the password."""
    with federation.inside(society):
        visitor.get("/sign-in/")
        host = {"100": "hq", "101": "welding", "201": "zhejiang"}[society.number]
        client = visitor.clients[f"{host}.localhost:8000"]
        client.force_login(user, backend="huilian.accounts.backends.ContactBackend")


def test_withdrawing(federation: Federation) -> None:
    li = applied(federation, "ordinary")
    li.get("/my/")
    action = f"/my/application/{_only(federation).pk}/withdraw/"
    assert action in li.text
    chen = applied(federation, "student")
    chen.post(f"{WELDING}{action}")
    assert chen.page.status_code == 404
    assert _only(federation, category="ordinary").state == "in_progress"
    li.post(action)
    assert "Your application is withdrawn." in li.words
    assert "You have withdrawn this application." in li.words
    li.post(action)
    assert li.page.status_code == 409
    assert "is not under way and cannot be withdrawn" in li.words


def test_there_is_nothing_to_pay_after_withdrawing(federation: Federation) -> None:
    li = applied(federation, "ordinary")
    application = _only(federation)
    federation.settle()
    li.get(f"/pay/{application.pk}/")
    cashier = li.url
    li.post(f"{WELDING}/my/application/{application.pk}/withdraw/")
    li.get(f"/pay/{application.pk}/")
    assert li.page.status_code == 409
    federation.settle()
    li.get(cashier)
    assert "This bill is cancelled." in li.words
    with federation.inside(federation.hq):
        assert Bill.objects.get().state == "cancelled"


def test_papers_are_seen_by_their_owner_and_by_staff(federation: Federation) -> None:
    li = applied(federation, "senior")
    with federation.inside(federation.welding):
        paper = Paper.objects.get()
        wang, chen = office(Role.REGISTRAR), office(Role.PROMOTER, "陈")
    address = f"{WELDING}/papers/{paper.pk}/"
    li.get(address)
    assert li.page.status_code == 200
    assert li.page["Content-Type"] == "application/pdf"
    assert li.page["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in li.page["Cache-Control"]
    assert li.page["Content-Disposition"].startswith("inline; filename")
    for path, user, status in ((address, None, 404), (address, chen, 404), (address, wang, 200)):
        visitor = Visitor()
        visitor.get(WELDING)
        if user:
            sign_in(federation, federation.welding, visitor, user)
        visitor.get(path)
        assert visitor.page.status_code == status
    li.get(f"{ZHEJIANG}/papers/{paper.pk}/")
    assert li.page.status_code == 404


def test_an_officer_opens_a_paper_by_a_ticket_and_the_society_knows(federation: Federation) -> None:
    applied(federation, "senior")
    with federation.inside(federation.welding):
        paper = Paper.objects.get()
    with federation.inside(federation.hq):
        url = paper_url("101", str(paper.pk), officer="user:7 赵", at=clock.now())
    zhao = Visitor()
    zhao.get(url.replace("welding", "zhejiang"))
    assert zhao.page.status_code == 403
    zhao.get(url)
    assert zhao.page.status_code == 200 and zhao.page["Content-Type"] == "application/pdf"
    zhao.get(url)
    assert zhao.page.status_code == 403
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="paper.opened").actor == "hq:user:7 赵"


def test_a_members_own_code_as_a_file(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/")
    assert "<svg" in li.text and "/r/101-" in li.text
    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        li.get(f"/my/code.{kind}")
        assert li.page.content.startswith(begins)
        assert li.page["Content-Disposition"].startswith('attachment; filename="101-')
    li.get("/my/code.exe")
    assert li.page.status_code == 404


def test_completing_the_profile(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/profile/")
    assert li.page.status_code == 200
    answers = {"school": "清华大学", "major": "焊接", "student_year": "master", "interests": ["101"]}
    li.post("/my/profile/", {**answers, "student_year": "undergraduate_1"})
    assert li.page.status_code == 422
    assert li.errors() == {"student_year": "Please choose one of the answers offered."}
    li.post("/my/profile/", {**answers, "paper:photo": photo(), "name": "Somebody else"})
    assert li.page.status_code == 200 and "Your data is up to date." in li.words
    with federation.inside(federation.welding):
        member = Member.objects.get()
        assert (member.profile["major"], member.interests, member.name) == ("焊接", ["101"], "李明")
        assert member.version == 1
        facts = Record.objects.get(verb="member.completed").facts
        assert facts["papers"] == ["photo"]
        assert set(facts["fields"]) >= {"major", "student_year", "interests"}


@pytest.mark.parametrize("token", ["", "x", "101", "999garbage", "100~~~", "101\x00"])
def test_the_cashier_takes_no_made_up_ticket(federation: Federation, token: str) -> None:
    visitor = Visitor()
    visitor.get(f"{HQ}/cashier/?t={token}".replace("\x00", "%00"))
    assert visitor.page.status_code in (400, 403)


def test_a_ticket_to_the_cashier_opens_no_other_bill(federation: Federation) -> None:
    li, chen = applied(federation, "ordinary"), applied(federation, "ordinary")
    federation.settle()
    for visitor in (li, chen):
        visitor.get("/my/")
        visitor.get(visitor.link("/pay/"))
    with federation.inside(federation.hq):
        numbers = sorted(Bill.objects.values_list("number", flat=True))
    shown = [number for visitor in (li, chen) for number in numbers if number in visitor.words]
    assert sorted(shown) == numbers
    li.get(f"{WELDING}/cashier/")
    assert li.page.status_code == 404


def test_who_was_refused_reads_why_once_and_may_try_again(federation: Federation) -> None:
    li = applied(federation, "senior")
    reference, pk = application_of_welding(federation)
    assert "Apply again" not in li.words
    with federation.inside(federation.welding):
        found = Application.objects.get(pk=pk)
        refuse_application(found, by_user=staff("王芳"), reasons="论文目录不全。", at=clock.now())
    li.get("/my/")
    assert reference in li.words
    assert "Your application was not accepted. You may apply again at any time." in li.words
    assert li.words.count("论文目录不全。") == 1
    assert '<a class="btn" href="/join/">Apply again</a>' in li.text
    with federation.inside(federation.welding):
        Application.objects.filter(pk=pk).update(reapply_on=date(2099, 3, 1))
    li.get("/my/")
    assert "You may apply again from 1 March 2099." in li.words
    assert "Apply again" not in li.words


def test_who_has_withdrawn_may_try_again(federation: Federation) -> None:
    li = applied(federation, "senior")
    _reference, pk = application_of_welding(federation)
    li.post(f"/my/application/{pk}/withdraw/", {})
    li.get("/my/")
    assert "You have withdrawn this application. You may apply again at any time." in li.words
    assert "broken off" in li.words
    assert "not passed" not in li.words  # nobody refused anything
    assert '<a class="btn" href="/join/">Apply again</a>' in li.text
    assert "Withdraw…" not in li.words


def test_the_card_of_a_membership_that_is_over_says_so_and_recommends_nobody(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/")
    assert "Recommend others" in li.words and "You are a member." in li.words
    yesterday = local_day(clock.now()) - timedelta(days=1)
    with federation.inside(federation.welding):
        Member.objects.update(from_on=yesterday - timedelta(days=365), to_on=yesterday)
        lapse_due_members(yesterday, clock.now())
    li.get("/my/")
    assert "Apply again to renew it; you keep your member number." in li.words
    assert "Recommend others" not in li.words and "You are a member." not in li.words
    with federation.inside(federation.welding):
        end_member(Member.objects.get(), reason="本人申请退会", by="user:1", at=clock.now())
    li.get("/my/")
    assert "Your membership has ended. If you have a question about it, please write to your society." in li.words
    assert "Apply again" not in li.words
    assert "Recommend others" not in li.words and "You are a member." not in li.words


def application_of_welding(federation: Federation) -> tuple[str, Any]:
    with federation.inside(federation.welding):
        found = Application.objects.get()
        return found.reference, found.pk


def test_a_disguised_voucher_is_refused_beside_its_field(federation: Federation) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    li = applied(federation, "ordinary")
    federation.settle()
    li.get("/my/")
    li.get(li.link("/pay/"))
    program = SimpleUploadedFile("voucher.jpg", b"MZ" + b"\x00" * 200, "image/jpeg")
    day = clock.today("Asia/Shanghai").isoformat()
    li.post(li.url, {"payer_name": "李明", "transferred_on": day, "voucher": program})
    assert li.page.status_code == 422
    assert "This file is a program." in str(li.context["voucher_form"].errors["voucher"])
    with federation.inside(federation.hq):
        assert Bill.objects.get().state == "open"


def _only(federation: Federation, **wanted: str) -> Application:
    with federation.inside(federation.welding):
        return Application.objects.get(**wanted)


def test_a_consent_is_withdrawn_as_easily_as_it_was_given(federation: Federation) -> None:
    from huilian.members.queries import consents_of

    li = Visitor()
    li.get(f"{ZHEJIANG}/join/?category=student")
    hand_in(li, federation.zhejiang, "student")
    li.get("/my/profile/")
    assert "Withdraw this consent" in li.words
    acts: list[tuple[dict[str, str], bool]] = [({}, False), ({"given": "yes"}, True)]
    for form, given in acts:
        li.post("/my/consent/share.headquarters/", form)
        assert "What you decided is recorded." in li.words
        with federation.inside(federation.zhejiang):
            assert consents_of(Member.objects.get().pk)["share.headquarters"].given is given
    li.post("/my/consent/made.up/")
    assert li.page.status_code == 404


def big_photo() -> Any:
    return photo(size=(300, 400))


def test_a_photo_for_the_card(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/")
    assert "Add a photo" in li.words and "portrait.jpg" not in li.text
    li.post("/my/portrait/", {"shape": "square"})
    assert li.page.status_code == 422 and set(li.errors()) == {"photo"}
    li.post("/my/portrait/", {"shape": "round", "photo": big_photo()})
    assert li.page.status_code == 422 and set(li.errors()) == {"shape"}
    li.post("/my/portrait/", {"shape": "square", "photo": photo(size=(60, 80))})
    assert li.page.status_code == 422 and "too small" in li.errors()["photo"]
    li.post("/my/portrait/", {"shape": "square", "photo": big_photo(), "left": "0", "top": "0", "width": "0.9"})
    assert li.page.status_code == 200 and "Your photo is on your card." in li.words, li.words
    assert '<img class="portrait" src="/my/portrait.jpg"' in li.text
    li.get("/my/portrait.jpg")
    assert li.page["Content-Type"] == "image/jpeg" and "no-store" in li.page["Cache-Control"]
    with Image.open(BytesIO(li.page.content)) as shown:
        assert shown.size == (480, 480)
    with federation.inside(federation.welding):
        member = Member.objects.get()
        first = member.portrait
        assert default_storage.exists(first) and member.version == 1
    li.post("/my/portrait/", {"shape": "portrait", "photo": big_photo()})
    with federation.inside(federation.welding):
        second = Member.objects.get().portrait
        assert not default_storage.exists(first) and default_storage.exists(second)
    li.post("/my/portrait/remove/")
    li.get("/my/portrait.jpg")
    assert li.page.status_code == 404
    with federation.inside(federation.welding):
        assert not default_storage.exists(second)
        verbs = list(Record.objects.filter(verb__startswith="member.portrait").values_list("verb", flat=True))
        assert sorted(verbs) == ["member.portrait_removed", "member.portrait_set", "member.portrait_set"]


def test_staff_see_the_photo_and_nobody_else_does(federation: Federation) -> None:
    li = applied(federation, "student")
    li.post("/my/portrait/", {"shape": "portrait", "photo": big_photo()})
    with federation.inside(federation.welding):
        key, wang, chen = Member.objects.get().pk, office(Role.VIEWER), office(Role.PROMOTER, "陈")
    for user, status in ((None, 302), (chen, 403), (wang, 200)):
        visitor = Visitor()
        visitor.get(WELDING)
        if user:
            sign_in(federation, federation.welding, visitor, user)
        client = visitor.clients["welding.localhost:8000"]
        assert client.get(f"/console/members/{key}/portrait.jpg").status_code == status
    visitor.get(f"/console/members/{key}/")
    assert f'src="/console/members/{key}/portrait.jpg"' in visitor.text


def test_an_applicant_and_an_institution_have_no_card_to_put_a_face_on(federation: Federation) -> None:
    li = applied(federation, "ordinary")
    li.get("/my/portrait/")
    assert li.page.status_code == 404


def test_how_complete_the_data_is(federation: Federation) -> None:
    li = applied(federation, "student")
    li.get("/my/profile/")
    before = li.context["completion"]
    assert before.known < before.total and f"{before.known} of {before.total}" in li.words
    assert {str(link.label) for link in before.open} >= {"Photo for your card"}
    li.post("/my/portrait/", {"shape": "portrait", "photo": big_photo()})
    li.get("/my/profile/")
    after = li.context["completion"]
    assert (after.known, after.total) == (before.known + 1, before.total)
    assert "Photo for your card" not in {str(link.label) for link in after.open}
    for link in after.open:
        assert f'id="{link.url.partition("#")[2]}"' in li.text or link.url.startswith("/my/portrait"), link.url
