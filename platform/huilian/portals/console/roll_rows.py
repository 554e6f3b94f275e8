"""What headquarters' roll looks like in a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from federation.ledger.models import RollEntry
from huilian.portals.console.downloads import Rows
from huilian.portals.console.member_rows import last_of
from huilian.portals.console.words import MEMBER_STATES, category_names, channel_names, society_names
from huilian.schemes.document import Scheme
from tenants.paging import in_pages

# The key of the row: rows are in the order in which headquarters came to know them, which never changes.
_MEMBER = (
    "number",
    "name",
    "society",
    "category",
    "state",
    "joined_on",
    "from_on",
    "to_on",
    "channel",
    "referral_code",
)
_COLUMNS = ("id", *_MEMBER)
WIDTHS = (16, 24, 24, 20, 10, 12, 12, 12, 20, 18)


def roll_head() -> list[str]:
    """The head of the file."""
    return [
        _("Member number"),
        _("Name"),
        _("Society"),
        _("Category"),
        _("State"),
        _("Member since"),
        _("From"),
        _("Until (last day)"),
        _("Channel"),
        _("Referral code"),
    ]


def roll_blocks(found: QuerySet[RollEntry], scheme: Scheme) -> Iterator[Rows]:
    """Blocks of rows; every word is put into the reader's language before the first is read."""
    words = (
        society_names(),
        category_names(scheme),
        {state.value: str(state.label) for state in MEMBER_STATES},
        channel_names(scheme),
    )
    return _blocks(in_pages(found, _COLUMNS), words)


def _blocks(pages: Iterator[Sequence[tuple[Any, ...]]], words: Sequence[dict[str, str]]) -> Iterator[Rows]:
    societies, categories, states, channels = words
    for page in pages:
        yield [
            (
                number,
                name,
                societies.get(society, society),
                categories.get(category, category),
                states.get(state, state),
                joined_on,
                from_on,
                last_of(to_on),
                channels.get(channel, channel),
                code,
            )
            for _id, number, name, society, category, state, joined_on, from_on, to_on, channel, code in page
        ]
