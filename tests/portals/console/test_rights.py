"""Who may open which page of the console: the whole table, role by role; who may not changes nothing."""

from typing import Any

import pytest
from django.urls import URLPattern, reverse

from huilian.accounts.models import Role
from huilian.accounts.rules import HEADQUARTERS_ROLES, RULES
from huilian.applications.models import Application
from huilian.journal.models import Record
from huilian.portals.policies import CONSOLE_PAGES, HEADQUARTERS_PAGES
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.test_every_page import HEADQUARTERS, NOT_THERE, POSTED, SOCIETY, paths_of
from tests.portals.console.world import World

POLICIES = CONSOLE_PAGES | HEADQUARTERS_PAGES


NEEDS_TOO = dict.fromkeys(
    (
        "console_past_members_export",
        "console_past_members_export_xlsx",
        "console_roll_export",
        "console_roll_export_xlsx",
    ),
    "member.export",
)


def may(role: Role | None, name: str) -> bool:
    verbs = [POLICIES[name].split(":")[1], *([NEEDS_TOO[name]] if name in NEEDS_TOO else [])]
    return role is not None and all(role in (RULES[verb].roles | RULES[verb].granted) for verb in verbs)


def posted(world: World, patterns: list[URLPattern]) -> dict[str, str]:
    keys: dict[str, dict[str, Any]] = {
        "console_member_reveal": {"pk": world.member},
        "console_member_code": {"pk": world.member},
        "console_filter_delete": {"pk": 1},
        "console_import_discard": {"pk": world.batch},
        "console_letter_again": {"pk": world.member},
        "console_wording_reset": {"event": "application.approved", "language": "en"},
        "console_code_take_back": {"pk": world.code, "user_id": world.promoter.pk},
        "console_application_endorse": {"pk": world.waiting},
        "console_token_end": {"pk": 1},
        "console_invitation_withdraw": {"pk": world.invitation},
        "console_case_claim": {"pk": world.case},
        "console_case_release": {"pk": world.case},
        "console_case_approve": {"pk": world.case},
        "console_payment_confirm": {"pk": world.payment},
        "console_repair": {"pk": world.comparison},
        "console_replay": {"pk": world.parked},
    }
    urlconf = f"config.urls.{'headquarters' if patterns is HEADQUARTERS else 'society'}"
    names = [str(each.name) for each in patterns if str(each.name) in POSTED]
    return {name: reverse(name, urlconf=urlconf, kwargs=keys.get(name)) for name in names}


def traces(world: World, society: Any) -> tuple[Any, ...]:
    """What any deed would change."""
    with world.federation.inside(society):
        states = Application.objects.order_by("pk").values_list("pk", "state", "version")
        return (Record.objects.count(), *states)


@pytest.mark.parametrize("role", [*(role for role in Role if role not in HEADQUARTERS_ROLES), None])
def test_the_pages_of_a_society(world: World, role: Role | None) -> None:
    _walk(world, world.federation.welding, SOCIETY, role)


@pytest.mark.parametrize("role", [*Role, None])
def test_the_pages_of_headquarters(world: World, role: Role | None) -> None:
    _walk(world, world.federation.hq, HEADQUARTERS, role)


def _walk(world: World, society: Any, patterns: list[URLPattern], role: Role | None) -> None:
    desk = at_desk(society, role, "陈静")
    for name, path in paths_of(world, patterns).items():
        if role == Role.PROMOTER and name.startswith("console_code") and name != "console_codes":
            continue  # only what was entrusted: tested with the codes
        before = traces(world, society)
        desk.get(path)
        if may(role, name):
            assert desk.page.status_code in (200, 302, NOT_THERE.get(name)), (name, desk.words)
        else:
            assert desk.page.status_code == 403, (name, desk.page.status_code)
            assert traces(world, society) == before, name
    for name, path in posted(world, patterns).items():
        if not may(role, name):
            before = traces(world, society)
            desk.post(path, {"reason": "x", "reasons": "x", "version": 1, "received_minor": "50"})
            assert desk.page.status_code == 403, name
            assert traces(world, society) == before, name


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    visitor = Desk(world.federation.welding)
    for name, path in (paths_of(world, SOCIETY) | posted(world, SOCIETY)).items():
        before = traces(world, world.federation.welding)
        method = "post" if name in POSTED else "get"
        getattr(visitor, method)(path)
        assert visitor.page.status_code == 302, name
        assert visitor.page["Location"].startswith("/sign-in/?next=/"), name
        assert traces(world, world.federation.welding) == before, name


def test_headquarters_pages_are_nowhere_else(world: World) -> None:
    wang = Desk(world.federation.welding, world.owner)
    for name, path in (paths_of(world, HEADQUARTERS) | posted(world, HEADQUARTERS)).items():
        wang.get(path)
        assert wang.page.status_code == 404, name


def test_a_session_of_one_society_is_none_in_another(world: World) -> None:
    wang = Desk(world.federation.welding, world.owner)
    zhejiang = Desk(world.federation.zhejiang)
    zhejiang.client.cookies = wang.client.cookies
    zhejiang.get("/console/members/")
    assert zhejiang.page.status_code == 302
    assert zhejiang.page["Location"].startswith("/sign-in/")


def test_nobodys_rows_are_shown_elsewhere(world: World) -> None:
    """Keys of the welding branch lead nowhere in Zhejiang, whoever asks there."""
    chen = at_desk(world.federation.zhejiang, Role.OWNER, "陈静")
    for name in ("console_member", "console_code", "console_application", "console_code_poster"):
        chen.get(paths_of(world, SOCIETY)[name])
        assert chen.page.status_code == 404, name


def test_an_office_that_ended_opens_nothing(federation: Federation) -> None:
    from datetime import date

    from huilian.accounts.models import RoleGrant

    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/")
    assert wang.page.status_code == 200
    with federation.inside(federation.welding):
        RoleGrant.objects.filter(user=wang.user).update(to_on=date(2026, 1, 1))
    wang.get("/console/")
    assert wang.page.status_code == 403
