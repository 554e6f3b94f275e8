"""Who gets in: a token of this very society, with the scope, of somebody who still holds the office."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from api.v1 import urls
from api.v1.resource import Resource
from huilian.accounts.models import ApiToken, Role, RoleGrant
from huilian.accounts.scopes import SCOPES
from kit import clock
from referrals.models import ReferralCode
from tests.api.callers import Caller, hire, problem, staff, token_of
from tests.federation_fixture import Federation

OPEN = {
    ("api_societies", "GET"),
    ("api_society", "GET"),
    ("api_schemes", "GET"),
    ("api_current_scheme", "GET"),
    ("api_scheme", "GET"),
    ("api_application_form", "GET"),
    ("api_tickets", "POST"),
    ("api_contact_codes", "POST"),
    ("api_applications", "POST"),
}
BESIDE = {"api_schema", "api_docs", "api_nothing_here"}
PATTERNS = [*urls.urlpatterns, *urls.headquarters_urlpatterns]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_every_address_declares_who_may(pattern: Any) -> None:
    view = pattern.callback.cls
    if pattern.name in BESIDE:
        return
    assert issubclass(view, Resource)
    methods = {name.upper() for name in ("get", "post") if hasattr(view, name)}
    assert set(view.scopes) == methods
    assert set(view.scopes.values()) <= set(SCOPES)
    assert view.open_to_all <= methods
    if "POST" in methods:
        assert view.post.idempotent is True


@pytest.mark.parametrize("pattern", urls.headquarters_urlpatterns, ids=lambda pattern: pattern.name)
def test_a_stranger_reads_only_what_is_public(pattern: Any, federation: Federation) -> None:
    if pattern.name in BESIDE:
        return
    path = _path_of(pattern)
    for method in pattern.callback.cls.scopes:
        caller = Caller(federation.hq)
        response = caller.get(path) if method == "GET" else caller.post(path, {})
        if (pattern.name, method) in OPEN:
            assert response.status_code not in (401, 403)
        else:
            assert problem(response) == (401, "token_missing")
            assert response["WWW-Authenticate"] == 'Bearer realm="society 100"'


@pytest.mark.parametrize("pattern", urls.headquarters_urlpatterns, ids=lambda pattern: pattern.name)
def test_a_token_without_the_scope_does_nothing(pattern: Any, federation: Federation) -> None:
    if pattern.name in BESIDE:
        return
    caller = staff(federation.hq, Role.OWNER, "societies:read")
    path = _path_of(pattern)
    for method, scope in pattern.callback.cls.scopes.items():
        response = caller.get(path) if method == "GET" else caller.post(path, {})
        if SCOPES[scope].verbs:
            assert problem(response) == (403, "forbidden")
        else:
            assert response.status_code in (200, 404)


def test_a_token_of_zhejiang_is_worthless_at_welding(federation: Federation) -> None:
    secret = token_of(federation.zhejiang, hire(federation.zhejiang, Role.OWNER), "codes:write", "codes:read")
    at_home = Caller(federation.zhejiang, secret)
    assert at_home.post("referral-codes/", {"label": "Spring"}).status_code == 201
    abroad = Caller(federation.welding, secret)
    assert problem(abroad.get("referral-codes/")) == (401, "token_invalid")
    assert problem(abroad.post("referral-codes/", {"label": "Spring"})) == (401, "token_invalid")
    assert problem(abroad.get("societies/")) == (401, "token_invalid")
    with federation.inside(federation.welding):
        assert ReferralCode.objects.count() == 0
        assert ApiToken.objects.count() == 0


def test_a_renumbered_token_is_worthless_too(federation: Federation) -> None:
    secret = token_of(federation.zhejiang, hire(federation.zhejiang, Role.OWNER), "codes:read")
    forged = Caller(federation.welding, secret.replace("hl_201_", "hl_101_"))
    assert problem(forged.get("referral-codes/")) == (401, "token_invalid")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x y",
        "Basic d2FuZzp3YW5n",
        "Bearer hl_101_" + "a" * 43,
        "Bearer " + "é" * 50,
        "x" * 5000,
    ],
)
def test_what_is_no_token(federation: Federation, header: str) -> None:
    response = Client().get(
        "/api/v1/members/",
        headers={"Host": "welding.localhost", "Authorization": header.encode().decode("latin-1")},
    )
    assert problem(response) == (401, "token_invalid")


def test_a_token_ends_with_the_office(federation: Federation) -> None:
    user = hire(federation.welding, Role.REGISTRAR)
    caller = Caller(federation.welding, token_of(federation.welding, user, "codes:write"))
    assert caller.post("referral-codes/", {"label": "Spring"}).status_code == 201
    with federation.inside(federation.welding):
        RoleGrant.objects.filter(user=user).update(to_on=clock.now().date() - timedelta(days=2))
    assert problem(caller.post("referral-codes/", {"label": "Summer"})) == (403, "forbidden")
    with federation.inside(federation.welding):
        assert ReferralCode.objects.count() == 1


@pytest.mark.parametrize("change", [{"revoked_at": clock.now()}, {"expires_at": clock.now() - timedelta(seconds=1)}])
def test_a_token_revoked_or_expired(federation: Federation, change: dict[str, Any]) -> None:
    caller = staff(federation.welding, Role.OWNER, "members:read")
    assert caller.get("members/").status_code == 200
    with federation.inside(federation.welding):
        ApiToken.objects.update(**change)
    assert problem(caller.get("members/")) == (401, "token_invalid")


def test_a_branch_has_no_desk(federation: Federation) -> None:
    caller = staff(federation.welding, Role.OWNER, "members:read")
    for path in ("cases/", "roll/", "fees/", "summary/", "border/", "society-orders/"):
        assert problem(caller.get(path)) == (404, "not_found")


def test_an_unknown_host_is_nowhere(cast: Any) -> None:
    assert Client().get("/api/v1/societies/", headers={"Host": "nobody.localhost"}).status_code == 404


_EXAMPLES = {
    "<uuid:": "0b9f2a56-9d1c-4a4f-8d7a-3f3c0a1d2e4f",
    "<society_number:": "101",
    "<row_number:": "7",
    "<word:": "student",
}


def _path_of(pattern: Any) -> str:
    path = str(pattern.pattern)
    for converter, value in _EXAMPLES.items():
        while converter in path:
            start = path.index(converter)
            path = path[:start] + value + path[path.index(">", start) + 1 :]
    return path
