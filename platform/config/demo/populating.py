"""Filling the demonstration with people at every step of every route."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from config.demo.people import Person
from config.demo.staff import BY, hire_staff, mint_tokens
from config.demo.walks import Wish, act_in_society, apply, decide_at_headquarters, pay_at_headquarters
from federation import pump
from huilian.accounts.models import User
from huilian.applications.channels import channel_of
from huilian.applications.models import Application
from huilian.schemes.queries import current_scheme
from referrals.services import mint_society_code
from tenants.context import headquarters, inside, url_of
from tenants.models import Society
from tenants.registry import street_map

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


def populate(*, at: datetime, progress: Progress) -> dict[str, Any]:
    """Staff, codes and people for every open society; returns what a script needs to drive the demonstration."""
    societies = [s for s in street_map().by_number.values() if s.state == Society.State.OPEN]
    demo: dict[str, Any] = {"hosts": {}, "users": [], "tokens": {}, "codes": {}}
    for done, society in enumerate(societies):
        progress(done, len(societies), society.name_en)
        demo["hosts"][society.slug] = url_of(society)
        with inside(society):
            if not User.objects.exists():
                demo["users"] += hire_staff(at=at - timedelta(days=400))
            demo["tokens"][society.slug] = mint_tokens(at=at)
            demo["codes"][society.slug] = _mint_codes(society, at=at - timedelta(days=390))
        pump()
        _walk(society, demo["codes"][society.slug][0], first=1000 * (done + 1), at=at)
    progress(len(societies), len(societies), "")
    return demo


def _mint_codes(society: Society, *, at: datetime) -> list[str]:
    labels = ("年会展台", "微信公众号") if society.kind != "headquarters" else ("官网首页", "全国大会")
    return [mint_society_code(label=label, by=BY, by_user=None, at=at).code for label in labels]


def _walk(society: Society, code: str, *, first: int, at: datetime) -> None:
    """All of a society's people, each phase together, so that messages travel in large batches."""
    with inside(society):
        wishes = _wishes(code, first=first, at=at)
        walks: list[tuple[Wish, Application]] = [(wish, apply(wish, channel=channel_of(society))) for wish in wishes]
        for wish, application in walks:
            if wish.stop != "draft":
                act_in_society(wish, application)
    pump()
    for phase in (decide_at_headquarters, pay_at_headquarters):
        with inside(headquarters()):
            for wish, application in walks:
                if wish.stop != "draft":
                    phase(wish, society.number, application)
        pump()


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
