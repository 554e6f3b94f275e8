"""The sums beside the rows, counted anew from the rows: what drifted is named, and moved back.

Rows and sums change in one transaction, so a single statement sees them in agreement however much is being reported
meanwhile; a drift is then a fault of ours or a hand in the tables. Drifts are differences, so they are put right by
adding them, and whoever moves the same sum at that moment is not lost.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from federation.ledger.projecting import FEDERATION, add_to_sums
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
