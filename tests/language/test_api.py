"""What the API answers to a mistake is read in the language that was asked for."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.accounts.rules import scopes_of
from tenants.context import inside
from tests.api.callers import Caller, hire, token_of
from tests.federation_fixture import Federation

_GARBAGE = {
    "label": "", "max_uses": "many", "valid_from": "soon", "kind": "none", "category": "none", "channel": "none",
    "answers": 7, "contact": "nobody", "verb": "close", "society": "9999", "details": {"slug": "!"}, "outcome": "maybe",
    "number": "", "resolved_on": "2026-02-30", "member": "x", "token": 1, "scheme": [], "years": -1, "reason": None,
}  # fmt: skip
_MISTAKES: tuple[tuple[str, str, Any], ...] = (
    ("get", "nowhere/", {}),
    ("get", "members/", {"state": "none"}),
    ("get", "members/", {"standing_on": "soon"}),
    ("get", "members/", {"nope": "1"}),
    ("get", "members/", {"page": "0"}),
    ("get", "members/", {"page": "99"}),
    ("get", "members/", {"page_size": "0"}),
    ("get", "referral-codes/", {"kind": "none"}),
    ("get", "applications/", {"state": "none"}),
    ("get", "cases/", {"state": "none"}),
    ("get", "payments/", {"state": "none"}),
    *(
        ("post", path, body)
        for path in (
            "applications/", "contact-codes/", "tickets/", "referral-codes/", "resolutions/", "schemes/",
            "society-orders/", "honorary-members/",
        )
        for body in ({}, _GARBAGE, [1])
    ),
    ("post", "reconciliations/", [1]),
    ("post", "referral-codes/", {"label": "年会", "valid_from": "2030-02-01", "valid_to": "2030-01-01"}),
    ("post", "tickets/", {"category": "senior", "channel": "member", "recommender_number": "1"}),
    ("delete", "members/", {}),
)  # fmt: skip


def _details(document: Any) -> Iterator[str]:
    """Every sentence for people in a problem document, however deep."""
    if isinstance(document, dict):
        yield from ([document["detail"]] if isinstance(document.get("detail"), str) else [])
        for value in document.values():
            yield from _details(value)
    elif isinstance(document, list):
        for value in document:
            yield from _details(value)


def _callers(federation: Federation, language: str) -> Iterator[Caller]:
    yield Caller(federation.hq, "", language)
    yield Caller(federation.hq, "hl_100_nothing", language)
    for society in (federation.hq, federation.welding):
        owner = hire(society, Role.OWNER)
        with inside(society):
            scopes = sorted(scopes_of(owner))
        yield Caller(society, token_of(society, owner, *scopes), language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_mistakes_are_explained_in_one_language(federation: Federation, language: str) -> None:
    sentences: set[str] = set()
    for caller in _callers(federation, language):
        for method, path, body in _MISTAKES:
            if method == "delete":
                answer = caller.client.delete(f"/api/v1/{path}", **caller._headers())
            else:
                answer = caller.get(path, **body) if method == "get" else caller.post(path, body)
            assert 400 <= answer.status_code < 500, (path, body, answer.content)
            sentences |= set(_details(answer.json()))
    assert len(sentences) > 15
    assert {each for each in sentences if _is_foreign(each, language)} == set()


def _is_foreign(sentence: str, language: str) -> bool:
    chinese = bool(re.search(r"[\u4e00-\u9fff]", sentence))
    if language == "en":
        return chinese
    # Names that programs are told stay as they are: of fields, filters, scopes, methods and formats. So does what a
    # library says of a document that is no scheme, after the sentence that says so.
    own = sentence.partition("：Object ")[0]
    return not chinese or bool(re.search(r"[A-Za-z]+(?: [a-z]+){2}", own))
