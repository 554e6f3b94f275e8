"""The main job by HTTP: from the front door to membership, by each kind of channel, in both languages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from federation.ledger.desk import decide_case
from federation.ledger.models import Case, RollEntry
from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.applications.services import endorse_application
from huilian.journal.actors import actor_of
from huilian.members.models import Member
from huilian.payments.models import PaymentAttempt
from huilian.payments.services import confirm_payment, reject_payment
from kit import clock
from referrals.models import CodeDay
from referrals.services import mint_society_code
from tests.applications.forms import photo
from tests.federation_fixture import Federation
from tests.portals.visitor import HQ, WELDING, Visitor
from tests.portals.walking import hand_in, office, standing_member


def voucher(name: str = "voucher.jpg") -> SimpleUploadedFile:
    return photo(name)


def decide_at_headquarters(federation: Federation) -> None:
    federation.settle()
    with federation.inside(federation.hq):
        zhao = office(Role.OFFICER, "赵")
        case = Case.objects.get(state="open")
        decide_case(case, outcome="approved", reasons="", by=actor_of(zhao), by_name="赵", at=clock.now())
    federation.settle()


def confirm_at_headquarters(federation: Federation) -> None:
    with federation.inside(federation.hq):
        attempt = PaymentAttempt.objects.get(state="reported")
        confirm_payment(attempt, by_user=office(Role.FINANCE, "钱"), at=clock.now())
    federation.settle()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_student_by_qr_code_of_a_branch(federation: Federation, language: str) -> None:
    with federation.inside(federation.welding):
        code = mint_society_code(label="Welding day", by="system", by_user=None, at=clock.now())
    li = Visitor(language)
    li.get(f"{HQ}/r/{code.code.lower().replace('-', '')}/")  # typed without dashes, at headquarters
    assert li.url == f"{WELDING}/r/{code.code}/"
    li.get(li.link("category=student"))
    assert li.path == "/apply/" and li.page.status_code == 200
    hand_in(li, federation.welding, "student")
    assert li.path.startswith("/apply/done/"), li.words
    li.get("/my/")
    with federation.inside(federation.welding):
        member = Member.objects.get()
        day = CodeDay.objects.get()
    assert member.number in li.words
    assert (day.scans, day.applications, day.members) == (1, 1, 1)
    federation.settle()
    with federation.inside(federation.hq):
        assert RollEntry.objects.get().number == member.number


def test_ordinary_by_a_province_pays_three_years(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{HQ}/join/")
    li.get(li.link("category=ordinary"))
    li.get(li.link("channel=province&society=201"))
    assert li.url.startswith("http://zhejiang.localhost:8000/apply/?t=")
    hand_in(li, federation.zhejiang, "ordinary")
    assert li.path.startswith("/apply/done/"), li.words
    assert "Please pay the dues: CNY 50.00." in li.words
    li.get(li.link("/pay/"))
    assert li.url.startswith(f"{HQ}/cashier/?t=")
    assert "Your bill is being written" in li.words
    federation.settle()
    li.get(li.url)
    assert "RF" in li.words and "CNY 50.00" in li.words
    li.post(li.url, {"years": "3"})
    assert "CNY 150.00" in li.words
    li.post(li.url, {"years": "9"})
    assert li.page.status_code == 422 and "1 to 5 years" in li.words

    li.post(li.url, {"payer_name": "李明", "transferred_on": "2020-01-01", "voucher": voucher()})
    assert li.page.status_code == 422
    assert "more than a year back" in str(li.context["voucher_form"].errors["transferred_on"])
    paid = {"payer_name": "李明", "transferred_on": clock.today("Asia/Shanghai").isoformat()}
    for _twice in range(2):
        li.post(li.url, {**paid, "voucher": voucher()})
        assert li.page.status_code == 200 and "We have your voucher" in li.words
    with federation.inside(federation.hq):
        attempt = PaymentAttempt.objects.get()
        reject_payment(attempt, reason="Unreadable.", by_user=office(Role.FINANCE, "钱"), at=clock.now())
    federation.settle()
    cashier = li.url
    li.get("http://zhejiang.localhost:8000/my/")
    assert "Your voucher was not accepted. Please send a new one." in li.words
    li.get(cashier)
    assert "Unreadable." in li.words
    li.post(li.url, {**paid, "voucher": voucher()})
    federation.settle()
    confirm_at_headquarters(federation)
    li.get(li.url)
    assert "Paid and confirmed" in li.words
    li.get("http://zhejiang.localhost:8000/my/")
    with federation.inside(federation.zhejiang):
        member = Member.objects.get()
        assert member.years.count() == 3
    assert member.number in li.words and "Year by year" in li.words


def test_senior_by_a_named_member(federation: Federation) -> None:
    with federation.inside(federation.welding):
        wang = standing_member("王伟", "senior")
        junior = standing_member("陈静", "ordinary")
        wang_of_the_office = office(Role.REGISTRAR)
    federation.settle()
    li = Visitor()
    li.get(f"{HQ}/join/?category=senior")
    by = {"channel": "member", "recommender_number": wang.number, "recommender_name": "王五"}
    li.post(li.url, by)
    assert li.page.status_code == 422
    assert "no member with this name and this number" in li.words
    li.post(li.url, {**by, "recommender_number": junior.number, "recommender_name": "陈静"})
    assert li.page.status_code == 422
    assert "a lower category cannot recommend a higher one" in li.words
    li.post(li.url, {**by, "recommender_number": f" {wang.number.lower()} ", "recommender_name": "王 伟"})
    assert li.url.startswith(f"{WELDING}/apply/?t="), li.words
    assert f"王伟 ({wang.number})" in li.words

    hand_in(li, federation.welding, "senior")
    assert li.path.startswith("/apply/done/"), li.words
    assert "The society is looking at your application." in li.words
    with federation.inside(federation.welding):
        application = Application.objects.get()
        endorse_application(application, by_user=wang_of_the_office, at=clock.now())
    li.get("/my/")
    assert "Headquarters is reviewing your application." in li.words
    decide_at_headquarters(federation)
    li.get("/my/")
    li.get(li.link("/pay/"))
    paid = {"payer_name": "李明", "transferred_on": clock.today("Asia/Shanghai").isoformat()}
    li.post(li.url, {**paid, "voucher": voucher()})
    federation.settle()
    confirm_at_headquarters(federation)
    li.get(f"{WELDING}/my/")
    assert "In standing" in li.words
    assert "You are a member." in li.words


def test_institution_by_headquarters(federation: Federation) -> None:
    li = Visitor()
    li.get(f"{HQ}/join/?category=institutional")
    li.get(li.link("channel=headquarters"))
    assert li.url.startswith(f"{HQ}/apply/?t=")
    hand_in(li, federation.hq, "institutional")
    assert li.path.startswith("/apply/done/"), li.words
    decide_at_headquarters(federation)
    li.get("/my/")
    assert "Please pay the dues: CNY 2,000.00." in li.words
