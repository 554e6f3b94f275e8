"""A society that is kept, loses its way or its schema, and comes back; the border heals and nobody else is touched."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from psycopg.sql import SQL, Identifier

from federation.contracts import CaseClosed
from federation.ledger.models import Case, Decision, FeeEntry, RollEntry, Rollup
from federation.models import InboxMessage, OutboxMessage
from federation.outbox import publish
from huilian.accounts.models import Role
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.services import endorse_application, withdraw_application
from huilian.billing.models import Bill
from huilian.billing.services import await_payment, book_settlement
from huilian.journal.queries import verify
from huilian.journal.services import record
from huilian.members.models import Member
from huilian.members.services import end_member
from kit.clock import now
from tenants import registry
from tenants.backup import returning
from tenants.backup.manifest import read_manifest
from tenants.backup.returning import kept_schemas
from tenants.context import society_of_schema
from tenants.models import Society
from tenants.opening import open_society
from tests.applications.forms import AT, staff, submit
from tests.environment import DATABASE
from tests.federation_fixture import OPENED_AT, Federation, _publish_scheme
from tests.members.cast import activate, application_of

NUMBER, SCHEMA = "198", "s_kept"


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as connection:
        yield connection


@pytest.fixture
def kept(federation: Federation, admin: psycopg.Connection[Any], tmp_path: Path, monkeypatch: Any) -> Iterator[Society]:
    """A branch of its own, with uploads in a folder of its own."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    society = open_society(
        number=NUMBER, slug="kept", kind="branch", name_zh="存档分会", name_en="Kept Branch", at=OPENED_AT
    )
    _publish_scheme({"kept": society})
    yield society
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    connections["provisioner"].close()
    admin.execute("DELETE FROM tenants_domain WHERE tenant_id = %s", (society.pk,))
    admin.execute("DELETE FROM tenants_society WHERE id = %s", (society.pk,))
    for schema in schemas(admin):
        admin.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
    registry.forget()


def schemas(admin: psycopg.Connection[Any]) -> list[str]:
    rows = admin.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 's\\_kept%' ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def manage(*words: Any) -> str:
    said = StringIO()
    call_command(*[str(word) for word in words], stdout=said)
    return said.getvalue()


def manage_apart(*words: Any) -> None:
    """The command in a thread of its own, as another process would run it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(manage, *words).result()


def join(federation: Federation, society: Society, name: str) -> UUID:
    with federation.inside(society):
        return activate(application_of(name, phone=f"+86138{uuid4().int % 10**8:08}")).pk


def roll(federation: Federation) -> dict[UUID, tuple[str, int]]:
    with federation.inside(federation.hq):
        rows = RollEntry.objects.filter(society=NUMBER).values_list("member_id", "state", "version")
        return {key: (state, version) for key, state, version in rows}


def active_members(federation: Federation) -> int:
    with federation.inside(federation.hq):
        rows = Rollup.objects.filter(society=NUMBER, measure="members", cut__endswith="|active")
        return sum(row.count for row in rows)


def prints(admin: psycopg.Connection[Any], schema: str, but: tuple[str, ...] = ()) -> dict[str, str]:
    tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
    found = {}
    for (table,) in tables:
        if table not in but:
            query = SQL("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t")
            row = admin.execute(query.format(Identifier(schema, table))).fetchone()
            found[table] = row[0] if row else ""
    return found


def test_a_backup_says_what_it_holds(federation: Federation, kept: Society, tmp_path: Path) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
        connection.cursor().execute("INSERT INTO django_session VALUES ('stolen', 'x', now())")
    said = manage("backup_society", NUMBER, "--to", tmp_path / "one")
    folder = tmp_path / "one"
    assert "1 uploads" in said
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["tables"]["members_member"][0] == 1
    assert manifest["tables"]["django_session"][0] == 0
    assert (folder / "media/papers/diploma.pdf").read_bytes() == b"diploma"
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert folder.stat().st_mode & 0o077 == 0
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (settings.DATABASE_KEY, settings.FIELD_KEY, settings.SECRET_KEY, "stolen"):
        assert secret.encode() not in everything
    with pytest.raises(CommandError, match="exists already"):
        manage("backup_society", NUMBER, "--to", folder)


def test_everything_comes_back_as_it_was(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept), transaction.atomic():
        # The schema's own name in a row stays what somebody wrote.
        record("note.made", ("society", NUMBER), by="system", at=now(), reason="s_kept\t\\. 's_kept.members'\nCOPY x;")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
    federation.settle()
    others = {schema: prints(admin, schema, BORDER) for schema in ("s_welding", "s_zhejiang")}
    before = prints(admin, SCHEMA)
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    join(federation, kept, "后来的人")
    with federation.inside(kept):
        default_storage.delete("papers/diploma.pdf")
        default_storage.save("papers/later.pdf", ContentFile(b"later"))
    manage("restore_society", NUMBER, "--from", tmp_path / "one")

    # The return itself is journalled, reported and reconciled; all else is to the letter what it was.
    moved = ("journal_record", "journal_journalhead", "members_numberserial", "django_session", *BORDER)
    after = prints(admin, SCHEMA, moved)
    assert after == {table: before[table] for table in after}
    assert {schema: prints(admin, schema, BORDER) for schema in others} == others
    with federation.inside(kept):
        assert verify() is None
        assert default_storage.exists("papers/diploma.pdf") and not default_storage.exists("papers/later.pdf")
    society = Society.objects.using("provisioner").get(pk=kept.pk)
    assert society.state == Society.State.OPEN
    # Sequences go on, and the login writes what it may and nothing more.
    join(federation, kept, "新来的人")
    with federation.inside(kept), pytest.raises(Exception, match="permission denied"):
        connection.cursor().execute("DELETE FROM journal_record")
    with federation.inside(kept), pytest.raises(Exception, match="permission denied"):
        connection.cursor().execute(f"SELECT * FROM {kept_schemas(kept)[0]}.members_member")
    said = manage("restore_society", NUMBER, "--drop-old")
    assert "s_kept_before_" in said and schemas(admin) == [SCHEMA]
    assert [path.name for path in Path(settings.MEDIA_ROOT).iterdir()] == [SCHEMA]


BORDER = ("federation_outboxmessage", "federation_outboxhead", "federation_inboxmessage", "federation_inboxhead")


@pytest.mark.parametrize("destroyed", [False, True])
def test_work_done_since_the_backup_is_undone_at_headquarters_too(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any], destroyed: bool
) -> None:
    stays, ends = join(federation, kept, "李申请"), join(federation, kept, "王推荐")
    federation.settle()
    untouched = roll(federation)[stays]
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="开除", by="user:1 Wang", at=now())
    later = [join(federation, kept, f"后来{n}") for n in range(3)]
    with federation.inside(kept):
        lost_number = Member.objects.get(pk=later[-1]).number
    federation.settle()
    assert roll(federation)[ends] == ("ended", 2) and len(roll(federation)) == 5
    if destroyed:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        admin.execute("DROP SCHEMA s_kept CASCADE")

    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")

    assert "1 members reported anew" in said and "3 members gone since the backup" in said
    assert all(str(key) in said for key in (ends, *later))
    assert "1 societies compared, 0 differences." in said
    assert roll(federation) == {stays: untouched, ends: ("active", 3)}
    assert active_members(federation) == 2
    assert bool(kept_schemas(kept)) is not destroyed
    # What happens from now on is believed, and a number once given is not given again.
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="又开除", by="user:1 Wang", at=now())
    newest = join(federation, kept, "新来的人")
    federation.settle()
    assert roll(federation)[ends] == ("ended", 4) and len(roll(federation)) == 3
    with federation.inside(kept):
        assert Member.objects.get(pk=newest).number > lost_number
    with federation.inside(federation.hq):
        assert not InboxMessage.objects.filter(state="parked").exists()
        assert FeeEntry.objects.filter(society=NUMBER).count() == 0
    assert "1 societies compared, 0 differences." in manage("reconcile", NUMBER)


def test_without_healing_headquarters_would_keep_what_was_undone(
    federation: Federation, kept: Society, tmp_path: Path, monkeypatch: Any
) -> None:
    """The trap that healing is for: an older version than the known is passed over, and no difference is seen."""
    ends = join(federation, kept, "王推荐")
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=ends), reason="开除", by="user:1 Wang", at=now())
    federation.settle()
    from config.healing import Healing

    monkeypatch.setattr("config.management.commands.restore_society.heal_border", lambda society, at: Healing())
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert roll(federation)[ends] == ("ended", 2)
    monkeypatch.undo()
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    manage("restore_society", NUMBER, "--heal")
    assert roll(federation)[ends] == ("active", 3)


def test_the_receiver_restored_is_told_again_once(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """What headquarters wrote to the society after the backup comes once more, in order, and nothing twice."""

    def tell(count: int) -> list[str]:
        with federation.inside(federation.hq), transaction.atomic():
            for _n in range(count):
                publish(CaseClosed(application_id=uuid4(), reason="probe"), to=NUMBER)
        with federation.inside(federation.hq):
            rows = OutboxMessage.objects.filter(receiver=NUMBER, type="case.closed").order_by("id")
            return [str(key) for key in rows.values_list("message_id", flat=True)]

    def received() -> list[str]:
        with federation.inside(kept):
            rows = InboxMessage.objects.filter(sender="100", type="case.closed").order_by("sequence")
            return [str(key) for key in rows.values_list("message_id", flat=True)]

    tell(3)
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    tell(4)
    federation.settle()
    sent = tell(2)  # these were not delivered yet
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "100 sends 4 messages again." in said
    assert received() == sent and len(set(sent)) == 9
    federation.settle()
    assert received() == sent


def test_the_sender_restored_sends_again_and_is_taken_once(
    federation: Federation, kept: Society, tmp_path: Path
) -> None:
    """Messages that were on their way at the backup and arrived since are recognised by their id."""
    member = join(federation, kept, "李申请")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    federation.settle()
    with federation.inside(federation.hq):
        before = set(InboxMessage.objects.filter(sender=NUMBER).values_list("message_id", flat=True))
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    with federation.inside(federation.hq):
        rows = InboxMessage.objects.filter(sender=NUMBER, type="member.reported", subject=f"member:{member}")
        assert rows.count() == 1 and before
    assert roll(federation) == {member: ("active", 1)} and active_members(federation) == 1


def test_headquarters_restored_learns_again(federation: Federation, kept: Society, tmp_path: Path) -> None:
    first = join(federation, kept, "李申请")
    federation.settle()
    manage("backup_society", "100", "--to", tmp_path / "hq")
    second = join(federation, kept, "后来的人")
    with federation.inside(kept):
        end_member(Member.objects.get(pk=first), reason="开除", by="user:1 Wang", at=now())
    federation.settle()
    was = roll(federation)
    try:
        said = manage("restore_society", "100", "--from", tmp_path / "hq")
        assert "0 differences." in said and f"{NUMBER} sends" in said
        assert roll(federation) == was and set(was) == {first, second}
        assert active_members(federation) == 1
    finally:
        manage("restore_society", "100", "--drop-old")


@pytest.mark.parametrize("endorsed", [False, True])
def test_an_application_decided_and_paid_since_the_backup_is_so_again(
    federation: Federation, kept: Society, tmp_path: Path, endorsed: bool
) -> None:
    """The society has forgotten the verdict and the bill; headquarters has not, and nobody pays or decides twice."""

    def endorse() -> None:
        with federation.inside(kept):
            endorse_application(Application.objects.get(pk=key), by_user=staff(), at=AT)
        federation.settle()

    with federation.inside(kept):
        key = submit("senior").pk
    if endorsed:
        endorse()
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    if not endorsed:
        endorse()
    with federation.inside(federation.hq):
        officer = staff("赵敏", Role.OFFICER)
        decide_case(Case.objects.get(), outcome="approved", reasons="", by_user=officer, at=AT)
    federation.settle()
    with federation.inside(federation.hq):
        await_payment(Bill.objects.get(), at=AT)
        book_settlement(Bill.objects.get(), by="user:4 钱", at=AT)
    federation.settle()
    assert len(roll(federation)) == 1

    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "1 members gone since the backup" in said and "0 differences." in said
    if not endorsed:
        assert roll(federation) == {}
        endorse()

    assert len(roll(federation)) == 1 and active_members(federation) == 1
    with federation.inside(kept):
        assert Application.objects.get(pk=key).state == "member"
        assert Member.objects.get().number == "1980000002G"  # the first number is on a card and stays used
        assert not InboxMessage.objects.exclude(state="handled").exists()
    with federation.inside(federation.hq):
        assert (Case.objects.count(), Decision.objects.count(), Bill.objects.get().state) == (1, 1, "settled")
        assert not InboxMessage.objects.exclude(state="handled").exists()
    assert "0 differences." in manage("reconcile", NUMBER, "100")


def test_a_case_closed_since_the_backup_is_opened_when_it_is_asked_for_again(
    federation: Federation, kept: Society, tmp_path: Path
) -> None:
    def endorse() -> None:
        with federation.inside(kept):
            endorse_application(Application.objects.get(), by_user=staff(), at=AT)
        federation.settle()

    def case() -> tuple[str, str]:
        with federation.inside(federation.hq):
            found = Case.objects.get()
            return found.state, found.claimed_by

    with federation.inside(kept):
        submit("senior")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    endorse()
    with federation.inside(kept):
        withdraw_application(Application.objects.get(), by="user:1", at=AT)
    federation.settle()
    assert case() == ("closed", "")
    manage("restore_society", NUMBER, "--from", tmp_path / "one")
    endorse()
    assert case() == ("open", "")
    assert "0 differences." in manage("reconcile", NUMBER)


@pytest.mark.parametrize("damage", ["dump", "count", "media", "other", "swap", "newer"])
def test_a_return_that_fails_changes_nothing(
    federation: Federation,
    kept: Society,
    tmp_path: Path,
    admin: psycopg.Connection[Any],
    monkeypatch: Any,
    damage: str,
) -> None:
    join(federation, kept, "李申请")
    with federation.inside(kept):
        default_storage.save("papers/diploma.pdf", ContentFile(b"diploma"))
    federation.settle()
    folder = tmp_path / "one"
    manage("backup_society", NUMBER, "--to", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    number = NUMBER
    if damage == "dump":
        (folder / "society.dump").write_bytes((folder / "society.dump").read_bytes()[:-200])
    elif damage == "media":
        (folder / "media/papers/diploma.pdf").write_bytes(b"forged")
    elif damage == "count":
        manifest["tables"]["members_member"][1] = "1"
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif damage == "newer":
        manifest["migrations"].append("members.9999_tomorrow")
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif damage == "other":
        number = "101"
    else:
        monkeypatch.setattr(returning, "society_grants", lambda schema, tables: SQL("SELECT 1 / 0"))
    before = prints(admin, SCHEMA)
    with pytest.raises(CommandError, match={
        "dump": "not what was written",
        "media": "not what was written",
        "count": "members_member",
        "newer": "newer version",
        "other": "not of 101",
        "swap": "division by zero",
    }[damage]):  # fmt: skip
        manage("restore_society", number, "--from", folder)
    assert schemas(admin) == [SCHEMA] and prints(admin, SCHEMA) == before
    assert Society.objects.using("provisioner").get(pk=kept.pk).state == Society.State.OPEN
    assert [path.name for path in Path(settings.MEDIA_ROOT).iterdir()] == [SCHEMA]
    with federation.inside(kept):
        assert default_storage.open("papers/diploma.pdf").read() == b"diploma"


def test_an_older_backup_is_upgraded(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """As if the last migration had come after the backup: the society returns where its template stands."""
    admin.execute("DELETE FROM s_kept.django_migrations WHERE app = 'sessions'")
    admin.execute("DROP TABLE s_kept.django_session")
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "has been upgraded" in said
    row = admin.execute("SELECT to_regclass('s_kept.django_session')").fetchone()
    assert row is not None and row[0] is not None
    with federation.inside(kept):
        connection.cursor().execute("INSERT INTO django_session VALUES ('new', 'x', now())")


def test_the_drill_proves_and_leaves_nothing(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    join(federation, kept, "李申请")
    before = prints(admin, SCHEMA)
    said = manage("restore_drill", NUMBER)
    assert "can come back" in said and "journal and books" in said
    assert schemas(admin) == [SCHEMA] and prints(admin, SCHEMA) == before
    admin.execute("UPDATE s_kept.journal_record SET actor = 'nobody' WHERE seq = 1")
    with pytest.raises(CommandError, match="journal is broken at 1"):
        manage("restore_drill", NUMBER)
    assert schemas(admin) == [SCHEMA]


def test_the_whole_federation_in_one_folder(federation: Federation, kept: Society, tmp_path: Path) -> None:
    join(federation, kept, "李申请")
    said = manage("backup_federation", "--to", tmp_path / "all")
    folder = tmp_path / "all"
    assert "[4/4] zhejiang" in said and "4 societies" in said
    assert sorted(path.name for path in folder.iterdir()) == ["100", "101", "198", "201", "registry.json"]
    assert {read_manifest(folder / number).number for number in ("100", "101", "198", "201")}
    registered = json.loads((folder / "registry.json").read_text())
    assert {row["number"] for row in registered["societies"]} == {"100", "101", "198", "201"}
    assert len(registered["domains"]) == 4


def test_a_suspended_society_stays_suspended(federation: Federation, kept: Society, tmp_path: Path) -> None:
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    Society.objects.using("provisioner").filter(pk=kept.pk).update(state=Society.State.SUSPENDED)
    said = manage("restore_society", NUMBER, "--from", tmp_path / "one")
    assert "stays so" in said
    assert Society.objects.using("provisioner").get(pk=kept.pk).state == Society.State.SUSPENDED


def test_no_society_no_folder(federation: Federation, kept: Society, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no society with number 777"):
        manage("backup_society", "777", "--to", tmp_path / "x")
    with pytest.raises(CommandError, match="no whole backup"):
        manage("restore_society", NUMBER, "--from", tmp_path / "nowhere")


def test_who_is_in_the_middle_of_something_is_waited_for(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any], monkeypatch: Any
) -> None:
    """A transaction under way bars the swap; a statement that waited for it goes on in the returned schema."""
    join(federation, kept, "李申请")
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    monkeypatch.setattr(returning, "PATIENCE", 0.3)
    before = prints(admin, SCHEMA)
    with federation.inside(kept), transaction.atomic():
        Member.objects.count()
        with pytest.raises(CommandError, match="middle of something long"):
            manage_apart("restore_society", NUMBER, "--from", tmp_path / "one")
    assert schemas(admin) == [SCHEMA] and prints(admin, SCHEMA) == before
    assert Society.objects.using("provisioner").get(pk=kept.pk).state == Society.State.OPEN


@pytest.mark.slow
def test_mid_traffic_each_act_is_either_in_the_old_books_or_in_the_new(
    federation: Federation, kept: Society, tmp_path: Path, admin: psycopg.Connection[Any]
) -> None:
    """People write while the schema is swapped: nothing fails half-way, and headquarters equals what stands."""
    join(federation, kept, "李申请")
    federation.settle()
    manage("backup_society", NUMBER, "--to", tmp_path / "one")
    stop, errors, acts = Event(), [], []

    def write() -> None:
        while not stop.is_set():
            if society_of_schema(SCHEMA).state != Society.State.OPEN:  # as every request and task asks
                sleep(0.02)
                continue
            try:
                with federation.inside(kept), transaction.atomic():
                    acts.append(activate(application_of("忙", phone=f"+86139{uuid4().int % 10**8:08}")).pk)
            except Exception as error:
                errors.append(error)
        connections.close_all()

    threads = [Thread(target=write) for _n in range(2)]
    for thread in threads:
        thread.start()
    try:
        while len(acts) < 20 and not errors:
            sleep(0.05)
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        manage("restore_society", NUMBER, "--from", tmp_path / "one")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    federation.settle()
    said = manage("reconcile", NUMBER, "--repair")
    assert "1 societies compared, 0 differences." in said
    with federation.inside(kept):
        members, facts = set(Member.objects.values_list("pk", flat=True)), verify()
        numbers = Member.objects.values_list("number", flat=True)
        assert len(numbers) == len(set(numbers)) and facts is None
    assert set(roll(federation)) == members
    old = admin.execute(SQL("SELECT id FROM {}").format(Identifier(kept_schemas(kept)[0], "members_member"))).fetchall()
    assert set(acts) <= members | {row[0] for row in old}
    with federation.inside(federation.hq):
        assert not InboxMessage.objects.filter(state="parked").exists()
