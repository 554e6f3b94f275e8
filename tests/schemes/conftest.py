"""Schemes to change in one place, and what is reported then; no database is needed."""

import copy
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

# Lets the room's translatable sentences be read without a project around them.
if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_I18N=False)

from huilian.schemes.loading import PRESETS, build_scheme
from huilian.schemes.problems import SchemeProblems
from huilian.schemes.reading.source import read_yaml

GONE = "(take the key away)"


def place_in(data: Any, place: str) -> tuple[Any, str | int]:
    """The container and the last key of a place such as `categories.senior.route[1].clock`."""
    steps = [int(at) if at else key for at, key in re.findall(r"\[(\d+)\]|(\w+)", place)]
    for step in steps[:-1]:
        data = data[step]
    return data, steps[-1]


def edited(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of a scheme's data with some places changed."""
    data = copy.deepcopy(data)
    for place, value in changes.items():
        container, last = place_in(data, place)
        if value == GONE:
            del container[last]
        else:
            container[last] = value
    return data


def _preset(key: str) -> dict[str, Any]:
    data = read_yaml((PRESETS / f"{key}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


@pytest.fixture(scope="session")
def cmes_data() -> dict[str, Any]:
    """The cmes preset as mappings and lists; copy before changing."""
    return _preset("cmes")


@pytest.fixture(scope="session")
def aiet_data() -> dict[str, Any]:
    """The aiet preset as mappings and lists; copy before changing."""
    return _preset("aiet")


@pytest.fixture
def problems_after(cmes_data: dict[str, Any]) -> Callable[[dict[str, Any]], list[str]]:
    """What is reported when places of the cmes scheme are changed; nothing when it still loads."""

    def report(changes: dict[str, Any]) -> list[str]:
        try:
            build_scheme(edited(cmes_data, changes))
        except SchemeProblems as refusal:
            return refusal.lines()
        return []

    return report
