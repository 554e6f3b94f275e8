"""Taking over existing members from a list: handed in, looked at, confirmed, and taken over row by row.

Until it is confirmed nothing is written but the list itself, sealed. A row becomes a member in one transaction, which
also marks the row: whatever is killed when, a row is either a member or still to come, and two workers take
different rows.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from federation.tasks import kick
from huilian.accounts.hashing import open_sealed, seal
from huilian.accounts.models import User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import require
from huilian.journal.actors import SYSTEM, actor_of
from huilian.journal.services import record
from huilian.members.importing.checking import Candidate, check_row
from huilian.members.importing.columns import BY_CODE, read_head
from huilian.members.models import ImportRow, Member, MemberImport
from huilian.members.services.taking_over import make_member
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit.clean_text import clean_text
from kit.errors import Refusal
from kit.sheet_reading import read_sheet
from tenants.context import current, on_commit

log = logging.getLogger(__name__)

MOST_ROWS = 10_000
KEEP_UNCONFIRMED = timedelta(days=7)
KEEP_REFUSED = timedelta(days=30)
_TOGETHER = 50
_COMPARED_TOGETHER = 1000
_IDENTIFIERS = {"phone": "phone", "email": "email", "id_number": "id_number"}
_REFUSED, _READY, _DONE = ImportRow.State.REFUSED, ImportRow.State.READY, ImportRow.State.DONE


def upload_list(content: bytes, *, file_name: str, by_user: User, at: datetime) -> MemberImport:
    """Read and check a list, and keep it sealed until it is confirmed or a week has passed.

    Raises Refusal about the file as a whole; what is wrong with a row stays with the row.
    """
    require(by_user, "member.import")
    lines = read_sheet(content, most_rows=MOST_ROWS)
    places = read_head(lines[0][1])
    if len(lines) == 1:
        raise Refusal("list_empty", _("Below its head the list has no rows."), field="file")
    scheme, on = current_scheme(local_day(at)), local_day(at)
    rows: list[tuple[int, dict[str, str], Candidate]] = []
    for number, cells in lines[1:]:
        named = {code: cells[place] for code, place in places.items() if place < len(cells) and cells[place]}
        rows.append((number, named, check_row(named, scheme, on=on)))
    _mark_repeated(rows)
    _mark_known([candidate for _number, _named, candidate in rows])
    with transaction.atomic():
        batch = MemberImport.objects.create(
            file_name=clean_text(file_name[-200:] or "-", max_length=200, field="file"),
            file_sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=actor_of(by_user),
            uploaded_at=at,
        )
        ImportRow.objects.bulk_create(
            (
                ImportRow(
                    batch=batch,
                    line=number,
                    state=_REFUSED if candidate.problems else _READY,
                    name=(candidate.name or named.get("name", ""))[:100],
                    sealed=seal(json.dumps(named, ensure_ascii=False)),
                    problems=_kept(candidate.problems),
                )
                for number, named, candidate in rows
            ),
            batch_size=1000,
        )
        refused = sum(1 for *_row, candidate in rows if candidate.problems)
        record("members.list_uploaded", batch, by=actor_of(by_user), at=at, rows=len(rows), refused=refused)
    return batch


def confirm_import(
    batch: MemberImport, *, reason: str, invites: bool, language: str, by_user: User, at: datetime
) -> MemberImport:
    """Let the rows that are in order be taken over; `invites` writes to each new member how to sign in.

    Raises Refusal `reason_missing`, `import_settled` (409) or `nothing_to_import`.
    """
    require(by_user, "member.import")
    reason = clean_text(reason, max_length=1000, field="reason", multiline=True)
    if not reason:
        raise Refusal("reason_missing", _("Say where the list comes from."), field="reason")
    with transaction.atomic():
        if not batch.rows.filter(state=_READY).exists():
            raise Refusal("nothing_to_import", _("No row of this list can be taken over."), status=409)
        waiting = MemberImport.objects.filter(pk=batch.pk, state=MemberImport.State.CHECKED)
        if not waiting.update(
            state=MemberImport.State.RUNNING,
            reason=reason,
            invites=invites,
            language=language,
            confirmed_by=actor_of(by_user),
            confirmed_at=at,
        ):
            raise _settled()
        ready = batch.rows.filter(state=_READY).count()
        record(
            "members.import_confirmed", batch, by=actor_of(by_user), at=at, reason=reason, rows=ready, invites=invites
        )
        on_commit(_kick)
    batch.refresh_from_db()
    return batch


def discard_import(batch: MemberImport, *, by_user: User, at: datetime) -> None:
    """Forget a list that was not confirmed: its rows go, that it was there stays. Refusal `import_settled` (409)."""
    require(by_user, "member.import")
    with transaction.atomic():
        waiting = MemberImport.objects.filter(pk=batch.pk, state=MemberImport.State.CHECKED)
        if not waiting.update(state=MemberImport.State.DISCARDED, finished_at=at):
            raise _settled()
        batch.rows.all().delete()
        record("members.list_discarded", batch, by=actor_of(by_user), at=at)


def take_some(batch: MemberImport, *, at: datetime, most: int = _TOGETHER) -> int:
    """Take over the next rows, and end the import after the last; returns how many rows were dealt with."""
    scheme = current_scheme(local_day(at))
    with transaction.atomic():
        # Another worker at the same list takes others.
        rows = list(
            ImportRow.objects.select_for_update(skip_locked=True)
            .filter(batch=batch, state=_READY, batch__state=MemberImport.State.RUNNING)
            .order_by("line")[:most]
        )
        for row in rows:
            _take(row, batch, scheme, at=at)
    if not rows:
        _end(batch, at=at)
    return len(rows)


def tidy_imports(*, at: datetime) -> int:
    """Forget lists that nobody confirmed for a week, and refused rows a month after; returns how many lists."""
    unconfirmed = MemberImport.objects.filter(state=MemberImport.State.CHECKED, uploaded_at__lt=at - KEEP_UNCONFIRMED)
    gone = 0
    for batch in unconfirmed:
        with transaction.atomic():
            if MemberImport.objects.filter(pk=batch.pk, state=MemberImport.State.CHECKED).update(
                state=MemberImport.State.DISCARDED, finished_at=at
            ):
                batch.rows.all().delete()
                record("members.list_discarded", batch, by=SYSTEM, at=at)
                gone += 1
    ImportRow.objects.filter(
        state=_REFUSED, batch__state=MemberImport.State.DONE, batch__finished_at__lt=at - KEEP_REFUSED
    ).exclude(sealed="").update(sealed="", name="")
    return gone


def cells_of(row: ImportRow) -> dict[str, str]:
    """The cells of a row as they were handed in; nothing once it is a member."""
    cells: dict[str, str] = json.loads(open_sealed(row.sealed)) if row.sealed else {}
    return cells


def _take(row: ImportRow, batch: MemberImport, scheme: Scheme, *, at: datetime) -> None:
    """One row: checked anew, since days have passed and others may have joined meanwhile."""
    candidate = check_row(cells_of(row), scheme, on=local_day(at))
    member = None
    if not candidate.problems:
        try:
            with transaction.atomic():
                # The serial is held within: nobody else becomes a member before this one is in the books.
                member = make_member(candidate, batch, scheme, check=lambda: _mark_known([candidate]), at=at)
        except Refusal as problem:
            candidate.problems.append(problem)
        except (IntegrityError, DataError):
            log.exception("row %s of %s", row.line, batch.pk)
            sentence = _("This row could not be taken over. Please enter the member by hand and tell your operator.")
            candidate.problems.append(Refusal("row_failed", sentence))
    if member is None:
        row.state, row.problems = _REFUSED, _kept(candidate.problems)
    else:
        row.state, row.member, row.sealed = _DONE, member, ""
    row.save(update_fields=["state", "problems", "member", "sealed"])


def _end(batch: MemberImport, *, at: datetime) -> None:
    with transaction.atomic():
        over = MemberImport.objects.filter(pk=batch.pk, state=MemberImport.State.RUNNING).exclude(Q(rows__state=_READY))
        if over.update(state=MemberImport.State.DONE, finished_at=at):
            taken = Counter(batch.rows.values_list("state", flat=True))
            record("members.imported", batch, by=SYSTEM, at=at, rows=taken[_DONE], refused=taken[_REFUSED])


def _mark_repeated(rows: Iterable[tuple[int, Mapping[str, str], Candidate]]) -> None:
    """Rows that name somebody whom an earlier row of the same file names."""
    seen: dict[tuple[str, str], int] = {}
    for number, _named, candidate in rows:
        for kind, value in candidate.hashes.items():
            earlier = seen.setdefault((kind, value), number)
            if earlier != number:
                candidate.problems.append(
                    Refusal(
                        "repeated_in_file",
                        _("The same stands in row %(row)s of this file already."),
                        field=_IDENTIFIERS[kind],
                        row=earlier,
                    )
                )


def _mark_known(candidates: Sequence[Candidate]) -> None:
    """Rows that name a member of this society, found by keyed hash."""
    for start in range(0, len(candidates), _COMPARED_TOGETHER):
        some = candidates[start : start + _COMPARED_TOGETHER]
        wanted: dict[str, list[str]] = {}
        for candidate in some:
            for kind, value in candidate.hashes.items():
                wanted.setdefault(kind, []).append(value)
        same = Q(pk=None)
        for kind, values in wanted.items():
            same |= Q(**{f"{kind}_hash__in": values})
        known: dict[tuple[str, str], str] = {}
        for number, *hashes in Member.objects.filter(same).values_list(
            "number", "phone_hash", "email_hash", "id_number_hash"
        ):
            known |= {(kind, value): number for kind, value in zip(_IDENTIFIERS, hashes, strict=True) if value}
        for candidate in some:
            for kind, value in candidate.hashes.items():
                if found := known.get((kind, value)):
                    candidate.problems.append(
                        Refusal(
                            "known_member",
                            _("This is member %(number)s already."),
                            field=_IDENTIFIERS[kind],
                            number=found,
                        )
                    )


def _kept(problems: Iterable[Refusal]) -> list[dict[str, str]]:
    """Problems as they are stored: in both languages, since who reads them later is not known."""
    kept = []
    for problem in problems:
        said = {}
        for language, key in (("en", "en"), ("zh-hans", "zh")):
            with override(language):
                said[key] = str(problem)
        column = problem.field or ""
        kept.append({"column": column if column in BY_CODE else "", "code": problem.code, **said})
    return kept


def _settled() -> Refusal:
    return Refusal("import_settled", _("This list was confirmed or discarded already."), status=409)


def _kick() -> None:
    # By name: the task stands above the services of this room and calls them. If it is lost, beat asks again.
    kick(import_string("huilian.members.tasks.take_over"), current().schema_name)
