"""The approvals desk: queue, dossier, claiming, deciding, next."""

from datetime import date, timedelta
from typing import Any

import pytest

from federation.ledger.models import Case
from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.applications.services import endorse_application
from huilian.journal.models import Record
from kit import clock
from tests.applications.forms import another, staff, submit
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.walking import standing_member


def arrived(federation: Federation, society: Any = None, **answers: Any) -> Case:
    """A senior application that its society has endorsed."""
    at, home = clock.now(), society or federation.welding
    with federation.inside(home):
        endorsed = submit("senior", {**another("senior"), **answers}, at=at)
        if home.kind != "headquarters":
            endorse_application(endorsed, by_user=staff("孙七"), reason="熟悉其工作。", at=at)
    federation.settle()
    with federation.inside(federation.hq):
        return Case.objects.get(application_id=endorsed.pk)


def stored(federation: Federation, case: Case) -> Case:
    with federation.inside(federation.hq):
        return Case.objects.get(pk=case.pk)


def at_home(federation: Federation, case: Case, society: Any = None) -> Application:
    with federation.inside(society or federation.welding):
        return Application.objects.get(pk=case.application_id)


@pytest.fixture
def zhao(federation: Federation) -> Desk:
    return at_desk(federation.hq, Role.OFFICER, "赵敏")


def test_the_clear_desk(zhao: Desk) -> None:
    zhao.get("/console/cases/")
    assert "The desk is clear" in zhao.words
    zhao.get("/console/cases/next/", follow=True)
    assert "Nothing is left for you to decide." in zhao.words


def test_the_dossier(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation, name="李明", mobile="13700007777", email="li-hidden@example.org")
    zhao.get("/console/cases/")
    assert f"李明 {case.reference} Senior member Welding Branch Review" in zhao.words
    assert "working days left" in zhao.words
    zhao.get(f"/console/cases/{case.pk}/")
    for said in (
        "Professional title 工程师",
        "证书.pdf",
        "熟悉其工作。",
        "Nobody else in the federation",
        "Recommended by a branch",
        "A doctorate",
    ):
        assert said in zhao.words, said
    for withheld in ("13700007777", "li-hidden", "110105", "1990-03-07", "首体南路"):
        assert withheld not in zhao.text, withheld


def test_the_clock_in_words_and_colour(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    with federation.inside(federation.hq):
        Case.objects.filter(pk=case.pk).update(due_on=date(2026, 3, 2))
    zhao.get("/console/cases/")
    assert "working days late" in zhao.words
    assert 'class="badge tone-bad"' in zhao.text
    zhao.get("/console/cases/", {"clock": "running"})
    assert "No case found" in zhao.words
    zhao.get("/console/cases/", {"clock": "late", "society": "101", "category": "senior", "whose": "free"})
    assert case.reference in zhao.words
    for query in ({"society": "201"}, {"whose": "mine"}, {"whose": "others"}, {"category": "ordinary"}):
        zhao.get("/console/cases/", query)
        assert "No case found" in zhao.words, query


def test_who_is_known_elsewhere_is_not_named(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.zhejiang):
        submit("ordinary", {**another(), "mobile": "13700006666", "name": "陈秘密"}, at=clock.now())
    case = arrived(federation, mobile="13700006666")
    zhao.get(f"/console/cases/{case.pk}/")
    assert "Zhejiang Society of Mechanical Engineering An application In progress the same phone" in zhao.words
    assert "陈秘密" not in zhao.text


def test_claiming_keeps_colleagues_away(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    page = f"/console/cases/{case.pk}/"
    zhao.post(f"{page}claim/", follow=True)
    assert "You have taken this case on." in zhao.words
    qian = at_desk(federation.hq, Role.OFFICER, "钱进")
    qian.get(page)
    assert "赵敏 has taken this case on." in qian.words
    assert "Approve…" not in qian.words
    qian.post(f"{page}claim/", follow=True)
    assert "Somebody else has this case" in qian.words
    qian.post(f"{page}approve/", {"version": str(case.version)}, follow=True)
    assert "Somebody else has taken this case on." in qian.words
    qian.get("/console/cases/next/", follow=True)
    assert "Nothing is left for you to decide." in qian.words
    assert stored(federation, case).claimed_by == f"user:{zhao.user.pk} 赵敏"  # type: ignore[union-attr]
    zhao.get("/console/cases/", {"whose": "mine"})
    assert case.reference in zhao.words
    zhao.post(f"{page}release/", follow=True)
    assert "Take this case on" in zhao.words
    with federation.inside(federation.hq):
        assert list(Record.objects.order_by("seq").values_list("verb", flat=True)) == ["case.claimed", "case.released"]


def test_approving_leads_to_the_next(federation: Federation, zhao: Desk) -> None:
    first, second = arrived(federation), arrived(federation)
    zhao.post(f"/console/cases/{first.pk}/approve/", {"version": str(first.version), "reason": ""}, follow=True)
    assert "is approved; the society is told." in zhao.words
    assert zhao.page.redirect_chain[-1][0] == f"/console/cases/{second.pk}/"  # type: ignore[attr-defined]
    assert (stored(federation, first).state, stored(federation, first).outcome) == ("decided", "approved")
    federation.settle()
    assert at_home(federation, first).step == "pay"
    zhao.post(f"/console/cases/{first.pk}/approve/", {"version": str(first.version)}, follow=True)
    assert "This case is not open any more." in zhao.words
    zhao.get(f"/console/cases/{first.pk}/")
    assert "赵敏 approved by the officer" in zhao.words
    assert "Approve…" not in zhao.words


def test_refusing_needs_reasons(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    page = f"/console/cases/{case.pk}/refuse/"
    zhao.post(page, {"reasons": "", "version": str(case.version)})
    assert zhao.page.status_code == 422
    assert zhao.errors == {"reasons": "This field is required."}
    assert stored(federation, case).state == "open"
    zhao.post(page, {"reasons": "业绩证明不足。", "version": str(case.version)}, follow=True)
    assert "The application is refused" in zhao.words
    federation.settle()
    home = at_home(federation, case)
    assert (home.state, home.reasons) == ("refused", "业绩证明不足。")


def test_an_older_page_decides_nothing(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    for version in (str(case.version + 1), "", "x"):
        zhao.post(f"/console/cases/{case.pk}/approve/", {"version": version}, follow=True)
        assert "is approved" not in zhao.words
    zhao.post(f"/console/cases/{case.pk}/refuse/", {"version": "7", "reasons": "x"})
    assert zhao.page.status_code == 422
    assert stored(federation, case).state == "open"


def test_who_recommended_does_not_decide(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    with federation.inside(federation.hq):
        member = standing_member("赵敏")
        member.user = zhao.user
        member.save()
        Case.objects.filter(pk=case.pk).update(recommender_number=member.number)
    zhao.post(f"/console/cases/{case.pk}/approve/", {"version": str(case.version)})
    assert zhao.page.status_code == 403
    assert "Who recommended an applicant cannot decide" in zhao.words
    assert stored(federation, case).state == "open"


def test_two_officers_where_the_scheme_wants_two(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    with federation.inside(federation.hq):
        Case.objects.filter(pk=case.pk).update(persons=2)
    page = f"/console/cases/{case.pk}/"
    zhao.get(page)
    assert "2 more officers have to approve." in zhao.words
    zhao.post(f"{page}approve/", {"version": str(case.version)}, follow=True)
    assert "a colleague has to approve as well" in zhao.words
    assert "Nothing is left for you to decide." in zhao.words
    zhao.get(page)
    assert "You have decided this case already" in zhao.words
    qian = at_desk(federation.hq, Role.OFFICER, "钱进")
    qian.get(page)
    assert "One more officer has to approve." in qian.words
    qian.post(f"{page}approve/", {"version": str(stored(federation, case).version)}, follow=True)
    assert "the society is told" in qian.words
    assert stored(federation, case).outcome == "approved"


def test_a_paper_is_opened_where_it_lies(federation: Federation, zhao: Desk) -> None:
    case = arrived(federation)
    paper = case.dossier["papers"][0]["id"]
    zhao.get(f"/console/cases/{case.pk}/papers/{paper}/")
    url = zhao.page["Location"]
    assert url.startswith("http://welding.localhost:8000/papers/?t=")
    stranger = Desk(federation.welding)
    stranger.get(url.removeprefix("http://welding.localhost:8000"))
    assert stranger.page["Content-Type"] == "application/pdf"
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="paper.opened").actor == f"hq:user:{zhao.user.pk} 赵敏"  # type: ignore[union-attr]
    stranger.get(url.removeprefix("http://welding.localhost:8000"))
    assert stranger.page.status_code == 403
    zhao.get(f"/console/cases/{case.pk}/papers/{case.pk}/")
    assert zhao.page.status_code == 404


def test_the_overview_leads_to_the_rows(federation: Federation) -> None:
    owner = at_desk(federation.hq, Role.OWNER, "赵敏")
    owner.get("/console/")
    assert owner.page["Location"] == "/console/federation/"
    owner.get("/console/federation/")
    assert "No society has reported anything yet" in owner.words
    case = arrived(federation)
    with federation.inside(federation.welding):
        submit("student", another("student"), at=clock.now())
    federation.settle()
    with federation.inside(federation.hq):
        Case.objects.filter(pk=case.pk).update(due_on=clock.now().date() - timedelta(days=9))
    owner.get("/console/federation/")
    assert "Members in standing 1 1 joined this month" in owner.words
    assert "Cases to decide 1 1 past their clock" in owner.words
    assert "Applications under way 1" in owner.words
    assert "101 Welding Branch 1 0 1 0 CNY 0.00 CNY 0.00" in owner.words
    assert "Approvals 1" in owner.menu
    assert '<a href="/console/roll/?society=101&amp;state=active">Welding Branch</a>' in owner.text
    owner.get("/console/roll/?society=101&state=active")
    assert "1010000001X Welding Branch Student member Active" in owner.words
