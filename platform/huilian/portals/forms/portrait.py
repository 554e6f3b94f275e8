"""A photo for the card: the file, its shape, and what of it is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.portals.forms.widgets import ChosenFile
from kit.portraits import Frame


class PortraitForm(forms.Form):
    """Without a script the frame stays empty, and the middle of the photo is kept."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG or PNG, at most 10 MB. Your face from the front, before a plain background."),
        widget=ChosenFile(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    shape = forms.ChoiceField(
        label=_("Shape"),
        choices=[("portrait", _("Portrait, as on a certificate")), ("square", _("Square"))],
        initial="portrait",
        widget=forms.RadioSelect,
    )
    left = forms.FloatField(required=False, widget=forms.HiddenInput)
    top = forms.FloatField(required=False, widget=forms.HiddenInput)
    width = forms.FloatField(required=False, widget=forms.HiddenInput)

    @property
    def frame(self) -> Frame | None:
        """The frame, where all of it came."""
        left, top, width = (self.cleaned_data.get(name) for name in ("left", "top", "width"))
        if left is None or top is None or width is None:
            return None
        return Frame(left, top, width)
