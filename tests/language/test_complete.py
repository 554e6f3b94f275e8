"""Every room says in Chinese what it says in English: nothing missing, nothing left over, nothing out of date."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.language.catalogues import (
    as_mo,
    as_po,
    brought_up_to_date,
    key_of,
    path_of,
    placeholders,
    read_words,
    texts_of,
)
from tests.language.extracting import ROOMS, Key, Said, said_in

SPEAKING = sorted(name for name, room in ROOMS.items() if said_in(room))
# What is the same in both languages, or has no letters of its own.
_CHINESE_WITHOUT_CHARACTERS = frozenset({": ", ", "})


def _messages(name: str) -> list[Message]:
    return list(read_words(path_of(ROOMS[name])).values())


def test_the_rooms_that_speak_are_found() -> None:
    assert {"kit", "tenants", "federation", "referrals", "api", "portals", "schemes", "billing"} <= set(SPEAKING)
    assert "journal" not in SPEAKING


@pytest.mark.parametrize("name", SPEAKING)
def test_nothing_is_missing_and_nothing_in_doubt(name: str) -> None:
    said = {each.key for each in said_in(ROOMS[name])}
    written = read_words(path_of(ROOMS[name]))
    assert set(written) == said
    assert [key for key, each in written.items() if each.fuzzy] == []
    empty = [key for key, each in written.items() if not all(text.strip() for text in texts_of(each))]
    assert empty == []


@pytest.mark.parametrize("name", SPEAKING)
def test_extracting_again_changes_nothing(name: str) -> None:
    room, path = ROOMS[name], path_of(ROOMS[name])
    words = brought_up_to_date(name, said_in(room), read_words(path))
    assert as_po(words) == path.read_bytes(), "run: make messages"
    assert as_mo(words) == path.with_suffix(".mo").read_bytes(), "run: make messages"


@pytest.mark.parametrize("name", SPEAKING)
def test_placeholders_and_spaces_agree(name: str) -> None:
    for message in _messages(name):
        longest = message.id if isinstance(message.id, str) else message.id[-1]
        for text in texts_of(message):
            assert placeholders(text) == placeholders(longest), message.id
            if longest not in _CHINESE_WITHOUT_CHARACTERS:
                edges = [re.match(r"\s*", each[::step])[0] for each in (longest, text) for step in (1, -1)]  # type: ignore[index]
                assert edges[:2] == edges[2:], message.id


@pytest.mark.parametrize("name", SPEAKING)
def test_it_is_chinese_as_it_is_printed(name: str) -> None:
    """Characters, and the punctuation that belongs to them: no half-width comma, stop or bracket beside one."""
    for message in _messages(name):
        for text in texts_of(message):
            if any(symbol.isalpha() for symbol in re.sub(r"%\(\w+\)s", "", str(message.id))):
                assert re.search(r"[\u4e00-\u9fff]", text), message.id
            assert not re.search(r"[\u4e00-\u9fff][,.;:?!(]|[,;?!)][\u4e00-\u9fff]", text), text
            assert "..." not in text, text


def test_one_sentence_has_one_translation() -> None:
    """The rooms' catalogues are one at run time: where two differ, one of them would be said by chance."""
    said: defaultdict[Key, set[tuple[str, ...]]] = defaultdict(set)
    for name in SPEAKING:
        for message in _messages(name):
            said[key_of(message)].add(texts_of(message))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def test_known_translations_stay_and_what_is_not_said_goes(tmp_path: Path) -> None:
    first = brought_up_to_date("x", [Said((None, "Old"), None, ["a.py"]), Said((None, "Kept"), None, ["a.py"])], {})
    for message in first:
        message.string = "旧译" if message.id else message.string
    path = tmp_path / "django.po"
    path.write_bytes(as_po(first))
    said = [Said((None, "%(n)s day"), "%(n)s days", ["a.py"]), Said((None, "Kept"), None, ["b.py"])]
    words = brought_up_to_date("x", said, read_words(path))
    assert {key_of(each): texts_of(each) for each in words if each.id} == {
        (None, "%(n)s day"): ("",),
        (None, "Kept"): ("旧译",),
    }
    written = as_po(words).decode()
    assert "#: b.py\nmsgid" in written and "Old" not in written and "Date" not in written


def test_a_room_keeps_no_other_languages_and_no_stray_catalogues() -> None:
    found = {path.relative_to(room) for room in ROOMS.values() for path in room.rglob("locale/**/*.*o")}
    assert {path.parts[-3:] for path in found} == {
        ("zh_Hans", "LC_MESSAGES", "django.po"),
        ("zh_Hans", "LC_MESSAGES", "django.mo"),
    }
    assert {name for name, room in ROOMS.items() if Path(path_of(room)).exists()} == set(SPEAKING)
