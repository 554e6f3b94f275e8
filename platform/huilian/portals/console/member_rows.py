"""What a list of members looks like in a file: its columns, in the reader's language, and how much of a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huilian.accounts.hashing import open_sealed
from huilian.members.models import Member
from huilian.portals.console.downloads import Rows
from huilian.portals.console.words import KIND_WORDS, MEMBER_STATES, category_names, channel_names, masked
from huilian.schemes.document import Scheme
from tenants.context import current, inside
from tenants.paging import in_pages

_CODED = ("number", "name", "kind", "category", "state", "joined_on", "from_on", "to_on", "channel", "referral_code")
_COLUMNS = (*_CODED, "phone", "email", "id_number_sealed")
WIDTHS = (16, 24, 12, 20, 10, 12, 12, 12, 20, 18, 18, 28, 22)


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a person leaves: contact data and ID number in full, or so much that one knows them again."""

    contacts: bool = False
    id_numbers: bool = False


def member_head(shown: Shown) -> list[str]:
    """The head of the file."""
    head = [
        _("Member number"),
        _("Name"),
        _("Kind"),
        _("Category"),
        _("State"),
        _("Member since"),
        _("From"),
        _("Until (last day)"),
        _("Channel"),
        _("Referral code"),
        _("Phone"),
        _("E-mail"),
    ]
    return [*head, _("ID number")] if shown.id_numbers else head


def member_blocks(found: QuerySet[Member], scheme: Scheme, shown: Shown) -> Iterator[Rows]:
    """Blocks of rows by member number; every word is put into the reader's language before the first is read."""
    words = (
        {kind: str(word) for kind, word in KIND_WORDS.items()},
        category_names(scheme),
        {state.value: str(state.label) for state in MEMBER_STATES},
        channel_names(scheme),
    )
    return _blocks(current(), in_pages(found, _COLUMNS), words, shown)


def _blocks(
    society: Any, pages: Iterator[Sequence[tuple[Any, ...]]], words: Sequence[dict[str, str]], shown: Shown
) -> Iterator[Rows]:
    kinds, categories, states, channels = words
    for page in pages:
        block: list[Sequence[object]] = []
        with inside(society):  # an ID number opens only where it was sealed
            for number, name, kind, category, state, joined, begun, to_on, channel, code, phone, email, sealed in page:
                row = [
                    number,
                    name,
                    kinds.get(kind, kind),
                    categories.get(category, category),
                    states.get(state, state),
                    joined,
                    begun,
                    last_of(to_on),
                    channels.get(channel, channel),
                    code,
                    phone if shown.contacts else _veiled(phone),
                    email if shown.contacts else _veiled(email),
                ]
                block.append([*row, open_sealed(sealed) if sealed else ""] if shown.id_numbers else row)
        yield block


def last_of(to_on: date | None) -> date | None:
    """The last day of a half-open period; none where it has no end."""
    return date.fromordinal(to_on.toordinal() - 1) if to_on else None


def _veiled(text: str) -> str:
    return masked(text) if text else ""
