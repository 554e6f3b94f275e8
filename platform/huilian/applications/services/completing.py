"""Completing what is known of a member after joining: the optional answers, and papers such as the portrait."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huilian.accounts.hashing import open_sealed
from huilian.accounts.queries import local_day
from huilian.applications.answers import EMAIL_FIELDS, NAME_FIELDS, PHONE_FIELDS, SEALED_FIELD, check_answers
from huilian.applications.models import Application
from huilian.applications.papers import NamedUpload, check_paper, keep_paper
from huilian.applications.refusals import Problems
from huilian.applications.services.checking import open_branches
from huilian.journal.services import record
from huilian.members.models import Member
from huilian.schemes.document import Category
from huilian.schemes.fields import Field, fields_of
from huilian.schemes.queries import current_scheme
from kit.errors import Refusal
from kit.uploads import CleanUpload

# Who one is was decided upon, and how one signs in is proven by a code: neither is changed in passing.
_FIXED = frozenset({*NAME_FIELDS.values(), "id_type", SEALED_FIELD, "birth_date", "uscc", "registration_number"})


def open_questions(category: Category) -> list[tuple[Field, bool]]:
    """The questions that a member may answer anew, each with whether it must have an answer."""
    kind = category.kind
    fixed = {*_FIXED, *PHONE_FIELDS[kind], *EMAIL_FIELDS[kind]}
    return [(field, required) for field, required in fields_of(category) if field.code not in fixed]


def complete_profile(
    member: Member, *, answers: Mapping[str, object], papers: Mapping[str, NamedUpload], by: str, at: datetime
) -> Member:
    """Take over new answers and papers; raises Problems with everything that must be corrected.

    The roll at headquarters holds nothing of this, so the member's version stays and nothing is reported.
    """
    scheme = current_scheme(local_day(at))
    category = scheme.category(member.category)
    open_codes = {field.code for field, _required in open_questions(category)}
    problems: list[Refusal] = []
    changes = {code: answer for code, answer in answers.items() if code in open_codes}
    given = {**known_answers(member), **changes}
    checked = None
    try:
        checked = check_answers(scheme, category, given, branches=open_branches(), on=local_day(at))
    except Problems as found:
        # What was in order when it was handed in stays so under later rules.
        problems += [problem for problem in found.problems if problem.field in open_codes]
        if not problems:
            raise Refusal(
                "profile_unchangeable",
                _("Your data cannot be changed here at present. Please write to us."),
                status=409,
            ) from found
    files: dict[str, tuple[str, CleanUpload]] = {}
    for code, file in papers.items():
        try:
            files[code] = (str(file.name or ""), check_paper(category, code, file))
        except Refusal as problem:
            problems.append(problem)
    if problems or checked is None:
        raise Problems(problems)
    before = dict(member.profile), list(member.interests)
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(profile=checked.answers, interests=checked.interests, updated_at=at)
        application = application_of(member) if files else None
        for code, (name, clean) in files.items():
            if application is not None:
                keep_paper(application, code, clean, file_name=name, at=at)
        changed = sorted(_changed(before[0], checked.answers))
        if before[1] != checked.interests:
            changed.append("interests")
        record("member.completed", member, by=by, at=at, fields=changed, papers=sorted(files))
    member.refresh_from_db()
    return member


def application_of(member: Member) -> Application | None:
    """The application that made someone a member; honorary members never applied."""
    if member.application_id is None:
        return None
    return Application.objects.filter(pk=member.application_id).first()


def known_answers(member: Member) -> dict[str, object]:
    """What is known of a member, in the words of the form."""
    answers: dict[str, object] = dict(member.profile)
    if member.interests:
        answers["interests"] = list(member.interests)
    if member.id_number_sealed and member.kind == Member.Kind.PERSON:
        answers[SEALED_FIELD] = open_sealed(member.id_number_sealed)
    return answers


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {code for code in {*before, *after} if before.get(code) != after.get(code)}
