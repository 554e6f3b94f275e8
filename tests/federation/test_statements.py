from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from federation import statements
from federation.contracts import ReplayRequested, StatementRequested
from federation.models import OutboxMessage
from federation.statements import (
    Aggregate,
    Row,
    bucket_of,
    build_statement,
    digest_of,
    give_statement,
    name_rows,
    replay_rows,
)
from huilian.applications.models import Application
from kit.errors import Refusal

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

rows = st.tuples(
    st.uuids(),
    st.integers(1, 1000),
    st.sampled_from(["active", "lapsed", "ended"]),
    st.integers(-(10**9), 10**9),
)
tables = st.lists(rows, max_size=30, unique_by=lambda row: row[0])


@given(tables, st.randoms(use_true_random=False))
def test_a_statement_does_not_depend_on_the_order(table: list[Row], chance: Any) -> None:
    shuffled = list(table)
    chance.shuffle(shuffled)
    assert build_statement(shuffled) == build_statement(table)


@given(tables.filter(bool), st.data())
def test_any_change_of_a_row_changes_its_bucket_and_no_other(table: list[Row], data: Any) -> None:
    index = data.draw(st.integers(0, len(table) - 1))
    key, version, state, amount = table[index]
    other = data.draw(
        st.sampled_from([(key, version + 1, state, amount), (key, version, state + "x", amount), None])
        | st.just((key, version, state, amount + 1))
    )
    changed = [row for row in table if row[0] != key] + ([other] if other else [])
    before, after = build_statement(table), build_statement(changed)
    differing = [i for i in range(64) if before["buckets"][i] != after["buckets"][i]]
    assert differing == [bucket_of(key)]


@given(tables)
def test_count_sum_and_named_rows(table: list[Row]) -> None:
    statement = build_statement(iter(table))
    assert statement["count"] == len(table)
    assert statement["amount_minor"] == sum(row[3] for row in table)
    assert len(statement["buckets"]) == 64
    assert {len(digest) for digest in statement["buckets"]} == {32}
    named = name_rows(table, range(64))
    assert named == [[str(row[0]), row[1], digest_of(row)] for row in sorted(table)]
    halves = name_rows(table, range(32)) + name_rows(table, range(32, 64))
    assert sorted(halves) == sorted(named)


def test_the_digest_is_agreed_for_good() -> None:
    """Both sides of a federation may run different releases: these values may not change."""
    row = (UUID("12345678-1234-4678-9234-567812345678"), 3, "active", 20000)
    assert bucket_of(row[0]) == 56
    assert digest_of(row) == "01332016f00d7925220d0dc6c9de32aa"
    assert build_statement([row])["buckets"][56] == digest_of(row)
    assert build_statement([])["buckets"] == ["0" * 32] * 64


def submitted() -> Any:
    return Application.objects.exclude(state="draft").values_list("id", "version", "state", F("scheme_version"))


reported: list[list[UUID]] = []


def report(ids: Any) -> None:
    reported.append(list(ids))


@pytest.fixture
def aggregates() -> Iterator[Any]:
    """Applications as an aggregate with two more columns than it really has."""
    here = "tests.federation.test_statements"
    before = statements._aggregates
    statements.bind({"applications": Aggregate(f"{here}.submitted", f"{here}.report")})
    reported.clear()
    yield
    statements.bind(before)


def application(number: Any, **facts: Any) -> Any:
    return Application.objects.create(
        reference=f"A{number}", category="student", kind="person", scheme_version=number, channel="branch",
        created_at=NOW, **{"state": "in_progress", **facts},
    )  # fmt: skip


def told() -> Any:
    return [(m.receiver, m.type, m.payload) for m in OutboxMessage.objects.order_by("id")]


def test_a_society_states_its_books(in_welding: Any, aggregates: None) -> None:
    first, second = application(1), application(2, version=7)
    application(3, state="draft")
    give_statement(StatementRequested(reconciliation_id=5), sender="100", at=NOW)
    expected = build_statement([(first.pk, 1, "in_progress", 1), (second.pk, 7, "in_progress", 2)])
    assert (expected["count"], expected["amount_minor"]) == (2, 3)
    [answer] = told()
    assert answer == (
        "100",
        "statement.given",
        {"reconciliation_id": 5, "aggregates": {"applications": expected}, "rows": {}},
    )


def test_it_names_the_rows_of_the_buckets_asked_for(in_welding: Any, aggregates: None) -> None:
    some = [application(n) for n in range(1, 9)]
    bucket = bucket_of(some[0].pk)
    request = StatementRequested(reconciliation_id=5, aggregate="applications", buckets=(bucket,))
    give_statement(request, sender="100", at=NOW)
    [(_to, _type, payload)] = told()
    rows = [(a.pk, 1, "in_progress", a.scheme_version) for a in some if bucket_of(a.pk) == bucket]
    assert payload["rows"] == {"applications": [[str(r[0]), 1, digest_of(r)] for r in sorted(rows)]}
    assert payload["aggregates"]["applications"]["count"] == 8


def test_rows_are_reported_again_and_unknown_ones_given_up(in_welding: Any, aggregates: None) -> None:
    known, draft, unknown = application(1), application(2, state="draft"), uuid4()
    message = ReplayRequested(aggregate="applications", ids=(unknown, known.pk, draft.pk))
    replay_rows(message, sender="100", at=NOW)
    assert reported == [[known.pk]]
    gone = {"aggregate": "applications", "ids": [str(unknown), str(draft.pk)]}
    assert told() == [("100", "rows.gone", gone)]


def test_an_aggregate_that_nobody_keeps(in_welding: Any, aggregates: None) -> None:
    with pytest.raises(Refusal) as refused:
        give_statement(StatementRequested(reconciliation_id=1, aggregate="hats"), sender="100", at=NOW)
    assert refused.value.code == "unknown_aggregate"
    with pytest.raises(Refusal) as refused:
        replay_rows(ReplayRequested(aggregate="hats", ids=()), sender="100", at=NOW)
    assert refused.value.code == "unknown_aggregate"
    assert told() == []
