"""What tenancy costs a request, over many societies in rotation. `python -m tests.bench.requests`

Three sites answer the same three pages (no query, one, ten) through Django's whole handler, each in a process of its
own: Huilian, stock django-tenants, and one without tenancy. They take turns, so a busy moment hits all.
"""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from tests.bench.arena import arena, open_many
from tests.bench.figures import Aim, Unit, compare, sizes
from tests.bench.rivals import Rival

PAGES = {"/none/": "no query", "/ping/": "one query", "/ten/": "ten queries"}
Round = dict[str, dict[str, Any]]
_JUDGED: dict[bool, tuple[str, Unit]] = {False: ("median", "ms"), True: ("rate", "/s")}


def main(wishes: Namespace) -> None:
    with arena() as server:
        societies = open_many(wishes.societies)
        own = Rival(
            "own_requests",
            server,
            settings="config.settings",
            hosts=[f"{society.slug}.localhost" for society in societies],
        )
        plain = Rival(
            "stock.plain_requests",
            server,
            settings="tests.bench.stock.plain_settings",
            schema=societies[0].schema_name,
        )
        stock = Rival("stock.requests", server, settings="tests.bench.stock.settings", societies=wishes.societies)
        room = wishes.societies + wishes.threads
        sites = {
            "huilian": (own, {"idle": max(room, own.facts["idle"])}),
            "as shipped": (own, {"idle": own.facts["idle"]}),
            "no tenancy": (plain, {}),
            "stock": (stock, {"limit_set_calls": False}),
            "stock, tuned": (stock, {"limit_set_calls": True}),  # TENANT_LIMIT_SET_CALLS
        }
        print(f"{wishes.societies} societies; idle connections kept: {sites['huilian'][1]['idle']}, ", end="")
        print(f"as shipped {own.facts['idle']} (HUILIAN_IDLE_CONNECTIONS)")
        try:
            for threads in (1, wishes.threads):
                for path, title in PAGES.items():
                    report(title, path, race(sites, wishes, path=path, threads=threads), threads)
        finally:
            for rival in (own, plain, stock):
                rival.leave()


def race(
    sites: Mapping[str, tuple[Rival, dict[str, Any]]], wishes: Namespace, *, path: str, threads: int
) -> list[Round]:
    """Each site in turn, once to warm up, then `rounds` times."""
    rounds = []
    for number in range(wishes.rounds + 1):
        # The first round only opens connections, and need not be longer than that takes.
        count = wishes.requests if number else max(wishes.societies, 20) * threads
        rounds.append(
            {name: rival.ask(path=path, count=count, threads=threads, **ways) for name, (rival, ways) in sites.items()}
        )
    return rounds[1:]


def report(what: str, path: str, rounds: list[Round], threads: int) -> None:
    """One thread is judged by its times, several by what they answer together."""
    measure, unit = _JUDGED[threads > 1]
    title = f"{what}, {threads} thread{'s' if threads > 1 else ''}"
    values = {name: [each[name][measure] for each in rounds] for name in rounds[0]}
    shipped = values.pop("as shipped")
    aims = {"no tenancy": Aim("<=", 1.5), "stock": Aim(">=", 1)} if path == "/ping/" else {}
    compare(title, values, unit, aims)
    if path == "/ping/":
        compare(f"{title}, as shipped", {**values, "huilian": shipped}, unit, aims)
        # Without what the database and the clock of a busy machine add.
        busy = {name: [each[name]["busy"] for each in rounds] for name in values}
        compare(f"{title}, of a processor", busy, "ms")


if __name__ == "__main__":
    main(sizes(__doc__, societies=60, requests=1200, rounds=5, threads=8))
