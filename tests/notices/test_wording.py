"""A society words its letters its own way, within what the letters know; the usual words are never far."""

from typing import Any

import pytest
from django.core import mail

from huilian.journal.models import Record
from huilian.notices.catalogue import EVENTS, LANGUAGES
from huilian.notices.models import Notice, Wording
from huilian.notices.rendering import render
from huilian.notices.rules import check_wording
from huilian.notices.services import notify, reset_letter, reword_letter, send_again, send_waiting
from huilian.notices.services.sending import TRIED_AFTER
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT
from tests.federation_fixture import Federation

LI = {"name": "李明", "reference": "101-2026-000123", "category": "高级会员"}
OWN = {"subject": "{name}，好消息", "email": "{name}：\n\n{category} 已通过，见 {link}", "sms": ""}


def refusal(act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value


def reword(event: str = "application.approved", language: str = "zh-hans", **texts: str) -> Wording | None:
    return reword_letter(event, language, texts={**OWN, **texts}, by="user:1 王", at=AT)


def html_of(message: Any) -> tuple[str, str]:
    """The one other version of a letter, and what it is."""
    [(content, kind)] = message.alternatives
    return content, kind


def test_own_words_are_sent_and_the_rest_stays_usual(in_welding: Society) -> None:
    reword()
    letters = notify("application.approved", to_phone="+8613800138000", to_email="li@example.org",
                     language="zh-hans", at=AT, **LI)  # fmt: skip
    email, sms = letters
    assert email.subject == "李明，好消息"
    assert email.body.startswith("李明：\n\n高级会员 已通过，见 http") and "此致" in email.body
    assert sms.body.startswith("【焊接分会】李明您好，您的高级会员入会申请")
    english = render("application.approved", "email", "en", LI)
    assert english.subject.startswith("Your application")


def test_own_words_belong_to_one_society(federation: Federation) -> None:
    with inside(federation.welding):
        reword()
    with inside(federation.zhejiang):
        assert render("application.approved", "email", "zh-hans", LI).subject.startswith("【")


def test_back_to_the_usual_words(in_welding: Society) -> None:
    reword()
    reset_letter("application.approved", "zh-hans", by="user:1 王", at=AT)
    assert render("application.approved", "email", "zh-hans", LI).subject.startswith("【焊接分会】")
    assert list(Record.objects.order_by("seq").values_list("verb", flat=True)) == ["letter.reworded", "letter.reset"]
    assert refusal(reset_letter, "application.approved", "zh-hans", by="x", at=AT).code == "letter_usual"


def test_the_usual_words_typed_anew_are_nothing_of_ones_own(in_welding: Society) -> None:
    usual = EVENTS["application.approved"].zh
    assert reword(subject=usual.subject, email=usual.email, sms=usual.sms) is None
    assert not Wording.objects.exists() and not Record.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("email", "{name} {phone}", "wording_unknown"),
        ("subject", "{nmae}", "wording_unknown"),
        ("email", "{name", "wording_braces"),
        ("email", "name}", "wording_braces"),
        ("email", "{}", "wording_braces"),
        ("email", "{0}", "wording_braces"),
        ("email", "{name.__class__}", "wording_braces"),
        ("email", "{name[0]}", "wording_braces"),
        ("email", "{name!r}", "wording_braces"),
        ("email", "{name:>999999999}", "wording_braces"),
        ("email", "{ name }", "wording_braces"),
        ("subject", "x" * 201, "text_too_long"),
        ("sms", "x" * 401, "text_too_long"),
        ("subject", "one\ntwo", "text_unreadable"),
        ("email", "\x00", "text_unreadable"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_beside_its_field(
    in_welding: Society, field: str, text: str, code: str
) -> None:
    found = refusal(reword, **{field: text})
    assert (found.code, found.field) == (code, field)
    assert not Wording.objects.exists() and not Record.objects.exists()


@pytest.mark.parametrize(("event", "named"), [("code.sent", "{code}"), ("account.invited", "{link}")])
def test_a_letter_keeps_what_it_is_sent_for(in_welding: Society, event: str, named: str) -> None:
    for field in ("email", "sms"):
        found = refusal(reword, event, **{"subject": "", "email": "", "sms": "", field: "Hello"})
        assert (found.code, found.field) == ("wording_incomplete", field)
        assert named in str(found)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_usual_text_would_be_accepted(event: Any, language: str) -> None:
    usual = event.letter(language)
    changed = {name: f"{getattr(usual, name)} !" for name in ("subject", "email", "sms")}
    assert check_wording(event, language, changed) == changed


def test_braces_can_be_written(in_welding: Society) -> None:
    reword(subject="{{{name}}}")
    assert render("application.approved", "email", "zh-hans", LI).subject == "{李明}"


def test_an_unknown_letter_is_not_there(in_welding: Society) -> None:
    assert refusal(reword, "application.lost").status == 404
    assert refusal(reword, language="fr").status == 404


def test_an_email_travels_as_text_and_as_html(in_welding: Society) -> None:
    notify("application.approved", to_email="li@example.org", language="zh-hans", at=AT,
           **{**LI, "name": "<b>李</b>"})  # fmt: skip
    assert send_waiting(at=AT) == 1
    [message] = mail.outbox
    html, kind = html_of(message)
    assert kind == "text/html" and 'lang="zh-Hans"' in html and "焊接分会" in html
    assert "&lt;b&gt;李&lt;/b&gt;" in html and "<b>李" not in html
    assert '<a href="http://welding.localhost:8000/my/"' in html
    assert "src=" not in html and "<link" not in html
    assert "<b>李</b>" in str(message.body)


def test_a_code_stands_large_on_its_own(in_welding: Society) -> None:
    notify("code.sent", to_email="li@example.org", language="en", at=AT, code="493027", minutes=10)
    send_waiting(at=AT)
    html, _kind = html_of(mail.outbox[0])
    assert 'letter-spacing:6px">493027</p>' in html


def failed(event: str = "application.approved", **facts: Any) -> Notice:
    [notice] = notify(event, to_email="li@example.org", language="en", at=AT, **(facts or LI))
    Notice.objects.filter(pk=notice.pk).update(state="failed", attempts=len(TRIED_AFTER), error="SMTPError: full")
    notice.refresh_from_db()
    return notice


def test_a_letter_that_was_given_up_is_sent_again(in_welding: Society) -> None:
    notice = failed()
    send_again(notice, by="user:1 王", at=AT)
    assert (notice.state, notice.attempts, notice.error) == ("queued", 0, "")
    assert Record.objects.get(verb="letter.sent_again").facts == {"event": "application.approved", "channel": "email"}
    assert send_waiting(at=AT) == 1
    assert mail.outbox[0].to == ["li@example.org"]
    notice.refresh_from_db()
    assert refusal(send_again, notice, by="user:1 王", at=AT).code == "letter_not_failed"


def test_a_secret_is_not_sent_again(in_welding: Society) -> None:
    notice = failed("code.sent", code="493027", minutes=10)
    assert refusal(send_again, notice, by="user:1 王", at=AT).code == "letter_forgotten"
    notice.refresh_from_db()
    assert notice.state == "failed"
