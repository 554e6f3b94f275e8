"""What tests have done in processes of their own: `python -m tests.tenants.errands ERRAND …`."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.db import migrations, models

AT = datetime(2026, 2, 1, tzinfo=UTC)
# What the version to come brings: a table, a column and rows, each of which shows if it came twice or not at all.
COLOUR, PAINT, ROWS, PYTHON = "9991_colour", "9992_paint", "9993_rows", "9994_python"


def add_second(apps: Any, schema_editor: Any) -> None:
    """What is not SQL goes Django's way, society by society."""
    paint = apps.get_model("notices", "Paint")
    paint.objects.using(schema_editor.connection.alias).create(name="second")


def put_one_version_more() -> None:
    """From now on this process finds four migrations more than lie on disk."""
    from django.db.migrations.loader import MigrationLoader

    from tests.one_more_migration import one_more_migration

    key = ("id", models.BigAutoField(primary_key=True))
    column = models.CharField(max_length=9, db_default="red")
    steps: dict[str, list[Any]] = {
        COLOUR: [migrations.AddField("notice", "colour", column)],
        PAINT: [migrations.CreateModel("Paint", [key, ("name", models.CharField(max_length=9))])],
        ROWS: [migrations.RunSQL("INSERT INTO notices_paint (name) VALUES ('first')", migrations.RunSQL.noop)],
        PYTHON: [migrations.RunPython(add_second, migrations.RunPython.noop)],
    }
    for name, operations in steps.items():
        load = one_more_migration("notices", name, *operations, phase="expand")
        MigrationLoader.load_disk = load  # type: ignore[method-assign, assignment]


def provision() -> None:
    from tenants.provisioning import create_database, prepare_database

    create_database(os.environ["ADMIN_DATABASE_URL"])
    prepare_database()


def open_many(count: str) -> None:
    """Headquarters and `count` - 1 branches and provinces, by replay alone."""
    from tenants.opening import open_society

    numbers = [*range(100, 200), *range(201, 300)][: int(count)]
    for number in numbers:
        kind = "headquarters" if number == 100 else "branch" if number < 200 else "province"
        open_society(
            number=str(number), slug=f"many-{number}", kind=kind, name_zh=f"第{number}", name_en=f"No. {number}", at=AT
        )


def upgrade(*words: str) -> None:
    """`manage.py upgrade_societies` as the version to come brings it."""
    from django.core.management import call_command

    put_one_version_more()
    print("begun", flush=True)
    call_command("upgrade_societies", *words)


def open_served(*slugs: str) -> None:
    """Headquarters and branches, each with an owner who holds a token; prints {slug: token} as JSON."""
    from huilian.accounts.models import Role
    from huilian.accounts.services import grant_role, mint_token, open_account
    from kit.clock import now
    from tenants.context import inside
    from tenants.opening import open_society
    from tests.federation_fixture import _publish_scheme

    open_society(number="100", slug="hq", kind="headquarters", name_zh="总部", name_en="Headquarters", at=AT)
    tokens = {}
    for number, slug in enumerate(slugs, start=101):
        society = open_society(number=str(number), slug=slug, kind="branch", name_zh=slug, name_en=slug, at=AT)
        _publish_scheme({slug: society})
        with inside(society):
            owner = open_account(name="王负责", email=f"owner@{slug}.example.org", language="zh-hans", at=now())
            grant_role(owner, Role.OWNER, by="command", at=now())
            _token, tokens[slug] = mint_token(
                owner,
                label="traffic",
                scopes=["codes:read", "codes:write"],
                expires_at=now() + timedelta(days=1),
                by="command",
                at=now(),
            )
    print(json.dumps(tokens))


def colour_codes(*words: str) -> None:
    """`manage.py upgrade_societies` with the migration that `tests.tenants.new_code` needs."""
    from django.core.management import call_command
    from django.db.migrations.loader import MigrationLoader

    from tests.one_more_migration import one_more_migration

    added = migrations.AddField("referralcode", "colour", models.CharField(max_length=9, null=True))
    load = one_more_migration("referrals", "9991_colour", added)
    MigrationLoader.load_disk = load  # type: ignore[method-assign, assignment]
    call_command("upgrade_societies", *words)


ERRANDS: dict[str, Callable[..., None]] = {
    "provision": provision,
    "open": open_many,
    "upgrade": upgrade,
    "open_served": open_served,
    "colour_codes": colour_codes,
}

if __name__ == "__main__":
    django.setup()
    ERRANDS[sys.argv[1]](*sys.argv[2:])
