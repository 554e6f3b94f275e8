"""What could not be handled is tried anew, when somebody has mended the reason."""

from django.utils.translation import gettext_lazy as _

from federation.models import InboxMessage
from federation.tasks import handle, kick
from kit.errors import Refusal
from tenants.context import current, on_commit


def replay_parked(pk: int) -> None:
    """Let a parked message wait again, in its old place; Refusal `not_parked` if it is not parked."""
    schema, State = current().schema_name, InboxMessage.State
    parked = InboxMessage.objects.filter(pk=pk, state=State.PARKED)
    if not parked.update(state=State.WAITING, attempts=0, error=""):
        raise Refusal("not_parked", _("This message is not parked."), status=409)
    on_commit(lambda: kick(handle, schema))
