"""Approving several students at once, where a scheme of one's own lets students come to the desk."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from federation.ledger.models import Case
from huilian.accounts.models import Role
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.journal.models import Record
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.parts import Step
from huilian.schemes.queries import forget_schemes
from huilian.schemes.services import publish_scheme
from kit import clock
from tests.applications.forms import another, staff, submit
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.test_desk_of_approvals import arrived

PAGE = "/console/cases/together/"
REVIEW = Step(kind="review", actor="headquarters", role="officer", clock_days=5, on_breach="remind", together=True)


def own_scheme() -> Any:
    """The cmes scheme, but that students come to the desk; several may be approved at once."""
    scheme = load_preset("cmes")
    categories = tuple(
        msgspec.structs.replace(each, route=(REVIEW, *each.route)) if each.code == "student" else each
        for each in scheme.categories
    )
    return msgspec.structs.replace(scheme, version=2, effective_on=clock.today("Asia/Shanghai"), categories=categories)


@pytest.fixture
def zhao(federation: Federation) -> Iterator[Desk]:
    with federation.inside(federation.hq):
        publish_scheme(own_scheme(), by="test", at=clock.now())
    federation.settle()
    yield at_desk(federation.hq, Role.OFFICER, "赵敏")
    for society in (federation.hq, federation.welding, federation.zhejiang):
        with federation.inside(society):
            SchemeVersion.objects.filter(version=2).delete()
            forget_schemes()


@pytest.fixture
def students(federation: Federation, zhao: Desk) -> list[Case]:
    """Three who wait at the desk."""
    with federation.inside(federation.welding):
        for _each in range(3):
            submit("student", another("student"), at=clock.now(), ticket={"scheme_version": 2})
    federation.settle()
    with federation.inside(federation.hq):
        return list(Case.objects.filter(category="student").order_by("opened_at", "pk"))


def wish(*cases: Case) -> dict[str, Any]:
    return {"case": [f"{case.pk} {case.version}" for case in cases]}


def states(federation: Federation) -> list[str]:
    with federation.inside(federation.welding):
        return sorted(Application.objects.filter(category="student").values_list("state", flat=True))


def test_they_are_chosen_confirmed_and_told(federation: Federation, zhao: Desk, students: list[Case]) -> None:
    senior = arrived(federation)
    zhao.get("/console/cases/")
    assert zhao.text.count('form="together"') == 3
    everybody = re.search(r'href="([^"]*)">Approve all 3 on this page…</a>', zhao.text)
    assert everybody
    zhao.get(unescape(everybody[1]))
    assert "Approve 3 cases" in zhao.words and senior.reference not in zhao.words
    zhao.get("/console/cases/")
    assert str(senior.pk) not in {part.split('"')[0] for part in zhao.text.split('name="case" value="')[1:]}
    zhao.get(PAGE, {"case": [str(each.pk) for each in students[:2]]})
    assert "Approve 2 cases" in zhao.words
    assert states(federation) == ["in_progress"] * 3
    zhao.post(PAGE, wish(*students[:2]))
    assert zhao.page.status_code == 200
    assert "2 cases are approved; their societies are told." in zhao.words
    federation.settle()
    assert states(federation) == ["in_progress", "member", "member"]
    with federation.inside(federation.hq):
        noted = Record.objects.filter(verb="case.approved")
        assert noted.count() == 2
        assert set(noted.values_list("actor", flat=True)) == {f"user:{zhao.user.pk} 赵敏"}  # type: ignore[union-attr]
    zhao.post(PAGE, wish(*students[:2]))  # the button pressed twice
    assert "0 cases are approved" in zhao.words
    assert zhao.words.count("Not approved This case is not open any more.") == 2


def test_what_another_officer_decided_meanwhile_is_named_and_holds_up_nobody(
    federation: Federation, zhao: Desk, students: list[Case]
) -> None:
    first, second, third = students
    with federation.inside(federation.hq):
        qian = staff("钱进", Role.OFFICER)
        decide_case(first, outcome="refused", reasons="材料不符。", by_user=qian, at=clock.now())
        Case.objects.filter(pk=second.pk).update(claimed_by="user:9 某")
    zhao.post(PAGE, wish(*students))
    assert "1 case is approved; its society is told." in zhao.words
    assert f"{first.name} {first.reference} Student member Welding Branch Not approved" in zhao.words
    assert f"{third.name} {third.reference} Student member Welding Branch Approved" in zhao.words
    with federation.inside(federation.hq):
        outcomes = [Case.objects.get(pk=case.pk).outcome for case in students]
    assert outcomes == ["refused", "", "approved"]


def test_an_older_version_of_a_case_is_not_decided(federation: Federation, zhao: Desk, students: list[Case]) -> None:
    with federation.inside(federation.hq):
        Case.objects.filter(pk=students[0].pk).update(version=5)
    zhao.post(PAGE, wish(*students[:1]))
    assert "Another officer was faster: look at the case again." in zhao.words
    federation.settle()
    assert states(federation) == ["in_progress"] * 3


def test_every_other_route_is_refused(federation: Federation, zhao: Desk, students: list[Case]) -> None:
    senior = arrived(federation)
    zhao.get(PAGE, {"case": [str(senior.pk), str(students[0].pk)]})
    assert "Left out, since they are decided one by one" in zhao.words and senior.reference in zhao.words
    assert "Approve 1 case" in zhao.words
    zhao.post(PAGE, wish(senior, students[0]))
    assert "Not approved Cases of this route are decided one by one." in zhao.words
    with federation.inside(federation.hq):
        assert Case.objects.get(pk=senior.pk).state == "open"
        assert Case.objects.get(pk=students[0].pk).outcome == "approved"


@pytest.mark.parametrize("chosen", [[], ["x"], ["0 0"], ["%00"], [str(uuid4())]])
def test_nothing_and_nonsense(zhao: Desk, chosen: list[str]) -> None:
    for method in (zhao.get, zhao.post):
        method(PAGE, {"case": chosen})
        assert zhao.page.status_code in (200, 302)
    zhao.post(PAGE, {"case": [f"{uuid4()} 1" for _each in range(51)]}, follow=True)
    assert "At most 50 cases are approved at once." in zhao.words


def test_the_list_costs_the_same_with_boxes(federation: Federation, zhao: Desk, students: list[Case]) -> None:
    with federation.inside(federation.hq):
        Case.objects.filter(pk__in=[each.pk for each in students[1:]]).update(state="closed")
    one = len(zhao.statements("/console/cases/"))
    with federation.inside(federation.hq):
        Case.objects.update(state="open")
    assert len(zhao.statements("/console/cases/")) == one
    path = f"{PAGE}?case={students[0].pk}"
    assert len(zhao.statements(path)) == len(zhao.statements(f"{path}&case={students[1].pk}&case={students[2].pk}"))


def test_as_shipped_nobody_is_chosen(federation: Federation) -> None:
    arrived(federation)
    zhao = at_desk(federation.hq, Role.OFFICER, "赵敏")
    zhao.get("/console/cases/")
    assert "together" not in zhao.text.split("<main")[-1]
