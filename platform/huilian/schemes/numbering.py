"""Member numbers: a pattern in the scheme, because a national series can run out of digits."""

import re

import msgspec
from django.utils.translation import gettext_lazy as _

from huilian.schemes.problems import gettext_noop
from kit.errors import Refusal

_HOLE = re.compile(r"\{(?P<name>[a-z_]*)(?::(?P<width>[^}]*))?\}")
_LITERAL = re.compile(r"[A-Z0-9/-]*")
_NAMES = ("society", "serial", "grade")


class NumberPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a member number is put together, e.g. `{society:3}{serial:7}{grade}` gives 1010000042G."""

    template: str

    def problem(self) -> tuple[str, dict[str, str]] | None:
        """What is wrong with the template, as a sentence with the facts in it; nothing where it can be used."""
        names = [hole["name"] for hole in _HOLE.finditer(self.template)]
        for name in names:
            if name not in _NAMES:
                sentence = gettext_noop("unknown part {%(name)s}; the parts are {society:3}, {serial:7} and {grade}")
                return sentence, {"name": name}
            if names.count(name) > 1:
                return gettext_noop("{%(name)s} stands in the pattern twice"), {"name": name}
        for name in ("society", "serial"):
            if name not in names:
                sentence = gettext_noop("the part {%(name)s:…} is missing; without it two members could get one number")
                return sentence, {"name": name}
        for hole in _HOLE.finditer(self.template):
            if hole["name"] == "grade" and hole["width"] is not None:
                return gettext_noop("{grade} is one letter and takes no width"), {}
            if hole["name"] != "grade" and not re.fullmatch(r"[1-9]|1[0-2]", hole["width"] or ""):
                sentence = gettext_noop("{%(name)s} needs a width from 1 to 12, e.g. {%(name)s:7}")
                return sentence, {"name": hole["name"]}
        if not _LITERAL.fullmatch(_HOLE.sub("", self.template)):
            return gettext_noop("between the parts only capital letters, digits, - and / may stand"), {}
        return None

    def width(self, name: str) -> int:
        """Digits (or letters) which one part takes; 0 when the pattern has no such part."""
        for hole in _HOLE.finditer(self.template):
            if hole["name"] == name:
                return int(hole["width"] or 1)
        return 0

    def format(self, society_number: int | str, serial: int, grade: str) -> str:
        """Put a number together; refuses when the society or the serial has outgrown its digits."""
        society = str(society_number).zfill(self.width("society"))
        if not re.fullmatch(r"[0-9]+", society) or len(society) > self.width("society"):
            raise Refusal(
                "society_number_too_long",
                _("The society number %(society_number)s does not fit the number pattern %(template)s."),
                society_number=str(society_number),
                template=self.template,
            )
        if serial < 1 or len(str(serial)) > self.width("serial"):
            raise Refusal(
                "member_serial_exhausted",
                _(
                    "The member numbers of this society are used up: %(serial)s does not fit the pattern "
                    "%(template)s. Publish a scheme with a wider pattern."
                ),
                serial=serial,
                template=self.template,
            )
        if self.width("grade") and not re.fullmatch(r"[A-Z]", grade):
            raise Refusal(
                "grade_letter_invalid",
                _("The grade in a member number is one capital letter, not “%(grade)s”."),
                grade=grade,
            )
        parts = {"society": society, "serial": str(serial).zfill(self.width("serial")), "grade": grade}
        return _HOLE.sub(lambda hole: parts[hole["name"]], self.template)

    def parse(self, number: str) -> tuple[str, int, str] | None:
        """Read (society number, serial, grade letter) back; nothing when the number has another shape."""
        shapes = {
            "society": rf"(?P<society>[0-9]{{{self.width('society')}}})",
            "serial": rf"(?P<serial>[0-9]{{{self.width('serial')}}})",
            "grade": "(?P<grade>[A-Z])",
        }
        found = re.fullmatch(_HOLE.sub(lambda hole: shapes[hole["name"]], self.template), number)
        if found is None:
            return None
        parts = found.groupdict(default="")
        return parts["society"], int(parts["serial"]), parts.get("grade", "")
