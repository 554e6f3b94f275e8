"""API tokens at the console: shown once, worth what their user is worth, ended at once."""

import re
from datetime import timedelta

import pytest

from huilian.accounts.models import ApiToken, Role
from huilian.accounts.services import user_of_token
from huilian.journal.models import Record
from kit import clock
from tests.federation_fixture import Federation
from tests.portals.console.desk import at_desk


def tomorrow(days: int = 1) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_a_token_is_shown_once_and_works(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    wang.get("/console/tokens/")
    assert "No program has a token" in wang.words
    wish = {"label": "名录同步", "scopes": ["members:read", "codes:read"], "last_day": tomorrow(30)}
    wang.post("/console/tokens/new/", wish)
    found = re.search(r"hl_101_[A-Za-z0-9_-]{43}", wang.text)
    assert found
    assert wang.page["Cache-Control"] == "private, no-store"
    with federation.inside(federation.welding):
        token = user_of_token(found[0], clock.now())
        assert token is not None
        assert (token.user, token.scopes) == (wang.user, ["codes:read", "members:read"])
        assert found[0] not in str(Record.objects.get(verb="token.minted").facts)
    wang.get("/console/tokens/")
    assert "名录同步 王伟" in wang.words
    assert "hl_101_" not in wang.text
    wang.post(f"/console/tokens/{token.pk}/end/", follow=True)
    assert "The token works no more." in wang.words
    assert "No program has a token" in wang.words
    with federation.inside(federation.welding):
        assert user_of_token(found[0], clock.now()) is None
    wang.post(f"/console/tokens/{token.pk}/end/", follow=True)
    assert "This token was revoked already." in wang.words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": ""}, "label"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["cases:write"]}, "scopes"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": tomorrow(400)}, "last_day"),
        ({"last_day": ""}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
    ],
)
def test_a_token_that_cannot_be(federation: Federation, wrong: dict[str, object], field: str) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    wish = {"label": "x", "scopes": ["members:read"], "last_day": tomorrow(30)}
    wang.post("/console/tokens/new/", {**wish, **wrong})
    assert wang.page.status_code == 422
    assert list(wang.errors) == [field]
    with federation.inside(federation.welding):
        assert not ApiToken.objects.exists()
