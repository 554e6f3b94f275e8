"""A token is scoped, ends, is kept as a digest, and works in its own society only."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huilian.accounts.models import ApiToken, Role, RoleGrant
from huilian.accounts.queries import hash_of_secret, live_tokens
from huilian.accounts.scopes import SCOPES
from huilian.accounts.services import close_account, mint_token, revoke_token, user_of_token
from huilian.journal.models import Record
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, person
from tests.federation_fixture import Federation

IN_A_MONTH = AT + timedelta(days=30)


def minted(user: Any, *scopes: str, expires_at: datetime = IN_A_MONTH, **more: Any) -> tuple[ApiToken, str]:
    facts = {"label": "Website", "scopes": scopes or ("members:read",), "by": "system", "at": AT, **more}
    return mint_token(user, expires_at=expires_at, **facts)


def refusal(act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value


def test_a_token_names_its_society_and_is_kept_as_a_digest(in_welding: Society) -> None:
    token, secret = minted(person("Wang", Role.OWNER), "members:read", "codes:read", "members:read")
    assert re.fullmatch(r"hl_101_[\w-]{43}", secret)
    assert token.scopes == ["codes:read", "members:read"]
    assert secret not in str(ApiToken.objects.values().get()) + str(list(Record.objects.values()))
    found = user_of_token(secret, AT)
    assert found == token
    assert found.user.name == "Wang"
    last = Record.objects.latest("seq")
    assert (last.verb, last.facts["scopes"]) == ("token.minted", ["codes:read", "members:read"])


def test_its_use_is_noted_at_most_once_a_minute(in_welding: Society) -> None:
    token, secret = minted(person("Wang", Role.OWNER))
    noted = []
    for seconds in (0, 30, 59, 60, 61):
        user_of_token(secret, AT + timedelta(seconds=seconds))
        noted.append((ApiToken.objects.get(pk=token.pk).last_used_at or AT) - AT)
    assert [int(each.total_seconds()) for each in noted] == [0, 0, 0, 60, 60]
    with CaptureQueriesContext(connection) as queries:
        user_of_token(secret, AT + timedelta(seconds=62))
    assert len(queries) == 1


def test_revoked_expired_and_foreign_tokens_and_closed_users_are_nobody(in_welding: Society) -> None:
    wang = person("Wang", Role.OWNER)
    li = person("Li", Role.REGISTRAR)
    token, revoked = minted(wang)
    revoke_token(token, by="system", at=AT)
    _token, secret = minted(wang)
    _token, closed = minted(li)
    close_account(li, by="system", at=AT, reason="Left")
    assert user_of_token(secret, AT) is not None
    for text in (
        revoked,
        closed,
        "",
        secret[:-1],
        secret + "x",
        secret.upper(),
        "hl_101_" + "x" * 43,
        "\x00",
    ):
        assert user_of_token(text, AT) is None, text
    assert user_of_token(secret, IN_A_MONTH) is None
    assert list(live_tokens(at=AT).values_list("user__name", flat=True)) == ["Wang"]
    assert refusal(revoke_token, token, by="system", at=AT).code == "token_revoked"


def test_a_token_of_one_society_is_worth_nothing_in_another(federation: Federation) -> None:
    with inside(federation.welding):
        _token, secret = minted(person("Wang", Role.OWNER))
    with inside(federation.zhejiang):
        # Even if its digest were carried over.
        wang = person("Wang", Role.OWNER)
        token, _other = minted(wang)
        ApiToken.objects.filter(pk=token.pk).update(token_hash=hash_of_secret(secret))
        assert user_of_token(secret, AT) is None


@pytest.mark.parametrize(
    "expires_at", [AT, AT - timedelta(days=1), AT + timedelta(days=366, seconds=1), AT + timedelta(days=9999)]
)
def test_a_token_ends_within_a_year(expires_at: datetime, in_welding: Society) -> None:
    assert refusal(minted, person("Wang", Role.OWNER), expires_at=expires_at).code == "token_life"
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("scopes", [["everything"], ["members:read", "x"], ["roll:read"], []])
def test_scopes_are_those_of_the_table_and_of_the_kind_of_society(scopes: list[str], in_welding: Society) -> None:
    wang = person("Wang", Role.OWNER)
    with pytest.raises(Refusal) as refused:
        mint_token(wang, label="x", scopes=scopes, expires_at=IN_A_MONTH, by="system", at=AT)
    assert refused.value.code == "scope_unknown"
    assert "members:read" in str(refused.value) and "roll:read" not in str(refused.value)


def test_an_owner_at_headquarters_may_have_every_scope(in_hq: Society) -> None:
    token, _secret = minted(person("Zhao", Role.OWNER), *SCOPES)
    assert token.scopes == list(SCOPES)


def test_a_token_may_do_no_more_than_its_user(in_welding: Society) -> None:
    li = person("Li", Role.VIEWER)
    refused = refusal(minted, li, "members:read", "members:reveal", "codes:write")
    assert (refused.code, str(refused)) == (
        "scope_beyond_role",
        "This person's role does not allow: codes:write, members:reveal.",
    )
    minted(li, "members:read", "schemes:read")


@pytest.mark.parametrize(
    ("label", "code"), [("", "label_missing"), ("x" * 101, "text_too_long"), ("\x00", "text_unreadable")]
)
def test_a_token_says_what_it_is_for(label: str, code: str, in_welding: Society) -> None:
    assert refusal(minted, person("Wang", Role.OWNER), label=label).code == code


def test_who_may_not_mint_mints_nothing_but_may_end_their_own(in_welding: Society) -> None:
    wang, li = person("Wang", Role.OWNER), person("Li", Role.REGISTRAR)
    assert refusal(minted, li, by="user:2 Li", by_user=li).code == "forbidden"
    assert not ApiToken.objects.exists()
    hers, _secret = minted(wang, by_user=wang)
    his, _secret = minted(li, by_user=wang)
    assert refusal(revoke_token, hers, by="user:2 Li", by_user=li, at=AT).code == "forbidden"
    revoke_token(his, by="user:2 Li", by_user=li, at=AT)
    assert set(live_tokens(at=AT)) == {hers}
    assert RoleGrant.objects.count() == 2
