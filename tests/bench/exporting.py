"""Headquarters' roll as a file: rows a second and memory. `python -m tests.bench.exporting --rows 100000`

The file is asked of the very view, with its middleware, and read to its end as a server would send it. Each format is
taken by a process of its own, whose peak of memory is compared with what it had before the first row.
"""

import os
import resource
import sys
from argparse import Namespace
from time import perf_counter
from typing import Any

from tests.bench.arena import arena, open_headquarters, open_many
from tests.bench.figures import Aim, show_number, sizes

PER_SOCIETY = 10_000
MEMORY = Aim("<=", 64)  # MiB on top of the process at rest, however many rows


def main(wishes: Namespace) -> None:
    with arena() as server:
        from tests.bench.filled_ledger import ROLL
        from tests.bench.filling import insert, open_filler, people, refresh

        headquarters = open_headquarters()
        societies = max(1, wishes.rows // PER_SOCIETY)
        opened = open_many(min(societies, wishes.societies))
        numbers = [each.number for each in opened]
        from federation.ledger.models import RollEntry

        with open_filler(server) as filler:
            insert(filler, RollEntry, headquarters.schema_name, ROLL, people(numbers, wishes.rows // len(numbers)))
            refresh(filler, headquarters.schema_name, RollEntry)
        prepare(headquarters)
        for kind in ("csv", "xlsx"):
            _in_child(lambda kind=kind: take(kind, wishes.rows))


def prepare(headquarters: Any) -> None:
    """An officer who may export, and the scheme that names the categories."""
    import json

    from huilian.accounts.models import Role, RoleGrant, User
    from huilian.schemes.loading import load_preset
    from huilian.schemes.models import SchemeVersion
    from kit import clock
    from tenants.context import inside

    scheme = load_preset("cmes")
    with inside(headquarters):
        SchemeVersion.objects.create(
            key=scheme.key,
            version=scheme.version,
            effective_on=scheme.effective_on,
            document=json.loads(scheme.to_json()),
            published_at=clock.now(),
        )
        user = User.objects.create_user(name="赵敏", is_staff=True)
        RoleGrant.objects.create(user=user, role=Role.OWNER, from_on=scheme.effective_on)


def take(kind: str, rows: int) -> None:
    """One export from the question to the last byte."""
    from django.db import connection
    from django.test import Client

    from huilian.accounts.models import User
    from tenants.context import headquarters, inside

    client = Client(HTTP_HOST="hq.localhost:8000", headers={"Accept-Language": "zh-hans"})
    with inside(headquarters()):
        client.force_login(User.objects.get(), backend="huilian.accounts.backends.ContactBackend")
    client.get("/console/roll/")
    before = _peak()
    start = perf_counter()
    page: Any = client.get(f"/console/roll/export.{kind}")
    assert page.status_code == 200, page.content
    first, size, lines = 0.0, 0, 0
    for piece in page.streaming_content:
        first = first or perf_counter() - start
        size += len(piece)
        lines += piece.count(b"\n")
    took = perf_counter() - start
    assert connection.connection is None, "a connection was kept"
    if kind == "csv":
        assert lines == rows + 1, f"{lines} lines for {rows} rows"
    title = f"{kind}, {rows} rows"
    show_number(f"{title}: first byte", first * 1000, "ms")
    show_number(f"{title}: whole file", took, "s")
    show_number(f"{title}: rate", rows / took, "rows/s")
    show_number(f"{title}: size", size / 2**20, "MiB")
    show_number(f"{title}: memory at the peak", _peak(), "MiB")
    show_number(f"{title}: of it for the export", _peak() - before, "MiB", aim=MEMORY)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_child(act: Any) -> None:
    """In a process of its own, which begins with what this one holds and no connection of its own."""
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the export failed")


if __name__ == "__main__":
    main(sizes(__doc__, rows=1_000_000, societies=100))
