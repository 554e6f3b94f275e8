"""The place where measurements happen: one server, Huilian in this process, stock django-tenants in another."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAME = "huilian"  # of the database, on a server that is only ours: the launcher's programs look for it there
OWNER = f"{NAME}_provisioner"
AT = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {
    "SECRET_KEY": "only-for-measuring-" * 4,
    "HUILIAN_DATABASE_KEY": "only-for-measuring-" * 2,
    "HUILIAN_FIELD_KEY": "only-for-measuring-" * 2,
    "PROVISIONER_PASSWORD": "provisioner",
}
SERVER = {"max_connections": "300", "max_locks_per_transaction": "512"}


def prepare_environment(**wishes: str) -> None:
    """Before Django's settings are read; `wishes` are environment variables that differ from the usual."""
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
            "DATABASE_URL": f"postgresql://localhost/{NAME}",
            "PROVISIONER_DATABASE_URL": f"postgresql://{OWNER}:{KEYS['PROVISIONER_PASSWORD']}@localhost/{NAME}",
            **{name: value for name, value in KEYS.items() if name != "PROVISIONER_PASSWORD"},
            "HUILIAN_STREET_MAP_SECONDS": "60",
            "BROKER_URL": "memory://localhost/",
            **wishes,
        }
    )
    for folder in (ROOT, ROOT / "platform"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


@contextmanager
def arena(*, durable: bool = False, **wishes: str) -> Iterator[Any]:
    """A server with Huilian's database ready and Django set up; yields the server.

    `durable`: with the settings of `make run`, for what writes and waits for the disk; else one that forgets all.
    """
    with tempfile.TemporaryDirectory(prefix="huilian-bench-") as folder:
        prepare_environment(HUILIAN_DATA_DIR=folder, **wishes)
        with _server(Path(folder), durable=durable) as server:
            point_at(server.host, str(server.port))
            import django

            django.setup()
            from tenants.provisioning import create_database, prepare_database

            create_database(server.url("postgres", user=server.superuser))
            prepare_database()
            try:
                yield server
            finally:
                from django.db import connections

                from tenants.postgresql.base import idle_connections

                connections.close_all()
                idle_connections.close_all()


@contextmanager
def _server(folder: Path, *, durable: bool) -> Iterator[Any]:
    from config.launcher.postgres import start_postgres, temporary_postgres

    if not durable:
        with temporary_postgres(settings=SERVER) as server:
            yield server
        return
    server = start_postgres(folder / "postgres", settings=SERVER)
    try:
        yield server
    finally:
        server.stop()


def point_at(host: str, port: str) -> None:
    from django.conf import settings

    for road in settings.DATABASES.values():
        road["HOST"], road["PORT"] = host, port


def stock(program: str, server: Any, **wishes: Any) -> dict[str, Any]:
    """Run a program of `tests.bench.stock` on the same server; its last line is its answer as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.stock.{program}", server.host, str(server.port), json.dumps(wishes)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.stock.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def open_many(count: int, *, first: int = 101) -> list[Any]:
    """Open `count` branches, and provinces after the 99th, the cheap way, for measurements over many societies."""
    return [_open(number) for number in range(first, first + count)]


def open_headquarters() -> Any:
    from tenants.opening import open_society

    return open_society(number="100", slug="hq", kind="headquarters", name_zh="总部", name_en="Headquarters", at=AT)


def _open(number: int) -> Any:
    from tenants.opening import open_society

    return open_society(
        number=f"{number:03d}" if number < 200 else f"{number + 1:03d}",
        slug=f"bench-{number}",
        kind="branch" if number < 200 else "province",
        name_zh=f"试验{number}",
        name_en=f"Bench {number}",
        at=AT,
    )
