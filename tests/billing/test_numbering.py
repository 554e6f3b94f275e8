"""Bill numbers and payment references name one bill of one payee, and show typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huilian.billing.numbering import bill_number, payment_reference, read_bill_number
from kit.errors import Refusal


def refused(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_bill_number(text, payee="100")
    assert caught.value.field == "text"
    return caught.value


def test_a_reference_is_a_creditor_reference_of_the_bill() -> None:
    assert bill_number(2026, 123) == "B2026-0000123"
    assert payment_reference("B2026-0000123", payee="100") == "RF3210020260000123"


@pytest.mark.parametrize(
    "text",
    [
        "B2026-0000123",
        " b2026 0000123 ",
        "20260000123",
        "RF32 1002 0260 0001 23",
        "rf3210020260000123",
        "ＲＦ３２１００２０２６００００１２３",  # as a Chinese keyboard writes it
    ],
)
def test_people_type_it_in_many_ways(text: str) -> None:
    assert read_bill_number(text, payee="100") == "B2026-0000123"


@pytest.mark.parametrize("text", ["", "B2026", "李申请", "B2026-ABC", "0" * 101, "B2026-0000123;DROP", "a\x00"])
def test_what_is_neither_is_said_so(text: str) -> None:
    assert refused(text).code == "bill_number_malformed"


def test_a_reference_of_another_payee_is_named() -> None:
    error = refused(payment_reference("B2026-0000123", payee="201"))
    assert error.code == "reference_of_another_payee" and "201" in str(error)


def test_only_a_bill_number_has_a_reference() -> None:
    with pytest.raises(ValueError, match="not a bill number"):
        payment_reference("2026/7", payee="100")


@given(year=st.integers(2020, 2099), serial=st.integers(1, 10**10), payee=st.sampled_from(["100", "201", "229"]))
def test_every_reference_reads_back(year: int, serial: int, payee: str) -> None:
    number = bill_number(year, serial)
    assert read_bill_number(payment_reference(number, payee=payee), payee=payee) == number


@given(serial=st.integers(1, 9_999_999), place=st.integers(2, 17), digit=st.sampled_from("0123456789"))
def test_every_mistyped_digit_is_noticed(serial: int, place: int, digit: str) -> None:
    reference = payment_reference(bill_number(2026, serial), payee="100")
    mistyped = reference[:place] + digit + reference[place + 1 :]
    if mistyped != reference:
        assert refused(mistyped).code == "reference_mistyped"


@given(serial=st.integers(1, 9_999_999), place=st.integers(4, 16))
def test_every_two_neighbours_swapped_are_noticed(serial: int, place: int) -> None:
    reference = payment_reference(bill_number(2026, serial), payee="100")
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    if swapped != reference:
        assert refused(swapped).code == "reference_mistyped"
