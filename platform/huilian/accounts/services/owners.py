"""A society always has an owner: someone active who holds the office without an end."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.queries import local_day
from kit.errors import Refusal


def check_an_owner_remains(*, without: User, at: datetime) -> None:
    """Refuse `last_owner` if nobody else holds the office; to be called in the transaction of the change."""
    # All owners' grants are locked, in one order: two owners who end each other at once cannot both succeed.
    owners = list(
        RoleGrant.objects.select_for_update()
        .filter(role=Role.OWNER, to_on=None, from_on__lte=local_day(at))
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    if without.pk not in owners:
        return
    others = [pk for pk in owners if pk != without.pk]
    # Locked as well: an owner who is being closed at this moment is not counted.
    if not User.objects.select_for_update().filter(pk__in=others, is_active=True).order_by("pk").exists():
        raise Refusal(
            "last_owner",
            _("This is the last owner of the society. Appoint another owner first."),
            status=409,
        )
