"""Channels: exactly one, by its rules, and a sealed ticket that only the society applied to can open."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from huilian.applications.channels import (
    ApplyTicket,
    EarlierRefusal,
    apply_url,
    choice_of_code,
    open_ticket_for,
    seal,
    unseal,
)
from huilian.schemes.loading import load_preset
from kit.errors import Refusal
from referrals.facts import ChannelChoice
from referrals.services import mint_member_code, mint_society_code
from tenants.models import Society
from tests.applications.forms import AT, TODAY, recommender
from tests.federation_fixture import Federation

CMES, AIET = load_preset("cmes"), load_preset("aiet")
NUMBER = "recommender_number"


def opened(category: str = "ordinary", scheme: Any = CMES, **choice: Any) -> ApplyTicket:
    who = choice.pop("who", None)
    return open_ticket_for(scheme, ChannelChoice(**choice), category=category, recommender=who, on=TODAY)


def by_member(**changes: Any) -> dict[str, Any]:
    return {"channel": "member", "recommender_number": "1010000001G", "recommender_name": "王伟", **changes}


@pytest.mark.parametrize(
    "choice, society",
    [
        ({"channel": "branch", "society": "101"}, "101"),
        ({"channel": "province", "society": "201"}, "201"),
        ({"channel": "headquarters"}, "100"),
        ({**by_member(), "who": recommender()}, "101"),
        (
            {
                "channel": "institution",
                "recommender_number": "2010000003D",
                "recommender_name": "浙江大学",
                "who": recommender("institutional", kind="institution", society="201"),
            },
            "201",
        ),
    ],
)
def test_each_channel_leads_to_its_society(in_hq: Society, choice: dict[str, Any], society: str) -> None:
    ticket = opened(**choice)
    assert (ticket.society, ticket.channel, ticket.category) == (society, choice["channel"], "ordinary")
    assert (ticket.scheme_version, ticket.issued_on) == (1, TODAY)


def test_the_scheme_may_send_recommended_applicants_to_headquarters(in_hq: Society) -> None:
    import msgspec

    rules = msgspec.structs.replace(CMES.referrals, belongs_to="headquarters")
    scheme = msgspec.structs.replace(CMES, referrals=rules)
    assert opened(scheme=scheme, who=recommender(), **by_member()).society == "100"


@pytest.mark.parametrize(
    "choice, code, field",
    [
        ({"channel": "pigeon"}, "channel_unknown", "channel"),
        ({"channel": "branch"}, "channel_incomplete", "society"),
        ({"channel": "branch", "society": "201"}, "channel_wrong_society", "society"),
        ({"channel": "headquarters", "society": "101"}, "channel_not_one", "channel"),
        ({"channel": "member", "recommender_number": "1"}, "channel_incomplete", "recommender_name"),
        ({"channel": "branch", "society": "199"}, "unknown_society", None),
        (by_member(), "recommender_unknown", NUMBER),
        (by_member(who=recommender(to_on=TODAY)), "recommender_not_in_standing", NUMBER),
        (by_member(who=recommender(from_on=date(2026, 3, 3))), "recommender_not_in_standing", NUMBER),
        (by_member(who=recommender(ended=True)), "recommender_not_in_standing", NUMBER),
        (by_member(who=recommender("institutional", kind="institution")), "recommender_wrong_kind", NUMBER),
        (by_member(who=recommender("student")), "recommender_of_lower_rank", NUMBER),
    ],
)
def test_a_refusal_says_which_rule_failed(in_hq: Society, choice: dict[str, Any], code: str, field: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        opened(**choice)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_refusal_offers_the_other_ways_in_the_reader_s_language(in_hq: Society) -> None:
    from django.utils import translation

    with pytest.raises(Refusal) as refused:
        opened("senior", who=recommender("ordinary"), **by_member())
    with translation.override("en"):
        said = str(refused.value)
    assert "Ordinary member" in said and "Senior member" in said
    assert "Recommended by a branch, Recommended by a provincial society, Other" in said


def test_honorary_membership_has_no_door(in_hq: Society) -> None:
    from django.utils import translation

    with pytest.raises(Refusal) as refused:
        opened("honorary", AIET, channel="headquarters")
    assert (refused.value.code, refused.value.field) == ("category_by_resolution", "category")
    with translation.override("en"):
        assert "“Honorary member” is granted by resolution only" in str(refused.value)
    with pytest.raises(Refusal) as refused:
        opened("emperor", AIET, channel="headquarters")
    assert refused.value.code == "category_unknown"


def test_aiet_has_one_door(in_hq: Society) -> None:
    assert opened("individual", AIET, channel="headquarters").society == "100"
    with pytest.raises(Refusal) as refused:
        opened("individual", AIET, channel="branch", society="101")
    assert refused.value.code == "channel_unknown"


def test_a_code_of_the_society_fixes_the_channel(in_welding: Society) -> None:
    code = mint_society_code(label="年会", by="user:1", by_user=None, at=AT)
    choice = choice_of_code(code)
    assert (choice.channel, choice.code) == ("branch", code.code)
    ticket = open_ticket_for(CMES, choice, category="student", on=TODAY)
    assert (ticket.society, ticket.channel, ticket.code) == ("101", "branch", code.code)


def test_a_member_s_code_recommends(in_welding: Society) -> None:
    from uuid import UUID

    code = mint_member_code(UUID(int=5), "member", at=AT)
    ticket = open_ticket_for(CMES, choice_of_code(code), category="student", recommender=recommender(), on=TODAY)
    assert (ticket.society, ticket.channel, ticket.code) == ("101", "member", code.code)
    assert ticket.recommender is not None and ticket.recommender.number == "1010000001G"


def test_a_ticket_survives_its_journey(federation: Federation) -> None:
    refusals = (EarlierRefusal(contact_hash="ab" * 32, category="senior", reapply_on=date(2026, 9, 1)),)
    with federation.inside(federation.hq):
        ticket = open_ticket_for(
            CMES,
            ChannelChoice(**by_member()),
            category="senior",
            recommender=recommender(),
            refusals=refusals,
            on=TODAY,
        )
        url = apply_url(ticket, at=AT)
        token = seal(ticket, at=AT)
    assert url.startswith("http://welding.localhost:8000/apply/?t=100")
    assert "王" not in token and "1010000001G" not in token
    with federation.inside(federation.welding):
        assert unseal(parse_qs(urlsplit(url).query)["t"][0], at=AT) == ticket
        with pytest.raises(Refusal) as refused:
            unseal(token, at=AT + timedelta(days=2))
        assert refused.value.code == "ticket_expired"
        with pytest.raises(Refusal) as refused:
            unseal(token[:-3] + "AAA", at=AT)
        assert refused.value.code == "bad_ticket"
    with federation.inside(federation.zhejiang):
        with pytest.raises(Refusal) as refused:
            unseal(token, at=AT)
        assert refused.value.code == "bad_ticket"
