"""`manage.py restore_drill 101`: prove that a backup can come back, without touching the living society."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg.sql import SQL, Identifier

from config.management.keeping import add_folder, add_number, society_to_keep, told_plainly
from huilian.journal.queries import verify
from kit.clock import now
from tenants.backup.loading import drop_schema, load_beside
from tenants.backup.manifest import read_manifest
from tenants.backup.taking import backup_society
from tenants.clients import provisioner_session
from tenants.models import Society
from tenants.roles import check_schema_name
from tenants.templates import provisioner_in

UNBALANCED = SQL("""
SELECT count(*) FROM (
    SELECT FROM {} GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0
) AS transactions
""")


class Command(BaseCommand):
    help = "Load a backup into a scratch schema; check counts, content, journal and books; tell the seconds; drop it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_number(parser)
        add_folder(parser, "--from", "source", "a backup; without it, one is taken for the drill", required=False)

    def handle(self, *args: Any, **options: Any) -> None:
        society = society_to_keep(options["number"])
        with tempfile.TemporaryDirectory(prefix="huilian-drill-") as scratch, told_plainly():
            source = options["source"]
            if source is None:
                source = Path(scratch) / society.number
                begun = monotonic()
                backup_society(society, to=source, at=now())
                self._tell("backup", begun)
            self._drill(society, source)

    def _drill(self, society: Society, source: Path) -> None:
        begun = monotonic()
        manifest = read_manifest(source)
        if manifest.number != society.number:
            raise CommandError(f"This is the backup of {manifest.number}.")
        schema = f"{check_schema_name(manifest.schema)}_drill"
        with provisioner_session() as session:
            session.autocommit = True
            row = session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (schema,)).fetchone()
            if row is None or not row[0]:
                raise CommandError(f"A drill of {society.number} is running already.")
            try:
                load_beside(session, source, manifest, schema=schema)
                self._tell(f"restore of {manifest.rows} rows in {len(manifest.tables)} tables, all as written", begun)
                begun = monotonic()
                problems = self._problems(session, schema, manifest.kind)
                self._tell("journal and books", begun)
            finally:
                drop_schema(session, schema)
        if problems:
            raise CommandError(" ".join(problems))
        self.stdout.write(f"{society.number}: the backup of {manifest.taken_at} can come back.")

    def _problems(self, session: "psycopg.Connection[Any]", schema: str, kind: str) -> list[str]:
        problems = []
        with provisioner_in(schema, kind):
            broken = verify(using="provisioner")
        if broken is not None:
            problems.append(f"The journal is broken at {broken}.")
        row = session.execute(UNBALANCED.format(Identifier(schema, "billing_entry"))).fetchone()
        if row and row[0]:
            problems.append(f"{row[0]} transactions in the books do not balance.")
        return problems

    def _tell(self, what: str, begun: float) -> None:
        self.stdout.write(f"{what}: {monotonic() - begun:.2f} s")
