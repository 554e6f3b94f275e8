"""Tasks of one society: the first argument names its schema, and the work is done inside it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from tenants import registry
from tenants.context import inside, society_of_schema
from tenants.models import Society

P = ParamSpec("P")
R = TypeVar("R")


def in_society(work: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """Run `work(society, …)` inside the society of that schema; refused if it is unknown or not open."""

    @wraps(work)
    def run(society: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with inside(_open_society(society)):
            return work(society, *args, **kwargs)

    return run


def _open_society(schema: str) -> Society:
    try:
        society = society_of_schema(schema)
    except Refusal:
        # It may have been opened a moment ago by another process.
        registry.forget()
        society = society_of_schema(schema)
    if society.state != Society.State.OPEN:
        raise Refusal("society_closed", _("%(society)s is not open."), status=503, society=society.number)
    return society
