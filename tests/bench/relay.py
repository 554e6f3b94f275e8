"""Messages across the border: how many a second, and how late. `python -m tests.bench.relay`

Stock django-tenants has no border; what people write there instead is measured beside it: each change turns to
headquarters' schema and writes there, row by row.
"""

from argparse import Namespace
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from tests.bench.arena import arena, open_headquarters, open_many
from tests.bench.figures import Aim, compare, show_alone, sizes


def main(wishes: Namespace) -> None:
    with arena(durable=True, BROKER_URL="filesystem://localhost/") as server:
        from tests.bench.lag import measure_lag
        from tests.bench.relay_rival import write_directly

        headquarters = open_headquarters()
        societies = open_many(wishes.societies)
        rates = [_carry_and_handle(server, headquarters, societies, wishes, each) for each in range(wishes.rounds)]
        carried, handled, both = (list(each) for each in zip(*rates, strict=True))
        stock = [write_directly(headquarters, societies, wishes.stock) for _ in range(wishes.rounds)]
        title = f"{wishes.messages} messages, {wishes.societies} societies"
        show_alone(f"{title}: carried", carried, "/s", aim=Aim(">=", 5000))
        show_alone(f"{title}: handled", handled, "/s")
        compare(f"{title}: carried and handled", {"huilian": both, "stock": stock}, "/s")
        every = 1 / wishes.per_second
        lags = measure_lag(server, headquarters, societies, seconds=wishes.seconds, every=every)
        show_alone(f"lag, {wishes.per_second} a second for {wishes.seconds} s", lags, "s", aim=Aim("<=", 2))


def _carry_and_handle(
    server: Any, headquarters: Any, societies: Sequence[Any], wishes: Namespace, number: int
) -> tuple[float, float, float]:
    """Messages per second carried by the relay, handled at headquarters, and both after one another."""
    from federation.inbox import handle_waiting
    from federation.ledger.models import RollEntry
    from federation.relay import deliver_all
    from tenants.context import inside
    from tests.bench.filling import open_filler
    from tests.bench.messages import fill_outbox

    each = wishes.messages // len(societies)
    with open_filler(server) as filler:
        for society in societies:
            fill_outbox(filler, society, first=1 + number * each, count=each)
    expected = each * len(societies)
    with inside(headquarters):
        before = RollEntry.objects.count()
    start = perf_counter()
    carried = deliver_all().total()
    middle = perf_counter()
    with inside(headquarters):
        while handle_waiting():
            pass
        end = perf_counter()
        assert carried == RollEntry.objects.count() - before == expected, "messages were lost"
    return expected / (middle - start), expected / (end - middle), expected / (end - start)


if __name__ == "__main__":
    main(sizes(__doc__, societies=10, messages=50000, rounds=3, stock=1000, seconds=25, per_second=10))
