"""Who may recommend whom, by which way, and what a refused applicant is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from huilian.schemes.loading import load_preset
from kit.errors import Refusal
from referrals.facts import ChannelChoice, Identity, Recommender
from referrals.rules import CHANNELS, check_channel, check_recommender

TODAY = date(2026, 6, 1)
WANG = Recommender(
    society="201",
    name="王推荐",
    kind="person",
    category="ordinary",
    category_name="普通会员",
    rank=2,
    from_on=date(2026, 1, 1),
    to_on=date(2027, 1, 1),
    identity=Identity(number="2010000001P", phone_hash="p1", email_hash="e1", id_number_hash="i1"),
)
LI = Identity(phone_hash="p2", email_hash="e2", id_number_hash="i2")


def check(recommender: Recommender | None = WANG, applicant: Identity = LI, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "channel": "member",
        "category": "ordinary",
        "category_name": "普通会员",
        "on": TODAY,
        "may_recommend": load_preset("cmes").may_recommend,
    }
    check_recommender(recommender, applicant, **{**facts, **changes})


def refused(*args: Any, **changes: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check(*args, **changes)
    assert caught.value.field == "recommender_number"
    assert "%(" not in str(caught.value)
    return caught.value


def test_a_member_in_standing_recommends_for_the_same_category() -> None:
    check()
    check(category="student")


def test_a_lower_category_cannot_recommend_a_higher_one() -> None:
    error = refused(category="senior", category_name="高级会员", instead="分会、省学会")
    assert error.code == "recommender_of_lower_rank"
    assert "高级会员" in str(error) and "普通会员" in str(error) and "分会、省学会" in str(error)
    check(replace(WANG, category="senior", rank=3), category="senior")


def test_institutions_are_outside_the_ranks_but_have_a_channel_of_their_own() -> None:
    institution = replace(WANG, kind="institution", category="institutional", rank=None)
    check(institution, channel="institution", category="senior")
    assert refused(institution, channel="member").code == "recommender_wrong_kind"
    assert refused(channel="institution").code == "recommender_wrong_kind"


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_standing_is_that_of_the_day_and_half_open(on: date, stands: bool) -> None:
    if stands:
        check(on=on)
    else:
        error = refused(on=on)
        assert error.code == "recommender_not_in_standing"
        assert error.facts["day"] == on and "2010000001P" in str(error)


def test_standing_without_a_term_does_not_end_but_can_be_ended() -> None:
    honorary = replace(WANG, to_on=None)
    check(honorary, on=date(2090, 1, 1))
    assert refused(replace(honorary, ended=True)).code == "recommender_not_in_standing"


def test_a_federation_may_do_without_standing() -> None:
    check(on=date(2030, 1, 1), must_stand=False)


@pytest.mark.parametrize("shared", ["number", "phone_hash", "email_hash", "id_number_hash"])
def test_nobody_recommends_themselves(shared: str) -> None:
    same = Identity(**{shared: getattr(WANG.identity, shared)})
    assert refused(WANG, same).code == "recommender_oneself"


def test_what_is_unknown_on_both_sides_is_not_the_same() -> None:
    check(replace(WANG, identity=Identity(number="2010000001P")), Identity())


def test_nobody_with_this_name_and_number() -> None:
    error = refused(None)
    assert error.code == "recommender_unknown"
    with override("en"):
        assert str(error).endswith("or choose another channel.")
    with override("zh-hans"):
        assert str(error).endswith("或选择：其他推荐渠道。")


# -- exactly one channel -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [
        ChannelChoice(channel="branch", society="101"),
        ChannelChoice(channel="province", society="201"),
        ChannelChoice(channel="member", recommender_number="2010000001P", recommender_name="王"),
        ChannelChoice(channel="institution", recommender_number="2010000002T", recommender_name="某厂"),
        ChannelChoice(channel="headquarters"),
        ChannelChoice(channel="branch", code="101-KQ27-M9TX-C"),
        ChannelChoice(channel="member", code="101-KQ27-M9TX-C"),
    ],
)
def test_one_channel_with_what_belongs_to_it_passes(choice: ChannelChoice) -> None:
    check_channel(choice, offered=CHANNELS)


@pytest.mark.parametrize(
    ("choice", "code", "field"),
    [
        (ChannelChoice(channel=""), "channel_unknown", "channel"),
        (ChannelChoice(channel="friend"), "channel_unknown", "channel"),
        (ChannelChoice(channel="branch"), "channel_incomplete", "society"),
        (ChannelChoice(channel="branch", society="201"), "channel_wrong_society", "society"),
        (ChannelChoice(channel="province", society="101"), "channel_wrong_society", "society"),
        (ChannelChoice(channel="province", society="²01"), "channel_wrong_society", "society"),
        (ChannelChoice(channel="branch", society="100"), "channel_wrong_society", "society"),
        (
            ChannelChoice(channel="member", recommender_number="1"),
            "channel_incomplete",
            "recommender_name",
        ),
        (
            ChannelChoice(channel="member", recommender_name="王"),
            "channel_incomplete",
            "recommender_number",
        ),
        (ChannelChoice(channel="headquarters", society="101"), "channel_not_one", "channel"),
        (
            ChannelChoice(channel="branch", society="101", recommender_number="1"),
            "channel_not_one",
            "channel",
        ),
        (
            ChannelChoice(channel="member", recommender_number="1", recommender_name="王", society="101"),
            "channel_not_one",
            "channel",
        ),
        (ChannelChoice(channel="branch", society="101", code="101-K"), "channel_not_one", "channel"),
        (
            ChannelChoice(channel="member", recommender_number="1", recommender_name="王", code="101-K"),
            "channel_not_one",
            "channel",
        ),
    ],
)
def test_none_two_or_half_a_channel_is_refused(choice: ChannelChoice, code: str, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_channel(choice, offered=CHANNELS)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_channel_that_this_federation_does_not_have_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        check_channel(ChannelChoice(channel="branch", society="101"), offered={"headquarters", "member"})
    assert caught.value.code == "channel_unknown"
