"""Names below a chart: all that have room, none into the next."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from huilian.portals.drawing.lettering import Lettering, lettering, width_of

MONTHS = [f"{2025 + (month + 11) // 12}-{(month + 11) % 12 + 1:02}" for month in range(12)]
CATEGORIES = ["Student member", "Ordinary member", "Senior member", "Institutional member"]


def names_of(found: Lettering, *, phone: bool) -> list[tuple[float, list[str]]]:
    """Where the names stand, in percent, and their lines; a phone leaves the thin ones out."""
    drawn = ElementTree.fromstring(f"<svg>{found.drawn}</svg>")  # noqa: S314 - our own drawing
    shown = [text for text in drawn if not (phone and text.get("class") == "thin")]
    return [(float(text[0].attrib["x"].rstrip("%")), [span.text or "" for span in text]) for text in shown]


def test_what_has_room_stands_on_one_line() -> None:
    found = lettering(["学生会员", "普通会员", "高级会员", "单位会员"], base=200)
    assert names_of(found, phone=True) == [
        (12.5, ["学生会员"]),
        (37.5, ["普通会员"]),
        (62.5, ["高级会员"]),
        (87.5, ["单位会员"]),
    ]
    assert found.height == 26


def test_long_names_are_folded_before_any_is_left_out() -> None:
    found = lettering(CATEGORIES, base=200)
    assert [lines for _left, lines in names_of(found, phone=True)] == [name.split() for name in CATEGORIES]
    assert found.height == 41
    assert 'dy="15"' in found.drawn


def test_of_twelve_months_every_other_is_named_and_on_a_phone_every_fourth() -> None:
    found = lettering(MONTHS, base=200)
    assert [lines for _left, lines in names_of(found, phone=False)] == [[month] for month in MONTHS[::2]]
    assert [lines for _left, lines in names_of(found, phone=True)] == [[month] for month in MONTHS[::4]]


@pytest.mark.parametrize(("phone", "room"), [(False, 340), (True, 256)])
@given(st.lists(st.text("月日 abcXYZ0123456789-", max_size=25), max_size=70))
def test_no_name_runs_into_the_next(phone: bool, room: int, names: list[str]) -> None:
    shown = names_of(lettering(names, base=200), phone=phone)
    assert bool(shown) == bool(names)
    for (left, lines), (right, following) in pairwise(shown):
        halves = (max(map(width_of, lines)) + max(map(width_of, following))) / 2
        assert (right - left) / 100 * room >= halves


def test_nothing_to_name_takes_the_room_of_a_line() -> None:
    assert lettering([], base=200) == Lettering(SafeString(""), 26)
