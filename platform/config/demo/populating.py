"""Filling the demonstration with people at every step of every route."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from config.demo.people import Person
from config.demo.staff import BY, hire_staff, mint_tokens
from config.demo.walks import Wish, act_in_society, apply, decide_at_headquarters, pay_at_headquarters
from federation import pump
from huilian.applications.channels import channel_of
from huilian.applications.models import Application
from huilian.schemes.queries import current_scheme
from kit import clock
from referrals.services import mint_society_code
from tenants.context import headquarters, inside, url_of
from tenants.models import Society
from tenants.registry import street_map

TOGETHER = 14  # people in one season

Progress = Callable[[int, int, str], None]

# category → where its people stop; longer lists are bigger crowds
CROWDS: dict[str, tuple[str, ...]] = {
    "student": ("member",) * 6,
    "ordinary": ("submitted", "reported", "withdrawn", "draft") + ("member",) * 6,
    "senior": (
        "approved",
        "endorsed",
        "refused",
        "submitted",
        "member",
        "refused_here",
        "reported",
        "member",
        "member",
    ),
    "institutional": ("member", "endorsed", "member"),
    "individual": ("submitted", "submitted", "refused", "withdrawn") + ("member",) * 8,
}


@dataclass
class Way:
    """One wish, where it is walked, and what has come of it."""

    society: Society
    wish: Wish
    application: Application | None = None


def populate(*, at: datetime, progress: Progress) -> dict[str, Any]:
    """Staff, codes and people for every open society; returns what a script needs to drive the demonstration."""
    societies = [s for s in street_map().by_number.values() if s.state == Society.State.OPEN]
    demo: dict[str, Any] = {"hosts": {}, "users": [], "tokens": {}, "codes": {}}
    ways: list[Way] = []
    for index, society in enumerate(societies):
        demo["hosts"][society.slug] = url_of(society)
        with inside(society):
            demo["users"] += hire_staff(at=at - timedelta(days=400))
            demo["tokens"][society.slug] = mint_tokens(at=at)
            codes = demo["codes"][society.slug] = _mint_codes(society, at=at - timedelta(days=390))
            wishes = _wishes(codes[0], first=1000 * (index + 1), at=at)
        ways += [Way(society, wish) for wish in wishes]
    ways.sort(key=lambda way: way.wish.at)
    seasons = [ways[start : start + TOGETHER] for start in range(0, len(ways), TOGETHER)]
    for done, season in enumerate(seasons):
        progress(done, len(seasons), f"{season[0].wish.at:%B %Y}")
        _walk(season)
    progress(len(seasons), len(seasons), "")
    return demo


def _mint_codes(society: Society, *, at: datetime) -> list[str]:
    labels = ("年会展台", "微信公众号") if society.kind != "headquarters" else ("官网首页", "全国大会")
    return [mint_society_code(label=label, by=BY, by_user=None, at=at).code for label in labels]


def _walk(season: list["Way"]) -> None:
    """People of about the same time, each phase together, so that messages travel in large batches."""
    begun = season[-1].wish.at
    for society, ways in _by_society(season):
        with inside(society):
            for way in ways:
                way.application = apply(way.wish, channel=channel_of(society))
                if way.wish.stop != "draft":
                    act_in_society(way.wish, way.application)
    _let_messages_travel(begun + timedelta(hours=6))
    for phase, later in ((decide_at_headquarters, timedelta(days=1)), (pay_at_headquarters, timedelta(days=2))):
        with inside(headquarters()):
            for way in season:
                if way.wish.stop != "draft" and way.application is not None:
                    phase(way.wish, way.society.number, way.application)
        _let_messages_travel(begun + later)


def _by_society(season: list["Way"]) -> Iterator[tuple[Society, list["Way"]]]:
    ordered = sorted(season, key=lambda way: way.society.number)
    for _number, ways in groupby(ordered, key=lambda way: way.society.number):
        some = list(ways)
        yield some[0].society, some


def _let_messages_travel(moment: datetime) -> None:
    """Handlers ask the clock; here it stands at the time that is told of, but never after today."""
    real = clock.now
    clock.now = lambda: min(moment, real())
    try:
        pump()
    finally:
        clock.now = real


def _wishes(code: str, *, first: int, at: datetime) -> list[Wish]:
    offered = {category.code for category in current_scheme().categories if category.self_application}
    wishes: list[Wish] = []
    for category, stops in CROWDS.items():
        if category not in offered:
            continue
        # No two societies are of one size: the crowd's tail is left out by turns.
        present = stops[: len(stops) - (first // 1000 * 2 + len(category)) % (len(stops) // 2 + 1)]
        for index, stop in enumerate(present):
            n = first + len(wishes)
            finished = stop in ("member", "refused", "refused_here", "withdrawn")
            age = timedelta(days=(37 * n) % 330 + 12) if finished else timedelta(days=1 + index % 4)
            wishes.append(
                Wish(
                    person=Person(n),
                    category=category,
                    stop=stop,
                    at=at - age,
                    code=code if n % 2 else "",
                    years=1 + n % 5 if stop == "member" and category in ("ordinary", "senior") else 1,
                )
            )
    return wishes
