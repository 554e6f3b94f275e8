"""Existing members from a list: checked row by row, nothing kept before it is confirmed, each row once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from federation.ledger.models import RollEntry
from huilian.accounts.hashing import contact_hash, open_sealed
from huilian.accounts.models import Role, User
from huilian.journal.models import Record
from huilian.members.importing.checking import check_row
from huilian.members.importing.columns import COLUMNS, double_head
from huilian.members.importing.template import template_bytes
from huilian.members.models import EntitlementYear, ImportRow, Member, MemberImport, Representative
from huilian.members.services.importing import (
    cells_of,
    confirm_import,
    discard_import,
    take_some,
    tidy_imports,
    upload_list,
)
from huilian.members.services.taking_over import make_member
from huilian.members.tasks import take_over
from huilian.notices.models import Notice
from huilian.schemes.document import BY_RESOLUTION
from huilian.schemes.loading import load_preset
from kit import clock
from kit.errors import Refusal
from kit.sheet_reading import read_sheet
from referrals.models import ReferralCode
from tests.applications.forms import staff
from tests.at_once import at_once
from tests.federation_fixture import Federation
from tests.members.cast import SCHEME, TODAY
from tests.members.lists import CHEN, HEAD, LI, many, sheet

GOOD = {
    "name": "李四",
    "category": "senior",
    "joined_on": "2015-06-30",
    "valid_until": "2026-12-31",
    "phone": "13800000004",
}


def _problems(**changes: str) -> set[tuple[str | None, str]]:
    found = check_row({**GOOD, **changes}, SCHEME, on=TODAY)
    return {(each.field, each.code) for each in found.problems}


# -- one row ----------------------------------------------------------------------------------------------------------


def test_a_row_in_order(in_welding: Any) -> None:
    found = check_row({**GOOD, "old_number": "G-77", "employer": "工厂"}, SCHEME, on=TODAY)
    assert found.problems == []
    assert (found.name, found.phone, found.joined_on) == ("李四", "+8613800000004", date(2015, 6, 30))
    assert found.year == (date(2026, 1, 1), date(2027, 1, 1))  # the last day is included
    assert found.notes == {"employer": "工厂", "old_number": "G-77"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, ("name", "cell_missing")),
        ({"name": "123"}, ("name", "name_without_letters")),
        ({"category": "gold"}, ("category", "category_unknown_here")),
        ({"joined_on": "someday"}, ("joined_on", "day_unreadable")),
        ({"joined_on": "2026-02-30"}, ("joined_on", "day_unreadable")),
        ({"joined_on": "1815-06-30"}, ("joined_on", "day_out_of_range")),
        ({"joined_on": "2026-06-02"}, ("joined_on", "joined_in_future")),
        ({"valid_until": ""}, ("valid_until", "cell_missing")),
        ({"valid_until": "9999-12-31"}, ("valid_until", "day_out_of_range")),
        ({"valid_until": "2014-01-01"}, ("valid_until", "ends_before_joining")),
        ({"valid_from": "2014-01-01"}, ("valid_from", "begins_outside")),
        ({"valid_from": "2027-01-01"}, ("valid_from", "begins_outside")),
        ({"phone": "12"}, ("phone", "phone_invalid")),
        ({"phone": ""}, ("phone", "identifier_missing")),
        ({"email": "li@"}, ("email", "email_invalid")),
        ({"id_number": "110105199003070130"}, ("id_number", "id_number_mistyped")),
        ({"id_number": "\ufffc"}, ("id_number", "number_rounded")),
        ({"id_type": "library card"}, ("id_type", "id_type_unknown")),
        ({"category": "institutional", "id_number": "91"}, ("id_number", "uscc_malformed")),
        ({"employer": "x" * 101}, ("employer", "text_too_long")),
        ({"old_number": "a\x07"}, ("old_number", "text_unreadable")),
    ],
)
def test_every_mistake_is_named_with_its_column(
    in_welding: Any, changes: dict[str, str], problem: tuple[str, str]
) -> None:
    assert _problems(**changes) == {problem}


def test_who_is_honoured_by_a_resolution_is_not_imported(in_welding: Any) -> None:
    scheme = load_preset("aiet")
    honorary = next(each for each in scheme.categories if each.term == BY_RESOLUTION)
    found = check_row({**GOOD, "category": honorary.name.zh}, scheme, on=TODAY)
    assert [(each.field, each.code) for each in found.problems] == [("category", "category_by_resolution")]


def test_all_mistakes_of_a_row_are_found_at_once(in_welding: Any) -> None:
    assert _problems(name="", category="gold", joined_on="x", phone="1") == {
        ("name", "cell_missing"),
        ("category", "category_unknown_here"),
        ("joined_on", "day_unreadable"),
        ("phone", "phone_invalid"),
    }


@pytest.mark.parametrize(
    "text", ["2015-6-30", "2015/06/30", "2015.6.30", "2015年6月30日", "20150630", " 2015 - 06 - 30 "]
)
def test_days_as_people_write_them(in_welding: Any, text: str) -> None:
    assert check_row({**GOOD, "joined_on": text}, SCHEME, on=TODAY).joined_on == date(2015, 6, 30)


@pytest.mark.parametrize(
    ("joined", "begins", "until", "year"),
    [
        ("2026-03-01", "", "2026-12-31", (date(2026, 3, 1), date(2027, 1, 1))),
        ("2015-01-01", "2024-01-01", "2028-12-31", (date(2024, 1, 1), date(2029, 1, 1))),
        ("2015-01-01", "", "2023-02-28", (date(2022, 3, 1), date(2023, 3, 1))),
        ("2015-01-01", "2015-01-01", "2015-01-01", (date(2015, 1, 1), date(2015, 1, 2))),
    ],
)
def test_the_present_period(in_welding: Any, joined: str, begins: str, until: str, year: Any) -> None:
    found = check_row({**GOOD, "joined_on": joined, "valid_from": begins, "valid_until": until}, SCHEME, on=TODAY)
    assert found.problems == []
    assert found.year == year


# -- the list ---------------------------------------------------------------------------------------------------------


def _upload(content: bytes, name: str = "list.xlsx") -> tuple[MemberImport, User]:
    wang = staff("王伟", Role.REGISTRAR)
    return upload_list(content, file_name=name, by_user=wang, at=clock.now()), wang


def _confirm(batch: MemberImport, by: User, *, invites: bool = False) -> None:
    confirm_import(batch, reason="Register of 2025", invites=invites, language="en", by_user=by, at=clock.now())


def _all(batch: MemberImport) -> int:
    rounds = 0
    while take_some(batch, at=clock.now()):
        rounds += 1
    return rounds


def test_nothing_is_kept_before_it_is_confirmed(in_welding: Any) -> None:
    batch, wang = _upload(sheet(LI, CHEN))
    assert not Member.objects.exists() and not User.objects.exclude(pk=wang.pk).exists() and not Notice.objects.exists()
    assert take_some(batch, at=clock.now()) == 0
    take_over(in_welding.schema_name)
    assert not Member.objects.exists()
    row = ImportRow.objects.get(batch=batch, line=2)
    assert "13800000004" not in row.sealed and "1101" not in row.sealed
    assert cells_of(row)["id_number"] == "11010519900307013X"
    noted = Record.objects.get(verb="members.list_uploaded")
    assert noted.facts == {"rows": 2, "refused": 0}


def test_confirmed_it_becomes_members(in_welding: Any) -> None:
    batch, wang = _upload(sheet(LI, CHEN))
    _confirm(batch, wang)
    _all(batch)
    li, chen = Member.objects.order_by("number")
    assert (li.number, li.category, li.state, li.channel) == ("1010000001G", "senior", "active", "import")
    assert (chen.number, chen.category, chen.state) == ("1010000002P", "ordinary", "lapsed")
    assert (li.joined_on, li.from_on, li.to_on) == (date(2015, 6, 30), date(2099, 1, 1), date(2100, 1, 1))
    assert li.phone_hash == contact_hash("phone", "+8613800000004")
    assert open_sealed(li.id_number_sealed) == "11010519900307013X"
    assert li.profile == {
        "name": "李四",
        "mobile": "+8613800000004",
        "email": "lisi@example.org",
        "id_type": "resident",
        "old_number": "G-77",
    }
    assert EntitlementYear.objects.filter(member=chen).values_list("from_on", "to_on").get() == (
        date(2020, 3, 1),
        date(2021, 3, 1),
    )
    assert ReferralCode.objects.filter(member_id__in=[li.pk, chen.pk]).count() == 2
    assert li.user is None and not Notice.objects.exists()
    assert set(ImportRow.objects.values_list("state", "sealed")) == {("done", "")}
    batch.refresh_from_db()
    assert batch.state == "done" and batch.finished_at is not None
    assert Record.objects.get(verb="members.imported").facts == {"rows": 2, "refused": 0}
    confirmed = Record.objects.get(verb="members.import_confirmed")
    assert confirmed.reason == "Register of 2025" and confirmed.actor == f"user:{wang.pk} 王伟"
    assert Record.objects.filter(verb="member.imported", actor=f"user:{wang.pk} 王伟").count() == 2
    assert "13800000004" not in str(list(Record.objects.values_list("facts", flat=True)))


def test_headquarters_hears_of_each(federation: Federation) -> None:
    with federation.inside(federation.welding):
        batch, wang = _upload(sheet(LI, CHEN))
        _confirm(batch, wang)
        take_over(federation.welding.schema_name)
    federation.settle()
    with federation.inside(federation.hq):
        assert list(RollEntry.objects.order_by("number").values_list("society", "number", "state", "channel")) == [
            ("101", "1010000001G", "active", "import"),
            ("101", "1010000002P", "lapsed", "import"),
        ]


def test_letters_and_accounts_only_if_chosen(in_welding: Any) -> None:
    batch, wang = _upload(
        sheet(LI, CHEN, ["赵敏", "ordinary", "2020-01-01", "2099-12-31", "", "", "11010519491231002X"])
    )
    _confirm(batch, wang, invites=True)
    _all(batch)
    li = Member.objects.get(name="李四")
    assert li.user is not None and li.user.email == "lisi@example.org" and not li.user.has_usable_password()
    letters = Notice.objects.order_by("-address")
    assert [(each.event, each.channel, each.address) for each in letters] == [
        ("membership.taken_over", "email", "lisi@example.org"),
        ("membership.taken_over", "email", "chen@example.org"),
    ]
    assert "http://welding.localhost:8000/sign-in/reset/" in letters[0].body and "1010000001G" in letters[0].body
    assert Member.objects.get(name="赵敏").user is None  # nobody can be written to


def test_an_account_that_proved_the_contact_is_taken_and_one_that_is_a_members_is_not(in_welding: Any) -> None:
    mine = User.objects.create_user(name="李四", email="lisi@example.org")
    batch, wang = _upload(sheet(LI))
    _confirm(batch, wang, invites=True)
    _all(batch)
    assert Member.objects.get().user == mine
    again, wang = _upload(sheet(["李五", "ordinary", "2020-01-01", "2099-12-31", "13800000005", "lisi@example.org"]))
    assert ImportRow.objects.get(batch=again).state == "refused"


def test_an_institution_with_its_representative(in_welding: Any) -> None:
    head = ["Name", "Category", "Member since", "Valid until", "E-mail", "ID number", "Representative"]
    row = ["杭州机床厂", "institutional", "2018-01-01", "2099-12-31", "a@example.org", "91110000600037341L", "王代表"]
    batch, wang = _upload(sheet(row, head=head))
    _confirm(batch, wang, invites=True)
    _all(batch)
    member = Member.objects.get()
    assert (member.kind, member.user, member.id_type) == ("institution", None, "uscc")
    assert member.profile["organisation_name"] == "杭州机床厂"
    acting = Representative.objects.get()
    assert acting.name == "王代表" and acting.user is not None and acting.user.name == "王代表"


def test_duplicates_within_the_file_and_with_the_society(in_welding: Any) -> None:
    batch, wang = _upload(sheet(LI))
    _confirm(batch, wang)
    _all(batch)
    second = ["李四", "senior", "2015-06-30", "2099-12-31", "", "LISI@example.org"]
    batch, _wang = _upload(sheet(second, CHEN, ["x y", "ordinary", "2020-01-01", "2030-01-01", "", "CHEN@example.org"]))
    states = {
        row.line: (row.state, [(each["column"], each["code"]) for each in row.problems]) for row in batch.rows.all()
    }
    assert states == {
        2: ("refused", [("email", "known_member")]),
        3: ("ready", []),
        4: ("refused", [("email", "repeated_in_file")]),
    }
    problem = batch.rows.get(line=2).problems[0]
    assert problem["en"] == "This is member 1010000001G already."
    assert problem["zh"] != problem["en"] and "1010000001G" in problem["zh"]


def test_who_joined_meanwhile_is_left_out_and_no_number_is_lost(in_welding: Any) -> None:
    first, wang = _upload(sheet(LI, CHEN))
    second, _wang = _upload(sheet(LI))
    _confirm(second, wang)
    _all(second)
    _confirm(first, wang)
    _all(first)
    assert list(Member.objects.order_by("number").values_list("number", "name")) == [
        ("1010000001G", "李四"),
        ("1010000002P", "陈静"),
    ]
    refused = first.rows.get(line=2)
    assert (refused.state, refused.member) == ("refused", None)
    assert {each["code"] for each in refused.problems} == {"known_member"}
    assert cells_of(refused)["name"] == "李四"  # to be looked at again


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"%PDF-1.7\x00", "sheet_unreadable"),
        (sheet(head=["Name"]), "column_missing"),
        (sheet(head=[*HEAD, "Shoe size"]), "column_unknown"),
        (sheet(head=[*HEAD, "手机号码"]), "column_twice"),
        (sheet(), "list_empty"),
    ],
)
def test_a_file_that_is_no_such_list(in_welding: Any, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        _upload(content)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert not MemberImport.objects.exists()


def test_the_template_is_a_list_without_rows_that_names_every_column(in_welding: Any) -> None:
    content = template_bytes(SCHEME)
    assert [cell.removesuffix(" *") for cell in read_sheet(content, most_rows=10)[0][1]] == [
        double_head(column) for column in COLUMNS
    ]
    with pytest.raises(Refusal) as refused:
        _upload(content)
    assert refused.value.code == "list_empty"


def test_only_registrar_and_owner(in_welding: Any) -> None:
    for role in (Role.VIEWER, Role.PROMOTER):
        with pytest.raises(Refusal) as refused:
            upload_list(sheet(LI), file_name="x.xlsx", by_user=staff("陈静", role), at=clock.now())
        assert refused.value.code == "forbidden"
    batch, _wang = _upload(sheet(LI))
    with pytest.raises(Refusal):
        confirm_import(
            batch, reason="x", invites=False, language="en", by_user=staff("陈", Role.VIEWER), at=clock.now()
        )
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_confirming_needs_a_reason_and_something_to_take_and_happens_once(in_welding: Any) -> None:
    batch, wang = _upload(sheet(LI))
    with pytest.raises(Refusal) as refused:
        confirm_import(batch, reason="  ", invites=False, language="en", by_user=wang, at=clock.now())
    assert refused.value.code == "reason_missing"
    _confirm(batch, wang)
    with pytest.raises(Refusal) as refused:
        _confirm(batch, wang)
    assert refused.value.code == "import_settled"
    with pytest.raises(Refusal) as refused:
        discard_import(batch, by_user=wang, at=clock.now())
    assert refused.value.code == "import_settled"
    hopeless, _wang = _upload(sheet([*LI[:1], "gold", *LI[2:]]))
    with pytest.raises(Refusal) as refused:
        _confirm(hopeless, wang)
    assert refused.value.code == "nothing_to_import"


def test_discarded_its_rows_are_gone(in_welding: Any) -> None:
    batch, wang = _upload(sheet(LI))
    discard_import(batch, by_user=wang, at=clock.now())
    assert not ImportRow.objects.exists()
    assert Record.objects.filter(verb="members.list_discarded").count() == 1


def test_what_nobody_confirms_goes_after_a_week_and_refused_rows_after_a_month(in_welding: Any) -> None:
    _forgotten, wang = _upload(sheet(LI))
    done, _wang = _upload(sheet(CHEN, [*LI[:1], "gold", *LI[2:]]))
    _confirm(done, wang)
    _all(done)
    assert tidy_imports(at=clock.now() + timedelta(days=6)) == 0
    assert tidy_imports(at=clock.now() + timedelta(days=8)) == 1
    assert ImportRow.objects.get(state="refused").sealed != ""
    tidy_imports(at=clock.now() + timedelta(days=31))
    assert ImportRow.objects.get(state="refused").sealed == ""


# -- the work ---------------------------------------------------------------------------------------------------------


def test_a_batch_that_dies_leaves_no_half_and_goes_on(federation: Federation, monkeypatch: Any) -> None:
    """As after kill -9: what was not committed never was; the next task takes the same rows again."""
    with federation.inside(federation.welding):
        batch, wang = _upload(many(7))
        _confirm(batch, wang)
        take_some(batch, at=clock.now(), most=3)
        calls: list[int] = []

        def dying(*args: Any, **options: Any) -> Any:
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return make_member(*args, **options)

        monkeypatch.setattr("huilian.members.services.importing.make_member", dying)
        with pytest.raises(KeyboardInterrupt):
            take_some(batch, at=clock.now(), most=4)
        assert Member.objects.count() == 3
        monkeypatch.undo()
        take_over(federation.welding.schema_name)
        numbers = list(Member.objects.order_by("number").values_list("number", "name"))
        assert numbers == [(f"101000000{each + 1}P", f"李{each}") for each in range(7)]
        batch.refresh_from_db()
        assert batch.state == "done"


def test_many_workers_take_each_row_once(federation: Federation) -> None:
    with federation.inside(federation.welding):
        batch, wang = _upload(many(40))
        _confirm(batch, wang)

    def work() -> int:
        taken = 0
        while some := take_some(batch, at=clock.now(), most=5):
            taken += some
        return taken

    taken = at_once(federation.welding, [work] * 4)
    with federation.inside(federation.welding):
        assert Member.objects.count() == 40
        assert sorted(Member.objects.values_list("number", flat=True)) == [
            f"1010000{each:03d}P" for each in range(1, 41)
        ]
        assert sum(taken) == 40
        take_over(federation.welding.schema_name)
        batch.refresh_from_db()
        assert batch.state == "done"
        assert Record.objects.filter(verb="members.imported").count() == 1
        assert transaction.get_autocommit()
