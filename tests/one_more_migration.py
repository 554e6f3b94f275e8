"""One migration more than is on disk, after whatever the newest of its app is."""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.migrations.loader import MigrationLoader

LoadDisk = Callable[[MigrationLoader], None]


def one_more_migration(app: str, name: str, *operations: Any, **facts: Any) -> LoadDisk:
    """A `MigrationLoader.load_disk` that finds this migration too; the caller puts it in its place.

    `facts` are the class's own words, as `phase` or `atomic`.
    """
    load: LoadDisk = MigrationLoader.load_disk

    def load_disk(self: MigrationLoader) -> None:
        load(self)
        newest = max(migration for label, migration in self.disk_migrations if label == app)
        body = {"dependencies": [(app, newest)], "operations": operations, **facts}
        self.disk_migrations[app, name] = type("Migration", (migrations.Migration,), body)(name, app)

    return load_disk
