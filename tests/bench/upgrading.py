"""Upgrading 100 societies: one AddField, and nothing to do. `python -m tests.bench.upgrading [societies]`"""

import sys
from datetime import UTC, datetime
from time import perf_counter

from tests.bench.arena import arena, open_many, show, stock
from tests.bench.extra_migration import add_to_disk

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100

if __name__ == "__main__":
    with arena() as server:
        from tenants.upgrading import upgrade_societies

        open_many(min(COUNT, 98))
        open_many(max(0, COUNT - 98), first=200)

        def upgrade() -> float:
            start = perf_counter()
            report = upgrade_societies(at=datetime(2026, 2, 1, tzinfo=UTC))
            assert not report.failed, report.failed
            return perf_counter() - start

        upgrade()
        nothing = [upgrade() for _ in range(5)]
        add_to_disk()
        field = [upgrade()]
        theirs = stock("upgrading", server, count=COUNT, repeat=2)
        show(f"{COUNT} societies, nothing to do", nothing, theirs["nothing"], "s")
        show(f"{COUNT} societies, one AddField", field, theirs["field"], "s")
