"""`manage.py upgrade_societies`: bring the street map, the templates and every society up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kit.clock import now
from tenants.upgrading import REPORT, counts_of, upgrade_societies


class Command(BaseCommand):
    help = "Upgrade every society: one query finds who is behind; resumable; failures are recorded per society."

    def handle(self, *args: Any, **options: Any) -> None:
        report = upgrade_societies(at=now(), progress=self._show)
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
