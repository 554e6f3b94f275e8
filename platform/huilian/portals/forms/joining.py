"""The small forms before the application: a referral code, and a named recommender."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.widgets import ReferralCodeInput


class CodeForm(forms.Form):
    """A referral code as it was read aloud or printed below a QR code."""

    code = forms.CharField(
        label=_("Referral code"),
        max_length=100,
        widget=ReferralCodeInput(attrs={"placeholder": "101-XXXX-XXXX-X"}),
        help_text=_("Letters and digits, as printed below the QR code. Capitals and dashes do not matter."),
    )
    category = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class RecommenderForm(forms.Form):
    """Name and member number of whoever recommends; they must belong together."""

    recommender_name = forms.CharField(label=_("Name of the member"), max_length=100)
    recommender_number = forms.CharField(
        label=_("Member number"),
        max_length=40,
        help_text=_("As on the member's card."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "class": "mid"}),
    )


class InstitutionForm(RecommenderForm):
    """The same for an institution."""

    recommender_name = forms.CharField(label=_("Name of the institution"), max_length=200)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["recommender_number"].help_text = _("As on the institution's certificate.")
