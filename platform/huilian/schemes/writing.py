"""From a scheme back to its file: what headquarters downloads, edits and publishes as the next version."""

from typing import Any

import yaml

from huilian.schemes.document import Benefit, Category, Certificate, Condition, DuesRow, Scheme, Step, Text
from huilian.schemes.parts import Grant
from kit.money import MINOR_DIGITS, Money, plain_amount


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """References are not read back, so nothing is written as one."""
        return True


def write_scheme(scheme: Scheme) -> str:
    """The scheme as YAML; loading it gives an equal scheme. Comments of the original file are not kept."""
    written: str = yaml.dump(
        source_of(scheme), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000, indent=2
    )
    return written


def source_of(scheme: Scheme) -> dict[str, Any]:
    """The mappings and lists of a scheme's file; `build_scheme` makes an equal scheme of them."""
    data = _plain(scheme)
    data["member_number"] = scheme.member_number.template
    data["channels"] = {row.kind: {"name": _plain(row.name), "hint": _plain(row.hint)} for row in scheme.channels}
    data["categories"] = {row.code: _category(row, scheme.currency) for row in scheme.categories}
    data["benefits"] = {row.code: _benefit(row) for row in scheme.benefits}
    return data


def _plain(struct: Any) -> dict[str, Any]:
    """A struct whose keys are those of the file; what is not set is left out."""
    found: dict[str, Any] = {}
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if value is None or value == "":
            continue
        if isinstance(value, tuple):
            found[name] = list(value)
        else:
            found[name] = _plain(value) if hasattr(value, "__struct_fields__") else value
    return found


def _category(category: Category, currency: str) -> dict[str, Any]:
    data = _plain(category)
    del data["code"]
    data["conditions"] = _conditions(category.conditions)
    data["dues"] = [_dues(row, currency) for row in category.dues]
    data["route"] = [_step(step) for step in category.route]
    data["certificate"] = _certificate(category.certificate)
    data["papers"] = {paper.code: _without(_plain(paper), "code") for paper in category.papers}
    data["allowed_choices"] = {field: list(codes) for field, codes in category.allowed_choices.items()}
    return {key: value for key, value in data.items() if value not in ({}, [])} | {"route": data["route"]}


def _conditions(conditions: tuple[Condition, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for condition in conditions:
        row = _plain(condition.text)
        if condition.at_least:
            row["at_least"] = condition.at_least
        if condition.among:
            row["among"] = _conditions(condition.among)
        found[condition.code] = row
    return found


def _dues(row: DuesRow, currency: str) -> dict[str, Any]:
    data = _without(_plain(row), "amount_minor", "period_years")
    # A document from elsewhere may name a currency that no file could: reading it back reports that.
    known = currency in MINOR_DIGITS
    amount = plain_amount(Money(row.amount_minor, currency)) if known else str(row.amount_minor)
    return data | {"amount": amount, "years": row.period_years or "once"}


def _step(step: Step) -> dict[str, Any]:
    names = {"clock_days": "clock", "clock_min_days": "clock_min"}
    return {names.get(key, key): value for key, value in _plain(step).items()}


def _certificate(certificate: Certificate) -> dict[str, Any]:
    data = _without(_plain(certificate), "paper_min_days", "paper_max_days")
    if certificate.paper_max_days is not None:
        data["paper_days"] = [certificate.paper_min_days, certificate.paper_max_days]
    return data


def _benefit(benefit: Benefit) -> dict[str, Any]:
    return {
        "name": _plain(benefit.name),
        "grants": {code: _grant(grant) for code, grant in benefit.grants.items()},
    }


def _grant(grant: Grant) -> bool | dict[str, Any]:
    condition: Text | None = grant.condition if grant.included else None
    return grant.included if condition is None else _plain(condition)


def _without(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}
