import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.contact import comparable_email, mask_email, mask_phone, normalise_email, normalise_phone
from kit.errors import Refusal


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800000000", "+8613800000000"),
        (" 138 0000-0000 ", "+8613800000000"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("+86-138-0000-0000", "+8613800000000"),
        ("8613800000000", "+8613800000000"),
        ("008613800000000", "+8613800000000"),
        ("(+86)13800000000", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("＋８６１３８００００００００", "+8613800000000"),
        ("\u202d13800000000\u202c", "+8613800000000"),
        ("19912345678", "+8619912345678"),
        ("+852 9123 4567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+1 (202) 555-0100", "+12025550100"),
        ("0044 20 7946 0000", "+442079460000"),
    ],
)
def test_phones_have_one_form(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1380000000",
        "138000000000",
        "12800000000",
        "+8612800000000",
        "91234567",
        "010-12345678",
        "+861012345678",
        "+852 912 3456",
        "+0123456789",
        "+1",
        "+1234567890123456",
        "1380000000a",
        "1380000000٣",
        "+86+13800000000",
        "138\x000000000",
        "\ud800",
        "1" * 10_000,
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        normalise_phone(typed)
    assert (caught.value.code, caught.value.field) == ("phone_invalid", "phone")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" li@example.org ", "li@example.org"),
        ("Li.Si+join@EXAMPLE.Org", "Li.Si+join@example.org"),
        ("ｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "li@example.org"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("li@例子。中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("o'brien_1@mail.example.co", "o'brien_1@mail.example.co"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_addresses_have_one_form(typed: str, address: str) -> None:
    assert normalise_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "li",
        "@example.org",
        "li@",
        "li@localhost",
        "li@example",
        "li@-example.org",
        "li@example-.org",
        "li@exam_ple.org",
        "li@example..org",
        "li@.example.org",
        "li@example.org.",
        "li@192.0.2.1",
        "li@[192.0.2.1]",
        ".li@example.org",
        "li.@example.org",
        "l..i@example.org",
        "l i@example.org",
        "li@wang@example.org",
        '"li"@example.org',
        "李@example.org",
        "li@example.org\nBcc: chen@example.org",
        "li\x00@example.org",
        "li@\ud800.org",
        "x" * 65 + "@example.org",
        "li@" + "x" * 64 + ".org",
        "li@" + ".".join(["x" * 60] * 4) + ".example.org",
        "li@" + "x" * 10_000,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        normalise_email(typed)
    assert (caught.value.code, caught.value.field) == ("email_invalid", "email")


def test_an_address_may_have_254_characters_and_not_one_more() -> None:
    domain = ".".join(["x" * 60, "y" * 60, "z" * 59, "example"])
    assert len(normalise_email("l" * (253 - len(domain)) + "@" + domain)) == 254
    with pytest.raises(Refusal):
        normalise_email("l" * (254 - len(domain)) + "@" + domain)


def test_addresses_compare_without_case() -> None:
    assert comparable_email(normalise_email("LI@Example.org")) == "li@example.org"


@given(st.text() | st.emails())
def test_any_input_is_normalised_once_or_refused(text: str) -> None:
    for normalise in (normalise_email, normalise_phone):
        try:
            once = normalise(text)
        except Refusal:
            continue
        assert normalise(once) == once
        assert once.isascii()


def test_masks_show_enough_to_recognise() -> None:
    assert mask_phone("+8613800001234") == "+86138****1234"
    assert mask_phone("+85291234567") == "+852****4567"
    assert mask_phone("12345") == "*2345"
    assert mask_email("lisi@example.org") == "l***@example.org"
    assert mask_email("l@example.org") == "***@example.org"
