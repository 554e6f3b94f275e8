"""The place where measurements happen: one server, Huilian in this process, stock django-tenants in another."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAME = "bench_huilian"


def prepare_environment() -> None:
    """Before Django's settings are read."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE=os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        DATABASE_URL=f"postgresql://localhost/{NAME}",
        PROVISIONER_DATABASE_URL=f"postgresql://{NAME}_provisioner:provisioner@localhost/{NAME}",
        SECRET_KEY="only-for-measuring-" * 4,
        HUILIAN_DATABASE_KEY="only-for-measuring",
        HUILIAN_FIELD_KEY="only-for-measuring",
        HUILIAN_STREET_MAP_SECONDS="60",
        BROKER_URL="memory://",
    )
    for folder in (ROOT, ROOT / "platform"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


@contextmanager
def arena() -> Iterator[Any]:
    """A server with Huilian's database ready and Django set up; yields the server."""
    prepare_environment()
    from config.launcher.postgres import temporary_postgres

    with temporary_postgres(settings={"max_connections": "300", "max_locks_per_transaction": "512"}) as server:
        point_at(server.host, str(server.port))
        import django

        django.setup()
        from tenants.provisioning import create_database, prepare_database

        create_database(server.url("postgres", user="postgres"))
        prepare_database()
        yield server
        from django.db import connections

        from tenants.postgresql.base import idle_connections

        connections.close_all()
        idle_connections.close_all()


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


def show(what: str, ours: list[float], theirs: list[float], unit: str = "ms") -> None:
    """Medians, ranges and the ratio, on one line each."""
    factor = {"ms": 1000.0, "s": 1.0}[unit]
    for who, values in (("huilian", ours), ("stock", theirs)):
        low, high = min(values) * factor, max(values) * factor
        print(f"{what:34s} {who:8s} {median(values) * factor:10.1f} {unit} ({low:.1f}-{high:.1f}, n={len(values)})")
    print(f"{what:34s} ratio    {median(theirs) / median(ours):10.1f} x", flush=True)


def open_many(count: int, *, first: int = 101) -> list[Any]:
    """Open `count` branches, the cheap way, for measurements over many societies."""
    from datetime import UTC, datetime

    from tenants.opening import open_society

    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        open_society(
            number=f"{number:03d}" if number < 200 else f"{number + 1:03d}",
            slug=f"bench-{number}",
            kind="branch" if number < 200 else "province",
            name_zh=f"试验{number}",
            name_en=f"Bench {number}",
            at=at,
        )
        for number in range(first, first + count)
    ]
