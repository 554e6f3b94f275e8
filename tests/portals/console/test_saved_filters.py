"""Filters kept under a name: one's own, picked again, deleted, and nobody else's."""

from typing import Any

import pytest

from huilian.accounts.models import Role
from huilian.portals.console.saved_filters import MOST
from huilian.portals.models import SavedFilter
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk
from tests.portals.walking import standing_member

SAVE = "/console/filters/"


def _save(desk: Desk, query: str, name: str = "Seniors", page: str = "members") -> None:
    desk.post(SAVE, {"page": page, "name": name, "query": query}, follow=True)


def test_kept_picked_and_deleted(federation: Federation) -> None:
    with federation.inside(federation.welding):
        standing_member("李四")
        standing_member("陈静", "ordinary")
    wang = at_desk(federation.welding, Role.VIEWER)
    wang.get("/console/members/")
    assert "Save this filter" not in wang.words
    wang.get("/console/members/", {"category": "senior", "state": "", "page": "1"})
    assert 'name="query" value="category=senior"' in wang.text
    _save(wang, "state=&page=7&category=senior&nonsense=1")
    assert wang.page.redirect_chain == [("/console/members/?category=senior", 302)]  # type: ignore[attr-defined]
    assert "李四" in wang.words and "陈静" not in wang.words
    assert "Seniors" in wang.words and "Save this filter" not in wang.words and "Delete this filter" in wang.words
    wang.get("/console/members/")
    assert 'href="/console/members/?category=senior"' in wang.text and "Delete this filter" not in wang.words
    _save(wang, "category=ordinary")  # the same name again replaces it
    with federation.inside(federation.welding):
        kept = SavedFilter.objects.get()
        assert kept.query == "category=ordinary"
    wang.post(f"{SAVE}{kept.pk}/delete/", follow=True)
    assert "is deleted" in wang.words
    with federation.inside(federation.welding):
        assert not SavedFilter.objects.exists()


def test_nobody_elses(federation: Federation) -> None:
    wang, zhao = at_desk(federation.welding), at_desk(federation.welding, Role.REGISTRAR, "赵敏")
    _save(wang, "state=active")
    zhao.get("/console/members/")
    assert "Seniors" not in zhao.words
    with federation.inside(federation.welding):
        kept = SavedFilter.objects.get()
    assert zhao.post(f"{SAVE}{kept.pk}/delete/").status_code == 404
    _save(zhao, "state=lapsed")
    with federation.inside(federation.welding):
        assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "query": "state=active"}, "Give the filter a name."),
        ({"name": "x" * 61, "query": "state=active"}, "at most 60 are possible"),
        ({"name": "a\x07", "query": "state=active"}, "cannot be shown"),
        ({"name": "x", "query": ""}, "Choose something in the filter first"),
        ({"name": "x", "query": "page=2"}, "Choose something in the filter first"),
        ({"name": "x", "query": "state=gold"}, "This filter cannot be read."),
        ({"name": "x", "query": "text=" + "x" * 3000}, "This filter cannot be read."),
        ({"name": "x", "query": "text=%00"}, ""),
    ],
)
def test_what_cannot_be_kept_is_said(federation: Federation, given: dict[str, Any], words: str) -> None:
    wang = at_desk(federation.welding)
    wang.post(SAVE, {"page": "members", **given}, follow=True)
    assert wang.page.status_code == 200 and words in wang.words
    with federation.inside(federation.welding):
        assert not SavedFilter.objects.exists()


def test_a_list_that_one_may_not_see_and_one_that_is_none(federation: Federation) -> None:
    promoter, hq = at_desk(federation.welding, Role.PROMOTER), at_desk(federation.hq, Role.OFFICER, "赵敏")
    for desk, page, status in (
        (promoter, "members", 403),
        (promoter, "roll", 403),
        (promoter, "salaries", 404),
        (hq, "members", 403),
    ):
        assert desk.post(SAVE, {"page": page, "name": "x", "query": "state=active"}).status_code == status
    _save(hq, "society=101", "Welding", "roll")
    assert hq.page.status_code == 200 and "Welding" in hq.words
    with federation.inside(federation.welding):
        assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_it(federation: Federation) -> None:
    wang = at_desk(federation.welding)
    for number in range(MOST + 1):
        _save(wang, "state=active", f"Filter {number}")
    assert f"You have saved {MOST} filters." in wang.words
    with federation.inside(federation.welding):
        assert SavedFilter.objects.count() == MOST


def test_a_name_nobody_can_tell_from_markup(federation: Federation) -> None:
    wang = at_desk(federation.welding)
    _save(wang, "state=active", '"><script>alert(1)</script>')
    assert "<script>alert" not in wang.text and "&lt;script&gt;alert" in wang.text


def test_the_same_queries_with_one_and_with_three(federation: Federation) -> None:
    wang = at_desk(federation.welding)
    counts = []
    for rows in (1, 3):
        for number in range(rows):
            _save(wang, "state=active", f"Filter {number}")
        counts.append(len(wang.statements("/console/members/")))
    assert counts == [7, 7]  # there is no member: the page asks for their number only
