"""Who may do what: one table of verbs and roles. What is not in it is forbidden."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import get_objects_for_user, get_user_perms

from huilian.accounts.models import Role, User
from huilian.accounts.queries import roles_of
from huilian.accounts.scopes import SCOPES
from kit import clock
from kit.errors import Refusal
from referrals.models import ReferralCode
from tenants.context import current
from tenants.kinds import HEADQUARTERS

OWNER, REGISTRAR, PROMOTER = Role.OWNER, Role.REGISTRAR, Role.PROMOTER
VIEWER, OFFICER, FINANCE = Role.VIEWER, Role.OFFICER, Role.FINANCE

# These offices exist at headquarters only.
HEADQUARTERS_ROLES = frozenset({OFFICER, FINANCE})
MANAGE_CODE = "manage_code"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: `roles` for the whole society, `granted` for the objects entrusted to them one by one."""

    roles: Set[Role]
    granted: Set[Role] = frozenset()
    headquarters: bool = False  # at no other society


RULES: dict[str, Rule] = {
    "console.see": Rule({OWNER, REGISTRAR, PROMOTER, VIEWER, OFFICER, FINANCE}),
    "member.search": Rule({OWNER, REGISTRAR, VIEWER}),
    "member.reveal": Rule({OWNER, REGISTRAR}),
    "member.export": Rule({OWNER, REGISTRAR}),
    "member.import": Rule({OWNER, REGISTRAR}),
    "code.see": Rule({OWNER, REGISTRAR, VIEWER}, granted={PROMOTER}),
    "code.mint": Rule({OWNER, REGISTRAR}),
    "code.revoke": Rule({OWNER, REGISTRAR}, granted={PROMOTER}),
    "application.see": Rule({OWNER, REGISTRAR, VIEWER}),
    "application.endorse": Rule({OWNER, REGISTRAR}),
    "letter.see": Rule({OWNER, REGISTRAR, VIEWER}),
    "letter.word": Rule({OWNER, REGISTRAR}),
    "journal.see": Rule({OWNER, REGISTRAR, VIEWER}),
    "role.grant": Rule({OWNER}),
    "token.mint": Rule({OWNER}),
    "case.see": Rule({OWNER, OFFICER}, headquarters=True),
    "case.claim": Rule({OWNER, OFFICER}, headquarters=True),
    "case.decide": Rule({OWNER, OFFICER}, headquarters=True),
    "payment.see": Rule({OWNER, FINANCE}, headquarters=True),
    "payment.confirm": Rule({OWNER, FINANCE}, headquarters=True),
    "roll.see": Rule({OWNER, OFFICER, FINANCE}, headquarters=True),
    "fees.see": Rule({OWNER, OFFICER, FINANCE}, headquarters=True),
    "summary.see": Rule({OWNER, OFFICER, FINANCE}, headquarters=True),
    "resolution.record": Rule({OWNER, OFFICER}, headquarters=True),
    "reconcile.run": Rule({OWNER, OFFICER, FINANCE}, headquarters=True),
    "scheme.publish": Rule({OWNER}, headquarters=True),
    "society.order": Rule({OWNER}, headquarters=True),
}


def may(user: User | AnonymousUser, verb: str, subject: Model | None = None, *, on: date | None = None) -> bool:
    """Tell whether `user` may do `verb` (to `subject`) in the current society on a day, by default today.

    Without a subject it asks for all of them, so a promoter, who may only touch the codes entrusted to them,
    may not; for a list take `codes_within_reach`. Being a superuser makes no difference here.
    """
    rule = RULES[verb]
    if not isinstance(user, User) or (rule.headquarters and current().kind != HEADQUARTERS):
        return False
    held = roles_of(user, on=on or _today())
    if held & rule.roles:
        return True
    return bool(held & rule.granted) and subject is not None and MANAGE_CODE in get_user_perms(user, subject)


def require(user: User | AnonymousUser, verb: str, subject: Model | None = None, *, on: date | None = None) -> None:
    """Go on only if the user may; else Refusal `forbidden`, status 403."""
    if not may(user, verb, subject, on=on):
        raise Refusal("forbidden", _("Your role does not allow this."), status=403, verb=verb)


def verbs_of(user: User | AnonymousUser, *, on: date | None = None) -> frozenset[str]:
    """Every verb that the user may do here, for the whole society or for what was entrusted to them."""
    if not isinstance(user, User):
        return frozenset()
    held = roles_of(user, on=on or _today())
    here = current().kind == HEADQUARTERS
    return frozenset(
        verb for verb, rule in RULES.items() if (here or not rule.headquarters) and held & (rule.roles | rule.granted)
    )


def scopes_of(user: User | AnonymousUser, *, on: date | None = None) -> tuple[str, ...]:
    """The scopes a token may hold: those of which the user may do every verb for the whole society."""
    held = roles_of(user, on=on or _today()) if isinstance(user, User) else frozenset()
    here = current().kind == HEADQUARTERS
    return tuple(
        name
        for name, scope in SCOPES.items()
        if (here or not scope.headquarters) and all(held & RULES[verb].roles for verb in scope.verbs)
    )


def codes_within_reach(
    user: User | AnonymousUser, verb: str = "code.see", *, on: date | None = None
) -> QuerySet[ReferralCode]:
    """The referral codes to which the user may do `verb`: all, those entrusted to them, or none."""
    if may(user, verb, on=on):
        return ReferralCode.objects.all()
    if isinstance(user, User) and roles_of(user, on=on or _today()) & RULES[verb].granted:
        entrusted: QuerySet[ReferralCode] = get_objects_for_user(
            user, f"referrals.{MANAGE_CODE}", klass=ReferralCode, use_groups=False, with_superuser=False
        )
        return entrusted
    return ReferralCode.objects.none()


def _today() -> date:
    return clock.today(current().time_zone)
