"""Through the front door by program: category and channel are settled, and a ticket leads to the society."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import society_number, word
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from federation.ledger.queries import find_member
from huilian.accounts.queries import local_day
from huilian.applications.channels import (
    LIFETIME,
    ApplyTicket,
    channel_of,
    choice_of_code,
    open_ticket_for,
    seal,
)
from huilian.members.recommending import (
    is_same_name,
    recommender_from,
    recommender_named,
    recommender_with_code,
)
from huilian.schemes.document import Scheme
from huilian.schemes.queries import current_scheme
from kit import clock
from kit.codes import parse_code
from kit.errors import Refusal
from referrals.facts import ChannelChoice, Recommender
from referrals.queries import find_code
from referrals.rules import CHANNELS, check_code
from tenants.context import current, law, society_numbered, url_of


class WayIn(serializers.Serializer[Any]):
    """A category, and exactly one way in which one comes: a referral code, or a channel with what belongs to it."""

    category = serializers.CharField(max_length=40, help_text="Code of a category of the scheme.")
    channel = serializers.ChoiceField(
        CHANNELS, required=False, help_text="Without one: the society's own, at headquarters `headquarters`."
    )
    society = society_number(required=False, help_text="For `branch` and `province`: the number of the society chosen.")
    code = word(100, help_text="A referral code of this very society, as it was typed or scanned.")
    recommender_number = word(40, help_text="For `member` and `institution`: the recommender's member number …")
    recommender_name = word(100, help_text="… and name.")


@example(
    {
        "category": "senior",
        "channel": "member",
        "recommender_number": "2010000007G",
        "recommender_name": "王芳",
    }
)
class TicketWish(WayIn):
    pass


@example(
    {
        "society": "201",
        "category": "senior",
        "channel": "member",
        "ticket": "100Z0FBQUFBQm…",
        "apply_url": "https://zhejiang.example.org/apply/",
        "api_url": "https://zhejiang.example.org/api/v1/applications/",
        "expires_at": "2026-02-05T01:00:00Z",
    }
)
class TicketDocument(serializers.Serializer[Any]):
    """Where to apply, and with which ticket; only that society can read it."""

    society = society_number()
    category = serializers.CharField()
    channel = serializers.CharField()
    ticket = serializers.CharField()
    apply_url = serializers.CharField(help_text="The society's form; the ticket is its parameter `t`.")
    api_url = serializers.CharField(help_text="Where a program posts the application, with the ticket.")
    expires_at = serializers.DateTimeField()


class Tickets(Resource):
    scopes: ClassVar = {"POST": "applications:write"}
    open_to_all: ClassVar = frozenset({"POST"})

    @operation(
        "open_ticket",
        "Choose category and channel",
        body=TicketWish,
        answer=TicketDocument,
        status=201,
        description="At headquarters a recommender may be a member of any society, at a society one of its own. A "
        "refusal says which rule failed, and what is possible instead.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        at = clock.now()
        ticket = ticket_of(at=at, **self.read_body(TicketWish))
        society = society_numbered(ticket.society)
        document = {
            "society": ticket.society,
            "category": ticket.category,
            "channel": ticket.channel,
            "ticket": seal(ticket, at=at),
            "apply_url": url_of(society, "/apply/"),
            "api_url": url_of(society, "/api/v1/applications/"),
            "expires_at": at + LIFETIME,
        }
        return Response(TicketDocument(document).data, status=201)


def ticket_of(
    *,
    at: datetime,
    category: str,
    channel: str = "",
    society: str = "",
    code: str = "",
    recommender_number: str = "",
    recommender_name: str = "",
) -> ApplyTicket:
    """The ticket for a way in; the Refusal says which rule stands against it."""
    scheme = current_scheme(local_day(at))
    named = {"recommender_number": recommender_number, "recommender_name": recommender_name}
    recommender = None
    if code:
        fixed, recommender = _by_code(code, scheme, at=at)
        choice = ChannelChoice(channel=fixed.channel, code=fixed.code, society=society, **named)
    else:
        chosen = channel or channel_of(current())
        # Whoever asks a society itself need not name it.
        where = society or ("" if channel or law().aggregates else current().number)
        choice = ChannelChoice(channel=chosen, society=where, **named)
        if recommender_number:
            recommender = _named(recommender_number, recommender_name, scheme)
    return open_ticket_for(scheme, choice, category=category, recommender=recommender, on=local_day(at))


def _by_code(text: str, scheme: Scheme, *, at: datetime) -> tuple[ChannelChoice, Recommender | None]:
    parsed = parse_code(text)
    if parsed.society_number != current().number:
        society = society_numbered(parsed.society_number)
        raise Refusal(
            "code_of_other_society",
            _("This referral code belongs to %(society)s. Apply there: %(url)s"),
            field="code",
            society=society.name,
            url=url_of(society, "/api/v1/applications/"),
        )
    code = find_code(text)
    if code is None:
        raise Refusal(
            "code_unknown",
            _("There is no such referral code. Compare it with the original, or choose the channel yourself."),
            field="code",
        )
    check_code(code, on=local_day(at))
    recommender = recommender_with_code(code.member_id, scheme) if code.member_id else None
    return choice_of_code(code), recommender


def _named(number: str, name: str, scheme: Scheme) -> Recommender | None:
    """Headquarters knows the members of all societies, a society its own; a number without its name tells nothing."""
    if not law().aggregates:
        return recommender_named(number, name, scheme)
    entry = find_member(number)
    if entry is None or not is_same_name(entry.name, name):
        return None
    return recommender_from(entry, scheme, society=entry.society)
