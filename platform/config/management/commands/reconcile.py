"""`manage.py reconcile`: headquarters equals the sum of its societies, or the differences by name."""

from argparse import ArgumentParser
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from federation import pump
from federation.ledger.models import Reconciliation
from federation.ledger.reconciling import repair, request_statements
from kit.clock import now
from tenants.context import headquarters, inside


class Command(BaseCommand):
    help = "Compare headquarters' books with each society's own statement; --repair has differing rows sent again."

    patience = 60.0  # seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="*", help="society numbers; all by default")
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = options["numbers"] or None
        found = self._compare(numbers)
        if options["repair"] and any(found.values()):
            with inside(headquarters()):
                for reconciliation in Reconciliation.objects.filter(pk__in=found):
                    repair(reconciliation)
            found = self._compare(numbers)
        differences = sum(found.values())
        self.stdout.write(f"{len(found)} societies compared, {differences} differences.")
        if differences:
            raise CommandError("Headquarters differs from its societies; --repair has the rows sent again.")

    def _compare(self, numbers: list[str] | None) -> dict[int, int]:
        """Ask, let the messages travel, and tell; reconciliation → number of differences."""
        with inside(headquarters()):
            asked = [r.pk for r in request_statements(at=now(), numbers=numbers)]
        self._await_answers(asked)
        found: dict[int, int] = {}
        with inside(headquarters()):
            for row in Reconciliation.objects.filter(pk__in=asked).order_by("society"):
                found[row.pk] = len(row.differences)
                for difference in row.differences:
                    self.stdout.write(
                        f"{row.society} {difference['aggregate']} {difference['id']}: "
                        f"here {difference['here'] or 'missing'}, there {difference['there'] or 'missing'}"
                    )
        return found

    def _await_answers(self, asked: list[int]) -> None:
        """Let the messages travel; a worker may be at the same queues, so what is on its way is waited for."""
        deadline = monotonic() + self.patience
        while True:
            pump(until=lambda: not _silent(asked) or monotonic() > deadline)
            waiting = _silent(asked)
            if not waiting:
                return
            if monotonic() > deadline:
                raise CommandError(f"No answer from {', '.join(waiting)}: suspended, or the statement is parked.")
            sleep(0.2)


def _silent(asked: list[int]) -> list[str]:
    """The societies that have not answered yet."""
    with inside(headquarters()):
        silent = Reconciliation.objects.filter(pk__in=asked, agrees=None)
        return sorted(silent.values_list("society", flat=True))
