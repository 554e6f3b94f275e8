"""migrate_schemas over many tenants: nothing to do, then one AddField."""

from time import perf_counter

from tests.bench.stock.arena import answer, clone_schemas, enter, open_stock

wishes = enter()
open_stock(1)
clone_schemas(list(range(2, wishes["count"] + 1)), "s_stock_1")

from django.core.management import call_command  # noqa: E402

from tests.bench.extra_migration import add_to_disk  # noqa: E402


def migrate() -> float:
    start = perf_counter()
    call_command("migrate_schemas", tenant=True, verbosity=0, interactive=False)
    return perf_counter() - start


nothing = [migrate() for _ in range(wishes["repeat"])]
add_to_disk()
answer(nothing=nothing, field=[migrate()])
