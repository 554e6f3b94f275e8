"""What stands against a new application: a membership, an earlier refusal, another one under way."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huilian.accounts.models import User
from huilian.applications.channels import ApplyTicket
from huilian.applications.models import Application
from huilian.applications.refusals import already_applied
from huilian.applications.rules import check_earlier_refusals
from huilian.applications.services.walking import Walk
from huilian.members.models import Member
from huilian.members.rules import check_may_join
from kit.errors import Refusal

State = Application.State


def check_not_member(walk: Walk, user: User | None) -> None:
    """Refuse `already_member`; one who has lapsed, or would rise to a higher class, applies as the same member.

    Called when the application is live: of two at once the second has waited for the first, and sees its member.
    """
    application = walk.application
    if application.kind == Member.Kind.INSTITUTION:
        same = Q(name=application.name) | (Q(id_number_hash=application.id_number_hash) & ~Q(id_number_hash=""))
    else:
        same = _same_person(application) | (Q(user_id=user.pk) if user else Q(pk=None))
    members = Member.objects.filter(same, kind=application.kind).exclude(state=Member.State.ENDED)
    for member in members.order_by("joined_on", "number")[:5]:
        if not _is_own(member, user):
            raise Refusal(
                "already_member",
                _(
                    "There is a member with these particulars here already, and a member number is for life. "
                    "Please sign in by the phone or e-mail used then; if you cannot, write to us."
                ),
                status=409,
            )
        check_may_join(member, walk.category, walk.scheme, on=walk.on)


def check_no_refusal(walk: Walk, ticket: ApplyTicket) -> None:
    """Refuse `too_early` while an earlier refusal, here or elsewhere in the federation, still bars."""
    application = walk.application
    refused = Application.objects.filter(
        _same_person(application),
        kind=application.kind,
        category=application.category,
        state=State.REFUSED,
        reapply_on__gt=walk.on,
    ).exclude(pk=application.pk)
    dates = [day for day in refused.values_list("reapply_on", flat=True) if day is not None]
    check_earlier_refusals(application, dates, ticket.refusals, on=walk.on)


def live_application_of(application: Application) -> Refusal:
    """The refusal for one who has applied already; only its proven owner learns which application it is."""
    proven = Q(confirmed_hash=application.confirmed_hash) & ~Q(confirmed_hash="")
    pair = Q(phone_hash=application.phone_hash, email_hash=application.email_hash) & ~Q(phone_hash="", email_hash="")
    live = Application.objects.filter(proven | pair, state=State.IN_PROGRESS, kind=application.kind)
    own = live.exclude(pk=application.pk).first()
    return already_applied(own, own=own is not None)


def _same_person(application: Application) -> Q:
    """Rows of the same person as far as that is proven: an address that anyone may type proves nothing."""
    same = Q(pk=None)
    if application.confirmed_hash:
        same |= Q(phone_hash=application.confirmed_hash) | Q(email_hash=application.confirmed_hash)
    if application.id_number_hash:
        same |= Q(id_number_hash=application.id_number_hash)
    return same


def _is_own(member: Member, user: User | None) -> bool:
    if user is None:
        return False
    if member.user_id is not None:
        return member.user_id == user.pk
    return member.representatives.filter(user_id=user.pk).exists()
