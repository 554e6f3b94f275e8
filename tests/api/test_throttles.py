"""How often one may ask: per society, per token, and per address of who shows none."""

from typing import Any

import pytest

from api.v1 import throttles
from api.v1.throttles import Limit
from huilian.accounts.models import Role
from tests.api.callers import Caller, problem, staff
from tests.federation_fixture import Federation


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(throttles, "STRANGER_READS", Limit("reads", 3))
    monkeypatch.setattr(throttles, "STRANGER_WRITES", Limit("writes", 2))
    monkeypatch.setattr(throttles, "TOKEN_ASKS", Limit("asks", 4))
    monkeypatch.setattr(throttles, "WINDOW", 10**9)  # no test runs across the edge of a window


def test_strangers_by_address_and_society(federation: Federation) -> None:
    caller = Caller(federation.welding)
    assert [caller.get("societies/").status_code for _time in range(3)] == [200, 200, 200]
    response = caller.get("societies/")
    assert problem(response) == (429, "throttled")
    assert int(response["Retry-After"]) > 0
    assert Caller(federation.zhejiang).get("societies/").status_code == 200
    caller.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert caller.get("societies/").status_code == 200


def test_writing_is_counted_apart(federation: Federation) -> None:
    caller = Caller(federation.welding)
    told = [caller.post("tickets/", {}).status_code for _time in range(3)]
    assert told == [400, 400, 429]
    assert caller.get("societies/").status_code == 200


def test_tokens_by_token(federation: Federation) -> None:
    first, second = (staff(federation.welding, Role.OWNER, "members:read") for _time in range(2))
    assert [first.get("members/").status_code for _time in range(5)] == [200, 200, 200, 200, 429]
    assert second.get("members/").status_code == 200
