"""People on their way, as far as a test needs them."""

import json
from datetime import date
from typing import Any

from huilian.billing.models import Bill
from huilian.payments.models import PaymentAttempt
from huilian.payments.services import report_remittance
from kit import clock
from tests.api.callers import Caller
from tests.applications.forms import photo, senior, student


def hand_in_senior(wang: Caller, **answers: Any) -> dict[str, Any]:
    given = {**senior(), **answers}
    wish = {
        "category": "senior",
        "answers": given,
        "contact": given["email"],
        "consents": ["share.headquarters"],
    }
    answer = wang.post("applications/", {"application": json.dumps(wish)}, files={"paper:qualification": photo()})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def endorsed_senior(wang: Caller, **answers: Any) -> dict[str, Any]:
    """A senior application that now waits for headquarters, once messages have travelled."""
    application = hand_in_senior(wang, **answers)
    done = wang.post(f"applications/{application['id']}/endorse/", {"reason": "Known to us."})
    assert done.status_code == 200, done.content
    return dict(done.json())


def become_student(wang: Caller, **changes: Any) -> dict[str, Any]:
    """A member at once; returns the application."""
    given = student(**changes)
    wish = {"category": "student", "answers": given, "contact": given["email"]}
    answer = wang.post("applications/", {**wish, "consents": ["share.headquarters"]})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def reported_payment(federation: Any, application: dict[str, Any], *, payer: str = "李明") -> PaymentAttempt:
    """A transfer that the applicant reports at headquarters' cashier."""
    with federation.inside(federation.hq):
        bill = Bill.objects.get(application_id=application["id"])
        return report_remittance(bill, payer_name=payer, transferred_on=yesterday(), voucher=photo(), at=clock.now())


def yesterday() -> date:
    return date.fromordinal(clock.today("Asia/Shanghai").toordinal() - 1)
