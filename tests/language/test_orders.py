"""What a worker answers is stored once and read in two languages."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext_lazy, override

from federation.ledger.models import SocietyOrder
from federation.ledger.orders import finish_order, note_progress
from federation.ledger.telling import kept, said
from tenants.models import Society
from tenants.upgrading import REPORT

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "opened", "report"),
    [
        ("en", "Opened.", "3 upgraded, 1 up to date, 0 failed"),
        ("zh-hans", "已开通。", "已升级 3 个，无需升级 1 个，失败 0 个"),
    ],
)
def test_an_answer_is_read_in_the_readers_language(in_hq: Society, language: str, opened: str, report: str) -> None:
    order = SocietyOrder.objects.create(verb="open", society="102", reason="x", ordered_by="system", ordered_at=AT)
    with override("zh-hans"):  # as a worker does that nobody told a language
        finish_order(order, message=kept(gettext_lazy("Opened.")), at=AT)
    order.refresh_from_db()
    with override(language):
        assert order.answer == opened
        assert said(kept(REPORT, upgraded=3, current=1, failed=0)) == report


def test_a_name_or_an_old_answer_stays_as_it_is(in_hq: Society) -> None:
    order = SocietyOrder.objects.create(verb="upgrade", reason="x", ordered_by="system", ordered_at=AT)
    note_progress(order, 50, "焊接分会")
    order.refresh_from_db()
    assert order.answer == "焊接分会"
    for text in ("", "101", "[1, 2]", '["only words"]', '{"a": 1}', '["%(x)s", {"y": "z"}]'):
        assert said(text) == text


def test_an_answer_that_is_too_long_keeps_its_sentence() -> None:
    assert said(kept("It broke: %(why)s", why="x" * 400)) == "It broke: %(why)s"
    assert len(kept("y" * 400)) == 300
