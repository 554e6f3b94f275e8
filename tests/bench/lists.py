"""Server time of every page that lists or reports, over large societies. `python -m tests.bench.lists`

The pages are found in the URL tables: all that take no parameter, with the last page, a search and each filter where
a list offers them, and what its first row leads to. They are opened by the owner of headquarters and of one branch,
through Django's whole handler.
"""

import logging
from argparse import Namespace
from collections.abc import Iterator
from importlib import import_module
from time import perf_counter
from typing import Any

from tests.bench.arena import AT, arena, open_headquarters, open_many
from tests.bench.figures import Aim, record, sizes, spread
from tests.bench.visiting import HandlerDoor, Visitor

# Pages that add up, or that count over everything; what is handed out as a whole has no aim; the others list.
REPORTS = {
    "console",
    "console_society",
    "console_federation",
    "console_border",
    "console_societies",
    "console_past",
    "console_past_members",
    "home",
}
WHOLE = {
    "console_members_export",
    "console_members_export_xlsx",
    "console_roll_export",
    "console_roll_export_xlsx",
    "console_past_csv",
    "console_past_xlsx",
    "components",
}
REPORT, LIST = Aim("<=", 300), Aim("<=", 60)
OWNER = "owner"


def main(wishes: Namespace) -> None:
    with arena(HUILIAN_PORT="8000") as server:
        headquarters = open_headquarters()
        societies = open_many(wishes.societies)
        _prepare(server, headquarters, societies, wishes)
        from django.core.handlers.wsgi import WSGIHandler

        logging.getLogger("django.request").setLevel(logging.ERROR)  # pages only for POST are asked here too
        handler = WSGIHandler()
        for society, urls in ((headquarters, "config.urls.headquarters"), (societies[0], "config.urls.society")):
            visitor = _owner_of(society, handler)
            for name, path in pages(urls):
                if name.startswith(("console_roll_export", "console_past_members_export")):
                    continue  # a million rows: `tests.bench.exporting` measures how they are sent
                _measure(visitor, f"{society.slug}: {name}", name, path, wishes)


def _prepare(server: Any, headquarters: Any, societies: list[Any], wishes: Namespace) -> None:
    from config.demo.staff import hire_staff
    from federation import pump
    from huilian.schemes.loading import load_preset
    from huilian.schemes.services import publish_scheme
    from tenants.context import inside
    from tests.bench.filled_console import fill_console, fill_payments
    from tests.bench.filled_ledger import fill_ledger
    from tests.bench.filled_societies import fill_bills, fill_societies
    from tests.bench.filling import open_filler

    with inside(headquarters):
        publish_scheme(load_preset("cmes"), by="bench", at=AT)
    pump()
    for society in (headquarters, societies[0]):
        with inside(society):
            hire_staff(at=AT)
    with open_filler(server) as filler:
        fill_ledger(filler, headquarters, societies, members=wishes.members)
        fill_societies(filler, headquarters, societies[:1])
        fill_bills(filler, headquarters)
        fill_payments(filler, headquarters)
        for society in (headquarters, societies[0]):
            fill_console(filler, society, records=2 * wishes.members, codes=max(1, wishes.members // 50))


def pages(urls: str) -> Iterator[tuple[str, str]]:
    """What the public and the staff may open with nothing but an address."""
    from huilian.portals.policies import POLICIES
    from tests.bench.finding import plain_pages

    for name, path in plain_pages(import_module(urls).urlpatterns):
        policy = POLICIES.get(name, "")
        if policy == "public" or policy.startswith(("staff:", "hq:")):
            yield name, path


def _owner_of(society: Any, handler: Any) -> Visitor:
    """The owner's browser, signed in."""
    from django.conf import settings
    from django.test import Client

    from config.demo.staff import staff_user
    from tenants.context import inside

    client = Client()
    with inside(society):
        client.force_login(staff_user(OWNER), backend=settings.AUTHENTICATION_BACKENDS[0])
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    door = HandlerDoor(handler, address="127.0.0.1")
    return Visitor(door, f"{society.slug}.localhost:8000", cookies=cookies)


def _measure(visitor: Visitor, title: str, name: str, path: str, wishes: Namespace) -> None:
    from tests.bench.finding import first_row, variants

    first = visitor.get(path)
    aim = None if name in WHOLE else REPORT if name in REPORTS else LIST
    for what, query in {"": "", **(variants(first.text) if first.status == 200 else {})}.items():
        _show(visitor, f"{title} {what}".rstrip(), path + query, aim=aim, repeat=wishes.repeat)
    if first.status == 200 and (row := first_row(first.text)):
        _show(visitor, f"{title}: what a row leads to", row, aim=LIST, repeat=wishes.repeat)


def _show(visitor: Visitor, title: str, path: str, *, aim: Aim | None, repeat: int) -> None:
    from tests.bench.queries import every_query

    with every_query() as counted:
        answer = visitor.get(path)
    if answer.status != 200:
        # Only for POST, or leads elsewhere: no page to measure. A server error is one, and a broken one.
        print(f"{title:52s} answered {answer.status}{'   BROKEN' if answer.status >= 500 else ''}")
        record(title, status=answer.status)
        return
    times = []
    for _ in range(repeat):
        start = perf_counter()
        visitor.get(path)
        times.append(perf_counter() - start)
    side, size = spread(times, "ms"), len(answer.text.encode()) / 1024
    end = f"aim {aim}: {'reached' if aim.reached(side['p95']) else 'MISSED'}" if aim else ""
    numbers = (
        f"p50 {side['median']:7.1f} ms  p95 {side['p95']:7.1f} ms  {len(counted.queries):3d} queries  {size:6.0f} KiB"
    )
    print(f"{title:52s} {numbers}   {end}", flush=True)
    facts: dict[str, Any] = {"aim": str(aim), "reached": aim.reached(side["p95"])} if aim else {}
    record(title, unit="ms", sides={"huilian": side}, queries=len(counted.queries), kib=size, **facts)


if __name__ == "__main__":
    main(sizes(__doc__, societies=100, members=10000, repeat=30))
