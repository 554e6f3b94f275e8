"""Everything the API says, it also says in Chinese."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import api

ROOM = Path(str(api.__file__)).parent
CATALOGUE = ROOM / "locale" / "zh_Hans" / "LC_MESSAGES"


def test_every_sentence_is_translated_and_compiled() -> None:
    said = {message for _file, _line, message, *_more in extract_from_dir(ROOM, keywords={"_": None})}
    with (CATALOGUE / "django.po").open("rb") as source:
        written = {str(each.id): str(each.string) for each in read_po(source) if each.id}
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        used = {str(each.id): str(each.string) for each in read_mo(compiled) if each.id}
    assert set(written) == said
    assert all(written.values())
    assert used == written
