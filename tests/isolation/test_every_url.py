"""Every address of every kind of society: it says who may, and whoever belongs elsewhere gets and changes nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path
from rest_framework.views import APIView

from huilian.accounts.scopes import SCOPES
from huilian.portals.policies import POLICIES
from tests.federation_fixture import Federation
from tests.isolation.addresses import CATCH_ALL, HEADQUARTERS, OPEN_API, SOCIETY, Address, addresses, undeclared
from tests.isolation.households import FOREIGN, Household, names_something, own_key, settle_in, what_is
from tests.isolation.intruding import Caller, carried_to, is_turned_away, signed_in
from tests.isolation.traces import Watcher, changes

AT_HOME, AT_HEADQUARTERS = addresses(SOCIETY), addresses(HEADQUARTERS)
KINDS = pytest.mark.parametrize(
    ("where", "found"), [("welding", AT_HOME), ("hq", AT_HEADQUARTERS)], ids=["society", "hq"]
)

# What anybody may do leaves such traces, and no others.
TRACES = {
    ("referral_code", "GET"): {"referrals_codeday"},  # a scan is counted
    ("sign_in_sealed", "POST"): set(),
}


@pytest.fixture
def households(federation: Federation) -> Iterator[dict[str, Household]]:
    yield settle_in(federation)
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


@pytest.fixture
def watcher(households: dict[str, Household], admin_url: str) -> Iterator[Watcher]:
    found = Watcher(admin_url, [each.society.schema_name for each in households.values()])
    yield found
    found.close()


def test_every_address_says_who_may() -> None:
    assert undeclared(AT_HOME) == []
    assert undeclared(AT_HEADQUARTERS) == []
    assert len(AT_HOME) > 80 and len(AT_HEADQUARTERS) > len(AT_HOME) + 40


def test_no_policy_is_left_of_an_address_that_went() -> None:
    pages = {each.name for each in (*AT_HOME, *AT_HEADQUARTERS) if not each.is_api}
    assert set(POLICIES) == pages


def test_an_address_without_a_policy_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.urls import society

    class Undeclared(APIView):
        def get(self, request: Any) -> None: ...

    class HalfDeclared(Undeclared):
        scopes = {"GET": "members:read"}

        def post(self, request: Any) -> None: ...

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    new = [
        path("secret-page/", page, name="secret_page"),
        path("nameless/", page),
        path("home-again/", page, name="home"),
        path("api/v1/undeclared/", Undeclared.as_view(), name="api_undeclared"),
        path("api/v1/half/", HalfDeclared.as_view(), name="api_half"),
    ]
    monkeypatch.setattr(society, "urlpatterns", [*new, *society.urlpatterns])
    clear_url_caches()
    try:
        assert undeclared(addresses(SOCIETY)) == [
            "secret_page (secret-page/)",
            " (nameless/)",
            "api_undeclared (api/v1/undeclared/)",
            "api_half (api/v1/half/)",
            "home twice",
        ]
    finally:
        monkeypatch.undo()
        clear_url_caches()


@KINDS
def test_a_session_of_zhejiang_is_nobody_elsewhere(
    households: dict[str, Household], watcher: Watcher, where: str, found: list[Address]
) -> None:
    """Staff, member and applicant of Zhejiang, their cookies sent to another host, with that host's own keys."""
    zhejiang, here = households["zhejiang"], households[where]
    nobody = Caller(here.society)
    for user in (zhejiang.owner, zhejiang.member, zhejiang.applicant):
        at_home = signed_in(zhejiang.society, user)
        assert at_home.knock("GET", "/my/").status_code == 200  # the cookie is good where it was given
        stranger = carried_to(here.society, at_home)
        for address in found:
            if not address.is_api:
                _nothing_but_the_public(stranger, nobody, address, here, watcher)


@KINDS
def test_a_visitor_sees_what_is_public(
    households: dict[str, Household], watcher: Watcher, where: str, found: list[Address]
) -> None:
    here = households[where]
    for address in found:
        _nothing_but_the_public(Caller(here.society), Caller(here.society), address, here, watcher)


@KINDS
def test_a_token_of_zhejiang_is_none_elsewhere(
    households: dict[str, Household], watcher: Watcher, where: str, found: list[Address]
) -> None:
    zhejiang, here = households["zhejiang"], households[where]
    assert Caller(zhejiang.society, token=zhejiang.token).knock("GET", "/api/v1/members/").status_code == 200
    for token in (zhejiang.token, zhejiang.token.replace("hl_201_", f"hl_{here.society.number}_")):
        stranger = Caller(here.society, token=token)
        for address in found:
            if not address.is_api or address.name in OPEN_API:
                continue
            for method in address.methods:
                before = watcher.look()
                answer = stranger.ask(method, address, here.arguments(address))
                assert (answer.status_code, _code(answer)) == (401, "token_invalid"), (str(address), method)
                assert changes(before, watcher.look()) == set(), (str(address), method)


@KINDS
def test_keys_of_zhejiang_open_nothing_elsewhere(
    households: dict[str, Household], watcher: Watcher, where: str, found: list[Address]
) -> None:
    """The owner of the house, with every right here, asks for what is Zhejiang's."""
    zhejiang, here = households["zhejiang"], households[where]
    owner = signed_in(here.society, here.owner)
    program = Caller(here.society, token=here.token)
    tried = 0
    for address in found:
        if not names_something(address):
            continue
        foreign = _foreign(address, here, zhejiang)
        for method in address.methods:
            before = watcher.look()
            answer = (program if address.is_api else owner).ask(method, address, foreign)
            tried += 1
            assert _is_not_here(answer, zhejiang), (str(address), method, answer.status_code)
            changed = changes(before, watcher.look())
            assert changed <= {f"{here.society.schema_name}.accounts_apitoken"}, (str(address), method)  # last used
    assert tried > 40


@KINDS
def test_the_same_asked_with_ones_own_keys_is_answered(
    households: dict[str, Household], where: str, found: list[Address]
) -> None:
    """So that the refusals above are about whose it is, and not about how it was asked."""
    here = households[where]
    owner, program = signed_in(here.society, here.owner), Caller(here.society, token=here.token)
    applicant = signed_in(here.society, here.applicant)
    # What is only read comes first: deeds may end what there is to read.
    for method in ("GET", "POST"):
        for address in found:
            if not names_something(address) or method not in address.methods:
                continue
            caller = program if address.is_api else applicant if address.policy in ("applicant", "member") else owner
            if address.name == "apply_draft":
                continue  # belongs to a browser, not to a user
            answer = caller.ask(method, address, here.arguments(address))
            assert answer.status_code not in (401, 403, 404, 500), (str(address), method, answer.status_code)


@KINDS
def test_a_member_is_no_staff_and_no_other_applicant(
    households: dict[str, Household], watcher: Watcher, where: str, found: list[Address]
) -> None:
    """Li is a member here; what waits for staff, and what is another applicant's, stays closed."""
    here = households[where]
    li = signed_in(here.society, here.member)
    for address in found:
        kind = address.policy.partition(":")[0]
        if address.is_api or kind not in ("staff", "hq", "applicant", "member"):
            continue
        if kind in ("applicant", "member") and not names_something(address):
            continue  # one's own page
        for method in address.methods:
            before = watcher.look()
            answer = li.ask(method, address, here.arguments(address))
            expected = {403, 405} if kind in ("staff", "hq") else {404, 405}
            assert answer.status_code in expected, (str(address), method, answer.status_code)
            assert changes(before, watcher.look()) == set(), (str(address), method)


def test_the_rooms_of_headquarters_are_not_in_a_society(households: dict[str, Household], watcher: Watcher) -> None:
    names = {each.name for each in AT_HOME}
    beyond = [each for each in AT_HEADQUARTERS if each.name not in names]
    assert len(beyond) > 40
    hq, welding = households["hq"], households["welding"]
    owner, program = signed_in(welding.society, welding.owner), Caller(welding.society, token=welding.token)
    for address in beyond:
        for method in address.methods:
            before = watcher.look()
            answer = (program if address.is_api else owner).ask(method, address, hq.arguments(address))
            assert answer.status_code == 404, (str(address), method, answer.status_code)
            assert changes(before, watcher.look()) == set(), (str(address), method)


def _nothing_but_the_public(
    stranger: Caller, nobody: Caller, address: Address, here: Household, watcher: Watcher
) -> None:
    """What is closed is closed; what is public looks as it does to somebody without any cookie."""
    for method in address.methods:
        arguments = here.arguments(address)
        if address.policy == "ticket" and "secret" in arguments:
            arguments["secret"] = "made-up"  # whoever has the true one is no stranger
        before = watcher.look()
        answer = stranger.ask(method, address, arguments)
        changed = {table.partition(".")[2] for table in changes(before, watcher.look())}
        assert changed <= TRACES.get((address.name, method), set()), (str(address), method, changed)
        assert answer.status_code < 500, (str(address), method)
        if address.policy == "public" or (address.is_api and _is_open(address, method)):
            same = nobody.ask(method, address, arguments)
            assert answer.status_code == same.status_code, (str(address), method)
        else:
            assert is_turned_away(answer), (str(address), method, answer.status_code)


def _is_open(address: Address, method: str) -> bool:
    if address.name in OPEN_API or address.name == CATCH_ALL:
        return True
    return method in getattr(address.view, "open_to_all", ()) or not SCOPES[address.view.scopes[method]].verbs


def _foreign(address: Address, here: Household, zhejiang: Household) -> dict[str, Any]:
    """Zhejiang's keys; where only headquarters has such things, keys that nobody has."""
    arguments = here.arguments(address)
    theirs = zhejiang.keys | dict.fromkeys(("case", "payment", "order"), zhejiang.keys["application"])
    theirs["paper of the case"] = zhejiang.keys["paper"]
    theirs |= dict.fromkeys(("comparison", "institution", "parked", "resolution"), own_key(zhejiang.society))
    for argument in address.arguments:
        what = what_is(address.name, argument)
        if what in FOREIGN:
            arguments[argument] = theirs[what]
    return arguments


def _is_not_here(answer: Any, zhejiang: Household) -> bool:
    """Not there; or led to Zhejiang's own door, for a code that names its society."""
    if answer.status_code == 302:
        return str(answer["Location"]).startswith(f"http://{zhejiang.society.slug}.localhost")
    return answer.status_code in (404, 405)


def _code(answer: Any) -> str:
    return str(answer.json().get("code", ""))
