"""Pages near the end of a list are read from its end, and hold what they would hold otherwise."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory

from federation.ledger.models import RollEntry
from federation.ledger.queries import known_members, roll
from huilian.journal.models import Record
from huilian.journal.services import record
from huilian.portals.views.console.pages import page_of
from kit import clock
from tests.federation_fixture import Federation
from tests.portals.console.test_federation_office import members_everywhere


@pytest.mark.parametrize("many", [0, 1, 4, 5, 11, 15])
def test_every_page_is_what_counting_from_the_front_gives(in_welding: Any, many: int) -> None:
    for number in range(many):
        record("note.made", ("note", str(number)), by="system", at=clock.now())
    rows = Record.objects.filter(verb="note.made").order_by("-seq")
    plain = Paginator(rows, 5)
    for number in (*plain.page_range, 99, "last"):
        page = page_of(RequestFactory().get("/", {"page": number}), rows, size=5)
        assert list(page) == list(plain.get_page(number))
        assert page.number == plain.get_page(number).number


FILTERS = [
    {},
    {"society": "101"},
    {"category": "ordinary"},
    {"state": "active"},
    {"kind": "person"},
    {"society": "201", "category": "ordinary", "state": "active", "kind": "person"},
    {"state": "lapsed"},
]


@pytest.mark.parametrize("wishes", FILTERS)
def test_the_sums_know_how_long_the_roll_is(federation: Federation, wishes: dict[str, str]) -> None:
    members_everywhere(federation)
    with federation.inside(federation.hq):
        assert RollEntry.objects.count() == 3
        assert known_members(**wishes) == roll(**wishes).count()


@pytest.mark.parametrize("wishes", [{"text": "li"}, {"code": "101-ABC"}])
def test_what_the_sums_do_not_know_is_counted(federation: Federation, wishes: dict[str, str]) -> None:
    with federation.inside(federation.hq):
        assert known_members(**wishes) is None
