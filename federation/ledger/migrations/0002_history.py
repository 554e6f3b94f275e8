"""The history of headquarters' rows, and what the newest reports tell of the time before it was kept."""

from django.db import migrations, models

# As `federation.ledger.courses` has it on the day of this migration; a society's own tables have no rows here.
_ZONE = "(SELECT time_zone FROM public.tenants_society WHERE schema_name = current_schema())"
_BEGAN = """
INSERT INTO ledger_change (measure, society, reporter, row_id, cut, amount_minor, from_on)
SELECT 'members', society, society, member_id, kind || '|' || category || '|active', 0, joined_on
  FROM ledger_rollentry
UNION ALL
SELECT 'applications', society, society, application_id, category || '|in_progress', 0,
       (submitted_at AT TIME ZONE {zone})::date
  FROM ledger_applicationentry
UNION ALL
SELECT 'fees', society, payee, bill_id, category || '|open|' || currency, amount_minor,
       (opened_at AT TIME ZONE {zone})::date
  FROM ledger_feeentry;
"""
_ENDED = """
INSERT INTO ledger_change (measure, society, reporter, row_id, cut, amount_minor, from_on)
SELECT 'members', society, society, member_id, kind || '|' || category || '|' || state, 0,
       greatest(joined_on, least((reported_at AT TIME ZONE {zone})::date, CASE state WHEN 'lapsed' THEN to_on END))
  FROM ledger_rollentry WHERE state <> 'active'
UNION ALL
SELECT 'applications', society, society, application_id, category || '|' || state, 0,
       (greatest(submitted_at, coalesce(ended_at, reported_at)) AT TIME ZONE {zone})::date
  FROM ledger_applicationentry WHERE state <> 'in_progress'
UNION ALL
SELECT 'fees', society, payee, bill_id, category || '|' || state || '|' || currency, amount_minor,
       (greatest(opened_at, CASE WHEN state = 'settled' AND settled_at IS NOT NULL THEN settled_at ELSE reported_at END)
        AT TIME ZONE {zone})::date
  FROM ledger_feeentry WHERE state NOT IN ('open', 'reported');
"""
_MOVEMENTS = """
INSERT INTO ledger_movement (span, first_on, society, measure, cut, count, amount_minor)
SELECT span, date_trunc(span, from_on::timestamp)::date, society, measure, cut, sum(count), sum(amount)
  FROM (
    SELECT society, measure, cut, from_on, 1 AS count, amount_minor AS amount FROM ledger_change
    UNION ALL
    SELECT society, measure, lag(cut) OVER course, from_on, -1, -lag(amount_minor) OVER course FROM ledger_change
    WINDOW course AS (PARTITION BY society, measure, row_id, reporter ORDER BY id)
  ) AS moves, unnest(ARRAY['day', 'month', 'year']) AS span
 WHERE cut IS NOT NULL
 GROUP BY 1, 2, 3, 4, 5 HAVING sum(count) <> 0 OR sum(amount) <> 0;
"""
_START = """
INSERT INTO ledger_historystart ("on")
SELECT (now() AT TIME ZONE {zone})::date WHERE EXISTS (SELECT 1 FROM ledger_change);
"""


class Migration(migrations.Migration):
    phase = "expand"
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="HistoryStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=12)),
                ("society", models.CharField(max_length=3)),
                ("reporter", models.CharField(max_length=3)),
                ("row_id", models.UUIDField()),
                ("cut", models.CharField(max_length=80)),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("from_on", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["society", "measure", "row_id", "id"], name="ledger_change_of_row")],
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("span", models.CharField(max_length=5)),
                ("first_on", models.DateField()),
                ("society", models.CharField(max_length=3)),
                ("measure", models.CharField(max_length=12)),
                ("cut", models.CharField(max_length=80)),
                ("count", models.BigIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["society"], name="ledger_movement_society")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("span", "first_on", "society", "measure", "cut"), name="ledger_movement_key"
                    )
                ],
            },
        ),
        migrations.RunSQL(_BEGAN.format(zone=_ZONE), migrations.RunSQL.noop),
        migrations.RunSQL(_ENDED.format(zone=_ZONE), migrations.RunSQL.noop),
        migrations.RunSQL(_MOVEMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(_START.format(zone=_ZONE), migrations.RunSQL.noop),
    ]
