"""Stock django-tenants on the server that the measurement runs on."""

import json
import sys
from typing import Any


def enter(**different: Any) -> dict[str, Any]:
    """Set Django up with the stock settings, but for what is `different`, and an empty database of its own.

    Returns the wishes of whoever started this program.
    """
    from tests.bench.arena import OWNER, prepare_environment

    prepare_environment()
    host, port, wishes = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    import psycopg
    from django.conf import settings
    from psycopg.sql import SQL, Identifier

    settings.DATABASES["default"].update(HOST=host, PORT=port)
    for name, value in different.items():
        setattr(settings, name, value)
    with psycopg.connect(host=host, port=port, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS bench_stock WITH (FORCE)")
        admin.execute(SQL("CREATE DATABASE bench_stock OWNER {}").format(Identifier(OWNER)))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, verbosity=0, interactive=False)
    answer: dict[str, Any] = wishes
    return answer


def open_stock(number: int, *, create: bool = True) -> Any:
    """Open a tenant the stock way: a row, CREATE SCHEMA, and every migration."""
    from tenants.models import Society

    society = Society(
        schema_name=f"s_stock_{number}", kind="branch", number=f"{number:03d}"[-3:], slug=f"stock-{number}",
        name_zh="x", name_en="x",
    )  # fmt: skip
    society.auto_create_schema = create
    society.save(verbosity=0)
    return society


def clone_schemas(numbers: list[int], template: str) -> None:
    """Many schemas quickly, with django-tenants' own clone function: only to have something to migrate."""
    from django.db import connection
    from django_tenants.clone import CloneSchema

    for number in numbers:
        open_stock(number, create=False)
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        CloneSchema().clone_schema(template, f"s_stock_{number}", set_connection=False)


def answer(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)
