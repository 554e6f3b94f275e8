"""The application form, made from what the scheme asks of a category. What is right is the services' question.

The fields here never refuse: `huilian.applications` finds all problems at once, with the same words for pages and
programs, and `show_problems` puts each beside its field.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from huilian.accounts.contacts import Contact, read_contact
from huilian.applications.answers import EMAIL_FIELDS, PHONE_FIELDS
from huilian.applications.rules import ConsentAsked
from huilian.portals.forms.answering import AnswerField, PaperField, Tick, answer_field
from huilian.portals.forms.pristine import PristineField
from huilian.portals.forms.widgets import OneTimeCodeInput
from huilian.portals.shapes import Words
from huilian.schemes.document import Category, Scheme
from huilian.schemes.fields import fields_of
from kit.errors import Refusal

PAPER, CONSENT = "paper:", "consent:"

_PERSON = ("name", "name_en", "gender", "birth_date", "political_status", "id_type", "id_number")
_ORGANISATION = (
    "organisation_name", "organisation_name_en", "organisation_type", "uscc", "registration_number",
    "legal_representative", "staff_count", "organisation_profile", "field_of_work", "website",
)  # fmt: skip
_STUDY_AND_WORK = (
    "school", "degree", "major", "student_number", "student_year", "graduation_date", "title", "title_level",
    "employer", "position", "field_of_work", "work_history", "profile_url",
)  # fmt: skip
_REPRESENTATIVE = ("representative_name", "representative_position")
_POST = ("address", "postcode", "region")
_MERITS = ("merits", "merits_detail", "statement")
_WISHES = ("interests", "subscriptions")


class Section:
    """A heading, the fields that must be filled in, and those that may, which stay folded until they matter."""

    def __init__(self, code: str, title: Words, fields: Iterable[forms.BoundField]) -> None:
        self.code, self.title = code, title
        found = list(fields)
        self.fields = [field for field in found if field.field.required]
        self.extras = [field for field in found if not field.field.required]
        self.is_unfolded = any(field.errors or field.value() for field in self.extras)


class ApplicationForm(forms.Form):
    """Everything that one category asks, on one page."""

    bound_field_class = PristineField

    @property
    def pristine_key(self) -> str:
        here = ".".join(sorted(self.handed_in))
        return f"{self.scheme.key}-{self.scheme.version}-{self.category.code}-{here}"

    def __init__(
        self,
        scheme: Scheme,
        category: Category,
        *,
        consents: Iterable[ConsentAsked],
        handed_in: Iterable[str] = (),
        confirmed: bool = False,
        data: Any = None,
        files: MultiValueDict[str, Any] | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        """`answers` fills in a draft; `handed_in` are the codes of papers that are here already.

        `confirmed`: a phone or e-mail of the draft is proven, so that no code is needed unless it changes.
        """
        super().__init__(data, files, initial=dict(answers or {}))
        self.scheme, self.category = scheme, category
        here = self.handed_in = set(handed_in)
        for asked, required in fields_of(category):
            self.fields[asked.code] = answer_field(asked, required, category, most=scheme.interests_max)
        self.fields["code"] = AnswerField(
            label=_("Code"),
            required=not confirmed,
            widget=OneTimeCodeInput(attrs={"maxlength": 20}),
            help_text=_("The digits that you were sent."),
        )
        for paper in category.papers:
            self.fields[PAPER + paper.code] = PaperField(paper, handed_in=paper.code in here)
        for consent in consents:
            self.fields[CONSENT + consent.purpose] = Tick(label=str(consent.text))
        self.order_fields([*self.contacts, "code"])  # as they stand on the page, and so in the summary of errors

    def clean(self) -> dict[str, Any]:
        """Take everything as it was sent."""
        return self.cleaned_data

    @property
    def contacts(self) -> list[str]:
        """The fields by which the applicant can be reached: phones first."""
        kind = self.category.kind
        return [code for code in (*PHONE_FIELDS[kind], *EMAIL_FIELDS[kind]) if code in self.fields]

    @property
    def provable(self) -> list[str]:
        """Those to which a code can be sent: the phone and the e-mail that count as the applicant's own."""
        kind = self.category.kind
        firsts = (
            next((code for code in codes[kind] if code in self.fields), "") for codes in (PHONE_FIELDS, EMAIL_FIELDS)
        )
        return [code for code in firsts if code]

    def given(self) -> dict[str, Any]:
        """The answers as they were typed."""
        return {field.code: self.raw(field.code) for field, _required in fields_of(self.category)}

    def raw(self, name: str) -> Any:
        """One entry as it was typed, or as the draft has it."""
        return self[name].value()

    def names_contact(self, *known: str | None) -> bool:
        """Whether one of these phones and e-mails was typed as the applicant's."""
        return any(contact.value in known for contact in self._contacts())

    def papers(self) -> dict[str, Any]:
        """The files that came along, by the code of the paper."""
        sent = {paper.code: self.files.get(PAPER + paper.code) for paper in self.category.papers}
        return {code: file for code, file in sent.items() if file}

    def consented(self) -> list[str]:
        """The purposes that were agreed to."""
        return [name.removeprefix(CONSENT) for name in self.fields if name.startswith(CONSENT) and self.raw(name)]

    def sections(self) -> list[Section]:
        """The form in the order in which one fills it in; only what the category asks, and each field once."""
        about = (
            (("organisation", _("The organisation"), _ORGANISATION), ("person", _("Who acts for it"), _REPRESENTATIVE))
            if self.category.is_institution
            else (("person", _("About you"), _PERSON), ("work", _("Study and work"), _STUDY_AND_WORK))
        )
        parts = (
            *about,
            ("merits", _("Conditions that you fulfil"), _MERITS),
            ("post", _("By post"), _POST),
            ("wishes", _("What you would like to receive"), _WISHES),
        )
        left = [field.code for field, _required in fields_of(self.category) if field.code not in self.contacts]
        sections = []
        for code, title, names in parts:
            found = [name for name in names if name in left]
            left = [name for name in left if name not in found]
            sections.append(Section(code, title, [self[name] for name in found]))
        sections.append(Section("more", _("Further questions"), [self[name] for name in left]))
        return [section for section in sections if section.fields or section.extras]

    def contact_section(self) -> list[forms.BoundField]:
        """The contacts that must be given, and those that a code can prove."""
        return [self[code] for code in self.contacts if code in self.provable or self.fields[code].required]

    def other_contacts(self) -> Section:
        """Those that may be given besides."""
        shown = {field.name for field in self.contact_section()}
        return Section("contacts", _("How we reach you"), [self[code] for code in self.contacts if code not in shown])

    def provable_section(self) -> list[forms.BoundField]:
        return [self[code] for code in self.provable]

    def paper_section(self) -> list[forms.BoundField]:
        return [self[PAPER + paper.code] for paper in self.category.papers]

    def consent_section(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(CONSENT)]

    def _contacts(self) -> Iterator[Contact]:
        for name in self.provable:
            try:
                yield read_contact(str(self.raw(name) or ""))
            except Refusal:
                continue
