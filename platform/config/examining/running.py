"""Does the whole installation work together? Asked of the running processes and of what they left behind."""

import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from config.examining.examination import Answer, Fault
from config.sight import figures
from config.sight.answering import COMMAND
from kit import clock
from tenants import registry
from tenants.context import inside
from tenants.models import Society

WORKERS_ANSWER_WITHIN = 3.0  # seconds; the folder of `make run` is read every tenth of one
BEAT_WITHIN = 15.0  # it asks for a sweep every three seconds
MOST_LAG = 120.0
MOST_SILENCE = timedelta(hours=26).total_seconds()  # a day, and two hours for the work itself
LEAST_FREE, TIGHT = 0.05, 0.10
QUEUES = ("societies", "provision")
SWEEP = "federation.tasks.sweep"


def migrations() -> Answer:
    """Each society's own list against what this code brings."""
    expected = MigrationLoader(None).disk_migrations or {}
    behind, newer, asked = [], [], 0
    for society in _societies():
        labels = {apps.get_app_config(_label(name)).label for name in settings.TENANT_TYPES[society.kind]["APPS"]}
        wanted = {key for key in expected if key[0] in labels}
        try:
            with inside(society), connection.cursor() as cursor:
                cursor.execute("SELECT app, name FROM django_migrations")
                applied = {(app_label, name) for app_label, name in cursor.fetchall()}
        except DatabaseError:
            continue  # said of its schema or its login already
        asked += 1
        behind += [society.number] if wanted - applied else []
        newer += [society.number] if {key for key in applied if key[0] in labels} - wanted else []
    faults = []
    if behind:
        faults.append(Fault(f"Behind this code: {_named(behind)}.", "Run `manage.py upgrade_societies`."))
    if newer:
        remedy = "Start the newer version; this one may not understand what it finds."
        faults.append(Fault(f"Ahead of this code: {_named(newer)}.", remedy, only_warn=True))
    failed = [society.number for society in _societies() if society.upgrade_error]
    if failed:
        remedy = "Read the reason in the console of headquarters, and run `manage.py upgrade_societies` again."
        faults.append(Fault(f"The last upgrade failed in {_named(failed)}.", remedy))
    return Answer(f"{asked} societies", faults)


def broker() -> Answer:
    where = settings.BROKER_URL.partition(":")[0]
    try:
        with current_app.connection_for_write() as line:
            line.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # each broker has its own errors
        remedy = "Look whether it runs, and at BROKER_URL. Nothing is lost meanwhile: the outbox keeps it."
        return Answer("no answer", [Fault(f"The broker ({where}) cannot be reached: {type(error).__name__}.", remedy)])
    return Answer(where)


@cache
def _workers() -> dict[str, dict[str, Any]]:
    """What each worker says of itself; asked once, since one waits for those who do not answer."""
    try:
        answers = current_app.control.broadcast(COMMAND, reply=True, timeout=WORKERS_ANSWER_WITHIN) or []
    except Exception:  # said of the broker already
        return {}
    return {name: said for answer in answers for name, said in answer.items() if "queues" in said}


def workers() -> Answer:
    said = _workers()
    served = {queue for each in said.values() for queue in each["queues"]}
    remedy = "Start the worker: `celery -A config.celery worker --queues …`; `make run` and the chart do so."
    if not said:
        told = f"No worker answers within {WORKERS_ANSWER_WITHIN:.0f} s: messages, letters and clocks stand still."
        return Answer("none", [Fault(told, remedy)])
    faults = [Fault(f"Nobody serves the queue `{name}`.", remedy) for name in QUEUES if name not in served]
    return Answer(f"{len(said)} at {', '.join(sorted(served))}", faults)


def beat() -> Answer:
    """Alive is what asks for a sweep; the workers remember when they last heard that."""
    said = [each for each in _workers().values() if "societies" in each["queues"]]
    if not said:
        return Answer(
            "unknown",
            [Fault("Whether beat is alive is unknown: no worker answers.", "Start a worker.", only_warn=True)],
        )
    since = min(each["heard"].get(SWEEP, each["up"]) for each in said)
    if since > BEAT_WITHIN:
        remedy = "Start beat, exactly one: `celery -A config.beat beat`."
        return Answer("silent", [Fault(f"No sweep was asked for during {since:.0f} s.", remedy)])
    return Answer(f"last heard of {since:.0f} s ago")


def border() -> Answer:
    values = figures.border(clock.now())
    lag = float(values["huilian_border_lag_seconds"])  # type: ignore[arg-type]
    parked = int(values["huilian_border_messages_parked"])  # type: ignore[arg-type]
    faults = []
    if lag > MOST_LAG:
        told = f"The oldest message between societies has been on its way for {_ago(lag)}."
        faults.append(Fault(told, "Look at workers and beat; a suspended society's messages wait for its return."))
    if parked:
        remedy = "Read the reasons at headquarters under Border, and have them handled again."
        faults.append(Fault(f"{parked} messages are parked.", remedy, only_warn=True))
    return Answer(f"the oldest is {_ago(lag)} old", faults)


def reconciliation() -> Answer:
    values = figures.cases(clock.now())
    age = float(values["huilian_reconcile_age_seconds"])  # type: ignore[arg-type]
    differing = int(values["huilian_reconcile_societies_differing"])  # type: ignore[arg-type]
    faults = []
    if differing:
        told = f"Headquarters and {differing} societies do not agree."
        faults.append(Fault(told, "Run `manage.py reconcile --repair`, and look at what it names."))
    if age > MOST_SILENCE:
        told = f"A society has not been compared with headquarters for {_ago(age)}."
        faults.append(Fault(told, "Look at beat, which asks nightly; or run `manage.py reconcile`.", only_warn=True))
    return Answer(f"all within {_ago(age)}", faults)


def backup() -> Answer:
    values = figures.societies(clock.now())
    age = float(values["huilian_backup_age_seconds"])  # type: ignore[arg-type]
    never = int(values["huilian_societies_without_backup"])  # type: ignore[arg-type]
    remedy = "Run `manage.py backup_federation --to FOLDER`, daily (platform/docs/backup.md)."
    if age > MOST_SILENCE:
        return Answer("too old", [Fault(f"The oldest last backup of a society is {_ago(age)} old.", remedy)])
    if never:
        return Answer("not yet", [Fault(f"{never} societies were never backed up.", remedy, only_warn=True)])
    return Answer(f"all within {_ago(age)}")


def disk() -> Answer:
    if getattr(settings, "MEDIA_S3", {}).get("bucket"):
        return Answer("none is needed: they are in a bucket")
    there = Path(settings.MEDIA_ROOT)
    while not there.exists():
        there = there.parent
    usage = shutil.disk_usage(there)
    free = usage.free / usage.total
    found = f"{usage.free / 2**30:.1f} GiB free ({free:.0%})"
    if free < TIGHT:
        told = f"The disk of the uploads is nearly full: {found}."
        return Answer(found, [Fault(told, "Give it more room, or move old backups away.", free >= LEAST_FREE)])
    return Answer(found)


def forget() -> None:
    """Ask the workers anew next time."""
    _workers.cache_clear()


def _label(application: str) -> str:
    return next(config.label for config in apps.get_app_configs() if config.name == application)


def _societies() -> list[Society]:
    found = registry.street_map().by_number.values()
    return [society for society in found if society.state != Society.State.OPENING]


def _named(numbers: list[str]) -> str:
    return ", ".join(numbers[:8]) + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")


def _ago(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
