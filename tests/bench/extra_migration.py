"""One AddField more than is on disk, for measurements: `notices.0002_measured`."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader


def add_to_disk() -> None:
    """From now on this process finds the migration as if it lay on disk."""
    operations = [migrations.AddField("notice", "measured", models.CharField(max_length=9, null=True))]
    body = {"dependencies": [("notices", "0001_initial")], "operations": operations}
    extra: Any = type("Migration", (migrations.Migration,), body)("0002_measured", "notices")
    load = MigrationLoader.load_disk

    def load_disk(self: MigrationLoader) -> None:
        load(self)
        self.disk_migrations[("notices", "0002_measured")] = extra

    MigrationLoader.load_disk = load_disk  # type: ignore[method-assign]
