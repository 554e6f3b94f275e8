"""`manage.py upgrade_societies`: bring the street map, the templates and every society up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from config.management.keeping import told_plainly
from kit.clock import now
from tenants.phases import PHASES
from tenants.upgrading import REPORT, counts_of, upgrade_societies


class Command(BaseCommand):
    help = "Upgrade every society: one query finds who is behind; resumable; failures are recorded per society."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--phase",
            choices=PHASES,
            default="",
            help="only what expands (while the old version runs), or only what contracts (when it runs no more)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with told_plainly():
            report = upgrade_societies(at=now(), progress=self._show, phase=options["phase"])
        with translation.override("en"):  # as all that commands print
            self.stdout.write(str(REPORT % counts_of(report)))
        for number, problem in report.failed.items():
            self.stderr.write(f"{number}: {problem}")
        if report.failed:
            raise CommandError("Some societies could not be upgraded; run it again when the cause is mended.")

    def _show(self, done: int, of: int, name: str) -> None:
        if of and name:
            self.stdout.write(f"[{done + 1}/{of}] {name}")
            self.stdout.flush()
