"""`manage.py backup_federation --to FOLDER`: every society and the street map."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.management.keeping import add_folder, told_plainly
from kit.clock import now
from tenants.backup.taking import backup_federation


class Command(BaseCommand):
    help = "Write every society and the street map into a new folder, one folder per society."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser, "--to", "to", "a folder that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if "provisioner" not in settings.DATABASES:
            raise CommandError("This needs PROVISIONER_DATABASE_URL.")
        begun = monotonic()
        with told_plainly():
            manifests = backup_federation(to=options["to"], at=now(), progress=self._show)
        rows = sum(manifest.rows for manifest in manifests)
        self.stdout.write(
            f"{len(manifests)} societies, {rows} rows written to {options['to']} in {monotonic() - begun:.1f} s."
        )

    def _show(self, done: int, of: int, name: str) -> None:
        if name:
            self.stdout.write(f"[{done + 1}/{of}] {name}")
            self.stdout.flush()
