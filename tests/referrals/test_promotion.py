"""Staff mint and withdraw codes as far as their office reaches, and the journal tells who did."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from huilian.accounts.models import Role, RoleGrant, User
from huilian.accounts.rules import codes_within_reach
from huilian.applications.promotion import (
    mint_campaign_code,
    mint_code_of_member,
    replace_code_of_member,
    revoke_code,
)
from huilian.journal.models import Record
from huilian.members.services import end_member
from kit.errors import Refusal
from referrals.models import ReferralCode
from tests.members.cast import activate, application_of

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def staff(role: Role | None, name: str = "王荐") -> User:
    user = User.objects.create_user(name=name)
    if role is not None:
        RoleGrant.objects.create(user=user, role=role, from_on=date(2026, 1, 1))
    return user


def refused(act: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **facts)
    return caught.value


@pytest.mark.parametrize("role", [Role.OWNER, Role.REGISTRAR])
def test_an_admin_mints_for_a_campaign(in_welding: Any, role: Role) -> None:
    wang = staff(role)
    code = mint_campaign_code(label="焊接年会", valid_to=date(2026, 12, 1), max_uses=50, by_user=wang, at=AT)
    assert code.created_by == wang and code.code.startswith("101-")
    entry = Record.objects.get(verb="code.minted")
    assert (entry.actor, entry.subject_id) == (f"user:{wang.pk} 王荐", str(code.pk))
    assert entry.facts["label"] == "焊接年会" and entry.facts["valid_to"] == "2026-12-01"


@pytest.mark.parametrize("role", [Role.PROMOTER, Role.VIEWER, None])
def test_others_mint_nothing(in_welding: Any, role: Role | None) -> None:
    chen, member = staff(role, "陈无关"), activate()
    before = ReferralCode.objects.count()
    for act, args, facts in (
        (mint_campaign_code, (), {"label": "x"}),
        (mint_code_of_member, (member,), {}),
        (replace_code_of_member, (member,), {"reason": "x"}),
    ):
        error = refused(act, *args, **facts, by_user=chen, at=AT)
        assert (error.code, error.status) == ("forbidden", 403)
    assert ReferralCode.objects.filter(revoked_at=None).count() == before


def test_a_refused_campaign_leaves_no_trace(in_welding: Any) -> None:
    assert refused(mint_campaign_code, label=" ", by_user=staff(Role.OWNER), at=AT).code == "label_missing"
    assert not ReferralCode.objects.exists() and not Record.objects.exists()


def test_member_search_then_generate_referral_code(in_welding: Any) -> None:
    wang, member = staff(Role.REGISTRAR), activate()
    own = ReferralCode.objects.get(member_id=member.pk)
    assert mint_code_of_member(member, by_user=wang, at=AT) == own
    assert not Record.objects.filter(verb="code.minted").exists()


def test_a_member_whose_code_got_abroad_gets_another(in_welding: Any) -> None:
    wang = staff(Role.REGISTRAR)
    factory = activate(application_of("一厂", kind="institution"), category="institutional")
    old = ReferralCode.objects.get(member_id=factory.pk)
    new = replace_code_of_member(factory, reason="被冒用", by_user=wang, at=AT)
    old.refresh_from_db()
    assert (old.revoked_at, old.revoke_reason) == (AT, "被冒用")
    assert new.code != old.code and new.kind == "institution"
    verbs = list(Record.objects.filter(verb__startswith="code.").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["code.revoked", "code.minted"]
    revoke_code(new, reason="停用", by_user=wang, at=AT)
    assert mint_code_of_member(factory, by_user=wang, at=AT).code not in {old.code, new.code}


def test_one_who_is_no_member_any_more_gets_no_code(in_welding: Any) -> None:
    member = activate()
    end_member(member, reason="退会", by="user:1 W", at=AT)
    error = refused(mint_code_of_member, member, by_user=staff(Role.OWNER), at=AT)
    assert (error.code, error.status) == ("member_ended", 409)


def test_a_promoter_withdraws_only_what_was_entrusted(in_welding: Any) -> None:
    wang, promoter = staff(Role.OWNER), staff(Role.PROMOTER, "周推广")
    entrusted = mint_campaign_code(label="校园", by_user=wang, at=AT)
    other = mint_campaign_code(label="年会", by_user=wang, at=AT)
    assign_perm("referrals.manage_code", promoter, entrusted)
    assert list(codes_within_reach(promoter)) == [entrusted]
    assert refused(revoke_code, other, reason="x", by_user=promoter, at=AT).code == "forbidden"
    revoke_code(entrusted, reason="结束", by_user=promoter, at=AT)
    other.refresh_from_db()
    assert entrusted.revoked_at == AT and other.revoked_at is None
    assert Record.objects.get(verb="code.revoked").actor == f"user:{promoter.pk} 周推广"
    assert refused(revoke_code, entrusted, reason="再", by_user=promoter, at=AT).code == "code_already_revoked"
