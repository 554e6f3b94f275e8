"""What every page knows: whose page it is, and what surrounds it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from huilian.portals.menu import shell_of


def society(request: HttpRequest) -> dict[str, Any]:
    """The society of the request, and its surroundings; nothing where the host is nobody's."""
    here = getattr(request, "tenant", None)
    if here is None:
        return {}
    return {"society": here, "shell": SimpleLazyObject(lambda: shell_of(request))}
