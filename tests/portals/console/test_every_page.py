"""Every page of the console: declared, guarded, whole in both languages, and closed to who has no right."""

import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, reverse

from huilian.accounts.rules import RULES
from huilian.portals.policies import CONSOLE_PAGES, HEADQUARTERS_PAGES
from huilian.portals.urls import console, console_headquarters
from tests.portals.console.desk import Desk
from tests.portals.console.world import World


def _patterns(urls: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for each in urls:
        found += _patterns(each.url_patterns) if isinstance(each, URLResolver) else [each]
    return found


SOCIETY, HEADQUARTERS = _patterns(console.urlpatterns), _patterns(console_headquarters.urlpatterns)


@pytest.mark.parametrize(
    ("patterns", "policies", "kind"), [(SOCIETY, CONSOLE_PAGES, "staff"), (HEADQUARTERS, HEADQUARTERS_PAGES, "hq")]
)
def test_what_is_declared_is_what_is_asked(patterns: list[URLPattern], policies: dict[str, str], kind: str) -> None:
    asked = {str(each.name): f"{kind}:{each.callback.verb}" for each in patterns}  # type: ignore[attr-defined]
    assert asked == policies


def test_what_only_headquarters_may_lies_at_headquarters_only() -> None:
    for each in SOCIETY:
        assert not RULES[each.callback.verb].headquarters, each.name  # type: ignore[attr-defined]


def paths_of(world: World, patterns: list[URLPattern]) -> dict[str, str]:
    """The address of every page that is opened by GET, with the keys of this world."""
    keys: dict[str, dict[str, Any]] = {
        "console_member": {"pk": world.member},
        "console_wording": {"event": "application.approved", "language": "en"},
        "console_wording_html": {"event": "application.approved", "language": "zh-hans"},
        "console_wording_edit": {"event": "application.approved", "language": "zh-hans"},
        "console_member_portrait": {"pk": world.member},
        **{
            name: {"pk": world.batch} for name in ("console_import", "console_import_confirm", "console_import_refused")
        },
        "console_code": {"pk": world.code},
        "console_code_poster": {"pk": world.code},
        "console_code_file": {"pk": world.code, "kind": "png"},
        "console_code_revoke": {"pk": world.code},
        "console_code_entrust": {"pk": world.code},
        "console_application": {"pk": world.waiting},
        "console_application_refuse": {"pk": world.waiting},
        "console_role_end": {"pk": world.grant},
        "console_scheme": {"version": 1},
        "console_scheme_file": {"version": 1},
        "console_scheme_changes": {"version": 1},
        "console_case": {"pk": world.case},
        "console_case_refuse": {"pk": world.case},
        "console_case_paper": {"pk": world.case, "paper_id": world.paper},
        "console_payment": {"pk": world.payment},
        "console_payment_reject": {"pk": world.payment},
        "console_voucher": {"pk": world.payment},
        "console_society_order": {"number": "201", "verb": "suspend"},
        "console_order": {"pk": world.order},
        "console_comparison": {"pk": world.comparison},
        "console_parked": {"pk": world.parked},
        "console_resolution": {"pk": world.resolution},
        "console_institution": {"pk": world.institution},
        "console_honorary": {"pk": world.resolution},
    }
    urlconf = f"config.urls.{'headquarters' if patterns is HEADQUARTERS else 'society'}"
    names = [str(each.name) for each in patterns if str(each.name) not in POSTED]
    return {name: reverse(name, urlconf=urlconf, kwargs=keys.get(name)) for name in names}


# Pages that are only ever posted to: each is tested where its deed is.
POSTED = {
    "console_filter_delete",
    "console_filter_save",
    "console_import_discard",
    "console_member_reveal",
    "console_member_code",
    "console_code_take_back",
    "console_letter_again",
    "console_wording_reset",
    "console_application_endorse",
    "console_journal_check",
    "console_token_end",
    "console_invitation_withdraw",
    "console_case_claim",
    "console_case_release",
    "console_case_approve",
    "console_payment_confirm",
    "console_scheme_publish",
    "console_reconcile",
    "console_repair",
    "console_replay",
}
LEADING_ON = {"console_case_next", "console_case_paper", "console_cases_together"}  # answer with a redirect
NOT_THERE = {
    "console_scheme_changes": 404,  # no earlier version
    "console_honorary": 409,  # no such category
    "console_member_portrait": 404,  # none was uploaded
}
LETTERS = {"console_wording_html"}  # a page for mail programs, which want its style in place


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_whole(world: World, language: str) -> None:
    federation = world.federation
    welding = Desk(federation.welding, world.owner, language=language)
    hq = Desk(federation.hq, world.officer, language=language)
    for desk, patterns in ((welding, SOCIETY), (hq, HEADQUARTERS)):
        for name, path in paths_of(world, patterns).items():
            desk.get(path)
            if name in LEADING_ON:
                assert desk.page.status_code == 302, name
            elif name in NOT_THERE:
                assert desk.page.status_code == NOT_THERE[name], name
            else:
                assert desk.page.status_code == 200, (name, desk.words)
                assert desk.page["Cache-Control"] == "private, no-store", name
                if desk.page["Content-Type"].startswith("text/html") and name not in LETTERS:
                    _check_html(name, desk.text, language)


def _check_html(name: str, page: str, language: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert "" not in ids, name
    assert len(ids) == len(set(ids)), (name, [each for each in ids if ids.count(each) > 1])
    for attribute in ("aria-labelledby", "aria-describedby", "for", "data-dialog", "data-filter"):
        for value in re.findall(rf'\s{attribute}="([^"]*)"', page):
            assert set(value.split()) <= set(ids), (name, attribute, value)
    assert set(re.findall(r'<use href="#([^"]*)"', page)) <= set(ids), name
    assert page.count("<h1") == 1, name
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", page), name
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in page, name
    assert re.search(r"<title>\s*\S", page), name
    keys = re.findall(r'data-key="([^"]*)"', page)
    assert len(keys) == len(set(keys)), (name, keys)
