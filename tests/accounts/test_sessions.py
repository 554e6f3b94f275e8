"""A session begins with a new key, belongs to one society, and ends with the password or the account."""

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate as django_authenticate
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from huilian.accounts.backends import ContactBackend
from huilian.accounts.models import Role, User
from huilian.accounts.rules import RULES, may
from huilian.accounts.services import close_account, end_role, grant_role, set_password
from huilian.accounts.sessions import STAFF_SECONDS, address_of, close_session, open_session
from huilian.accounts.view_permissions import VIEW_BY_VERB
from tenants.context import inside
from tenants.models import Society
from tests.accounts.people import AT, PASSWORD, person
from tests.federation_fixture import Federation


def request_with(session_key: str | None = None) -> WSGIRequest:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    engine = import_module(settings.SESSION_ENGINE)
    session: SessionBase = engine.SessionStore(session_key)
    request.session = session
    request.user = AnonymousUser()
    return request


def session_of(user: User) -> str:
    request = request_with()
    open_session(request, user)
    request.session.save()
    return str(request.session.session_key)


def who(session_key: str) -> Any:
    return get_user(request_with(session_key))


def test_signing_in_takes_a_new_key_and_keeps_the_visitor(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    request = request_with()
    request.session["language"] = "en"
    request.session.save()
    before = request.session.session_key
    open_session(request, li)
    request.session.save()
    assert request.session.session_key != before
    assert request.session["language"] == "en"
    assert not request.session.exists(str(before))
    assert who(str(request.session.session_key)) == li


def test_signing_out_forgets_everything(in_welding: Society) -> None:
    request = request_with()
    open_session(request, person("Li"))
    request.session["draft"] = 1
    request.session.save()
    key = str(request.session.session_key)
    close_session(request)
    assert "draft" not in request.session
    assert who(key) == AnonymousUser()


def test_staff_sign_in_for_a_working_day(in_welding: Society) -> None:
    wang, li = person("Wang", Role.VIEWER), person("Li")
    ages = []
    for user in (wang, li):
        request = request_with()
        open_session(request, user)
        ages.append(request.session.get_expiry_age())
    assert ages == [STAFF_SECONDS, settings.SESSION_COOKIE_AGE]


def test_a_new_password_ends_other_sessions(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    key = session_of(li)
    set_password(li, "another good phrase", at=AT)
    assert who(key) == AnonymousUser()


def test_closing_the_account_ends_its_sessions_at_once(in_welding: Society) -> None:
    li = person("Li")
    key = session_of(li)
    close_account(li, by="system", at=AT, reason="Left")
    assert who(key) == AnonymousUser()


def test_a_session_carried_to_another_society_is_nobodys(federation: Federation) -> None:
    """Even where the row is copied and the user has the same id and the same password hash."""
    with inside(federation.welding):
        li = person("Li", password=PASSWORD)
        key = session_of(li)
        row = Session.objects.values("session_key", "session_data", "expire_date").get(session_key=key)
    with inside(federation.zhejiang):
        assert who(key) == AnonymousUser()
        twin = person("Li")
        User.objects.filter(pk=twin.pk).update(password=li.password, id=li.pk)
        Session.objects.create(**row)
        assert request_with(key).session["_auth_user_id"] == str(li.pk)
        assert who(key) == AnonymousUser()
    with inside(federation.welding):
        assert who(key) == li


def test_the_address_is_the_peers_or_what_our_own_proxy_saw(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7")
    assert address_of(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_of(request) == "192.0.2.7"
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"
    assert address_of(None) == ""


def test_djangos_own_sign_in_goes_the_same_way(in_welding: Society) -> None:
    li = person("Li", password=PASSWORD)
    request = request_with()
    assert django_authenticate(request, username="Li@example.org", password=PASSWORD) == li
    for _attempt in range(12):
        assert django_authenticate(request, username="li@example.org", password="wrong") is None
    assert django_authenticate(request, username="li@example.org", password=PASSWORD) is None
    assert django_authenticate(request, token="something else") is None


@pytest.mark.parametrize(
    ("role", "sees", "not_these"),
    [
        (Role.OWNER, {"accounts.view_rolegrant", "members.view_member"}, {"ledger.view_rollentry"}),
        (Role.REGISTRAR, {"applications.view_paper", "journal.view_record"}, {"accounts.view_rolegrant"}),
        (Role.VIEWER, {"members.view_member"}, {"accounts.view_user", "accounts.view_apitoken"}),
        (Role.PROMOTER, {"schemes.view_holiday"}, {"members.view_member", "applications.view_application"}),
    ],
)
def test_the_admin_shows_staff_what_the_table_allows(
    role: Role, sees: set[str], not_these: set[str], in_welding: Society
) -> None:
    grant = grant_role(person("Wang"), role, by="system", at=AT, from_on=AT.date().replace(year=2020))
    wang = User.objects.get()
    assert all(wang.has_perm(permission) for permission in sees)
    assert not any(wang.has_perm(permission) for permission in not_these)
    assert wang.has_module_perms("schemes")
    assert wang.has_module_perms("members") is (role != Role.PROMOTER)
    assert not any(
        wang.has_perm(permission.replace(".view_", f".{act}_"))
        for permission in VIEW_BY_VERB
        for act in ("add", "change", "delete")
    )
    assert sees <= wang.get_all_permissions()
    if role != Role.OWNER:
        end_role(grant, by="system", at=AT)
        assert User.objects.get().get_all_permissions() == set()


def test_whoever_is_no_staff_sees_nothing_in_the_admin(in_welding: Society) -> None:
    li = person("Li")
    assert li.get_all_permissions() == set()
    assert not any(li.has_perm(permission) for permission in VIEW_BY_VERB)


def test_one_request_asks_for_the_roles_once(in_welding: Society, django_assert_num_queries: Any) -> None:
    pk = person("Wang", Role.VIEWER).pk
    user = ContactBackend().get_user(pk)
    assert user is not None
    with django_assert_num_queries(1):
        assert [verb for verb in RULES if may(user, verb, on=AT.date())]
