"""The relay's own way to the database: a role that reads outboxes and writes inboxes, and nothing else."""

import os
import threading
import time
from typing import Any

import psycopg
from django.conf import settings

from tenants.roles import derived_password, relay_role

Connection = psycopg.Connection[tuple[Any, ...]]

ASK_AFTER_SECONDS = 5.0

_kept = threading.local()  # one connection per thread, made when first needed


def relay_connection() -> Connection:
    """This thread's connection as the relay, in autocommit; made anew if it died or came over a fork."""
    connection: Connection | None = getattr(_kept, "connection", None)
    if connection is not None and _kept.process == os.getpid() and _alive(connection):
        _kept.used_at = time.monotonic()
        return connection
    connection = _connect()
    _kept.connection, _kept.process, _kept.used_at = connection, os.getpid(), time.monotonic()
    return connection


def close_relay_connection() -> None:
    """End this thread's session as the relay."""
    connection: Connection | None = getattr(_kept, "connection", None)
    if connection is not None and _kept.process == os.getpid():
        connection.close()
    _kept.connection = None


def _alive(connection: Connection) -> bool:
    if connection.closed or connection.broken:
        return False
    if time.monotonic() - _kept.used_at < ASK_AFTER_SECONDS:
        return True
    try:
        connection.execute("")
    except psycopg.Error:
        return False
    return True


def _connect() -> Connection:
    road = settings.DATABASES["default"]
    return psycopg.connect(
        dbname=road["NAME"],
        host=road["HOST"] or None,
        port=road["PORT"] or None,
        user=relay_role(),
        password=derived_password(relay_role()),
        application_name="huilian relay",
        autocommit=True,
        prepare_threshold=None,  # the statements differ by society; a pooler in between would lose them
        **road["OPTIONS"],
    )
