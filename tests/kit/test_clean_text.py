import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clean_text import clean_text, compact
from kit.errors import Refusal


def test_text_is_trimmed_and_composed() -> None:
    assert clean_text("  Cafe\u0301 焊接 \n", max_length=10, field="note") == "Café 焊接"
    assert clean_text("   ", max_length=10, field="note") == ""
    assert clean_text("䶮㛃𬭎", max_length=3, field="note") == "䶮㛃𬭎"


def test_lines_end_in_one_way() -> None:
    text = clean_text("a\r\nb\rc\u2028d\te\r\n", max_length=20, field="note", multiline=True)
    assert text == "a\nb\nc\nd\te"


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\nb", "a\tb", "a\rb", "a\u2028b", "a\x85b", "a\ud800b"])
def test_what_cannot_be_shown_is_refused(bad: str) -> None:
    with pytest.raises(Refusal) as caught:
        clean_text(bad, max_length=10, field="note")
    assert (caught.value.code, caught.value.field) == ("text_unreadable", "note")


@pytest.mark.parametrize("bad", ["a\x00b", "a\x0bb", "a\ud800b", "a\x7fb"])
def test_more_lines_do_not_mean_more_control_characters(bad: str) -> None:
    with pytest.raises(Refusal) as caught:
        clean_text(bad, max_length=10, field="note", multiline=True)
    assert caught.value.code == "text_unreadable"


def test_too_long_is_said_in_figures() -> None:
    with pytest.raises(Refusal) as caught:
        clean_text("x" * 10_000, max_length=100, field="note")
    assert caught.value.code == "text_too_long"
    assert str(caught.value) == "This text has 10000 characters; at most 100 are possible."


@given(st.text())
def test_clean_text_stays_as_it_is_and_can_be_stored(text: str) -> None:
    try:
        cleaned = clean_text(text, max_length=1000, field="note", multiline=True)
    except Refusal:
        return
    assert clean_text(cleaned, max_length=1000, field="note", multiline=True) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode()


def test_compact_keeps_only_what_was_meant() -> None:
    assert compact(" １３８－0000—00\u200b00\u202c−x_") == "13800000000x"
