"""The sums beside the rows and beside their history, counted anew: what drifted is named, and moved back.

Rows and sums change in one transaction, so a single statement sees them in agreement however much is being reported
meanwhile; a drift is then a fault of ours or a hand in the tables. Drifts are differences, so they are put right by
adding them, and whoever moves the same sum at that moment is not lost.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from federation.ledger.projecting import FEDERATION, add_to_sums
from federation.ledger.remembering import add_to_movements
from tenants.context import current

# What `projecting` counts a row in, said once more in SQL: tests hold the two against each other.
_COUNTED = """
SELECT 'members' AS measure, kind || '|' || category || '|' || state AS cut, NULL::date AS month,
       count(*) AS count, 0::bigint AS amount FROM ledger_rollentry WHERE society = %(whose)s GROUP BY 2
UNION ALL
SELECT 'joined', category || '|' || channel, date_trunc('month', joined_on)::date,
       count(*), 0 FROM ledger_rollentry WHERE society = %(whose)s GROUP BY 2, 3
UNION ALL
SELECT 'referred', referral_code, NULL,
       count(*), 0 FROM ledger_rollentry WHERE society = %(whose)s AND referral_code <> '' GROUP BY 2
UNION ALL
SELECT 'applications', category || '|' || state || '|' || step, NULL,
       count(*), 0 FROM ledger_applicationentry WHERE society = %(whose)s GROUP BY 2
UNION ALL
SELECT 'submitted', category || '|' || channel, date_trunc('month', submitted_at AT TIME ZONE %(zone)s)::date,
       count(*), 0 FROM ledger_applicationentry WHERE society = %(whose)s GROUP BY 2, 3
UNION ALL
SELECT 'fees', category || '|' || state || '|' || currency, NULL,
       count(*), sum(amount_minor) FROM ledger_feeentry WHERE society = %(whose)s GROUP BY 2
UNION ALL
SELECT 'settled', category || '|' || currency, date_trunc('month', settled_at AT TIME ZONE %(zone)s)::date,
       count(*), sum(amount_minor) FROM ledger_feeentry
 WHERE society = %(whose)s AND settled_at IS NOT NULL GROUP BY 2, 3
"""
# The federation's months are the sum of the societies' months.
_ADDED_UP = """
SELECT measure, cut, month, sum(count) AS count, sum(amount_minor) AS amount
  FROM ledger_rollup WHERE society <> %(whose)s AND month IS NOT NULL GROUP BY measure, cut, month
"""
_DRIFT = """
SELECT coalesce(counted.measure, kept.measure), coalesce(counted.cut, kept.cut), coalesce(counted.month, kept.month),
       coalesce(kept.count, 0), coalesce(kept.amount_minor, 0),
       coalesce(counted.count, 0)::bigint, coalesce(counted.amount, 0)::bigint
  FROM ({counted}) AS counted
  FULL JOIN (SELECT * FROM ledger_rollup WHERE society = %(whose)s) AS kept
    ON kept.measure = counted.measure AND kept.cut = counted.cut
   AND coalesce(kept.month, '-infinity') = coalesce(counted.month, '-infinity')
 WHERE (coalesce(kept.count, 0), coalesce(kept.amount_minor, 0))
       <> (coalesce(counted.count, 0), coalesce(counted.amount, 0))
 ORDER BY 1, 2, 3
"""
# What `remembering` moves by an entry: out of the sum that the row counted in before, into the one it counts in now.
_MOVED = """
WITH turns AS (
  SELECT measure, cut, amount_minor, from_on, lag(cut, 1, '') OVER course AS old_cut,
         lag(amount_minor) OVER course AS old_amount
    FROM ledger_change WHERE society = %(whose)s
  WINDOW course AS (PARTITION BY measure, row_id, reporter ORDER BY id)
), moves AS (
  SELECT measure, cut, from_on, 1 AS count, amount_minor AS amount FROM turns WHERE cut <> ''
  UNION ALL
  SELECT measure, old_cut, from_on, -1, -old_amount FROM turns WHERE old_cut <> ''
), counted AS (
  SELECT span, date_trunc(span, from_on::timestamp)::date AS first_on, measure, cut,
         sum(count) AS count, sum(amount) AS amount
    FROM moves, unnest(ARRAY['day', 'month', 'year']) AS span GROUP BY 1, 2, 3, 4
)
SELECT span, first_on, measure, cut, coalesce(kept.count, 0), coalesce(kept.amount_minor, 0),
       coalesce(counted.count, 0)::bigint, coalesce(counted.amount, 0)::bigint
  FROM counted FULL JOIN (SELECT * FROM ledger_movement WHERE society = %(whose)s) AS kept
 USING (span, first_on, measure, cut)
 WHERE (coalesce(kept.count, 0), coalesce(kept.amount_minor, 0))
       <> (coalesce(counted.count, 0), coalesce(counted.amount, 0))
 ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Drift:
    """One sum that is not what its rows add up to; counts, and amounts in minor units."""

    society: str
    measure: str
    cut: str
    month: date | None
    kept: tuple[int, int]
    counted: tuple[int, int]

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.measure, self.cut, self.month.isoformat()[:7] if self.month else ""]))


def drifted_sums(society: str) -> list[Drift]:
    """The sums of one society, or of the FEDERATION's months, that are not those of the rows."""
    counted = _ADDED_UP if society == FEDERATION else _COUNTED
    with connection.cursor() as cursor:
        cursor.execute(_DRIFT.format(counted=counted), {"whose": society, "zone": current().time_zone})
        rows = cursor.fetchall()
    return [Drift(society, measure, cut, month, (n, a), (m, b)) for measure, cut, month, n, a, m, b in rows]


def mend_sums(society: str) -> int:
    """Move every drifted sum to what its rows add up to; returns how many there were."""
    drifted = drifted_sums(society)
    add_to_sums(
        (
            each.society,
            each.measure,
            each.cut,
            each.month,
            each.counted[0] - each.kept[0],
            each.counted[1] - each.kept[1],
        )
        for each in drifted
    )
    return len(drifted)


@dataclass(frozen=True)
class DriftedDay:
    """One sum of a day, a month or a year that is not what the history adds up to."""

    society: str
    span: str
    first_on: date
    measure: str
    cut: str
    kept: tuple[int, int]
    counted: tuple[int, int]

    @property
    def name(self) -> str:
        return f"{self.measure} {self.cut} {self.span} {self.first_on.isoformat()}"


def drifted_days(society: str) -> list[DriftedDay]:
    """The sums of days, months and years of one society that are not those of its history."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"whose": society})
        rows = cursor.fetchall()
    return [
        DriftedDay(society, span, first, measure, cut, (n, a), (m, b)) for span, first, measure, cut, n, a, m, b in rows
    ]


def mend_days(society: str) -> int:
    """Move every drifted sum of a day, month or year to what the history adds up to; returns how many there were."""
    drifted = drifted_days(society)
    add_to_movements(
        (
            each.span,
            each.first_on,
            each.society,
            each.measure,
            each.cut,
            each.counted[0] - each.kept[0],
            each.counted[1] - each.kept[1],
        )
        for each in drifted
    )
    return len(drifted)
