"""Everything this room says, it also says in Chinese."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation

import huilian.accounts
from huilian.accounts.models import Role

ROOM = Path(str(huilian.accounts.__file__)).parent
CATALOGUE = ROOM / "locale" / "zh_Hans" / "LC_MESSAGES"


def test_every_sentence_is_translated_and_compiled() -> None:
    said = {message for _file, _line, message, _comments, _context in extract_from_dir(ROOM, keywords={"_": None})}
    with (CATALOGUE / "django.po").open("rb") as source:
        written = {str(each.id): str(each.string) for each in read_po(source) if each.id}
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        used = {str(each.id): str(each.string) for each in read_mo(compiled) if each.id}
    assert set(written) == said
    assert all(written.values())
    assert used == written


def test_a_role_is_called_by_its_chinese_name() -> None:
    with translation.override("zh-hans"):
        assert str(Role.OWNER.label) == "负责人"
    with translation.override("en"):
        assert str(Role.OWNER.label) == "Owner"
