"""A line of headquarters' roll as a row of a table: of all members, or of institutions only."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from federation.ledger.models import RollEntry
from huilian.portals.console.words import MEMBER_STATES, last_day, said_state, society_name
from huilian.portals.shapes import Column
from huilian.portals.templatetags.huilian_tags import day

COLUMNS = (
    Column(_("Name")),
    Column(_("Number")),
    Column(_("Society")),
    Column(_("Category")),
    Column(_("State")),
    Column(_("Member since")),
    Column(_("Until")),
)


def cells_of(entry: RollEntry, categories: Mapping[str, str]) -> list[object]:
    """What stands in `COLUMNS` for this member; `categories` are the scheme's names by code."""
    return [
        entry.name,
        format_html('<span class="mono">{}</span>', entry.number),
        society_name(entry.society),
        categories.get(entry.category, entry.category),
        said_state(MEMBER_STATES, entry.state),
        day(entry.joined_on),
        last_day(entry.to_on),
    ]
