"""Members of this society: found, and read."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import word
from api.v1.resource import Resource
from api.v1.revealing import identifiers, masked, may_reveal, note_reveal, revealed, shown_answers
from huilian.accounts.models import ApiToken
from huilian.members.models import EntitlementYear, Member, Representative
from huilian.members.queries import MemberFilters, search_members
from kit import clock
from referrals.queries import link_of, live_code_of

_ROW: dict[str, Any] = {
    "id": "5b4c8a10-54c2-4a6e-9f0e-2f8d0c5b7a11",
    "number": "1010000001P",
    "kind": "person",
    "category": "ordinary",
    "state": "active",
    "name": "李明",
    "phone": "+86138****0000",
    "email": "l***@example.org",
    "channel": "branch",
    "referral_code": "101-KQ27-M9TX-C",
    "application_id": "7d1c2b3a-0f0e-4d4c-8b8a-1a2b3c4d5e6f",
    "joined_on": "2026-02-03",
    "from_on": "2026-02-03",
    "to_on": "2031-02-03",
    "updated_at": "2026-02-03T02:15:07Z",
}
_YEAR: dict[str, Any] = {
    "category": "ordinary",
    "from_on": "2026-02-03",
    "to_on": "2027-02-03",
    "bill_id": "9f1b0a3c-6a55-4a0e-8a5a-0f4e1f2f9c10",
    "resolution": "",
}


class MemberQuery(serializers.Serializer[Any]):
    text = word(100, help_text="A number, a name or its sound (`lisi`, `ls`), a phone number or an e-mail address.")
    kind = serializers.ChoiceField(Member.Kind.values, required=False)
    category = word(help_text="Code of a category of the scheme.")
    state = serializers.ChoiceField(Member.State.values, required=False)
    channel = word(20)
    referral_code = word(30, help_text="The code by which they came.")
    standing_on = serializers.DateField(required=False, help_text="Only members in standing on this day.")


@example(_ROW)
class MemberRow(serializers.ModelSerializer[Member]):
    """A member; phone and e-mail are masked."""

    phone = serializers.CharField()
    email = serializers.CharField()

    class Meta:
        model = Member
        fields = tuple(_ROW)
        read_only_fields = fields

    def to_representation(self, instance: Member) -> dict[str, Any]:
        return {**super().to_representation(instance), **masked(instance)}


class YearRow(serializers.ModelSerializer[EntitlementYear]):
    """One year of membership, from the first day up to, but without, the last; and what paid for it."""

    class Meta:
        model = EntitlementYear
        fields = tuple(_YEAR)
        read_only_fields = fields


class RepresentativeRow(serializers.ModelSerializer[Representative]):
    class Meta:
        model = Representative
        fields = ("name", "position", "from_on", "to_on")
        read_only_fields = fields


class OwnCode(serializers.Serializer[Any]):
    """The member's own referral code."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    link = serializers.CharField()


@example(
    {
        **_ROW,
        "id_type": "resident",
        "id_number": "330*************12",
        "interests": ["101"],
        "profile": {"employer": "浙江大学"},
        "years": [_YEAR],
        "representatives": [],
        "own_code": {
            "id": "c1a2b3c4-d5e6-4f70-8a9b-0c1d2e3f4a5b",
            "code": "101-KQ27-M9TX-C",
            "link": "https://welding.example.org/r/101-KQ27-M9TX-C/",
        },
    }
)
class MemberDocument(MemberRow):
    """A member with the years of membership. Identifiers are masked without scope `members:reveal`."""

    id_type = serializers.CharField()
    id_number = serializers.CharField()
    interests = serializers.ListField(child=serializers.CharField())
    profile = serializers.DictField()
    years = YearRow(many=True)
    representatives = RepresentativeRow(many=True)
    own_code = OwnCode(allow_null=True)

    class Meta(MemberRow.Meta):
        fields = (
            *_ROW,
            "id_type",
            "id_number",
            "interests",
            "profile",
            "years",
            "representatives",
            "own_code",
        )
        read_only_fields = fields


class Members(Resource):
    scopes: ClassVar = {"GET": "members:read"}

    @operation(
        "list_members",
        "Members of this society, by the sound of their names",
        answer=MemberRow(many=True),
        query=MemberQuery,
        tag="Members",
    )
    def get(self, request: Request) -> Response:
        asked = self.read_query(MemberQuery)
        text = asked.pop("text")
        return self.page(search_members(text, MemberFilters(**asked)), MemberRow)


class MemberView(Resource):
    scopes: ClassVar = {"GET": "members:read"}

    @operation(
        "read_member",
        "A member with the years of membership",
        answer=MemberDocument,
        description="With scope `members:reveal` identifiers are shown in full, and the look is journalled.",
        tag="Members",
    )
    def get(self, request: Request, member_id: UUID) -> Response:
        member = get_object_or_404(Member, pk=member_id)
        reveal = may_reveal(request.auth)
        if reveal and isinstance(request.auth, ApiToken):
            note_reveal(member, request.auth, at=clock.now())
        return Response(document_of(member, reveal=reveal))


def document_of(member: Member, *, reveal: bool) -> dict[str, Any]:
    """The whole member, in three queries beside its own."""
    code = live_code_of(member.pk)
    return {
        **MemberRow(member).data,
        **(revealed(member) if reveal else identifiers(member)),
        "id_type": member.id_type,
        "interests": list(member.interests),
        "profile": shown_answers(member.profile, reveal=reveal),
        "years": YearRow(member.years.order_by("from_on", "pk"), many=True).data,
        "representatives": RepresentativeRow(member.representatives.order_by("from_on", "pk"), many=True).data,
        "own_code": OwnCode({"id": code.pk, "code": code.code, "link": link_of(code)}).data if code else None,
    }
