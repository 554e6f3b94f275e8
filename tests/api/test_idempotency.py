"""A key makes a wish come true once: many at once, again later, after a crash, and never for another wish."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from api.models import IdempotentRequest
from api.v1 import idempotency, referral_codes
from api.v1.idempotency import KEPT, RUNNING, forget_answers
from huilian.accounts.models import Role
from huilian.applications import promotion
from huilian.journal.models import Record
from kit import clock
from kit.errors import Refusal
from referrals.models import ReferralCode
from tests.api.callers import Caller, hire, problem, staff, token_of
from tests.applications.forms import draft, photo
from tests.at_once import at_once
from tests.federation_fixture import Federation

WISH = {"label": "Spring"}


@pytest.fixture
def wang(federation: Federation) -> Caller:
    return staff(federation.welding, Role.OWNER, "codes:read", "codes:write", "applications:write")


def codes(federation: Federation) -> int:
    with federation.inside(federation.welding):
        return ReferralCode.objects.count()


def test_sent_again_it_is_answered_as_the_first_time(federation: Federation, wang: Caller) -> None:
    first = wang.post("referral-codes/", WISH, key="k-1")
    again = wang.post("referral-codes/", raw=b'{ "label" : "Spring" }', key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"] == f"/api/v1/referral-codes/{first.json()['id']}/"
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert codes(federation) == 1
    with federation.inside(federation.welding):
        assert Record.objects.filter(verb="code.minted").count() == 1


def test_without_a_key_each_is_a_wish_of_its_own(federation: Federation, wang: Caller) -> None:
    assert [wang.post("referral-codes/", WISH).status_code for _time in range(2)] == [201, 201]
    assert codes(federation) == 2


def test_another_body_is_refused(federation: Federation, wang: Caller) -> None:
    wang.post("referral-codes/", WISH, key="k-1")
    assert problem(wang.post("referral-codes/", {"label": "Summer"}, key="k-1")) == (422, "idempotency_key_reused")
    assert codes(federation) == 1


def test_another_address_is_refused(federation: Federation, wang: Caller) -> None:
    code = wang.post("referral-codes/", WISH, key="k-1").json()
    path = f"referral-codes/{code['id']}/revoke/"
    assert problem(wang.post(path, {"reason": "x"}, key="k-1")) == (422, "idempotency_key_reused")
    assert wang.get(f"referral-codes/{code['id']}/").json()["revoked_at"] is None


def test_keys_of_others_are_theirs(federation: Federation, wang: Caller) -> None:
    chen = staff(federation.welding, Role.OWNER, "codes:write", name="Chen")
    assert wang.post("referral-codes/", WISH, key="k-1").status_code == 201
    response = chen.post("referral-codes/", WISH, key="k-1")
    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response
    assert codes(federation) == 2


def test_a_new_token_of_the_same_user_replays(federation: Federation) -> None:
    user = hire(federation.welding, Role.OWNER)
    first, second = (Caller(federation.welding, token_of(federation.welding, user, "codes:write")) for _time in (1, 2))
    assert (
        first.post("referral-codes/", WISH, key="k-1").content
        == second.post("referral-codes/", WISH, key="k-1").content
    )
    assert codes(federation) == 1


def test_fifty_at_once_make_one(federation: Federation, wang: Caller) -> None:
    def post() -> Any:
        return Caller(federation.welding, wang.token).post("referral-codes/", WISH, key="k-50")

    answers = at_once(federation.welding, [post] * 50)
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}, [answer for answer in answers if getattr(answer, "status_code", 0) not in (201, 409)]
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in made) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert problem(answer) == (409, "idempotency_key_running")
            assert answer["Retry-After"] == "2"
    assert codes(federation) == 1
    assert wang.post("referral-codes/", WISH, key="k-50").content == made[0].content


def test_a_refused_wish_leaves_its_key_free(federation: Federation, wang: Caller) -> None:
    wrong = {"label": "Spring", "valid_from": "2030-02-01", "valid_to": "2030-01-01"}
    assert problem(wang.post("referral-codes/", wrong, key="k-1")) == (422, "period_empty")
    assert wang.post("referral-codes/", WISH, key="k-1").status_code == 201
    assert codes(federation) == 1


def test_a_bug_leaves_its_key_free_and_nothing_else(
    federation: Federation, wang: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = promotion.mint_campaign_code

    def mint_and_break(**wish: Any) -> Any:
        real(**wish)
        raise ZeroDivisionError

    monkeypatch.setattr(referral_codes, "mint_campaign_code", mint_and_break)
    wang.client.raise_request_exception = False
    assert problem(wang.post("referral-codes/", WISH, key="k-1")) == (500, "internal_error")
    assert codes(federation) == 0
    monkeypatch.setattr(referral_codes, "mint_campaign_code", real)
    assert wang.post("referral-codes/", WISH, key="k-1").status_code == 201


def _leave_running(federation: Federation, wang: Caller, *, age: timedelta) -> None:
    """As after `kill -9` between the reservation and the commit: the key is there, its effect is not."""
    wang.post("referral-codes/", WISH, key="k-1")
    with federation.inside(federation.welding):
        ReferralCode.objects.all().delete()
        IdempotentRequest.objects.update(status=None, response=None, started_at=clock.now() - age)


def test_while_the_first_runs_the_second_waits(federation: Federation, wang: Caller) -> None:
    _leave_running(federation, wang, age=RUNNING - timedelta(seconds=5))
    response = wang.post("referral-codes/", WISH, key="k-1")
    assert problem(response) == (409, "idempotency_key_running")
    assert response["Retry-After"] == "2"
    assert codes(federation) == 0


def test_a_killed_request_does_not_lock_its_key_for_ever(federation: Federation, wang: Caller) -> None:
    _leave_running(federation, wang, age=RUNNING + timedelta(seconds=1))
    assert problem(wang.post("referral-codes/", {"label": "Summer"}, key="k-1")) == (422, "idempotency_key_reused")
    assert wang.post("referral-codes/", WISH, key="k-1").status_code == 201
    assert codes(federation) == 1
    assert wang.post("referral-codes/", WISH, key="k-1")["Idempotency-Replayed"] == "true"
    assert codes(federation) == 1


def test_of_many_who_take_over_one_goes_on(federation: Federation, wang: Caller) -> None:
    _leave_running(federation, wang, age=RUNNING + timedelta(seconds=1))

    def post() -> Any:
        return Caller(federation.welding, wang.token).post("referral-codes/", WISH, key="k-1")

    answers = at_once(federation.welding, [post] * 20)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert codes(federation) == 1


def test_who_was_taken_for_dead_leaves_nothing(
    federation: Federation, wang: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = promotion.mint_campaign_code
    other: list[int] = []

    def mint_slowly(**wish: Any) -> Any:
        # Meanwhile so much time has passed that another one took the key over, and did it.
        if not other:
            other.append(0)
            with transaction.atomic():
                IdempotentRequest.objects.update(started_at=clock.now() - 2 * RUNNING)
        return real(**wish)

    monkeypatch.setattr(referral_codes, "mint_campaign_code", mint_slowly)
    assert problem(wang.post("referral-codes/", WISH, key="k-1")) == (409, "idempotency_key_running")
    assert codes(federation) == 0


def test_the_answer_commits_with_the_effect(
    federation: Federation, wang: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the answer kept afterwards, a crash between the two would do the wish twice."""
    seen: list[tuple[bool, bool]] = []
    real = idempotency._keep

    def keep(place: Any, response: Any) -> Any:
        seen.append((connection.in_atomic_block, ReferralCode.objects.exists()))
        real(place, response)
        raise Refusal("crash", "Right after the answer was written.", status=503)

    monkeypatch.setattr(idempotency, "_keep", keep)
    assert problem(wang.post("referral-codes/", WISH, key="k-1")) == (503, "crash")
    assert seen == [(True, True)]
    assert codes(federation) == 0
    with federation.inside(federation.welding):
        assert IdempotentRequest.objects.count() == 0


@pytest.mark.parametrize("key", ["a b", "ü", "x" * 256, "\x7f"])
def test_a_key_that_is_none(federation: Federation, wang: Caller, key: str) -> None:
    assert problem(wang.post("referral-codes/", WISH, key=key.encode().decode("latin-1"))) == (
        400,
        "idempotency_key_malformed",
    )
    assert codes(federation) == 0


def test_the_longest_key(federation: Federation, wang: Caller) -> None:
    assert wang.post("referral-codes/", WISH, key="~" * 255).status_code == 201


def test_a_form_sent_again_has_another_boundary(federation: Federation, wang: Caller) -> None:
    with federation.inside(federation.welding):
        application = draft("ordinary")
    path, file = f"applications/{application.pk}/papers/", photo().read()

    def post(content: bytes, boundary: str) -> Any:
        body = b"".join(
            [
                b'--%b\r\nContent-Disposition: form-data; name="code"\r\n\r\nphoto\r\n' % boundary.encode(),
                b'--%b\r\nContent-Disposition: form-data; name="file"; filename="me.jpg"\r\n' % boundary.encode(),
                b"Content-Type: image/jpeg\r\n\r\n%b\r\n--%b--\r\n" % (content, boundary.encode()),
            ]
        )
        return wang.post(path, raw=body, content_type=f"multipart/form-data; boundary={boundary}", key="k-1")

    first, again = post(file, "abc"), post(file, "xyz")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert problem(post(file + b" ", "abc")) == (422, "idempotency_key_reused")
    with federation.inside(federation.welding):
        assert application.papers.count() == 1


def test_keys_are_forgotten_after_two_days(federation: Federation, wang: Caller) -> None:
    wang.post("referral-codes/", WISH, key="k-1")
    with federation.inside(federation.welding):
        assert forget_answers(at=clock.now() + KEPT - timedelta(minutes=1)) == 0
        assert forget_answers(at=clock.now() + KEPT + timedelta(minutes=1)) == 1


def test_nothing_of_a_token_is_kept(federation: Federation, wang: Caller) -> None:
    wang.post("referral-codes/", WISH, key="k-1")
    with federation.inside(federation.welding):
        row = IdempotentRequest.objects.get()
    assert wang.token not in json.dumps([row.actor, row.key, row.response])
