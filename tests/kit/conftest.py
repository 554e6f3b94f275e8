"""Let the room's translatable sentences be read without a project around them."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_I18N=False)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """What the kit says is looked at in the language that it is written in."""
    with translation.override("en"):
        yield
