"""Through nginx and gunicorn: a session or a token of one society opens nothing of another, on any page of its own."""

import http.client
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.isolation.addresses import HEADQUARTERS, SOCIETY, Address, addresses
from tests.isolation.households import what_is
from tests.isolation.intruding import NOWHERE_STATUS
from tests.journeys.office import Offices
from tests.journeys.web import Answer, Line
from tests.stack.stacked import StackInstallation
from tests.stack.wishes import running_addresses

pytestmark = pytest.mark.slow

HOME, ELSEWHERE = "welding", ("zhejiang", "hq")
URLCONF = {"zhejiang": SOCIETY, "hq": HEADQUARTERS, "welding": SOCIETY}
# Which list names the things that stand in addresses.
LISTS = {
    "application": "applications/",
    "waiting": "applications/",
    "member": "members/",
    "code": "referral-codes/",
    "case": "cases/",
    "payment": "payments/",
}


@pytest.fixture
def cookies(stack: StackInstallation, offices: Offices) -> str:
    """What the browser of Welding's owner sends: it is good at Welding."""
    browser = offices.browser(HOME, "owner")
    host = urlsplit(stack.demo.hosts[HOME]).hostname
    sent = "; ".join(f"{each.name}={each.value}" for each in browser.jar if str(each.domain).startswith(str(host)))
    assert "session=" in sent
    return sent


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_session_is_nobodys_elsewhere(stack: StackInstallation, cookies: str, where: str) -> None:
    """Every page that is not public, with the keys of that society's own things."""
    assert _open(stack, HOME, "/console/", Cookie=cookies).status == 200
    asked = 0
    for address, path in _paths(stack, where):
        if not address.is_api and address.policy != "public":
            answer = _open(stack, where, path, Cookie=cookies)
            asked += 1
            assert _is_turned_away(answer), (where, path, answer.status, answer.text[:300])
    assert asked > 30, asked


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_token_is_nobodys_elsewhere(stack: StackInstallation, where: str) -> None:
    token = {"Authorization": f"Bearer {stack.demo.tokens[HOME]['owner']}"}
    assert _open(stack, HOME, "/api/v1/members/", **token).status == 200
    asked = 0
    for address, path in _paths(stack, where):
        if address.is_api and address.policy == "token" and "GET" in address.methods:
            answer = _open(stack, where, path, **token)
            asked += 1
            assert answer.status == 401, (where, path, answer.status, answer.text[:300])
    assert asked > 5, asked


def test_the_host_alone_says_where_one_is(stack: StackInstallation, cookies: str) -> None:
    """What a client writes into headers that only a proxy may write changes nothing."""
    port = urlsplit(stack.demo.hosts[HOME]).port
    for more in (
        {"X-Forwarded-Host": f"welding.localhost:{port}"},
        {"Forwarded": f"host=welding.localhost:{port}"},
        {"X-Host": "welding.localhost", "X-Forwarded-Server": "welding.localhost"},
    ):
        answer = _open(stack, "zhejiang", "/console/", Cookie=cookies, **more)
        assert _is_turned_away(answer), more
    answer = _open(stack, HOME, "/my/", **{"X-Forwarded-Proto": "https"})
    assert answer.status == 302 and "https" not in str(answer.headers["Location"])


def test_cookies_are_of_one_host(stack: StackInstallation) -> None:
    answer = _open(stack, HOME, "/sign-in/")
    kept = answer.headers.get_all("Set-Cookie") or []
    assert kept and not any("domain=" in each.lower() for each in kept)


def test_hosts_that_nobody_has_get_no_answer(stack: StackInstallation) -> None:
    """nginx hangs up on foreign names; a name of ours that no society has is an empty page."""
    port = urlsplit(stack.demo.hosts[HOME]).port
    assert port is not None
    for host in ("evil.example.org", "127.0.0.1", "welding.localhost.example.org"):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.putrequest("GET", "/", skip_host=True)
        line.putheader("Host", host)
        line.endheaders()
        with pytest.raises(http.client.RemoteDisconnected):
            print(host, line.getresponse().read()[:200])
        line.close()
    assert Line().ask("GET", f"http://nobody.localhost:{port}/", headers={}).status == 404


def test_an_invented_address_does_not_wake_the_throttle_up_anew(stack: StackInstallation) -> None:
    """Who guesses passwords is counted by the address that nginx saw, not by one written into X-Forwarded-For."""
    host = stack.demo.hosts["foundry"]
    seen = set()
    for number in range(60):
        invented = {"X-Forwarded-For": f"203.0.113.{number}"}
        seen.add(_guess(host, f"nobody{number}@example.org", headers=invented))
        if 429 in seen:
            break
    assert 429 in seen, seen


def test_a_connection_that_nginx_keeps_is_not_closed_behind_it(stack: StackInstallation) -> None:
    """gunicorn's own patience of two seconds would make a form that is sent just then a 502."""
    addresses = running_addresses(stack.data)
    assert addresses is not None
    line = http.client.HTTPConnection("127.0.0.1", addresses.port("web"), timeout=10)
    sockets = []
    for pause in (4.0, 0.0):
        line.request("GET", "/healthz/live", headers={"Host": "localhost"})
        assert line.getresponse().read() == b"live\n"
        sockets.append(line.sock)
        time.sleep(pause)
    assert sockets[0] is sockets[1] is not None
    line.close()


def test_what_is_too_large_is_refused_before_it_is_read(stack: StackInstallation) -> None:
    where = urlsplit(stack.demo.hosts[HOME])
    for mebibytes, words in ((64.5, b"The request is too large."), (70, b"413")):
        line = http.client.HTTPConnection("127.0.0.1", where.port, timeout=30)
        line.putrequest("POST", "/apply/", skip_host=True)
        line.putheader("Host", where.netloc)
        line.putheader("Content-Type", "application/octet-stream")
        line.putheader("Content-Length", str(int(mebibytes * 1024 * 1024)))
        line.putheader("Connection", "close")
        line.endheaders()
        if mebibytes < 65:
            for _ in range(int(mebibytes * 2)):
                line.send(bytes(512 * 1024))
        answer = line.getresponse()
        assert (answer.status, words in answer.read()) == (413, True)
        line.close()


def _paths(stack: StackInstallation, where: str) -> Iterator[tuple[Address, str]]:
    """Every address that can be asked with nothing, or with the key of a thing that the society has."""
    things = _things(stack, where)
    for address in addresses(URLCONF[where]):
        with suppress(LookupError, ValueError):  # it is about a thing that is not in these lists
            arguments = {argument: things[what_is(address.name, argument)] for argument in address.arguments}
            yield address, address.path(arguments)


def _things(stack: StackInstallation, where: str) -> dict[str, str]:
    program = stack.demo.program(where, "owner")
    replies = {thing: program.get(path) for thing, path in LISTS.items()}
    found = {thing: reply.data["results"][0]["id"] for thing, reply in replies.items() if reply.status == 200}
    assert {"application", "member", "code"} <= found.keys()
    return found


def _open(stack: StackInstallation, where: str, path: str, **headers: str) -> Answer:
    return Line().ask("GET", stack.demo.hosts[where].rstrip("/") + path, headers=headers)


def _guess(host: str, name: str, *, headers: Mapping[str, str]) -> int:
    page = Line().ask("GET", f"{host}sign-in/", headers=headers)
    form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    cookie = (page.headers.get_all("Set-Cookie") or [""])[0].partition(";")[0]
    assert form and cookie
    body = f"csrfmiddlewaretoken={form[1]}&identifier={name}&password=guess-by-guess".encode()
    more = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": host.rstrip("/")}
    return Line().ask("POST", f"{host}sign-in/", headers={**headers, **more}, body=body).status


def _is_turned_away(answer: Answer) -> bool:
    if answer.status == 302:
        return "/sign-in/" in str(answer.headers["Location"])
    return answer.status in NOWHERE_STATUS
