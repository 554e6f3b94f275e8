"""By which door an applicant comes, and the sealed ticket that carries it to the society applied to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from federation.tickets import open_ticket, seal_ticket
from huilian.schemes.document import Category, Scheme, Text
from kit.codes import parse_code
from kit.errors import Refusal
from kit.shapes import learn
from referrals.facts import ChannelChoice, Identity, Recommender
from referrals.models import ReferralCode
from referrals.rules import check_channel, check_recommender
from tenants.context import current, society_numbered, url_of
from tenants.kinds import BRANCH, HEADQUARTERS, HEADQUARTERS_NUMBER, PROVINCE
from tenants.models import Society

PURPOSE = "apply"
# A form with papers may take an evening; a recommender's standing is looked at again at submission.
LIFETIME = timedelta(days=2)

CHANNEL_OF_KIND = {BRANCH: "branch", PROVINCE: "province", HEADQUARTERS: "headquarters"}
CHANNEL_OF_CODE = {ReferralCode.Kind.MEMBER: "member", ReferralCode.Kind.INSTITUTION: "institution"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRefusal:
    """A refusal anywhere in the federation: whose contact (keyed hash), and from when to apply again."""

    contact_hash: str
    category: str
    reapply_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyTicket:
    """What is settled before the form opens: society, category, channel, recommender, version of rules."""

    society: str  # number of the society applied to
    category: str
    channel: str
    scheme_version: int
    issued_on: date
    code: str = ""
    recommender: Recommender | None = None
    refusals: tuple[EarlierRefusal, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain JSON values."""
        return cast(dict[str, Any], msgspec.to_builtins(self))

    @classmethod
    def from_data(cls, data: object) -> "ApplyTicket":
        """Read `to_data()` back; raises msgspec.ValidationError."""
        return msgspec.convert(data, cls)


def open_ticket_for(
    scheme: Scheme,
    choice: ChannelChoice,
    *,
    category: str,
    recommender: Recommender | None = None,
    refusals: Sequence[EarlierRefusal] = (),
    on: date,
) -> ApplyTicket:
    """The ticket for one category by exactly one channel; a Refusal says which rule stands against it.

    `recommender` is what the roll, or the society of a member's code, knows of the one who was named; None
    where there is no such member.
    """
    chosen = check_category(scheme, category)
    check_channel(choice, offered=[channel.kind for channel in scheme.channels])
    if choice.channel in ("member", "institution"):
        check_recommendation(scheme, chosen, recommender, Identity(), channel=choice.channel, on=on)
    else:
        recommender = None
    to = _society_of(scheme, choice, recommender)
    return ApplyTicket(
        society=to,
        category=chosen.code,
        channel=choice.channel,
        scheme_version=scheme.version,
        issued_on=on,
        code=parse_code(choice.code).canonical if choice.code else "",
        recommender=replace(recommender, category_name="") if recommender else None,
        refusals=tuple(refusals),
    )


def choice_of_code(code: ReferralCode) -> ChannelChoice:
    """The channel that a code of the current society fixes."""
    kind = ReferralCode.Kind(code.kind)
    channel = CHANNEL_OF_CODE.get(kind) or channel_of(current())
    return ChannelChoice(channel=channel, code=code.code)


def channel_of(society: Society) -> str:
    """The channel of those who come to a society itself, or by one of its own codes."""
    return CHANNEL_OF_KIND[society.kind]


def check_category(scheme: Scheme, code: str) -> Category:
    """The category, if one can apply for it; Refusal `category_unknown` or `category_by_resolution`."""
    category = scheme.category(code)
    if not category.self_application:
        raise Refusal(
            "category_by_resolution",
            _(
                "“%(category)s” is granted by resolution only: neither an application nor a nomination is "
                "accepted. Please choose another category."
            ),
            field="category",
            category=Words(category.name),
        )
    return category


def check_recommendation(
    scheme: Scheme,
    category: Category,
    recommender: Recommender | None,
    applicant: Identity,
    *,
    channel: str,
    on: date,
) -> None:
    """Pass a recommender by the scheme's rules on this day; refusals as in `referrals.rules`."""
    others = [other for other in scheme.channels if other.kind not in ("member", "institution")]
    check_recommender(
        _with_words(scheme, recommender),
        applicant,
        channel=channel,
        category=category.code,
        category_name=Words(category.name),
        on=on,
        may_recommend=scheme.may_recommend,
        must_stand=scheme.referrals.in_standing,
        instead=Words(Text("、".join(c.name.zh for c in others), ", ".join(c.name.en for c in others))),
    )


def seal(ticket: ApplyTicket, *, at: datetime) -> str:
    """The ticket as text for a browser to carry; only the society it is for can read it."""
    payload = ticket.to_data()
    return seal_ticket(PURPOSE, to=ticket.society, payload=payload, lifetime=LIFETIME, once=False, at=at)


def unseal(token: str, *, at: datetime) -> ApplyTicket:
    """The ticket that a browser brought; Refusal `bad_ticket` or `ticket_expired`."""
    payload = open_ticket(token, purpose=PURPOSE, at=at)
    try:
        return ApplyTicket.from_data(payload)
    except msgspec.ValidationError:
        sentence = _("This link is not valid here. Please begin again.")
        raise Refusal("bad_ticket", sentence, status=403) from None


def apply_url(ticket: ApplyTicket, *, at: datetime) -> str:
    """Where the applicant goes on: the form of the society applied to."""
    return f"{url_of(society_numbered(ticket.society), '/apply/')}?{urlencode({'t': seal(ticket, at=at)})}"


class Words:
    """A text of the scheme that turns into the reader's language when it is shown."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.in_language(get_language() or "zh")

    def in_language(self, code: str) -> str:
        return self.text.in_language(code)


def _society_of(scheme: Scheme, choice: ChannelChoice, recommender: Recommender | None) -> str:
    """The number of the society that an application belongs to."""
    if recommender is not None:
        number = recommender.society if scheme.referrals.belongs_to == "recommender" else HEADQUARTERS_NUMBER
    elif choice.code:
        number = parse_code(choice.code).society_number
    else:
        number = choice.society or HEADQUARTERS_NUMBER
    society = society_numbered(number)
    if society.state != Society.State.OPEN:
        raise Refusal(
            "society_not_open",
            _("%(society)s does not take applications at present. Please choose another way of joining."),
            field="society",
            society=society.name,
        )
    return society.number


def _with_words(scheme: Scheme, recommender: Recommender | None) -> Recommender | None:
    if recommender is None:
        return None
    known = next((each for each in scheme.categories if each.code == recommender.category), None)
    return replace(recommender, category_name=Words(known.name)) if known else recommender


learn(ApplyTicket)
