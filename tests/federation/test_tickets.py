from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from federation.models import UsedTicket
from federation.tickets import LONGEST, mint, open_ticket, read, seal_ticket
from kit.errors import Refusal
from tenants.context import inside
from tests.federation_fixture import Federation

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAYLOAD = {"category": "senior", "channel": "member", "name": "李䶮"}
KINDS = [(mint, read), (seal_ticket, open_ticket)]


@pytest.fixture(params=KINDS, ids=["signed", "sealed"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def issued(federation: Federation, make: Any, *, purpose: Any = "apply", to: Any = "101", **options: Any) -> Any:
    with inside(federation.hq):
        return make(purpose, to=to, payload=PAYLOAD, lifetime=HOUR, at=NOW, **options)


def refusal(society: Any, take: Any, token: Any, *, purpose: Any = "apply", at: Any = NOW, **options: Any) -> Any:
    with inside(society), pytest.raises(Refusal) as refused:
        take(token, purpose=purpose, at=at, **options)
    return refused.value


def test_a_ticket_is_read_where_it_was_sent(federation: Federation, kind: Any) -> None:
    make, take = kind
    with inside(federation.welding):
        assert take(issued(federation, make), purpose="apply", at=NOW) == PAYLOAD


def test_a_ticket_is_worthless_anywhere_else(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make)
    for society in (federation.zhejiang, federation.hq):
        refused = refusal(society, take, token)
        assert (refused.code, refused.status) == ("bad_ticket", 403)


def test_foreign_tampered_and_invented_tickets_are_told_the_same(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make)
    half = len(token) // 2
    changed = token[:half] + ("A" if token[half] != "A" else "B") + token[half + 1 :]
    wrong = [
        issued(federation, make, to="201"),
        changed,
        token[:-1],
        token + "x",
        "201" + token[3:],
        "",
        "1",
        "100",
        "abc" + token[3:],
        "100" + "~" * 40,
        "100.s1.deadbeef.AAAA",
        "一二三" + token[3:],
        "٣٣٣" + token[3:],
        token + "\x00",
        "x" * 10_000,
    ]
    refusals = {(r.code, str(r), r.status) for r in (refusal(federation.welding, take, each) for each in wrong)}
    refusals.add((lambda r: (r.code, str(r), r.status))(refusal(federation.welding, take, token, purpose="pay")))
    assert len(refusals) == 1
    assert not any("apply" in sentence for _code, sentence, _status in refusals)


def test_a_ticket_expires(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make)
    with inside(federation.welding):
        assert take(token, purpose="apply", at=NOW + HOUR - timedelta(seconds=1), once=False) == PAYLOAD
    assert refusal(federation.welding, take, token, at=NOW + HOUR).code == "ticket_expired"


def test_a_ticket_may_be_for_one_use(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make, once=True)
    with inside(federation.welding):
        assert take(token, purpose="apply", at=NOW) == PAYLOAD
    assert refusal(federation.welding, take, token).code == "ticket_used"


def test_the_receiver_may_insist_on_one_use(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make, once=False)
    with inside(federation.welding):
        take(token, purpose="apply", at=NOW)
        take(token, purpose="apply", at=NOW, once=True)
    assert refusal(federation.welding, take, token, once=True).code == "ticket_used"


def test_a_use_that_came_to_nothing_is_no_use(federation: Federation, kind: Any) -> None:
    make, take = kind
    token = issued(federation, make, once=True)
    with inside(federation.welding):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            take(token, purpose="apply", at=NOW)
            raise ZeroDivisionError
        assert not UsedTicket.objects.exists()
        assert take(token, purpose="apply", at=NOW) == PAYLOAD


def test_a_sealed_ticket_shows_nothing(federation: Federation) -> None:
    token = issued(federation, seal_ticket)
    assert token.isascii()
    assert not any(word in token for word in ("senior", "member", "apply"))
    signed_as_if = refusal(federation.welding, read, token)
    assert signed_as_if.code == "bad_ticket"
    assert refusal(federation.welding, open_ticket, issued(federation, mint)).code == "bad_ticket"


def test_a_sealed_ticket_is_for_one_use_unless_said_otherwise(federation: Federation) -> None:
    token = issued(federation, seal_ticket)
    with inside(federation.welding):
        open_ticket(token, purpose="apply", at=NOW)
    assert refusal(federation.welding, open_ticket, token).code == "ticket_used"


def test_a_key_that_is_being_retired_still_opens(federation: Federation, settings: Any, kind: Any) -> None:
    make, take = kind
    old, new = settings.SECRET_KEY, "a new secret that is at least as long as the old one was 0123"
    token = issued(federation, make)
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]), inside(federation.welding):
        assert take(token, purpose="apply", at=NOW) == PAYLOAD
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[]):
        assert refusal(federation.welding, take, token).code == "bad_ticket"


@pytest.mark.parametrize("lifetime", [timedelta(0), -HOUR, LONGEST + timedelta(seconds=1)])
def test_no_ticket_lives_forever(federation: Federation, lifetime: timedelta, kind: Any) -> None:
    make, _take = kind
    with inside(federation.hq), pytest.raises(ValueError, match="a ticket lives up to"):
        make("apply", to="101", payload=PAYLOAD, lifetime=lifetime, at=NOW)
