"""`manage.py pin_roles`: every society's role with its settings and grants, as when it was opened."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from tenants.grants import registry_grants, society_grants
from tenants.models import Society
from tenants.opening import create_role, tables_of


class Command(BaseCommand):
    help = "Give every society's role its password, settings and grants again, whatever somebody made of them."

    def handle(self, *args: Any, **options: Any) -> None:
        if "provisioner" not in settings.DATABASES:
            raise CommandError("This needs PROVISIONER_DATABASE_URL.")
        societies = list(Society.objects.using("provisioner").exclude(state=Society.State.OPENING).order_by("number"))
        pinned = 0
        for society in societies:
            with transaction.atomic(using="provisioner"):
                raw = connections["provisioner"].connection
                tables = tables_of(society.schema_name)
                if not tables:
                    self.stderr.write(f"{society.number} has no schema, and is passed over.")
                    continue
                create_role(society.schema_name, society.role_epoch)
                raw.execute(society_grants(society.schema_name, tables))
                pinned += 1
        connections["provisioner"].connection.execute(registry_grants())
        self.stdout.write(f"{pinned} roles pinned.")
