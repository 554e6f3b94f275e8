"""Pages near the end of a list are read from its end, and hold what they would hold otherwise."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from federation.ledger.listing import fees, known_length, roll
from federation.ledger.models import FeeEntry, RollEntry
from huilian.journal.models import Record
from huilian.journal.services import record
from huilian.portals.views.console.pages import page_of
from kit import clock
from tests.federation_fixture import Federation
from tests.portals.console.test_federation_office import members_everywhere
from tests.portals.console.world import a_fee


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


def test_what_is_found_too_often_is_not_counted_to_its_end(in_welding: Any) -> None:
    for number in range(12):
        record("note.made", ("note", str(number)), by="system", at=clock.now())
    rows = Record.objects.filter(verb="note.made").order_by("-seq")

    def pages(most: int, number: Any) -> Any:
        return page_of(RequestFactory().get("/", {"page": number}), rows, size=5, most=most)

    exact, bounded = pages(13, 3), pages(11, 3)
    assert (exact.paginator.count, exact.paginator.uncounted, list(exact)) == (12, False, list(rows[10:12]))
    assert (bounded.paginator.count, bounded.paginator.uncounted, list(bounded)) == (11, True, list(rows[10:11]))
    shown = render_to_string("huilian/parts/pagination.html", {"page": bounded}, RequestFactory().get("/"))
    assert "共 11 条以上" in shown
    assert "共 12 条<" in render_to_string("huilian/parts/pagination.html", {"page": exact}, RequestFactory().get("/"))


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
        assert known_length("members", **wishes) == roll(**wishes).count()


@pytest.mark.parametrize("wishes", [{"text": "li"}, {"code": "101-ABC"}])
def test_what_the_sums_do_not_know_is_counted(federation: Federation, wishes: dict[str, str]) -> None:
    with federation.inside(federation.hq):
        assert known_length("members", **wishes) is None


@pytest.mark.parametrize(
    "wishes",
    [{}, {"society": "101"}, {"society": "201"}, {"state": "settled"}, {"category": "student", "state": "open"}],
)
def test_the_sums_know_how_long_the_fee_book_is(federation: Federation, wishes: dict[str, str]) -> None:
    with federation.inside(federation.hq):
        for society in ("101", "201"):
            for state, category in (("open", "student"), ("settled", "student"), ("settled", "ordinary")):
                a_fee(society=society, state=state, category=category)
        assert FeeEntry.objects.count() == 6
        assert known_length("fees", **wishes) == fees(**wishes).count() > 0
