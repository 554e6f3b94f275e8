"""Every page there is: in Chinese by day and in English by night, and on both screens."""

from typing import Literal

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser.applicant import Applicant
from tests.browser.entrance import DESK, PHONE, Entrance
from tests.browser.inspecting import check_accessible
from tests.browser.visitor import Visitor
from tests.browser.walking import walk
from tests.browser.words import Language

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = "config.urls.headquarters"  # every page of a society is there, and more
SIDES = [("zh", PHONE, "light"), ("en", DESK, "dark")]
Scheme = Literal["light", "dark"]

# Addresses that no link leads to for good reason, or that show no page; whoever adds another has to say which it is.
POSTED = {
    "apply_code",
    "console_application_endorse",
    "console_case_approve",
    "console_case_claim",
    "console_case_release",
    "console_code_take_back",
    "console_filter_delete",
    "console_filter_save",
    "console_import_discard",
    "console_invitation_withdraw",
    "console_journal_check",
    "console_letter_again",
    "console_member_code",
    "console_member_reveal",
    "console_parked",
    "console_payment_confirm",
    "console_reconcile",
    "console_repair",
    "console_replay",
    "console_token_end",
    "console_wording_reset",
    "my_consent",
    "my_portrait_remove",
    "my_withdraw",
    "set_language",
    "sign_in_sealed",
    "sign_out",
}
FILES = {
    "console_case_paper",
    "console_code_file",
    "console_import_refused",
    "console_import_template",
    "console_member_portrait",
    "console_members_export",
    "console_members_export_xlsx",
    "console_roll_export",
    "console_roll_export_xlsx",
    "console_past_csv",
    "console_past_members_export",
    "console_past_members_export_xlsx",
    "console_past_xlsx",
    "console_scheme_file",
    "console_voucher",
    "console_wording_html",
    "my_code",
    "my_portrait_file",
    "paper",
    "paper_by_ticket",
}
# Looked at by those who come to them: applicants with a ticket, officers with something under way.
ON_THE_WAY = {
    "apply",
    "apply_done",
    "apply_draft",
    "cashier",
    "console_application_refuse",
    "console_cases_together",
    "console_honorary",
    "console_import",
    "console_import_confirm",
    "console_order",
    "console_resolution",
    "console_scheme_changes",
    "console_scheme_publish",
    "console_society_order",
    "invitation",
    "pay",
    "referral_code",
}
NOT_WALKED_TO = POSTED | FILES | ON_THE_WAY


@pytest.mark.parametrize(("language", "width", "scheme"), SIDES)
def test_every_page_of_the_public_and_of_members(
    entrance: Entrance, language: Language, width: int, scheme: Scheme
) -> None:
    home = entrance.demo.hosts["hq"]
    visitor = entrance.visitor(language, width, color_scheme=scheme)
    starts = [home, f"{home}r/{entrance.demo.codes['hq'][0]}/", f"{home}components/", f"{home}sign-in/reset/"]
    seen = look_at_all(visitor, starts)
    li = Applicant(entrance, visitor)
    li.choose_category("student")
    li.choose_headquarters()
    li.fill_in("student")
    li.prove_contact("student")
    li.submit()
    li.set_password()
    seen |= look_at_all(visitor, [f"{home}my/", f"{home}my/profile/"])
    assert pages_of("huilian.portals.urls.public") - seen - NOT_WALKED_TO == set()


@pytest.mark.parametrize(("language", "width", "scheme"), SIDES)
def test_every_page_of_the_console(entrance: Entrance, language: Language, width: int, scheme: Scheme) -> None:
    home = entrance.demo.hosts["hq"]
    owner = entrance.staff("hq", "owner", language, width, color_scheme=scheme)
    # A link leads to the members of a past day from a society's figures only, which are the same kind of page as all.
    past = f"{home}console/federation/past/members/?society=100"
    seen = look_at_all(owner, [f"{home}console/", f"{home}console/society/", past])
    owner.open(f"{home}console/members/?text=nobody")
    owner.reads("No member found")
    check_accessible(owner.page)
    pages = pages_of("huilian.portals.urls.console") | pages_of("huilian.portals.urls.console_headquarters")
    assert pages - seen - NOT_WALKED_TO == set()


def look_at_all(visitor: Visitor, starts: list[str]) -> set[str | None]:
    """Look at every page that links lead to; gives the names of their addresses."""
    names: set[str | None] = set()
    for path in walk(visitor, starts):
        visitor.inspector.look_from_all_sides(visitor.page, language=visitor.words.language, widths=(PHONE, DESK))
        names.add(resolve(path, urlconf=HERE).url_name)
    return names


def pages_of(urlconf: str) -> set[str]:
    """The names of all addresses below a list of them."""
    names: set[str] = set()
    waiting: list[URLPattern | URLResolver] = list(get_resolver(urlconf).url_patterns)
    while waiting:
        found = waiting.pop()
        if isinstance(found, URLResolver):
            waiting.extend(found.url_patterns)
        elif found.name:
            names.add(found.name)
    return names
