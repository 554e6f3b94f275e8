"""Everything this room says, it also says in Chinese."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation

import huilian.applications
from huilian.applications.refusals import Problems
from huilian.applications.rules import consents_asked
from tenants.models import Society

ROOM = Path(str(huilian.applications.__file__)).parent
CATALOGUE = ROOM / "locale" / "zh_Hans" / "LC_MESSAGES"
FACT = re.compile(r"%\(\w+\)s")


def test_every_sentence_is_translated_and_compiled() -> None:
    said = {str(message) for _file, _line, message, _comments, _context in extract_from_dir(ROOM, keywords={"_": None})}
    with (CATALOGUE / "django.po").open("rb") as source:
        written = {str(each.id): str(each.string) for each in read_po(source) if each.id}
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        used = {str(each.id): str(each.string) for each in read_mo(compiled) if each.id}
    assert set(written) == said
    assert used == written
    for english, chinese in written.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert set(FACT.findall(chinese)) == set(FACT.findall(english)), english


def test_it_is_spoken(in_zhejiang: Society) -> None:
    with translation.override("zh-hans"):
        assert str(Problems([])) == "有些内容未填或有误，请查看标出的各项。"
        assert "同意" in str(consents_asked()[0].text)
    with translation.override("en"):
        assert str(consents_asked()[0].text).startswith("I agree")
