"""Pages as they are read: in Chinese no English is left over, in English no Chinese, and each has its own habits."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from huilian.schemes.loading import load_preset
from tests.federation_fixture import WHO, Federation
from tests.language.catalogues import path_of, read_words, texts_of
from tests.language.extracting import ROOMS
from tests.language.reading import read_aloud
from tests.language.walks import Page, applicants_pages, console_pages, public_pages
from tests.portals.console.world import World, populated

LANGUAGES = ("zh-hans", "en")
_ADDRESSES = re.compile(r"https?://\S+|[\w.+*-]+@[\w.-]+|\b\w*(?:[._/-]\w+)+")
_WORD = re.compile(r"[^\W\d_]*[a-z]{2}")  # capitals alone are PDF, QR and the like
_MACHINES_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")  # for files and for `datetime`: nobody reads it on a page
_PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s")


def _names() -> set[str]:
    """What is data, and the same for every reader, though it looks like words of a page."""
    scheme = load_preset("cmes")
    dues = {word for each in scheme.categories for row in each.dues for word in (row.resolution, row.meeting)}
    societies = {name for _number, slug, _kind, *names in WHO.values() for name in (slug, *names)}
    pattern = scheme.member_number.template
    return dues | societies | {pattern, "Excel", scheme.office.wechat, "Ferdinand Müller-Lüdenscheidt", "授予荣誉会员"}


NAMES = _names()


def _patterns(*, chinese: bool) -> tuple[set[str], list[re.Pattern[str]]]:
    """All that is said in one language and differently in the other: as it stands, and with facts in it."""
    plain: set[str] = set()
    filled: list[re.Pattern[str]] = []
    for room in ROOMS.values():
        for message in read_words(path_of(room)).values():
            english = {message.id} if isinstance(message.id, str) else set(message.id)
            for words in (set(texts_of(message)) if chinese else english) - (english if chinese else set()):
                if "%(" not in words:
                    plain.add(words)
                elif len(re.sub(r"%\(\w+\)s|\W", "", words)) >= (2 if chinese else 8):
                    filled.append(re.compile(_PLACEHOLDER.sub(".+", re.escape(words))))
    return plain, filled


def _left_over(pages: Iterator[Page], language: str) -> dict[str, str]:
    """Pieces of text in the other language or in nobody's habit, with the first page that has them."""
    plain, filled = _patterns(chinese=language == "en")
    found: dict[str, str] = {}
    for what, page in pages:
        for piece in set(read_aloud(page)) - NAMES:
            known = piece in plain or any(pattern.fullmatch(piece) for pattern in filled)
            if known or _is_foreign(piece, language) or _MACHINES_DAY.search(piece):
                found.setdefault(piece, what)
    return found


def _is_foreign(piece: str, language: str) -> bool:
    if language == "en":
        return False  # names and addresses are Chinese in both languages
    rest = _ADDRESSES.sub(" ", piece)
    for name in sorted(NAMES, key=len, reverse=True):
        rest = rest.replace(name, "")
    return bool(_WORD.search(rest)) or piece.startswith(":")


@pytest.fixture
def world(federation: Federation) -> Iterator[World]:
    yield populated(federation)
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_speak_one_language(federation: Federation, language: str) -> None:
    assert _left_over(public_pages(federation, language), language) == {}


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("zh-hans", "¥50.00", r"20\d\d年\d{1,2}月\d{1,2}日"),
        ("en", "CNY 50.00", r"\d{1,2} [A-Z][a-z]+ 20\d\d"),
    ],
)
def test_applicants_read_one_language_and_its_habits(
    federation: Federation, language: str, amount: str, day: str
) -> None:
    pages = list(applicants_pages(federation, language))
    assert _left_over(iter(pages), language) == {}
    read = {what: " ".join(read_aloud(page)) for what, page in pages}
    (other,) = {"¥", "CNY "} - {amount.removesuffix("50.00")}
    for what in ("ordinary: done", "cashier: bill", "cashier: reported"):
        assert amount in read[what] and other not in read[what], what
    for what in ("cashier: bill", "student: /my/"):
        assert re.search(day, read[what]), what


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_read_one_language(world: World, language: str) -> None:
    assert _left_over(console_pages(world, language), language) == {}


def test_what_is_left_over_is_found() -> None:
    page = (
        "<p>Members</p><p>Look at member 12.</p><p>会员</p><p>浙江 CNY</p><p lang='en'>In English</p><i>a@b.cn</i>"
        "<b title='by 2026-03-05'>此日</b><span translate='no'>KeyError</span><span>: 李明</span>"
    )
    found = {"Members", "Look at member 12.", "by 2026-03-05", ": 李明"}
    assert set(_left_over(iter([("x", page)]), "zh-hans")) == found
    page = "<p>会员</p><b>李明</b><p>第 3 版</p><p>Due on 2026-03-05</p><p>Due on 5 March 2026</p>"
    assert set(_left_over(iter([("x", page)]), "en")) == {"会员", "第 3 版", "Due on 2026-03-05"}
