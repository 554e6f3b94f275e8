"""Letters at the console: what became of each, sending one again, and wording them the society's own way."""

from typing import Any

from django.core import mail

from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.notices.models import Notice, Wording
from huilian.notices.services import notify
from kit import clock
from tests.federation_fixture import Federation
from tests.portals.console.desk import at_desk

EDIT = "/console/letters/wording/application.approved/en/"
FACTS = {"name": "李明", "reference": "101-2026-000123", "category": "高级会员"}


def failed(federation: Federation, event: str = "application.approved", **facts: Any) -> Notice:
    with federation.inside(federation.welding):
        [notice] = notify(event, to_email="li@example.org", language="en", at=clock.now(), **(facts or FACTS))
        Notice.objects.filter(pk=notice.pk).update(state="failed", attempts=8, error="SMTPError: full")
    return notice


def test_a_letter_that_failed_is_seen_and_sent_again(federation: Federation) -> None:
    notice = failed(federation)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/letters/")
    assert "0 waiting, 1 given up." in wang.words
    assert "l***@example.org" in wang.words and "li@example.org" not in wang.text
    assert "SMTPError: full" in wang.words and "Send again" in wang.words
    mail.outbox.clear()
    wang.post(f"/console/letters/{notice.pk}/again/", follow=True)
    assert "The letter is on its way again." in wang.words
    federation.settle()
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="letter.sent_again").actor.endswith("王伟")
        notice.refresh_from_db()
        assert notice.state != "failed" and notice.error == ""
    wang.post(f"/console/letters/{notice.pk}/again/", follow=True)
    assert "This letter is under way, or has arrived already." in wang.words


def test_a_secret_letter_is_not_offered_again(federation: Federation) -> None:
    notice = failed(federation, "code.sent", code="493027", minutes=10)
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/letters/")
    assert "Send again" not in wang.words and "493027" not in wang.text
    wang.post(f"/console/letters/{notice.pk}/again/", follow=True)
    assert "Let the person ask for a new one." in wang.words


def test_who_may_only_look_sends_and_words_nothing(federation: Federation) -> None:
    notice = failed(federation)
    chen = at_desk(federation.welding, Role.VIEWER, "陈静")
    chen.get("/console/letters/")
    assert chen.page.status_code == 200 and "Send again" not in chen.words
    chen.get(EDIT)
    assert chen.page.status_code == 200 and "Word it anew" not in chen.words
    chen.post(f"/console/letters/{notice.pk}/again/")
    assert chen.page.status_code == 403
    for path in (f"{EDIT}edit/", f"{EDIT}reset/"):
        chen.post(path, {"subject": "Mine", "email": "", "sms": ""})
        assert chen.page.status_code == 403
    with federation.inside(federation.welding):
        assert not Wording.objects.exists() and Notice.objects.get().state == "failed"


def test_filters_narrow(federation: Federation) -> None:
    failed(federation)
    wang = at_desk(federation.welding, Role.OWNER)
    for query, found in (
        ({"state": "failed"}, True),
        ({"state": "sent"}, False),
        ({"channel": "sms"}, False),
        ({"event": "application.approved"}, True),
        ({"event": "code.sent"}, False),
    ):
        wang.get("/console/letters/", query)
        assert ("l***@example.org" in wang.words) is found, query


def test_a_letter_is_worded_anew_and_back_again(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get(EDIT)
    assert "These are the usual words." in wang.words and "Dear Li Ming," in wang.words
    wang.get(f"{EDIT}edit/")
    assert "{reference}" in wang.words and "101-2026-000123" in wang.words
    wang.post(f"{EDIT}edit/", {"subject": "Good news, {name}", "email": "", "sms": "{nmae}"})
    assert wang.page.status_code == 422 and set(wang.errors) == {"sms"}
    assert "{nmae}" in wang.errors["sms"] and "{name}" in wang.errors["sms"]
    wang.post(f"{EDIT}edit/", {"subject": "Good news, {name}", "email": "", "sms": ""}, follow=True)
    assert "Letters will be sent in these words from now on." in wang.words
    assert "Good news, Li Ming" in wang.words and "Dear Li Ming," in wang.words
    wang.get("/console/letters/wording/")
    assert "own words" in wang.words
    wang.get(f"{EDIT}letter.html")
    assert "<title>Good news, Li Ming</title>" in wang.text
    assert wang.page["Content-Security-Policy"].startswith("default-src 'none'")
    wang.post(f"{EDIT}reset/", follow=True)
    assert "The letter has its usual words again." in wang.words and "Good news" not in wang.words
    wang.post(f"{EDIT}reset/", follow=True)
    assert "This letter has its usual words already." in wang.words


def test_there_is_no_such_letter(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    for path in ("application.lost/en", "application.approved/fr", "application.approved/EN", "x/zh-hans"):
        for page in ("", "edit/", "letter.html"):
            wang.get(f"/console/letters/wording/{path}/{page}")
            assert wang.page.status_code == 404, (path, page)
