"""What must be true when it is all over, asked of every row by the superuser: nothing lost, nothing twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from config.launcher.server_user import server_user
from config.launcher.socket_folder import socket_folder
from tests.faults.crowd import Applicant
from tests.journeys.installation import Installation
from tests.stack.objects import has_object
from tests.stack.wishes import running_addresses

Rows = list[tuple[Any, ...]]


class Books:
    """All schemas of an installation."""

    def __init__(self, connection: "psycopg.Connection[Any]", has_upload: Callable[[str], bool]) -> None:
        self._connection = connection
        self._has_upload = has_upload
        self.schemas = [row[0] for row in connection.execute("SELECT schema_name FROM public.tenants_society")]

    def ask(self, schema: str, statement: str, *facts: Any) -> Rows:
        self._connection.execute(SQL("SET search_path = {}").format(Identifier(schema)))
        return self._connection.execute(statement.encode(), facts).fetchall()

    def do(self, statement: SQL | Composed) -> None:
        self._connection.execute(statement)

    def faults(self, applicants: list[Applicant]) -> list[str]:
        """Everything that is not as it must be, in a sentence each."""
        found: list[str] = []
        for applicant in applicants:
            found += self._of_applicant(applicant)
        for schema in self.schemas:
            found += [f"{schema}: {name}: {rows[:5]}" for name, rows in self._of_schema(schema) if rows]
        return found + self._of_headquarters() + self._of_numbers()

    def _of_applicant(self, applicant: Applicant) -> Iterator[str]:
        """One application, one account, one member, all years, one settled bill, one welcome by each road."""
        schema, email = f"s_{applicant.society}", applicant.who.email
        name = f"{applicant.who.name} of {applicant.society} ({applicant.category}, {applicant.years})"
        if applicant.refused:
            yield f"{name} was refused: {applicant.refused}"
        rows = self.ask(schema, "SELECT id::text, state FROM applications_application WHERE email = %s", email)
        if rows != [(applicant.application, "member")]:
            yield f"{name} has the applications {rows}, not one with id {applicant.application}"
        members = self.ask(schema, "SELECT id, number, state FROM members_member WHERE email = %s", email)
        if len(members) != 1:
            yield f"{name} is the members {members}"
            return
        member = members[0][0]
        accounts = self.ask(schema, "SELECT count(*) FROM accounts_user WHERE name = %s", applicant.who.name)[0][0]
        years = self.ask(schema, "SELECT count(*) FROM members_entitlementyear WHERE member_id = %s", member)[0][0]
        activated = self.ask(
            schema,
            "SELECT count(*) FROM applications_steprecord"
            " WHERE application_id = %s AND kind = 'activate' AND outcome = 'done'",
            applicant.application,
        )[0][0]
        if (accounts, years, activated) != (1, applicant.years, 1):
            yield f"{name}: {accounts} accounts, {years} years, activated {activated} times"
        letters = self.ask(
            schema,
            "SELECT channel, count(*) FROM notices_notice WHERE event = 'membership.welcome'"
            " AND (address = %s OR address LIKE %s) GROUP BY channel",
            email,
            f"%{applicant.who.mobile}",
        )
        if not letters or any(count != 1 for _channel, count in letters):
            yield f"{name} was welcomed by {letters}"
        if applicant.category == "ordinary":
            yield from self._of_bill(applicant, name)

    def _of_bill(self, applicant: Applicant, name: str) -> Iterator[str]:
        bills = self.ask(
            "s_hq",
            "SELECT id, state, years, amount_minor FROM billing_bill WHERE application_id = %s",
            applicant.application,
        )
        if [row[1:] for row in bills] != [("settled", applicant.years, 5000 * applicant.years)]:
            yield f"{name} has the bills {bills}"
            return
        booked = "SELECT account, sum(amount_minor) FROM billing_entry WHERE bill_id = %s GROUP BY account"
        entries = self.ask("s_hq", booked, bills[0][0])
        owed = 5000 * applicant.years
        if {account: int(amount) for account, amount in entries} != {"bank": owed, "dues": -owed, "receivable": 0}:
            yield f"{name} is booked as {entries}"
        attempts = self.ask(
            "s_hq", "SELECT state, voucher FROM payments_paymentattempt WHERE bill_id = %s", bills[0][0]
        )
        if [state for state, _voucher in attempts] != ["confirmed"]:
            yield f"{name} paid by {attempts}"
        elif not self._has_upload(f"s_hq/{attempts[0][1]}"):
            yield f"{name}: the voucher is gone"

    def _of_schema(self, schema: str) -> Iterator[tuple[str, Rows]]:
        for name, statement in _NEVER.items():
            yield name, self.ask(schema, statement)

    def _of_headquarters(self) -> list[str]:
        """The sums that the summary shows are those of the rows."""
        return [f"sums of {name}: {rows[:6]}" for name, sql in _SUMS.items() if (rows := self.ask("s_hq", sql))]

    def _of_numbers(self) -> list[str]:
        """Member numbers are nobody else's in the whole federation, and without gaps in each society."""
        found: list[str] = []
        seen: set[str] = set()
        for schema in self.schemas:
            numbers = [row[0] for row in self.ask(schema, "SELECT number FROM members_member ORDER BY number")]
            serials = sorted(int(number[3:10]) for number in numbers)
            if serials != list(range(1, len(serials) + 1)):
                found.append(f"{schema}: the series of numbers is {serials}")
            if seen & set(numbers):
                found.append(f"{schema}: numbers that others have, too: {seen & set(numbers)}")
            seen |= set(numbers)
        return found


# Questions whose answer is no row.
_NEVER = {
    "messages that are parked or wait": (
        "SELECT type, state, error FROM federation_inboxmessage WHERE state <> 'handled'"
    ),
    "messages not delivered": "SELECT type, receiver FROM federation_outboxmessage WHERE delivered_at IS NULL",
    "gaps in the messages of a sender": (
        "SELECT sender, count(*), max(sequence) FROM federation_inboxmessage GROUP BY sender"
        " HAVING count(*) <> max(sequence)"
    ),
    "bookings that do not balance": (
        "SELECT transaction_id, sum(amount_minor) FROM billing_entry"
        " GROUP BY transaction_id HAVING sum(amount_minor) <> 0"
    ),
    "gaps in the journal": ("SELECT count(*), max(seq) FROM journal_record HAVING count(*) <> coalesce(max(seq), 0)"),
    "members of two applications": (
        "SELECT application_id, count(*) FROM members_member GROUP BY application_id"
        " HAVING count(*) > 1 AND application_id IS NOT NULL"
    ),
    "codes that count wrongly": (
        "SELECT c.code, sum(d.applications), sum(d.members) FROM referrals_codeday d"
        " JOIN referrals_referralcode c ON c.id = d.code_id GROUP BY c.code"
        " HAVING sum(d.applications) <> (SELECT count(*) FROM applications_application a"
        " WHERE a.referral_code = c.code AND a.submitted_at IS NOT NULL)"
        " OR sum(d.members) <> (SELECT count(*) FROM members_member m WHERE m.referral_code = c.code)"
    ),
}


def _differs(rows: str, measure: str) -> str:
    return (
        f"SELECT society, cut, a.count, b.count, a.amount, b.amount FROM ({rows}) a"
        f" FULL JOIN (SELECT society, cut, count, amount_minor AS amount FROM ledger_rollup WHERE measure = '{measure}'"
        " AND month IS NULL AND (count <> 0 OR amount_minor <> 0)) b USING (society, cut)"
        " WHERE a.count IS DISTINCT FROM b.count OR a.amount IS DISTINCT FROM b.amount"
    )


_SUMS = {
    "members": _differs(
        "SELECT society, kind || '|' || category || '|' || state AS cut, count(*), 0 AS amount FROM ledger_rollentry"
        " GROUP BY 1, 2",
        "members",
    ),
    "applications": _differs(
        "SELECT society, category || '|' || state || '|' || step AS cut, count(*), 0 AS amount"
        " FROM ledger_applicationentry GROUP BY 1, 2",
        "applications",
    ),
    "fees": _differs(
        "SELECT society, category || '|' || state || '|' || currency AS cut, count(*),"
        " sum(amount_minor)::bigint AS amount"
        " FROM ledger_feeentry GROUP BY 1, 2",
        "fees",
    ),
    # What was remembered of every day adds up to what stands now.
    "members as remembered": _differs(
        "SELECT society, cut, sum(count)::bigint AS count, 0 AS amount FROM ledger_movement"
        " WHERE span = 'day' AND measure = 'members' GROUP BY 1, 2 HAVING sum(count) <> 0",
        "members",
    ),
}


@contextmanager
def books(installation: Installation) -> Iterator[Books]:
    """Everything, as whoever started the server may see it."""
    folder = installation.data / "postgres"
    socket = socket_folder(folder.resolve(), user=server_user())
    with psycopg.connect(host=str(socket), dbname="huilian", user="postgres", autocommit=True) as connection:
        addresses = running_addresses(installation.data)
        yield Books(connection, partial(_has_file, installation.data) if addresses is None else has_object(addresses))


def _has_file(data: Path, path: str) -> bool:
    return (data / "media" / path).is_file()
