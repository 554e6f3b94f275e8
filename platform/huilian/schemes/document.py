"""A scheme in memory: frozen, typed, and the same in every society that has received it.

Nothing here reads a clock, a file or a database. Money is in minor units of `Scheme.currency`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from huilian.schemes.numbering import NumberPattern
from huilian.schemes.parts import (
    BY_RESOLUTION,
    Actor,
    Benefit,
    Breach,
    Calendar,
    Certificate,
    Channel,
    ChannelKind,
    Condition,
    DuesRow,
    FileKind,
    Grant,
    MemberKind,
    Office,
    Paper,
    ReferralRules,
    RemittanceAccount,
    Renewal,
    Role,
    Step,
    StepKind,
    Text,
    Wording,
)
from kit.errors import Refusal
from kit.shapes import learn

__all__ = [
    "BY_RESOLUTION",
    "Actor",
    "Benefit",
    "Breach",
    "Calendar",
    "Category",
    "Certificate",
    "Channel",
    "ChannelKind",
    "Condition",
    "DuesRow",
    "FileKind",
    "Grant",
    "MemberKind",
    "NumberPattern",
    "Office",
    "Paper",
    "ReferralRules",
    "RemittanceAccount",
    "Renewal",
    "Role",
    "Scheme",
    "Step",
    "StepKind",
    "Text",
    "Wording",
]


STUDIES = frozenset({"student_number", "student_year", "graduation_date"})  # fields of the form


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of members. A higher `rank` is a higher class; `grade_letter` ends the member number."""

    code: str
    kind: MemberKind
    name: Text
    summary: Text
    conditions: tuple[Condition, ...]
    rank: int
    grade_letter: str
    route: tuple[Step, ...]
    certificate: Certificate
    term: int | Literal["by_resolution"]
    self_application: bool = True
    granted_by: Text | None = None
    dues: tuple[DuesRow, ...] = ()
    max_years: int = 1
    required_fields: tuple[str, ...] = ()
    optional_fields: tuple[str, ...] = ()
    allowed_choices: Mapping[str, tuple[str, ...]] = {}
    papers: tuple[Paper, ...] = ()
    reapply_after_months: int = 0
    payment_days: int | None = None
    receipt: bool = False
    renewal: Renewal | None = None

    def condition(self, code: str) -> Condition | None:
        """Find a condition or group by its code, at any depth."""
        return next((found for found in _walk(self.conditions) if found.code == code), None)

    def step(self, kind: StepKind) -> Step | None:
        """The first step of this kind on the route."""
        return next((step for step in self.route if step.kind == kind), None)

    @property
    def is_institution(self) -> bool:
        """Whether members of this class are organisations."""
        return self.kind == "institution"

    @property
    def is_for_students(self) -> bool:
        """Whether the form asks how far somebody's studies are: nobody else is asked that."""
        return not STUDIES.isdisjoint((*self.required_fields, *self.optional_fields))


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a federation's membership rules, in force from `effective_on`."""

    key: str
    version: int
    name: Text
    effective_on: date
    currency: str
    member_number: NumberPattern
    headquarters_name: Text
    office: Office
    wording: Wording
    channels: tuple[Channel, ...]
    categories: tuple[Category, ...]
    benefits: tuple[Benefit, ...]
    calendar: Calendar
    reminder_days: tuple[int, ...]
    interests_max: int = 0
    enquiry_days: int | None = None
    receipt_name: Text | None = None
    remittance: RemittanceAccount | None = None
    referrals: ReferralRules = ReferralRules()

    def category(self, code: str) -> Category:
        """The class with this code; refuses an unknown one."""
        for category in self.categories:
            if category.code == code:
                return category
        raise Refusal(
            "category_unknown",
            _("There is no category of members called “%(category)s”."),
            field="category",
            category=code,
        )

    def by_rank(self) -> tuple[Category, ...]:
        """All classes, the lowest first."""
        return tuple(sorted(self.categories, key=lambda category: category.rank))

    def open_categories(self) -> tuple[Category, ...]:
        """The classes that one can apply for, the lowest first."""
        return tuple(category for category in self.by_rank() if category.self_application)

    def channel(self, kind: str) -> Channel | None:
        """The door of this kind, if this federation has it."""
        return next((channel for channel in self.channels if channel.kind == kind), None)

    def dues_on(self, category: Category | str, on: date) -> DuesRow | None:
        """The dues row in force on a day; nothing means that no dues are owed."""
        chosen = self.category(category) if isinstance(category, str) else category
        begun = [row for row in chosen.dues if row.effective_on <= on]
        return max(begun, key=lambda row: row.effective_on) if begun else None

    def may_recommend(self, recommender: str, candidate: str) -> bool:
        """Whether the rank rule lets a member of one class recommend for another.

        Ranks are compared between persons; an institution recommends, and is recommended, at any rank.
        """
        giver, taker = self.category(recommender), self.category(candidate)
        if self.referrals.rank == "any" or giver.is_institution or taker.is_institution:
            return True
        return giver.rank >= taker.rank

    def benefits_of(self, code: str) -> tuple[tuple[Benefit, Grant], ...]:
        """What a class enjoys, in the scheme's order."""
        granted = ((benefit, benefit.grants.get(code)) for benefit in self.benefits)
        return tuple((benefit, grant) for benefit, grant in granted if grant is not None and grant.included)

    def to_data(self) -> dict[str, Any]:
        """Plain JSON values, for a JSON column or a message."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    def to_json(self) -> str:
        """Canonical JSON: equal schemes give equal text, so its digest names the version."""
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Scheme":
        """Read `to_data()` back; refuses anything that is not such a document."""
        return _read(lambda: msgspec.convert(data, cls))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Scheme":
        """Read `to_json()` back; refuses anything that is not such a document."""
        return _read(lambda: msgspec.json.decode(text, type=cls))


learn(Scheme)


def _read(read: Callable[[], Scheme]) -> Scheme:
    try:
        return read()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence = _("This is not a membership scheme: %(problem)s")
        raise Refusal("scheme_unreadable", sentence, problem=str(error)) from error


def _walk(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    for condition in conditions:
        yield condition
        yield from _walk(condition.among)
