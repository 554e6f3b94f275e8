"""Schemathesis: bodies and parameters made from the API's own description, right and wrong; never a server error."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.v1 import throttles
from api.v1.documentation import described
from api.v1.throttles import Limit
from config.wsgi import application
from federation.ledger.models import Case, Reconciliation
from federation.models import InboxMessage
from huilian.accounts.models import Role
from huilian.accounts.scopes import SCOPES
from tests.api.callers import Caller, hire, staff, token_of
from tests.api.walks import become_student, endorsed_senior, reported_payment
from tests.applications.forms import another

EXAMPLES = 12  # of each operation, right ones and wrong ones
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KINDS = {"society": "config.urls.society", "headquarters": "config.urls.headquarters"}
OPERATIONS = [
    pytest.param(kind, path, method, id=f"{kind} {method} {path}")
    for kind, urlconf in KINDS.items()
    for path, methods in described(urlconf)["paths"].items()
    for method in methods
    if kind == "headquarters"
    or path not in described(KINDS["headquarters"])["paths"]
    or "{" in path
    or method == "post"
]


@pytest.fixture
def target(
    federation: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], tuple[Caller, dict[str, Any]]]]:
    """Callers who may do everything, and the ids of something that is there."""
    for name in ("STRANGER_READS", "STRANGER_WRITES", "TOKEN_ASKS"):
        monkeypatch.setattr(throttles, name, Limit(name, 10**9))
    at_home = [name for name, scope in SCOPES.items() if not scope.headquarters]
    wang = staff(federation.welding, Role.OWNER, *at_home)
    zhao = Caller(federation.hq, token_of(federation.hq, hire(federation.hq, Role.OWNER), *SCOPES))

    def build(kind: str) -> tuple[Caller, dict[str, Any]]:
        caller = wang if kind == "society" else zhao
        become_student(caller)
        application = endorsed_senior(wang, **another("senior"))
        member = caller.get("members/").json()["results"][0]["id"]
        code = caller.post("referral-codes/", {"label": "Spring"}).json()["id"]
        known = {"application_id": application["id"], "member_id": member, "code_id": code}
        if kind == "society":
            known["paper_id"] = application["papers"][0]["id"]
        return (caller, known) if kind == "society" else (caller, known | _at_headquarters(federation, zhao))

    yield build


def _at_headquarters(federation: Any, zhao: Caller) -> dict[str, Any]:
    wang = staff(federation.welding, Role.REGISTRAR, "applications:write")
    paying = endorsed_senior(wang, **another("senior"))
    federation.settle()
    case = next(each for each in zhao.get("cases/").json()["results"] if each["application_id"] == paying["id"])
    zhao.post(f"cases/{case['id']}/decide/", {"outcome": "approved"})
    federation.settle()
    attempt = reported_payment(federation, paying)
    zhao.post("reconciliations/")
    with federation.inside(federation.hq):
        InboxMessage.objects.filter(pk=InboxMessage.objects.latest("pk").pk).update(state="parked")
        return {
            "case_id": str(Case.objects.filter(state="open").latest("opened_at").pk),
            "payment_id": str(attempt.pk),
            "message_id": InboxMessage.objects.latest("pk").pk,
            "reconciliation_id": Reconciliation.objects.latest("pk").pk,
        }


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "path", "method"), OPERATIONS)
def test_no_server_error(kind: str, path: str, method: str, target: Any) -> None:
    caller, known = target(kind)
    schema = schemathesis.openapi.from_dict(described(KINDS[kind]))
    schema.app = application
    operation = schema[path][method.upper()]
    cases = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    headers = {"Host": f"{caller.society.slug}.localhost", "Accept-Language": "en"}

    @given(case=st.one_of(cases), there=st.booleans(), token=st.sampled_from([True, True, True, False]))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def attack(case: Any, there: bool, token: bool) -> None:
        if there and isinstance(case.path_parameters, dict):
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        proof = {"Authorization": f"Bearer {caller.token}"} if token else {}
        response = case.call(headers={**headers, **proof})
        case.validate_response(response, checks=CHECKS)

    attack()
