"""A letter says what it is told, in the reader's language, and nothing that it was not told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from huilian.notices.catalogue import CHANNELS, EVENTS, LANGUAGES
from huilian.notices.rendering import FactMissing, Rendered, render
from huilian.schemes.parts import Text
from kit.money import Money
from tenants.models import Society

LI = {"name": "李明", "reference": "101-2026-000123", "category": Text(zh="高级会员", en="Senior member")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("event", EVENTS)
def test_every_letter_of_the_catalogue_renders(event: str, channel: str, language: str, in_welding: Society) -> None:
    letter = render(event, channel, language, EVENTS[event].example)
    assert bool(letter.subject) is (channel == "email")
    assert not set("{}") & set(letter.subject + letter.body)
    assert ("焊接分会" if language == "zh-hans" else "Welding Branch") in letter.body
    assert "\n\n\n" not in letter.body and "None" not in letter.body
    if channel == "sms":
        assert "\n" not in letter.body


def test_a_chinese_email_reads_as_a_society_writes(in_welding: Society) -> None:
    letter = render("application.acknowledged", "email", "zh-hans", {**LI, "due_on": date(2026, 3, 9)})
    assert letter == Rendered(
        "【焊接分会】已收到您的入会申请（101-2026-000123）",
        "尊敬的李明：\n\n"
        "您好！感谢您申请加入焊接分会。您的入会申请已收到，现将申请信息告知如下：\n\n"
        "申请编号：101-2026-000123\n"
        "申请类别：高级会员\n"
        "下一步预计完成日期：2026年3月9日\n\n"
        "请保存好申请编号。您可随时登录会员系统，查询办理进度和下一步事项：\n\n"
        "http://welding.localhost:8000/my/\n\n"
        "每一步办理完成后，我们会及时通知您。\n\n"
        "此致\n敬礼\n\n焊接分会\n\n（本邮件由会员系统自动发送，请勿直接回复。）\n",
    )


def test_an_english_sms_is_one_line_signed_by_the_society(in_welding: Society) -> None:
    letter = render("application.acknowledged", "sms", "en", {**LI, "due_on": date(2026, 3, 9)})
    assert letter == Rendered(
        "",
        "[Welding Branch] Dear 李明, we have received your application for Senior member, reference "
        "101-2026-000123. The next step is expected by 9 March 2026. "
        "See its progress: http://welding.localhost:8000/my/",
    )


def test_what_is_not_known_leaves_no_gap(in_welding: Society) -> None:
    email = render("application.acknowledged", "email", "zh-hans", LI).body
    assert "预计完成" not in email
    assert "申请类别：高级会员\n\n请保存好" in email
    sms = render("application.refused", "sms", "zh-hans", {**LI, "reasons": "材料不全", "reapply_on": None})
    assert "重新申请" not in sms.body
    email = render("application.refused", "email", "en", {**LI, "reasons": "材料不全", "reapply_on": ""}).body
    assert "apply again" not in email and "材料不全\n\nIf you have questions" in email


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "焊接分会"),
        ("zh-CN", "焊接分会"),
        ("", "焊接分会"),
        ("fr", "焊接分会"),
        ("en", "Welding Branch"),
        ("en-GB", "Welding Branch"),
        ("EN_us", "Welding Branch"),
    ],
)
def test_the_reader_gets_one_of_two_languages(language: str, expected: str, in_welding: Society) -> None:
    assert expected in render("application.withdrawn", "email", language, LI).subject


def test_a_society_without_an_english_name_signs_with_its_own(in_welding: Society) -> None:
    name, in_welding.name_en = in_welding.name_en, ""
    try:
        assert "焊接分会" in render("application.withdrawn", "email", "en", LI).subject
    finally:
        in_welding.name_en = name


@pytest.mark.parametrize("left_out", ["name", "reference", "category"])
@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_a_missing_fact_is_a_bug_and_not_a_gap(left_out: str, nothing: str | None, in_welding: Society) -> None:
    facts: dict[str, Any] = {**LI, left_out: nothing}
    if nothing == "absent":
        del facts[left_out]
    with pytest.raises(FactMissing, match=left_out):
        render("application.approved", "email", "en", facts)


def test_unknown_events_and_channels_are_bugs(in_welding: Society) -> None:
    with pytest.raises(KeyError):
        render("application.lost", "email", "en", LI)
    with pytest.raises(ValueError, match="pigeon"):
        render("application.approved", "pigeon", "en", LI)


@pytest.mark.parametrize(
    ("fact", "chinese", "english"),
    [
        (Money(10_000), "¥100.00", "CNY 100.00"),
        (Money(5_000, "JPY"), "JP¥5,000", "JPY 5,000"),
        ("一百元", "一百元", "一百元"),
    ],
)
def test_money_is_written_as_readers_expect(fact: object, chinese: str, english: str, in_welding: Society) -> None:
    facts = {"name": "李", "amount": fact}
    assert f"会费金额：{chinese}\n" in render("payment.received", "email", "zh-hans", facts).body
    assert f"Amount: {english}\n" in render("payment.received", "email", "en", facts).body


def test_times_are_those_on_the_societys_wall(in_welding: Society) -> None:
    facts = {"name": "Wang", "role": _("Owner"), "expires_on": datetime(2026, 3, 8, 16, 30, tzinfo=UTC)}
    assert "2026年3月9日 00:30" in render("account.invited", "email", "zh-hans", facts).body
    assert "9 March 2026 00:30" in render("account.invited", "email", "en", facts).body


def test_a_better_link_takes_the_place_of_the_readers_page(in_welding: Society) -> None:
    facts = {
        "name": "李",
        "category": "x",
        "amount": Money(1),
        "link": "http://hq.localhost:8000/cashier/?t=1",
    }
    body = render("dues.please_pay", "email", "en", facts).body
    assert "http://hq.localhost:8000/cashier/?t=1" in body and "/my/" not in body


@pytest.mark.parametrize("name", ["{society.schema_name}", "%(code)s", "{0}", "}{", "䶮", "</p>"])
def test_a_fact_is_written_as_it_is(name: str, in_welding: Society) -> None:
    for channel in CHANNELS:
        assert name in render("application.withdrawn", channel, "en", {**LI, "name": name}).body


def test_no_fact_adds_a_header_or_a_line_to_an_sms(in_welding: Society) -> None:
    facts = {**LI, "reference": "1\r\nBcc: everyone@example.org", "name": "李\n明"}
    email, sms = (render("application.withdrawn", channel, "en", facts) for channel in CHANNELS)
    assert email.subject == "Your application 1 Bcc: everyone@example.org has been withdrawn – Welding Branch"
    assert "\n" not in sms.body and "李 明" in sms.body


def test_a_very_long_name_still_fits_the_subject(in_welding: Society) -> None:
    letter = render("application.withdrawn", "email", "en", {**LI, "reference": "x" * 1000})
    assert len(letter.subject) == 200


def test_reasons_keep_their_lines(in_welding: Society) -> None:
    body = render("application.refused", "email", "en", {**LI, "reasons": "1. 材料不全\n2. 照片模糊"}).body
    assert "The reasons are:\n\n1. 材料不全\n2. 照片模糊\n\n" in body
