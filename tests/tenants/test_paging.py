"""Rows that are read while an answer is sent: where, by which connection, and what is left when the reader goes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from federation.models import UsedTicket
from kit import clock
from tenants.context import current, inside
from tenants.paging import in_pages
from tenants.postgresql.base import NoSociety, idle_connections
from tests.federation_fixture import Federation


def _fill(federation: Federation, society: Any, prefix: str, count: int = 7) -> None:
    with federation.inside(society):
        UsedTicket.objects.bulk_create(
            UsedTicket(nonce=f"{prefix}{number}", used_at=clock.now()) for number in range(count)
        )


@pytest.fixture
def filled(federation: Federation) -> Federation:
    _fill(federation, federation.welding, "w")
    _fill(federation, federation.zhejiang, "z")
    return federation


def _pages(federation: Federation, society: Any, size: int = 3) -> Any:
    with federation.inside(society):
        return in_pages(UsedTicket.objects.all(), ["id", "nonce"], size=size)


def test_each_row_once_by_key_and_never_by_offset(filled: Federation) -> None:
    pages = _pages(filled, filled.welding)
    with filled.inside(filled.welding), CaptureQueriesContext(connection) as asked:
        found = [[nonce for _id, nonce in page] for page in pages]
    assert found == [["w0", "w1", "w2"], ["w3", "w4", "w5"], ["w6"]]
    assert len(asked) == 3
    assert not [each for each in asked.captured_queries if "OFFSET" in each["sql"]]


def test_an_exact_number_of_pages_and_none_at_all(filled: Federation) -> None:
    assert [len(page) for page in _pages(filled, filled.welding, size=7)] == [7]
    with filled.inside(filled.hq):
        assert list(in_pages(UsedTicket.objects.all(), ["id"])) == []


def test_two_societies_read_in_turn_keep_to_their_own(filled: Federation) -> None:
    """As when one thread sends two answers by turns."""
    ours, theirs = _pages(filled, filled.welding), _pages(filled, filled.zhejiang)
    found = [[nonce[0] for _id, nonce in page] for pair in zip(ours, theirs, strict=True) for page in pair]
    assert found == [["w"] * 3, ["z"] * 3, ["w"] * 3, ["z"] * 3, ["w"], ["z"]]


def test_nothing_is_held_while_the_reader_has_a_page(filled: Federation) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    pages = _pages(filled, filled.welding)
    next(pages)
    with pytest.raises(NoSociety):
        current()
    assert connection.connection is None and not connection.in_atomic_block
    with inside(filled.zhejiang):
        next(pages)
        assert current() == filled.zhejiang


def test_a_reader_who_goes_away_leaves_nothing_behind(filled: Federation) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    pages = _pages(filled, filled.welding)
    next(pages)
    idle = len(idle_connections)
    pages.close()
    assert len(idle_connections) == idle
    assert connection.connection is None
    with pytest.raises(NoSociety):
        current()
    assert next(pages, None) is None


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(filled: Federation) -> None:
    """`idle_session_timeout` ends the session of a reader who takes his time."""
    pages = _pages(filled, filled.welding)
    next(pages)
    idle_connections.close_all()
    assert [nonce for _id, nonce in next(pages)] == ["w3", "w4", "w5"]


def test_a_row_that_comes_in_front_meanwhile_moves_none(filled: Federation) -> None:
    with filled.inside(filled.welding):
        pages = in_pages(UsedTicket.objects.all(), ["nonce"], size=3)
    assert [nonce for (nonce,) in next(pages)] == ["w0", "w1", "w2"]
    _fill(filled, filled.welding, "a", 5)
    assert [nonce for page in pages for (nonce,) in page] == ["w3", "w4", "w5", "w6"]
