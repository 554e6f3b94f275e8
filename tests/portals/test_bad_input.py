"""What nobody means to send: a clear answer, never a 500, and nothing half-done."""

from typing import Any
from urllib.parse import quote

import pytest

from huilian.applications.models import Application
from huilian.schemes.fields import CATALOGUE
from tests.federation_fixture import Federation
from tests.portals.visitor import HQ, WELDING, Visitor
from tests.portals.walking import another, prove

NASTY = [
    "\x00",
    "a\x00b",
    "李" * 10_000,
    "䶮㛃𬭎",
    "\ud800",
    "%s%(x)s",
    "<script>",
    "2026-02-30",
    "-1",
    "9" * 400,
    "\u202e",
]


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_every_public_form(federation: Federation, value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    visitor = Visitor()
    forms: list[tuple[str, dict[str, Any]]] = [
        (f"{HQ}/sign-in/", {"identifier": value, "password": value, "next": value}),
        (f"{WELDING}/sign-in/", {"identifier": value, "password": value, "next": value}),
        (f"{WELDING}/sign-in/sealed/", {"ticket": value, "next": value}),
        (f"{WELDING}/sign-in/reset/", {"contact": value, "send": "1"}),
        (f"{WELDING}/sign-in/reset/", {"contact": value, "code": value, "password": value}),
        (f"{HQ}/join/", {"category": value, "channel": value, "society": value}),
        (f"{HQ}/join/?category=senior", {"channel": "member", "recommender_number": value, "recommender_name": value}),
        (f"{HQ}/join/?category=senior", {"channel": value, "society": value}),
        (f"{HQ}/cashier/", {"t": value, "years": value}),
        (f"{WELDING}/apply/", {"t": value, "act": value}),
        (f"{WELDING}/apply/code/", {"t": value, "by": value, "draft": value}),
        (f"{WELDING}/apply/code/", {"draft": value}),
    ]
    for url, data in forms:
        visitor.post(url, data)
        assert visitor.page.status_code < 500, (url, data)
    for path in ("/r/?code=", "/join/?category=", "/apply/?t=", "/cashier/?t=", "/papers/?t="):
        visitor.get(f"{HQ}{path}{quote(value)}")
        assert 200 <= visitor.page.status_code < 500, path


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_every_question_of_the_form(federation: Federation, value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    visitor = Visitor()
    visitor.get(f"{WELDING}/join/?category=senior")
    form = another("senior")
    proof = prove(visitor, federation.welding, form)
    nasty = {code: value for code in CATALOGUE if code != "mobile"}
    visitor.post("/apply/", {**nasty, "mobile": form["mobile"], **proof, "act": "submit", "paper:photo": value})
    assert visitor.page.status_code == 422
    with federation.inside(federation.welding):
        assert set(Application.objects.values_list("state", flat=True)) <= {"draft"}
