"""The first owner of headquarters is invited from the command line, and takes up the office by the printed link."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from huilian.accounts.models import Role, RoleGrant
from huilian.journal.models import Record
from tests.federation_fixture import Federation
from tests.portals.visitor import Visitor


def run(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command("invite", *command, stdout=out, **options)
    return out.getvalue().strip()


def test_invited_and_taken_up(federation: Federation) -> None:
    said = run("100", name="周秘书长", email="zhou@example.org", reason="Council resolution 2026-1", language="en")
    first, link = said.splitlines()
    assert first.startswith("周秘书长 is invited to CMES Headquarters until 20")
    zhou = Visitor()
    zhou.get(link)
    assert zhou.page.status_code == 200
    zhou.post(link, {"password": "correct horse battery staple", "again": "correct horse battery staple"})
    with federation.inside(federation.hq):
        grant = RoleGrant.objects.get(user__email="zhou@example.org")
        assert grant.role == Role.OWNER
        made = Record.objects.get(verb="invitation.made")
        assert (made.actor, made.reason) == ("command", "Council resolution 2026-1")


@pytest.mark.parametrize(
    ("number", "options", "said"),
    [
        ("999", {"email": "a@example.org"}, "There is no society with number 999"),
        ("101", {}, "Please give a phone number or an e-mail address"),
        ("101", {"email": "not an address"}, "e-mail"),
    ],
)
def test_refused_in_plain_english(federation: Federation, number: str, options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(number, name="王", reason="A test", **options)
