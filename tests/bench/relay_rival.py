"""What is written on stock django-tenants instead of a border: turn to headquarters' schema and write there."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django_tenants.utils import tenant_context

from federation.contracts import MemberReported
from federation.ledger.models import RollEntry, Rollup
from tests.bench.messages import member_report

STOCK = "provisioner"  # the connection that goes by django-tenants' own backend
FIRST = 5_000_000


def write_directly(headquarters: Any, societies: Sequence[Any], count: int) -> float:
    """Members per second that reach headquarters' roll and its sums, one transaction each."""
    start = perf_counter()
    for number in range(count):
        society = societies[number % len(societies)]
        report = member_report(f"{society.number}{FIRST + number}P")
        with tenant_context(society), tenant_context(headquarters), transaction.atomic(using=STOCK):
            _write(report, society.number)
    rate = count / (perf_counter() - start)
    with tenant_context(headquarters):
        RollEntry.objects.using(STOCK).filter(number__regex=r"^...5\d{6}P$").delete()
    return rate


def _write(report: MemberReported, society: str) -> None:
    names = {field.attname for field in RollEntry._meta.concrete_fields} & set(report.__dataclass_fields__)
    RollEntry.objects.using(STOCK).update_or_create(
        society=society,
        member_id=report.member_id,
        defaults={
            **{name: getattr(report, name) for name in names - {"member_id"}},
            "name": report.member_name,
            "version": report.row_version,
            "reported_at": now(),
        },
    )
    for measure, cut, month in (
        ("members", f"{report.kind}|{report.category}|{report.state}", None),
        ("joined", f"{report.category}|{report.channel}", report.joined_on.replace(day=1)),
    ):
        facts = {"society": society, "measure": measure, "cut": cut, "month": month}
        if not Rollup.objects.using(STOCK).filter(**facts).update(count=F("count") + 1):
            Rollup.objects.using(STOCK).create(**facts, count=1)
