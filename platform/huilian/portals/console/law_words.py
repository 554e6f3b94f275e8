"""The law of the three kinds of society, in words: what each may do, and what it leaves to headquarters."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huilian.portals.shapes import Column, Row, Words
from tenants.kinds import LAW, Law
from tenants.models import Society

_ROWS: tuple[tuple[Words, Callable[[Law], Words]], ...] = (
    (
        _("In law"),
        lambda law: _("a legal person of its own") if law.legal_person else _("a part of headquarters"),
    ),
    (
        _("Dues of its members"),
        lambda law: (
            _("are owed to it: own account, own receipts")
            if law.legal_person
            else _("are owed to headquarters; it has no account of its own")
        ),
    ),
    (
        _("Amount of dues"),
        lambda law: (
            _("publishes the scheme for all")
            if law.aggregates
            else _("may resolve its own; the scheme is published by headquarters")
            if law.own_scheme
            else _("as headquarters has published")
        ),
    ),
    (
        _("Applications"),
        lambda law: _("decides") if law.decides else _("endorses; headquarters decides"),
    ),
    (
        _("Data of its members at headquarters"),
        lambda law: (
            _("only with the member's separate consent")
            if law.separate_controller
            else _("are its own")
            if law.aggregates
            else _("without further consent: the same legal person")
        ),
    ),
    (
        _("Books of the federation"),
        lambda law: _("keeps roll, fee book and figures of all") if law.aggregates else _("reports; sees only its own"),
    ),
    (_("Society numbers"), lambda law: _numbers(law)),
)


def law_table() -> dict[str, Any]:
    """A column for each kind of society, a row for each question."""
    return {
        "law_columns": [Column(gettext("Question")), *(Column(Society.Kind(kind).label) for kind in LAW)],
        "law": [Row([question, *(answer(law) for law in LAW.values())]) for question, answer in _ROWS],
    }


def _numbers(law: Law) -> str:
    first, last = law.numbers[0], law.numbers[-1]
    return str(first) if first == last else f"{first}–{last}"
