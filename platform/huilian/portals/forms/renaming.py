"""Another phone or e-mail to sign in by: first the password, then the code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.signing_in import ContactForm
from huilian.portals.forms.widgets import OneTimeCodeInput, PasswordEntry


class NewContactForm(ContactForm):
    """Where one wants to be reached, and the password that shows who asks."""

    contact = forms.CharField(
        label=_("New mobile number or e-mail"),
        max_length=254,
        help_text=_("A number replaces your number, an e-mail address your e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=1000,
        strip=False,
        widget=PasswordEntry(attrs={"autocomplete": "current-password"}),
    )


class ContactCodeForm(forms.Form):
    """The code that was sent there."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=OneTimeCodeInput)
