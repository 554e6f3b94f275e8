"""How forms are drawn: `{{ form }}` comes out in the design system's markup."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class HuilianRenderer(DjangoTemplates):
    """Draw forms, formsets and fields by the templates in `huilian/forms/`."""

    form_template_name = "huilian/forms/form.html"
    formset_template_name = "huilian/forms/formset.html"
    field_template_name = "huilian/forms/field.html"
