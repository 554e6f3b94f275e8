"""A society that came from an archive under another number becomes one of this federation, before anybody enters it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from config.handlers import AGGREGATES
from config.healing import known_at_headquarters, lift, report_all
from huilian.accounts.hashing import reseal
from huilian.accounts.models import Role
from huilian.accounts.services import invite, move_in
from huilian.applications.models import Application
from huilian.applications.services import ask_again
from huilian.billing.models import Bill
from huilian.journal.services import record
from huilian.members.models import ImportRow, Member
from huilian.members.numbering import renumber
from huilian.schemes.queries import current_scheme, forget_schemes
from huilian.schemes.services import send_schemes
from referrals.services import remint_codes
from tenants.archive.contents import Contents
from tenants.context import headquarters, inside
from tenants.models import Society

BY = "command"
# What is sealed opens only in the schema in which it was sealed.
SEALED = ((Member, "id_number_sealed"), (Application, "id_number_sealed"), (ImportRow, "sealed"))


@dataclass(frozen=True)
class Owner:
    """Who is invited to run the society."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(slots=True)
class Arrival:
    """What came along and what was changed on the way."""

    members: int = 0
    renumbered: int = 0
    codes: int = 0
    accounts: int = 0
    offices: int = 0
    asked: int = 0
    sealed: int = 0


def arrive(society: Society, contents: Contents, *, owner: Owner, reason: str, at: datetime) -> Arrival:
    """Give it its own numbers, codes and seals, tell headquarters all its rows, invite the owner: all in one step."""
    arrival = Arrival()
    known = known_at_headquarters(society)
    with inside(society), transaction.atomic():
        forget_schemes()
        moved = contents.number != society.number
        renumbered: dict[str, str] = {}
        if moved:
            pattern = current_scheme().member_number
            renumbered = renumber(pattern, old=contents.number, new=society.number, at=at)
            arrival.codes = remint_codes()
            Bill.objects.filter(society_number=contents.number).update(society_number=society.number)
        if contents.schema != society.schema_name:
            arrival.sealed = _seal_anew(contents.schema)
        arrival.accounts, arrival.offices = move_in(at=at)
        if moved:
            arrival.asked = ask_again(renumbered=renumbered, by=BY, at=at)
        arrival.members, arrival.renumbered = Member.objects.count(), len(renumbered)
        for what, aggregate in AGGREGATES.items():
            lift(what, aggregate, known[what])  # the number may have been another's before
            report_all(aggregate)
        invite(
            Role.OWNER,
            name=owner.name or society.name_zh,
            phone=owner.phone,
            email=owner.email,
            by=BY,
            at=at,
            reason=reason,
        )
        record(
            "society.arrived",
            ("society", society.number),
            by=BY,
            at=at,
            reason=reason,
            came_from=contents.number,
            archive_of=contents.taken_at,
            members=arrival.members,
            renumbered=arrival.renumbered,
            codes=arrival.codes,
            offices_ended=arrival.offices,
            asked_again=arrival.asked,
        )
    with inside(headquarters()), transaction.atomic():
        send_schemes(to=society.number)
        record("society.arrived", ("society", society.number), by=BY, at=at, reason=reason, came_from=contents.number)
    return arrival


def _seal_anew(schema: str) -> int:
    count = 0
    for model, column in SEALED:
        manager: Any = model._default_manager
        rows = list(manager.exclude(**{column: ""}).only("pk", column))
        for row in rows:
            setattr(row, column, reseal(getattr(row, column), written_in=schema))
        manager.bulk_update(rows, [column], batch_size=500)
        count += len(rows)
    return count
