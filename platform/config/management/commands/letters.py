"""`manage.py letters NUMBER`: what people of a society would have received, where no letter leaves the installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.management.keeping import told_plainly
from huilian.notices.queries import has_outbox, outbox
from tenants.context import inside, society_numbered


class Command(BaseCommand):
    help = "Print the newest letters of a society that stayed here, the newest last."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the society's number, three digits")
        parser.add_argument("--last", type=int, default=2, help="how many (2: one by e-mail, one by SMS)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not has_outbox():
            raise CommandError(
                "Letters leave this installation; the console's page of deliveries tells how they fared."
            )
        with told_plainly():
            society = society_numbered(options["number"])
        with inside(society):
            letters = list(outbox()[: max(1, options["last"])])
        if not letters:
            raise CommandError(f"No letter was written in {society.number} {society.name_en} yet.")
        for letter in reversed(letters):
            head = f"{letter.queued_at:%Y-%m-%d %H:%M} UTC, {letter.channel} to {letter.address}"
            self.stdout.write("\n".join(filter(None, [f"== {head}", letter.subject, "", letter.body, ""])))
