"""One AddField more than is on disk, for measurements: `notices.9999_measured`."""

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.one_more_migration import one_more_migration


def add_to_disk() -> None:
    """From now on this process finds the migration as if it lay on disk."""
    added = migrations.AddField("notice", "measured", models.CharField(max_length=9, null=True))
    load = one_more_migration("notices", "9999_measured", added)
    MigrationLoader.load_disk = load  # type: ignore[method-assign, assignment]
