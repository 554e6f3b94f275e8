"""What a society does with each message, and from whom it takes it; the table itself comes from the roof."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from federation.contracts import Contract
from kit.errors import Refusal
from tenants.kinds import HEADQUARTERS_NUMBER, LAW
from tenants.models import Society

Received = tuple[Contract, str, datetime]  # the message, the sender's number, when it is handled


class Party(Enum):
    """Who may be at one end of a message."""

    HEADQUARTERS = "headquarters"
    PAYEE = "payee"  # a legal person: whoever may be owed money
    ANY = "any"

    def includes(self, society: Society) -> bool:
        if self is Party.HEADQUARTERS:
            return society.number == HEADQUARTERS_NUMBER
        return self is Party.ANY or LAW[society.kind].legal_person


@dataclass(frozen=True)
class Reaction:
    """A function `(message, sender, at)` by its dotted name, and the two ends the message may have.

    A function that does not ask for `sender` or `at` is not given them. Its attribute `many` takes several
    `Received` at once: consecutive messages of one type.
    """

    function: str
    sender: Party = Party.ANY
    receiver: Party = Party.ANY

    @cached_property
    def one(self) -> Callable[[Contract, str, datetime], Any]:
        function = import_string(self.function)
        asked = inspect.signature(function).parameters.keys() & {"sender", "at"}

        def call(message: Contract, sender: str, at: datetime) -> Any:
            facts = {"sender": sender, "at": at}
            return function(message, **{name: facts[name] for name in asked})

        return call

    @cached_property
    def many(self) -> Callable[[Sequence[Received]], Any] | None:
        bulk: Callable[[Sequence[Received]], Any] | None = getattr(import_string(self.function), "many", None)
        return bulk

    def check_ends(self, *, sender: Society, receiver: Society) -> None:
        """Refuse what this sender may not say, or this receiver not be told."""
        if not (self.sender.includes(sender) and self.receiver.includes(receiver)):
            raise Refusal("not_theirs_to_say", _("This message may not pass from this society to that one."))


_table: Mapping[str, Reaction] = {}


def bind(table: Mapping[str, Reaction]) -> None:
    """Take the one table of reactions; called once, when the program starts."""
    global _table
    _table = table


def reaction_to(name: str) -> Reaction:
    """The reaction to a type of message; Refusal `no_reaction` if there is none."""
    try:
        return _table[name]
    except KeyError:
        raise Refusal("no_reaction", _("Nobody here reacts to messages of this type.")) from None
