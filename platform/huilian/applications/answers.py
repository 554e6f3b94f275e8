"""An application form's answers, checked against what the category asks; all problems are found at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from huilian.applications import answer_kinds
from huilian.applications.refusals import Problems
from huilian.schemes.document import Category, Scheme
from huilian.schemes.fields import Field, choices_for, fields_of
from kit.errors import Refusal
from kit.identity import birth_date_of

# Who answers for an institution is the one to write to.
PHONE_FIELDS = {"person": ("mobile",), "institution": ("representative_phone", "mobile")}
EMAIL_FIELDS = {"person": ("email",), "institution": ("representative_email", "email")}
NAME_FIELDS = {"person": "name", "institution": "organisation_name"}
SEALED_FIELD = "id_number"
_MOST_STRANGERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers in the form in which they are stored; `answers` holds no identity number."""

    answers: dict[str, object]
    interests: list[str] = field(default_factory=list)
    name: str = ""
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number: str = ""


def check_answers(
    scheme: Scheme, category: Category, given: Mapping[str, object], *, branches: Collection[str], on: date
) -> Answers:
    """The answers as they are to be stored; raises Problems with every field that must be corrected.

    `branches` are the numbers that may be named as interests, `on` is the day of the application.
    """
    problems: list[Refusal] = []
    kept: dict[str, object] = {}
    for asked, required in fields_of(category):
        try:
            answer = _read(asked, given.get(asked.code), scheme, category, branches=branches, on=on, kept=kept)
            if answer is None and required:
                raise Refusal("answer_missing", _("Please answer this."), field=asked.code)
            _check_enough(asked, answer, category, required=required)
        except Refusal as problem:
            problem.field = asked.code
            problems.append(problem)
            continue
        if answer is not None:
            kept[asked.code] = answer
    problems += _strangers(category, given)
    problems += _differences(kept)
    problems += _missing_contact(category, kept, {problem.field for problem in problems})
    if problems:
        raise Problems(problems)
    return _answers(category, kept)


def check_draft(category: Category, given: Mapping[str, object]) -> Answers:
    """Unfinished answers as typed: only what could not be stored at all is refused."""
    problems: list[Refusal] = []
    kept: dict[str, object] = {}
    for asked, _required in fields_of(category):
        try:
            answer = answer_kinds.read_unfinished(asked, given.get(asked.code))
        except Refusal as problem:
            problem.field = asked.code
            problems.append(problem)
            continue
        if answer is not None:
            kept[asked.code] = answer
    if problems:
        raise Problems(problems)
    return _answers(category, kept)


def _read(
    asked: Field,
    given: object,
    scheme: Scheme,
    category: Category,
    *,
    branches: Collection[str],
    on: date,
    kept: Mapping[str, object],
) -> object | None:
    """One answer as it is stored, or None for no answer."""
    if answer_kinds.is_blank(given):
        return None
    match asked.kind:
        case "choice":
            return answer_kinds.read_choice(given, choices_for(asked, category))
        case "choices":
            return answer_kinds.read_choices(given, choices_for(asked, category))
        case "date":
            return answer_kinds.read_date(asked, given, on=on)
        case "identity":
            return answer_kinds.read_identity(given, str(kept.get("id_type", "")), on=on)
        case "societies":
            return answer_kinds.read_interests(given, branches=branches, most=scheme.interests_max)
        case _:
            return answer_kinds.read_text(asked, given)


def _check_enough(asked: Field, answer: object, category: Category, *, required: bool) -> None:
    group = category.condition("merits") if asked.code == "merits" else None
    if group is None or not required or not isinstance(answer, list) or len(answer) >= group.at_least:
        return
    raise Refusal(
        "merits_too_few",
        _("Tick at least %(least)s of these conditions; the category requires it."),
        least=group.at_least,
    )


def _strangers(category: Category, given: Mapping[str, object]) -> list[Refusal]:
    asked = {field.code for field, _required in fields_of(category)}
    strangers = [code for code in given if code not in asked and not answer_kinds.is_blank(given[code])]
    return [
        Refusal(
            "field_unknown",
            _("This category does not ask for this."),
            field=answer_kinds.shown(code),
        )
        for code in strangers[:_MOST_STRANGERS]
    ]


def _differences(kept: Mapping[str, object]) -> list[Refusal]:
    """A resident's number tells the birth date: two different ones cannot both be true."""
    number, born = kept.get(SEALED_FIELD), kept.get("birth_date")
    if not number or not born or kept.get("id_type") not in answer_kinds.TELL_BIRTH_DATE:
        return []
    if birth_date_of(str(number)).isoformat() == born:
        return []
    sentence = _("This date is not the birth date within the identity number. One of them has a typing error.")
    return [Refusal("birth_date_differs", sentence, field="birth_date")]


def _missing_contact(category: Category, kept: Mapping[str, object], marked: Collection[str | None]) -> list[Refusal]:
    possible = [*PHONE_FIELDS[category.kind], *EMAIL_FIELDS[category.kind]]
    asked = [field.code for field, _required in fields_of(category) if field.code in possible]
    if any(code in kept or code in marked for code in asked):
        return []
    sentence = _("Please give a mobile number or an e-mail address: without one nobody could tell you the result.")
    return [Refusal("contact_missing", sentence, field=code) for code in asked[:1] or possible[:1]]


def _answers(category: Category, kept: dict[str, object]) -> Answers:
    kind = category.kind
    interests = kept.pop("interests", [])
    id_type, id_number = str(kept.get("id_type", "")), str(kept.pop(SEALED_FIELD, ""))
    if category.is_institution and kept.get("uscc"):
        id_type, id_number = "uscc", str(kept["uscc"])
    return Answers(
        answers=kept,
        interests=list(interests) if isinstance(interests, list) else [],
        name=str(kept.get(NAME_FIELDS[kind], ""))[:100],
        phone=_first(kept, PHONE_FIELDS[kind]),
        email=_first(kept, EMAIL_FIELDS[kind]),
        id_type=id_type if id_number else "",
        id_number=id_number,
    )


def _first(kept: Mapping[str, object], codes: tuple[str, ...]) -> str:
    return next((str(kept[code]) for code in codes if code in kept), "")
