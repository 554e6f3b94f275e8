"""A command that writes an order about a society at headquarters and carries it out."""

from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from config.management.keeping import told_plainly
from config.orders import carry_out
from federation.ledger.models import SocietyOrder
from federation.ledger.orders import order_society
from kit.clock import now
from tenants.context import headquarters, inside


class OrderCommand(BaseCommand):
    verb: ClassVar[str]
    wishes: ClassVar[tuple[str, ...]] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the society's number, three digits")
        parser.add_argument("--reason", required=True)
        for wish in self.wishes:
            parser.add_argument(f"--{wish}", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        details = {wish.replace("-", "_"): options[wish.replace("-", "_")] for wish in self.wishes}
        with inside(headquarters()), told_plainly():
            order = order_society(
                self.verb,
                society=options["number"],
                details=details,
                reason=options["reason"],
                by="command",
                at=now(),
            )
        carry_out(str(order.pk))
        with inside(headquarters()):
            order.refresh_from_db()
        with translation.override("en"):  # as all that commands print
            answer = order.answer
        if order.state == SocietyOrder.State.FAILED:
            raise CommandError(answer)
        self.stdout.write(answer)
