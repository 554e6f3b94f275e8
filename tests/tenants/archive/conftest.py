"""A provincial society that has lived, to be taken away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from federation.ledger.models import Case
from huilian.accounts.hashing import seal
from huilian.accounts.models import Role
from huilian.accounts.services import grant_role, mint_token, open_account
from huilian.applications.deciding import decide_case
from huilian.applications.models import Application
from huilian.applications.services import endorse_application
from huilian.billing.models import Bill
from huilian.billing.services import replay
from huilian.members.models import Member
from kit.clock import now
from tenants.models import Society
from tenants.opening import open_society
from tests.applications.forms import AT, identity_number, senior, staff, submit
from tests.environment import DATABASE
from tests.federation_fixture import OPENED_AT, Federation, _publish_scheme
from tests.tenants.archive.leaving import NEW_SCHEMA, NUMBER, SCHEMA, remove
from tests.tenants.backup.kept import join

PAYER = "+8613800000077"


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(admin_url, dbname=DATABASE, autocommit=True) as session:
        yield session


@pytest.fixture
def leaving(
    federation: Federation, admin: psycopg.Connection[Any], tmp_path: Path, monkeypatch: Any
) -> Iterator[Society]:
    """A provincial society, which has books of its own; it and whatever came of it are gone afterwards."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    society = open_society(
        number=NUMBER, slug="leaving", kind="province", name_zh="迁移学会", name_en="Leaving Society", at=OPENED_AT
    )
    _publish_scheme({"leaving": society})
    yield society
    for schema in (SCHEMA, NEW_SCHEMA):
        remove(admin, schema)


@pytest.fixture
def lived(federation: Federation, leaving: Society) -> Society:
    """Members, an application on headquarters' desk, a bill of its own, staff, an upload and a sealed number."""
    first, second = join(federation, leaving, "李申请"), join(federation, leaving, "王推荐")
    with federation.inside(leaving):
        Member.objects.filter(pk=first).update(id_number_sealed=seal("11010519491231002X"), id_type="identity_card")
        Member.objects.filter(pk=second).update(portrait="portraits/wang.jpg")
        default_storage.save("portraits/wang.jpg", ContentFile(b"portrait"))
        owner = open_account(name="赵", email="zhao@example.org", password="long enough words", language="en", at=now())
        grant_role(owner, Role.OWNER, by="command", at=now())
        mint_token(owner, label="x", scopes=["codes:read"], expires_at=now() + timedelta(days=365), by="c", at=now())
        for person in (senior(), senior(mobile=PAYER[3:], email="p@example.org", id_number=identity_number(serial=88))):
            submit("senior", person)
        own = Bill.objects.create(
            number="B2026-0000001", society_number=NUMBER, payer_name="李", category="ordinary", unit_minor=5000,
            amount_minor=5000, currency="CNY", scheme_version=1, opened_at=now(),
        )  # fmt: skip
        replay([own.pk])
        connection.cursor().execute("INSERT INTO django_session VALUES ('stolen', 'x', now())")
    federation.settle()
    with federation.inside(leaving):
        for application in Application.objects.all():
            endorse_application(application, by_user=staff(), at=AT)
        payer = Application.objects.get(phone=PAYER).pk
    federation.settle()
    with federation.inside(federation.hq):
        decide_case(
            Case.objects.get(application_id=payer),
            outcome="approved",
            reasons="",
            by_user=staff("赵敏", Role.OFFICER),
            at=AT,
        )
    federation.settle()
    return leaving
