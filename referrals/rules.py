"""By which ways one may come in; each refusal names the rule that failed and what is possible instead."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from referrals.facts import ChannelChoice, Identity, Recommender
from referrals.models import ReferralCode
from referrals.queries import uses_of
from tenants.kinds import BRANCH, LAW, PROVINCE

CHANNELS = ("branch", "province", "member", "institution", "headquarters")
_SOCIETY_KINDS = {"branch": BRANCH, "province": PROVINCE}
_RECOMMENDER_KINDS = {"member": "person", "institution": "institution"}
_ANOTHER_CHANNEL = _("another channel")


def check_code(code: ReferralCode, *, on: date) -> None:
    """Pass a code that may be used on this day.

    Raises Refusal `code_revoked`, `code_not_yet_valid`, `code_expired` or `code_used_up`, for field `code`.
    """
    if code.revoked_at is not None:
        raise Refusal(
            "code_revoked",
            _("The referral code %(referral)s was withdrawn. Ask for a new one, or choose the channel yourself."),
            field="code",
            referral=code.code,
        )
    if code.valid_from is not None and on < code.valid_from:
        raise Refusal(
            "code_not_yet_valid",
            _("The referral code %(referral)s holds from %(day)s on. Come back then, or choose the channel yourself."),
            field="code",
            referral=code.code,
            day=code.valid_from,
        )
    if code.valid_to is not None and on >= code.valid_to:
        raise Refusal(
            "code_expired",
            _(
                "The referral code %(referral)s was valid until %(day)s. "
                "Ask for a new one, or choose the channel yourself."
            ),
            field="code",
            referral=code.code,
            day=code.valid_to - timedelta(days=1),
        )
    if code.max_uses is not None and uses_of(code) >= code.max_uses:
        raise used_up(code)


def used_up(code: ReferralCode) -> Refusal:
    return Refusal(
        "code_used_up",
        _(
            "The referral code %(referral)s was meant for %(most)s applications, and all have been made. "
            "Ask for a new one, or choose the channel yourself."
        ),
        field="code",
        status=409,
        referral=code.code,
        most=code.max_uses,
    )


def check_channel(choice: ChannelChoice, *, offered: Collection[str]) -> None:
    """Pass exactly one channel with what belongs to it, out of those that the federation offers.

    Raises Refusal `channel_unknown`, `channel_not_one`, `channel_incomplete` or `channel_wrong_society`.
    """
    if choice.channel not in CHANNELS or choice.channel not in offered:
        raise Refusal(
            "channel_unknown",
            _("Choose one of the ways of joining in the list."),
            field="channel",
            channel=choice.channel,
        )
    by_society = choice.channel in _SOCIETY_KINDS
    by_member = choice.channel in _RECOMMENDER_KINDS
    given_member = bool(choice.recommender_number or choice.recommender_name)
    # A code already says which society or member it is.
    foreign = [bool(choice.society) and not by_society, given_member and not by_member]
    if any(foreign) or (choice.code and (choice.society or given_member)):
        raise Refusal(
            "channel_not_one",
            _("An application comes by exactly one way: keep either the referral code or one way from the list."),
            field="channel",
        )
    if choice.code:
        return
    if by_society and not choice.society:
        raise Refusal("channel_incomplete", _("Choose the society from the list."), field="society")
    if by_society and not _is_of_kind(choice.society, _SOCIETY_KINDS[choice.channel]):
        raise Refusal(
            "channel_wrong_society",
            _("There is no such society in this list. Choose one that is in it."),
            field="society",
        )
    for name in ("recommender_name", "recommender_number"):
        if by_member and not getattr(choice, name):
            raise Refusal(
                "channel_incomplete",
                _("Give both the name and the member number of the one who recommends you."),
                field=name,
            )


def _is_of_kind(number: str, kind: str) -> bool:
    return number.isascii() and number.isdigit() and int(number) in LAW[kind].numbers


def check_recommender(
    recommender: Recommender | None,
    applicant: Identity,
    *,
    channel: str,
    category: str,
    category_name: object,
    on: date,
    may_recommend: Callable[[str, str], bool],
    must_stand: bool = True,
    instead: object = _ANOTHER_CHANNEL,
) -> None:
    """Pass a recommender who may recommend for `category` on this day.

    `may_recommend(recommender's category, applicant's)` is the scheme's rule of ranks; `instead` names the
    other channels on offer. Raises Refusal `recommender_unknown`, `recommender_wrong_kind`,
    `recommender_oneself`, `recommender_not_in_standing` or `recommender_of_lower_rank`, for
    `recommender_number`.
    """

    def refuse(code: str, sentence: object, **facts: object) -> Refusal:
        return Refusal(code, sentence, field="recommender_number", instead=instead, **facts)  # type: ignore[arg-type]

    if recommender is None:
        raise refuse(
            "recommender_unknown",
            _(
                "There is no member with this name and this number. Compare both with the member's card, "
                "or choose %(instead)s."
            ),
        )
    if recommender.kind != _RECOMMENDER_KINDS.get(channel, recommender.kind):
        raise refuse(
            "recommender_wrong_kind",
            _(
                "The number %(number)s does not belong to a recommender of this kind: persons and "
                "institutions recommend by different channels. Correct the number, or choose %(instead)s."
            ),
            number=recommender.number,
        )
    if recommender.identity.is_same_as(applicant):
        raise refuse(
            "recommender_oneself",
            _("Nobody can recommend themselves. Name another member, or choose %(instead)s."),
        )
    if must_stand and not recommender.in_standing(on):
        raise refuse(
            "recommender_not_in_standing",
            _(
                "The membership %(number)s is not in standing on %(day)s, and only members in standing may "
                "recommend. Name another member, or choose %(instead)s."
            ),
            number=recommender.number,
            day=on,
        )
    if not may_recommend(recommender.category, category):
        raise refuse(
            "recommender_of_lower_rank",
            _(
                "The member %(number)s (%(giver)s) cannot recommend for “%(taker)s”: a lower category cannot "
                "recommend a higher one. Name a member of at least that category, or choose %(instead)s."
            ),
            number=recommender.number,
            giver=recommender.category_name,
            taker=category_name,
        )
