"""Lists out of the console: CSV and XLSX, masked unless a reason is given, noted before the first byte leaves."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from openpyxl import load_workbook

from federation.ledger.models import RollEntry
from huilian.accounts.hashing import contact_hash, seal
from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.members.models import Member
from huilian.portals.console import downloads
from kit import clock
from tenants.context import current
from tenants.postgresql.base import NoSociety
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.walking import standing_member

CONTACTS = "/console/members/export/"


@pytest.fixture
def li(federation: Federation) -> Any:
    """Li, a member of the welding branch of whom everything is known, and Chen."""
    with federation.inside(federation.welding):
        member = standing_member("李四")
        Member.objects.filter(pk=member.pk).update(
            phone="+8613800000004",
            phone_hash=contact_hash("phone", "+8613800000004"),
            email="lisi@example.org",
            id_number_sealed=seal("110105199003070134"),
            to_on=date(2027, 1, 1),
        )
        standing_member("陈静", "ordinary")
    return member


def _sheet(page: Any) -> list[list[object]]:
    sheet: Any = load_workbook(BytesIO(page.getvalue()), read_only=True).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _lines(page: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(page.getvalue().decode("utf-8-sig"))))


def test_excel_with_the_filter_in_force(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/members/", {"category": "senior"})
    assert "/console/members/export.xlsx?category=senior" in wang.text
    page = wang.get("/console/members/export.xlsx", {"category": "senior"})
    assert page["Content-Disposition"].endswith('.xlsx"') and "members-101-" in page["Content-Disposition"]
    assert page["Cache-Control"] == "private, no-store"
    rows = _sheet(page)
    assert rows[0][:3] == ["Member number", "Name", "Kind"]
    assert [row[1] for row in rows[1:]] == ["李四"]
    assert rows[1][7] == datetime(2026, 12, 31)  # noqa: DTZ001 - a day in a sheet; the last one, as people say it
    assert rows[1][10:12] == ["+86138****0004", "l***@example.org"]
    with federation.inside(federation.welding):
        noted = Record.objects.get(verb="members.exported")
    assert noted.facts == {"rows": 1, "format": "xlsx", "category": "senior"}
    assert noted.actor == f"user:{wang.user.pk} 王伟"  # type: ignore[union-attr]


def test_in_chinese_everything_is_chinese(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR, language="zh-hans")
    rows = _sheet(wang.get("/console/members/export.xlsx"))
    assert rows[0][1] == "姓名"
    assert "高级会员" in rows[1]


def test_contact_data_leave_with_a_reason_only(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get(CONTACTS, {"category": "senior"})
    assert "Members found by the filter 1" in wang.words
    wang.post(CONTACTS, {"kind": "csv"})
    assert wang.page.status_code == 422
    assert "reason" in wang.errors
    wang.post(CONTACTS, {"kind": "exe", "reason": "x" * 1001})
    assert {"kind", "reason"} <= set(wang.errors)
    with federation.inside(federation.welding):
        assert not Record.objects.filter(verb="members.exported").exists()
    page = wang.post(f"{CONTACTS}?category=senior", {"kind": "csv", "reason": "Letters to the congress"})
    rows = _lines(page)
    assert [row[10:] for row in rows] == [["Phone", "E-mail"], ["'+8613800000004", "lisi@example.org"]]
    with federation.inside(federation.welding):
        noted = Record.objects.get(verb="members.exported")
    assert noted.reason == "Letters to the congress"
    assert noted.facts == {"rows": 1, "format": "csv", "category": "senior", "contacts": True}


def test_id_numbers_leave_only_when_asked_for(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.OWNER)
    page = wang.post(CONTACTS, {"kind": "xlsx", "reason": "Insurance", "id_numbers": "on"})
    rows = _sheet(page)
    assert [row[12] for row in rows] == ["ID number", "110105199003070134", None]
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="members.exported").facts["id_numbers"] is True


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PROMOTER, None])
def test_who_may_not_takes_nothing(federation: Federation, li: Any, role: Role | None) -> None:
    chen = at_desk(federation.welding, role, "陈静")
    for path in ("/console/members/export.csv", "/console/members/export.xlsx", CONTACTS):
        assert chen.get(path).status_code == 403
    assert chen.post(CONTACTS, {"kind": "csv", "reason": "because"}).status_code == 403
    with federation.inside(federation.welding):
        assert not Record.objects.filter(verb="members.exported").exists()


def test_what_was_typed_is_not_kept_in_the_journal(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    assert len(_lines(wang.get("/console/members/export.csv", {"text": "13800000004"}))) == 2
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="members.exported").facts == {"rows": 1, "format": "csv", "searched": True}


def test_a_filter_that_cannot_be_read_exports_nothing(federation: Federation, li: Any) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    for path in ("/console/members/export.csv", "/console/members/export.xlsx", CONTACTS):
        assert wang.get(path, {"category": "no such"}).status_code == 302
    hq = at_desk(federation.hq, Role.OWNER)
    assert hq.get("/console/roll/export.csv", {"society": "999"}).status_code == 302


# -- the roll of headquarters -----------------------------------------------------------------------------------------


def _entries(federation: Federation, count: int) -> None:
    with federation.inside(federation.hq):
        RollEntry.objects.bulk_create(
            RollEntry(
                society="101" if number % 2 else "201",
                member_id=uuid4(),
                number=f"{number:07d}",
                kind="person",
                category="senior",
                state="active",
                name="=李" if number == 1 else "李",
                sort_key=f"z{-number}",
                channel="branch",
                joined_on=date(2026, 1, 1),
                from_on=date(2026, 1, 1),
                to_on=date(2027, 1, 1),
                version=1,
                reported_at=clock.now(),
            )
            for number in range(count)
        )


def test_the_roll_in_both_formats(federation: Federation) -> None:
    _entries(federation, 4)
    zhao = at_desk(federation.hq, Role.OWNER)
    rows = _lines(zhao.get("/console/roll/export.csv", {"society": "101"}))
    assert [row[:3] for row in rows] == [
        ["Member number", "Name", "Society"],
        ["0000001", "'=李", "Welding Branch"],
        ["0000003", "李", "Welding Branch"],
    ]
    assert _sheet(zhao.get("/console/roll/export.xlsx"))[2][:2] == ["0000001", "=李"]
    with federation.inside(federation.hq):
        facts = [each.facts for each in Record.objects.filter(verb="roll.exported").order_by("seq")]
    assert facts == [{"rows": 2, "format": "csv", "society": "101"}, {"rows": 4, "format": "xlsx"}]


def test_an_officer_without_the_right_to_export_sees_the_roll_and_takes_nothing(federation: Federation) -> None:
    _entries(federation, 1)
    officer = at_desk(federation.hq, Role.OFFICER)
    assert officer.get("/console/roll/").status_code == 200
    assert "Export" not in officer.words
    for kind in ("csv", "xlsx"):
        assert officer.get(f"/console/roll/export.{kind}").status_code == 403


def test_more_than_a_sheet_holds_is_said_before_anything_is_sent(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
) -> None:
    _entries(federation, 4)
    monkeypatch.setattr(downloads, "MOST_ROWS", 4)
    zhao = at_desk(federation.hq, Role.OWNER)
    zhao.get("/console/roll/export.xlsx")
    assert zhao.page.status_code == 422
    assert "This list has 4 rows; a sheet of Excel holds at most 3 below its head." in zhao.words
    with federation.inside(federation.hq):
        assert not Record.objects.filter(verb="roll.exported").exists()
    assert len(_lines(zhao.get("/console/roll/export.csv"))) == 5


def test_the_roll_streams_in_its_own_society_whatever_the_thread_does_meanwhile(federation: Federation) -> None:
    """The view has returned and the middleware is done when the rows are read; another request may come between."""
    _entries(federation, 4500)
    zhao = at_desk(federation.hq, Role.OWNER)
    other = Desk(federation.welding)
    page: Any = zhao.get("/console/roll/export.csv")
    pieces = iter(page.streaming_content)
    next(pieces), next(pieces)  # the head, the first page
    assert connection.connection is None and not connection.in_atomic_block
    assert other.get("/join/").status_code in (200, 302)
    rest = [line for piece in pieces for line in piece.decode().splitlines()]
    assert len(rest) == 2500
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    with pytest.raises(NoSociety):
        current()


def test_a_client_that_goes_away_ends_the_reading(federation: Federation) -> None:
    _entries(federation, 4500)
    zhao = at_desk(federation.hq, Role.OWNER)
    for kind in ("csv", "xlsx"):
        page: Any = zhao.get(f"/console/roll/export.{kind}")
        pieces = iter(page.streaming_content)
        next(pieces)
        page.close()
        assert list(pieces) == []
        assert connection.connection is None and not connection.in_atomic_block
    assert zhao.get("/console/roll/").status_code == 200
