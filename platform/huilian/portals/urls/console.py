"""Addresses of the society console: the same at headquarters and in every society."""

from django.urls import URLPattern, URLResolver, include, path

from huilian.portals.views.console import (
    application,
    applications,
    code,
    code_grants,
    codes,
    dashboard,
    delivery,
    invitations,
    journal,
    letters,
    member,
    member_export,
    members,
    roles,
    schemes,
    tokens,
    wording,
)
from huilian.portals.views.portrait import portrait_of

_console: list[URLPattern | URLResolver] = [
    path("", dashboard.front, name="console"),
    path("society/", dashboard.society, name="console_society"),
    # 会员查询 → 生成推荐码: search a member, generate the referral code.
    path("members/", members.members, name="console_members"),
    path("members/export.csv", member_export.export, {"kind": "csv"}, name="console_members_export"),
    path("members/export.xlsx", member_export.export, {"kind": "xlsx"}, name="console_members_export_xlsx"),
    path("members/export/", member_export.export_contacts, name="console_members_export_contacts"),
    path("members/<uuid:pk>/", member.member, name="console_member"),
    path("members/<uuid:pk>/portrait.jpg", portrait_of, name="console_member_portrait"),
    path("members/<uuid:pk>/reveal/", member.reveal, name="console_member_reveal"),
    path("members/<uuid:pk>/code/", member.generate_code, name="console_member_code"),
    path("codes/", codes.codes, name="console_codes"),
    path("codes/new/", codes.new_code, name="console_code_new"),
    path("codes/<uuid:pk>/", code.code, name="console_code"),
    path("codes/<uuid:pk>/poster/", code.poster, name="console_code_poster"),
    path("codes/<uuid:pk>/qr.<str:kind>", code.code_file, name="console_code_file"),
    path("codes/<uuid:pk>/revoke/", code.revoke, name="console_code_revoke"),
    path("codes/<uuid:pk>/entrust/", code_grants.entrust, name="console_code_entrust"),
    path("codes/<uuid:pk>/take-back/<int:user_id>/", code_grants.take_back, name="console_code_take_back"),
    path("endorsements/", applications.endorsements, name="console_endorsements"),
    path("applications/", applications.applications, name="console_applications"),
    path("applications/<uuid:pk>/", application.application, name="console_application"),
    path("applications/<uuid:pk>/endorse/", application.endorse, name="console_application_endorse"),
    path("applications/<uuid:pk>/refuse/", application.refuse, name="console_application_refuse"),
    path("letters/", delivery.deliveries, name="console_letters"),
    path("letters/<uuid:pk>/again/", delivery.again, name="console_letter_again"),
    path("letters/wording/", wording.wordings, name="console_wordings"),
    path("letters/wording/<str:event>/<str:language>/", wording.wording, name="console_wording"),
    path("letters/wording/<str:event>/<str:language>/letter.html", wording.wording_html, name="console_wording_html"),
    path("letters/wording/<str:event>/<str:language>/edit/", wording.reword, name="console_wording_edit"),
    path("letters/wording/<str:event>/<str:language>/reset/", wording.reset, name="console_wording_reset"),
    path("journal/", journal.journal, name="console_journal"),
    path("journal/check/", journal.check_chain, name="console_journal_check"),
    path("staff/", roles.roles, name="console_roles"),
    path("staff/grant/", roles.grant, name="console_role_grant"),
    path("staff/<int:pk>/end/", roles.end, name="console_role_end"),
    path("staff/invite/", invitations.new_invitation, name="console_invite"),
    path(
        "staff/invitations/<int:pk>/withdraw/",
        invitations.withdraw_invitation,
        name="console_invitation_withdraw",
    ),
    path("tokens/", tokens.tokens, name="console_tokens"),
    path("tokens/new/", tokens.new_token, name="console_token_new"),
    path("tokens/<int:pk>/end/", tokens.end_token, name="console_token_end"),
    path("schemes/", schemes.schemes, name="console_schemes"),
    path("schemes/<int:version>/", schemes.scheme, name="console_scheme"),
    path("schemes/<int:version>/scheme.yaml", schemes.scheme_file, name="console_scheme_file"),
    path("schemes/<int:version>/changes/", schemes.scheme_changes, name="console_scheme_changes"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", include(_console)),
    # Letters that this installation keeps instead of sending.
    path("outbox/", letters.outbox, name="outbox"),
]
