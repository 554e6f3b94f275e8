"""`manage.py restore_society 101 --from FOLDER`: back to a backup, and the border healed."""

from argparse import ArgumentParser
from collections import Counter
from time import monotonic
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.healing import Healing, heal_border
from config.management.keeping import add_folder, add_number, society_to_keep, told_plainly
from federation.returning import tell_again
from kit.clock import now
from tenants import registry
from tenants.backup.manifest import Manifest
from tenants.backup.returning import drop_kept, restore_society
from tenants.models import Society
from tenants.opening import resume_society

NAMED = 20  # rows named one by one


class Command(BaseCommand):
    help = (
        "Bring a society back from a backup: load it beside, check it, swap it in while the society is closed, heal "
        "the border, reconcile. The former schema is kept until --drop-old. --heal goes on where a return broke off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_number(parser)
        wish = parser.add_mutually_exclusive_group(required=True)
        add_folder(wish, "--from", "source", "the folder backup_society wrote", required=False)
        wish.add_argument("--heal", action="store_true", help="only heal the border, open and reconcile")
        wish.add_argument("--drop-old", action="store_true", help="only drop what earlier returns have kept")

    def handle(self, *args: Any, **options: Any) -> None:
        society = society_to_keep(options["number"])
        if options["drop_old"]:
            dropped = drop_kept(society)
            self.stdout.write(f"Dropped: {', '.join(dropped) or 'nothing was kept'}.")
            return
        stays_closed = not options["heal"] and society.state == Society.State.SUSPENDED
        if options["source"] is not None:
            self._bring_back(society, options)
        self._heal(society)
        if stays_closed:
            self.stdout.write(f"{society.number} was suspended before and stays so; `resume_society` opens it.")
            return
        self._open(society)

    def _bring_back(self, society: Society, options: dict[str, Any]) -> None:
        begun = monotonic()
        told: Counter[str] = Counter()

        def along_with(raw: "psycopg.Connection[Any]", society: Society, manifest: Manifest) -> None:
            told.update(tell_again(raw, society, since=manifest.moment))

        with told_plainly():
            returned = restore_society(society, source=options["source"], at=now(), along_with=along_with)
        manifest = returned.manifest
        self.stdout.write(
            f"{society.number} is back as of {manifest.taken_at}: {manifest.rows} rows, {len(manifest.files) - 1} "
            f"uploads, as written, in {monotonic() - begun:.1f} s."
        )
        if returned.upgraded:
            self.stdout.write("The backup was older than the software and has been upgraded.")
        if returned.kept:
            self.stdout.write(f"The former schema is kept as {returned.kept}; --drop-old drops it.")
        for number, count in sorted(told.items()):
            self.stdout.write(f"{number} sends {count} messages again.")

    def _heal(self, society: Society) -> None:
        registry.forget()
        with told_plainly():
            healing = heal_border(society, at=now())
        self._name(healing)

    def _open(self, society: Society) -> None:
        society.refresh_from_db(using="provisioner")
        if society.state == Society.State.SUSPENDED:
            resume_society(society)
        headquarters_returned = society.number == "100"
        numbers = [] if headquarters_returned else [society.number]
        try:
            call_command("reconcile", *numbers, repair=True, stdout=self.stdout, stderr=self.stderr)
        except CommandError as problem:
            raise CommandError(f"{society.number} is back and open, but: {problem}") from None

    def _name(self, healing: Healing) -> None:
        for what, rows in (("reported anew", healing.lifted), ("gone since the backup", healing.gone)):
            for aggregate, ids in rows.items():
                if ids:
                    self.stdout.write(f"{len(ids)} {aggregate} {what}:")
                    for key in ids[:NAMED]:
                        self.stdout.write(f"  {key}")
                    if len(ids) > NAMED:
                        self.stdout.write(f"  and {len(ids) - NAMED} more")
