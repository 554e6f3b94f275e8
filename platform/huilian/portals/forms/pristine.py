"""Fields that nobody has touched look the same for everybody: their HTML is made once and kept for a while."""

from django.core.cache import caches
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT_SECONDS = 300


class PristineField(BoundField):
    """A field of a form that says by `pristine_key` what its untouched fields depend on, besides the society.

    A form of two dozen fields is some three hundred small templates; that was two thirds of the page's time.
    """

    def as_field_group(self) -> SafeString:
        if self.errors or self.value() not in (None, "", [], ()):
            return super().as_field_group()
        form_key = getattr(self.form, "pristine_key", "")
        if not form_key:
            return super().as_field_group()
        key = (
            f"field:{form_key}:{self.html_name}:{int(self.field.required)}:{int(self.field.disabled)}:{get_language()}"
        )
        kept = caches["pieces"]
        html: str | None = kept.get(key)
        if html is None:
            html = str(super().as_field_group())
            kept.set(key, html, KEPT_SECONDS)
        return mark_safe(html)  # noqa: S308 - rendered by the form's own templates
