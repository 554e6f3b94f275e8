"""`manage.py provision`: database, roles, street map and templates. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from config.variables import ADMIN_DATABASE_URL
from tenants.provisioning import create_database, prepare_database


class Command(BaseCommand):
    help = "Create the database and its roles (with ADMIN_DATABASE_URL, a superuser's), the street map, the templates."

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = ADMIN_DATABASE_URL.read()
        if admin_url:
            new = create_database(admin_url)
            self.stdout.write("Database created." if new else "Database found.")
        self.stdout.write("Preparing roles, street map and templates ...")
        self.stdout.flush()
        prepare_database()
        self.stdout.write("Prepared.")
