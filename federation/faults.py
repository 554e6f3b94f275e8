"""Naming what went wrong with a message without repeating what was in it."""

import traceback
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from django.utils import translation

from federation.codec import UnreadableMessage
from kit.errors import Refusal


def is_passing(error: BaseException) -> bool:
    """Whether the same may well succeed in a moment: a deadlock, a lock not got, a server going away."""
    return isinstance(error, OperationalError | InterfaceError)


_SAFE_FACTS = ("sqlstate", "table_name", "column_name", "constraint_name")


def describe(error: BaseException) -> str:
    """One line for the console: what kind of fault and where. Never the values, which may be somebody's."""
    return f"{_kind(error)}{_place(error.__traceback__)}"[:500]


def _kind(error: BaseException) -> str:
    if isinstance(error, Refusal):
        with translation.override("en"):
            return f"{error.code}: {error.sentence}"
    if isinstance(error, UnreadableMessage):
        return str(error)
    if isinstance(error, DatabaseError):
        diagnosis = getattr(error.__cause__, "diag", None)
        facts = [getattr(diagnosis, name, None) for name in _SAFE_FACTS]
        return " ".join([type(error).__name__, *filter(None, facts)])
    return type(error).__name__


def _place(trace: TracebackType | None) -> str:
    """The last of our own lines that it went through."""
    ours = [frame for frame in traceback.extract_tb(trace) if _is_ours(frame.filename)]
    if not ours:
        return ""
    file = Path(ours[-1].filename).relative_to(settings.BASE_DIR)
    return f" ({file}:{ours[-1].lineno} in {ours[-1].name})"


def _is_ours(file: str) -> bool:
    """Not a library's, and not of those who only look on while a statement is carried out."""
    return Path(file).is_relative_to(settings.BASE_DIR) and not {"site-packages", "sight"} & set(Path(file).parts)
