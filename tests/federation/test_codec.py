import json
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.codec import UnreadableMessage, decode, encode
from federation.contracts import CONTRACTS, AccountOpened, Contract, MemberReported

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    UUID: st.uuids(),
    str: st.text(max_size=30),
    int: st.integers(-(2**53), 2**53),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint in VALUES:
        return VALUES[hint]
    if hint == dict[str, Any]:
        return st.dictionaries(st.text(max_size=5), json_values, max_size=3)
    inner = next(part for part in hint.__args__ if part not in (Ellipsis, type(None)))
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(VALUES[inner], max_size=4).map(tuple)
    return st.none() | VALUES[inner]


def _contracts(contract: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(contract)
    return st.builds(contract, **{field.name: _values(hints[field.name]) for field in fields(contract)})


@given(st.sampled_from(sorted(CONTRACTS)).flatmap(lambda name: _contracts(CONTRACTS[name])))
def test_what_is_written_is_what_is_read(contract: Contract) -> None:
    travelled = json.loads(json.dumps(encode(contract)))
    assert decode(contract.name, contract.version, travelled) == contract


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_a_name_is_its_contracts_name_and_fits_its_column(name: str) -> None:
    assert CONTRACTS[name].name == name
    assert len(name) <= 60


def test_a_newer_sender_may_say_more() -> None:
    assert decode("account.opened", 1, {"name_hashes": ["a"], "mood": "fine"}) == AccountOpened(name_hashes=("a",))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"name_hashes": "a"},
        {"name_hashes": [1]},
        {"name_hashes": None},
        [],
        "text",
        None,
    ],
)
def test_another_shape_is_not_let_in(payload: Any) -> None:
    with pytest.raises(UnreadableMessage, match=r"account\.opened has another shape than agreed"):
        decode("account.opened", 1, payload)


def test_a_wrong_value_is_not_repeated() -> None:
    payload = {field.name: "13800000001" for field in fields(MemberReported)}
    with pytest.raises(UnreadableMessage) as unreadable:
        decode("member.reported", 1, payload)
    assert "13800000001" not in str(unreadable.value)
    assert unreadable.value.__cause__ is None


def test_types_and_versions_that_nobody_knows() -> None:
    with pytest.raises(UnreadableMessage, match="no message is called tea"):
        decode("tea", 1, {})
    with pytest.raises(UnreadableMessage, match="in version 1, not 2"):
        decode("account.opened", 2, {"name_hashes": []})
