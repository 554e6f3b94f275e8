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
    "my_profile": "applicant",
    "my_password": "applicant",
    "my_code": "member",
    "pay": "applicant",
    "paper": "applicant",  # or staff:application.see
    "paper_by_ticket": "ticket",
    "cashier": "ticket",
}

CONSOLE_PAGES: dict[str, str] = {}

POLICIES = PUBLIC_PAGES | CONSOLE_PAGES
