"""The small rows that a scheme is made of: bilingual texts, dues, steps, papers, benefits."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

Calendar = Literal["CN", "HK"]
ChannelKind = Literal["branch", "province", "member", "institution", "headquarters"]
MemberKind = Literal["person", "institution"]
StepKind = Literal["endorse", "review", "pay", "confirm", "activate"]
Actor = Literal["society", "headquarters", "applicant", "system"]
Role = Literal["registrar", "officer", "finance"]
Breach = Literal["escalate", "remind", "none", "expire"]
FileKind = Literal["pdf", "jpeg", "png"]
BY_RESOLUTION: Literal["by_resolution"] = "by_resolution"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Pick by language code: zh, zh-hans, zh-CN… are Chinese, everything else is English."""
        return self.zh if code.lower().split("-")[0].split("_")[0] == "zh" else self.en


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A door by which an applicant may come in."""

    kind: ChannelKind
    name: Text
    hint: Text


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an applicant must fulfil; a group holds when at least `at_least` of `among` do."""

    code: str
    text: Text
    at_least: int = 0
    among: tuple["Condition", ...] = ()


class DuesRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stop of an application: who acts, by when in working days, and what happens if nobody does."""

    kind: StepKind
    actor: Actor
    role: Role | None = None
    clock_days: int | None = None
    clock_min_days: int | None = None
    on_breach: Breach = "none"
    persons: int = 1
    skip_at_headquarters: bool = False
    together: bool = False


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that an applicant uploads."""

    code: str
    name: Text
    required: bool = False
    max_mb: int = 5
    accepts: tuple[FileKind, ...] = ("pdf", "jpeg", "png")
    hint: Text | None = None


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which proof a member gets; the paper days count working days from activation."""

    name: Text
    electronic: bool = True
    paper: bool = False
    photos: int = 0
    photo_hint: Text | None = None
    paper_min_days: int | None = None
    paper_max_days: int | None = None


class Renewal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a renewal asks for: papers again or only `statement`, and how long its review may take."""

    statement: Text
    needs_papers: bool = False
    review_days: int | None = None
    continuous_first: bool = False


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a class enjoys a benefit, and on what condition."""

    included: bool
    condition: Text | None = None


class Benefit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something membership offers, granted class by class."""

    code: str
    name: Text
    grants: Mapping[str, Grant]


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where headquarters is reached; an empty value is one that the federation does not publish."""

    zone: str
    email: str
    phone: str = ""
    website: str = ""
    wechat: str = ""
    recipient: Text | None = None
    address: Text | None = None
    hours: Text | None = None


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences of the federation's own that its pages and letters show."""

    about: Text
    truthfulness: Text
    confidentiality: Text | None = None
    fees: Text | None = None
    receipts: Text | None = None
    recommending: Text | None = None
    enquiries: Text | None = None


class RemittanceAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bank account that dues are transferred to."""

    payee: Text
    bank: Text
    account_number: str
    note: Text


class ReferralRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a recommendation counts, and to whom the application then belongs."""

    in_standing: bool = True
    rank: Literal["not_lower", "any"] = "not_lower"
    belongs_to: Literal["recommender", "headquarters"] = "recommender"
