"""One kind of failure for everything a person can do wrong or a rule can forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Refusal(Exception):
    """Refuse a wish in one sentence that a person can act on.

    `code` is stable and meant for programs. `sentence` is translatable and may name facts as `%(fact)s`;
    it is put together only when shown, in the reader's language.
    `field` names the input to correct, `status` is the HTTP status to answer with.
    """

    code: str
    sentence: str | Promise
    field: str | None
    status: int
    facts: dict[str, object]

    def __init__(
        self,
        code: str,
        sentence: str | Promise,
        *,
        field: str | None = None,
        status: int = 422,
        **facts: object,
    ) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.status = status
        self.facts = facts

    def __str__(self) -> str:
        sentence = str(self.sentence)
        # A sentence without facts may hold a plain percent sign.
        return sentence % self.facts if self.facts else sentence
