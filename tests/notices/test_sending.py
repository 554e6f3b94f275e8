"""A letter is queued with the change that causes it, sent at least once, tried again, given up at last."""

import threading
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from huilian.notices import queries
from huilian.notices.models import Notice
from huilian.notices.services import notify, send_waiting
from huilian.notices.services.sending import FORGOTTEN, TRIED_AFTER
from huilian.notices.sms import Sms
from huilian.notices.tasks import send_queued
from kit import clock
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT
from tests.federation_fixture import Federation

OUTBOX = "huilian.notices.outbox.OutboxBackend"
LI = {"name": "李明", "reference": "101-2026-000123", "category": "高级会员"}


class Broken(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("mail.example.org\x00 refuses")


class Slow(BaseEmailBackend):
    """A mail server that takes its time, and counts."""

    sent: ClassVar[list[str]] = []

    def send_messages(self, email_messages: Any) -> int:
        Slow.sent += [message.to[0] for message in email_messages]
        threading.Event().wait(0.3)
        return len(email_messages)


class Carrier:
    """An SMS provider that remembers."""

    sent: ClassVar[list[tuple[str, str, str]]] = []

    def send(self, message: Sms) -> None:
        Carrier.sent.append((message.phone, message.text, message.reference))


def tell(**more: Any) -> list[Notice]:
    facts = {"to_email": "li@example.org", "language": "zh-hans", "at": AT, **LI, **more}
    return notify("application.approved", **facts)


def tell_code(at: Any = AT, **roads: str) -> Notice:
    [notice] = notify("code.sent", **roads, language="en", at=at, code="493027", minutes=10)
    return notice


def test_one_letter_for_each_road_that_is_given(in_welding: Society) -> None:
    notices = tell(to_phone="+8613800138000")
    assert [(each.channel, each.address, each.state) for each in notices] == [
        ("email", "li@example.org", "queued"),
        ("sms", "+8613800138000", "queued"),
    ]
    assert notices[0].subject == "【焊接分会】您的入会申请已审核通过（101-2026-000123）"
    assert notices[1].body.startswith("【焊接分会】李明您好，")
    assert tell(to_email="") == []
    assert Notice.objects.count() == 2


def test_a_letter_goes_with_its_change_or_not_at_all(federation: Federation) -> None:
    with inside(federation.welding):
        with pytest.raises(RuntimeError), transaction.atomic():
            tell()
            raise RuntimeError("the change failed")
        assert not Notice.objects.exists()


def test_sending_hands_the_letter_to_the_mail_server_once(in_welding: Society) -> None:
    [notice] = tell()
    assert send_waiting(at=AT) == 1
    assert send_waiting(at=AT) == 0
    [message] = mail.outbox
    assert (message.to, message.subject, message.body) == (["li@example.org"], notice.subject, notice.body)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.sent_at, notice.error) == ("sent", 1, AT, "")


def test_a_failed_letter_is_tried_again_later_and_later_and_then_given_up(in_welding: Society, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    [notice] = tell()
    states = []
    for delay in TRIED_AFTER:
        assert send_waiting(at=AT + delay) == 0
        assert send_waiting(at=AT + delay) == 0  # not yet time for the next
        notice.refresh_from_db()
        states.append((notice.attempts, notice.state))
    assert states == [*((n, "queued") for n in range(1, 8)), (8, "failed")]
    assert notice.error == "ConnectionRefusedError: mail.example.org refuses"
    assert queries.queue_state() == queries.QueueState(queued=0, failed=1, oldest_queued_at=None)


def test_a_letter_leaves_when_the_server_is_back(in_welding: Society, settings: Any) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    [notice] = tell()
    send_waiting(at=AT)
    assert queries.queue_state() == queries.QueueState(queued=1, failed=0, oldest_queued_at=AT)
    settings.EMAIL_BACKEND = working
    assert send_waiting(at=AT + timedelta(minutes=1)) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.error) == ("sent", 2, "")


def test_one_broken_letter_does_not_hold_up_the_next(in_welding: Society) -> None:
    bad, good = tell(to_email="li@example.org, \n"), tell(to_email="wang@example.org")
    assert send_waiting(at=AT) == 1
    assert [message.to for message in mail.outbox] == [["wang@example.org"]]
    bad[0].refresh_from_db()
    good[0].refresh_from_db()
    assert (bad[0].state, good[0].state) == ("queued", "sent")


def test_two_workers_send_a_letter_once(federation: Federation, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    Slow.sent.clear()
    with inside(federation.welding):
        tell()
    gate = threading.Barrier(3)

    def work() -> None:
        try:
            with inside(federation.welding):
                gate.wait()
                send_waiting(at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Slow.sent == ["li@example.org"]


def test_a_code_is_forgotten_once_it_went_out(in_welding: Society, settings: Any) -> None:
    settings.SMS_TRANSPORT = f"{__name__}.Carrier"
    Carrier.sent.clear()
    by_sms, by_email = tell_code(to_phone="+8613800138000"), tell_code(to_email="li@example.org")
    assert send_waiting(at=AT) == 2
    [(phone, text, reference)] = Carrier.sent
    assert (phone, reference) == ("+8613800138000", str(by_sms.pk))
    assert "493027" in text and "493027" in str(mail.outbox[0].body)
    assert list(Notice.objects.values_list("body", flat=True)) == [FORGOTTEN, FORGOTTEN]
    assert not queries.has_outbox() and not queries.outbox().exists()
    assert {notice.pk for notice in queries.letters()} == {by_sms.pk, by_email.pk}


def test_in_the_embedded_default_a_code_is_read_on_the_outbox_page(in_welding: Society, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUTBOX
    tell_code(to_phone="+8613800138000")
    tell_code(to_email="li@example.org")
    assert send_waiting(at=AT) == 2
    assert queries.has_outbox()
    shown = list(queries.outbox())
    assert [notice.state for notice in shown] == ["sent", "sent"]
    assert all("493027" in notice.body for notice in shown)
    assert mail.outbox == []


def test_a_code_that_is_too_old_is_not_sent_any_more(in_welding: Society) -> None:
    notice = tell_code(to_email="li@example.org")
    assert send_waiting(at=AT + timedelta(minutes=10)) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.body, mail.outbox) == ("failed", FORGOTTEN, [])


def test_the_task_sends_what_its_own_society_queued(federation: Federation) -> None:
    for society in (federation.welding, federation.zhejiang):
        with inside(society):
            tell(at=clock.now())
    send_queued(federation.welding.schema_name)
    with inside(federation.welding):
        assert Notice.objects.get().state == "sent"
    with inside(federation.zhejiang):
        assert Notice.objects.get().state == "queued"
    with pytest.raises(Refusal):
        send_queued("nowhere")
