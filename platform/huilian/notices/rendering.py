"""A letter of the catalogue, filled in with facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from zoneinfo import ZoneInfo

from huilian.notices.catalogue import CHANNELS, EVENTS, LANGUAGES, Event, Letter, is_english
from huilian.notices.queries import letter_of
from huilian.notices.wording import word
from tenants.context import current, url_of

_SUBJECT_LENGTH = 200
_EMAIL_CLOSING = {
    "zh-hans": "此致\n敬礼\n\n{society}\n\n（本邮件由会员系统自动发送，请勿直接回复。）",
    "en": "Yours sincerely,\n\n{society}\n\n(This is an automatic message. Please do not reply.)",
}
_SMS_SIGNATURE = {"zh-hans": "【{society}】", "en": "[{society}] "}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What will be sent; an SMS has no subject."""

    subject: str
    body: str
    words: Mapping[str, str] = field(default_factory=dict, compare=False)  # the facts as written in this language


class FactMissing(ValueError):
    """Whoever tells of an event left out a fact that its letter needs."""


def language_of(language: str) -> str:
    """The language of the catalogue in which a reader is written to."""
    return LANGUAGES[1] if is_english(language) else LANGUAGES[0]


def render(
    event: str, channel: str, language: str, facts: Mapping[str, object], *, letter: Letter | None = None
) -> Rendered:
    """Put a letter together as it would be sent from the current society, in its own wording or in `letter`'s.

    Facts may be texts, dates, times, Money, or words in both languages (`in_language`). `society` and `link`
    are known without being told; the link is the reader's own page unless the facts name a better one.
    """
    described = EVENTS[event]
    if channel not in CHANNELS:
        raise ValueError(f"unknown channel {channel!r}")
    language = language_of(language)
    words = _words(described, language, facts)
    letter = letter or letter_of(described, language)
    if channel == "sms":
        glue = " " if is_english(language) else ""
        sentences = _filled(letter.sms, {name: _on_one_line(text) for name, text in words.items()})
        return Rendered("", _SMS_SIGNATURE[language].format_map(words) + glue.join(sentences.split("\n")), words)
    subject = _on_one_line(letter.subject.format_map(words))
    closing = _EMAIL_CLOSING[language].format_map(words)
    return Rendered(subject[:_SUBJECT_LENGTH], f"{_filled(letter.email, words)}\n\n{closing}\n", words)


def _words(event: Event, language: str, facts: Mapping[str, object]) -> dict[str, str]:
    given = {**_known(language, facts), **facts}
    zone = ZoneInfo(current().time_zone)
    words = {name: word(given.get(name), language, zone=zone) for name in event.facts}
    missing = sorted(name for name in event.needs if not words[name])
    if missing:
        raise FactMissing(f"{event.name} needs {', '.join(missing)}")
    return words


def _known(language: str, facts: Mapping[str, object]) -> dict[str, object]:
    society = current()
    return {
        "society": society.name_en if is_english(language) and society.name_en else society.name_zh,
        "link": facts.get("link") or url_of(society, "/my/"),
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Fill in line by line; a line that names something unknown is left out, with the gap it would leave."""
    lines = [
        line.format_map(words)
        for line in template.split("\n")
        if all(words[name] for _text, name, _spec, _conversion in Formatter().parse(line) if name)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _on_one_line(text: str) -> str:
    """A subject and an SMS have one line: a line break in a fact could start a header of its own."""
    return " ".join(text.split())
