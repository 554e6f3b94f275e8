"""A letter in a society's own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.notices.catalogue import Letter
from huilian.notices.rules import MOST


class WordingForm(forms.Form):
    """Three texts; an empty one goes back to the usual words."""

    subject = forms.CharField(label=_("Subject of the e-mail"), required=False, max_length=MOST["subject"])
    email = forms.CharField(
        label=_("Text of the e-mail"),
        required=False,
        max_length=MOST["email"],
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Empty lines part the paragraphs. Greeting and signature at the end are added to it."),
    )
    sms = forms.CharField(
        label=_("SMS"),
        required=False,
        max_length=MOST["sms"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Each line is a sentence; they are sent in one line, after the name of the society."),
    )

    def __init__(self, data: object, *, letter: Letter, language: str) -> None:
        initial = {"subject": letter.subject, "email": letter.email, "sms": letter.sms}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["lang"] = "en" if language == "en" else "zh-Hans"

    def texts(self) -> dict[str, str]:
        """The texts as they were typed."""
        return {name: str(self.cleaned_data[name]) for name in MOST}
