"""`manage.py import_society ARCHIVE --number 102 --slug … --owner-email … --reason …`: a society from an archive."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.arriving import Arrival, Owner, arrive
from config.management.keeping import told_plainly
from federation.ledger.orders import SLUG
from huilian.accounts.contacts import email_contact, phone_contact
from kit.clock import now
from tenants.archive.contents import Contents, read_contents
from tenants.archive.loading import check_archive, import_society
from tenants.archive.packing import opened
from tenants.context import headquarters
from tenants.models import Society


class Command(BaseCommand):
    help = (
        "Open a society from an archive of export_society, under a number of its own: its members, applications and "
        "bills are reported to headquarters, and an owner is invited. All of it, or no society."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, help="the folder or tar that export_society wrote")
        parser.add_argument("--number", required=True, help="the new society's number, three digits")
        parser.add_argument("--slug", required=True, help="its host label")
        parser.add_argument("--name-zh", default="", help="as in the archive by default")
        parser.add_argument("--name-en", default="", help="as in the archive by default")
        parser.add_argument("--owner-name", default="", help="the society's Chinese name by default")
        parser.add_argument("--owner-email", default="")
        parser.add_argument("--owner-phone", default="")
        parser.add_argument("--reason", required=True, help="kept in both journals")

    def handle(self, *args: Any, **options: Any) -> None:
        if "provisioner" not in settings.DATABASES:
            raise CommandError("This needs PROVISIONER_DATABASE_URL: only that login can open a society.")
        begun = monotonic()
        with told_plainly(), opened(options["archive"]) as folder:
            contents = read_contents(folder)
            wish = _wish(contents, options)
            _check(wish, options)
            check_archive(contents, kind=contents.society_kind)
            self._bring_in(folder, contents, wish, options, begun)

    def _bring_in(
        self, folder: Path, contents: Contents, wish: dict[str, str], options: dict[str, Any], begun: float
    ) -> None:
        arrivals: list[Arrival] = []
        owner = Owner(options["owner_name"], options["owner_phone"], options["owner_email"])

        def settle(society: Society) -> None:
            arrivals.append(arrive(society, contents, owner=owner, reason=options["reason"].strip(), at=now()))

        society = import_society(folder, contents, wish=wish, at=now(), arrive=settle)
        arrival = arrivals[0]
        self.stdout.write(
            f"{society.number} is open with what {contents.number} was on {contents.taken_at}: {contents.rows} rows, "
            f"{len(contents.files) - len(contents.tables)} uploads, in {monotonic() - begun:.1f} s."
        )
        self.stdout.write(
            f"{arrival.renumbered} of {arrival.members} members have new numbers, {arrival.codes} referral codes a new "
            f"text; {arrival.offices} offices have ended; {arrival.asked} applications ask headquarters anew."
        )
        call_command("reconcile", society.number, repair=True, stdout=self.stdout, stderr=self.stderr)


def _wish(contents: Contents, options: dict[str, Any]) -> dict[str, str]:
    return {
        "number": options["number"],
        "slug": options["slug"],
        "kind": contents.society_kind,
        "name_zh": options["name_zh"].strip() or contents.name_zh,
        "name_en": options["name_en"].strip() or contents.name_en,
        "time_zone": contents.time_zone,
    }


def _check(wish: dict[str, str], options: dict[str, Any]) -> None:
    """What can be known to be wrong before anything is done."""
    headquarters()
    if not options["reason"].strip():
        raise CommandError("Give the reason: it is kept in the journal.")
    if not SLUG.match(wish["slug"]):
        raise CommandError("The host label has 2 to 31 small letters, digits and hyphens, a letter first.")
    if not (options["owner_email"] or options["owner_phone"]):
        raise CommandError("Where is the owner's invitation sent? Give --owner-email or --owner-phone.")
    for read, typed in ((email_contact, options["owner_email"]), (phone_contact, options["owner_phone"])):
        if typed:
            read(typed)
