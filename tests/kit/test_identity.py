from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refusal
from kit.identity import IdentityKind, birth_date_of, check_identity, check_uscc, mask_identity

RESIDENT = "11010519491231002X"


def with_check(seventeen: str) -> str:
    """Append the check character by the weights of GB 11643, another way than the room computes it."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    return seventeen + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("resident", "11010519491231002X", RESIDENT),
        ("resident", " 110105 19491231 002x ", RESIDENT),
        ("resident", "１１０１０５１９４９１２３１００２Ｘ", RESIDENT),
        ("resident", with_check("81000019940823002"), with_check("81000019940823002")),
        ("resident", with_check("83000019920130002"), with_check("83000019920130002")),
        ("resident", with_check("33010220000229001"), with_check("33010220000229001")),
        ("passport", "e12345678", "E12345678"),
        ("passport", "EA 1234567", "EA1234567"),
        ("passport", "C01X00T47", "C01X00T47"),
        ("hk_macau_permit", "h12345678", "H12345678"),
        ("hk_macau_permit", "M1234567802", "M12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("taiwan_permit", "1234567801", "12345678"),
        ("taiwan_permit", "1234567801(B)", "12345678"),
        ("taiwan_permit", "1234567801（B）", "12345678"),
        ("foreign_permanent_resident", "can110078120502", "CAN110078120502"),
        ("foreign_permanent_resident", with_check("93184019850615001"), with_check("93184019850615001")),
    ],
)
def test_documents_have_one_form(kind: str, typed: str, number: str) -> None:
    assert check_identity(kind, typed) == number


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("resident", "", "id_number_malformed"),
        ("resident", "110105491231002", "id_number_malformed"),
        ("resident", "1101051949123100X2", "id_number_malformed"),
        ("resident", "11010519491231002٣", "id_number_malformed"),
        ("resident", "1" * 10_000, "id_number_malformed"),
        ("resident", "11010519491231\x0002X", "id_number_malformed"),
        ("resident", "\ud800", "id_number_malformed"),
        ("resident", with_check("93184019850615001"), "id_number_malformed"),
        ("resident", "110105194912310021", "id_number_mistyped"),
        ("resident", "11010519491231020X", "id_number_mistyped"),
        ("resident", with_check("11010519491331002"), "id_number_wrong_date"),
        ("resident", with_check("11010519990229001"), "id_number_wrong_date"),
        ("resident", with_check("11010500001231002"), "id_number_wrong_date"),
        ("resident", with_check("11010518891231002"), "id_number_wrong_date"),
        ("passport", "ABCDEFGHI", "id_number_malformed"),
        ("passport", "E123", "id_number_malformed"),
        ("passport", "护照12345678", "id_number_malformed"),
        ("hk_macau_permit", "A12345678", "id_number_malformed"),
        ("hk_macau_permit", "H123456789", "id_number_malformed"),
        ("taiwan_permit", "1234567", "id_number_malformed"),
        ("foreign_permanent_resident", RESIDENT, "id_number_malformed"),
        ("foreign_permanent_resident", "CAN110078130502", "id_number_wrong_date"),
        ("foreign_permanent_resident", "931840198506150010", "id_number_mistyped"),
    ],
)
def test_a_wrong_number_is_refused(kind: str, typed: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_identity(kind, typed)
    assert (caught.value.code, caught.value.field) == (code, "id_number")


def test_an_unknown_kind_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="library_card"):
        check_identity("library_card", "1")


def test_nobody_is_born_after_applying() -> None:
    number = with_check("33010220260301001")
    assert check_identity("resident", number, on=date(2026, 3, 1)) == number
    with pytest.raises(Refusal) as caught:
        check_identity("resident", number, on=date(2026, 2, 28))
    assert caught.value.code == "id_number_wrong_date"


def test_each_kind_says_what_its_number_looks_like() -> None:
    sentences = set()
    for kind in IdentityKind:
        with pytest.raises(Refusal) as caught:
            check_identity(kind, "?")
        sentences.add(str(caught.value))
    assert len(sentences) == len(IdentityKind)


digits = st.text("0123456789", min_size=1, max_size=1)


@given(
    st.sampled_from("12345678"), st.text("0123456789", min_size=5, max_size=5),
    st.dates(date(1890, 1, 1), date(2026, 11, 1)), st.text("0123456789", min_size=3, max_size=3), st.data(),
)  # fmt: skip
def test_every_region_passes_and_every_slip_of_one_digit_is_caught(
    first: str, region: str, born_on: date, serial: str, data: st.DataObject
) -> None:
    number = with_check(f"{first}{region}{born_on:%Y%m%d}{serial}")
    assert check_identity("resident", number) == number
    assert birth_date_of(number) == born_on
    place = data.draw(st.integers(0, 16))
    other = data.draw(digits.filter(lambda digit: digit != number[place]))
    with pytest.raises(Refusal):
        check_identity("resident", number[:place] + other + number[place + 1 :])


def test_masks_hide_birth_date_and_serial() -> None:
    assert mask_identity(RESIDENT) == "110*************2X"
    assert mask_identity("E12345678") == "E******78"
    assert mask_identity("AB1") == "***"


def uscc_with_check(seventeen: str) -> str:
    """Append the check character of GB 32100: weights are powers of 3 modulo 31."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(symbol) * pow(3, place, 31) for place, symbol in enumerate(seventeen))
    return seventeen + alphabet[-total % 31]


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        uscc_with_check("51100000500000000"),
        uscc_with_check("N2330102MF1234567"),
        uscc_with_check("Y1110000717800000"),
        uscc_with_check("A1110000MB0000001"),
    ],
)
def test_credit_codes_pass(code: str) -> None:
    assert check_uscc(code) == code
    assert check_uscc(f" {code[:8].lower()} {code[8:].lower()}-") == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "uscc_malformed"),
        ("91110000600037341", "uscc_malformed"),
        (uscc_with_check("B1110000600037341"), "uscc_malformed"),
        (uscc_with_check("9A110000600037341"), "uscc_malformed"),
        (uscc_with_check("911A0000600037341"), "uscc_malformed"),
        ("91110000O00037341L", "uscc_malformed"),
        ("911100006000373I1L", "uscc_malformed"),
        ("91110000600037341\x00", "uscc_malformed"),
        ("91110000600037314L", "uscc_mistyped"),
        ("91110000600037341M", "uscc_mistyped"),
    ],
)
def test_wrong_credit_codes_are_refused(code: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_uscc(code, field="title_code")
    assert (caught.value.code, caught.value.field) == (reason, "title_code")
