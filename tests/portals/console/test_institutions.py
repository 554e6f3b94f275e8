"""Institutions at headquarters: the list, and of each what the books hold: period, representatives, dues."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from federation.ledger.models import Case, RollEntry
from huilian.accounts.models import Role
from huilian.applications.deciding import decide_case
from huilian.applications.services import endorse_application
from huilian.billing.models import Bill
from huilian.members.models import Member, Representative
from huilian.members.services import replay
from huilian.payments.services import confirm_payment
from kit import clock
from tests.applications.forms import institution, staff, submit
from tests.federation_fixture import Federation
from tests.payments.cast import reported
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.world import an_institution
from tests.portals.walking import standing_member


def joined(federation: Federation, society: Any, **answers: Any) -> None:
    """An institution that handed in its form with a society, was approved, and has paid what was asked."""
    at = clock.now()
    with federation.inside(society):
        owner = staff("王伟", Role.OWNER)
        found = submit("institutional", institution(**answers), at=at)
        if society is not federation.hq:
            endorse_application(found, by_user=owner, at=at)
    federation.settle()
    with federation.inside(federation.hq):
        officer = staff("赵敏", Role.OFFICER)
        decide_case(Case.objects.get(society=society.number), outcome="approved", reasons="", by_user=officer, at=at)
    federation.settle()
    with federation.inside(federation.hq):
        payment = reported(Bill.objects.get(), at=at, transferred_on=at.date())
        confirm_payment(payment, by_user=staff("钱会计", Role.FINANCE), at=at)
    federation.settle()


@pytest.fixture(autouse=True)
def no_uploads_left() -> Iterator[None]:
    yield
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


@pytest.fixture
def zhao(federation: Federation) -> Desk:
    return at_desk(federation.hq, Role.OWNER, "赵敏")


def open_first(desk: Desk) -> None:
    with_link = desk.text.split("/console/institutions/")
    desk.get(f"/console/institutions/{with_link[-1].split('/')[0]}/")
    assert desk.page.status_code == 200


def test_of_a_branch_its_application_and_its_bill_are_known(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.welding):
        standing_member("李四")
    joined(federation, federation.welding)
    zhao.get("/console/institutions/")
    assert "浙江大学机械工程学院 1010000002D Welding Branch Institutional member Active" in zhao.words
    assert "李四" not in zhao.words and "1–1 of 1" in zhao.words
    open_first(zhao)
    assert "Representatives As its application of" in zhao.words
    assert "is kept by Welding Branch, not by headquarters. Name Position 陈静 院长" in zhao.words
    assert "13900000009" not in zhao.text and "chen@example.org" not in zhao.text
    assert "1 CNY 2,000.00 Paid" in zhao.words
    assert "/console/payments/" in zhao.text and "/console/cases/" in zhao.text


def test_of_headquarters_own_those_in_office_are_known(federation: Federation, zhao: Desk) -> None:
    joined(federation, federation.hq)
    with federation.inside(federation.hq):
        member = Member.objects.get(kind="institution")
        Representative.objects.filter(member=member).update(to_on=clock.now().date())
        Representative.objects.create(member=member, name="韩梅", position="书记", from_on=clock.now().date())
    zhao.get("/console/institutions/")
    open_first(zhao)
    assert "韩梅 书记 from" in zhao.words and "陈静 院长" in zhao.words
    assert "kept by" not in zhao.words


def taken_over(federation: Federation, society: Any) -> None:
    """An institution of which headquarters has a line on the roll and nothing else."""
    with federation.inside(society):
        member = standing_member("某研究所")
        Member.objects.filter(pk=member.pk).update(kind="institution", category="institutional", sort_key="mou")
        Member.objects.filter(pk=member.pk).update(version=2)
        replay([member.pk])
    federation.settle()


@pytest.mark.parametrize(
    ("slug", "dues"),
    [
        ("welding", "No bill is on record for this institution."),
        ("zhejiang", "Zhejiang Society of Mechanical Engineering collects its dues itself"),
    ],
)
def test_what_is_not_known_is_said(federation: Federation, zhao: Desk, slug: str, dues: str) -> None:
    taken_over(federation, getattr(federation, slug))
    zhao.get("/console/institutions/")
    open_first(zhao)
    assert "nothing about it has come to headquarters." in zhao.words
    assert dues in zhao.words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"甲所", "乙院"}),
        ({"society": "201"}, {"乙院"}),
        ({"text": "jia"}, {"甲所"}),
        ({"text": "3000000001d"}, set()),
        ({"state": "lapsed"}, {"乙院"}),
        ({"category": "institutional"}, {"甲所", "乙院"}),
    ],
)
def test_the_list_is_narrowed(federation: Federation, zhao: Desk, query: dict[str, str], found: set[str]) -> None:
    with federation.inside(federation.hq):
        for name, sound, society, state in (("甲所", "jia suo", "101", "active"), ("乙院", "yi", "201", "lapsed")):
            an_institution(name=name, sort_key=sound, society=society, state=state)
        an_institution(name="丙某", sort_key="bing", kind="person", category="ordinary")
    zhao.get("/console/institutions/", query)
    assert {name for name in ("甲所", "乙院", "丙某") if name in zhao.words} == found


def test_a_person_has_no_such_page(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.hq):
        person = an_institution(kind="person", category="ordinary")
    zhao.get(f"/console/institutions/{person.pk}/")
    assert zhao.page.status_code == 404


def test_one_institution_costs_the_same_however_much_it_has_paid(federation: Federation, zhao: Desk) -> None:
    joined(federation, federation.welding)
    zhao.get("/console/institutions/")
    path = f"/console/institutions/{zhao.text.split('/console/institutions/')[-1].split('/')[0]}/"
    once = len(zhao.statements(path))
    with federation.inside(federation.hq):
        like = Bill.objects.get()
        for number in range(2):
            like.pk, like.number, like.application_id = None, f"B2026-99{number}", None
            like.member_id = RollEntry.objects.get(kind="institution").member_id
            like.save(force_insert=True)
    assert len(zhao.statements(path)) == once == 12
    assert zhao.words.count("CNY 2,000.00") == 3
