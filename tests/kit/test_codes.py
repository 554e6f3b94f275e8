import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.codes import ALPHABET, LETTERS, mint_code, parse_code
from kit.errors import Refusal

SYMBOLS = "01" + ALPHABET
SHAPES = [("1", 6), ("101", 8), ("201", 8), ("000", 7), ("999999", 20)]


def is_refused(text: str) -> bool:
    try:
        parse_code(text)
    except Refusal as refusal:
        assert (refusal.code, refusal.field) == ("code_mistyped", "code")
        return True
    return False


def test_the_alphabet_has_no_look_alikes() -> None:
    assert ALPHABET == "23456789CDFHJKMPQRTVWXY"
    assert not set(ALPHABET) & set("01OILUAEZSGBN")


def test_a_code_names_its_society_and_is_grouped_for_reading() -> None:
    code = mint_code("101")
    society, first, second, check = code.split("-")
    assert (society, len(first), len(second), len(check)) == ("101", 4, 4, 1)
    assert first[0] in LETTERS
    assert set(first + second + check) <= set(ALPHABET)
    parsed = parse_code(code)
    assert (parsed.society_number, parsed.body, parsed.canonical) == ("101", first + second, code)


def test_a_known_code_keeps_its_check_character_forever() -> None:
    # Printed posters outlive releases: this value may never change.
    assert parse_code("101-KQ27-M9TX-C").canonical == "101-KQ27-M9TX-C"


def test_codes_differ_and_use_the_whole_alphabet() -> None:
    bodies = [parse_code(mint_code("101")).body for _each in range(2000)]
    assert len(set(bodies)) == 2000
    assert {body[0] for body in bodies} == set(LETTERS)
    for place in range(1, 8):
        assert {body[place] for body in bodies} == set(ALPHABET)


@pytest.mark.parametrize(("society_number", "random_chars"), SHAPES)
def test_every_substitution_and_every_transposition_is_caught(society_number: str, random_chars: int) -> None:
    for _each in range(20):
        code = mint_code(society_number, random_chars=random_chars).replace("-", "")
        assert not is_refused(code)
        for place, symbol in itertools.product(range(len(code)), SYMBOLS):
            if symbol != code[place]:
                assert is_refused(code[:place] + symbol + code[place + 1 :])
        # Not only neighbours: any two characters that changed places.
        for left, right in itertools.combinations(range(len(code)), 2):
            if code[left] != code[right]:
                swapped = list(code)
                swapped[left], swapped[right] = swapped[right], swapped[left]
                assert is_refused("".join(swapped))


def test_a_lost_or_doubled_leading_zero_is_caught() -> None:
    code = mint_code("001")
    assert is_refused(code[1:])
    assert is_refused("0" + code)


@given(st.sampled_from(SHAPES), st.data())
def test_a_code_is_read_however_it_is_typed(shape: tuple[str, int], data: st.DataObject) -> None:
    code = mint_code(shape[0], random_chars=shape[1])
    separators = st.sampled_from(["", "-", " ", "\u3000", "-", "——", "–", "−", "_", "\u200b", " - ", "\n"])
    typed = ""
    for symbol in code.replace("-", ""):
        wide = chr(ord(symbol) + 0xFEE0)
        typed += data.draw(st.sampled_from([symbol, symbol.lower(), wide, wide.lower()]))
        if len(typed) < 60:
            typed += data.draw(separators)
    assert parse_code(typed).canonical == code


@given(st.text(max_size=130))
def test_anything_else_is_refused_and_never_breaks(text: str) -> None:
    try:
        parsed = parse_code(text)
    except Refusal as refusal:
        assert refusal.code == "code_mistyped"
    else:
        assert parse_code(parsed.canonical) == parsed


@pytest.mark.parametrize(
    "text",
    ["", "-", "101", "101-", "K", "101-KQ27", "\x00", "\ud800", "ß" * 99, "9" * 10_000, "101-OOOO-IIII-C"],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize("society_number", ["", "1234567", "A01", "１０１", "-1"])
def test_minting_needs_a_society_number(society_number: str) -> None:
    with pytest.raises(ValueError, match="society number"):
        mint_code(society_number)


@pytest.mark.parametrize("random_chars", [5, 21])
def test_minting_keeps_a_sensible_length(random_chars: int) -> None:
    with pytest.raises(ValueError, match="6 to 20"):
        mint_code("101", random_chars=random_chars)
