"""The same letter as HTML, for readers whose program shows it; the words are those of the text."""

import re

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, urlize
from django.utils.safestring import SafeString, mark_safe

from huilian.notices.catalogue import is_english
from tenants.context import current

_CODE = re.compile(r"\d{4,8}")


def html_letter(subject: str, body: str, language: str) -> str:
    """The letter as a page for mail programs: styles in place, nothing loaded from anywhere."""
    society, english = current(), is_english(language)
    return render_to_string(
        "huilian/letter.html",
        {
            "subject": subject,
            "language": "en" if english else "zh-Hans",
            "sender": society.name_en if english and society.name_en else society.name_zh,
            "paragraphs": [(_paragraph(text), bool(_CODE.fullmatch(text))) for text in _parted(body)],
        },
    )


def _parted(body: str) -> list[str]:
    return [text.strip("\n") for text in re.split(r"\n{2,}", body) if text.strip()]


def _paragraph(text: str) -> SafeString:
    lines = [urlize(conditional_escape(line), nofollow=False) for line in text.split("\n")]
    return mark_safe("<br>".join(lines))  # noqa: S308  # each line is escaped above
