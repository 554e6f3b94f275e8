"""The societies of a federation: who they are, and what a wrong list is told."""

# ruff: noqa: E501  # a message stands on one line, as it is shown

import re

import pytest

from huilian.schemes.directory import SocietyRow, load_societies, read_societies
from huilian.schemes.document import Text
from huilian.schemes.loading import load_preset, preset_keys
from huilian.schemes.problems import SchemeProblems
from tenants.kinds import LAW


def test_cmes_has_headquarters_42_branches_and_29_provinces() -> None:
    rows = load_societies("cmes")
    numbers = {
        kind: [row.number for row in rows if row.kind == kind] for kind in ("headquarters", "branch", "province")
    }
    assert numbers == {
        "headquarters": ["100"],
        "branch": [str(number) for number in range(101, 143)],
        "province": [str(number) for number in range(201, 230)],
    }
    assert rows[0].kind == "headquarters"


def test_the_demo_federation_has_five_branches_and_three_provinces() -> None:
    demo = {row.slug: row for row in load_societies("cmes") if row.demo}
    assert list(demo) == [
        "hq",
        "welding",
        "foundry",
        "heat-treatment",
        "tribology",
        "robotics",
        "jiangsu",
        "zhejiang",
        "guangdong",
    ]
    assert demo["welding"] == SocietyRow(
        "101", "welding", "branch", Text("焊接分会", "Welding Branch"), "Asia/Shanghai", True
    )
    assert demo["zhejiang"].name == Text("浙江省机械工程学会", "Zhejiang Mechanical Engineering Society")


def test_a_federation_may_be_headquarters_alone() -> None:
    (only,) = load_societies("aiet")
    assert (only.kind, only.number, only.time_zone, only.demo) == (
        "headquarters",
        "100",
        "Asia/Hong_Kong",
        True,
    )


@pytest.mark.parametrize("key", preset_keys())
def test_rows_can_be_opened(key: str) -> None:
    rows = load_societies(key)
    assert len({row.number for row in rows}) == len({row.slug for row in rows}) == len(rows)
    assert len({row.name.zh for row in rows}) == len({row.name.en for row in rows}) == len(rows)
    for row in rows:
        assert int(row.number) in LAW[row.kind].numbers
        assert re.fullmatch(r"[a-z][a-z0-9-]{1,30}", row.slug)
    assert rows[0].name == load_preset(key).headquarters_name


ROW = "  - {number: 100, slug: hq, kind: headquarters, name: {zh: 总部, en: Headquarters}}\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("time_zone: Asia/Shanghai\nsocieties: []\n", ["societies: a federation has exactly one headquarters"]),
        ("societies:\n" + ROW, ["time_zone: missing: expected a time zone such as Asia/Shanghai"]),
        (
            "time_zone: Asia/Shanghai\nsocieties:\n" + ROW + ROW.replace("headquarters", "branch"),
            ["societies[1].number: 100 is that of societies[0] already", "societies[1].slug: hq is that of societies[0] already"],
        ),
        (
            "time_zone: Asia/Shanghai\nsocieties:\n" + ROW + "  - {number: 1, slug: -A, kind: club, name: x, zone: y}\n",
            [
                "societies[1].number: expected a number of three digits, got 1",
                'societies[1].slug: expected a host label: 2 to 31 of a-z, 0-9 and -, got "-A"',
                'societies[1].kind: expected one of headquarters, branch, province, got "club"',
                'societies[1].name: expected text in both languages, as {zh: …, en: …}, got "x"',
                'societies[1].zone: unknown key; did you mean "time_zone"?',
            ],
        ),
        ("[]", ["file: expected a list of societies: time_zone, societies"]),
    ],
)  # fmt: skip
def test_a_wrong_list_says_what_is_wrong(text: str, lines: list[str]) -> None:
    with pytest.raises(SchemeProblems) as refused:
        read_societies(text)
    assert refused.value.lines() == lines
