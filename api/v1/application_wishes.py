"""What comes in with an application: as JSON, or as a form with its papers."""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from api.v1.describing import example
from api.v1.fields import word
from api.v1.parsers import check_text
from api.v1.tickets import WayIn
from huilian.applications.rules import REASON_LENGTH

PART = "application"  # of a multipart body; its files are called `paper:<code>`
PAPER = "paper:"
_ANSWERS = {
    "name": "李明",
    "birth_date": "2004-05-06",
    "id_type": "passport",
    "id_number": "E12345678",
    "school": "浙江大学",
    "major": "机械工程",
    "student_year": "undergraduate_3",
    "email": "li@example.org",
}


class HandingIn(serializers.Serializer[Any]):
    answers = serializers.DictField(
        required=False, default=dict, help_text="By field code, as `read_application_form` lists them."
    )
    consents = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        default=list,
        max_length=20,
        help_text="Purposes that the applicant agrees to, each by itself.",
    )
    contact = word(254, help_text="The phone or e-mail of the answers that is proven to be the applicant's.")
    contact_code = word(
        20,
        help_text="The code that was sent there. With a token none is needed: its user vouches for the contact.",
    )
    password = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=200,
        write_only=True,
        trim_whitespace=False,
        help_text="For the account that the applicant gets; it can be set later.",
    )


@example(
    {
        "category": "student",
        "code": "101-KQ27-M9TX-C",
        "answers": _ANSWERS,
        "contact": "li@example.org",
        "contact_code": "123456",
    }
)
class ApplicationWish(WayIn, HandingIn):
    """The way in, or a ticket that settles it; and what the form asks for."""

    ticket = word(20_000, help_text="From `open_ticket`; category and channel are then settled.")
    category = word(40, help_text="Code of a category of the scheme; not with a ticket.")
    submit = serializers.BooleanField(
        required=False,
        default=True,
        help_text="`false` keeps a draft, for papers to be added; only with a token.",
    )

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        settled = [str(name) for name in WayIn().fields if wish.get(str(name))]
        if wish.get("ticket") and settled:
            said = _("The ticket settles this already.")
            raise serializers.ValidationError(dict.fromkeys(settled, said), code="settled")
        if not wish.get("ticket") and not wish.get("category"):
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({"category": required}, code="required")
        return wish


@example({"answers": _ANSWERS, "contact": "li@example.org"})
class SubmitWish(HandingIn):
    """What the draft does not hold yet; an answer given here takes the place of the draft's."""


class ApplicationForm(serializers.Serializer[Any]):
    """A form: part `application` is the JSON, and each paper is a file called `paper:<code>`."""

    application = serializers.CharField(help_text="The same JSON as without papers.")


class PaperUpload(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="Of a paper that the category asks for.")
    file = serializers.FileField(help_text="JPEG, PNG or PDF, as the scheme accepts; the content counts.")


@example({"reason": "Known to us for years.", "version": 3})
class Endorsement(serializers.Serializer[Any]):
    reason = word(REASON_LENGTH)
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="Of the application as it was read: an older one is refused.",
    )


@example({"reasons": "The title named is not a senior one.", "version": 3})
class ApplicationRefusal(serializers.Serializer[Any]):
    reasons = serializers.CharField(max_length=REASON_LENGTH, help_text="In writing; the applicant reads them.")
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class ApplicationQuery(serializers.Serializer[Any]):
    text = word(100, help_text="A reference, part of a name, a phone number or an e-mail address.")
    state = serializers.ChoiceField(["in_progress", "member", "refused", "withdrawn", "expired"], required=False)
    category = word(help_text="Code of a category of the scheme.")
    channel = word(20)
    step = serializers.ChoiceField(["endorse", "review", "pay", "confirm", "activate"], required=False)
    code = word(30, help_text="A referral code.")


def take_apart(data: Any) -> tuple[Any, dict[str, "UploadedFile[Any]"]]:
    """The JSON of a body and its papers by code, whether it came as JSON or as a form."""
    if not isinstance(data, QueryDict):
        return data, {}
    papers: dict[str, UploadedFile[Any]] = {}
    for name in data:
        file: Any = data[name]
        if name.startswith(PAPER) and isinstance(file, UploadedFile):
            papers[name.removeprefix(PAPER)] = file
    text = data.get(PART)
    if not isinstance(text, str) or set(data) != {PART, *(PAPER + code for code in papers)}:
        raise ParseError(_("Send the part “application” as JSON, and files called “paper:<code>”."))
    try:
        wish = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ParseError(_("The part “application” is not JSON.")) from None
    check_text(wish)
    return wish, papers


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
