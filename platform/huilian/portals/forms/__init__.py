"""Forms of the pages, and how they are drawn."""

from django.utils.translation import gettext_noop

# Django's sentences, marked as ours: so Chinese readers are asked as the other rules ask them.
REQUIRED = gettext_noop("This field is required.")
SENTENCES = (
    gettext_noop("Enter a number."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
)
