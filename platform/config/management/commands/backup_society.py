"""`manage.py backup_society 101 --to FOLDER`: one society's schema and uploads, with what they hold."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from config.management.keeping import add_folder, add_number, society_to_keep, told_plainly
from kit.clock import now
from tenants.backup.taking import backup_society


class Command(BaseCommand):
    help = "Write one society (schema, uploads, manifest) into a new folder. Work goes on meanwhile; no key goes along."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_number(parser)
        add_folder(parser, "--to", "to", "a folder that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = monotonic()
        society = society_to_keep(options["number"])
        with told_plainly():
            manifest = backup_society(society, to=options["to"], at=now())
        self.stdout.write(
            f"{society.number}: {manifest.rows} rows in {len(manifest.tables)} tables and "
            f"{len(manifest.files) - 1} uploads written to {options['to']} in {monotonic() - begun:.1f} s."
        )
