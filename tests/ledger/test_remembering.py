"""Headquarters' history: exact for every day, told once whatever is delivered again, and mended where it lags."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.ledger.catching_up import catch_up, rows_remembered
from federation.ledger.models import Case, Change, FeeEntry, HistoryStart, Movement, RollEntry
from federation.ledger.past import Past, Stood, Waited, members_by_month, stood_on
from federation.ledger.projecting import APPLICATIONS, FEES, MEMBERS
from federation.ledger.queries import summary
from federation.ledger.recounting import drifted_days, mend_days
from tests.ledger.test_projecting import application, fee, member

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)  # noon at headquarters


def day(number: int, month: int = 3) -> datetime:
    return NOON.replace(month=month, day=number)


def changed(report: Any, at: datetime, **facts: Any) -> Any:
    return dataclasses.replace(report, changed_at=at, **facts)


def stood(on: date, **options: Any) -> Stood:
    return stood_on(on, **options).together


def members_on(*days: date) -> list[tuple[int, int, int]]:
    return [(found.members, found.lapsed, found.ended) for found in map(stood, days)]


def test_a_member_stands_lapses_comes_back_and_ends(in_hq: Any) -> None:
    for version, state, at, more in (
        (1, "active", day(5, 1), {}),
        (2, "lapsed", day(3, 2), {"to_on": date(2026, 2, 1)}),  # the worker was late by two days
        (3, "active", day(10, 2), {"from_on": date(2026, 2, 10)}),
        (4, "ended", day(20, 2), {}),
    ):
        MEMBERS.apply([(changed(member(1, version=version, state=state), at, **more), "101", NOON)])
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 9)]
    assert members_on(*days) == [(0, 0, 0), (1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0)]
    assert members_on(date(2026, 2, 10), date(2026, 2, 19), date(2026, 2, 20)) == [(1, 0, 0), (1, 0, 0), (0, 0, 1)]
    assert members_on(date(2030, 1, 1)) == [(0, 0, 1)]


def test_a_change_of_category_counts_from_its_day(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON)])
    MEMBERS.apply([(changed(member(1, version=2, category="senior"), day(7)), "101", day(9))])
    before, after = stood_on(date(2026, 3, 6)).by_category(), stood_on(date(2026, 3, 7)).by_category()
    assert {name: part.members for name, part in before.items()} == {"ordinary": 1}
    assert {name: part.members for name, part in after.items() if part.members} == {"senior": 1}


def test_what_is_delivered_again_is_not_remembered_again(in_hq: Any) -> None:
    reports = [
        (changed(member(1), day(5, 1)), "101", day(5, 1)),
        (changed(member(1, version=2, state="lapsed"), day(6, 2)), "101", day(6, 2)),
    ]
    MEMBERS.apply(reports)
    once, sums = list(Change.objects.values()), list(Movement.objects.order_by("pk").values())
    for again in (reports, reports[:1], reports[1:], [(reports[1][0], "101", day(20))]):
        MEMBERS.apply(again)
    assert list(Change.objects.values()) == once
    assert list(Movement.objects.order_by("pk").values()) == sums
    assert members_on(date(2026, 2, 5), date(2026, 2, 6)) == [(1, 0, 0), (0, 1, 0)]


def test_each_version_of_a_batch_is_remembered(in_hq: Any) -> None:
    """A society that was away for a while: its messages come at once, and each counts on its own day."""
    batch = [
        (changed(member(1, version=3, category="senior", state="ended"), day(20, 2)), "101", day(25)),
        (changed(member(1, version=1), day(5, 1)), "101", day(25)),
        (changed(member(1, version=2, category="senior"), day(6, 2)), "101", day(25)),
    ]
    assert MEMBERS.apply(batch) == 1
    assert list(Change.objects.order_by("pk").values_list("cut", "from_on")) == [
        ("person|ordinary|active", date(2026, 1, 5)),
        ("person|senior|active", date(2026, 2, 6)),
        ("person|senior|ended", date(2026, 2, 20)),
    ]


def test_a_row_that_is_spoilt_here_and_mended_leaves_no_trace(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON), (member(2), "101", NOON)])
    RollEntry.objects.filter(member_id=UUID(int=1)).update(state="ended")
    RollEntry.objects.filter(member_id=UUID(int=2)).delete()
    MEMBERS.apply([(member(1), "101", day(9)), (member(2), "101", day(9))])
    assert Change.objects.count() == 2
    assert members_on(date(2026, 1, 5), date(2026, 3, 9)) == [(2, 0, 0), (2, 0, 0)]


def test_a_row_that_is_gone_was_there_before(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON)])
    MEMBERS.drop("101", [UUID(int=1)], at=day(9))
    assert members_on(date(2026, 3, 8), date(2026, 3, 9)) == [(1, 0, 0), (0, 0, 0)]
    MEMBERS.apply([(member(1), "101", day(12))])  # and comes back
    assert members_on(date(2026, 3, 8), date(2026, 3, 11), date(2026, 3, 12)) == [(1, 0, 0), (0, 0, 0), (1, 0, 0)]
    assert drifted_days("101") == []


def test_applications_and_dues_count_by_their_own_days(in_hq: Any) -> None:
    late = datetime(2026, 3, 9, 17, tzinfo=UTC)  # the tenth at headquarters
    APPLICATIONS.apply([(application(1, day(2)), "101", day(2)), (application(2, day(4)), "101", day(4))])
    ended = dataclasses.replace(application(1, day(2)), state="refused", step="", ended_at=late, row_version=2)
    APPLICATIONS.apply([(ended, "101", day(20))])
    FEES.apply([(fee(1), "100", day(1)), (fee(2, amount=10000), "100", day(1))])
    FEES.apply([(fee(1, version=2, amount=15000), "100", day(3))])  # three years were chosen
    paid = dataclasses.replace(fee(1, version=3, state="settled", amount=15000), settled_at=late)
    FEES.apply([(fee(1, version=3, state="reported", amount=15000), "100", day(8))])
    FEES.apply([(dataclasses.replace(paid, row_version=4), "100", day(20))])
    FEES.apply([(fee(2, version=2, state="cancelled", amount=10000), "100", day(22))])

    def facts(on: int) -> tuple[int, int, int, int]:
        found = stood(date(2026, 3, on))
        return found.in_progress, found.refused, found.fees_open_minor, found.fees_settled_minor

    assert [facts(on) for on in (1, 2, 3, 4, 9, 10, 21, 22)] == [
        (0, 0, 15000, 0),
        (1, 0, 15000, 0),
        (1, 0, 25000, 0),
        (2, 0, 25000, 0),
        (2, 0, 25000, 0),
        (1, 1, 10000, 15000),
        (1, 1, 10000, 15000),
        (1, 1, 0, 15000),
    ]


def test_one_society_alone(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON), (member(2), "201", NOON), (member(3), "201", NOON)])
    assert {n: part.members for n, part in stood_on(date(2026, 3, 1)).by_society().items()} == {"101": 1, "201": 2}
    assert stood(date(2026, 3, 1), society="201").members == 2


def case(opened: datetime, *, decided: datetime | None = None, due: date | None = None, society: str = "101") -> None:
    Case.objects.create(
        society=society,
        application_id=UUID(int=Case.objects.count() + 1),
        step_index=1,
        step="review",
        reference="A",
        name="李",
        kind="person",
        category="senior",
        channel="branch",
        scheme_version=1,
        opened_at=opened,
        decided_at=decided,
        state="open" if decided is None else "decided",
        due_on=due,
    )


def test_cases_by_their_age_on_the_day(in_hq: Any) -> None:
    case(day(1), due=date(2026, 3, 5))
    case(day(1), decided=day(5))
    case(day(1), decided=day(6), due=date(2026, 3, 6), society="201")
    case(day(3))
    case(datetime(2026, 3, 5, 17, tzinfo=UTC))  # the sixth at headquarters
    nobody = Waited(0, 0)
    assert stood_on(date(2026, 2, 28)).cases == [nobody] * 5
    assert stood_on(date(2026, 3, 5)).cases == [Waited(1, 0), Waited(2, 0), nobody, nobody, nobody]
    assert stood_on(date(2026, 3, 6)).cases == [Waited(2, 0), Waited(1, 1), nobody, nobody, nobody]
    assert stood_on(date(2026, 3, 5), society="201").cases == [nobody, Waited(1, 0), nobody, nobody, nobody]
    assert [each.count for each in stood_on(date(2026, 4, 3)).cases] == [0, 0, 0, 1, 2]


def test_the_months_before(in_hq: Any, django_assert_num_queries: Any) -> None:
    reports = [(member(n, month=month), f"10{n % 2}", NOON) for n, month in enumerate((1, 1, 2, 4), start=1)]
    MEMBERS.apply([*reports, (changed(member(1, version=2, state="ended"), day(3)), "101", NOON)])
    with django_assert_num_queries(4):
        found = members_by_month(stood_on(date(2026, 4, 5)), months=5)
    assert found == {
        date(2025, 12, 1): 0,
        date(2026, 1, 1): 2,
        date(2026, 2, 1): 3,
        date(2026, 3, 1): 2,
        date(2026, 4, 1): 3,
    }
    past = stood_on(date(2026, 4, 4), society="101")
    assert list(members_by_month(past, months=3, society="101").values()) == [2, 1, 1]


def test_a_day_costs_three_questions(in_hq: Any, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        MEMBERS.apply([(member(n), f"10{n}", NOON) for n in range(1, count + 1)])
        with django_assert_num_queries(3):
            assert stood(date(2026, 3, 1)).members == count


def test_since_when_it_is_exact(in_hq: Any) -> None:
    assert stood_on(date(1990, 1, 1)).is_exact
    HistoryStart.objects.create(on=date(2026, 3, 1))
    assert [stood_on(on).is_exact for on in (date(2026, 2, 28), date(2026, 3, 1))] == [False, True]


def test_sums_of_days_that_drift_are_named_and_put_right(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON), (member(2), "101", NOON)])
    Movement.objects.filter(span="month").update(count=7)
    Movement.objects.filter(span="year").delete()
    named = [(each.name, each.kept, each.counted) for each in drifted_days("101")]
    assert named == [
        ("members person|ordinary|active month 2026-01-01", (7, 0), (2, 0)),
        ("members person|ordinary|active year 2026-01-01", (0, 0), (2, 0)),
    ]
    assert mend_days("101") == 2
    assert drifted_days("101") == []
    assert members_on(date(2027, 1, 1)) == [(2, 0, 0)]


def test_rows_of_a_program_without_a_history_are_caught_up_with(in_hq: Any) -> None:
    MEMBERS.apply([(member(n), "101", NOON) for n in (1, 2)])
    FEES.apply([(fee(1), "100", NOON)])
    APPLICATIONS.apply([(application(1, NOON), "101", NOON)])
    assert rows_remembered("101") == {}
    RollEntry.objects.filter(member_id=UUID(int=1)).update(state="ended", version=2, reported_at=day(9))
    assert rows_remembered("101") == {"members": (1, 2)}
    assert catch_up("101") == 1
    assert (rows_remembered("101"), rows_remembered("100"), drifted_days("101")) == ({}, {}, [])
    assert members_on(date(2026, 3, 8), date(2026, 3, 9)) == [(2, 0, 0), (1, 0, 1)]
    FeeEntry.objects.update(state="cancelled", version=2)
    assert (rows_remembered("101"), rows_remembered("100")) == ({}, {"fees": (0, 1)})
    assert catch_up("100", besides=["fees"]) == 0
    assert catch_up("100") == 1
    assert rows_remembered("100") == {}


steps = st.lists(
    st.tuples(
        st.integers(1, 3),  # member
        st.sampled_from(["student", "ordinary"]),
        st.sampled_from(["active", "lapsed", "ended"]),
        st.integers(0, 500),  # days after the first
        st.sampled_from(["101", "201"]),
        st.booleans(),  # delivered twice
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=steps)
def test_every_day_is_as_it_was_on_that_day(in_hq: Any, told: list[Any]) -> None:
    """Played day by day against the plain roll: what the roll said at the end of each day is what is answered later."""
    with transaction.atomic():
        _play(told)
        transaction.set_rollback(True)


def _play(told: list[Any]) -> None:
    start = date(2025, 11, 20)
    versions: dict[tuple[int, str], int] = {}
    diary: dict[date, tuple[int, ...]] = {}
    for n, category, state, after, society, twice in sorted(told, key=lambda each: each[3]):
        key, at = (n, society), datetime(2025, 11, 20, 4, tzinfo=UTC) + timedelta(days=after)
        first = key not in versions
        versions[key] = versions.get(key, 0) + 1
        report = changed(
            member(n, version=versions[key], category=category, state="active" if first else state),
            at,
            joined_on=at.date() if first else start,
        )
        for _time in range(1 + twice):
            MEMBERS.apply([(report, society, at)])
        diary[at.date()] = tuple(RollEntry.objects.filter(state=each).count() for each in ("active", "lapsed", "ended"))
    assert members_on(*diary) == list(diary.values())
    assert not drifted_days("101") + drifted_days("201")
    assert not rows_remembered("101") | rows_remembered("201")
    last = summary(on=date(2028, 1, 1))
    now: Past = stood_on(date(2028, 1, 1))
    assert {n: s.members for n, s in last.societies.items()} == {n: s.members for n, s in now.by_society().items()}


def test_history_is_appended_only(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", NOON)])
    for statement in ("UPDATE ledger_change SET cut = ''", "DELETE FROM ledger_change"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Change.objects.count() == 1
