"""What goes wrong is told in one form, and never as a server error."""

from typing import Any

import pytest
from django.db import OperationalError

from api.v1 import societies
from huilian.accounts.models import Role
from kit.errors import Refusal
from referrals.models import ReferralCode
from tests.api.callers import Caller, problem, staff
from tests.federation_fixture import Federation


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.OWNER, "codes:read", "codes:write", "members:read", "applications:write")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nowhere/",
        "members",
        "members/not-a-uuid/",
        "societies/1/",
        "societies/abcd/",
        "schemes/0/",
        "schemes/99999999999999999999/",
    ],
)
def test_an_address_that_leads_nowhere(wang: Caller, path: str) -> None:
    assert problem(wang.get(path)) == (404, "not_found")
    assert problem(wang.post(path, {})) == (404, "not_found")


def test_the_whole_document(wang: Caller) -> None:
    response = wang.post("referral-codes/", {"max_uses": "many"})
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "invalid",
        "detail": "Some values are missing or malformed.",
        "errors": {
            "label": [{"code": "required", "detail": "This field is required."}],
            "max_uses": [{"code": "invalid", "detail": "A valid integer is required."}],
        },
    }


def test_a_refusal_names_its_field(wang: Caller) -> None:
    response = wang.post("referral-codes/", {"label": "Spring", "valid_from": "2030-02-01", "valid_to": "2030-01-01"})
    assert response.json() == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "code": "period_empty",
        "detail": "The end must lie after the beginning.",
        "errors": {"valid_to": [{"code": "period_empty", "detail": "The end must lie after the beginning."}]},
    }


def test_it_speaks_the_readers_language(federation: Federation) -> None:
    chinese = Caller(federation.welding, language="zh-CN").get("nowhere/").json()
    assert (chinese["code"], chinese["detail"]) == ("not_found", "这里没有内容。")


def test_wrong_method(wang: Caller) -> None:
    response = wang.post("societies/", {})
    assert problem(response) == (405, "method_not_allowed")
    assert problem(wang.client.delete("/api/v1/societies/", headers={"Host": "welding.localhost"})) == (
        405,
        "method_not_allowed",
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_wrong_content_type(wang: Caller, content_type: str) -> None:
    response = wang.post("referral-codes/", raw=b"label=x", content_type=content_type)
    assert problem(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid"),
        (b"{", "malformed"),
        (b'{"label": "a\\u0000b"}', "malformed"),
        (b'{"label": "a\\ud800b"}', "malformed"),
        (b'{"a\\u0000b": 1}', "malformed"),
        (b'{"label": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed"),
        (b'{"label": ' + b"[" * 60 + b"]" * 60 + b"}", "malformed"),
        (b'{"label": NaN}', "malformed"),
        (b'{"label": ' + b"9" * 5000 + b"}", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
        (b'"label"', "invalid"),
        (b'{"label": {"zh": "x"}}', "invalid"),
        (b'{"label": "x", "max_uses": 1e400}', "invalid"),
        (b'{"label": "x", "max_uses": 99999999999999999999}', "invalid"),
        (b'{"label": "x", "valid_to": "2026-02-30"}', "invalid"),
        (b'{"label": "x", "valid_to": "0000-00-00"}', "invalid"),
        (b'{"label": "x", "colour": "red"}', "invalid"),
        (b'{"label": "' + b"x" * 10_000 + b'"}', "invalid"),
    ],
)
def test_a_body_that_cannot_be_read(federation: Federation, wang: Caller, body: Any, code: str) -> None:
    assert problem(wang.post("referral-codes/", raw=body)) == (400, code)
    with federation.inside(federation.welding):
        assert ReferralCode.objects.count() == 0


def test_rare_characters_are_welcome(wang: Caller) -> None:
    label = "䶮㛃𬭎 · 🎓"
    assert wang.post("referral-codes/", {"label": label}).json()["label"] == label


def test_a_giant_body(wang: Caller) -> None:
    response = wang.post("referral-codes/", raw=b'{"label": "' + b"x" * (3 * 1024 * 1024) + b'"}')
    assert problem(response) == (413, "too_large")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"stat": "active"}, "stat"),
        ({"state": "happy"}, "state"),
        ({"standing_on": "yesterday"}, "standing_on"),
        ({"text": "x" * 101}, "text"),
        ({"category": "c" * 41}, "category"),
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "two"}, "page"),
        ({"page": "9" * 30}, "page"),
        ({"page": "٣"}, "page"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "201"}, "page_size"),
    ],
)
def test_a_filter_that_cannot_be_meant(wang: Caller, query: dict[str, str], field: str) -> None:
    response = wang.get("members/", **query)
    assert problem(response) == (400, "invalid")
    assert list(response.json()["errors"]) == [field]


@pytest.mark.parametrize("query", ["text=a%00b", "text=%00", "state=%00"])
def test_a_nul_in_the_address(wang: Caller, query: dict[str, str]) -> None:
    answer = wang.client.get(f"/api/v1/members/?{query}", headers={"Host": "welding.localhost"})
    assert problem(answer) == (400, "malformed")


@pytest.mark.parametrize(
    "text", ["䶮", "%", "_", "\\", "'", '"', "(", "a*b", "[", "\udcff".encode("utf-8", "replace").decode(), "🎓"]
)
def test_any_text_can_be_searched(wang: Caller, text: str) -> None:
    assert wang.get("members/", text=text).json()["results"] == []


def test_a_page_beyond_the_last(wang: Caller) -> None:
    response = wang.get("members/", page="2")
    assert problem(response) == (404, "page_unknown")
    assert response.json()["detail"] == "The last page is 1."


def test_a_bug_is_told_without_details(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(societies, "societies", broken)
    caller = Caller(federation.welding)
    with pytest.raises(ZeroDivisionError):
        caller.get("societies/")
    caller.client.raise_request_exception = False
    response = caller.get("societies/")
    assert problem(response) == (500, "internal_error")
    assert b"secret" not in response.content


@pytest.mark.parametrize(
    ("error", "told", "retry_after"),
    [
        (OperationalError("canceling statement due to lock timeout"), (503, "busy"), "5"),
        (Refusal("too_many_codes", "Too many.", status=429), (429, "too_many_codes"), "5"),
        (Refusal("running", "Running.", status=409, retry_after=2), (409, "running"), "2"),
        (Refusal("decided", "Decided.", status=409), (409, "decided"), None),
    ],
)
def test_when_to_come_back(
    federation: Federation,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: tuple[int, str],
    retry_after: str | None,
) -> None:
    def late() -> Any:
        raise error

    monkeypatch.setattr(societies, "societies", late)
    response = Caller(federation.welding).get("societies/")
    assert problem(response) == told
    assert response.get("Retry-After") == retry_after
