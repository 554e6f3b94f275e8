"""What changed between two versions of a scheme, place by place, for those who decide on it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from huilian.schemes.document import DuesRow, NumberPattern, Scheme, Text
from huilian.schemes.reading.source import below
from kit.money import Money, plain_amount

# By what the rows of a list are told apart; rows of other lists are told apart by where they stand.
_NAMES = ("code", "kind", "effective_on")
_BY_POSITION = ("route",)


class Difference(msgspec.Struct, frozen=True):
    """One place whose value changed; nothing as `old` was added, nothing as `new` was taken away."""

    place: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        return f"{self.place}: {self.old or '—'} → {self.new or '—'}"


def compare(old: Scheme, new: Scheme) -> list[Difference]:
    """Every difference between two schemes, in the order of the document; equal schemes give none."""
    before, after = _flat(old), _flat(new)
    places = list(dict.fromkeys([*before, *after]))
    return [
        Difference(place, before.get(place), after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    ]


def _flat(scheme: Scheme) -> dict[str, str]:
    found: dict[str, str] = {}
    _collect(scheme, "", scheme.currency, found)
    return found


def _collect(value: object, place: str, currency: str, found: dict[str, str]) -> None:
    if isinstance(value, Text):
        found[place] = f"{value.zh} / {value.en}"
    elif isinstance(value, NumberPattern):
        found[place] = value.template
    elif isinstance(value, msgspec.Struct):
        for key, inner in _fields(value, currency):
            _collect(inner, below(place, key), currency, found)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _collect(inner, below(place, key), currency, found)
    elif isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        for key, inner in _named(value, place):
            _collect(inner, key, currency, found)
    elif value not in (None, "", ()):
        found[place] = _written(value)


def _fields(struct: msgspec.Struct, currency: str) -> Iterable[tuple[str, Any]]:
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if isinstance(struct, DuesRow) and name == "amount_minor":
            yield "amount", f"{plain_amount(Money(value, currency))} {currency}"
        else:
            yield name, value


def _named(rows: tuple[Any, ...], place: str) -> Iterable[tuple[str, Any]]:
    """Rows under names that stay when another row is added before them."""
    if place.split(".")[-1] in _BY_POSITION:
        yield from ((f"{place}[{index}]", row) for index, row in enumerate(rows))
        return
    name = next(name for name in _NAMES if name in rows[0].__struct_fields__)
    for row in rows:
        key = getattr(row, name)
        inner = f"{place}[{key.isoformat()}]" if isinstance(key, date) else below(place, key)
        yield inner, row


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
