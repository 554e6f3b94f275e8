"""Existing members from a list, at the desk: template, upload, preview, confirmation, progress, refused rows."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.members.models import ImportRow, Member, MemberImport
from huilian.members.services.importing import confirm_import, take_some, upload_list
from huilian.members.tasks import take_over
from kit import clock
from kit.sheet_reading import MOST_BYTES
from tests.applications.forms import staff
from tests.federation_fixture import Federation
from tests.members.lists import CHEN, LI, many, sheet
from tests.portals.console.desk import Desk, at_desk

LISTS = "/console/members/imports/"
BAD = ["李五", "gold", "2020-01-01", "someday", "12"]


def _hand_in(desk: Desk, content: bytes, name: str = "list.xlsx") -> None:
    desk.post(f"{LISTS}new/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_from_the_template_to_the_members(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.get("/console/members/")
    assert LISTS in wang.text
    wang.get(LISTS)
    assert "No list yet" in wang.words
    page: Any = wang.get(f"{LISTS}template.xlsx")
    head = load_workbook(BytesIO(page.content)).worksheets[0]["A1"].value
    assert head == "姓名或单位名称 Name *"
    _hand_in(wang, sheet(LI, CHEN, BAD))
    address = wang.page.redirect_chain[-1][0]  # type: ignore[attr-defined]
    for words in (
        "Rows 3",
        "Ready 2",
        "To be corrected 1",
        "Category: There is no category “gold”.",
        "Valid until: This is not a date. Write it as 2015-06-30.",
        "Phone: A mobile number has 11 digits",
    ):
        assert words in wang.words, words
    with federation.inside(federation.welding):
        assert not Member.objects.exists()
    wang.get(f"{address}confirm/")
    assert "Members to be taken over 2" in wang.words
    wang.post(f"{address}confirm/", {"language": "en"})
    assert wang.page.status_code == 422 and "reason" in wang.errors
    wang.post(f"{address}confirm/", {"language": "en", "reason": "Register of 2025"}, follow=True)
    assert "0 of 2 members are taken over." in wang.words
    assert "data-refresh" in wang.text and '<progress max="100" value="0"' in wang.text
    take_over(federation.welding.schema_name)
    wang.get(address)
    assert "data-refresh" not in wang.text and "1010000001G" in wang.words
    assert "Download the rows that were left out" in wang.words
    wang.get("/console/members/", {"channel": "import"})
    assert "李四" in wang.words and "陈静" in wang.words
    wang.get("/console/members/", {"text": "李四"})
    with federation.inside(federation.welding):
        li = Member.objects.get(name="李四")
    wang.get(f"/console/members/{li.pk}/")
    assert "Old number G-77" in wang.words and "as the list had it" in wang.words
    assert "Member taken over from a list · 王伟" in wang.words


def test_refused_rows_are_downloaded_corrected_and_handed_in_again(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    _hand_in(wang, sheet(LI, ["@李五", "gold", *BAD[2:]]))
    address = wang.page.redirect_chain[-1][0]  # type: ignore[attr-defined]
    page: Any = wang.get(f"{address}refused.xlsx")
    book: Any = load_workbook(BytesIO(page.getvalue())).active
    head, row = [[cell.value for cell in cells] for cells in book.rows]
    assert row[:5] == ["@李五", "gold", "2020-01-01", "someday", None]
    assert row[5] == "12" and row[head.index("Row in the old file")] == 3
    assert "There is no category" in row[-1]
    assert book["A2"].data_type == "s"
    with federation.inside(federation.welding):
        assert Record.objects.get(verb="members.refused_rows_taken").facts == {"rows": 1}
    cells = [cell or "" for cell in row[:-2]]
    cells[0], cells[1], cells[3], cells[5] = "李五", "ordinary", "2099-12-31", "13800000055"
    _hand_in(wang, sheet(cells, head=head[:-2]))
    assert "Ready 1" in wang.words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\x00", "This file cannot be read as a table."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an Excel file of the old kind"),
        (sheet(head=["Name"]), "In its first row the list has no column"),
        (sheet(), "Below its head the list has no rows."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 5 MB."),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_the_field(federation: Federation, content: bytes, words: str) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    wang.post(f"{LISTS}new/", {"file": SimpleUploadedFile("x.xlsx", content)})
    assert wang.page.status_code == 422
    assert words in wang.errors["file"]
    with federation.inside(federation.welding):
        assert not MemberImport.objects.exists()


def test_no_file_and_an_empty_one(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    for given in ({}, {"file": SimpleUploadedFile("x.csv", b"")}):
        wang.post(f"{LISTS}new/", given)
        assert wang.page.status_code == 422 and "file" in wang.errors


def test_only_the_rows_that_need_a_hand_and_a_page_that_is_not_there(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    _hand_in(wang, sheet(LI, CHEN, BAD))
    address = wang.page.redirect_chain[-1][0]  # type: ignore[attr-defined]
    wang.get(address, {"show": "refused"})
    assert "李五" in wang.words and "李四" not in wang.words
    for strange in ({"show": "'; DROP TABLE"}, {"page": "-1"}):
        wang.get(address, strange)
        assert wang.page.status_code == 200


def test_discarded_by_a_button_and_once(federation: Federation) -> None:
    wang = at_desk(federation.welding, Role.REGISTRAR)
    _hand_in(wang, sheet(LI))
    address = wang.page.redirect_chain[-1][0]  # type: ignore[attr-defined]
    for _press in range(2):
        wang.post(f"{address}discard/", follow=True)
        assert wang.page.status_code == 200
    wang.get(f"{address}confirm/", follow=True)
    assert "The rows of a discarded list are not kept." in wang.words
    with federation.inside(federation.welding):
        assert not ImportRow.objects.exists()
        assert Record.objects.filter(verb="members.list_discarded").count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PROMOTER, None])
def test_who_may_not_sees_and_changes_nothing(federation: Federation, role: Role | None) -> None:
    with federation.inside(federation.welding):
        batch = upload_list(sheet(LI), file_name="x.xlsx", by_user=staff("王伟", Role.OWNER), at=clock.now())
    chen = at_desk(federation.welding, role, "陈静")
    address = f"{LISTS}{batch.pk}/"
    for path in (
        LISTS,
        f"{LISTS}new/",
        f"{LISTS}template.xlsx",
        address,
        f"{address}confirm/",
        f"{address}refused.xlsx",
    ):
        assert chen.get(path).status_code == 403, path
    for path in (f"{LISTS}new/", f"{address}confirm/", f"{address}discard/"):
        assert chen.post(path, {"reason": "x", "language": "en"}).status_code == 403, path
    with federation.inside(federation.welding):
        assert MemberImport.objects.get().state == "checked"
        assert MemberImport.objects.count() == 1


def _queries(federation: Federation, address: str, make: Callable[[int], None]) -> tuple[int, int]:
    desk = at_desk(federation.welding, Role.OWNER)
    found = []
    for rows in (1, 3):
        with federation.inside(federation.welding):
            make(rows)
        found.append(len(desk.statements(address)))
    return found[0], found[1]


def test_the_lists_take_the_same_queries_however_many(federation: Federation) -> None:
    with federation.inside(federation.welding):
        wang = staff("王伟", Role.OWNER)

    def make(rows: int) -> None:
        for number in range(rows - MemberImport.objects.count()):
            upload_list(sheet(LI), file_name=f"{number}.xlsx", by_user=wang, at=clock.now())

    assert _queries(federation, LISTS, make) == (6, 6)


def test_a_list_takes_the_same_queries_however_long(federation: Federation) -> None:
    with federation.inside(federation.welding):
        wang = staff("王伟", Role.OWNER)
        batch = upload_list(many(3), file_name="x.xlsx", by_user=wang, at=clock.now())
        confirm_import(batch, reason="x", invites=False, language="en", by_user=wang, at=clock.now())

    def make(rows: int) -> None:
        while Member.objects.count() < rows:
            take_some(batch, at=clock.now(), most=1)

    assert _queries(federation, f"{LISTS}{batch.pk}/", make) == (7, 7)
