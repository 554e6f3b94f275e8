"""What is asked before personal data leave in a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.console import reason_field


class ContactExportForm(forms.Form):
    """In which form, with what, and why."""

    kind = forms.ChoiceField(
        label=_("Format"),
        choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("Text (CSV)"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    id_numbers = forms.BooleanField(
        label=_("With ID numbers"), required=False, help_text=_("Only if the purpose cannot do without them.")
    )
    reason = reason_field(help_text=_("What the file is for; kept in the journal."), most=1000)
