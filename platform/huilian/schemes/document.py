"""A scheme in memory: frozen, typed, and the same in every society that has received it.

Nothing here reads a clock, a file or a database. Money is in minor units of `Scheme.currency`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from huilian.schemes.numbering import NumberPattern
from kit.errors import Refusal

__all__ = [
    "Benefit",
    "Category",
    "Certificate",
    "Channel",
    "Condition",
    "DuesRow",
    "Grant",
    "NumberPattern",
    "Office",
    "Paper",
    "ReferralRules",
    "RemittanceAccount",
    "Renewal",
    "Scheme",
    "Step",
    "Text",
    "Wording",
]

Calendar = Literal["CN", "HK"]
ChannelKind = Literal["branch", "province", "member", "institution", "headquarters"]
MemberKind = Literal["person", "institution"]
StepKind = Literal["endorse", "review", "pay", "confirm", "activate"]
Actor = Literal["society", "headquarters", "applicant", "system"]
Role = Literal["registrar", "officer", "finance"]
Breach = Literal["escalate", "remind", "none", "expire"]
FileKind = Literal["pdf", "jpeg", "png"]
BY_RESOLUTION: Literal["by_resolution"] = "by_resolution"


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Text(_Row):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Pick by language code: zh, zh-hans, zh-CN… are Chinese, everything else is English."""
        return self.zh if code.lower().split("-")[0].split("_")[0] == "zh" else self.en


class Channel(_Row):
    """A door by which an applicant may come in."""

    kind: ChannelKind
    name: Text
    hint: Text


class Condition(_Row):
    """What an applicant must fulfil; a group holds when at least `at_least` of `among` do."""

    code: str
    text: Text
    at_least: int = 0
    among: tuple["Condition", ...] = ()


class DuesRow(_Row):
    """An amount that holds from a date on, with the resolution that set it; period 0 means once for all."""

    effective_on: date
    amount_minor: int
    resolution: str
    meeting: str
    resolved_on: date | None = None
    period_years: int = 1

    def amount_for(self, years: int) -> int:
        """Minor units due for so many years; a started period counts whole, a one-off amount is due once."""
        if self.period_years == 0:
            return self.amount_minor
        return self.amount_minor * -(-years // self.period_years)


class Step(_Row):
    """One stop of an application: who acts, by when in working days, and what happens if nobody does."""

    kind: StepKind
    actor: Actor
    role: Role | None = None
    clock_days: int | None = None
    clock_min_days: int | None = None
    on_breach: Breach = "none"
    persons: int = 1
    skip_at_headquarters: bool = False


class Paper(_Row):
    """A file that an applicant uploads."""

    code: str
    name: Text
    required: bool = False
    max_mb: int = 5
    accepts: tuple[FileKind, ...] = ("pdf", "jpeg", "png")
    hint: Text | None = None


class Certificate(_Row):
    """Which proof a member gets; the paper days count working days from activation."""

    name: Text
    electronic: bool = True
    paper: bool = False
    photos: int = 0
    photo_hint: Text | None = None
    paper_min_days: int | None = None
    paper_max_days: int | None = None


class Renewal(_Row):
    """What a renewal asks for: papers again or only `statement`, and how long its review may take."""

    statement: Text
    needs_papers: bool = False
    review_days: int | None = None
    continuous_first: bool = False


class Category(_Row):
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


class Grant(_Row):
    """Whether a class enjoys a benefit, and on what condition."""

    included: bool
    condition: Text | None = None


class Benefit(_Row):
    """Something membership offers, granted class by class."""

    code: str
    name: Text
    grants: Mapping[str, Grant]


class Office(_Row):
    """Where headquarters is reached; an empty value is one that the federation does not publish."""

    zone: str
    email: str
    phone: str = ""
    website: str = ""
    wechat: str = ""
    recipient: Text | None = None
    address: Text | None = None
    hours: Text | None = None


class Wording(_Row):
    """Sentences of the federation's own that its pages and letters show."""

    about: Text
    truthfulness: Text
    confidentiality: Text | None = None
    fees: Text | None = None
    recommending: Text | None = None
    enquiries: Text | None = None


class RemittanceAccount(_Row):
    """The bank account that dues are transferred to."""

    payee: Text
    bank: Text
    account_number: str
    note: Text


class ReferralRules(_Row):
    """When a recommendation counts, and to whom the application then belongs."""

    in_standing: bool = True
    rank: Literal["not_lower", "any"] = "not_lower"
    belongs_to: Literal["recommender", "headquarters"] = "recommender"


class Scheme(_Row):
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
        data = msgspec.to_builtins(self)
        assert isinstance(data, dict)
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


def _read(read: Any) -> Scheme:
    try:
        scheme = read()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence = _("This is not a membership scheme: %(problem)s")
        raise Refusal("scheme_unreadable", sentence, problem=str(error)) from error
    assert isinstance(scheme, Scheme)
    return scheme


def _walk(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    for condition in conditions:
        yield condition
        yield from _walk(condition.among)
