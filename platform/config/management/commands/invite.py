"""`manage.py invite NUMBER`: offer somebody an office in a society; how headquarters gets its first owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from config.management.keeping import told_plainly
from huilian.accounts.models import Role
from huilian.accounts.services import invite
from kit.clock import now
from tenants.context import current, inside, society_numbered, url_of


class Command(BaseCommand):
    help = "Send an invitation to an office of a society, and print its link, which works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the society's number, three digits; 100 is headquarters")
        parser.add_argument("--role", default=Role.OWNER, choices=[str(role) for role in Role])
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        parser.add_argument("--reason", required=True, help="who decided it, for the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        with told_plainly():
            society = society_numbered(options["number"])
        with inside(society), told_plainly(), translation.override("en"):
            invitation, secret = invite(
                options["role"],
                name=options["name"],
                email=options["email"],
                phone=options["phone"],
                language=options["language"],
                reason=options["reason"],
                by="command",
                at=now(),
            )
            link = url_of(current(), f"/invitation/{secret}/")
        self.stdout.write(f"{invitation.name} is invited to {society.name_en} until {invitation.expires_at:%Y-%m-%d}:")
        self.stdout.write(link)
