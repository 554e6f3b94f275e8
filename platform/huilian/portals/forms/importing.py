"""A list of existing members: handed in, and confirmed once it was looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.members.services.importing import MOST_ROWS
from huilian.portals.forms.console import reason_field
from huilian.portals.forms.widgets import ChosenFile
from kit.sheet_reading import MOST_BYTES


class ListUploadForm(forms.Form):
    file = forms.FileField(
        label=_("List of members"),
        max_length=200,
        widget=ChosenFile(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        words = _("An Excel file (.xlsx) or CSV made from the template: at most %(rows)s rows and %(size)s MB.")
        self.fields["file"].help_text = words % {"rows": f"{MOST_ROWS:,}", "size": MOST_BYTES // 2**20}


class ConfirmImportForm(forms.Form):
    """Where the list comes from, and whether each new member is written to."""

    reason = reason_field(
        _("Where the list comes from"),
        _("For example the register and its date, and who checked it. Kept in the journal."),
        most=1000,
    )
    invites = forms.BooleanField(
        label=_("Write to each new member how to set a password"),
        required=False,
        help_text=_(
            "One letter to each, by e-mail or else by SMS. Not ticked: nobody is written to or gets an account."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the letters"),
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        widget=forms.RadioSelect,
    )
