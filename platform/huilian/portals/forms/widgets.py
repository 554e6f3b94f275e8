"""Inputs that bring the right keyboard, picker or camera up on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import (
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    DateInput,
    FileInput,
    PasswordInput,
    RadioSelect,
    Select,
    TextInput,
    Widget,
)

_KINDS: dict[str, tuple[type[Widget], ...]] = {
    "choices": (RadioSelect, CheckboxSelectMultiple),
    "tick": (CheckboxInput,),
    "file": (FileInput,),
}


def kind_of(widget: Widget) -> str:
    """Tell which layout of the field part a widget needs: choices, tick, file or plain."""
    return next((kind for kind, classes in _KINDS.items() if isinstance(widget, classes)), "plain")


class DayInput(DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LongSelect(Select):
    """A choice among as many as there are societies, without groups: Django draws each option by two templates."""

    template_name = "huilian/forms/long_select.html"


class PhoneInput(TextInput):
    """A telephone number, by the digits of a telephone."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", "class": "mid", **(attrs or {})})


class OneTimeCodeInput(TextInput):
    """The digits that came by SMS or e-mail; phones offer them above the keyboard."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-entry short"}
        super().__init__({**own, **(attrs or {})})


class ReferralCodeInput(TextInput):
    """A referral code as it is read aloud: capitals, no corrections by the phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__({**own, "class": "code-entry mid", **(attrs or {})})


class PasswordEntry(PasswordInput):
    """A password, typed once: whoever wants to can look at it."""

    template_name = "huilian/forms/password.html"


class ChosenFile(FileInput):
    """A file, chosen by a button that speaks the page's language where the script runs, else the browser's."""

    template_name = "huilian/forms/file.html"


class PaperInput(ClearableFileInput):
    """A scan or photo of a paper; a phone offers its camera as well as its files."""

    template_name = "huilian/forms/paper.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png,application/pdf", **(attrs or {})})


class FindableRadioSelect(RadioSelect):
    """A long list of choices with a search field above; `words` finds a value beside its label."""

    findable = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, words: Mapping[str, str] | None = None) -> None:
        super().__init__({"class": "long", **(attrs or {})})
        self.words = words or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the search words to one choice: its names in both languages and pinyin initials."""
        option = super().create_option(*args, **kwargs)
        words = self.words.get(str(option["value"]), "")
        option["attrs"]["data-words"] = f"{option['label']} {words}".strip()
        return option
