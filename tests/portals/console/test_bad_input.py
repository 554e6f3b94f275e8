"""Whatever is typed into the console, it answers with a sentence, and nothing is half-done."""

from typing import Any

import pytest

from huilian.journal.models import Record
from tests.portals.console.desk import Desk
from tests.portals.console.world import World

NASTY = [
    "\x00",
    "䶮㛃𬭎",
    "\u202eevil",
    "' OR 1=1 --",
    "%",
    "\\",
    "\ud800",
    "x" * 10_000,
    "<script>",
    "\n\r\t",
    "９９９",
    "-1",
]
LISTS = {
    "/console/members/": ("text", "category", "state", "kind", "channel", "code", "page"),
    "/console/members/export.csv": ("text", "category", "code"),
    "/console/codes/": ("text", "over", "page"),
    "/console/applications/": ("text", "state", "step", "category", "channel", "code", "page"),
    "/console/journal/": ("verb", "actor", "from_on", "to_on", "subject", "page"),
    "/outbox/": ("channel", "address", "page"),
    "/console/schemes/1/changes/": ("with",),
}
HEADQUARTERS_LISTS = {
    "/console/cases/": ("whose", "clock", "society", "category", "page"),
    "/console/payments/": ("text", "state", "page"),
    "/console/cases/together/": ("case",),
    "/console/federation/applications/": ("society", "category", "state", "step", "page"),
    "/console/federation/past/": ("as_of", "society"),
    "/console/federation/past/figures.csv": ("as_of", "society"),
    "/console/institutions/": ("text", "society", "category", "state", "page"),
    "/console/roll/": ("text", "society", "category", "state", "code", "page"),
    "/console/roll/export.csv": ("text", "society"),
    "/console/fees/": ("society", "category", "state", "page"),
    "/console/societies/": ("page",),
    "/console/border/": ("page",),
}


def _answered(desk: Desk, where: object) -> None:
    assert desk.page.status_code in (200, 302, 400, 404, 422), (where, desk.page.status_code)


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_filters(world: World, nasty: str) -> None:
    welding = Desk(world.federation.welding, world.owner)
    hq = Desk(world.federation.hq, world.officer)
    value = nasty.encode("utf-8", "surrogatepass")
    for desk, lists in ((welding, LISTS), (hq, HEADQUARTERS_LISTS)):
        for path, names in lists.items():
            for name in names:
                desk.get(path, {name: value})
                _answered(desk, (path, name))


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_forms(world: World, nasty: str) -> None:
    """Each field of each form once with nonsense, the others left out: nothing is done."""
    federation = world.federation
    welding, hq = Desk(federation.welding, world.owner), Desk(federation.hq, world.officer)
    forms: list[tuple[Desk, str, tuple[str, ...]]] = [
        (welding, "/console/codes/new/", ("valid_from", "last_day", "max_uses")),
        (welding, f"/console/codes/{world.code}/entrust/", ("user",)),
        (welding, f"/console/applications/{world.waiting}/endorse/", ("version", "reason")),
        (welding, f"/console/applications/{world.waiting}/refuse/", ("version", "reasons")),
        (welding, "/console/tokens/new/", ("label", "scopes", "last_day")),
        (welding, "/console/staff/grant/", ("contact", "role", "from_on", "last_day", "reason")),
        (welding, "/console/staff/invite/", ("role", "name", "email", "phone")),
        (hq, f"/console/cases/{world.case}/approve/", ("version", "reason")),
        (hq, f"/console/cases/{world.case}/refuse/", ("version", "reasons")),
        (hq, f"/console/payments/{world.payment}/confirm/", ("received_minor",)),
        (hq, "/console/societies/open/", ("kind", "number", "slug", "name_zh", "reason")),
        (hq, "/console/resolutions/new/", ("number", "meeting", "resolved_on", "text")),
        (hq, "/console/schemes/dues/", ("category", "amount_minor", "effective_on", "meeting")),
        (hq, "/console/schemes/publish/", ("document",)),
        (hq, "/console/border/reconcile/", ("number",)),
    ]
    before = _journals(world)
    for desk, path, names in forms:
        for name in names:
            desk.post(path, {name: nasty.encode("utf-8", "surrogatepass")})
            _answered(desk, (path, name))
    assert _journals(world) == before


def _journals(world: World) -> list[Any]:
    counts = []
    for society in (world.federation.welding, world.federation.hq):
        with world.federation.inside(society):
            counts.append(Record.objects.count())
    return counts
