"""`manage.py letters`: the invitation of a society's first owner can be read where no letter leaves the machine."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from huilian.accounts.models import Role
from huilian.accounts.services import invite
from huilian.notices.roads import OUTBOX_BACKEND
from kit.clock import now
from tests.federation_fixture import Federation


def test_the_newest_letters_are_printed(federation: Federation, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUTBOX_BACKEND
    with federation.inside(federation.welding):
        for address in ("first@example.org", "second@example.org"):
            invite(Role.OWNER, name="林海", email=address, by="test", at=now())
    out = StringIO()
    call_command("letters", "101", "--last", "1", stdout=out)
    assert "email to second@example.org" in out.getvalue()
    assert "/invitation/" in out.getvalue()
    assert "first@example.org" not in out.getvalue()


def test_there_may_be_none(federation: Federation) -> None:
    with pytest.raises(CommandError, match="No letter was written in 201"):
        call_command("letters", "201")
    with pytest.raises(CommandError, match="999"):
        call_command("letters", "999")


def test_where_letters_leave_there_is_nothing_to_read(
    federation: Federation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr("huilian.notices.roads.sms_transport_path", lambda: "huilian.notices.sms.aliyun")
    with pytest.raises(CommandError, match="Letters leave this installation"):
        call_command("letters", "101")
