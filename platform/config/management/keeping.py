"""What the commands about backups have in common."""

from argparse import ArgumentParser, _ActionsContainer
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import translation

from kit.errors import Refusal
from tenants.models import Society


def add_number(parser: ArgumentParser) -> None:
    parser.add_argument("number", help="the society's number, three digits")


def add_folder(parser: _ActionsContainer, name: str, dest: str, help: str, *, required: bool = True) -> None:
    parser.add_argument(name, dest=dest, type=Path, required=required, help=help)


def society_to_keep(number: str) -> Society:
    """The society of this number as the provisioner sees it now."""
    if "provisioner" not in settings.DATABASES:
        raise CommandError("This needs PROVISIONER_DATABASE_URL: only that login can read and write whole schemas.")
    society: Society | None = Society.objects.using("provisioner").filter(number=number).first()
    if society is None or society.state == Society.State.OPENING:
        raise CommandError(f"There is no society with number {number}.")
    return society


@contextmanager
def told_plainly() -> Iterator[None]:
    """A refusal, or what the database or the disk says, becomes the command's last sentence."""
    try:
        yield
    except Refusal as refusal:
        with translation.override("en"):  # as all that commands print
            raise CommandError(str(refusal)) from None
    except (psycopg.Error, DatabaseError, OSError) as problem:
        raise CommandError(f"{type(problem).__name__}: {problem}") from problem
