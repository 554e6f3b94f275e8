"""Every value that cannot be read is reported at its place, with what was expected and what stands there."""

# ruff: noqa: E501  # a message stands on one line, as it is shown

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from huilian.schemes.loading import PRESETS, load_scheme
from huilian.schemes.problems import SchemeProblems
from kit.errors import Refusal
from tests.schemes.conftest import GONE

Report = Callable[[dict[str, Any]], list[str]]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("categories.senior.route[1].clock", "3 days", 'expected a whole number of working days, got "3 days"'),
        ("categories.senior.route[1].clock", True, "expected a whole number of working days, got yes"),
        ("categories.senior.route[1].clock", 0, "0 is not between 1 and 250"),
        ("categories.senior.route[1]", "review", 'expected a step: kind, actor …, got "review"'),
        ("categories.senior.route", {}, "expected a list of steps, got a mapping"),
        ("categories.senior.route[1].kind", "reveiw", 'expected one of endorse, review, pay, confirm, activate, got "reveiw"'),
        ("categories.senior.rank", GONE, "missing: expected a whole number"),
        ("categories.senior.name", "高级会员", 'expected text in both languages, as {zh: …, en: …}, got "高级会员"'),
        ("categories.senior.name.en", GONE, "missing: expected the text in English"),
        ("categories.senior.name.en", "  ", 'expected the text in English, got "  "'),
        ("categories.senior.name.zh", "高\x00级", "the text has characters that cannot be shown"),
        ("categories.senior.name.zh", "高" * 4001, "the text is longer than 4000 characters"),
        ("categories.senior.dues[0].amount", "1e3", 'expected an amount in CNY such as 50 or 50.00, got "1e3"'),
        ("categories.senior.dues[0].amount", -5, "expected an amount in CNY such as 50 or 50.00, got -5"),
        ("categories.senior.dues[0].amount", "0.005", "0.005 has more than 2 decimals"),
        ("categories.senior.dues[0].effective_on", "2026-02-30", "2026-02-30 is not a day of the calendar"),
        ("categories.senior.dues[0].effective_on", 2026, "expected a date such as 2026-01-31, got 2026"),
        ("categories.senior.dues[0].resolution", GONE, "missing: expected the reference of the resolution that set these dues"),
        ("categories.senior.dues[0].years", "ever", 'expected a whole number of years or once, got "ever"'),
        ("categories.senior.term", "for life", 'expected a whole number of years or by_resolution, got "for life"'),
        ("categories.senior.receipt", "ja", 'expected yes or no, got "ja"'),
        ("categories.senior.required_fields[0]", ["name"], "expected a code, got a list"),
        ("categories.senior.papers.photo.accepts[0]", "gif", 'expected one of pdf, jpeg, png, got "gif"'),
        ("categories.senior.certificate", None, "expected the certificate: name, electronic, paper …, got nothing"),
        ("categories.senior.certificate", GONE, "missing: expected the certificate: name, electronic, paper …"),
        ("categories.senior.conditions.merits.among.award", 5, "expected a condition as {zh: …, en: …}, got 5"),
        ("categories", [], "expected the categories of members, each by its code, got a list"),
        ("effective_on", "01/01/2026", 'expected a date such as 2026-01-31, got "01/01/2026"'),
        ("calendar", "UK", 'expected one of CN, HK, got "UK"'),
        ("member_number", "{society:3}{grade}", "the part {serial:…} is missing; without it two members could get one number"),
        ("key", "C M", "a code is small letters, digits and _, beginning with a letter"),
        ("benefits.receipt.grants.student", "maybe", 'expected yes, no or a condition as {zh: …, en: …}, got "maybe"'),
        ("reminder_days[0]", "a month", 'expected a whole number of days before the end of the term, got "a month"'),
        ("remittance.payee", GONE, "missing: expected text in both languages, as {zh: …, en: …}"),
        ("referrals.rank", "lower", 'expected one of not_lower, any, got "lower"'),
        ("office.zone", "Asia/Bejing", 'expected a time zone such as Asia/Shanghai, got "Asia/Bejing"'),
    ],
)  # fmt: skip
def test_the_message_names_the_place(problems_after: Report, place: str, value: object, message: str) -> None:
    assert problems_after({place: value}) == [f"{place}: {message}"]


def test_a_code_twice_in_a_list(problems_after: Report) -> None:
    assert problems_after({"categories.student.required_fields": ["name", "name"]}) == [
        'categories.student.required_fields[1]: "name" stands in this list twice'
    ]


def test_unknown_keys_are_errors_with_a_suggestion(problems_after: Report) -> None:
    assert problems_after({"categories.senior.route[1].clok": 3, "colour": "red", "office.fax": "1"}) == [
        "office.fax: unknown key; known here are: address, email, hours, phone, recipient, website, wechat, zone",
        'categories.senior.route[1].clok: unknown key; did you mean "clock"?',
        "colour: unknown key; known here are: benefits, calendar, categories, channels, currency, effective_on, "
        "enquiry_days, headquarters_name, interests_max, key, member_number, name, office, receipt_name, referrals, "
        "reminder_days, remittance, version, wording",
    ]


def test_all_problems_come_at_once_and_none_is_caused_by_another(problems_after: Report) -> None:
    assert problems_after(
        {
            "version": "one",
            "effective_on": "soon",
            "categories.ordinary.rank": 3,  # that of senior: told only when ordinary could be read
            "categories.ordinary.term": "year",
            "categories.student.receipt": True,  # a contradiction in a class that could be read
            "channels.headquarters": GONE,
        }
    ) == [
        'version: expected a whole number, got "one"',
        'effective_on: expected a date such as 2026-01-31, got "soon"',
        'categories.ordinary.term: expected a whole number of years or by_resolution, got "year"',
        "channels.headquarters: missing: the door for those whom nobody recommends",
        "categories.student.receipt: a receipt is for dues, and this category has none",
    ]


def test_the_refusal_lists_every_problem() -> None:
    with pytest.raises(SchemeProblems) as refused:
        load_scheme("key: cmes\nkey: aiet\nname: {zh: 甲, zh: 乙}\n")
    assert refused.value.code == "scheme_invalid"
    assert refused.value.lines() == [
        "key: this key stands here twice (again in line 2)",
        "name.zh: this key stands here twice (again in line 3)",
    ]
    with override("en"):
        assert str(refused.value) == "The scheme cannot be used yet:\n" + "\n".join(refused.value.lines())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "file: the file is empty"),
        ("# nothing\n", "file: the file is empty"),
        ("- a\n- b\n", "file: expected a scheme: key, version, name …"),
        ("key: [a\n", "file: this is not YAML from line 2, column 1 on: expected ',' or ']', but got '<stream end>'"),
        ("key: a\x00b\n", "file: this is not YAML: special characters are not allowed"),
        ("key: a\n---\nkey: b\n", "file: this is not YAML from line 2, column 1 on: but found another document"),
        ("a: &x {zh: 甲}\nb: *x\n", "b: a reference (*name) is not read here; write the value out"),
        ("a: &x [*x]\n", "a[0]: a reference (*name) is not read here; write the value out"),
        ("a: !!python/object:os.system {}\n", "a: a tag (!name) is not read here"),
        ("a: !secret b\n", "a: a tag (!name) is not read here"),
        ("? [a]\n: b\n", "file: a key must be one word"),
        ("[" * 5000, "file: lists and mappings are nested too deep"),
        ("#" * 500_001, "file: the file is longer than 500000 characters"),
    ],
)  # fmt: skip
def test_text_that_is_no_scheme(text: str, line: str) -> None:
    with pytest.raises(SchemeProblems) as refused:
        load_scheme(text)
    assert refused.value.lines() == [line]


def test_yaml_keeps_what_was_written() -> None:
    text = (PRESETS / "aiet.yaml").read_text(encoding="utf-8")
    plain = load_scheme(text.replace("  email: info@aiet.org.cn", "  email: info@aiet.org.cn\n  phone: 010"))
    assert plain.office.phone == "010"
    time = load_scheme(text.replace("  email: info@aiet.org.cn", "  email: info@aiet.org.cn\n  phone: 12:30:45"))
    assert time.office.phone == "12:30:45"
    number = load_scheme(text.replace("  email: info@aiet.org.cn", "  email: info@aiet.org.cn\n  phone: 85212345678"))
    assert number.office.phone == "85212345678"


def test_a_file_that_is_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        load_scheme(tmp_path / "none.yaml")
    assert (refused.value.code, refused.value.facts["reason"]) == (
        "file_unreadable",
        "No such file or directory",
    )
    odd = tmp_path / "odd.yaml"
    odd.write_bytes("名称".encode("gbk"))
    with pytest.raises(SchemeProblems) as problems:
        load_scheme(odd)
    assert problems.value.lines() == ["file: the file is not text in UTF-8"]


def test_schemes_are_read_without_django_settings() -> None:
    program = (
        "from huilian.schemes.directory import load_societies\n"
        "from huilian.schemes.loading import load_preset, load_scheme\n"
        "from huilian.schemes.problems import SchemeProblems\n"
        "print(load_preset('cmes').key, len(load_societies('cmes')))\n"
        "try:\n"
        "    load_scheme('- a')\n"
        "except SchemeProblems as refusal:\n"
        "    print(refusal)\n"
    )
    bare = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], env=bare, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == ("cmes 72\nThe scheme cannot be used yet:\nfile: expected a scheme: key, version, name …\n")
