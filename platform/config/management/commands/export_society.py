"""`manage.py export_society 101 --to FOLDER_OR_TAR`: one society as an archive that can be read and imported."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from config.management.keeping import add_folder, add_number, society_to_keep, told_plainly
from kit.clock import now
from tenants.archive.writing import export_society


class Command(BaseCommand):
    help = (
        "Write one society as an archive: rows as JSON lines per model, uploads, and a manifest. Passwords, tokens, "
        "sessions, letters and messages stay behind. For a copy to come back from, use backup_society."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_number(parser)
        add_folder(parser, "--to", "to", "a folder, or a .tar, .tar.gz or .tgz, that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = monotonic()
        society = society_to_keep(options["number"])
        with told_plainly():
            contents = export_society(society, to=options["to"], at=now())
        uploads = len(contents.files) - len(contents.tables)
        self.stdout.write(
            f"{society.number}: {contents.rows} rows of {len(contents.tables)} models and {uploads} uploads written to "
            f"{options['to']} in {monotonic() - begun:.1f} s."
        )
