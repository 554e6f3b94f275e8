"""Every verb × every role, at headquarters and elsewhere, exactly as written here."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from guardian.shortcuts import assign_perm

from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.queries import local_day
from huilian.accounts.rules import RULES, codes_within_reach, may, require, scopes_of, verbs_of
from huilian.accounts.scopes import SCOPES
from huilian.accounts.view_permissions import VIEW_BY_VERB
from kit.errors import Refusal
from referrals.models import ReferralCode
from tenants.models import Society
from tests.accounts.people import AT, person

# x: yes; g: for what was granted one by one; -: no. H: at headquarters only.
EXPECTED = """
verb                  owner registrar promoter viewer officer finance
console.see           x     x         x        x      x       x
member.search         x     x         -        x      -       -
member.reveal         x     x         -        -      -       -
member.export         x     x         -        -      -       -
member.import         x     x         -        -      -       -
code.see              x     x         g        x      -       -
code.mint             x     x         -        -      -       -
code.revoke           x     x         g        -      -       -
application.see       x     x         -        x      -       -
application.endorse   x     x         -        -      -       -
letter.see            x     x         -        x      -       -
letter.word           x     x         -        -      -       -
journal.see           x     x         -        x      -       -
role.grant            x     -         -        -      -       -
token.mint            x     -         -        -      -       -
case.see            H x     -         -        -      x       -
case.claim          H x     -         -        -      x       -
case.decide         H x     -         -        -      x       -
payment.see         H x     -         -        -      -       x
payment.confirm     H x     -         -        -      -       x
roll.see            H x     -         -        -      x       x
fees.see            H x     -         -        -      x       x
summary.see         H x     -         -        -      x       x
resolution.record   H x     -         -        -      x       -
reconcile.run       H x     -         -        -      x       x
scheme.publish      H x     -         -        -      -       -
society.order       H x     -         -        -      -       -
"""


def _read(text: str) -> dict[tuple[str, Role], tuple[str, bool]]:
    """(verb, role) -> (mark, headquarters only)."""
    header, *rows = (line.split() for line in text.strip().splitlines())
    cells = {}
    for verb, *marks in rows:
        only_hq = marks[0] == "H"
        for role, mark in zip(header[1:], marks[only_hq:], strict=True):
            cells[verb, Role(role)] = (mark, only_hq)
    return cells


CELLS = _read(EXPECTED)
DAY = AT.date()


def holding(role: Role) -> User:
    """A user in an office, even one that this kind of society does not have."""
    user = person(f"Holder-{role}")
    RoleGrant.objects.create(user=user, role=role, from_on=DAY)
    return user


def code() -> ReferralCode:
    return ReferralCode.objects.create(code="101-C", kind=ReferralCode.Kind.SOCIETY, created_at=AT)


def test_the_table_here_names_every_verb_and_every_role() -> None:
    assert set(CELLS) == {(verb, role) for verb in RULES for role in Role}


def test_every_cell_at_headquarters(in_hq: Society) -> None:
    users = {role: holding(role) for role in Role}
    one = code()
    for (verb, role), (mark, _only_hq) in CELLS.items():
        assert may(users[role], verb, on=DAY) is (mark == "x"), (verb, role)
        assert may(users[role], verb, one, on=DAY) is (mark == "x"), (verb, role)
        assert (verb in verbs_of(users[role], on=DAY)) is (mark in "xg"), (verb, role)


@pytest.mark.parametrize("fixture", ["welding", "zhejiang"])
def test_every_cell_elsewhere(fixture: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(f"in_{fixture}")
    users = {role: holding(role) for role in Role}
    for (verb, role), (mark, only_hq) in CELLS.items():
        assert may(users[role], verb, on=DAY) is (mark == "x" and not only_hq), (verb, role)
        assert (verb in verbs_of(users[role], on=DAY)) is (mark in "xg" and not only_hq), (verb, role)


def test_every_granted_cell_opens_with_the_grant_and_no_other_does(in_hq: Society) -> None:
    users = {role: holding(role) for role in Role}
    one = code()
    for user in users.values():
        assign_perm("referrals.manage_code", user, one)
    other = ReferralCode.objects.create(code="101-D", kind=ReferralCode.Kind.SOCIETY, created_at=AT)
    for (verb, role), (mark, _only_hq) in CELLS.items():
        assert may(users[role], verb, one, on=DAY) is (mark in "xg"), (verb, role)
        assert may(users[role], verb, other, on=DAY) is (mark == "x"), (verb, role)


def test_whoever_holds_nothing_may_nothing(in_hq: Society) -> None:
    chen = person("Chen")
    chen.is_superuser = chen.is_staff = True
    chen.save()
    wang = holding(Role.OWNER)
    wang.is_active = False
    for nobody in (chen, wang, AnonymousUser()):
        assert [verb for verb in RULES if may(nobody, verb, on=DAY)] == []
        assert verbs_of(nobody, on=DAY) == frozenset()


def test_an_office_holds_from_its_first_day_up_to_but_without_its_last(in_welding: Society) -> None:
    wang = person("Wang")
    RoleGrant.objects.create(user=wang, role=Role.OWNER, from_on=DAY, to_on=DAY + timedelta(days=2))
    days = [DAY + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    assert [may(wang, "role.grant", on=day) for day in days] == [False, True, True, False]


def test_the_day_is_the_societys_own(in_welding: Society) -> None:
    late = AT.replace(hour=16, minute=30)  # half past midnight in Shanghai
    assert local_day(late) == DAY + timedelta(days=1)


def test_require_refuses_with_403(in_welding: Society) -> None:
    wang = holding(Role.REGISTRAR)
    require(wang, "application.endorse", on=DAY)
    with pytest.raises(Refusal) as refused:
        require(wang, "role.grant", on=DAY)
    assert (refused.value.code, refused.value.status) == ("forbidden", 403)
    assert str(refused.value) == "Your role does not allow this."


def test_an_unknown_verb_is_a_bug_and_not_a_no(in_welding: Society) -> None:
    with pytest.raises(KeyError):
        may(holding(Role.OWNER), "member.delete", on=DAY)


def test_codes_within_reach_are_all_or_those_granted_or_none(in_welding: Society) -> None:
    one = code()
    other = ReferralCode.objects.create(code="101-D", kind=ReferralCode.Kind.SOCIETY, created_at=AT)
    promoter, registrar, chen = holding(Role.PROMOTER), holding(Role.REGISTRAR), person("Chen")
    for user in (promoter, chen):
        assign_perm("referrals.manage_code", user, one)
    reach = {
        user: set(codes_within_reach(user, on=DAY).values_list("pk", flat=True)) for user in (promoter, registrar, chen)
    }
    assert reach == {promoter: {one.pk}, registrar: {one.pk, other.pk}, chen: set()}
    assert not codes_within_reach(promoter, "code.mint", on=DAY).exists()
    assert not codes_within_reach(AnonymousUser(), on=DAY).exists()


def test_a_superuser_who_is_a_promoter_reaches_no_more_than_a_promoter(in_welding: Society) -> None:
    one = code()
    promoter = holding(Role.PROMOTER)
    promoter.is_superuser = True
    promoter.save()
    assert not may(promoter, "code.see", one, on=DAY)
    assert not codes_within_reach(promoter, on=DAY).exists()


def test_a_token_may_hold_the_scopes_of_which_its_user_may_do_every_verb(in_hq: Society) -> None:
    public = ("societies:read", "schemes:read")
    reading = ("applications:read", "codes:read", "members:read", "journal:read")
    books = ("roll:read", "fees:read", "summary:read")
    within = {role: scopes_of(holding(role), on=DAY) for role in Role}
    assert within == {
        Role.OWNER: tuple(SCOPES),
        Role.REGISTRAR: tuple(name for name in SCOPES if not SCOPES[name].headquarters),
        Role.PROMOTER: public,
        Role.VIEWER: (*public, *reading),
        Role.OFFICER: (*public, "cases:read", "cases:write", *books, "resolutions:write", "border:write"),
        Role.FINANCE: (*public, "payments:read", "payments:write", *books, "border:write"),
    }


def test_scopes_and_views_name_verbs_of_the_table() -> None:
    assert {verb for scope in SCOPES.values() for verb in scope.verbs} <= set(RULES)
    assert set(VIEW_BY_VERB.values()) <= set(RULES)
    for name, scope in SCOPES.items():
        assert scope.headquarters is any(RULES[verb].headquarters for verb in scope.verbs), name
