"""A signed link is good for one purpose, in one society, until it expires, and once where that is asked."""

from datetime import timedelta

import pytest

from huilian.accounts.links import sign, unsign
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT

HOUR = timedelta(hours=1)
VALUE = {"user": 7, "name": "李䶮"}


def refusal(purpose: str, token: str, at: object = AT) -> str:
    with pytest.raises(Refusal) as caught:
        unsign(purpose, token, at=at)  # type: ignore[arg-type]
    return caught.value.code


def test_a_link_gives_back_what_was_signed(in_welding: Society) -> None:
    token = sign("card", VALUE, at=AT, lifetime=HOUR)
    assert unsign("card", token, at=AT) == VALUE
    assert unsign("card", token, at=AT + HOUR - timedelta(seconds=1)) == VALUE
    assert refusal("card", token, AT + HOUR) == "link_expired"


def test_a_link_is_worthless_elsewhere_and_for_anything_else(welding: Society, zhejiang: Society) -> None:
    with inside(welding):
        token = sign("card", VALUE, at=AT, lifetime=HOUR)
        assert refusal("reset", token) == "link_invalid"
    with inside(zhejiang):
        assert refusal("card", token) == "link_invalid"
        assert sign("card", VALUE, at=AT, lifetime=HOUR) != token


@pytest.mark.parametrize("token", ["", ":", "x:y", "\x00", "李", "x" * 10_000])
def test_anything_else_is_no_link(token: str, in_welding: Society) -> None:
    assert refusal("card", token) == "link_invalid"


def test_a_changed_link_is_no_link(in_welding: Society) -> None:
    token = sign("card", VALUE, at=AT, lifetime=HOUR)
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        assert refusal("card", token[:place] + other + token[place + 1 :]) == "link_invalid"


def test_a_link_for_one_use_works_once(in_welding: Society) -> None:
    token = sign("reset", VALUE, at=AT, lifetime=HOUR, once=True)
    assert unsign("reset", token, at=AT) == VALUE
    assert refusal("reset", token) == "link_used"
    other = sign("reset", VALUE, at=AT, lifetime=HOUR, once=True)
    assert unsign("reset", other, at=AT) == VALUE


def test_a_link_for_one_use_lives_no_longer_than_its_use_is_remembered(in_welding: Society) -> None:
    with pytest.raises(ValueError, match="works once"):
        sign("reset", VALUE, at=AT, lifetime=timedelta(days=30), once=True)
