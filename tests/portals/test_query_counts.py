"""How many statements a page costs: pinned, so that a change is a decision."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.federation_fixture import Federation
from tests.portals.visitor import HQ, WELDING, Visitor
from tests.portals.walking import PAPERS, another, hand_in, pdf, prove

_TRANSACTIONS = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b")


def statements(act: Callable[[], Any]) -> list[str]:
    """What was asked of the database, without the marks of transactions."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if not _TRANSACTIONS.match(query["sql"])]


def shown(found: list[str]) -> str:
    return "\n".join(sql[:160] for sql in found)


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (f"{HQ}/", 1),
        (f"{WELDING}/", 1),
        (f"{HQ}/join/", 1),
        (f"{HQ}/join/?category=ordinary", 1),
        (f"{HQ}/sign-in/", 0),
    ],
)
def test_public_pages(federation: Federation, url: str, most: int) -> None:
    visitor = Visitor()
    visitor.get(url)
    found = statements(lambda: visitor.get(url))
    assert len(found) == most, shown(found)


def test_the_form(federation: Federation) -> None:
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=ordinary")
    found = statements(lambda: visitor.get(visitor.url))
    assert len(found) == 0, shown(found)


@pytest.mark.parametrize(("category", "most"), [("student", 25), ("ordinary", 18), ("senior", 18)])
def test_handing_in(federation: Federation, category: str, most: int) -> None:
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category={category}")
    hand_in(visitor, federation.welding, category)  # what is remembered from now on is remembered
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category={category}")
    form = another(category)
    proof = prove(visitor, federation.welding, form)
    papers = {f"paper:{code}": pdf() for code in PAPERS.get(category, ())}
    client = visitor.clients["welding.localhost:8000"]
    answers: list[Any] = []
    found = statements(lambda: answers.append(client.post("/apply/", {**form, **proof, **papers, "act": "submit"})))
    assert answers[0].status_code == 302
    assert len(found) == most, shown(found)


def test_my_page(federation: Federation) -> None:
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=student")
    hand_in(visitor, federation.welding, "student")
    visitor.get("/my/")
    found = statements(lambda: visitor.get("/my/"))
    assert len(found) == 8, shown(found)
