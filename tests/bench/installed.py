"""A whole installation to measure from outside: what `make run` starts, or what `make stack` starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import psycopg

from config.launcher.server_user import server_user
from config.launcher.socket_folder import socket_folder
from tests.journeys.installation import Installation, temporary_installation
from tests.journeys.office import await_worker
from tests.stack.stacked import temporary_stack

EMBEDDED = "embedded"
NAME = "huilian"


class Place(NamedTuple):
    """A society as somebody outside knows it."""

    number: str
    slug: str
    schema_name: str


@dataclass(frozen=True)
class Books:
    """The database, as whoever started the server may read it: where the letters with codes lie, and the roll."""

    installation: Installation
    superuser: str = "postgres"

    def url(self, database: str, *, user: str) -> str:
        folder = self.installation.data / "postgres"
        socket = socket_folder(folder.resolve(), user=server_user())
        return f"postgresql://{user}@/{database}?host={quote(str(socket), safe='')}&port=5432"

    def places(self) -> list[Place]:
        """Every society that is open, by number: headquarters first."""
        with psycopg.connect(self.url(NAME, user=self.superuser)) as connection:
            rows = connection.execute(
                "SELECT number, slug, schema_name FROM tenants_society WHERE state = 'open' ORDER BY number"
            ).fetchall()
        return [Place(*row) for row in rows]


@contextmanager
def installed(what: str) -> Iterator[Installation]:
    """`embedded`, or the broker of a stack; with the demonstration in it, and a worker that works."""
    made = temporary_installation() if what == EMBEDDED else temporary_stack(broker=what)
    with made as installation:
        installation.start()
        await_worker(installation.demo)
        try:
            yield installation
        except BaseException:
            print("\n".join(installation.words().splitlines()[-40:]), flush=True)  # gone with its folder otherwise
            raise


def port_of(installation: Installation) -> int:
    port = urlsplit(installation.demo.hosts["hq"]).port
    assert port is not None
    return port
