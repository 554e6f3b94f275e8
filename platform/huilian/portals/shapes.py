"""What the parts of the design system are given: frozen shapes, filled by views, read by templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise

Words = str | Promise
Tone = Literal["good", "warn", "bad", "info", "quiet"]
StepState = Literal["done", "current", "todo", "late", "failed", "stopped", "skipped"]
Look = Literal["", "main", "bad", "quiet"]


class Whole(str):
    """A day or a moment: a table does not break it over two lines."""

    __slots__ = ()


class BodyName(str):
    """The name of a society: where it has no room, a line breaks between its parts."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A way to somewhere: in a navigation, in the header of a page, in an empty state."""

    label: Words
    url: str
    look: Look = ""
    icon: str = ""
    current: bool = False
    count: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Links of the console's side navigation under one heading."""

    title: Words
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every page; the context processor gives it as `shell`."""

    nav: Sequence[Link] = ()
    groups: Sequence[Group] = ()
    account: Sequence[Link] = ()
    footer: Sequence[Link] = ()
    home_url: str = "/"
    sign_in_url: str = ""
    sign_out_url: str = ""
    role: Words = ""
    federation: Words = ""  # where the society's own name does not say of whom it is a part


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route or one event of a history: who acts, by when, and how it stands."""

    label: Words
    state: StepState
    actor: Words = ""
    due_on: date | None = None
    at: datetime | date | None = None
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value; `copy` offers a copy button: True for the value as shown, or the text to copy."""

    label: Words
    value: object
    copy: bool | str = False
    url: str = ""

    @property
    def to_copy(self) -> object:
        """What the copy button puts on the clipboard."""
        return self.value if self.copy is True else self.copy


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a dashboard, with the rows behind it at `url`."""

    label: Words
    value: object
    unit: Words = ""
    url: str = ""
    change: Words = ""
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `sort_url` makes its head a link, `sorted` tells which way it runs now."""

    label: Words
    numeric: bool = False
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its first cell is its header, and leads to `url`."""

    cells: Sequence[object]
    url: str = ""
