"""The street map, read by the resolver's role and remembered for a moment in each process."""

import threading
import time
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from tenants.models import Domain, Society


@dataclass(frozen=True, slots=True)
class StreetMap:
    by_host: dict[str, Society]
    by_schema: dict[str, Society]
    by_number: dict[str, Society]
    hosts: dict[str, str]  # society number -> primary host
    read_at: float


MISS_SECONDS = 0.25

_map: StreetMap | None = None
_lock = threading.Lock()


def street_map() -> StreetMap:
    """All societies and hosts; at most `STREET_MAP_SECONDS` old."""
    return _no_older_than(settings.STREET_MAP_SECONDS)


def find(street: Literal["by_host", "by_schema", "by_number"], key: str) -> Society | None:
    """One society. What is not on the map may have been opened a moment ago by another process: it is read again.

    It is not read more often than every `MISS_SECONDS`, whatever strangers ask for.
    """
    found: Society | None = getattr(street_map(), street).get(key)
    return found or getattr(_no_older_than(MISS_SECONDS), street).get(key)


def forget() -> None:
    """Read the map anew next time: after opening, suspending or renaming a society."""
    global _map
    _map = None


def _no_older_than(seconds: float) -> StreetMap:
    global _map
    current = _map
    if current is not None and time.monotonic() - current.read_at < seconds:
        return current
    with _lock:
        current = _map
        if current is None or time.monotonic() - current.read_at >= seconds:
            current = _map = _read()
    return current


def _read() -> StreetMap:
    societies = {society.pk: society for society in Society.objects.all()}
    by_host: dict[str, Society] = {}
    hosts: dict[str, str] = {}
    for domain, tenant_id, is_primary in Domain.objects.values_list("domain", "tenant_id", "is_primary"):
        society = societies.get(tenant_id)
        if society is not None:
            by_host[domain] = society
            if is_primary:
                hosts[society.number] = domain
    return StreetMap(
        by_host=by_host,
        by_schema={s.schema_name: s for s in societies.values()},
        by_number={s.number: s for s in societies.values()},
        hosts=hosts,
        read_at=time.monotonic(),
    )
