"""A form with one field of every kind, for the page that shows the parts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.widgets import (
    DayInput,
    FindableRadioSelect,
    PaperInput,
    PhoneInput,
    ReferralCodeInput,
)


class SpecimenForm(forms.Form):
    """Every kind of field, with help, with errors, required and not."""

    full_name = forms.CharField(label=_("Name"), max_length=50, help_text=_("As it stands on your identity card."))
    phone = forms.CharField(label=_("Mobile number"), widget=PhoneInput)
    code = forms.CharField(
        label=_("Referral code"),
        required=False,
        widget=ReferralCodeInput,
        help_text=_("Letters and digits, as printed below the QR code."),
    )
    born_on = forms.DateField(label=_("Date of birth"), widget=DayInput)
    degree = forms.ChoiceField(
        label=_("Highest degree"),
        choices=[("", "—"), ("bachelor", _("Bachelor")), ("master", _("Master")), ("doctor", _("Doctor"))],
    )
    society = forms.ChoiceField(
        label=_("Society"),
        choices=[("welding", _("Welding")), ("zhejiang", _("Zhejiang")), ("tribology", _("Tribology"))],
        widget=FindableRadioSelect(
            words={"welding": "hanjie hj", "zhejiang": "zhejiang zj", "tribology": "mocaxue mcx"}
        ),
    )
    branches = forms.MultipleChoiceField(
        label=_("Branches of interest"),
        required=False,
        help_text=_("Up to three."),
        choices=[("welding", _("Welding")), ("casting", _("Casting")), ("tribology", _("Tribology"))],
        widget=forms.CheckboxSelectMultiple,
    )
    merits = forms.CharField(label=_("Merits"), required=False, widget=forms.Textarea)
    diploma = forms.FileField(label=_("Diploma"), widget=PaperInput, help_text=_("A photo or a PDF, at most 10 MB."))
    truthful = forms.BooleanField(label=_("I confirm that what I have entered is true."))
