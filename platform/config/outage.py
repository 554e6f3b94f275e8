"""When the database or the uploads are away: people read that it is for a moment, programs when to try again."""

import logging
import sys
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error as plain_server_error

from api.v1.problems import BUSY_SECONDS, busy
from config.sight import metrics
from config.sight.faults import describe
from tenants.files import UploadsAway

log = logging.getLogger(__name__)

# Connection exceptions; the server shuts down, has crashed, starts; it has no connection left.
_LOST_CLASS, _LOST = "08", frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})


def is_connection_lost(error: BaseException) -> bool:
    """Whether the connection was refused or lost; a statement that failed on a living one is something else."""
    return any(_is_lost(each) for each in _chain(error))


def is_store_away(error: BaseException) -> bool:
    return any(isinstance(each, UploadsAway) for each in _chain(error))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's last resort (`handler500`), called while the fault is being handled: 503 if something is away."""
    error = sys.exc_info()[1]
    if error is None:
        return plain_server_error(request)
    if is_connection_lost(error):
        log.warning("the database cannot be reached: %s", describe(error))
        metrics.DATABASE_LOST.inc()
    elif is_store_away(error):
        log.warning("the store of uploads cannot be reached: %s", describe(error))
    else:
        return plain_server_error(request)
    if request.path_info.startswith("/api/"):
        response = busy().before_any_view()
    else:
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # not a second time, with a stack that says no more
    return response


def _is_lost(error: BaseException) -> bool:
    if isinstance(error, psycopg.OperationalError):
        # Without a state no statement was answered: there is no connection, or no longer.
        state = error.sqlstate
        return state is None or state.startswith(_LOST_CLASS) or state in _LOST
    said = str(error)
    return isinstance(error, OperationalError | InterfaceError) and "connection" in said and "closed" in said


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The fault and what it was made of; Django wraps the driver's."""
    known: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in known:
        known.add(id(at))
        yield at
        at = at.__cause__
