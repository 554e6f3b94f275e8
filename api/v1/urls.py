"""Addresses of the API: those of every society, and those that headquarters has besides."""

from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from api.v1 import (
    applications,
    border,
    cases,
    contact_codes,
    documentation,
    fees,
    honorary_members,
    journal,
    members,
    papers,
    payments,
    reconciliations,
    referral_codes,
    resolutions,
    roll,
    schemes,
    societies,
    society_orders,
    summary,
    tickets,
)
from api.v1.converters import RowNumber, SocietyNumber, Word
from api.v1.nothing_here import NothingHere

register_converter(SocietyNumber, "society_number")
register_converter(RowNumber, "row_number")
register_converter(Word, "word")

Patterns = list[URLPattern | URLResolver]

_APPLICATION = "applications/<uuid:application_id>/"
_everywhere: Patterns = [
    path("schema/", documentation.SchemaView.as_view(), name="api_schema"),
    path("docs/", documentation.Documentation.as_view(), name="api_docs"),
    path("societies/", societies.Societies.as_view(), name="api_societies"),
    path("societies/<society_number:number>/", societies.SocietyView.as_view(), name="api_society"),
    path("schemes/current/", schemes.CurrentScheme.as_view(), name="api_current_scheme"),
    path(
        "schemes/current/forms/<word:category>/",
        schemes.ApplicationForm.as_view(),
        name="api_application_form",
    ),
    path("schemes/<row_number:version>/", schemes.SchemeView.as_view(), name="api_scheme"),
    path("tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path("contact-codes/", contact_codes.ContactCodes.as_view(), name="api_contact_codes"),
    path("applications/", applications.Applications.as_view(), name="api_applications"),
    path(_APPLICATION, applications.ApplicationView.as_view(), name="api_application"),
    path(f"{_APPLICATION}submit/", applications.ApplicationSubmission.as_view(), name="api_application_submit"),
    path(
        f"{_APPLICATION}endorse/",
        applications.ApplicationEndorsement.as_view(),
        name="api_application_endorse",
    ),
    path(f"{_APPLICATION}refuse/", applications.ApplicationRefusing.as_view(), name="api_application_refuse"),
    path(
        f"{_APPLICATION}withdraw/",
        applications.ApplicationWithdrawal.as_view(),
        name="api_application_withdraw",
    ),
    path(f"{_APPLICATION}papers/", papers.Papers.as_view(), name="api_papers"),
    path(f"{_APPLICATION}papers/<uuid:paper_id>/", papers.PaperFile.as_view(), name="api_paper"),
    path("journal/", journal.Journal.as_view(), name="api_journal"),
    path("members/", members.Members.as_view(), name="api_members"),
    path("members/<uuid:member_id>/", members.MemberView.as_view(), name="api_member"),
    path(
        "members/<uuid:member_id>/referral-code/",
        referral_codes.MemberReferralCode.as_view(),
        name="api_member_referral_code",
    ),
    path("referral-codes/", referral_codes.ReferralCodes.as_view(), name="api_referral_codes"),
    path("referral-codes/<uuid:code_id>/", referral_codes.ReferralCodeView.as_view(), name="api_referral_code"),
    path(
        "referral-codes/<uuid:code_id>/revoke/",
        referral_codes.ReferralCodeRevocation.as_view(),
        name="api_referral_code_revoke",
    ),
    path("referral-codes/<uuid:code_id>/qr/", referral_codes.ReferralCodeQr.as_view(), name="api_referral_code_qr"),
    path(
        "referral-codes/<uuid:code_id>/days/",
        referral_codes.ReferralCodeFunnel.as_view(),
        name="api_referral_code_days",
    ),
]
_nothing_else: Patterns = [re_path("", NothingHere.as_view(), name="api_nothing_here")]

urlpatterns: Patterns = [
    path("schemes/", schemes.Schemes.as_view(), name="api_schemes"),
    *_everywhere,
    *_nothing_else,
]

headquarters_urlpatterns: Patterns = [
    path("schemes/", schemes.HeadquartersSchemes.as_view(), name="api_schemes"),
    *_everywhere,
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/", cases.CaseView.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/claim/", cases.CaseClaim.as_view(), name="api_case_claim"),
    path("cases/<uuid:case_id>/release/", cases.CaseRelease.as_view(), name="api_case_release"),
    path("cases/<uuid:case_id>/decide/", cases.CaseDecision.as_view(), name="api_case_decide"),
    path("roll/", roll.Roll.as_view(), name="api_roll"),
    path("fees/", fees.Fees.as_view(), name="api_fees"),
    path("payments/", payments.Payments.as_view(), name="api_payments"),
    path("payments/<uuid:payment_id>/", payments.PaymentView.as_view(), name="api_payment"),
    path(
        "payments/<uuid:payment_id>/confirm/",
        payments.PaymentConfirmation.as_view(),
        name="api_payment_confirm",
    ),
    path("payments/<uuid:payment_id>/reject/", payments.PaymentRejection.as_view(), name="api_payment_reject"),
    path("summary/", summary.SummaryView.as_view(), name="api_summary"),
    path("border/", border.Border.as_view(), name="api_border"),
    path("parked-messages/", border.ParkedMessages.as_view(), name="api_parked_messages"),
    path(
        "parked-messages/<row_number:message_id>/replay/",
        border.ParkedMessageReplay.as_view(),
        name="api_parked_message_replay",
    ),
    path("reconciliations/", reconciliations.Reconciliations.as_view(), name="api_reconciliations"),
    path(
        "reconciliations/<row_number:reconciliation_id>/",
        reconciliations.ReconciliationView.as_view(),
        name="api_reconciliation",
    ),
    path(
        "reconciliations/<row_number:reconciliation_id>/repair/",
        reconciliations.ReconciliationRepair.as_view(),
        name="api_reconciliation_repair",
    ),
    path("society-orders/", society_orders.SocietyOrders.as_view(), name="api_society_orders"),
    path("society-orders/<uuid:order_id>/", society_orders.SocietyOrderView.as_view(), name="api_society_order"),
    path("resolutions/", resolutions.Resolutions.as_view(), name="api_resolutions"),
    path("honorary-members/", honorary_members.HonoraryMembers.as_view(), name="api_honorary_members"),
    *_nothing_else,
]
