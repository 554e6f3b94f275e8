"""A return while people are at work: each act is whole, before or after."""

from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from psycopg.sql import SQL, Identifier

from federation.models import InboxMessage
from huilian.journal.queries import verify
from huilian.members.models import Member
from tenants.backup import returning
from tenants.backup.returning import kept_schemas
from tenants.context import society_of_schema
from tenants.models import Society
from tests.federation_fixture import Federation
from tests.members.cast import activate, application_of
from tests.tenants.backup.kept import NUMBER, SCHEMA, join, manage, manage_apart, prints, roll, schemas


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
    stop, errors, acts, serial = Event(), [], [], count()  # no two share a phone

    def write() -> None:
        while not stop.is_set():
            if society_of_schema(SCHEMA).state != Society.State.OPEN:  # as every request and task asks
                sleep(0.02)
                continue
            try:
                with federation.inside(kept), transaction.atomic():
                    acts.append(activate(application_of("忙", phone=f"+86139{next(serial):08}")).pk)
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
