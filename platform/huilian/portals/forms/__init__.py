"""Forms of the pages, and how they are drawn."""

from django.utils.translation import gettext_noop

# Django's sentence, marked as one of ours: so Chinese readers are asked as the other rules ask them.
REQUIRED = gettext_noop("This field is required.")
