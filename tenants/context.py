"""Acting in exactly one society: say which, and find out which."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from tenants import registry
from tenants.kinds import HEADQUARTERS_NUMBER, LAW, Law
from tenants.models import Society
from tenants.postgresql.base import NoSociety

__all__ = ["current", "headquarters", "inside", "law", "on_commit", "society_numbered", "society_of_schema", "url_of"]


@contextmanager
def inside(society: Society) -> Iterator[Society]:
    """Act in `society` until the end of the block; nesting in another one's transaction is refused."""
    before = connection.tenant  # type: ignore[attr-defined]
    connection.set_tenant(society)  # type: ignore[attr-defined]
    try:
        yield society
    finally:
        connection.set_tenant(before)  # type: ignore[attr-defined]


def current() -> Society:
    """The society this code acts in."""
    tenant = connection.tenant  # type: ignore[attr-defined]
    if not isinstance(tenant, Society):
        raise NoSociety("no society: say which with tenants.inside(society)")
    return tenant


def law() -> Law:
    """What the law allows the society this code acts in."""
    return LAW[current().kind]


def society_numbered(number: str) -> Society:
    """The open or suspended society of this number; Refusal `unknown_society` if there is none."""
    found = registry.find("by_number", number)
    if found is None:
        raise Refusal("unknown_society", _("There is no society with number %(number)s."), number=number)
    return found


def society_of_schema(schema: str) -> Society:
    found = registry.find("by_schema", schema)
    if found is None:
        raise Refusal("unknown_society", _("There is no society with schema %(schema)s."), schema=schema)
    return found


def headquarters() -> Society:
    return society_numbered(HEADQUARTERS_NUMBER)


def url_of(society: Society, path: str = "/") -> str:
    """Absolute address of a page of a society, on its primary host."""
    host = registry.street_map().hosts[society.number]
    return f"{settings.SITE_SCHEME}://{host}{settings.SITE_PORT_SUFFIX}{path}"


def on_commit(act: Callable[[], Any]) -> None:
    """Run `act` after the commit, in the society in which it was asked for."""
    society = current()

    def run() -> None:
        with inside(society):
            act()

    transaction.on_commit(run, robust=True)
