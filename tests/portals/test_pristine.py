"""Untouched fields are made once in a process, and no network lies between a form and its pieces."""

from typing import Any

import pytest
from django import forms
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from huilian.portals.forms.pristine import PristineField
from tenants.context import inside


class Asked(forms.Form):
    pristine_key = "asked"
    bound_field_class = PristineField
    name = forms.CharField(label="Name")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    caches["pieces"].clear()


def test_a_piece_is_made_once_for_a_society(welding: Any, zhejiang: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _count(monkeypatch)
    for society in (welding, welding, zhejiang):
        with inside(society):
            assert 'name="name"' in Asked()["name"].as_field_group()
    assert len(made) == 2


def test_what_somebody_wrote_is_not_kept(in_welding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _count(monkeypatch)
    for _ in range(2):
        assert "Li" in Asked({"name": "Li"})["name"].as_field_group()
    assert len(made) == 2
    assert 'value="Li"' not in Asked()["name"].as_field_group()


def test_it_asks_no_server() -> None:
    """Two dozen questions to Redis took longer than the rest of the page."""
    assert isinstance(caches["pieces"], LocMemCache)


def _count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    plainly = forms.BoundField.as_field_group

    def as_field_group(self: Any) -> Any:
        made.append(self.html_name)
        return plainly(self)

    monkeypatch.setattr(forms.BoundField, "as_field_group", as_field_group)
    return made
