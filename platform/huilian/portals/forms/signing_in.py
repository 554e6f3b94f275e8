"""Forms of signing in, of passwords and of invitations; what is right is the services' question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.widgets import OneTimeCodeInput, PasswordEntry

_LONGEST = 300  # longer than any password that is accepted, so that the service can say so


class SignInForm(forms.Form):
    """Phone or e-mail, and password."""

    identifier = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=_LONGEST,
        strip=False,
        widget=PasswordEntry(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class NewPasswordForm(forms.Form):
    """A first password; typed once, because it can be looked at and be reset."""

    password = forms.CharField(
        label=_("New password"),
        max_length=_LONGEST,
        strip=False,
        help_text=_("At least 8 characters; several words are easier to remember and harder to guess."),
        widget=PasswordEntry(attrs={"autocomplete": "new-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password, then the new one."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=_LONGEST,
        strip=False,
        widget=PasswordEntry(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password")


class InvitedForm(forms.Form):
    """The password of the account that somebody with an invitation has already."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=_LONGEST,
        strip=False,
        widget=PasswordEntry(attrs={"autocomplete": "current-password"}),
    )


class ContactForm(forms.Form):
    """Where a code is to be sent."""

    contact = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ResetForm(ContactForm, NewPasswordForm):
    """The code that was sent, and the new password."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=OneTimeCodeInput)
    field_order = ("contact", "code", "password")
