"""The journal is one chain: in order, without gaps, and a change of any record is found."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from huilian.accounts.models import User
from huilian.journal.actors import actor_of, headquarters_actor
from huilian.journal.chain import canonical, digest_of
from huilian.journal.models import JournalHead, Record
from huilian.journal.queries import records_of, search_records, verify
from huilian.journal.services import record
from kit.money import Money
from tenants.context import inside
from tenants.models import Society
from tests.federation_fixture import Federation

AT = datetime(2026, 3, 2, 1, 30, 15, 123456, tzinfo=UTC)
SUBJECT = ("applications.application", "5f0c")


def test_records_follow_one_another_without_gaps(in_welding: Society) -> None:
    first = record("application.submitted", SUBJECT, by="user:1 李", at=AT, step="pay")
    second = record("application.refused", SUBJECT, by="hq:verdict", at=AT, reason="材料不全")
    assert [first.seq, second.seq] == [1, 2]
    assert first.digest == digest_of("", first)
    assert second.digest == digest_of(first.digest, second)
    head = JournalHead.objects.get()
    assert (head.seq, head.digest) == (2, second.digest)
    assert verify() is None


def test_an_empty_journal_is_whole(in_welding: Society) -> None:
    assert verify() is None


def test_canonical_text_does_not_depend_on_the_time_zone(in_welding: Society) -> None:
    facts: dict[str, Any] = {"day": AT.date(), "id": UUID(int=7), "many": [1, "二"]}
    written = record("member.found", SUBJECT, by="system", at=AT, **facts)
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert canonical(written) == (
        '{"actor":"system","at":1772415015123456,"facts":{"day":"2026-03-02",'
        '"id":"00000000-0000-0000-0000-000000000007","many":[1,"\\u4e8c"]},"reason":"",'
        '"subject_id":"5f0c","subject_type":"applications.application","verb":"member.found"}'
    )
    written.at = there
    assert digest_of("", written) == written.digest


def test_what_is_read_back_has_the_digest_it_was_written_with(in_welding: Society) -> None:
    deep = {"b": 1, "a": [None, True, 10**15]}
    record("scheme.published", SUBJECT, by="system", at=AT, deep=deep, name="䶮")
    again = Record.objects.get()
    assert digest_of("", again) == again.digest


@pytest.mark.parametrize(
    "column, value", [("reason", "other"), ("actor", "user:2"), ("facts", {"step": "x"}), ("verb", "x.y")]
)
def test_a_changed_record_is_found(in_welding: Society, admin_url: str, column: str, value: object) -> None:
    """Whoever owns the tables can change a row, but not so that the chain still follows."""
    for _ in range(3):
        record("application.submitted", SUBJECT, by="user:1", at=AT, step="pay")
    stored = list(Record.objects.order_by("seq"))
    setattr(stored[1], column, value)
    before = ["", *(row.digest for row in stored)]
    follows = [row.digest == digest_of(previous, row) for previous, row in zip(before, stored, strict=False)]
    assert follows == [True, False, True]


def test_verify_names_a_cut_off_end_and_a_forged_head(in_welding: Society) -> None:
    record("application.submitted", SUBJECT, by="user:1", at=AT)
    JournalHead.objects.update(seq=2)
    assert verify() == 2
    JournalHead.objects.update(seq=1, digest="0" * 64)
    assert verify() == 1


def test_the_database_refuses_to_change_or_delete_a_record(in_welding: Society) -> None:
    written = record("application.submitted", SUBJECT, by="user:1", at=AT)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Record.objects.filter(pk=written.pk).update(reason="never happened")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Record.objects.filter(pk=written.pk).delete()
    assert Record.objects.get().reason == ""


def test_two_records_cannot_take_one_place(in_welding: Society) -> None:
    written = record("application.submitted", SUBJECT, by="user:1", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(seq=written.seq, at=AT, actor="x", verb="x", subject_type="x", subject_id="x", digest="x")


@pytest.mark.parametrize("fact", [1.5, Money(100), object()])
def test_facts_are_plain(in_welding: Society, fact: object) -> None:
    with pytest.raises(TypeError, match="the journal keeps no"):
        record("bill.opened", SUBJECT, by="system", at=AT, fact=fact)
    assert Record.objects.count() == 0


def test_a_refused_change_leaves_no_record(in_welding: Society) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record("application.submitted", SUBJECT, by="user:1", at=AT)
        raise RuntimeError
    assert Record.objects.count() == 0
    assert record("application.submitted", SUBJECT, by="user:1", at=AT).seq == 1


def test_actors_are_one_readable_line(in_welding: Society) -> None:
    wang = User.objects.create_user(name="王", phone="+8613800000002")
    assert actor_of(wang) == f"user:{wang.pk} 王"
    assert headquarters_actor("verdict") == "hq:verdict"
    assert len(record("x.y", SUBJECT, by="y" * 500, at=AT).actor) == 120


def test_subjects_and_searches(in_welding: Society) -> None:
    wang = User.objects.create_user(name="王", phone="+8613800000002")
    record("account.opened", wang, by=actor_of(wang), at=AT)
    record("application.submitted", SUBJECT, by="user:9 李", at=AT)
    assert [row.verb for row in records_of(wang)] == ["account.opened"]
    assert records_of(wang).get().subject_type == "accounts.user"
    assert [row.verb for row in search_records(verb="application")] == ["application.submitted"]
    assert [row.verb for row in search_records(verb="account.opened")] == ["account.opened"]
    assert [row.seq for row in search_records(actor="李")] == [2]
    assert [row.seq for row in search_records()] == [2, 1]
    assert [row.seq for row in search_records(subject_id="5f0c")] == [2]


def test_one_query_and_no_more(in_welding: Society, django_assert_num_queries: Any) -> None:
    record("warm.up", SUBJECT, by="system", at=AT)
    with django_assert_num_queries(1):
        record("application.submitted", SUBJECT, by="user:1", at=AT)


def test_many_writers_make_one_chain(federation: Federation) -> None:
    """Eight threads, five records each, each in its own transaction: forty in a row, and whole."""
    failures: list[BaseException] = []

    def write(name: int) -> None:
        try:
            with inside(federation.welding):
                for count in range(5):
                    with transaction.atomic():
                        record("race.run", SUBJECT, by=f"user:{name}", at=AT, count=count)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with inside(federation.welding):
        assert list(Record.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 41))
        assert JournalHead.objects.count() == 1
        assert verify() is None
