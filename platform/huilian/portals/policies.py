"""Who may open which page: every name in the URL tables and its policy. A page that is not here fails the suite.

public          anyone, signed in or not
ticket          whoever brings a signed value made for this society: a ticket, an invitation's secret
applicant       who signed in, or who began the application in this browser; nobody else's objects
member          who signed in and is a member; nobody else's objects
staff:<verb>    who may do the verb of `accounts.rules` in this society
hq:<verb>       the same, at headquarters only
"""

PUBLIC_PAGES = {
    "home": "public",
    "join": "public",
    "typed_code": "public",
    "referral_code": "public",
    "sign_in": "public",
    "sign_in_sealed": "ticket",
    "sign_out": "public",
    "reset_password": "public",
    "set_language": "public",
    "components": "public",
    "apply": "ticket",
    "apply_code": "ticket",
    "apply_draft": "applicant",
    "apply_done": "applicant",
    "invitation": "ticket",
    "my": "applicant",
    "my_withdraw": "applicant",
    "my_profile": "member",
    "my_consent": "member",
    "my_password": "applicant",
    "my_contact": "applicant",
    "my_code": "member",
    "my_portrait": "member",
    "my_portrait_remove": "member",
    "my_portrait_file": "member",
    "pay": "applicant",
    "paper": "applicant",  # or staff:application.see
    "paper_by_ticket": "ticket",
    "cashier": "ticket",
}

CONSOLE_PAGES = {
    "console": "staff:console.see",
    "console_society": "staff:console.see",
    "console_members": "staff:member.search",
    "console_members_export": "staff:member.export",
    "console_members_export_xlsx": "staff:member.export",
    "console_members_export_contacts": "staff:member.reveal",  # and member.export
    "console_imports": "staff:member.import",
    "console_import_template": "staff:member.import",
    "console_import_new": "staff:member.import",
    "console_import": "staff:member.import",
    "console_import_confirm": "staff:member.import",
    "console_import_discard": "staff:member.import",
    "console_import_refused": "staff:member.import",
    "console_member": "staff:member.search",
    "console_member_portrait": "staff:member.search",
    "console_member_reveal": "staff:member.reveal",
    "console_member_code": "staff:code.mint",
    "console_filter_save": "staff:console.see",  # and the verb of the list
    "console_filter_delete": "staff:console.see",  # one's own
    "console_codes": "staff:code.see",
    "console_code_new": "staff:code.mint",
    "console_code": "staff:code.see",
    "console_code_poster": "staff:code.see",
    "console_code_file": "staff:code.see",
    "console_code_revoke": "staff:code.revoke",
    "console_code_entrust": "staff:role.grant",
    "console_code_take_back": "staff:role.grant",
    "console_endorsements": "staff:application.see",
    "console_applications": "staff:application.see",
    "console_application": "staff:application.see",
    "console_application_endorse": "staff:application.endorse",
    "console_application_refuse": "staff:application.endorse",
    "console_letters": "staff:letter.see",
    "console_letter_again": "staff:letter.word",
    "console_wordings": "staff:letter.see",
    "console_wording": "staff:letter.see",
    "console_wording_html": "staff:letter.see",
    "console_wording_edit": "staff:letter.word",
    "console_wording_reset": "staff:letter.word",
    "console_journal": "staff:journal.see",
    "console_journal_check": "staff:journal.see",
    "console_roles": "staff:role.grant",
    "console_role_grant": "staff:role.grant",
    "console_role_end": "staff:role.grant",
    "console_invite": "staff:role.grant",
    "console_invitation_withdraw": "staff:role.grant",
    "console_tokens": "staff:token.mint",
    "console_token_new": "staff:token.mint",
    "console_token_end": "staff:token.mint",
    "console_schemes": "staff:console.see",
    "console_scheme": "staff:console.see",
    "console_scheme_file": "staff:console.see",
    "console_scheme_changes": "staff:console.see",
    "outbox": "staff:journal.see",
}

HEADQUARTERS_PAGES = {
    "console_federation": "hq:summary.see",
    "console_federation_applications": "hq:summary.see",
    "console_past": "hq:summary.see",
    "console_past_csv": "hq:summary.see",
    "console_past_xlsx": "hq:summary.see",
    "console_past_members": "hq:roll.see",
    "console_past_members_export": "hq:roll.see",  # and member.export
    "console_past_members_export_xlsx": "hq:roll.see",  # and member.export
    "console_cases": "hq:case.see",
    "console_cases_together": "hq:case.decide",
    "console_case_next": "hq:case.see",
    "console_case": "hq:case.see",
    "console_case_claim": "hq:case.claim",
    "console_case_release": "hq:case.claim",
    "console_case_approve": "hq:case.decide",
    "console_case_refuse": "hq:case.decide",
    "console_case_paper": "hq:case.see",
    "console_payments": "hq:payment.see",
    "console_payment": "hq:payment.see",
    "console_voucher": "hq:payment.see",
    "console_payment_confirm": "hq:payment.confirm",
    "console_payment_reject": "hq:payment.confirm",
    "console_roll": "hq:roll.see",
    "console_roll_export": "hq:roll.see",  # and member.export
    "console_roll_export_xlsx": "hq:roll.see",  # and member.export
    "console_institutions": "hq:roll.see",
    "console_institution": "hq:roll.see",  # dues: and fees.see
    "console_fees": "hq:fees.see",
    "console_societies": "hq:society.order",
    "console_society_open": "hq:society.order",
    "console_society_order": "hq:society.order",
    "console_order": "hq:society.order",
    "console_dues_change": "hq:scheme.publish",
    "console_scheme_upload": "hq:scheme.publish",
    "console_scheme_publish": "hq:scheme.publish",
    "console_border": "hq:reconcile.run",
    "console_reconcile": "hq:reconcile.run",
    "console_comparison": "hq:reconcile.run",
    "console_repair": "hq:reconcile.run",
    "console_parked": "hq:reconcile.run",
    "console_replay": "hq:reconcile.run",
    "console_resolutions": "hq:resolution.record",
    "console_resolution_new": "hq:resolution.record",
    "console_resolution": "hq:resolution.record",
    "console_honorary": "hq:resolution.record",
}

POLICIES = PUBLIC_PAGES | CONSOLE_PAGES | HEADQUARTERS_PAGES
