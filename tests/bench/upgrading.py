"""Upgrading 100 societies: one AddField, and nothing to do. `python -m tests.bench.upgrading`"""

from datetime import UTC, datetime
from time import perf_counter

from tests.bench.arena import arena, open_many, stock
from tests.bench.extra_migration import add_to_disk
from tests.bench.figures import Aim, compare, sizes

if __name__ == "__main__":
    wishes = sizes(__doc__, societies=100, repeat=2)
    count = wishes.societies
    with arena() as server:
        from tenants.upgrading import upgrade_societies

        open_many(min(count, 98))
        open_many(max(0, count - 98), first=200)

        def upgrade() -> float:
            start = perf_counter()
            report = upgrade_societies(at=datetime(2026, 2, 1, tzinfo=UTC))
            assert not report.failed, report.failed
            return perf_counter() - start

        upgrade()
        ours = {"nothing": [upgrade() for _ in range(5)]}
        add_to_disk()
        ours["field"] = [upgrade()]
        theirs = stock("upgrading", server, count=count, repeat=wishes.repeat)
        for what, aim in (("nothing", 100), ("field", 50)):
            title = f"{count} societies, {'nothing to do' if what == 'nothing' else 'one AddField'}"
            compare(title, {"huilian": ours[what], "stock": theirs[what]}, "s", {"stock": Aim(">=", aim)})
