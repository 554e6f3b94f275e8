"""What staff write in the society console: reasons, codes, offices. Rules are the services' own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import Role, User
from huilian.accounts.rules import HEADQUARTERS_ROLES
from huilian.portals.forms.widgets import DayInput
from tenants.context import law

_LAST_YEAR = 2999


def reason_field(label: Any = None, help_text: Any = "", *, required: bool = True, most: int = 2000) -> forms.CharField:
    """A reason in writing, on several lines."""
    return forms.CharField(
        label=label or _("Reason"),
        help_text=help_text,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LastDayField(forms.DateField):
    """A last day as people say it; its value is the day after, where the half-open period ends."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        """Refuse days so far off that there is none after them."""
        last = super().clean(value)
        if last is not None and last.year > _LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return None if last is None else last + timedelta(days=1)


class ApproveForm(forms.Form):
    """A decision in somebody's favour; `version` is that of the page on which it was taken."""

    reason = reason_field(_("Remark"), _("Kept in the file; the applicant does not need it."), required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    """A refusal: always with reasons in writing."""

    reasons = reason_field(
        _("Reasons"),
        _("The applicant is sent exactly these words. Say what was missing, and what would have to change."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is done; kept in the journal."""

    reason = reason_field(help_text=_("Kept in the journal."))


class OptionalReasonForm(forms.Form):
    reason = reason_field(help_text=_("Kept in the journal."), required=False)


class RevokeCodeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the journal."))


class MintCodeForm(forms.Form):
    """A code of the society, for one campaign."""

    label = forms.CharField(
        label=_("Campaign"), max_length=80, help_text=_("For yourselves: by this name you compare campaigns.")
    )
    valid_from = forms.DateField(label=_("First day"), required=False, widget=DayInput)
    last_day = LastDayField(label=_("Last day"), required=False, help_text=_("Leave both empty for no limit in time."))
    max_uses = forms.IntegerField(
        label=_("Most applications"),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=_("After so many applications the code is used up. Leave empty for no limit."),
    )


class PromoterForm(forms.Form):
    """To whom one code is entrusted."""

    def __init__(self, data: Any, promoters: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["user"] = forms.ModelChoiceField(
            label=_("Promoter"), queryset=promoters, empty_label=_("Please choose")
        )


def _roles_here() -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in Role if law().aggregates or role not in HEADQUARTERS_ROLES]


class TokenForm(forms.Form):
    """What a program is to do, and until when."""

    label = forms.CharField(label=_("Purpose"), max_length=100, help_text=_("Which program uses it, and for what."))
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    last_day = LastDayField(label=_("Last day"), help_text=_("Within a year."))

    def __init__(self, data: Any, scopes: Sequence[tuple[str, Any]]) -> None:
        super().__init__(data)
        field = forms.MultipleChoiceField(label=_("Scopes"), choices=scopes, widget=forms.CheckboxSelectMultiple)
        self.fields["scopes"] = field


class InviteForm(forms.Form):
    """An office, offered to a person by e-mail or phone."""

    role = forms.ChoiceField(label=_("Role"), choices=_roles_here, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=30, help_text=_("One of the two is needed; both may be given.")
    )


class GrantForm(forms.Form):
    """An office for somebody who has an account here."""

    contact = forms.CharField(
        label=_("Phone or e-mail"), max_length=254, help_text=_("With which the person signs in to this society.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=_roles_here, widget=forms.RadioSelect)
    from_on = forms.DateField(label=_("From"), required=False, widget=DayInput, help_text=_("Empty: from today on."))
    last_day = LastDayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    reason = reason_field(help_text=_("Kept in the journal."), required=False)
