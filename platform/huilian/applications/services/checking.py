"""A form as it was sent, checked in every respect at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import Contact, email_contact, phone_contact, read_contact
from huilian.accounts.hashing import contact_hash
from huilian.applications.answers import EMAIL_FIELDS, PHONE_FIELDS, Answers, check_answers
from huilian.applications.models import Application
from huilian.applications.papers import NamedUpload, check_paper, codes_of, missing_papers
from huilian.applications.refusals import Problems
from huilian.applications.rules import missing_consents
from huilian.applications.services.walking import Walk
from kit.errors import Refusal
from kit.uploads import CleanUpload
from tenants import registry
from tenants.kinds import BRANCH
from tenants.models import Society


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Everything an application is made of, fit to be stored."""

    checked: Answers
    papers: Mapping[str, tuple[str, CleanUpload]]  # code → (the applicant's name for the file, the file)
    consents: Collection[str]
    contact: Contact  # the one that was confirmed
    confirmed_at: datetime
    phone_hash: str
    email_hash: str
    id_number_hash: str


def check_form(
    walk: Walk,
    given: Mapping[str, object],
    *,
    papers: Mapping[str, NamedUpload],
    consents: Collection[str],
    confirmed_contact: str,
) -> Form:
    """The form as it is to be stored; raises Problems with everything that must be corrected."""
    problems: list[Refusal] = []
    checked = None
    try:
        checked = check_answers(walk.scheme, walk.category, given, branches=open_branches(), on=walk.on)
    except Problems as found:
        problems += found.problems
    files: dict[str, tuple[str, CleanUpload]] = {}
    for code, file in papers.items():
        try:
            files[code] = (str(file.name or ""), check_paper(walk.category, code, file))
        except Refusal as problem:
            problems.append(problem)
    required = {asked.code for asked in walk.category.papers if asked.required} - papers.keys()
    present = {*papers, *codes_of(walk.application)} if required else set(papers)
    problems += missing_papers(walk.category, present)
    problems += missing_consents(consents)
    contact = None
    if checked is not None:
        try:
            contact = _confirmed(walk.application, checked, confirmed_contact)
        except Refusal as problem:
            problems.append(problem)
    if problems or checked is None or contact is None:
        raise Problems(problems)
    fresh = bool(confirmed_contact) or walk.application.contact_confirmed_at is None
    return Form(
        checked=checked,
        papers=files,
        consents=consents,
        contact=contact,
        confirmed_at=walk.at if fresh else walk.application.contact_confirmed_at or walk.at,
        phone_hash=contact_hash("phone", checked.phone),
        email_hash=contact_hash("email", checked.email),
        id_number_hash=contact_hash("id_number", checked.id_number),
    )


def open_branches() -> list[str]:
    """The numbers of the branches that one may be interested in."""
    return [
        society.number
        for society in registry.street_map().by_number.values()
        if society.kind == BRANCH and society.state != Society.State.OPENING
    ]


def _confirmed(application: Application, checked: Answers, just_now: str) -> Contact:
    """The phone or e-mail of the form that is proven to be the applicant's."""
    contacts: list[Contact] = []
    if checked.phone:
        contacts.append(phone_contact(checked.phone))
    if checked.email:
        contacts.append(email_contact(checked.email))
    proven = {application.confirmed_hash, read_contact(just_now).hash if just_now else ""}
    user = application.user
    for contact in contacts:
        if contact.hash in proven or (user is not None and contact.value in (user.phone, user.email)):
            return contact
    kind = application.kind
    fields = (*PHONE_FIELDS[kind], *EMAIL_FIELDS[kind])
    raise Refusal(
        "contact_unconfirmed",
        _("Please confirm this by the code that we send to it."),
        field=next((code for code in fields if code in checked.answers), fields[0]),
    )
