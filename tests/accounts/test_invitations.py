"""An office is offered by a secret link that works once, for seven days."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from federation.contracts import SocietyOpened
from huilian.accounts.models import Invitation, Role, RoleGrant, User
from huilian.accounts.queries import open_invitation, open_invitations, roles_of
from huilian.accounts.services import (
    accept_invitation,
    authenticate,
    invite,
    receive_opening,
    revoke_invitation,
)
from huilian.journal.models import Record
from huilian.notices.models import Notice
from kit.errors import Refusal
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation

DAY = AT.date()


def invited(role: Role = Role.REGISTRAR, **more: Any) -> tuple[Invitation, str]:
    facts: dict[str, Any] = {"name": "Wang", "email": "Wang@example.org", "by": "system", "at": AT, **more}
    return invite(role, **facts)


def refusal(act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value


def test_the_link_in_the_letter_opens_an_account_with_the_office(in_welding: Society) -> None:
    _invitation, secret = invited(language="en")
    letter = Notice.objects.get()
    assert letter.address == "Wang@example.org"
    found = re.search(r"http://welding\.localhost:8000/invitation/([\w-]+)/\n", letter.body)
    assert found is not None and found[1] == secret
    assert "Registrar" in letter.subject
    assert "9 March 2026" in letter.body
    wang = accept_invitation(secret, password=PASSWORD, at=AT)
    assert authenticate("wang@example.org", PASSWORD, address="", at=AT) == wang
    assert roles_of(wang, on=DAY) == {Role.REGISTRAR}
    verbs = list(Record.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["invitation.made", "account.opened", "role.granted", "invitation.accepted"]


def test_a_chinese_letter_calls_the_office_by_its_chinese_name(in_welding: Society) -> None:
    invited()
    letter = Notice.objects.get()
    assert letter.subject == "邀请您担任焊接分会会员系统“会员管理员”"
    assert "尊敬的Wang：" in letter.body


def test_the_secret_is_long_and_only_its_digest_is_kept(in_welding: Society) -> None:
    invitation, secret = invited()
    _again, other = invited()
    assert len(secret) == 43 and secret != other
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert secret not in str(list(Record.objects.values()))


def test_who_invites_is_remembered_as_who_granted(in_welding: Society) -> None:
    owner = person("Zhao", Role.OWNER)
    _invitation, secret = invited(by="user:1 Zhao", by_user=owner)
    wang = accept_invitation(secret, password=PASSWORD, at=AT)
    assert RoleGrant.objects.get(user=wang).granted_by == owner


def test_only_an_owner_invites(in_welding: Society) -> None:
    chen = person("Chen", Role.REGISTRAR)
    assert refusal(invited, by="user:1 Chen", by_user=chen).code == "forbidden"
    assert not Invitation.objects.exists() and not Notice.objects.exists()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"email": ""}, "contact_missing"),
        ({"email": "wang"}, "email_invalid"),
        ({"email": "", "phone": "1"}, "phone_invalid"),
        ({"name": ""}, "name_missing"),
        ({"role": Role.OFFICER}, "role_not_here"),
    ],
)
def test_an_invitation_names_a_person_who_can_be_reached(facts: dict[str, Any], code: str, in_welding: Society) -> None:
    assert refusal(invited, **facts).code == code
    assert not Invitation.objects.exists() and not Notice.objects.exists()


def test_used_revoked_expired_and_invented_links_are_refused_alike(in_welding: Society) -> None:
    _used, used = invited()
    accept_invitation(used, password=PASSWORD, at=AT)
    revoked_one, revoked = invited(email="li@example.org")
    revoke_invitation(revoked_one, by="system", at=AT)
    _old, old = invited(email="zhao@example.org")
    late = AT + timedelta(days=7)
    refusals = [
        refusal(accept_invitation, used, password=PASSWORD, at=AT),
        refusal(accept_invitation, revoked, password=PASSWORD, at=AT),
        refusal(accept_invitation, old, password=PASSWORD, at=late),
        refusal(accept_invitation, "x" * 43, password=PASSWORD, at=AT),
        refusal(accept_invitation, "\x00\ud800", password=PASSWORD, at=AT),
    ]
    assert {(each.code, str(each), each.status) for each in refusals} == {
        ("invitation_invalid", "This invitation is not valid any more. Please ask for a new one.", 404)
    }
    assert User.objects.count() == 1
    assert open_invitation(old, at=late - timedelta(seconds=1)) is not None
    assert refusal(revoke_invitation, revoked_one, by="system", at=AT).code == "invitation_settled"


def test_a_weak_password_does_not_use_up_the_link(in_welding: Society) -> None:
    _invitation, secret = invited()
    assert refusal(accept_invitation, secret, password="short", at=AT).code == "password_weak"
    assert open_invitation(secret, at=AT) is not None
    assert not User.objects.exists()
    accept_invitation(secret, password=PASSWORD, at=AT)


def test_an_existing_account_takes_the_office_by_its_own_password(in_welding: Society) -> None:
    wang = person("Wang", phone="13800138000", password=PASSWORD)
    _invitation, secret = invited(email="", phone="138 0013 8000")
    found = open_invitation(secret, at=AT)
    assert found is not None and found.account == wang
    assert refusal(accept_invitation, secret, password="not the password", at=AT).code == "wrong_sign_in"
    assert roles_of(wang, on=DAY) == frozenset()
    assert accept_invitation(secret, password=PASSWORD, at=AT) == wang
    assert roles_of(wang, on=DAY) == {Role.REGISTRAR}


def test_an_office_already_held_leaves_the_link_unused(in_welding: Society) -> None:
    person("Wang", Role.REGISTRAR, password=PASSWORD)
    _invitation, secret = invited()
    assert refusal(accept_invitation, secret, password=PASSWORD, at=AT).code == "role_held"
    assert open_invitation(secret, at=AT) is not None


def test_a_link_clicked_twice_at_once_works_once(federation: Federation) -> None:
    with inside(federation.welding):
        _invitation, secret = invited()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def run() -> None:
        try:
            with inside(federation.welding):
                gate.wait()
                accept_invitation(secret, password=PASSWORD, at=AT)
            outcomes.append("accepted")
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "invitation_invalid"]
    with inside(federation.welding):
        assert (User.objects.count(), RoleGrant.objects.count()) == (1, 1)


def test_a_link_of_one_society_is_worth_nothing_in_another(federation: Federation) -> None:
    with inside(federation.welding):
        _invitation, secret = invited()
    with inside(federation.zhejiang):
        assert refusal(accept_invitation, secret, password=PASSWORD, at=AT).code == "invitation_invalid"
        assert not User.objects.exists()


def test_a_new_society_invites_its_first_owner_once(in_welding: Society) -> None:
    message = SocietyOpened(owner_name="Wang", owner_email="wang@example.org", reason="Council 2026-1")
    receive_opening(message, at=AT)
    receive_opening(message, at=AT)
    invitation = open_invitations(at=AT).get()
    assert (invitation.role, invitation.invited_by) == (Role.OWNER, None)
    record = Record.objects.get()
    assert (record.actor, record.reason) == ("hq:society.opened", "Council 2026-1")
    assert Notice.objects.get().address == "wang@example.org"


def test_a_society_that_has_an_owner_invites_none(in_welding: Society) -> None:
    person("Wang", Role.OWNER)
    receive_opening(SocietyOpened(owner_name="Chen", owner_email="chen@example.org"), at=AT)
    assert not Invitation.objects.exists()
