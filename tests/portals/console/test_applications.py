"""The endorsement queue and the page with the whole dossier."""

from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.applications.models import Application
from huilian.applications.services import save_draft
from huilian.journal.models import Record
from kit import clock
from tests.applications.forms import another, draft, person, senior, submit
from tests.federation_fixture import Federation
from tests.portals.console.desk import at_desk


def handed_in(federation: Federation, category: str = "senior", **answers: Any) -> Application:
    with federation.inside(federation.welding):
        return submit(category, {**another(category), **answers}, at=clock.now())


def stored(federation: Federation, application: Application) -> Application:
    with federation.inside(federation.welding):
        return Application.objects.get(pk=application.pk)


def test_the_whole_dossier_on_one_page(federation: Federation) -> None:
    first = handed_in(federation, mobile="13700009999", name="李明")
    second = handed_in(federation, "ordinary", mobile="13700009998", name="陈静")
    with federation.inside(federation.welding):
        Application.objects.filter(pk=second.pk).update(phone_hash=first.phone_hash)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/endorsements/")
    assert first.reference in wang.words
    assert second.reference not in wang.words
    assert "working days left" in wang.words
    assert "To endorse 1" in wang.menu
    wang.get(f"/console/applications/{first.pk}/")
    for said in (
        "李明",
        first.reference,
        "Senior member",
        "Professional title 工程师",
        "省科技进步奖二等奖;论文十篇。",
        "证书.pdf",
        "Recommended by a branch",
        "version 1 of the scheme",
        "Endorsement now",
        "Review to come",
        "+8613700009999",
    ):
        assert said in wang.words, said
    assert f"陈静 {second.reference} An application In progress the same phone" in wang.words
    assert "11010519900307" not in wang.text  # the ID number
    assert '<a class="btn btn-main" href="#decide">To your decision</a>' in wang.text
    assert wang.text.count(' id="decide"') == 1


def test_who_only_looks_sees_no_contact_and_no_button(federation: Federation) -> None:
    li = handed_in(federation, mobile="13700009997", email="li-secret@example.org")
    viewer = at_desk(federation.welding, Role.VIEWER)
    viewer.get(f"/console/applications/{li.pk}/")
    assert "13700009997" not in viewer.text
    assert "li-secret@" not in viewer.text
    assert "****9997" in viewer.words
    assert "Endorse…" not in viewer.words
    assert "decide" not in viewer.text.replace("before you decide", "")
    assert "It waits for a colleague" in viewer.words


def test_endorsing(federation: Federation) -> None:
    li = handed_in(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    page = f"/console/applications/{li.pk}/"
    wang.get(page)
    assert "Endorse…" in wang.words
    wang.post(f"{page}endorse/", {"reason": "熟悉其工作。", "version": str(li.version)}, follow=True)
    assert "李明 is endorsed." in wang.words
    assert "Review now" in wang.words
    now = stored(federation, li)
    assert (now.step, now.step_actor) == ("review", "headquarters")
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="application.endorsed").reason == "熟悉其工作。"
    wang.post(f"{page}endorse/", {"version": str(now.version)}, follow=True)
    assert "does not wait for this society" in wang.words
    assert stored(federation, li).version == now.version


def test_a_decision_on_an_older_page_counts_for_nothing(federation: Federation) -> None:
    li = handed_in(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    page = f"/console/applications/{li.pk}/"
    for version in (str(li.version - 1), "", "abc", "99999999999999999999"):
        wang.post(f"{page}endorse/", {"version": version}, follow=True)
        assert wang.page.status_code == 200
        assert "is endorsed" not in wang.words
    now = stored(federation, li)
    assert (now.step, now.version) == ("endorse", li.version)


def test_refusing_needs_reasons_in_writing(federation: Federation) -> None:
    li = handed_in(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    page = f"/console/applications/{li.pk}/refuse/"
    wang.get(page)
    assert "Refuse this application?" in wang.words
    assert "The applicant may apply again at any time." in wang.words  # this scheme has no waiting time
    wang.post(page, {"reasons": "  ", "version": str(li.version)})
    assert wang.page.status_code == 422
    assert "reasons" in wang.errors
    wang.post(page, {"reasons": "x" * 2001, "version": str(li.version)})
    assert wang.page.status_code == 422
    assert stored(federation, li).state == "in_progress"
    wang.post(page, {"reasons": "职称证明不清晰。", "version": str(li.version)}, follow=True)
    assert "The application is refused" in wang.words
    assert "职称证明不清晰。" in wang.words
    assert (stored(federation, li).state, stored(federation, li).reasons) == ("refused", "职称证明不清晰。")


def test_nobody_decides_on_their_own_application(federation: Federation) -> None:
    li = handed_in(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    with federation.inside(federation.welding):
        Application.objects.filter(pk=li.pk).update(user=wang.user)
    page = f"/console/applications/{li.pk}/"
    wang.get(page)
    assert "Endorse…" not in wang.words
    wang.post(f"{page}endorse/", {"version": str(li.version)})
    assert wang.page.status_code == 403
    wang.post(f"{page}refuse/", {"version": str(li.version), "reasons": "x"})
    assert wang.page.status_code == 403
    assert stored(federation, li).version == li.version


def test_a_draft_is_nobodys_business(federation: Federation) -> None:
    with federation.inside(federation.welding):
        begun = draft("senior", at=clock.now())
        save_draft(begun, answers=senior(), at=clock.now())
    wang = at_desk(federation.welding)
    for path in ("", "refuse/"):
        wang.get(f"/console/applications/{begun.pk}/{path}")
        assert wang.page.status_code == 404
    wang.post(f"/console/applications/{begun.pk}/endorse/", {"version": "1"})
    assert wang.page.status_code == 404
    wang.get("/console/applications/")
    assert "No applications yet" in wang.words


def test_the_next_one_is_a_key_away(federation: Federation) -> None:
    first, second = handed_in(federation), handed_in(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get(f"/console/applications/{first.pk}/")
    assert f'href="/console/applications/{second.pk}/" data-key="j"' in wang.text
    assert 'data-dialog="endorse" data-key="e"' in wang.text
    assert 'data-key="r"' in wang.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"李明", "陈静"}),
        ({"state": "in_progress", "step": "endorse"}, {"李明"}),
        ({"category": "ordinary"}, {"陈静"}),
        ({"text": "陈"}, {"陈静"}),
        ({"text": "13700008888"}, {"陈静"}),
        ({"state": "refused"}, set()),
        ({"channel": "province"}, set()),
    ],
)
def test_filters(federation: Federation, query: dict[str, str], found: set[str]) -> None:
    handed_in(federation, name="李明")
    handed_in(federation, "ordinary", name="陈静", mobile="13700008888")
    wang = at_desk(federation.welding, Role.VIEWER, "赵六")
    wang.get("/console/applications/", query)
    assert {name for name in ("李明", "陈静") if name in wang.words} == found
    assert ("No application found" in wang.words) == (not found)


def test_the_overview_counts_what_waits(federation: Federation) -> None:
    handed_in(federation)
    handed_in(federation, "ordinary")
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/")
    assert "1 application waits for you" in wang.words
    assert "Applications under way 2" in wang.words
    assert "Endorsement The society 1" in wang.words
    assert "Payment The applicant 1" in wang.words
    assert person()["name"] not in wang.words
