import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sealed import SealBroken, Sealer, derive_key, keyed_hash

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
ROW = "applications.id_number:7"


def test_a_hash_is_an_hmac_of_kind_and_value() -> None:
    expected = hmac.new(KEY, b"5:phone:+8613800000000", hashlib.sha256).hexdigest()
    assert keyed_hash("phone", "+8613800000000", KEY) == expected


def test_hashes_differ_by_kind_value_and_key() -> None:
    hashes = {
        keyed_hash("phone", "a", KEY), keyed_hash("email", "a", KEY), keyed_hash("phone", "b", KEY),
        keyed_hash("phone", "a", OTHER), keyed_hash("phonea", "", KEY), keyed_hash("phone:a", "", KEY),
    }  # fmt: skip
    assert len(hashes) == 6
    assert {len(each) for each in hashes} == {64}


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_opens_only_where_it_belongs(text: str, bound_to: str) -> None:
    sealer = Sealer(KEY)
    token = sealer.seal(text, bound_to=bound_to)
    assert sealer.open(token, bound_to=bound_to) == text
    with pytest.raises(SealBroken):
        sealer.open(token, bound_to=bound_to + "x")


def test_no_two_seals_are_alike_and_none_shows_its_text() -> None:
    sealer = Sealer(KEY)
    tokens = {sealer.seal("11010519491231002X") for _each in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith("s1.") and "1101" not in token[11:15] for token in tokens)
    assert all(token.isascii() and not set(token) & set("+/= ") for token in tokens)


def test_a_changed_seal_does_not_open() -> None:
    sealer = Sealer(KEY)
    token = sealer.seal("11010519491231002X", bound_to=ROW)
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(SealBroken):
            sealer.open(changed, bound_to=ROW)


def test_a_seal_has_one_spelling() -> None:
    sealer = Sealer(KEY)
    # 18 characters leave idle bits in the last one: A and B, Q and R would decode alike.
    token = sealer.seal("11010519491231002X")
    assert token[-1] in "AQgw"
    with pytest.raises(SealBroken, match="not a sealed value"):
        sealer.open(token[:-1] + chr(ord(token[-1]) + 1))


@pytest.mark.parametrize("token", ["", "s1", "s1..", "s1.00000000.", "s2.a.b", "s1.a.b.c", "s1.é.é", "a b c"])
def test_what_is_no_seal_does_not_open(token: str) -> None:
    with pytest.raises(SealBroken):
        Sealer(KEY).open(token)


def test_keys_can_be_rotated() -> None:
    old = Sealer(KEY).seal("Li", bound_to=ROW)
    rotated = Sealer(OTHER, retired=[KEY])
    assert rotated.open(old, bound_to=ROW) == "Li"
    assert rotated.needs_resealing(old)
    new = rotated.seal("Li", bound_to=ROW)
    assert not rotated.needs_resealing(new)
    assert Sealer(OTHER).open(new, bound_to=ROW) == "Li"
    with pytest.raises(SealBroken, match="no key"):
        Sealer(OTHER).open(old, bound_to=ROW)


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(33)])
def test_short_keys_are_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(key)
    with pytest.raises(ValueError, match="32 bytes"):
        keyed_hash("phone", "a", key)


def test_one_secret_makes_a_key_for_each_purpose() -> None:
    secret = "correct horse battery staple, and more"
    keys = {derive_key(secret, purpose) for purpose in ("seal", "hash", "ticket")}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    # Stored values depend on this: it may never change.
    assert derive_key(secret, "seal").hex()[:16] == "32f543a8a2e480d3"
    with pytest.raises(ValueError, match="at least 32"):
        derive_key("short", "seal")
