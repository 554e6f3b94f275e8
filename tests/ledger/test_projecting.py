"""Headquarters' books: the newest report wins, and the sums are always those of the rows."""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.contracts import ApplicationReported, FeeReported, MemberReported
from federation.ledger.models import FeeEntry, RollEntry, Rollup
from federation.ledger.projecting import APPLICATIONS, FEDERATION, FEES, MEMBERS, PROJECTIONS
from federation.ledger.queries import summary
from federation.ledger.recounting import drifted_sums, mend_sums

AT = datetime(2026, 3, 1, tzinfo=UTC)


def member(n: int, *, version: int = 1, category: str = "ordinary", state: str = "active", month: int = 1) -> Any:
    return MemberReported(
        member_id=UUID(int=n),
        number=f"101{n:07d}B",
        kind="person",
        category=category,
        state=state,
        member_name=f"会员{n}",
        sort_key=f"huiyuan{n}",
        channel="branch",
        referral_code="101-KQ27-M9TX-C" if n % 2 else "",
        phone_hash="",
        email_hash="",
        id_number_hash="",
        joined_on=date(2026, month, 5),
        from_on=date(2026, month, 5),
        to_on=None,
        row_version=version,
    )


def fee(n: int, *, version: int = 1, state: str = "open", amount: int = 5000) -> Any:
    return FeeReported(
        bill_id=UUID(int=n),
        society="101",
        number=f"B2026-{n:07d}",
        category="ordinary",
        years=1,
        amount_minor=amount,
        currency="CNY",
        state=state,
        opened_at=AT,
        settled_at=AT if state == "settled" else None,
        row_version=version,
    )


def application(n: int, submitted_at: datetime) -> Any:
    return ApplicationReported(
        application_id=UUID(int=n),
        reference=f"A2026-{n:07d}",
        kind="person",
        category="ordinary",
        state="in_progress",
        step="endorse",
        step_due_on=None,
        channel="branch",
        referral_code="",
        phone_hash="",
        email_hash="",
        id_number_hash="",
        submitted_at=submitted_at,
        ended_at=None,
        reapply_on=None,
        row_version=1,
    )


def sums_of_rows() -> dict[tuple[str, str, str, date | None], tuple[int, int]]:
    """What the rollups must be, counted from the rows themselves."""
    made: dict[Any, list[int]] = {}
    for projection in PROJECTIONS.values():
        for row in projection.model._default_manager.all():
            for measure, cut, month, amount in projection.measures(row):
                for whose in (projection.society(row),) if month is None else (projection.society(row), ""):
                    total = made.setdefault((whose, measure, cut, month), [0, 0])
                    total[0] += 1
                    total[1] += amount
    return {key: (count, amount) for key, (count, amount) in made.items()}


def kept_sums() -> dict[tuple[str, str, str, date | None], tuple[int, int]]:
    rows = Rollup.objects.exclude(count=0, amount_minor=0)
    return {(r.society, r.measure, r.cut, r.month): (r.count, r.amount_minor) for r in rows}


def test_the_newest_report_wins_whatever_the_order(in_hq: Any) -> None:
    MEMBERS.apply([(member(1, version=3, state="lapsed"), "101", AT)])
    assert MEMBERS.apply([(member(1, version=2), "101", AT)]) == 0
    row = RollEntry.objects.get()
    assert (row.society, row.state, row.category, row.version) == ("101", "lapsed", "ordinary", 3)
    assert kept_sums() == sums_of_rows()


def test_the_same_id_in_two_societies_is_two_members(in_hq: Any) -> None:
    MEMBERS.apply([(member(1), "101", AT), (member(1), "201", AT)])
    assert sorted(RollEntry.objects.values_list("society", flat=True)) == ["101", "201"]


def test_sums_move_with_the_rows(in_hq: Any) -> None:
    MEMBERS.apply([(member(n), "101", AT) for n in (1, 2, 3)])
    MEMBERS.apply(
        [(member(2, version=2, category="senior"), "101", AT), (member(3, version=2, state="ended"), "101", AT)]
    )
    assert {row.cut: row.count for row in Rollup.objects.filter(measure="members", society="101") if row.count} == {
        "person|ordinary|active": 1,
        "person|senior|active": 1,
        "person|ordinary|ended": 1,
    }
    assert MEMBERS.drop("101", [UUID(int=1), UUID(int=99)], at=AT) == 1
    assert kept_sums() == sums_of_rows()


def test_fees_count_where_the_member_is_and_are_keyed_by_the_payee(in_hq: Any) -> None:
    FEES.apply([(fee(1), "100", AT), (fee(2, state="settled"), "100", AT)])
    FEES.apply([(fee(1, version=2, state="settled", amount=25000), "100", AT)])
    assert FeeEntry.objects.filter(payee="100", society="101").count() == 2
    result = summary(on=date(2026, 3, 15))
    assert result.societies["101"].fees_settled_minor == 30000
    assert result.societies["101"].fees_open_minor == 0
    assert result.months["settled"][date(2026, 3, 1)] == (2, 30000)
    assert kept_sums() == sums_of_rows()
    assert not drifted_sums("101") + drifted_sums(FEDERATION)


def test_the_summary_asks_three_questions(in_hq: Any, django_assert_num_queries: Any) -> None:
    MEMBERS.apply([(member(n), "101", AT) for n in range(1, 6)])
    MEMBERS.apply([(member(n), "201", AT) for n in range(1, 4)])
    with django_assert_num_queries(3):
        result = summary(on=date(2026, 3, 15))
    assert (result.members, result.members_by_category) == (8, {"ordinary": 8})
    assert Counter({n: s.members for n, s in result.societies.items()}) == {"101": 5, "201": 3}
    assert result.months["joined"] == {date(2026, 1, 1): (8, 0)}


reports = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(1, 5),
        st.sampled_from(["student", "ordinary"]),
        st.sampled_from(["active", "lapsed"]),
        st.integers(1, 3),
        st.sampled_from(["101", "201"]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(reports, max_size=4))
def test_sums_are_always_those_of_the_rows(in_hq: Any, batches: Iterable[Any]) -> None:
    RollEntry.objects.all().delete()
    Rollup.objects.all().delete()
    for batch in batches:
        MEMBERS.apply(
            [
                (member(n, version=version, category=category, state=state, month=month), sender, AT)
                for n, version, category, state, month, sender in batch
            ]
        )
        assert kept_sums() == sums_of_rows()
        assert not [drift for whose in ("101", "201", FEDERATION) for drift in drifted_sums(whose)]


def test_every_sum_is_counted_anew_alike(in_hq: Any) -> None:
    turn = datetime(2026, 1, 31, 19, tzinfo=UTC)  # and in the morning of February at headquarters
    MEMBERS.apply([(member(n, month=n), "101", AT) for n in (1, 2, 3)])
    FEES.apply([(dataclasses.replace(fee(1, state="settled"), settled_at=turn), "100", AT), (fee(2), "101", AT)])
    APPLICATIONS.apply([(application(1, turn), "101", AT), (application(2, AT), "101", AT)])
    assert {row.measure for row in Rollup.objects.all()} == {
        *("members", "joined", "referred", "applications", "submitted", "fees", "settled")
    }
    assert drifted_sums("101") + drifted_sums(FEDERATION) == []
    months = Rollup.objects.filter(measure__in=("settled", "submitted"), society="101")
    assert sorted(months.values_list("measure", "month", "count")) == [
        ("settled", date(2026, 2, 1), 1),
        ("submitted", date(2026, 2, 1), 1),
        ("submitted", date(2026, 3, 1), 1),
    ]
    Rollup.objects.all().delete()
    assert mend_sums("101") and mend_sums(FEDERATION)
    assert kept_sums() == sums_of_rows()
