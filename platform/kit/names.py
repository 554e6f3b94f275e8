"""Names of people and bodies: accepted as they are, ordered and found by their sound."""

from __future__ import annotations

import os
import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from kit.clean_text import is_unprintable
from kit.errors import Refusal

# The dictionary of phrases takes 44 MB in every process; names need a handful of them, which follow.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin import Style, lazy_pinyin, load_phrases_dict

_PHRASES = (
    "重庆 chóng qìng, 长春 cháng chūn, 长沙 cháng shā, 长江 cháng jiāng, 长安 cháng ān, 长城 cháng chéng, "
    "厦门 xià mén, 行业 háng yè, 银行 yín háng, 成都 chéng dū, 首都 shǒu dū, 大厦 dà shà, 音乐 yīn yuè, "
    "尉迟 yù chí, 万俟 mò qí, 单于 chán yú, 长孙 zhǎng sūn, 鲜于 xiān yú, 令狐 líng hú, 澹台 tán tái, "
    "调查 diào chá, 会计 kuài jì, 重型 zhòng xíng, 重工 zhòng gōng, 传动 chuán dòng, 传感 chuán gǎn"
)
load_phrases_dict({word: [[sound] for sound in sounds] for word, *sounds in map(str.split, _PHRASES.split(","))})

# How these sound as surnames, where pypinyin knows only their everyday sound.
SURNAME_READINGS = {
    "单": "shan4", "單": "shan4", "曾": "zeng1", "解": "xie4", "查": "zha1", "仇": "qiu2",
    "翟": "zhai2", "盖": "ge3", "蓋": "ge3", "乐": "yue4", "樂": "yue4", "区": "ou1",
    "區": "ou1", "朴": "piao2", "樸": "piao2", "任": "ren2", "华": "hua4", "華": "hua4",
    "纪": "ji3", "紀": "ji3", "隗": "wei3", "员": "yun4", "員": "yun4", "覃": "qin2",
    "缪": "miao4", "繆": "miao4", "秘": "bi4", "祭": "zhai4", "折": "she2", "洗": "xian3",
    "种": "chong2", "繁": "po2", "召": "shao4", "哈": "ha3", "那": "na1", "能": "nai4",
    "佴": "nai4", "郇": "xun2", "过": "guo1", "過": "guo1", "都": "du1", "句": "gou1",
    "观": "guan4", "燕": "yan1", "卜": "bu3", "薄": "bo2", "干": "gan1", "乜": "nie4",
    "么": "yao1", "粘": "nian2", "撒": "sa3", "葛": "ge3", "占": "zhan1", "於": "yu1",
    "阚": "kan4", "尉遲": "yu4 chi2",
}  # fmt: skip

# After these a name has a joint, unless they only look like it: 大学会计, 科学会堂.
_JOINT = re.compile(
    r"(?:(?<=..)(?<!大)学会(?![计堂议员])|(?<=..)(?:协会|研究会|联合会|自治区)|^..{1,2}省)(?=[\u4e00-\u9fff]{2})"
)

_JOINERS = "\u200c\u200d"


def clean_name(text: str, *, max_length: int = 100, field: str = "name") -> str:
    """Return a name in NFC, trimmed, with single spaces, every rare character kept.

    Raises Refusal `name_missing`, `name_unreadable` (NUL, control characters), `name_without_letters` or
    `name_too_long`, for `field`.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if any(is_unprintable(symbol) for symbol in name):
        raise Refusal(
            "name_unreadable",
            _("This name contains characters that cannot be shown. Please type it anew."),
            field=field,
        )
    # Invisible marks come with copying and can turn the writing direction of a whole page; the two joiners
    # are part of how some names are spelt.
    name = "".join(symbol for symbol in name if unicodedata.category(symbol) != "Cf" or symbol in _JOINERS)
    name = " ".join(name.split())
    if not name:
        raise Refusal("name_missing", _("Please enter a name."), field=field)
    if len(name) > max_length:
        raise Refusal(
            "name_too_long",
            _("This name has %(length)s characters; at most %(most)s are possible."),
            field=field,
            length=len(name),
            most=max_length,
        )
    if not any(_is_letter(symbol) for symbol in name):
        raise Refusal("name_without_letters", _("A name needs at least one letter or character."), field=field)
    return name


def sort_key(name: str, *, person: bool = True) -> str:
    """Return what to order a name by: pinyin with tones (shan4 tian2 fang1), or plain Latin letters.

    Compare keys byte by byte (collation "C"). `person` reads a surname first; switch it off for bodies.
    """
    surname, rest = _split_surname(name, person=person)
    syllables = lazy_pinyin(rest, style=Style.TONE3, neutral_tone_with_five=True, errors=_plain_words)
    # Punctuation leaves empty syllables behind.
    return " ".join(" ".join([surname, *syllables]).split()).casefold()


def initials(text: str, *, person: bool = False) -> str:
    """Return what a searcher types for a name, e.g. hjfh for 焊接分会.

    Words in capitals or with digits stay whole: aietsh for AIET上海.
    """
    surname, rest = _split_surname(text, person=person)
    syllables = lazy_pinyin(rest, style=Style.FIRST_LETTER, errors=_short_words)
    return "".join([*(syllable[0] for syllable in surname.split()), *syllables]).casefold()


def joints(name: str) -> list[str]:
    """A body's Chinese name in its parts, between which a line may break: 中国机械工程学会 · 工作总部."""
    return _JOINT.sub("\\g<0>\n", name).split("\n")


def _split_surname(text: str, *, person: bool) -> tuple[str, str]:
    """Return the reading of a surname in the table and the text after it, or nothing and the whole text."""
    text = unicodedata.normalize("NFKC", text).strip()
    if person:
        for length in (2, 1):
            if reading := SURNAME_READINGS.get(text[:length]):
                return reading, text[length:]
    return "", text


def _plain_words(chunk: str) -> str:
    return " ".join(_words(chunk))


def _short_words(chunk: str) -> str:
    return "".join(
        word if word.isupper() or any(symbol.isdigit() for symbol in word) else word[0] for word in _words(chunk)
    )


def _words(chunk: str) -> list[str]:
    """Split what is not Chinese into words without accents."""
    bare = "".join(symbol for symbol in unicodedata.normalize("NFKD", chunk) if not unicodedata.combining(symbol))
    return re.findall(r"\w+", unicodedata.normalize("NFC", bare))


def _is_letter(symbol: str) -> bool:
    # Cn and Co: a character newer than this Python's tables, or one that only a registry's font knows.
    return unicodedata.category(symbol)[0] == "L" or unicodedata.category(symbol) in {"Nl", "Cn", "Co"}
