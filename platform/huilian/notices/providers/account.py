"""The account with a provider: whose key, which signature, which approved template for which letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from huilian.notices.catalogue import is_english
from huilian.notices.sms import Sms, Unsendable


@dataclass(frozen=True, slots=True)
class Template:
    """A text that the provider has approved, and which facts fill its places, in order."""

    id: str
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """What the environment says about the provider; the key never shows in a message or a log."""

    provider: str
    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    templates: Mapping[str, Mapping[str, Template]]  # event → language → template
    endpoint: str
    region: str = ""
    app_id: str = ""
    timeout: float = 10.0  # seconds; the letter's row is locked meanwhile

    @property
    def host(self) -> str:
        return urlsplit(self.endpoint).netloc


def account() -> SmsAccount:
    """The account that the settings name."""
    chosen: SmsAccount | None = settings.SMS
    if chosen is None:
        raise Unsendable("no SMS provider is chosen")
    return chosen


def filled_template(message: Sms, of: SmsAccount) -> tuple[str, list[tuple[str, str]]]:
    """The template's id and its places with what fills them; Unsendable where none was approved for the letter."""
    by_language = of.templates.get(message.event, {})
    language = "en" if is_english(message.language) else "zh-hans"
    # A message in the other language says more than none.
    template = by_language.get(language) or next(iter(by_language.values()), None)
    if template is None:
        raise Unsendable(f"no template for {message.event}")
    return template.id, [(name, message.words.get(name, "")) for name in template.params]
