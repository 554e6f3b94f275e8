"""What headquarters' officers write: money received, orders about societies, resolutions, the next scheme."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huilian.portals.console.words import category_names
from huilian.portals.forms.console import reason_field
from huilian.portals.forms.widgets import ChosenFile, DayInput
from huilian.schemes.document import BY_RESOLUTION, Scheme
from kit.money import MINOR_DIGITS, Money, format_money
from tenants.kinds import BRANCH, PROVINCE
from tenants.models import Society

_LARGEST_FILE = 1024 * 1024


_EXAMPLE = 12000  # minor units


class AmountField(forms.DecimalField):
    """An amount of money in one currency; its value is whole minor units."""

    def __init__(self, currency: str, **more: Any) -> None:
        self.currency, self.places = currency, MINOR_DIGITS[currency]
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
        super().__init__(
            min_value=Decimal(0), max_digits=12, decimal_places=self.places, localize=False, widget=widget, **more
        )

    def to_python(self, value: Any) -> Any:
        """Take 1,234.50, ¥1234.5 and CNY 1,234.50 as people copy them out of an account or off this page."""
        if isinstance(value, str):
            value = value.strip().removeprefix(self.currency).lstrip(" ¥￥").replace(",", "").replace("，", "")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.places))


class ConfirmPaymentForm(forms.Form):
    """What the account shows."""

    def __init__(self, data: Any = None, *, currency: str = "CNY") -> None:
        super().__init__(data)
        self.fields["received_minor"] = AmountField(
            currency,
            label=_("Amount that arrived"),
            help_text=_("As the account statement shows it, not the voucher."),
        )


class RejectPaymentForm(forms.Form):
    reason = reason_field(help_text=_("The payer reads it and can pay or upload again."), most=500)


class OpenSocietyForm(forms.Form):
    """A branch or a provincial society to be opened."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, Society.Kind(kind).label) for kind in (BRANCH, PROVINCE)],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("Society number"),
        max_length=3,
        help_text=_("Branches from 101, provinces from 201. It begins every member number and referral code."),
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    slug = forms.CharField(
        label=_("Host label"),
        max_length=31,
        help_text=_("The first part of the society's address, e.g. zhejiang."),
        widget=forms.TextInput(attrs={"class": "mid", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=160)
    owner_name = forms.CharField(label=_("Name of the first administrator"), max_length=100)
    owner_email = forms.CharField(
        label=_("E-mail of the first administrator"), required=False, max_length=254, widget=forms.EmailInput
    )
    owner_phone = forms.CharField(
        label=_("Phone of the first administrator"),
        required=False,
        max_length=30,
        help_text=_("One of the two is needed: the invitation goes there."),
    )
    reason = reason_field(help_text=_("The decision on which this society is opened; kept in the journal."))


class ResolutionForm(forms.Form):
    """A resolution of the council or the congress, as it was taken."""

    number = forms.CharField(
        label=_("Resolution number"), max_length=60, widget=forms.TextInput(attrs={"class": "mid"})
    )
    meeting = forms.CharField(label=_("Meeting"), max_length=120)
    resolved_on = forms.DateField(label=_("Date"), widget=DayInput)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))


class HonoraryForm(forms.Form):
    """Who is honoured by a resolution, and for how long."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    category = forms.ChoiceField(label=_("Category"))
    term = forms.IntegerField(
        label=_("Years"),
        required=False,
        min_value=1,
        max_value=50,
        help_text=_("As the resolution sets them. Leave empty for membership without an end."),
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )

    def __init__(self, data: Any, scheme: Scheme) -> None:
        super().__init__(data)
        names = category_names(scheme)
        granted = [(each.code, names[each.code]) for each in scheme.by_rank() if each.term == BY_RESOLUTION]
        self.fields["category"] = forms.ChoiceField(label=_("Category"), choices=granted)


class DuesForm(forms.Form):
    """A new row of dues for one category, with the resolution that set it."""

    category = forms.ChoiceField(label=_("Category"))
    effective_on = forms.DateField(label=_("In force from"), widget=DayInput)
    resolution = forms.CharField(label=_("Resolution number"), max_length=200)
    meeting = forms.CharField(label=_("Meeting"), max_length=200)
    resolved_on = forms.DateField(label=_("Date of the resolution"), required=False, widget=DayInput)

    def __init__(self, data: Any, scheme: Scheme) -> None:
        super().__init__(data)
        names = category_names(scheme)
        open_ones = [(each.code, names[each.code]) for each in scheme.open_categories()]
        self.fields["category"] = forms.ChoiceField(label=_("Category"), choices=open_ones)
        self.fields["amount_minor"] = AmountField(
            scheme.currency,
            label=_("Dues"),
            help_text=_("For one year, or for the period that the category's dues are for; for example %(amount)s.")
            % {"amount": format_money(Money(_EXAMPLE, scheme.currency), get_language() or "en")},
        )
        self.order_fields(["category", "amount_minor", "effective_on", "resolution", "meeting", "resolved_on"])


class SchemeUploadForm(forms.Form):
    """A scheme file, edited by hand; the version and its day may be set here."""

    file = forms.FileField(
        label=_("Scheme file"),
        help_text=_("YAML, as downloaded from the present version and edited."),
        validators=[FileExtensionValidator(["yaml", "yml"])],
        widget=ChosenFile(attrs={"accept": ".yaml,.yml,application/yaml"}),
    )
    effective_on = forms.DateField(
        label=_("In force from"), required=False, widget=DayInput, help_text=_("Empty: as the file says.")
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_FILE:
            raise forms.ValidationError(_("A scheme file is smaller than 1 MB."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is not text in UTF-8.")) from None


class PublishForm(forms.Form):
    """The scheme that was previewed, to be published as it was seen."""

    document = forms.CharField(max_length=2_000_000, strip=False, widget=forms.HiddenInput)
