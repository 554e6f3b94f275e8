"""A fault for the log: what kind and where. Its words and values stay out, since they may be somebody's."""

import traceback
from collections.abc import Iterator

from django.conf import settings

from kit.errors import Refusal

_SAFE_FACTS = ("sqlstate", "table_name", "column_name", "constraint_name")
DEEPEST = 10  # faults that caused one another


def kind_of(error: BaseException) -> str:
    """The type, and of a database's fault what the schema knows: never `Key (email)=(…) already exists`."""
    if isinstance(error, Refusal):
        return f"Refusal {error.code}"
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    # Known by what it brings: beat, which has no database, would otherwise load the driver for its log.
    cause = error if hasattr(error, "diag") else error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if cause is None or diagnosis is None:
        return name
    facts = [str(fact) for fact in (getattr(diagnosis, each, None) for each in _SAFE_FACTS) if fact]
    if not facts and any(base.__name__ == "OperationalError" for base in type(cause).__mro__):
        facts = str(cause).splitlines()[:1]  # no statement was understood yet: it says which server does not answer
    return " ".join([name, *facts])


def describe(error: BaseException) -> str:
    """One line: the kind, and the last place it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{kind_of(error)} ({_place(frames[-1])})" if frames else kind_of(error)


def stack_of(error: BaseException) -> str:
    """The stack of a fault and of those that led to it, the first cause first; no values, no source lines."""
    return "\n".join(_lines(error))


def chain_of(error: BaseException) -> list[BaseException]:
    """The fault and those that led to it, the first cause first."""
    chain = [error]
    while len(chain) < DEEPEST:
        before = chain[-1].__cause__ or (None if chain[-1].__suppress_context__ else chain[-1].__context__)
        if before is None or before in chain:
            break
        chain.append(before)
    return chain[::-1]


def file_of(frame: traceback.FrameSummary) -> str:
    """The file without the folders that every installation has elsewhere."""
    return frame.filename.removeprefix(f"{settings.BASE_DIR}/").rpartition("site-packages/")[2]


def _lines(error: BaseException) -> Iterator[str]:
    for each in chain_of(error):
        yield kind_of(each)
        yield from (f"  {_place(frame)}" for frame in traceback.extract_tb(each.__traceback__))


def _place(frame: traceback.FrameSummary) -> str:
    return f"{file_of(frame)}:{frame.lineno} in {frame.name}"
