"""What every way of paying can be asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from huilian.billing.models import Bill
from kit.money import Money

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the payer must know, e.g. the account number, to be shown and copied."""

    name: str
    label: "str | Promise"
    value: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """How to pay one bill: how much, under which reference, and the particulars in the reader's language."""

    provider: str
    amount: Money
    reference: str
    lines: tuple[Line, ...]
    note: str = ""


class Provider(Protocol):
    """A way in which money arrives. What arrived is decided by `services`, never here."""

    @property
    def code(self) -> str:
        """What is stored with each attempt to pay."""
        ...

    @property
    def name(self) -> "str | Promise":
        """What the payer chooses."""
        ...

    @property
    def needs_voucher(self) -> bool:
        """Whether the payer proves the payment, and a person at the finance office confirms it."""
        ...

    def is_offered(self) -> bool:
        """Whether the current society can be paid in this way."""
        ...

    def invite(self, bill: Bill, *, language: str) -> Invitation:
        """Tell how to pay this bill; refuses where it is not offered."""
        ...
