"""Headquarters' summary over 100 societies of 10,000 members, of now and of past days. `python -m tests.bench.summary`

Beside it, in the same run and over the same people: a loop over all schemas, which is what stock django-tenants leaves
one to write, and counting in the projected tables without sums kept beside them.
"""

from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import Any

from tests.bench.arena import arena, open_headquarters, open_many
from tests.bench.figures import Aim, compare, show_alone, show_number, sizes

ON = date(2026, 1, 15)
PAST = (date(2025, 12, 31), date(2021, 8, 17), date(2016, 2, 3))  # the last days of a year are the most rows to add up


def main(wishes: Namespace) -> None:
    with arena() as server:
        from tests.bench.filled_ledger import check_sums, fill_ledger
        from tests.bench.filled_societies import fill_bills, fill_societies
        from tests.bench.filling import open_filler

        headquarters = open_headquarters()
        societies = open_many(wishes.societies)
        filled: list[Any] = []
        with open_filler(server) as filler:
            for count in sorted({min(wishes.few, len(societies)), len(societies)}):
                more = societies[len(filled) : count]
                fill_ledger(filler, headquarters, more, members=wishes.members)
                fill_societies(filler, headquarters, more)
                filled += more
                fill_bills(filler, headquarters)
                measure(headquarters, filled, wishes, check=check_sums)


def measure(headquarters: Any, societies: Sequence[Any], wishes: Namespace, *, check: Callable[[str], None]) -> None:
    """Latency and number of queries over what is filled by now."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from federation.ledger.models import Movement, Rollup
    from federation.ledger.past import stood_on
    from federation.ledger.queries import summary
    from tenants.context import inside
    from tests.bench.summary_rivals import count_in_projection, loop_over_schemas

    title = f"{len(societies)} societies × {wishes.members}"
    with inside(headquarters):
        check(societies[-1].number)
        with CaptureQueriesContext(connection) as queries:
            found = summary(on=ON)
        ours = _times(wishes.repeat, lambda: summary(on=ON))
        counted = count_in_projection(on=ON)
        direct = _times(wishes.stock, lambda: count_in_projection(on=ON))
        rollups, movements = Rollup.objects.count(), Movement.objects.count()
        stood = stood_on(date(2030, 1, 1))
        past = {day: _times(wishes.repeat, lambda day=day: stood_on(day)) for day in PAST}  # type: ignore[misc]
    looped = loop_over_schemas(headquarters, societies, on=ON)
    loop = _times(wishes.stock, lambda: loop_over_schemas(headquarters, societies, on=ON))
    sums = {s.number: (s.members, s.in_progress, s.fees_settled_minor) for s in found.societies.values()}
    assert sums == counted == looped, "the three ways of counting disagree"
    assert {n: (s.members, s.in_progress, s.fees_settled_minor) for n, s in stood.by_society().items()} == sums
    show_number(f"{title}, queries", len(queries))
    show_number(f"{title}, rows of sums", rollups)
    show_alone(title, ours, aim=Aim("<=", 100))
    show_number(f"{title}, rows of sums of days, months and years", movements)
    for day, times in past.items():
        show_alone(f"{title}, as of {day}", times, aim=Aim("<=", 300))
    compare(title, {"huilian": ours, "loop (stock)": loop, "projection": direct})


def _times(repeat: int, act: Callable[[], Any]) -> list[float]:
    times = []
    for _ in range(repeat):
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    return times


if __name__ == "__main__":
    main(sizes(__doc__, societies=100, few=10, members=10000, repeat=50, stock=3))
