"""The part of a scheme file that describes one class of members."""

from typing import Literal, get_args

from huilian.schemes import parts
from huilian.schemes.document import Category
from huilian.schemes.problems import gettext_noop as _
from huilian.schemes.reading.node import Node

_WORKING_DAYS = _("expected a whole number of working days")
_YEARS = _("expected a whole number of years")
_NUMBER = _("expected a whole number")


def read_category(code: str, node: Node, currency: str) -> Category:
    """Read one class; problems are collected in `node.problems`."""
    category = Category(
        code=code,
        kind=node["kind"].one_of(get_args(parts.MemberKind)),
        name=node["name"].text(),
        summary=node["summary"].text(),
        conditions=_conditions(node["conditions"]) if node["conditions"].given else (),
        rank=node["rank"].whole(_NUMBER, least=1, most=99),
        grade_letter=node["grade_letter"].line(_("expected one capital letter")),
        route=tuple(_step(row) for row in node["route"].items(_("expected a list of steps"))),
        certificate=_certificate(node["certificate"]),
        term=_term(node["term"]),
        self_application=node["self_application"].yes(otherwise=True),
        granted_by=node["granted_by"].text_or_none(),
        dues=_dues(node["dues"], currency) if node["dues"].given else (),
        max_years=node["max_years"].whole(_YEARS, least=1, most=50) if node["max_years"].given else 1,
        required_fields=node["required_fields"].codes(_("expected a list of form fields")),
        optional_fields=node["optional_fields"].codes(_("expected a list of form fields")),
        allowed_choices=_allowed_choices(node["allowed_choices"]) if node["allowed_choices"].given else {},
        papers=_papers(node["papers"]) if node["papers"].given else (),
        reapply_after_months=node["reapply_after_months"].whole_or_none(
            _("expected a whole number of months"), most=120
        )
        or 0,
        payment_days=node["payment_days"].whole_or_none(_("expected a whole number of days"), least=1, most=366),
        receipt=node["receipt"].yes(otherwise=False),
        renewal=_renewal(node["renewal"]) if node["renewal"].given else None,
    )
    node.close(_("expected a category of members"))
    return category


def _term(node: Node) -> int | Literal["by_resolution"]:
    if node.value == parts.BY_RESOLUTION:
        return parts.BY_RESOLUTION
    return node.whole(_("expected a whole number of years or by_resolution"), least=1, most=50)


def _conditions(node: Node) -> tuple[parts.Condition, ...]:
    read = []
    for code, row in node.entries(_("expected the conditions, each by its code")):
        text = row.words()
        among = _conditions(row["among"]) if row["among"].given else ()
        at_least = row["at_least"].whole_or_none(_NUMBER, least=1, most=99) or 0
        row.close(_("expected a condition as {zh: …, en: …}"))
        read.append(parts.Condition(code, text, at_least, among))
    return tuple(read)


def _step(node: Node) -> parts.Step:
    kind: parts.StepKind = node["kind"].one_of(get_args(parts.StepKind))
    step = parts.Step(
        kind=kind,
        actor=node["actor"].one_of(get_args(parts.Actor)),
        role=node["role"].one_of(get_args(parts.Role)) if node["role"].given else None,
        clock_days=node["clock"].whole_or_none(_WORKING_DAYS, least=1, most=250),
        clock_min_days=node["clock_min"].whole_or_none(_WORKING_DAYS, least=0, most=250),
        on_breach=_breach(node["on_breach"], kind),
        persons=node["persons"].whole(_("expected a whole number of persons"), least=1, most=9)
        if node["persons"].given
        else 1,
        skip_at_headquarters=node["skip_at_headquarters"].yes(otherwise=False),
        together=node["together"].yes(otherwise=False),
    )
    node.close(_("expected a step: kind, actor …"))
    return step


def _breach(node: Node, kind: parts.StepKind) -> parts.Breach:
    """An unpaid application lapses even where the scheme does not say so."""
    if node.given:
        breach: parts.Breach = node.one_of(get_args(parts.Breach))
        return breach
    return "expire" if kind == "pay" else "none"


def _dues(node: Node, currency: str) -> tuple[parts.DuesRow, ...]:
    rows = []
    for row in node.items(_("expected a list of dues rows")):
        rows.append(
            parts.DuesRow(
                effective_on=row["effective_on"].day(),
                amount_minor=row["amount"].amount(currency),
                resolution=row["resolution"].line(_("expected the reference of the resolution that set these dues")),
                meeting=row["meeting"].line(_("expected the meeting that passed the resolution")),
                resolved_on=row["resolved_on"].day() if row["resolved_on"].given else None,
                period_years=_period(row["years"]),
            )
        )
        row.close(_("expected a dues row: effective_on, amount, resolution, meeting"))
    return tuple(rows)


def _period(node: Node) -> int:
    if not node.given:
        return 1
    if node.value == "once":
        return 0
    return node.whole(_("expected a whole number of years or once"), least=1, most=50)


def _papers(node: Node) -> tuple[parts.Paper, ...]:
    read = []
    for code, row in node.entries(_("expected the papers, each by its code")):
        plain = parts.Paper(code, parts.Text("", ""))
        read.append(
            parts.Paper(
                code=code,
                name=row["name"].text(),
                required=row["required"].yes(otherwise=plain.required),
                max_mb=row["max_mb"].whole_or_none(_("expected a whole number of megabytes"), least=1, most=50)
                or plain.max_mb,
                accepts=_file_kinds(row["accepts"]) if row["accepts"].given else plain.accepts,
                hint=row["hint"].text_or_none(),
            )
        )
        row.close(_("expected a paper: name, required …"))
    return tuple(read)


def _file_kinds(node: Node) -> tuple[parts.FileKind, ...]:
    kinds = get_args(parts.FileKind)
    return tuple(item.one_of(kinds) for item in node.items(_("expected a list of file types")))


def _allowed_choices(node: Node) -> dict[str, tuple[str, ...]]:
    rows = node.entries(_("expected per form field the choices that are allowed"))
    return {field: row.codes(_("expected a list of choices")) for field, row in rows}


def _certificate(node: Node) -> parts.Certificate:
    days = (
        node["paper_days"].items(_("expected two numbers of working days, as [7, 14]"))
        if node["paper_days"].given
        else []
    )
    if days and len(days) != 2:
        node["paper_days"].expect(_("expected two numbers of working days, as [7, 14]"))
    bounds = [day.whole(_WORKING_DAYS, most=250) for day in days[:2]] if len(days) == 2 else [None, None]
    certificate = parts.Certificate(
        name=node["name"].text(),
        electronic=node["electronic"].yes(otherwise=True),
        paper=node["paper"].yes(otherwise=False),
        photos=node["photos"].whole_or_none(_("expected a whole number of photos"), most=10) or 0,
        photo_hint=node["photo_hint"].text_or_none(),
        paper_min_days=bounds[0],
        paper_max_days=bounds[1],
    )
    node.close(_("expected the certificate: name, electronic, paper …"))
    return certificate


def _renewal(node: Node) -> parts.Renewal:
    renewal = parts.Renewal(
        statement=node["statement"].text(),
        needs_papers=node["needs_papers"].yes(otherwise=False),
        review_days=node["review_days"].whole_or_none(_WORKING_DAYS, least=1, most=250),
        continuous_first=node["continuous_first"].yes(otherwise=False),
    )
    node.close(_("expected the renewal: statement, needs_papers …"))
    return renewal
