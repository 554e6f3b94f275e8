"""The forms of the cashier: for how many years, and the voucher of a transfer."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.widgets import DayInput, PaperInput


class YearsForm(forms.Form):
    """For how many years is paid; which numbers are possible is the bill's question."""

    years = forms.IntegerField(label=_("Years"), min_value=1, max_value=99)


class VoucherForm(forms.Form):
    """What the finance office needs to find the transfer."""

    payer_name = forms.CharField(
        label=_("Name on the account that paid"),
        max_length=100,
        help_text=_("As it stands on the transfer: your own name, or your employer's."),
    )
    transferred_on = forms.DateField(label=_("Date of the transfer"), widget=DayInput)
    voucher = forms.FileField(
        label=_("Voucher"),
        widget=PaperInput,
        help_text=_("A photo, a screenshot or a PDF of the transfer: JPEG, PNG or PDF, at most 10 MB."),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["transferred_on"].widget.attrs["max"] = today.isoformat()
