"""Referral codes of this society, and how many people came by each."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.idempotency import idempotent
from api.v1.resource import Resource
from huilian.accounts.queries import local_day
from huilian.accounts.rules import codes_within_reach
from huilian.applications.promotion import mint_campaign_code, mint_code_of_member, revoke_code
from huilian.members.models import Member
from kit import clock
from referrals.models import ReferralCode
from referrals.qr import qr_png, qr_svg
from referrals.queries import FunnelDay, funnel_by_day, funnel_of, link_of, with_funnel

_WISH: dict[str, Any] = {
    "label": "Annual meeting 2026",
    "valid_from": "2026-03-01",
    "valid_to": "2026-06-01",
    "max_uses": 200,
}
_FUNNEL = {"scans": 120, "applications": 31, "members": 18}


class ReferralCodeQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(ReferralCode.Kind.values, required=False)
    member_id = serializers.UUIDField(required=False, help_text="The member whose own code it is.")
    live = serializers.BooleanField(required=False, help_text="Leave out what is withdrawn or over today.")


class QrQuery(serializers.Serializer[Any]):
    form = serializers.ChoiceField(["svg", "png"], required=False, help_text="`svg` unless told otherwise.")
    pixels = serializers.IntegerField(
        required=False, min_value=100, max_value=4000, help_text="Of a side of the `png`; 1000 unless told otherwise."
    )


class FunnelQuery(serializers.Serializer[Any]):
    from_on = serializers.DateField()
    to_on = serializers.DateField(help_text="The first day that does not count any more.")


@example(_WISH)
class ReferralCodeWish(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=80, help_text="The campaign.")  # type: ignore[assignment]
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(
        required=False, allow_null=True, help_text="The first day on which it holds no more."
    )
    max_uses = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=1_000_000,
        help_text="How many applications it is good for; null: any number.",
    )


@example({"reason": "Printed with a wrong date."})
class Revocation(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


@example(
    {
        "id": "c1a2b3c4-d5e6-4f70-8a9b-0c1d2e3f4a5b",
        "code": "101-KQ27-M9TX-C",
        "link": "https://welding.example.org/r/101-KQ27-M9TX-C/",
        "kind": "society",
        **_WISH,
        "member_id": None,
        "created_at": "2026-02-20T01:00:00Z",
        "revoked_at": None,
        "revoke_reason": "",
        "funnel": _FUNNEL,
    }
)
class ReferralCodeDocument(serializers.Serializer[Any]):
    """A referral code, the link that its QR code holds, and how many looked, applied and became members."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    link = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    max_uses = serializers.IntegerField(allow_null=True)
    member_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoke_reason = serializers.CharField()
    funnel = serializers.DictField(child=serializers.IntegerField())

    def to_representation(self, code: ReferralCode) -> dict[str, Any]:
        shown = {name: getattr(code, name) for name in ("scans", "applications", "members") if hasattr(code, name)}
        if not shown:  # not from a list: asked for it alone
            found = funnel_of(code)
            shown = {"scans": found.scans, "applications": found.applications, "members": found.members}
        code.funnel, code.link = shown, link_of(code)  # type: ignore[attr-defined]
        return dict(super().to_representation(code))


@example({"day": "2026-03-02", **_FUNNEL})
class FunnelDayDocument(serializers.Serializer[Any]):
    day = serializers.DateField()
    scans = serializers.IntegerField(source="funnel.scans")
    applications = serializers.IntegerField(source="funnel.applications")
    members = serializers.IntegerField(source="funnel.members")


class ReferralCodes(Resource):
    scopes: ClassVar = {"GET": "codes:read", "POST": "codes:write"}

    @operation(
        "list_referral_codes",
        "Referral codes, the newest first",
        answer=ReferralCodeDocument(many=True),
        query=ReferralCodeQuery,
        description="Those that the token's user may see.",
        tag="Referral codes",
    )
    def get(self, request: Request) -> Response:
        return self.page(self._found(**self.read_query(ReferralCodeQuery)), ReferralCodeDocument)

    @operation(
        "mint_referral_code",
        "Mint a code for a campaign",
        body=ReferralCodeWish,
        answer=ReferralCodeDocument,
        status=201,
        description="It names the society, carries a check character, and cannot be guessed from another.",
        tag="Referral codes",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        code = mint_campaign_code(**self.read_body(ReferralCodeWish), by_user=self.user, at=clock.now())
        address = reverse("api_referral_code", args=[code.pk])
        return Response(ReferralCodeDocument(code).data, status=201, headers={"Location": address})

    def _found(self, *, kind: str, member_id: UUID | None, live: bool) -> QuerySet[ReferralCode]:
        found = codes_within_reach(self.user)
        if kind:
            found = found.filter(kind=kind)
        if member_id:
            found = found.filter(member_id=member_id)
        if live:
            found = found.filter(_live_on(local_day(clock.now())))
        return with_funnel(found).order_by("-created_at", "code")


class ReferralCodeView(Resource):
    scopes: ClassVar = {"GET": "codes:read"}

    @operation(
        "read_referral_code",
        "A referral code with its funnel",
        answer=ReferralCodeDocument,
        tag="Referral codes",
    )
    def get(self, request: Request, code_id: UUID) -> Response:
        return Response(ReferralCodeDocument(get_object_or_404(codes_within_reach(self.user), pk=code_id)).data)


class ReferralCodeRevocation(Resource):
    scopes: ClassVar = {"POST": "codes:write"}

    @operation(
        "revoke_referral_code",
        "Withdraw a code for good",
        body=Revocation,
        answer=ReferralCodeDocument,
        description="What came by it stays attributed.",
        tag="Referral codes",
    )
    @idempotent
    def post(self, request: Request, code_id: UUID) -> Response:
        code = get_object_or_404(codes_within_reach(self.user, "code.revoke"), pk=code_id)
        wish = self.read_body(Revocation)
        return Response(ReferralCodeDocument(revoke_code(code, **wish, by_user=self.user, at=clock.now())).data)


class ReferralCodeQr(Resource):
    scopes: ClassVar = {"GET": "codes:read"}

    @operation(
        "draw_referral_code",
        "The QR code of a referral code",
        answer=OpenApiTypes.BINARY,
        media_types=("image/svg+xml", "image/png"),
        query=QrQuery,
        description="It holds the link of the code.",
        tag="Referral codes",
    )
    def get(self, request: Request, code_id: UUID) -> HttpResponse:
        asked = self.read_query(QrQuery, paged=False)
        code = get_object_or_404(codes_within_reach(self.user), pk=code_id)
        if asked["form"] == "png":
            content, content_type = qr_png(link_of(code), pixels=asked["pixels"] or 1000), "image/png"
        else:
            content, content_type = qr_svg(link_of(code), title=code.code).encode(), "image/svg+xml"
        response = HttpResponse(content, content_type=content_type)
        response["Content-Disposition"] = f'inline; filename="{code.code}.{asked["form"] or "svg"}"'
        return response


class MemberReferralCode(Resource):
    scopes: ClassVar = {"POST": "codes:write"}

    @operation(
        "mint_member_referral_code",
        "A member's own code",
        answer=ReferralCodeDocument,
        description="The one that the member has, or a new one where there is none.",
        tag="Referral codes",
    )
    @idempotent
    def post(self, request: Request, member_id: UUID) -> Response:
        member = get_object_or_404(Member, pk=member_id)
        code = mint_code_of_member(member, by_user=self.user, at=clock.now())
        return Response(ReferralCodeDocument(code).data)


class ReferralCodeFunnel(Resource):
    scopes: ClassVar = {"GET": "codes:read"}

    @operation(
        "list_referral_code_days",
        "The funnel of a code, day by day",
        answer=FunnelDayDocument(many=True),
        query=FunnelQuery,
        description="Only days on which something happened.",
        tag="Referral codes",
    )
    def get(self, request: Request, code_id: UUID) -> Response:
        period: dict[str, date] = self.read_query(FunnelQuery)
        code = get_object_or_404(codes_within_reach(self.user), pk=code_id)
        days: list[FunnelDay] = funnel_by_day(code, **period)
        return self.page(days, FunnelDayDocument)


def _live_on(day: date) -> Q:
    return Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=day))
