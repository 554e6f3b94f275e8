"""Addresses of the console that headquarters alone has: the federation's books, desk, orders and border."""

from django.urls import URLPattern, URLResolver, include, path

from huilian.portals.views.console.headquarters import (
    applications,
    border,
    case,
    cases,
    cases_together,
    federation,
    fees,
    institutions,
    past,
    past_members,
    payment,
    payments,
    resolutions,
    roll,
    scheme_publishing,
    societies,
    society_orders,
)

_federation: list[URLPattern | URLResolver] = [
    path("federation/", federation.overview, name="console_federation"),
    path("federation/applications/", applications.applications, name="console_federation_applications"),
    path("federation/past/", past.past, name="console_past"),
    path("federation/past/figures.csv", past.export, {"kind": "csv"}, name="console_past_csv"),
    path("federation/past/figures.xlsx", past.export, {"kind": "xlsx"}, name="console_past_xlsx"),
    path("federation/past/members/", past_members.members, name="console_past_members"),
    path(
        "federation/past/members/export.csv", past_members.export, {"kind": "csv"}, name="console_past_members_export"
    ),
    path(
        "federation/past/members/export.xlsx",
        past_members.export,
        {"kind": "xlsx"},
        name="console_past_members_export_xlsx",
    ),
    # The approvals desk.
    path("cases/", cases.cases, name="console_cases"),
    path("cases/next/", cases.go_to_next, name="console_case_next"),
    path("cases/together/", cases_together.together, name="console_cases_together"),
    path("cases/<uuid:pk>/", case.case, name="console_case"),
    path("cases/<uuid:pk>/claim/", case.claim, name="console_case_claim"),
    path("cases/<uuid:pk>/release/", case.release, name="console_case_release"),
    path("cases/<uuid:pk>/approve/", case.approve, name="console_case_approve"),
    path("cases/<uuid:pk>/refuse/", case.refuse, name="console_case_refuse"),
    path("cases/<uuid:pk>/papers/<uuid:paper_id>/", case.paper, name="console_case_paper"),
    # The finance office.
    path("payments/", payments.payments, name="console_payments"),
    path("payments/<uuid:pk>/", payment.payment, name="console_payment"),
    path("payments/<uuid:pk>/voucher/", payment.voucher, name="console_voucher"),
    path("payments/<uuid:pk>/confirm/", payment.confirm, name="console_payment_confirm"),
    path("payments/<uuid:pk>/reject/", payment.reject, name="console_payment_reject"),
    # The books.
    path("roll/", roll.roll, name="console_roll"),
    path("roll/export.csv", roll.export, {"kind": "csv"}, name="console_roll_export"),
    path("roll/export.xlsx", roll.export, {"kind": "xlsx"}, name="console_roll_export_xlsx"),
    path("institutions/", institutions.institutions, name="console_institutions"),
    path("institutions/<int:pk>/", institutions.institution, name="console_institution"),
    path("fees/", fees.fees, name="console_fees"),
    # Orders that a worker with the provisioner's role carries out.
    path("societies/", societies.societies, name="console_societies"),
    path("societies/open/", society_orders.open_society, name="console_society_open"),
    path("societies/<str:number>/<str:verb>/", society_orders.order_about, name="console_society_order"),
    path("orders/<uuid:pk>/", society_orders.order, name="console_order"),
    # The scheme.
    path("schemes/dues/", scheme_publishing.change_dues, name="console_dues_change"),
    path("schemes/upload/", scheme_publishing.upload, name="console_scheme_upload"),
    path("schemes/publish/", scheme_publishing.publish, name="console_scheme_publish"),
    # The border.
    path("border/", border.border, name="console_border"),
    path("border/reconcile/", border.reconcile_books, name="console_reconcile"),
    path("border/comparisons/<int:pk>/", border.comparison, name="console_comparison"),
    path("border/comparisons/<int:pk>/repair/", border.repair_books, name="console_repair"),
    path("border/parked/<int:pk>/", border.parked, name="console_parked"),
    path("border/parked/<int:pk>/replay/", border.replay, name="console_replay"),
    # The council.
    path("resolutions/", resolutions.resolutions, name="console_resolutions"),
    path("resolutions/new/", resolutions.new_resolution, name="console_resolution_new"),
    path("resolutions/<int:pk>/", resolutions.resolution, name="console_resolution"),
    path("resolutions/<int:pk>/honour/", resolutions.honour, name="console_honorary"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("console/", include(_federation))]
