"""Sessions in the society's database; that it cannot be reached is not that somebody has signed out."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError


class SessionStore(DatabaseStore):
    """Named by the setting SESSION_ENGINE."""

    def save(self, must_create: bool = False) -> None:
        """Raises OperationalError where the connection is lost: Django takes any fault for a deleted session (400)."""
        try:
            super().save(must_create)
        except UpdateError as error:
            fault = error.__context__
            if isinstance(fault, OperationalError):
                raise fault from fault.__cause__
            raise
