"""One class of members: its conditions, its form, its term and its certificate."""

import re
from collections.abc import Iterator

from huilian.schemes.document import BY_RESOLUTION, Category, Condition, Scheme
from huilian.schemes.fields import CATALOGUE
from huilian.schemes.problems import Problem
from huilian.schemes.problems import gettext_noop as _

# Without these a member could not be named.
NEEDED_FIELDS = {"person": ("name",), "institution": ("organisation_name", "representative_name")}


def category_problems(scheme: Scheme, category: Category, place: str) -> Iterator[Problem]:
    """Everything wrong with one class by itself, but for its route and its dues."""
    if not re.fullmatch(r"[A-HJ-NP-Z]", category.grade_letter):
        yield Problem(
            f"{place}.grade_letter",
            _("expected one capital letter other than I and O, which read like digits"),
            got=f'"{category.grade_letter}"',
        )
    if not category.self_application and category.granted_by is None:
        yield Problem(f"{place}.granted_by", _("nobody can apply, so say whose resolution grants it"), missing=True)
    if category.self_application and category.granted_by is not None:
        yield Problem(
            f"{place}.granted_by", _("what is granted by resolution is not applied for: self_application: no")
        )
    if category.term == BY_RESOLUTION and category.self_application:
        yield Problem(f"{place}.term", _("only a category granted by resolution can have its term set there"))
    if category.term != BY_RESOLUTION and category.renewal is None:
        yield Problem(f"{place}.renewal", _("a term of years ends, so say how it is renewed"), missing=True)
    seen: set[str] = set()
    yield from _condition_problems(category.conditions, f"{place}.conditions", seen)
    yield from _field_problems(scheme, category, place)
    yield from _choice_problems(category, f"{place}.allowed_choices")
    for paper in category.papers:
        if not paper.accepts:
            here = f"{place}.papers.{paper.code}.accepts"
            yield Problem(here, _("at least one type of file must be accepted"))
    yield from _certificate_problems(category, f"{place}.certificate")


def _condition_problems(conditions: tuple[Condition, ...], place: str, seen: set[str]) -> Iterator[Problem]:
    for condition in conditions:
        here = f"{place}.{condition.code}"
        if condition.code in seen:
            yield Problem(here, _("this code stands among the conditions of this category twice"))
        seen.add(condition.code)
        if condition.among and not 1 <= condition.at_least <= len(condition.among):
            facts = {"count": len(condition.among)}
            yield Problem(f"{here}.at_least", _("say how many of the %(count)s must hold"), facts)
        if condition.at_least and not condition.among:
            yield Problem(f"{here}.among", _("at_least needs the conditions to count"), missing=True)
        yield from _condition_problems(condition.among, f"{here}.among", seen)


def _field_problems(scheme: Scheme, category: Category, place: str) -> Iterator[Problem]:
    for key, codes in (
        ("required_fields", category.required_fields),
        ("optional_fields", category.optional_fields),
    ):
        for index, code in enumerate(codes):
            here = f"{place}.{key}[{index}]"
            field = CATALOGUE.get(code)
            if field is None:
                yield Problem(here, _('there is no form field "%(code)s"'), {"code": code})
                continue
            if field.audience not in (category.kind, "both"):
                yield Problem(here, _('"%(code)s" is not asked of this kind of member'), {"code": code})
            if field.restricted and key == "required_fields":
                yield Problem(here, _('"%(code)s" is sensitive and may only be asked as optional'), {"code": code})
            if key == "optional_fields" and code in category.required_fields:
                yield Problem(here, _('"%(code)s" is required already'), {"code": code})
            if code == "interests" and scheme.interests_max == 0:
                yield Problem(
                    "interests_max",
                    _("say how many branches of interest one may name; %(category)s asks for them"),
                    {"category": category.code},
                )
            if code == "merits" and not _merits(category):
                yield Problem(
                    here,
                    _('merits are asked for, but there is no group of conditions with the code "merits"'),
                )
    for code in NEEDED_FIELDS[category.kind]:
        if code not in category.required_fields:
            yield Problem(f"{place}.required_fields", _('"%(code)s" must be among them'), {"code": code})


def _merits(category: Category) -> set[str]:
    group = category.condition("merits")
    return {merit.code for merit in group.among} if group else set()


def _choice_problems(category: Category, place: str) -> Iterator[Problem]:
    asked = {*category.required_fields, *category.optional_fields}
    for code, allowed in category.allowed_choices.items():
        field = CATALOGUE.get(code)
        if field is None or code not in asked:
            yield Problem(f"{place}.{code}", _("this field is not asked for"))
            continue
        known = _merits(category) if code == "merits" else {choice.code for choice in field.choices}
        for index, choice in enumerate(allowed):
            if choice not in known:
                facts = {"code": choice, "known": ", ".join(sorted(known)) or "—"}
                yield Problem(f"{place}.{code}[{index}]", _('no such choice "%(code)s"; there are: %(known)s'), facts)
        if not allowed:
            yield Problem(f"{place}.{code}", _("at least one choice must be allowed"))


def _certificate_problems(category: Category, place: str) -> Iterator[Problem]:
    certificate = category.certificate
    if not certificate.paper and (certificate.photos or certificate.paper_max_days is not None):
        yield Problem(f"{place}.paper", _("photos and paper_days are for a printed certificate: paper: yes"))
    least, most = certificate.paper_min_days, certificate.paper_max_days
    if least is not None and most is not None and least > most:
        yield Problem(f"{place}.paper_days", _("the first number must not be larger than the second"))
    if certificate.photos and certificate.photo_hint is None:
        yield Problem(f"{place}.photo_hint", _("say where the photos are to be sent"), missing=True)
