"""The societies a federation is made of, as the file beside its scheme lists them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from huilian.schemes.loading import PRESETS, require_preset
from huilian.schemes.parts import Text
from huilian.schemes.problems import Problem, SchemeProblems
from huilian.schemes.problems import gettext_noop as _
from huilian.schemes.reading.node import Node, is_time_zone
from huilian.schemes.reading.source import read_yaml, text_of

SocietyKind = Literal["headquarters", "branch", "province"]
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,29}[a-z0-9]")


class SocietyRow(msgspec.Struct, frozen=True):
    """A society to open; `slug` is its host label, `demo` says that the demo federation has it."""

    number: str
    slug: str
    kind: SocietyKind
    name: Text
    time_zone: str
    demo: bool = False


def load_societies(key: str) -> tuple[SocietyRow, ...]:
    """The societies of a preset, headquarters first; refuses an unknown key."""
    require_preset(key)
    return read_societies(PRESETS / f"{key}_societies.yaml")


def read_societies(source: Path | str) -> tuple[SocietyRow, ...]:
    """Read a list of societies from a file or from the text of one; raises SchemeProblems."""
    data = read_yaml(text_of(source))
    problems: list[Problem] = []
    if not isinstance(data, dict):
        raise SchemeProblems([Problem("file", _("expected a list of societies: time_zone, societies"))])
    root = Node("", data, problems)
    usual_zone = _zone(root["time_zone"])
    rows = [_row(node, usual_zone) for node in root["societies"].items(_("expected a list of societies"))]
    root.close(_("expected a list of societies"))
    problems.extend(_doubles(rows))
    if not problems and [row.kind for row in rows].count("headquarters") != 1:
        problems.append(Problem("societies", _("a federation has exactly one headquarters")))
    if problems:
        raise SchemeProblems(problems)
    return tuple(sorted(rows, key=lambda row: (row.kind != "headquarters", row.number)))


def _row(node: Node, usual_zone: str) -> SocietyRow:
    row = SocietyRow(
        number=_matching(node["number"], r"[1-9][0-9]{2}", _("expected a number of three digits")),
        slug=_matching(node["slug"], _SLUG.pattern, _("expected a host label: 2 to 31 of a-z, 0-9 and -")),
        kind=node["kind"].one_of(get_args(SocietyKind)),
        name=node["name"].text(),
        time_zone=_zone(node["time_zone"]) if node["time_zone"].given else usual_zone,
        demo=node["demo"].yes(otherwise=False),
    )
    node.close(_("expected a society: number, slug, kind, name"))
    return row


def _matching(node: Node, pattern: str, what: str) -> str:
    text = str(node.value)
    if node.given and re.fullmatch(pattern, text):
        return text
    node.expect(what)
    return ""


def _zone(node: Node) -> str:
    if is_time_zone(node.value):
        return str(node.value)
    node.expect(_("expected a time zone such as Asia/Shanghai"))
    return ""


def _doubles(rows: list[SocietyRow]) -> Iterator[Problem]:
    keys: dict[str, Callable[[SocietyRow], str]] = {
        "number": lambda row: row.number,
        "slug": lambda row: row.slug,
    }
    for key, of in keys.items():
        owners: dict[str, int] = {}
        for index, row in enumerate(rows):
            value = of(row)
            if value and value in owners:
                facts = {"value": value, "other": owners[value]}
                yield Problem(
                    f"societies[{index}].{key}", _("%(value)s is that of societies[%(other)s] already"), facts
                )
            owners.setdefault(value, index)
